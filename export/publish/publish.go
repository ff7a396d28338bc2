// Package publish makes pages of the mirror: Markdown, the site and all that leads through
// it, as one generation of the output. A generation is a pure function of the mirror, the
// settings and the program. It knows no network.
//
// catalog.go decides what is published, by withheld.go and hold.go, and place.go where;
// link.go, find.go, query.go, narrow.go (CQL), piece.go, roll.go and address.go answer the
// converter's questions; publish.go and view.go write pages, index.go, alphabet.go, nav.go,
// search.go, feed.go and old.go what leads to them, manifest.go what is published.
// less.go stops a build that would do harm, withdraw.go one from a mirror that is not
// fit, and takes out what closed.
package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/parallel"
	"agc-export/export/report"
	"agc-export/render/markdown"
	"agc-export/render/site"
	"agc-export/templates"
)

// Options is what a build is given.
type Options struct {
	Config config.Config
	Mirror *mirror.Mirror
	Report *report.Report
	Log    *slog.Logger

	ApproveDeletions string // hash of the list of what leaves the output that a person found right
	Unfinished       bool   // publish a mirror whose last sync did not end
}

// publisher is one build.
type publisher struct{ Options }

// Build makes the published output of the mirror and puts it in the place of the old
// one, unless nothing that it depends on has changed. It opens no socket.
func Build(ctx context.Context, o Options) error {
	p := &publisher{o}
	return p.build(ctx, o.Mirror)
}

// Withdraw takes out of the output what may not be published any more, and nothing
// else. It is for runs that must not publish anything new.
func Withdraw(ctx context.Context, o Options) error {
	p := &publisher{o}
	return p.withdraw(ctx, o.Mirror)
}

// build makes the published output of the mirror and puts it in the place of the old
// one, unless nothing that it depends on has changed. It opens no socket.
func (p *publisher) build(ctx context.Context, m *mirror.Mirror) error {
	if withdraw, err := p.unfit(ctx, m); err != nil && withdraw {
		return errors.Join(err, p.withdraw(ctx, m))
	} else if err != nil {
		return err
	}
	print, err := p.fingerprint(ctx, m)
	if err != nil {
		return err
	}
	last, published, err := m.Published(ctx)
	if err != nil {
		return err
	}
	if now, err := os.Readlink(path.Join(p.Config.Output.Dir, output.CurrentLink)); err == nil && last == print && published == now {
		p.Report.Published = report.Published{Generation: now}
		p.Log.Info("nothing changed: the published output stays", "generation", now)
		return errors.Join(p.failAgain(ctx, m), m.SetSelection(ctx, p.Config.Output.Dir, p.Config.Export.Selection()))
	}
	c, err := newCatalog(ctx, m, p.Config.Export)
	if err != nil {
		return err
	}
	p.Report.FailAlso(c.strange)
	left, err := p.guardLess(ctx, m, c)
	if err != nil {
		return errors.Join(err, p.withdraw(ctx, m))
	}
	if err := p.keepStrange(ctx, m, c); err != nil {
		return err
	}
	if err := p.buildFrom(ctx, m, c, print); err != nil {
		return err
	}
	p.Report.Published.Left = left
	return m.SetSelection(ctx, p.Config.Output.Dir, p.Config.Export.Selection())
}

// keepStrange notes what this build left out because of values that nobody knows.
func (p *publisher) keepStrange(ctx context.Context, m *mirror.Mirror, c *catalog) error {
	all := make([]mirror.Strange, len(c.strange))
	for i, f := range c.strange {
		all[i] = mirror.Strange(f)
	}
	return m.SetStrange(ctx, all)
}

// failAgain tells of these once more: they are still left out.
func (p *publisher) failAgain(ctx context.Context, m *mirror.Mirror) error {
	all, err := m.Strange(ctx)
	for _, f := range all {
		p.Report.FailAlso([]report.Failure{report.Failure(f)})
	}
	return err
}

