package export

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync"

	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/publish"
	"agc-export/export/report"
	"agc-export/export/trace"
	"agc-export/render/expression"
)

// build makes the published output of the mirror and puts it in the place of the old
// one, unless nothing that it depends on has changed. It opens no socket.
func (r *run) build(ctx context.Context) error {
	if withdraw, err := r.unfit(ctx); err != nil && withdraw {
		return errors.Join(err, r.withdraw(ctx))
	} else if err != nil {
		return err
	}
	base, err := r.base(ctx)
	if err != nil {
		return err
	}
	print, err := r.fingerprint(ctx, base)
	if err != nil {
		return err
	}
	if same, err := r.stays(ctx, print); same || err != nil {
		return err
	}
	withdraw, err := r.buildNow(ctx, base, print)
	if withdraw {
		err = errors.Join(err, r.withdraw(ctx))
	}
	return err
}

// buildNow builds, unless a guard objects: then the error says so, and what may not be shown is
// still to be withdrawn.
func (r *run) buildNow(ctx context.Context, base trace.Sum, print string) (withdraw bool, err error) {
	traces, err := r.traces(base)
	if err != nil {
		return false, err
	}
	defer traces.Close()
	c, err := catalog.Read(ctx, r.mirror, r.Config, nil, traces)
	if err != nil {
		return false, err
	}
	r.report.FailAlso(c.Strange())
	for _, number := range c.AstrayMarkings() {
		r.Log.Warn("a [[marking]] is for a space or page that the mirror does not have", "rule", number)
	}
	left, err := r.guardLess(ctx, c)
	if err != nil {
		return true, err
	}
	if err := r.keepStrange(ctx, c); err != nil {
		return false, err
	}
	if err := r.buildFrom(ctx, c, print, traces, r.gate(ctx)); err != nil {
		return isGate(err), err
	}
	r.report.Published.Left = left
	return false, r.mirror.SetSelection(ctx, r.Config.Output.Dir, r.Config.Export.Selection())
}

// current is the name of the generation to which out/current leads.
func (r *run) current() (string, error) {
	return os.Readlink(filepath.Join(r.Config.Output.Dir, output.CurrentLink))
}

// traces are those of the last build into this output, if its generation is still the current one.
func (r *run) traces(base trace.Sum) (*trace.Build, error) {
	dir, err := filepath.Abs(r.Config.Output.Dir)
	if err != nil {
		return nil, err
	}
	now, err := r.current()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return trace.Open(r.Config.Output.Mirror, trace.FileOf(dir), now, base)
}

// stays tells whether what is published is what a build with this fingerprint would give, and
// still there: then it stays.
func (r *run) stays(ctx context.Context, print string) (bool, error) {
	last, published, err := r.mirror.Published(ctx)
	if err != nil {
		return false, err
	}
	now, wrong := r.current()
	if wrong != nil || last != print || published != now {
		return false, nil
	}
	s, err := r.stand(ctx)
	if err != nil || s.whole[now] == "" {
		return false, err
	}
	r.report.Published = report.Published{Generation: now}
	if err := r.countStaying(now); err != nil {
		return false, err
	}
	r.looked = now
	r.Log.Info("nothing changed: the published output stays", "generation", now)
	return true, errors.Join(r.failAgain(ctx), r.retireDamaged(ctx),
		r.mirror.SetSelection(ctx, r.Config.Output.Dir, r.Config.Export.Selection()))
}

