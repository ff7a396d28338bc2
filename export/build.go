package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"

	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/publish"
	"agc-export/export/report"
)

// build makes the published output of the mirror and puts it in the place of the old
// one, unless nothing that it depends on has changed. It opens no socket.
func (r *run) build(ctx context.Context) error {
	if withdraw, err := r.unfit(ctx); err != nil && withdraw {
		return errors.Join(err, r.withdraw(ctx))
	} else if err != nil {
		return err
	}
	print, err := r.fingerprint(ctx)
	if err != nil {
		return err
	}
	if same, err := r.stays(ctx, print); same || err != nil {
		return err
	}
	c, err := publish.Read(ctx, r.mirror, r.Config.Export, nil)
	if err != nil {
		return err
	}
	r.report.FailAlso(c.Strange())
	left, err := r.guardLess(ctx, c)
	if err != nil {
		return errors.Join(err, r.withdraw(ctx))
	}
	if err := r.keepStrange(ctx, c); err != nil {
		return err
	}
	if err := r.buildFrom(ctx, c, print); err != nil {
		return err
	}
	r.report.Published.Left = left
	return r.mirror.SetSelection(ctx, r.Config.Output.Dir, r.Config.Export.Selection())
}

// stays tells whether what is published is what a build with this fingerprint would give, and
// still there: then it stays.
func (r *run) stays(ctx context.Context, print string) (bool, error) {
	last, published, err := r.mirror.Published(ctx)
	if err != nil {
		return false, err
	}
	now, wrong := os.Readlink(path.Join(r.Config.Output.Dir, output.CurrentLink))
	if wrong != nil || last != print || published != now {
		return false, nil
	}
	s, err := r.stand(ctx)
	if err != nil || s.whole[now] == "" {
		return false, err
	}
	r.report.Published = report.Published{Generation: now}
	r.Log.Info("nothing changed: the published output stays", "generation", now)
	return true, errors.Join(r.failAgain(ctx), r.retireDamaged(ctx),
		r.mirror.SetSelection(ctx, r.Config.Output.Dir, r.Config.Export.Selection()))
}

// keepStrange notes what this build left out because of values that nobody knows.
func (r *run) keepStrange(ctx context.Context, c *publish.Catalog) error {
	all := make([]mirror.Strange, len(c.Strange()))
	for i, f := range c.Strange() {
		all[i] = mirror.Strange(f)
	}
	return r.mirror.SetStrange(ctx, all)
}

// failAgain tells of these once more: they are still left out.
func (r *run) failAgain(ctx context.Context) error {
	strange, err := r.mirror.Strange(ctx)
	all := make([]report.Failure, len(strange))
	for i, f := range strange {
		all[i] = report.Failure(f)
	}
	r.report.FailAlso(all)
	return err
}

// buildFrom publishes a catalog and remembers by its fingerprint that it did; with an
// empty one the next build begins anew.
func (r *run) buildFrom(ctx context.Context, c *publish.Catalog, print string) error {
	if err := r.checkOutput(c); err != nil {
		return err
	}
	if err := checkRows(ctx, r.mirror); err != nil {
		return err
	}
	standing, err := r.stand(ctx)
	if err != nil {
		return err
	}
	g, err := output.NewGeneration(r.Config.Output.Dir)
	if err != nil {
		return err
	}
	g.Distrust(standing.damaged)
	written, err := c.Write(ctx, r.mirror, g,
		publish.Settings{Site: r.Config.Site, Former: r.Config.Confluence.FormerURLs, Workers: r.Config.Fetch.Workers, Log: r.Log})
	var name string
	var changed bool
	if err == nil {
		name, changed, err = g.Publish(r.Config.Output.Keep)
	}
	if err = errors.Join(err, g.Close()); err != nil {
		return err
	}
	contents, files := c.Counts()
	r.report.Published = report.Published{Generation: name, New: changed, Pages: contents, Attachments: files,
		Losses: written.Lost, Withheld: c.Tally(), Parts: written.Withheld}
	r.report.Fail(written.Failures...)
	if changed {
		r.report.Note(report.Change{What: "published", Kind: "generation",
			Detail: fmt.Sprintf("%d contents, %d attachments", contents, files), Objects: []string{name}})
	}
	r.tellRetired(standing.damaged)
	if err := r.purge(c, name); err != nil {
		return err
	}
	if err := r.keepStanding(ctx, standing.whole, name); err != nil {
		return err
	}
	return r.mirror.SetPublished(ctx, print, name)
}

// fingerprint is equal where a build would give the same: same mirror, same settings,
// same program.
func (r *run) fingerprint(ctx context.Context) (string, error) {
	content, err := r.mirror.Fingerprint(ctx)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%+v\n%+v\n%q\n", content, r.Config.Export, r.Config.Site, r.Config.Confluence.FormerURLs)
	told, err := r.mirror.Told(ctx)
	if err != nil {
		return "", err
	}
	io.WriteString(h, told)
	if err := hashFolder(h, r.Config.Site.Templates); err != nil {
		return "", err
	}
	if exe, err := os.Executable(); err == nil {
		if f, err := os.Open(exe); err == nil {
			_, err = io.Copy(h, f)
			if err = errors.Join(err, f.Close()); err != nil {
				return "", err
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// hashFolder adds the names and contents of the files of a folder to a sum, if one is
// named.
func hashFolder(h io.Writer, dir string) error {
	if dir == "" {
		return nil
	}
	fsys := os.DirFS(dir)
	return fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := fs.ReadFile(fsys, p)
		fmt.Fprintf(h, "%q %x\n", p, sha256.Sum256(data))
		return err
	})
}