// buildFrom publishes a catalog and remembers by its fingerprint that it did; with an
// empty one the next build begins anew.
func (p *publisher) buildFrom(ctx context.Context, m *mirror.Mirror, c *catalog, print string) error {
	if err := p.checkOutput(c); err != nil {
		return err
	}
	if err := CheckRows(ctx, m); err != nil {
		return err
	}
	g, err := output.NewGeneration(p.Config.Output.Dir)
	if err != nil {
		return err
	}
	b := &builder{ctx: ctx, catalog: c, gen: g, mirror: m, link: &linker{ctx: ctx, catalog: c, mirror: m}, banner: p.Config.Site.Banner, log: p.Log, workers: p.Config.Fetch.Workers}
	name, changed, err := b.publish(p)
	if err = errors.Join(err, g.Close()); err != nil {
		return err
	}
	lost, parts := b.losses.Total()
	p.Report.Published = report.Published{Generation: name, New: changed, Pages: len(c.nodes), Attachments: len(c.files), Losses: lost, Withheld: c.tally(), Parts: parts}
	p.Report.Fail(b.failures...)
	if changed {
		p.Report.Note(report.Change{What: "published", Kind: "generation", Detail: fmt.Sprintf("%d contents, %d attachments", len(c.nodes), len(c.files)), Objects: []string{name}})
	}
	if err := p.purge(c, name); err != nil {
		return err
	}
	return m.SetPublished(ctx, print, name)
}

