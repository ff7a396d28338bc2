// Package publish makes pages of the mirror: Markdown, the site and all that leads through
// it, as one generation of the output. A generation is a pure function of the mirror, the
// settings and the program. It knows no network.
//
// catalog.go decides what is published, with withheld.go and conditional.go, path.go
// where, and left.go says what a generation held that no longer is. link.go, find.go,
// query.go, candidate.go (CQL), excerpt.go, label.go, address.go and former.go answer the converter's
// questions; backlink.go remembers what links where, embedded.go
// keeps the pictures whose bytes stand in pages. publish.go and view.go write pages,
// list.go, nav.go, search.go, feed.go and redirect.go what leads to them,
// manifest.go what is published.
package publish

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"agc-export/export/address"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/parallel"
	"agc-export/export/picture"
	"agc-export/export/report"
	"agc-export/render/markdown"
	"agc-export/render/site"
	"agc-export/templates"
)

// Settings are what a generation is written with.
type Settings struct {
	Site    config.Site
	Former  []string // addresses of the sites that this one was before
	Workers int      // pages that are written at once
	Log     *slog.Logger
}

// Written is what became of a generation's pages.
type Written struct {
	Lost, Withheld int              // places in a lesser form, and parts for some readers only
	Failures       []report.Failure // pages that could not be made
}

// Write adds all files that the catalog publishes to a generation. It opens no socket.
func (c *Catalog) Write(ctx context.Context, m *mirror.Mirror, g *output.Generation, s Settings) (Written, error) {
	link := &linker{ctx: ctx, catalog: c, mirror: m, sites: address.New(c.site.URL, s.Former),
		embedded: embedded{gen: g, bytes: map[string]string{}}}
	b := &builder{ctx: ctx, catalog: c, gen: g, mirror: m, link: link,
		banner: s.Site.Banner, log: s.Log, workers: s.Workers}
	if err := b.publish(s.Site); err != nil {
		return Written{}, err
	}
	lost, withheld := b.losses.Total()
	return Written{lost, withheld, b.failures}, nil
}

// newSite reads the templates, and the agency's own in the place of ours.
func newSite(cfg config.Site, title, source string) (*site.Site, error) {
	var own fs.FS
	if cfg.Templates != "" {
		own = os.DirFS(cfg.Templates)
	}
	s, err := site.New(site.Config{Title: title, BaseURL: cfg.BaseURL, SourceURL: source, Lang: cfg.Lang,
		Banner: cfg.Banner, BannerColor: cfg.BannerColor}, templates.FS, own)
	if err != nil && own != nil {
		return nil, &exit.UsageError{Text: "[site] templates, " + cfg.Templates + ": " + err.Error(),
			Hint: "Mend the file, or leave templates empty for the ones built in."}
	}
	return s, err
}

// builder writes one generation.
type builder struct {
	ctx      context.Context
	catalog  *Catalog
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

// publish writes all files of the generation.
func (b *builder) publish(cfg config.Site) error {
	title := cfg.Title
	if title == "" {
		title = b.catalog.site.Name
	}
	var err error
	b.site, err = newSite(cfg, title, b.catalog.site.URL)
	if err != nil {
		return err
	}
	b.namePages()
	if err := b.readBeside(); err != nil {
		return err
	}
	b.search = b.newIndexer()
	for _, step := range []func() error{b.writeFiles, b.writeMarkdown, b.writePages, b.writeSearch, b.writeNav,
		b.writeLists, b.writeFeeds, b.writeOld, b.writeHomes, b.writeManifest, b.gen.Carry} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// writeFiles copies the attachments out of the mirror, once, and links them into the
// Markdown tree. Never are they linked to the mirror's own blobs.
func (b *builder) writeFiles() error {
	if err := b.writeMissingPicture(); err != nil {
		return err
	}
	return parallel.Each(b.ctx, b.workers, slices.Sorted(maps.Keys(b.catalog.files)),
		func(_ context.Context, p string) error {
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
				a.width, a.height, err = picture.Size(f)
			case picture.Drawing(p) != "":
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

// writeDrawing publishes a safe picture of an SVG beside the file, which stays as it is for
// those who want it.
func (b *builder) writeDrawing(a *attachment, f io.ReadSeeker) error {
	svg, width, height, err := picture.Draw(f)
	if err != nil || svg == nil {
		return err
	}
	a.picture, a.width, a.height = picture.Drawing(a.path), width, height
	if err := b.gen.Write(output.SiteDir+"/"+a.picture, svg); err != nil {
		return err
	}
	return b.gen.Link(output.MarkdownDir+"/"+a.picture, output.SiteDir+"/"+a.picture)
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
	return cmp.Or(err, b.link.embedded.failed())
}

func (b *builder) writePages() error {
	err := parallel.Each(b.ctx, b.workers, b.catalog.nodes, func(ctx context.Context, n *node) error {
		if err := b.page(ctx, n); err != nil {
			return err
		}
		return b.writeLinked(n)
	})
	return cmp.Or(err, b.link.embedded.failed()) // of comments
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
			b.fail(report.Failure{Kind: "page", ID: n.ID,
				Reason: "the converter failed on it; its source is shown instead"})
			b.log.Error("the converter failed on a page", "id", n.ID)
		}
	}()
	return markdown.Convert([]byte(storage), n.page(), backlinker{b.link, n, marks})
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
