// Package publish makes pages of the mirror: Markdown, the site and all that leads through
// it, as one generation of the output. A generation is a pure function of the mirror, the
// settings and the program. It knows no network.
//
// What is published, and where, package catalog says. link.go, find.go, query.go, candidate.go (CQL),
// excerpt.go, label.go, address.go and former.go answer the converter's questions. publish.go goes
// through the steps, content.go makes Markdown and page of each content with appendix.go, view.go and talk.go,
// older.go those of older versions,
// file.go publishes attachments, list.go (with packages lists, tree and topic), search.go (with package index),
// feed.go and redirect.go make what leads to them, manifest.go says what is published. work.go: what is made of a
// content is kept with what it asked (package trace), and taken over while that holds.
package publish

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"slices"
	"sync"

	"agc-export/export/address"
	"agc-export/export/catalog"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/form"
	"agc-export/export/index"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/parallel"
	"agc-export/export/picture"
	"agc-export/export/report"
	"agc-export/export/topic"
	"agc-export/export/trace"
	"agc-export/export/tree"
	"agc-export/render/site"
	"agc-export/templates"
)

// Settings are what a generation is written with.
type Settings struct {
	Site    config.Site
	Whole   config.Markdown
	Former  []string // addresses of the sites that this one was before
	Workers int      // pages that are written at once
	Log     *slog.Logger
	Traces  *trace.Build // of the last build, and of this one; nil for none
}

// Written is what became of a generation's pages.
type Written struct {
	Lost, Withheld int // places in a lesser form, and parts for some readers only
	Losses         output.LossReport
	Failures       []report.Failure // pages that could not be made
	Macros         []report.Macro   // that they call
}

// Write adds all files that the catalog publishes to a generation. It opens no socket.
func Write(ctx context.Context, c *catalog.Catalog, m *mirror.Mirror, g *output.Generation,
	s Settings) (Written, error) {
	as := form.Named(s.Whole.Profile)
	link := &linker{ctx: ctx, catalog: c, mirror: m, traces: s.Traces, sites: address.New(c.Site().URL, s.Former),
		embedded: picture.NewStore(g, as.File), heads: as.AsksHeadings()}
	link.conceal()
	b := &builder{ctx: ctx, catalog: c, gen: g, out: trace.Files{Generation: g, Traces: s.Traces}, link: link,
		cfg: s.Site, whole: s.Whole, form: as, log: s.Log, workers: s.Workers}
	var err error
	if s.Site.Fetched {
		if b.changed, err = m.Changed(ctx); err != nil {
			return Written{}, err
		}
	}
	err = b.publish(s.Site)
	if damaged := link.damaged.Load(); err == nil && damaged != nil {
		err = *damaged
	}
	if err != nil {
		return Written{}, err
	}
	losses := b.losses.Told()
	lost, withheld := output.CountLosses(losses.Totals)
	return Written{lost, withheld, losses, b.failures, link.macros.List()}, nil
}

// newSite reads the templates, and the agency's own in the place of ours.
func newSite(cfg config.Site, higher []site.Marking, title, source string) (*site.Site, error) {
	var own fs.FS
	if cfg.Templates != "" {
		own = os.DirFS(cfg.Templates)
	}
	logo, favicon, err := cfg.Emblems()
	if err != nil {
		return nil, err
	}
	s, err := site.New(site.Config{Title: title, Logo: logo, Favicon: favicon, BaseURL: cfg.BaseURL, SourceURL: source,
		Lang: cfg.Lang, Banner: cfg.Banner, BannerColor: cfg.BannerColor, Markings: higher}, templates.FS, own)
	if err != nil && own != nil {
		return nil, &exit.UsageError{Text: "[site] templates, " + cfg.Templates + ": " + err.Error(),
			Hint: "Mend the file, or leave templates empty for the ones built in."}
	}
	return s, err
}

// builder writes one generation.
type builder struct {
	ctx      context.Context
	catalog  *catalog.Catalog
	gen      *output.Generation
	out      trace.Files // into gen
	link     *linker
	site     *site.Site
	index    *index.Index
	log      *slog.Logger
	workers  int
	losses   output.Losses
	mu       sync.Mutex
	failures []report.Failure

	commented map[string]trace.Sum // of the comments of a content, none for those without
	histories map[string]mirror.History
	tasks     map[string]taskCount
	whole     config.Markdown
	form      form.Form // of the Markdown
	lost      int       // files of redirects/
	cfg       config.Site
	changed   mirror.Changed // when the mirror did last
}

// publish writes all files of the generation.
func (b *builder) publish(cfg config.Site) error {
	title := cfg.Title
	if title == "" {
		title = b.catalog.Site().Name
	}
	var err error
	b.site, err = newSite(cfg, b.catalog.Marking.All(), title, b.catalog.Site().URL)
	if err != nil {
		return err
	}
	b.link.topics = topic.Name(b.catalog, cfg.People)
	if err := b.readBeside(); err != nil {
		return err
	}
	b.index = index.New(b.gen, b.link.traces)
	for _, step := range []func() error{b.writeFiles, b.writeMarkdown, b.writePages,
		older{b}.write, b.writeSearch, b.writeNav,
		b.writeLists, b.writeFeeds, b.writeOld, b.writePrints, b.writeHomes, b.writeManifest, b.gen.Carry} {
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
	return parallel.Counted(b.ctx, "published files", b.workers, slices.Sorted(maps.Keys(b.catalog.Files)),
		func(_ context.Context, p string) error {
			if err := b.writeFile(b.catalog.Files[p]); err != nil {
				return err
			}
			return older{b}.files(b.catalog.Files[p])
		})
}

// missingPicture is what stands in for a picture that is not there.
const missingPicture = "attachments/missing.png"

func (b *builder) writeMissingPicture() error {
	data, err := templates.FS.ReadFile("missing.png")
	if err != nil {
		return err
	}
	err = b.out.Derive(output.SiteDir+"/"+missingPicture, data, func() ([]byte, error) { return data, nil })
	if err != nil {
		return err
	}
	return b.gen.Link(b.form.FileOf(missingPicture), output.SiteDir+"/"+missingPicture)
}

// writeNav writes what the script loads to open the trees further.
func (b *builder) writeNav() error {
	for _, s := range b.catalog.Spaces {
		err := tree.Write(s, func(name string, data []byte) error {
			if name = output.SiteDir + "/" + name; b.gen.SumOf(name) != "" {
				return nil
			}
			return b.gen.Write(name, data)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// writeHomes writes the homes of site and spaces and what all pages share.
func (b *builder) writeHomes() error {
	for _, a := range b.site.Assets() {
		if err := b.gen.Write(output.SiteDir+"/"+a.Path, a.Data); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	for _, s := range b.catalog.Spaces {
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