// fingerprint is equal where a build would give the same: same mirror, same settings,
// same program.
func (p *publisher) fingerprint(ctx context.Context, m *mirror.Mirror) (string, error) {
	content, err := m.Fingerprint(ctx)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%+v\n%+v\n", content, p.Config.Export, p.Config.Site)
	told, err := m.Told(ctx)
	if err != nil {
		return "", err
	}
	io.WriteString(h, told)
	if err := hashFolder(h, p.Config.Site.Templates); err != nil {
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

// newSite reads the templates, and the agency's own in the place of ours.
func newSite(cfg config.Site, title, source string) (*site.Site, error) {
	var own fs.FS
	if cfg.Templates != "" {
		own = os.DirFS(cfg.Templates)
	}
	s, err := site.New(site.Config{Title: title, BaseURL: cfg.BaseURL, SourceURL: source, Lang: cfg.Lang, Banner: cfg.Banner, BannerColor: cfg.BannerColor}, templates.FS, own)
	if err != nil && own != nil {
		return nil, &exit.UsageError{Text: "[site] templates, " + cfg.Templates + ": " + err.Error(), Hint: "Mend the file, or leave templates empty for the ones built in."}
	}
	return s, err
}

// builder writes one generation.
type builder struct {
	ctx      context.Context
	catalog  *catalog
	gen      *output.Generation
	mirror   *mirror.Mirror
	link     *linker
	site     *site.Site
	search   *indexer
	log      *slog.Logger
	workers  int
	losses   output.Losses
	mu       sync.Mutex
	failures []report.Failure

	commented   map[string]int // number of comments by content, none for those without
	histories   map[string]mirror.History
	tasks       map[string]taskCount
	banner      string
	lost        int               // files of redirects/
	labelPages  map[string]string // paths of the labels' pages
	personPages map[string]string // and of those of people, by account id
}

// publish writes all files of the generation and makes it the current one.
func (b *builder) publish(p *publisher) (string, bool, error) {
	title := p.Config.Site.Title
	if title == "" {
		title = b.catalog.site.Name
	}
	var err error
	b.site, err = newSite(p.Config.Site, title, b.catalog.site.URL)
	if err != nil {
		return "", false, err
	}
	b.namePages()
	if err := b.readBeside(); err != nil {
		return "", false, err
	}
	b.search = b.newIndexer()
	for _, step := range []func() error{b.writeFiles, b.writeMarkdown, b.writePages, b.writeSearch, b.writeNav, b.writeLists, b.writeFeeds, b.writeOld, b.writeHomes, b.writeManifest, b.gen.Carry} {
		if err := step(); err != nil {
			return "", false, err
		}
	}
	return b.gen.Publish(p.Config.Output.Keep)
}

// writeFiles copies the attachments out of the mirror, once, and links them into the
// Markdown tree. Never are they linked to the mirror's own blobs.
func (b *builder) writeFiles() error {
	if err := b.writeMissingPicture(); err != nil {
		return err
	}
	return parallel.Each(b.ctx, b.workers, slices.Sorted(maps.Keys(b.catalog.files)), func(_ context.Context, p string) error {
		a := b.catalog.files[p]
		sum := a.bytes()
		if sum == "" {
			return nil
		}
		f, err := b.mirror.OpenBlob(sum)
		if err != nil {
			return &exit.CorruptError{Text: "attachment " + a.ID + ": its bytes are missing in the mirror"}
		}
		defer f.Close()
		switch {
		case a.isPicture():
			a.width, a.height, err = pictureSize(f)
		case drawing(p) != "":
			err = b.writeDrawing(a, f)
		}
		if err != nil {
			return err
		}
		if err := b.gen.Copy(output.SiteDir+"/"+p, f, sum); err != nil {
			return err
		}
		return b.gen.Link(output.MarkdownDir+"/"+p, output.SiteDir+"/"+p)
	})
}

// missingPicture is what stands in for a picture that is not there.
const missingPicture = "attachments/missing.png"

func (b *builder) writeMissingPicture() error {
	data, err := templates.FS.ReadFile("missing.png")
	if err != nil {
		return err
	}
	if err := b.gen.Write(output.SiteDir+"/"+missingPicture, data); err != nil {
		return err
	}
	return b.gen.Link(output.MarkdownDir+"/"+missingPicture, output.SiteDir+"/"+missingPicture)
}

// writeMarkdown converts all contents and remembers which links to which.
func (b *builder) writeMarkdown() error {
	err := parallel.Each(b.ctx, b.workers, b.catalog.nodes, func(ctx context.Context, n *node) error {
		storage, err := b.link.readable(ctx, n)
		if err != nil {
			return err
		}
		comments, held, err := b.commentsOf(ctx, n)
		if err != nil {
			return err
		}
		body, lost := b.convert(n, storage, marks(comments))
		b.losses.Add(n.ID, lost)
		b.losses.Hold(n.ID, heldComment, held)
		b.losses.Hold(n.ID, heldFile, n.heldFiles)
		document := markdown.Document(b.meta(n), body)
		n.bodyAt = len(document) - len(body)
		return b.gen.Write(output.MarkdownDir+"/"+n.md, document)
	})
	b.catalog.turnLinks()
	return err
}

func (b *builder) writePages() error {
	return parallel.Each(b.ctx, b.workers, b.catalog.nodes, func(ctx context.Context, n *node) error {
		if err := b.page(ctx, n); err != nil {
			return err
		}
		return b.writeLinked(n)
	})
}

// page makes a content's HTML of its Markdown.
func (b *builder) page(ctx context.Context, n *node) error {
	document, err := b.gen.Read(output.MarkdownDir + "/" + n.md)
	if err != nil {
		return err
	}
	all, _, err := b.commentsOf(ctx, n)
	if err != nil {
		return err
	}
	view := b.view(n)
	tasks, err := b.openTasks(n)
	if err != nil {
		return err
	}
	if tasks.all > 0 {
		view.Tasks = b.site.Say("tasks_done", tasks.done, tasks.all)
	}
	view.Body = b.site.Render(document[n.bodyAt:], b.setting(n, all))
	b.losses.Stripped(n.ID, view.Body)
	view.Comments = b.comments(n, all, view.Body.Marked)
	if view.History, err = b.history(ctx, n); err != nil {
		return err
	}
	if err := b.search.add(n, b.document(n, view)); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := b.site.Page(&out, view); err != nil {
		return err
	}
	return b.gen.Write(output.SiteDir+"/"+n.html, out.Bytes())
}

// convert turns a storage body into Markdown. A fault of the converter costs the
// form of one page, not the run: its text is then published as it is, and reported.
func (b *builder) convert(n *node, storage string, marks map[string]string) (body []byte, lost []markdown.Loss) {
	defer func() {
		if r := recover(); r != nil {
			body = source(storage)
			b.fail(report.Failure{Kind: "page", ID: n.ID, Reason: "the converter failed on it; its source is shown instead"})
			b.log.Error("the converter failed on a page", "id", n.ID)
		}
	}()
	return markdown.Convert([]byte(storage), n.page(), linkNoter{b.link, n, marks})
}

// source is a storage body as a code block, whose fence is longer than any run of ticks in it.
func source(storage string) []byte {
	longest, run := 2, 0
	for i := range len(storage) {
		if run++; storage[i] != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	return []byte(fence + "xml\n" + storage + "\n" + fence + "\n")
}

func (b *builder) fail(f report.Failure) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures = append(b.failures, f)
}

// writeHomes writes the homes of site and spaces and what all pages share.
func (b *builder) writeHomes() error {
	for _, a := range b.site.Assets() {
		if err := b.gen.Write(output.SiteDir+"/"+a.Path, a.Data); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	for _, s := range b.catalog.spaces {
		view := b.spaceView(s)
		out.Reset()
		if err := b.site.SpaceHome(&out, view); err != nil {
			return err
		}
		if err := b.gen.Write(output.SiteDir+"/"+view.Path, out.Bytes()); err != nil {
			return err
		}
	}
	out.Reset()
	if err := b.site.Home(&out, b.homeView()); err != nil {
		return err
	}
	if err := b.gen.Write(output.SiteDir+"/index.html", out.Bytes()); err != nil {
		return err
	}
	out.Reset()
	if err := b.site.NotFound(&out, b.lost); err != nil {
		return err
	}
	return b.gen.Write(output.SiteDir+"/404.html", out.Bytes())
}
