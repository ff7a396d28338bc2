package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"agc-export/export/bag"
	"agc-export/export/catalog"
	"agc-export/export/declaration"
	"agc-export/export/exit"
	"agc-export/export/folder"
	"agc-export/export/lock"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/pack"
	"agc-export/export/publish"
	"agc-export/export/report"
	"agc-export/export/request"
	"agc-export/export/wacz"
)

// A package is made beside its place, in a folder whose name says that it is not finished, and renamed when it is
// whole and on the disk. It is built anew from the mirror, not copied from the output, so that the same mirror and
// settings give the same bytes whatever was published when.

// PackageOptions say what of the mirror is packed.
type PackageOptions struct {
	Dir        string   // of the package, which is not there yet
	Spaces     []string // keys; none: all that the configuration exports
	Page       string   // id of the page at the top of a tree; "": all
	Restricted bool     // what not every reader may see as well, in a part of its own
	WACZ       bool     // the site as a web archive as well

	asked *request.Asked // what single contents are packed for; nil: none was named
}

// unfinished ends the name of a package while it is made.
const unfinished = ".unfinished"

// Package makes a transfer package of the mirror.
func (j *Job) Package(ctx context.Context, opt PackageOptions) (*report.Report, error) {
	return j.packed(ctx, opt, nil)
}

// packed makes a package, of what look finds where that is not nil.
func (j *Job) packed(ctx context.Context, opt PackageOptions,
	look func(*mirror.Mirror) (*request.Asked, error)) (*report.Report, error) {
	if err := needMirror(j.Config.Output.Mirror); err != nil {
		return &report.Report{}, err
	}
	err := cmp.Or(folder.Apart(opt.Dir, j.Config.Output.Mirror, j.Config.Output.Dir), folder.Free(opt.Dir))
	if err != nil {
		return &report.Report{}, err
	}
	return j.run(ctx, sealed, func(r *run) error {
		if look != nil {
			var err error
			if opt.asked, err = look(r.mirror); err != nil {
				return err
			}
		}
		return r.pack(ctx, opt)
	})
}

// pack is the run of Job.Package.
func (r *run) pack(ctx context.Context, opt PackageOptions) error {
	if _, err := r.unfit(ctx); err != nil {
		return err
	}
	if err := checkRows(ctx, r.mirror, nil); err != nil {
		return err
	}
	opt.Dir = filepath.Clean(opt.Dir)
	outside, err := os.OpenRoot(filepath.Dir(opt.Dir))
	if err != nil {
		return &exit.PlaceError{Dir: opt.Dir, Err: err}
	}
	defer outside.Close()
	p := &packing{run: r, opt: opt, outside: outside, temp: filepath.Base(opt.Dir) + unfinished}
	if err := p.begin(); err != nil {
		return err
	}
	err = p.fill(ctx)
	if err == nil {
		err = p.finish()
	}
	if exit.NoRoom(err) { // where the package is to stand: nothing else is written
		err = &exit.PlaceError{Dir: opt.Dir, Err: err}
	}
	if err != nil {
		return errors.Join(err, p.drop())
	}
	return errors.Join(p.lock.Close(), p.root.Close())
}

// packing is a package while it is made.
type packing struct {
	*run
	opt     PackageOptions
	outside *os.Root // the folder in which it is to stand
	temp    string   // its name there meanwhile
	root    *os.Root // itself
	lock    *os.File
	open    *pack.Part
	shut    *pack.Part // nil where that is not asked for
	told    pack.Told
	date    time.Time         // when the mirror changed, or else was synced; zero: nobody knows
	lost    []publish.Written // of the parts
}

// begin makes the folder, in the place of what a killed run left.
func (p *packing) begin() error {
	err := p.outside.Mkdir(p.temp, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return &exit.PlaceError{Dir: p.opt.Dir, Err: err}
	}
	if p.root, err = p.outside.OpenRoot(p.temp); err != nil {
		return err
	}
	left, err := fs.ReadDir(p.root.FS(), ".")
	begun := len(left) == 0 || left[0].Name() == lock.FileName // sorted: it is the first of ours
	if err == nil && !begun && !p.sealed() {
		err = &exit.UsageError{Text: p.temp + " is there already, and no package that a run left unfinished",
			Hint: "Move it away, or name another folder."}
	}
	if err != nil {
		return errors.Join(err, p.root.Close())
	}
	if p.lock, err = lock.Folder(p.root); err != nil {
		return errors.Join(err, p.root.Close())
	}
	for _, e := range left {
		if e.Name() != lock.FileName && err == nil {
			err = p.root.RemoveAll(e.Name())
		}
	}
	return err
}