// keepStrange notes what this build left out because of values that nobody knows.
func (r *run) keepStrange(ctx context.Context, c *catalog.Catalog) error {
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
// empty one the next build begins anew. check is asked before it is published; nil: nobody is.
func (r *run) buildFrom(ctx context.Context, c *catalog.Catalog, print string, traces *trace.Build,
	check func(string) error) error {
	if err := r.checkOutput(c); err != nil {
		return err
	}
	if err := checkRows(ctx, r.mirror, traces); err != nil {
		return err
	}
	before, harmless, changes := r.compare(c)
	standing, err := r.stand(ctx)
	if err != nil {
		return err
	}
	g, err := output.NewGeneration(r.Config.Output.Dir)
	if err != nil {
		return err
	}
	g.Distrust(standing.damaged)
	g.Check = check
	written, err := publish.Write(ctx, c, r.mirror, g,
		publish.Settings{Site: r.Config.Site, Whole: r.Config.Markdown, Former: r.Config.Confluence.FormerURLs,
			Workers: r.Config.Fetch.Workers, Log: r.Log, Traces: traces})
	var name, lies string
	var changed bool
	if err == nil {
		r.addLosses(changes, before, &written.Losses)
		name, changed, err = g.Publish(r.Config.Output.Keep)
	}
	if err == nil {
		lies, err = g.Standing(ctx, name)
	}
	if err = errors.Join(err, g.Close()); err != nil {
		return err
	}
	if err := traces.Finish(name); err != nil {
		r.Log.Warn("what the pages were made of could not be kept: the next build makes all of them anew", "error", err)
	}
	contents, files := c.Counts()
	r.report.Published = report.Published{Generation: name, New: changed, Pages: contents, Attachments: files,
		Losses: written.Lost, Withheld: c.Tally(), Parts: written.Withheld}
	r.report.Macros = written.Macros
	r.report.Fail(written.Failures...)
	if changed {
		r.lost, r.report.Tonight = &written.Losses, changes
		r.tellPublished(name)
	}
	r.tellRetired(standing.damaged)
	if err := r.purge(c, name, harmless); err != nil {
		return err
	}
	if err := r.keepStanding(ctx, standing.whole, name, lies); err != nil {
		return err
	}
	if changed {
		if err := r.mirror.SetSyncedAt(ctx, name); err != nil {
			return err
		}
	}
	return r.mirror.SetPublished(ctx, print, name)
}

// fingerprint is equal where a build would give the same: same mirror, same settings,
// same program.
func (r *run) fingerprint(ctx context.Context, base trace.Sum) (string, error) {
	content, err := r.mirror.Fingerprint(ctx)
	if err != nil {
		return "", err
	}
	changed, err := r.mirror.Changed(ctx)
	if err != nil {
		return "", err
	}
	told, err := r.mirror.Told(ctx)
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%x\n%s\n%d", content, base, told, changed.At.Unix())
	return hex.EncodeToString(h.Sum(nil)), err
}

// base is equal where all contents would be made in the same way: same settings and templates,
// same program, same site.
func (r *run) base(ctx context.Context) (trace.Sum, error) {
	site, _, err := r.mirror.Site(ctx)
	if err != nil {
		return trace.Sum{}, err
	}
	h := sha256.New()
	if err := hashFolder(h, r.Config.Site.Templates); err != nil {
		return trace.Sum{}, err
	}
	logo, favicon, err := r.Config.Site.Emblems()
	if err != nil {
		return trace.Sum{}, err
	}
	own, err := program()
	return trace.SumOf(site, r.Config.Export, r.Config.Site, logo, favicon, r.Config.Marking, r.Config.Markdown,
		r.Config.Confluence.FormerURLs, h.Sum(nil), own), err
}

// program tells this program from any other, and does not change while it runs: the build ID that Go wrote into it,
// which ends with a checksum of all that it holds, or else a checksum of its file, which is large; nil where that is
// not to be had.
var program = sync.OnceValues(func() ([]byte, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil
	}
	f, err := os.Open(exe)
	if err != nil {
		return nil, nil
	}
	defer f.Close()
	if id := buildID(f); len(id) > 0 {
		return id, nil
	}
	h := sha256.New()
	_, err = io.Copy(h, io.NewSectionReader(f, 0, math.MaxInt64))
	return h.Sum(nil), err
})

// goID is a build ID as Go makes it; the second half says what the program holds. Others say what somebody wants.
var goID = expression.New(`^[\w-]{20}(/[\w-]{20}){3}$`)

// buildID is the build ID in a program of Linux, which stands in a note near its beginning, as cmd/internal/buildid of
// Go reads it; nil for none that is Go's own.
func buildID(program io.Reader) []byte {
	head, err := io.ReadAll(io.LimitReader(program, 32<<10))
	before, note, ok := bytes.Cut(head, []byte("\x04\x00\x00\x00Go\x00\x00")) // its type, and who wrote it
	if err != nil || !ok || len(before) < 4 {
		return nil
	}
	size := binary.LittleEndian.Uint32(before[len(before)-4:])
	if int64(size) > int64(len(note)) || !goID.Match(note[:size]) {
		return nil
	}
	return note[:size]
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
