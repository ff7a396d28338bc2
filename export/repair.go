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
	return j.run(ctx, damaged, func(r *run) error {
		before, err := problems(ctx, r.mirror)
		if err != nil {
			return err
		}
		for _, p := range before {
			fmt.Fprintf(w, "damaged    %s %s: %s\n", p.Kind, names.Plain(p.ID), p.What)
		}
		if len(before) == 0 {
			fmt.Fprintln(w, "the mirror is as it was stored; there is nothing to repair. What is published is mended "+
				"by agc-export build")
			return nil
		}
		again, err := r.distrust(ctx, before)
		if err != nil {
			return err
		}
		if err := r.sync(ctx, again); err != nil {
			return err
		}
		return r.repaired(ctx, before, w)
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

// distrust prepares the mirror for fetching again what is damaged: all lists are read in
// full, and the damaged, which it returns, counts as not there.
func (r *run) distrust(ctx context.Context, all []mirror.Problem) (map[mirror.Object]bool, error) {
	again := map[mirror.Object]bool{}
	for _, p := range all {
		again[mirror.Object{Kind: mirror.Kind(p.Kind), ID: p.ID}] = true
	}
	if err := r.mirror.Distrust(ctx, all); err != nil {
		return nil, err
	}
	return again, errors.Join(r.mirror.SetFullSweep(ctx, time.Time{}), r.mirror.SetPublished(ctx, "", ""),
		r.mirror.SetStanding(ctx, r.Config.Output.Dir, nil))
}

// repaired compares the mirror with what was damaged before.
func (r *run) repaired(ctx context.Context, before []mirror.Problem, w io.Writer) error {
	after, err := problems(ctx, r.mirror)
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
	r.report.Note(report.Change{What: "repaired", Kind: "", Detail: "", Objects: mended})
	fmt.Fprintf(w, "repaired   %d of %d\n", len(before)-len(after), len(before))
	if len(after) > 0 {
		return &exit.CorruptError{Text: fmt.Sprintf("%d things could not be repaired; what Confluence no longer has "+
			"needs a copy of the mirror", len(after))}
	}
	return nil
}
