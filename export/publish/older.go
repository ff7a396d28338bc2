package publish

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/parallel"
	"agc-export/export/trace"
	"agc-export/fetch/wiki"
	"agc-export/render/change"
	"agc-export/render/markdown"
	"agc-export/render/site"
)

// older makes what is published of older versions: Markdown, a page and what changed, for each body
// that the mirror has. None of it is found by searching, nor in any list but that of its page.
type older struct{ *builder }

// version is a version of a content while its pages are made.
type version struct {
	wiki.ContentVersion
	node *catalog.Node // the content as it was then
	sum  mirror.VersionSum
	at   markdown.Extent // of the body in its Markdown
	said trace.Sum       // of its text
	text []change.Block  // none until somebody needs it
}

// olderMarkdown and olderPage are what is kept of a version's two files.
type olderMarkdown struct {
	Body  markdown.Extent
	Lost  []markdown.Loss
	Later []string
	Rank  int
}

type olderPage struct {
	Said trace.Sum
	Lost []markdown.Loss
}

// write makes them of all contents.
func (o older) write() error {
	made := func(ctx context.Context, n *catalog.Node) error {
		if len(o.catalog.Older(n, o.histories[n.ID])) == 0 {
			return nil
		}
		return o.content(ctx, n)
	}
	err := parallel.Counted(o.ctx, "pages with versions", o.workers, o.catalog.Nodes, made)
	return cmp.Or(err, o.link.embedded.Failed())
}

// versions are the older versions of a content that are published, the oldest first.
func (o older) versions(ctx context.Context, n *catalog.Node) ([]*version, error) {
	told, err := o.link.mirror.Versions(ctx, n.ID)
	if err != nil {
		return nil, err
	}
	byNumber := map[int]wiki.ContentVersion{}
	for _, v := range told {
		byNumber[v.Number] = v
	}
	var all []*version
	for _, sum := range o.catalog.Older(n, o.histories[n.ID]) {
		v := byNumber[sum.Number]
		v.Message = markdown.Shield(v.Message, n.Page(), o.link)
		all = append(all, &version{ContentVersion: v, node: o.catalog.At(n, v), sum: sum})
	}
	return all, nil
}

// known are the versions that the mirror tells of a content, the newest first; none where that is one, of which the
// line of the version says all.
func (o older) known(ctx context.Context, n *catalog.Node) ([]wiki.ContentVersion, error) {
	if o.histories[n.ID].Newest < 2 {
		return nil, nil
	}
	all, err := o.link.mirror.Versions(ctx, n.ID)
	if len(all) < 2 {
		return nil, err // the older ones are pruned
	}
	return all, err
}

// content makes the pages of one content's versions, the oldest first: of each what changed since
// the one before, and at last what changed with the present one.
func (o older) content(ctx context.Context, n *catalog.Node) error {
	all, err := o.versions(ctx, n)
	if err != nil {
		return err
	}
	for i, v := range all {
		if err := o.markdown(ctx, v); err != nil {
			return err
		}
		n.Past = max(n.Past, v.node.Rank)
		if err := o.page(n, all, i); err != nil {
			return err
		}
		if i > 0 {
			if err := o.changes(n, all, i); err != nil {
				return err
			}
			all[i-1].text = nil
		}
	}
	now := &version{ContentVersion: wiki.ContentVersion{Version: n.Version, Title: n.Title}, node: n, at: n.Body}
	return o.changes(n, append(all, now), len(all))
}

// begin begins a piece of work on a version.
func (o older) begin(kind string, v *version, input ...any) work {
	w := o.link.newWork(kind, v.node, input...)
	w.Key = fmt.Sprintf("%s%s/%d", kind, v.node.ID, v.Number)
	return w
}

