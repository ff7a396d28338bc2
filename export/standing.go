package export

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"

	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
)

// A build trusts nothing that it remembers of the output: that nothing has changed means
// nothing where somebody has emptied a page or removed a folder. What is not as it was
// published is built again, and kept generations that are damaged go: they cannot be made
// again.

// standing is what a run found in the output folder.
type standing struct {
	whole   output.Standing
	damaged []string
}

// stand looks at the output once a run.
func (r *run) stand(ctx context.Context) (*standing, error) {
	if r.standing != nil {
		return r.standing, nil
	}
	known, err := r.mirror.Standing(ctx, r.Config.Output.Dir)
	if err != nil {
		return nil, err
	}
	s := &standing{}
	if s.whole, s.damaged, err = output.Stand(ctx, r.Config.Output.Dir, known); err != nil {
		return nil, err
	}
	for _, name := range s.damaged {
		r.Log.Warn("a published generation is not as it was published", "generation", name)
	}
	r.standing = s
	return s, nil
}

// keepStanding notes which generations are whole, and that of name, which was just written and lies there so.
func (r *run) keepStanding(ctx context.Context, whole output.Standing, name, lies string) error {
	dir, all := r.Config.Output.Dir, maps.Clone(whole)
	if name != "" {
		all[name] = lies
	}
	maps.DeleteFunc(all, func(name, _ string) bool { // it has been removed since
		_, err := os.Lstat(dir + "/" + name)
		return errors.Is(err, fs.ErrNotExist)
	})
	return r.mirror.SetStanding(ctx, dir, all)
}

// retireDamaged removes kept generations that are damaged, where the current one stays.
func (r *run) retireDamaged(ctx context.Context) error {
	s, err := r.stand(ctx)
	if err != nil {
		return err
	}
	if len(s.damaged) > 0 {
		out, err := os.OpenRoot(r.Config.Output.Dir)
		if err != nil {
			return err
		}
		defer out.Close()
		for _, name := range s.damaged {
			if err := output.Retire(out, name); err != nil {
				return err
			}
		}
		r.tellRetired(s.damaged)
	}
	return r.keepStanding(ctx, s.whole, "", "")
}

// tellRetired notes that damaged generations were removed.
func (r *run) tellRetired(damaged []string) {
	if len(damaged) == 0 {
		return
	}
	r.report.Published.Damaged = damaged
	r.report.Note(report.Change{What: "purged", Kind: "generation", Detail: "damaged", Objects: damaged})
}

// forgetStanding makes the next build look at the bytes of all generations: verify found some
// that are damaged although they lie there as before. false: it may not write, or another run is at work.
func forgetStanding(ctx context.Context, mirrorDir, outputDir string) bool {
	m, err := mirror.Open(ctx, mirrorDir, mirror.Options{})
	if err != nil {
		return false
	}
	return errors.Join(m.SetStanding(ctx, outputDir, nil), m.Close()) == nil
}
