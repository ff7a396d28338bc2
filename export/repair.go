package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/report"
)

// Repair fetches again what is damaged in the mirror: rows by their ids, missing rows
// by reading all lists in full, blobs by downloading them. It prints what it found and
// what it could not mend, which is then a *CorruptError; nothing is removed. What is no
// longer in Confluence cannot be had again: that needs a copy of the mirror.
func (j *Job) Repair(ctx context.Context, w io.Writer) (*report.Report, error) {
	if err := needMirror(j.Config.Output.Mirror); err != nil {
		return &report.Report{}, err
	}
	j.repair = true
	return j.run(ctx, func(m *mirror.Mirror) error {
		before, err := problems(ctx, m)
		if err != nil {
			return err
		}
		for _, p := range before {
			fmt.Fprintf(w, "damaged    %s %s: %s\n", p.Kind, names.Plain(p.ID), p.What)
		}
		if len(before) == 0 {
			fmt.Fprintln(w, "the mirror is as it was stored; there is nothing to repair")
			return nil
		}
		if err := j.distrust(ctx, m, before); err != nil {
			return err
		}
		if err := j.sync(ctx, m); err != nil {
			return err
		}
		return j.repaired(ctx, m, before, w)
	})
}

// problems is all that is wrong with a mirror.
func problems(ctx context.Context, m *mirror.Mirror) ([]mirror.Problem, error) {
	var all []mirror.Problem
	for p, err := range m.Verify(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// distrust prepares mirror and job for fetching again what is damaged: all lists are
// read in full, and the damaged counts as not there.
func (j *Job) distrust(ctx context.Context, m *mirror.Mirror, all []mirror.Problem) error {
	j.damaged = map[mirror.Object]bool{}
	for _, p := range all {
		j.damaged[mirror.Object{Kind: mirror.Kind(p.Kind), ID: p.ID}] = true
	}
	if err := m.Distrust(ctx, all); err != nil {
		return err
	}
	return errors.Join(m.SetFullSweep(ctx, time.Time{}), m.SetPublished(ctx, "", ""))
}

// repaired compares the mirror with what was damaged before.
func (j *Job) repaired(ctx context.Context, m *mirror.Mirror, before []mirror.Problem, w io.Writer) error {
	after, err := problems(ctx, m)
	if err != nil {
		return err
	}
	left := map[mirror.Problem]bool{}
	for _, p := range after {
		left[p] = true
		fmt.Fprintf(w, "unrepaired %s %s: %s\n", p.Kind, names.Plain(p.ID), p.What)
	}
	var mended []string
	for _, p := range before {
		if !left[p] && p.ID != "" {
			mended = append(mended, p.Kind+"/"+p.ID)
		}
	}
	j.report.Note(report.Change{What: "repaired", Kind: "", Detail: "", Objects: mended})
	fmt.Fprintf(w, "repaired   %d of %d\n", len(before)-len(after), len(before))
	if len(after) > 0 {
		return &exit.CorruptError{Text: fmt.Sprintf("%d things could not be repaired; what Confluence no longer has needs a copy of the mirror", len(after))}
	}
	return nil
}

// isDamaged tells whether a repair found an object damaged. Like all that is damaged
// it counts as one that the mirror does not have.
func (s *syncer) isDamaged(kind mirror.Kind, id string) bool {
	return s.damaged[mirror.Object{Kind: kind, ID: id}]
}

// checkRows refuses to publish from a mirror whose rows are not as they were written:
// the last output stays.
func checkRows(ctx context.Context, m *mirror.Mirror) error {
	text, n := "", 0
	for p, err := range m.Rows(ctx) {
		if err != nil {
			return err
		}
		if n++; n <= report.ShownItems {
			text += fmt.Sprintf("\n  %s %s: %s", p.Kind, names.Plain(p.ID), p.What)
		}
	}
	if n == 0 {
		return nil
	}
	return &exit.CorruptError{Text: fmt.Sprintf("%d rows of the mirror are not as they were stored, so nothing is published and the last output stays:%s\nRun agc-export repair", n, text)}
}