// markdown makes the Markdown of a version, or takes it over.
func (o older) markdown(ctx context.Context, v *version) error {
	meta := o.meta(v.node)
	beside := o.link.beside(v.node, o.whole)
	w := o.begin(workOlderMarkdown, v, v.sum, v.node.Page(), meta, beside, o.form.Of(v.node))
	var c olderMarkdown
	ok, err := o.out.Taken(w.Work, &c)
	if err != nil {
		return err
	}
	if !ok {
		if c, err = o.makeMarkdown(ctx, w, v, beside); err != nil {
			return err
		}
	}
	v.at, v.node.Later, v.node.Rank = c.Body, c.Later, max(v.node.Rank, c.Rank)
	o.losses.Add(lossID(v), c.Lost)
	return nil
}

func (o older) makeMarkdown(ctx context.Context, w work, v *version,
	beside markdown.Appendix) (c olderMarkdown, err error) {
	storage, err := o.storage(ctx, v)
	if err != nil {
		return c, err
	}
	heads := map[string]string{}
	body, lost, _ := o.convert(w, storage, nil, heads)
	document, at := beside.Document(o.meta(v.node), body)
	c = olderMarkdown{Body: at, Lost: lost, Later: v.node.Later, Rank: v.node.Rank}
	if err := o.out.Add(w.Work, o.form.PathOf(v.node), o.form.Written(v.node, document, heads)); err != nil {
		return c, err
	}
	w.Done(c)
	return c, nil
}

// storage is the body of a version as it may be read.
func (o older) storage(ctx context.Context, v *version) (string, error) {
	storage, err := o.link.mirror.VersionBody(ctx, v.node.ID, v.Number)
	if err == nil && v.node.Page().Guarded {
		if held := markdown.Withhold(storage); held != nil {
			storage = held.Body
		}
	}
	return storage, err
}

// text is the text of a version of which its page is made. The present one stands in no list of versions.
func (o older) text(w work, v *version) ([]byte, error) {
	if v.sum == (mirror.VersionSum{}) {
		comments, _, err := o.commentsOf(o.ctx, v.node)
		if err != nil {
			return nil, err
		}
		return o.builder.text(o.ctx, w, comments)
	}
	if o.form.IsGitHub() {
		document, err := o.gen.Read(o.form.PathOf(v.node))
		return v.at.Of(document), err
	}
	storage, err := o.storage(o.ctx, v)
	if err != nil {
		return nil, err
	}
	body, _, _ := o.convert(w, storage, nil, map[string]string{})
	return body, nil
}

// page makes the page of a version, or takes it over.
func (o older) page(n *catalog.Node, all []*version, i int) error {
	v := all[i]
	view := site.Older{Version: o.told(v), Marked: site.Marked{Rank: v.node.Rank},
		Newest: n.Version.Number, Now: n.HTML, Title: v.node.Title,
		Space: homeOf(n.Space), Breadcrumb: append(crumbs(n), linkTo(n)), Ways: o.ways(n.Space, ""),
		Wide: n.Told().Appearance == "full-width", Readers: strings.Join(readers(n), ", "),
		Later: strings.Join(v.node.Later, ", ")}
	if i > 0 {
		view.Before, view.Changes = o.linkTo(all[i-1]), catalog.ChangesPath(n, v.Number)
	}
	view.After = site.Link{Text: o.site.Say("version_number", n.Version.Number), Href: n.HTML}
	if i+1 < len(all) {
		view.After = o.linkTo(all[i+1])
	}
	w := o.begin(workOlder, v, view, o.gen.SumOf(o.form.PathOf(v.node)), v.at, v.node.Page())
	var p olderPage
	ok, err := o.out.Taken(w.Work, &p)
	if v.said = p.Said; ok || err != nil {
		o.losses.Also(lossID(v), p.Lost)
		return err
	}
	if view.Body, err = o.render(w, v); err != nil {
		return err
	}
	o.hear(v, view.Body)
	lost := output.RemovedFrom(view.Body)
	o.losses.Also(lossID(v), lost)
	if err := o.add(w, v.node.HTML, func(out *bytes.Buffer) error { return o.site.Older(out, view) }); err != nil {
		return err
	}
	w.Done(olderPage{v.said, lost})
	return nil
}

