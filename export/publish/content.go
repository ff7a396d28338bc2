package publish

import (
	"cmp"
	"context"
	"slices"
	"time"

	"agc-export/export/catalog"
	"agc-export/export/inventory"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/parallel"
	"agc-export/export/report"
	"agc-export/export/talk"
	"agc-export/export/tree"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
	"agc-export/render/search"
	"agc-export/render/site"
)

// writeMarkdown converts all contents and remembers which links to which.
func (b *builder) writeMarkdown() error {
	err := parallel.Counted(b.ctx, "pages as Markdown", b.workers, b.catalog.Nodes, b.markdown)
	b.catalog.TurnLinks()
	return cmp.Or(err, b.link.embedded.Failed())
}

// converted is what is kept of a content's Markdown.
type converted struct {
	Body         markdown.Extent
	Links        []string // ids
	Rank         int      // of the marking of what it shows
	Lost         []markdown.Loss
	HeldComments int
	Macros       []inventory.Uses
}

// markdown makes a content's Markdown, or takes it over.
func (b *builder) markdown(ctx context.Context, n *catalog.Node) error {
	beside := b.link.beside(n, b.whole)
	var versions mirror.History
	if b.whole.Versions {
		versions = b.histories[n.ID]
	}
	w := b.link.newWork(workMarkdown, n, n.Sum, n.Page(), b.meta(n), n.MD, n.Held, n.HeldFiles, b.commented[n.ID],
		beside, b.form.Of(n), versions)
	w.HasFiles = b.whole.Attachments // beside has them
	var c converted
	ok, err := b.out.Taken(w.Work, &c)
	if err != nil {
		return err
	}
	if ok {
		for _, id := range c.Links {
			n.Links = append(n.Links, b.catalog.ByID[id])
		}
	} else if c, err = b.makeMarkdown(ctx, w, beside); err != nil {
		return err
	}
	n.Body, n.Rank = c.Body, max(n.Rank, c.Rank)
	b.link.macros.Add(c.Macros)
	b.losses.Add(n.ID, c.Lost)
	b.losses.Hold(n.ID, catalog.HeldComment, c.HeldComments)
	b.losses.Hold(n.ID, catalog.HeldFile, n.HeldFiles)
	return nil
}

// makeMarkdown makes it, with what stands beside the content but its comments.
func (b *builder) makeMarkdown(ctx context.Context, w work, beside markdown.Appendix) (c converted, err error) {
	n := w.n
	storage, err := b.link.readable(ctx, n)
	if err != nil {
		return c, err
	}
	comments, held, err := b.commentsOf(ctx, n)
	if err != nil {
		return c, err
	}
	var body []byte
	heads := map[string]string{}
	body, c.Lost, beside.Words = b.convert(w, storage, marks(comments), heads)
	if b.whole.Comments {
		beside.Comments = w.talk(b.link, talk.Threads(comments), 0)
	}
	if b.whole.Versions {
		if beside.Versions, err = (older{b}).list(ctx, w); err != nil {
			return c, err
		}
	}
	document, at := beside.Document(b.meta(n), body) // marked as what it turned out to show
	c.Body, c.HeldComments, c.Rank, c.Macros = at, held, n.Rank, inventory.Macros(storage)
	for _, to := range n.Links {
		c.Links = append(c.Links, to.ID)
	}
	if err := b.out.Add(w.Work, b.form.PathOf(n), b.form.Written(n, document, heads)); err != nil {
		return c, err
	}
	w.Done(c)
	return c, nil
}

func (b *builder) writePages() error {
	for i, n := range b.catalog.Nodes {
		n.Number = i
	}
	b.link.trees = tree.NewSums(b.catalog.Nodes)
	made := func(ctx context.Context, n *catalog.Node) error {
		if err := b.page(ctx, n); err != nil {
			return err
		}
		return b.writeLinked(n)
	}
	err := parallel.Counted(b.ctx, "pages of the site", b.workers, b.catalog.Nodes, made)
	return cmp.Or(err, b.link.embedded.Failed()) // of comments
}

// paged is what is kept of a content's page: what can be found of it, and what it lost.
type paged struct {
	Found search.Numbered
	Lost  []markdown.Loss
	Rank  int    // of the marking of text and comments
	Begin string // of a blog post: its first words
}

// page makes a content's HTML of its Markdown, or takes it over.
func (b *builder) page(ctx context.Context, n *catalog.Node) error {
	view := b.view(n)
	tasks, err := b.openTasks(n)
	if err != nil {
		return err
	}
	if tasks.all > 0 {
		view.Tasks = b.site.Say("tasks_done", tasks.done, tasks.all)
	}
	d := documentOf(b.catalog, n)
	w := b.link.newWork(workPage, n, &view, b.link.trees.Of(n), n.MD, &d, b.gen.SumOf(b.form.PathOf(n)), n.Body,
		b.commented[n.ID], b.histories[n.ID], n.Held, n.Sum)
	var p paged
	ok := false
	if b.index.GoesOn() {
		if ok, err = b.out.Taken(w.Work, &p); err != nil {
			return err
		}
	}
	if !ok {
		if p, err = b.makePage(ctx, w, view, &d); err != nil {
			return err
		}
	}
	n.Rank = max(n.Rank, p.Rank)
	if p.Begin != "" {
		b.link.begun.Store(n.ID, p.Begin)
	}
	b.losses.Also(n.ID, p.Lost)
	return b.find(n, d, p.Found)
}

