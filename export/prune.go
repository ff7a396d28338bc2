package export

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/report"
	"agc-export/export/trace"
	"agc-export/render/bytesize"
)

// PruneOptions say what may be removed from the mirror.
type PruneOptions struct {
	Days        int  // objects that have counted as gone for at least so many days
	OldVersions bool // and older versions of what is there
	Yes         bool // do it; else only say what would be done
}

// Prune removes objects that left Confluence long ago, and bytes that nothing names.
// It is the one command that removes anything from a mirror. A hold on everything forbids it, as does a
// file HOLD in the mirror's folder; other holds spare what they cover.
func (j *Job) Prune(ctx context.Context, opt PruneOptions, w io.Writer) (*report.Report, error) {
	if err := needMirror(j.Config.Output.Mirror); err != nil {
		return &report.Report{}, err
	}
	if opt.Days < 1 {
		return &report.Report{}, &exit.UsageError{Text: "--gone-days must be 1 or more",
			Hint: "It counts from the day on which an object was found to be gone."}
	}
	return j.run(ctx, sealed, func(r *run) error {
		m := r.mirror
		if err := r.heldBack(ctx); err != nil {
			return err
		}
		old, err := r.longGone(ctx, opt)
		if err != nil {
			return err
		}
		objects, err := m.Below(ctx, old)
		if err != nil {
			return err
		}
		s, err := r.spare(ctx)
		if err != nil {
			return err
		}
		objects = s.without(objects, w)
		for _, o := range objects {
			fmt.Fprintf(w, "prune      %s %s\n", o.Kind, names.Plain(o.ID))
		}
		r.report.Holds = s.told(opt.OldVersions, w)
		if !opt.Yes {
			return planned(ctx, m, opt, len(objects), s.ids(), w)
		}
		return r.pruneNow(ctx, opt, objects, s.ids(), w)
	})
}

// longGone lists what has counted as gone for long enough. Of what an older version of
// this program marked no day is known: its days begin with the first prune that is
// meant.
func (r *run) longGone(ctx context.Context, opt PruneOptions) ([]mirror.Object, error) {
	m := r.mirror
	rows, err := m.Absences(ctx)
	if err != nil {
		return nil, err
	}
	now := r.Now().UTC()
	dated := map[mirror.Object]bool{}
	var old []mirror.Object
	for _, row := range rows {
		at, err := time.Parse(time.RFC3339, row.GoneAt)
		if err != nil {
			continue
		}
		o := mirror.Object{Kind: row.Kind, ID: row.ID}
		dated[o] = true
		if now.Sub(at) >= time.Duration(opt.Days)*24*time.Hour {
			old = append(old, o)
		}
	}
	gone, err := m.Gone(ctx)
	if err != nil {
		return nil, err
	}
	var undated []mirror.Absence
	for o, state := range gone {
		if !dated[o] && !mirror.IsPresent(state) {
			undated = append(undated, mirror.Absence{Kind: o.Kind, ID: o.ID, State: state,
				GoneAt: now.Format(time.RFC3339)})
		}
	}
	old = slices.DeleteFunc(old, func(o mirror.Object) bool { return mirror.IsPresent(gone[o]) })
	if opt.Yes {
		_, err = m.PutAbsences(ctx, undated)
	}
	return old, err
}

// planned says what a prune would remove.
func planned(ctx context.Context, m *mirror.Mirror, opt PruneOptions, objects int, spared []string,
	w io.Writer) error {
	sums, size, err := m.UnusedBlobs(ctx)
	if err != nil {
		return err
	}
	versions := 0
	if opt.OldVersions {
		if versions, err = m.PruneVersions(ctx, false, spared); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "would remove %s, %s and %s that nothing names now (%s), beside those of the objects; nothing was "+
		"removed. --yes does it\n", report.Number(objects, "object"), report.Number(versions, "older version"),
		report.Number(len(sums), "file"), bytesize.English(size))
	return nil
}

// pruneNow removes rows, then files. Each removal stands in the audit log before it
// is done.
func (r *run) pruneNow(ctx context.Context, opt PruneOptions, objects []mirror.Object, spared []string,
	w io.Writer) error {
	ids := map[mirror.Kind][]string{}
	for _, o := range objects {
		ids[o.Kind] = append(ids[o.Kind], o.ID)
	}
	for _, kind := range []mirror.Kind{mirror.KindSpace, mirror.KindContent, mirror.KindAttachment,
		mirror.KindComment} {
		r.report.Note(report.Change{What: "pruned", Kind: kind, Detail: fmt.Sprintf("gone for %d days", opt.Days),
			Objects: ids[kind]})
	}
	if opt.OldVersions {
		detail := "older versions"
		if len(spared) > 0 {
			detail += ", but for what is held"
		}
		r.report.Note(report.Change{What: "pruned", Kind: "version", Detail: detail, Objects: []string{"all"}})
	}
	if err := r.audit.Tell(ctx, r.report); err != nil {
		return err
	}
	m := r.mirror
	if _, err := m.Prune(ctx, objects); err != nil {
		return err
	}
	versions := 0
	if opt.OldVersions {
		var err error
		if versions, err = m.PruneVersions(ctx, true, spared); err != nil {
			return err
		}
	}
	if err := trace.Forget(r.Config.Output.Mirror); err != nil {
		return err
	}
	files, err := m.PruneBlobs(ctx)
	r.report.Note(report.Change{What: "pruned", Kind: "blob", Detail: fmt.Sprintf("%d files that nothing named", files),
		Objects: []string{"all"}})
	fmt.Fprintf(w, "removed %s, %s and %s\n", report.Number(len(objects), "object"),
		report.Number(versions, "older version"), report.Number(files, "file"))
	return err
}