// changes makes the page that says what a version changed, or takes it over.
func (o older) changes(n *catalog.Node, all []*version, i int) error {
	was, v := all[i-1], all[i]
	view := site.Changes{Marked: site.Marked{Rank: max(was.node.Rank, v.node.Rank)},
		Path: catalog.ChangesPath(n, v.Number), Title: v.node.Title, Space: homeOf(n.Space),
		Breadcrumb: append(crumbs(n), linkTo(n)), Ways: o.ways(n.Space, ""), From: o.told(was), To: o.told(v),
		Readers: strings.Join(readers(n), ", ")}
	if i > 1 {
		view.Before = o.linkToChanges(n, was.Number)
	}
	if i+1 < len(all) {
		view.After = o.linkToChanges(n, all[i+1].Number)
	} else if v.node != n {
		view.After = o.linkToChanges(n, n.Version.Number)
	}
	said := v.said
	if v.node == n {
		said = trace.SumOf(o.gen.SumOf(o.form.PathOf(n)), n.Body)
	}
	w := o.begin(workChanges, v, view, was.said, said, n.Title, was.node.Title)
	if ok, err := o.out.Taken(w.Work, &struct{}{}); ok || err != nil {
		return err
	}
	if err := cmp.Or(o.listen(o.begin("", was), was), o.listen(w, v)); err != nil {
		return err
	}
	view.Difference = change.Between(was.text, v.text)
	if err := o.add(w, view.Path, func(out *bytes.Buffer) error { return o.site.Changes(out, view) }); err != nil {
		return err
	}
	w.Done(struct{}{})
	return nil
}

// lossID is the id under which it is told what a version lost, see named.
func lossID(v *version) string { return fmt.Sprintf("%s%s%d", v.node.ID, lossVersion, v.Number) }

// lossVersion stands between id and number there.
const lossVersion = " version "

// add writes a page of the site.
func (o older) add(w work, path string, write func(*bytes.Buffer) error) error {
	var out bytes.Buffer
	if err := write(&out); err != nil {
		return err
	}
	return o.out.Add(w.Work, output.SiteDir+"/"+path, out.Bytes())
}

// told is a version as pages speak of it.
func (o older) told(v *version) site.Version {
	return site.Version{Number: v.Number, Date: v.CreatedAt, Author: o.catalog.People.Author(v.AuthorID),
		Message: v.Message, Page: v.node.HTML}
}

func (o older) linkTo(v *version) site.Link {
	return site.Link{Text: o.site.Say("version_number", v.Number), Href: v.node.HTML}
}

func (o older) linkToChanges(n *catalog.Node, number int) site.Link {
	return site.Link{Text: o.site.Say("version_number", number), Href: catalog.ChangesPath(n, number)}
}

// render makes the HTML of a version's Markdown.
func (o older) render(w work, v *version) (site.Body, error) {
	text, err := o.text(w, v)
	if err != nil {
		return site.Body{}, err
	}
	return o.site.Render(text, w.setting(site.Setting{Title: v.node.Title})), nil
}

// hear keeps the text of a version, its title first.
func (o older) hear(v *version, body site.Body) {
	text := append([]change.Block{{Kind: change.Heading, Text: v.node.Title}}, change.Read(string(body.HTML))...)
	v.text, v.said = text, trace.SumOf(text)
}

// listen reads the text of a version that was taken over, or of the present one.
func (o older) listen(w work, v *version) error {
	if v.text != nil {
		return nil
	}
	body, err := o.render(w, v)
	if err == nil {
		o.hear(v, body)
	}
	return err
}