// body renders a content's Markdown, and reads the comments that it may show.
func (b *builder) body(ctx context.Context, w work) (site.Body, []mirror.Comment, error) {
	all, _, err := b.commentsOf(ctx, w.n)
	if err != nil {
		return site.Body{}, nil, err
	}
	text, err := b.text(ctx, w, all)
	if err != nil {
		return site.Body{}, nil, err
	}
	return b.site.Render(text, w.setting(b.setting(w, all))), all, nil
}

// text is the text of a content in GitHub's form, of which the site is made. Where it is published in another it is
// made once more.
func (b *builder) text(ctx context.Context, w work, comments []mirror.Comment) ([]byte, error) {
	if b.form.IsGitHub() {
		document, err := b.gen.Read(b.form.PathOf(w.n))
		if err != nil {
			return nil, err
		}
		return w.n.Body.Of(document), nil
	}
	storage, err := b.link.readable(ctx, w.n)
	if err != nil {
		return nil, err
	}
	body, _, _ := b.convert(w, storage, marks(comments), map[string]string{})
	return body, nil
}

// makePage makes the page, and tells d the words of its body.
func (b *builder) makePage(ctx context.Context, w work, view site.Page, d *search.Document) (p paged, err error) {
	n := w.n
	var all []mirror.Comment
	if view.Body, all, err = b.body(ctx, w); err != nil {
		return p, err
	}
	p.Lost = output.RemovedFrom(view.Body)
	view.Comments = b.comments(w, talk.Threads(all), view.Body.Marked, &p.Lost)
	if view.History, err = b.history(ctx, w); err != nil {
		return p, err
	}
	d.Text = wordsOf(view.Body, view.Comments)
	for _, h := range view.Body.Headings {
		d.Headings = append(d.Headings, h.Text)
	}
	p.Found = b.index.Weigh(*d)
	p.Rank, view.Rank = n.Rank, n.Rank
	view.Tree = tree.Of(n)
	if n.Type == wiki.TypeBlogPost {
		p.Begin = view.Body.Beginning()
	}
	add := func(page []byte) error { return b.out.Add(w.Work, output.SiteDir+"/"+n.HTML, page) }
	if err := b.site.Page(site.WriterFunc(add), view); err != nil {
		return p, err
	}
	w.Done(p)
	return p, nil
}

// convert turns a storage body into Markdown. A fault of the converter costs the
// form of one page, not the run: its text is then published as it is, and reported.
func (b *builder) convert(w work, storage string, marks, heads map[string]string) (body []byte,
	lost []markdown.Loss, words markdown.Words) {
	n := w.n
	defer func() {
		if r := recover(); r != nil {
			w.Spoilt = true
			body = markdown.Source(storage)
			b.fail(report.Failure{Kind: "page", ID: n.ID,
				Reason: "the converter failed on it; its source is shown instead"})
			b.log.Error("the converter failed on a page", "id", n.ID)
		}
	}()
	return markdown.ConvertPage(storage, n.Page(),
		w.asking(backlinker{b.link, n, marks, heads}))
}

func (b *builder) fail(f report.Failure) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures = append(b.failures, f)
}

// backlinker is the linker while one content is converted: it remembers the contents to
// which the text links, and knows the comments on the text. Lists that a macro makes do
// not pass here.
type backlinker struct {
	*linker
	from  *catalog.Node
	marks map[string]string // reference of a marker -> id of the open comment
	heads map[string]string // destination of a link -> words of the heading that it leads to
}

// Resolve is that of the linker.
func (l backlinker) Resolve(from markdown.Page, t markdown.Target) markdown.Ref {
	if t.Kind == markdown.TargetComment {
		if id := l.marks[t.ID]; id != "" {
			return markdown.Ref{Type: markdown.TargetComment, ID: id}
		}
		return markdown.Ref{Type: markdown.TargetComment, Missing: "not shown"}
	}
	ref := l.linker.Resolve(from, t)
	if ref.Heading != "" {
		l.heads[ref.Href] = ref.Heading
	}
	if ref.Type == markdown.TargetAttachment && from.At != "" {
		then, err := time.Parse(time.RFC3339, from.At)
		if err == nil && catalog.Later(ref.Updated, then) && !slices.Contains(l.from.Later, ref.Title) {
			l.from.Later = append(l.from.Later, ref.Title)
		}
	}
	if n := l.catalog.ByID[ref.ID]; n != nil && ref.Missing == "" && ref.Type == n.Type && n != l.from &&
		!slices.Contains(l.from.Links, n) {
		l.from.Links = append(l.from.Links, n)
	}
	return ref
}

// marks are the open comments on the text of a content, by the reference of their
// markers.
func marks(all []mirror.Comment) map[string]string {
	out := map[string]string{}
	for _, c := range all {
		if c.Kind == wiki.CommentInline && c.ParentID == "" && c.MarkerRef != "" && c.Resolution != "resolved" &&
			c.Resolution != "dangling" && talk.Shown(c) {
			out[c.MarkerRef] = names.SafeID(c.ID)
		}
	}
	return out
}