// sealed tells whether the folder is a whole package of this program, which was killed before it named that.
func (p *packing) sealed() bool {
	info, err := p.root.ReadFile(bag.InfoFile)
	_, wrong := p.root.Lstat(bag.Declaration)
	return err == nil && wrong == nil && strings.Contains("\n"+string(info), "\nBag-Software-Agent: agc-export ")
}

// drop removes what there is of a package that is none.
func (p *packing) drop() error {
	return errors.Join(p.lock.Close(), p.root.Close(), p.outside.RemoveAll(p.temp))
}

// fill writes the payload and seals it.
func (p *packing) fill(ctx context.Context) error {
	all, err := p.choose(ctx)
	if err != nil {
		return err
	}
	parts := []*pack.Part{p.open}
	if p.shut != nil {
		parts = append(parts, p.shut)
	}
	for _, part := range parts {
		if err := p.publish(ctx, part); err != nil {
			return err
		}
	}
	if p.opt.WACZ {
		for _, part := range parts {
			if err := p.archive(ctx, part); err != nil {
				return err
			}
		}
	}
	c, err := pack.NewCollector(ctx, p.mirror, p.root, p.open, p.shut, p.Config.Export.SkipsConditional())
	if err == nil {
		err = c.Write(all)
	}
	if err != nil {
		return err
	}
	for i, part := range parts {
		told := p.told
		told.Parts, told.Lost, told.Failures = p.lost[i].Withheld, p.lost[i].Lost, p.lost[i].Failures
		if part.Shut {
			told.Withheld, told.Parts = map[string]int{}, 0
		}
		err := errors.Join(part.WriteAudit(p.root, report.AuditPath(p.Config.Output.Mirror), p.told.Changed),
			part.WriteProvenance(p.root, c, told), p.declare(ctx, part, c))
		if err == nil {
			err = part.WriteLists(p.root)
		}
		if err != nil {
			return err
		}
	}
	return bag.Seal(ctx, p.root, p.info())
}

// choose reads what is to be packed: the part that is open, that which is not, and all contents of both.
func (p *packing) choose(ctx context.Context) (all *catalog.Catalog, err error) {
	ask := request.Request{Spaces: p.opt.Spaces, Page: p.opt.Page, Restricted: p.opt.Restricted}
	named := 0
	if p.opt.asked != nil {
		ask.Named, named = p.opt.asked.Contents, len(p.opt.asked.Contents)
	}
	chosen, err := ask.Choose(ctx, p.mirror, p.Config)
	if err != nil {
		return nil, err
	}
	changed, err := p.mirror.Changed(ctx)
	if err != nil {
		return nil, err
	}
	if p.date = changed.At; p.date.IsZero() {
		clock, err := p.mirror.Clock(ctx)
		if p.date = clock.Local; err != nil {
			return nil, err
		}
	}
	p.told = pack.Told{Site: chosen.Open.Site(), Changed: changed.At, Version: p.Version, Config: p.Config,
		Scope:    pack.Scope{Spaces: []string{}, Page: p.opt.Page, Asked: named, Restricted: p.opt.Restricted},
		Withheld: chosen.Withheld}
	p.open = pack.NewPart(bag.PayloadDir, false, chosen.Open, chosen.Went)
	if chosen.Shut != nil {
		p.shut = pack.NewPart(path.Join(bag.PayloadDir, pack.ShutDir), true, chosen.Shut, chosen.ShutWent)
	}
	if p.opt.asked != nil {
		p.open.Answers = map[string]bool{}
		if p.shut != nil {
			p.shut.Answers, p.shut.Beside = map[string]bool{}, p.open.Contents()
		}
	}
	return chosen.All, nil
}

// publish makes the site and the Markdown of a part.
func (p *packing) publish(ctx context.Context, part *pack.Part) error {
	const building = "building"
	g, err := output.NewGeneration(filepath.Join(p.root.Name(), building))
	if err != nil {
		return err
	}
	g.Check = p.gate(ctx)
	written, err := publish.Write(ctx, part.Catalog, p.mirror, g,
		publish.Settings{Site: p.Config.Site, Whole: p.Config.Markdown, Former: p.Config.Confluence.FormerURLs,
			Workers: p.Config.Fetch.Workers, Log: p.Log})
	var name string
	if err == nil {
		name, _, err = g.Publish(1)
	}
	part.SumOf = g.SumOf
	written.Losses.Pages = nil // they count here, and are not named
	p.lost = append(p.lost, written)
	p.report.Fail(written.Failures...)
	if err = errors.Join(err, g.Close()); err != nil {
		return err
	}
	return errors.Join(part.Take(p.root, path.Join(building, name)), p.root.RemoveAll(building))
}