// place tells the versions in the list of a page where their pages are.
func (o older) place(n *catalog.Node, list []site.Version) {
	all := o.catalog.Older(n, o.histories[n.ID])
	for i := range list {
		v := &list[i]
		at := slices.IndexFunc(all, func(s mirror.VersionSum) bool { return s.Number == v.Number })
		if at >= 0 {
			v.Page = catalog.OlderPath(n, v.Number)
		}
		if at > 0 || len(all) > 0 && v.Number == n.Version.Number {
			v.Changes = catalog.ChangesPath(n, v.Number)
		}
	}
}

// filedOlder is what is kept of an older version of a file.
type filedOlder struct{ Stamp output.Stamp }

// files publishes the older versions of an attachment beside it, or takes them over.
func (o older) files(a *catalog.Attachment) error {
	for _, v := range a.Older {
		if v.Path == "" {
			continue
		}
		if err := o.file(a, v); err != nil {
			return err
		}
	}
	return nil
}

func (o older) file(a *catalog.Attachment, v *catalog.OlderFile) error {
	w := o.link.newWork(workOldFile, a.Node, v.Blob.Sum, v.Path)
	w.Key = workOldFile + v.Path
	name := output.SiteDir + "/" + v.Path
	var was filedOlder
	if r, ok := w.Last(); ok && r.Read(&was) {
		if ok, err := o.gen.KeepLarge(name, v.Blob.Sum, was.Stamp, r.Files()); ok || err != nil {
			o.out.Traces.PutAgain(w.Key, r)
			return cmp.Or(err, o.gen.Link(o.form.FileOf(v.Path), name))
		}
	}
	f, err := o.link.mirror.OpenBlob(v.Blob.Sum)
	if err != nil {
		return &exit.CorruptError{Text: fmt.Sprintf("version %d of attachment %s: its bytes are missing in the mirror",
			v.Version.Number, a.ID)}
	}
	defer f.Close()
	if err := o.gen.Copy(name, f, v.Blob.Sum); err != nil {
		return err
	}
	stamp, err := o.gen.StampOf(name)
	if err != nil {
		return err
	}
	w.Done(filedOlder{stamp})
	return o.gen.Link(o.form.FileOf(v.Path), name)
}

// manifest lists them, and says of the present versions too who made them.
func (o older) manifest(m *output.Manifest) error {
	for i, n := range o.catalog.Nodes {
		if o.catalog.ShowsOlder(n) && wiki.HasBody(n.Type) {
			m.Pages[i].ManifestEdit = o.edit(n.Version)
		}
		var all []*version
		if len(o.catalog.Older(n, o.histories[n.ID])) > 0 {
			var err error
			if all, err = o.versions(o.ctx, n); err != nil {
				return err
			}
		}
		for _, v := range all {
			m.Versions = append(m.Versions, output.ManifestVersion{PageID: n.ID, Version: v.sum.Number,
				Title: v.node.Title, HTML: output.SiteDir + "/" + v.node.HTML,
				Markdown: o.form.PathOf(v.node), ManifestEdit: o.edit(v.Version)})
		}
		for _, a := range n.Files {
			m.AttachmentVersions = append(m.AttachmentVersions, olderFiles(a)...)
		}
	}
	return nil
}

// edit says who made a version.
func (o older) edit(v wiki.Version) *output.ManifestEdit {
	return &output.ManifestEdit{Editor: o.catalog.People.Author(v.AuthorID), Date: v.CreatedAt, Message: v.Message}
}

// olderFiles lists the older versions of a file whose bytes are published.
func olderFiles(a *catalog.Attachment) (all []output.ManifestFileVersion) {
	for _, v := range a.Older {
		if v.Path != "" {
			all = append(all, output.ManifestFileVersion{ID: a.ID, PageID: a.Node.ID, Version: v.Version.Number,
				Title: v.Title, Path: output.SiteDir + "/" + v.Path, Size: v.Blob.Size, SHA256: v.Blob.Sum})
		}
	}
	return all
}