// nowhere is where a site is replayed that has no address: in a domain that nobody can have (RFC 2606).
const nowhere = "https://site.invalid/"

// archive writes the site of a part as a web archive too.
func (p *packing) archive(ctx context.Context, part *pack.Part) error {
	base := nowhere
	if set := p.Config.Site.BaseURL; set != "" {
		base = strings.TrimSuffix(set, "/") + "/"
	}
	title := cmp.Or(p.Config.Site.Title, p.told.Site.Name, p.told.Site.URL)
	pages := []wacz.Page{{Path: "index.html", Title: title}}
	for _, n := range part.Catalog.Nodes {
		pages = append(pages, wacz.Page{Path: n.HTML, Title: n.Marked})
	}
	return wacz.Write(ctx, p.root, path.Join(part.Dir, pack.WACZFile), wacz.Site{Dir: path.Join(part.Dir, pack.SiteDir),
		Base: base, Title: title, Software: "agc-export " + p.Version, At: p.date, Pages: pages})
}

// info is what bag-info.txt says.
func (p *packing) info() []bag.Field {
	set, site := p.Config.Package, p.told.Site
	parts := []string{cmp.Or(site.URL, site.CloudID)}
	for _, key := range p.open.Spaces() {
		parts = append(parts, "space "+key)
	}
	if p.opt.Page != "" {
		parts = append(parts, "page "+p.opt.Page)
	}
	if p.opt.asked != nil {
		parts = append(parts, "single contents, see "+declaration.HTMLFile)
	}
	date, rank := "", p.open.Highest()
	if !p.date.IsZero() {
		date = p.date.UTC().Format(time.DateOnly)
	}
	restricted := "no"
	if p.shut != nil {
		restricted, rank = "in "+p.shut.Dir, max(rank, p.shut.Highest())
	}
	return []bag.Field{{Label: "Source-Organization", Value: set.Organization},
		{Label: "Organization-Address", Value: set.Address}, {Label: "Contact-Name", Value: set.ContactName},
		{Label: "Contact-Phone", Value: set.ContactPhone}, {Label: "Contact-Email", Value: set.ContactEmail},
		{Label: "External-Description", Value: set.Description}, {Label: "External-Identifier", Value: set.Identifier},
		{Label: "Bagging-Date", Value: date}, {Label: "Bag-Group-Identifier", Value: set.Group},
		{Label: "Internal-Sender-Identifier", Value: site.CloudID},
		{Label: "Internal-Sender-Description", Value: strings.Join(parts, ", ")},
		{Label: "Bag-Software-Agent", Value: "agc-export " + p.Version},
		{Label: "Marking", Value: p.open.Catalog.Marking.Text(rank)}, {Label: "Restricted-Content", Value: restricted}}
}

// finish gives the package its name, once all of it is on the disk.
func (p *packing) finish() error {
	if err := output.Flush(p.outside, p.temp); err != nil {
		return err
	}
	if err := p.root.Remove(lock.FileName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	name := filepath.Base(p.opt.Dir)
	if _, err := p.outside.Lstat(name); err == nil {
		return fmt.Errorf("%s is there already", p.opt.Dir)
	}
	if err := p.outside.Rename(p.temp, name); err != nil {
		return err
	}
	contents, files := p.open.Catalog.Counts()
	p.report.Published.Package = &report.Package{Dir: p.opt.Dir, Pages: contents, Attachments: files,
		Gone: len(p.open.Gone), Withheld: maps.Clone(p.told.Withheld)}
	if p.shut != nil {
		p.report.Published.Package.Restricted, _ = p.shut.Catalog.Counts()
		p.report.Published.Package.Restricted += len(p.shut.Gone)
	}
	what := "packaged"
	if p.opt.asked != nil {
		what = "collected"
	}
	p.report.Note(report.Change{What: what, Kind: "package",
		Detail: fmt.Sprintf("%d contents, %d attachments", contents, files), Objects: []string{p.opt.Dir}})
	return output.Flush(p.outside, ".")
}
