package publish

import (
	"cmp"
	"context"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/talk"
	"agc-export/export/trace"
	"agc-export/export/tree"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
	"agc-export/render/relative"
	"agc-export/render/site"
)

// What a page shows at most of what a space may have without end.
const (
	childrenShown = 40
	crumbsShown   = 6
	recentShown   = 8
	blogShown     = 5
)

// meta is the front matter of a content's Markdown.
func (b *builder) meta(n *catalog.Node) markdown.Meta {
	told := n.Told()
	m := markdown.Meta{ID: n.ID, Type: n.Type, Title: n.Title, Space: n.Space.Key, Status: n.Status, Labels: n.Labels,
		Author: b.catalog.People.Author(n.AuthorID), Created: n.CreatedAt,
		Editor:  b.catalog.People.Author(n.Version.AuthorID),
		Updated: n.Version.CreatedAt,
		Version: n.Version.Number, Message: n.Version.Message, Source: b.catalog.Source(n),
		Banner:  b.catalog.Marking.Text(n.Rank),
		Address: b.link.leadsTo(n), Owner: b.link.owner(n), State: told.State.Name, Color: told.State.Color,
		Emoji: told.EmojiTitle, Cover: b.link.coverOf(n).from(n.MD)}
	if n.Parent != nil {
		m.Parent = n.Parent.Title
	}
	return m
}

// rewrite turns a destination in a content's Markdown into that of its HTML; place says where files
// of the Markdown lie in the site.
func rewrite(n *catalog.Node, dest string, place func(file string) string) string {
	file, fragment, ok := relative.Split(dest)
	if !ok {
		return dest
	}
	href := place(path.Join(path.Dir(n.MD), file))
	if href == "" {
		return ""
	}
	href = site.Rel(n.HTML, href)
	if fragment != "" {
		href += "#" + fragment
	}
	return href
}

// person begins what place is asked for a person by name.
const person = "@"

// place is where a file of the Markdown tree lies in the site, or, of "@" and a name, the page about the one person
// who is called so; "" for none.
func (l *linker) place(file string) string {
	if name, ok := strings.CutPrefix(file, person); ok {
		return l.topics.Person(name)
	}
	if to := l.catalog.ByMD[file]; to != nil {
		return to.HTML
	}
	if l.catalog.File(file) != nil || l.catalog.OlderFiles[file] != nil ||
		l.embedded.File(file) != nil || file == missingPicture {
		return file
	}
	return ""
}

// pictureAt is the size of a picture of the site in pixels, see site.Setting.
func (l *linker) pictureAt(file string) (width, height int) {
	if a := l.catalog.File(file); a != nil {
		return a.Width, a.Height
	}
	if f := l.embedded.File(file); f != nil {
		return f.Width, f.Height
	}
	return 0, 0
}

// view is a content as its page's template shows it, but for body, comments and tree.
func (b *builder) view(n *catalog.Node) site.Page {
	told := n.Told()
	p := site.Page{Path: n.HTML, Marked: site.Marked{Rank: n.Rank},
		Type: n.Type, Status: n.Status, Title: n.Title, Emoji: told.EmojiTitle,
		Space:      homeOf(n.Space),
		Breadcrumb: crumbs(n), Ways: b.ways(n.Space, ""), Nav: tree.Index(n.Space),
		Children: b.children(n), Linked: b.linkedFrom(n),
		Author: b.catalog.People.Author(n.AuthorID), AuthorPage: b.link.topics.People[n.AuthorID], Created: n.CreatedAt,
		Editor: b.catalog.People.Author(n.Version.AuthorID), EditorPage: b.link.topics.People[n.Version.AuthorID],
		Updated: n.Version.CreatedAt,
		Version: n.Version.Number, Message: n.Version.Message, Wide: told.Appearance == "full-width",
		Owner: b.link.owner(n), OwnerPage: b.link.topics.People[n.OwnerID], State: stateOf(n),
		Cover: b.link.coverOf(n).onSite(), Readers: strings.Join(readers(n), ", "),
		Classification: classification(n), Source: b.catalog.Source(n)}
	for _, l := range n.Labels {
		p.Labels = append(p.Labels, site.Link{Text: l, Href: b.link.topics.Labels[l]})
	}
	for _, a := range n.Files {
		p.Attachments = append(p.Attachments, b.file(a))
	}
	if b.cfg.Fetched {
		p.Fetched = n.Fetched
	}
	p.Previous, p.Next = neighbours(n)
	return p
}

// history are the newest versions of a content, where the mirror has more than one.
func (b *builder) history(ctx context.Context, w work) ([]site.Version, error) {
	const most = 30
	n := w.n
	all, err := older{b}.known(ctx, n)
	var out []site.Version
	for _, v := range head(all, most) {
		out = append(out, site.Version{Number: v.Number, Date: v.CreatedAt, Author: w.Name(v.AuthorID),
			Message: markdown.Shield(v.Message, n.Page(), w.asking(b.link))})
	}
	older{b}.place(n, out)
	return out, err
}

// taskCount says how many tasks a content has, and how many of them are done.
type taskCount struct{ done, all int }

// readBeside reads what stands beside contents in the mirror and is small.
func (b *builder) readBeside() (err error) {
	if err = b.readCommented(); err != nil {
		return err
	}
	if b.histories, err = b.link.mirror.Histories(b.ctx); err != nil {
		return err
	}
	b.tasks = map[string]taskCount{}
	for t, err := range b.link.mirror.AllTasks(b.ctx) {
		if err != nil {
			return err
		}
		c := b.tasks[t.PageID]
		c.all++
		if t.Status == "complete" {
			c.done++
		}
		b.tasks[t.PageID] = c
	}
	for _, n := range b.catalog.Nodes {
		if b.catalog.Titled(n.ID) {
			delete(b.commented, n.ID)
			delete(b.histories, n.ID)
			delete(b.tasks, n.ID)
		}
	}
	return nil
}

// readCommented sums up the comments of each content, and which of them were taken away.
func (b *builder) readCommented() error {
	all, err := b.link.mirror.CommentSums(b.ctx)
	b.commented = map[string]trace.Sum{}
	for id, list := range all {
		taken := make([]string, len(list))
		for i, c := range list {
			taken[i] = b.catalog.Taken[mirror.Object{Kind: mirror.KindComment, ID: c.ID}]
		}
		b.commented[id] = trace.SumOf(list, taken)
	}
	return err
}

// crumbs lead from the space to a content's parent; of a long way only the end is shown.
func crumbs(n *catalog.Node) []site.Link {
	var up []site.Link
	for a := n.Parent; a != nil && a != n.Space.Home; a = a.Parent {
		if len(up) == crumbsShown {
			up = append(up, site.Link{Text: "…"})
			break
		}
		up = append(up, linkTo(a))
	}
	up = append(up, homeOf(n.Space))
	slices.Reverse(up)
	return up
}

// children are the links to what lies below a content; where that is much, the last one
// leads to the list of all pages.
func (b *builder) children(n *catalog.Node) []site.Entry {
	var out []site.Entry
	for _, child := range head(n.Children, childrenShown) {
		out = append(out, site.Entry{Link: linkTo(child), Leads: b.link.leaving(child), State: stateOf(child)})
	}
	if rest := len(n.Children) - len(out); rest > 0 {
		next := n.Children[len(out)]
		out = append(out, site.Entry{Link: site.Link{Text: b.site.Say("more", rest),
			Href: tree.Part(next) + "#" + tree.ID(next)}})
	}
	return out
}

// readers are the names of those who may see a content, where only some may.
func readers(n *catalog.Node) []string {
	var all []string
	for _, r := range n.Readers {
		all = append(all, cmp.Or(r.Name, r.Type))
	}
	return all
}

// classification is the name of the level of a content, else that of its space.
func classification(n *catalog.Node) string {
	return cmp.Or(n.Told().Level.Name, n.Space.Classification.Name)
}

func linkTo(n *catalog.Node) site.Link  { return site.Link{Text: n.Marked, Href: n.HTML} }
func homeOf(s *catalog.Space) site.Link { return site.Link{Text: s.Name, Href: s.Path()} }

func (b *builder) file(a *catalog.Attachment) site.Attachment {
	view := site.Attachment{Link: site.Link{Text: a.Title}, MediaType: a.MediaType, Size: a.FileSize,
		Author: b.catalog.People.Author(a.Version.AuthorID), Updated: a.Version.CreatedAt, Comment: a.Comment}
	if a.Published() != "" {
		view.Href = a.Path
	}
	for _, v := range a.Older {
		view.Older = append(view.Older, site.FileVersion{Link: site.Link{Text: v.Title, Href: v.Path},
			Number: v.Version.Number, Size: v.FileSize, Author: b.catalog.People.Author(v.Version.AuthorID),
			Date: v.Version.CreatedAt, Comment: v.Comment})
	}
	return view
}

// neighbours are the contents before and after in the depth-first order of the
// space, or the newer and older blog post.
func neighbours(n *catalog.Node) (before, after site.Link) {
	line := n.Space.Line
	if n.Type == wiki.TypeBlogPost {
		line = n.Space.Blog
	}
	if n.Order > 0 {
		before = linkTo(line[n.Order-1])
	}
	if n.Order+1 < len(line) {
		after = linkTo(line[n.Order+1])
	}
	return before, after
}

// setting is what a content's text must know of its page.
func (b *builder) setting(w work, comments []mirror.Comment) site.Setting {
	marked := map[string]string{}
	for _, id := range marks(comments) {
		i := slices.IndexFunc(comments, func(c mirror.Comment) bool { return names.SafeID(c.ID) == id })
		marked[id] = w.Name(comments[i].Version.AuthorID)
	}
	return site.Setting{Title: w.n.Title, Marked: marked}
}

// commentsOf are the comments of a content as the mirror has them, but for so many that are
// on a text which is left out, and for those that were taken away.
func (b *builder) commentsOf(ctx context.Context, n *catalog.Node) (all []mirror.Comment, held int, err error) {
	if b.commented[n.ID] == (trace.Sum{}) {
		return nil, 0, nil
	}
	if all, err = b.link.mirror.Comments(ctx, n.ID); err != nil {
		return nil, 0, err
	}
	return b.openComments(ctx, n, slices.DeleteFunc(all, func(c mirror.Comment) bool {
		return b.catalog.Taken[mirror.Object{Kind: mirror.KindComment, ID: c.ID}] != ""
	}))
}

// comments are threads of a content as its page shows them. marked are those whose text is marked; what
// is left out of them is added to lost.
func (b *builder) comments(w work, all []talk.Thread, marked map[string]bool, lost *[]markdown.Loss) []site.Comment {
	var out []site.Comment
	for _, c := range all {
		source, less := markdown.Convert([]byte(c.Body), w.n.Page(), w.asking(b.link))
		for _, l := range output.WithheldIn(less) { // what else a comment loses is its author's own affair
			*lost = append(*lost, markdown.Loss{Class: markdown.LossWithheld, Name: catalog.HeldComment,
				Count: l.Count})
		}
		body := b.site.RenderComment(source, names.SafeID(c.ID), w.setting(site.Setting{}))
		*lost = append(*lost, output.RemovedFrom(body)...)
		by := w.Name(c.Version.AuthorID)
		out = append(out, site.Comment{ID: names.SafeID(c.ID), Marked: marked[names.SafeID(c.ID)], Kind: c.Kind,
			Author: by, AuthorPage: w.Place(person + by), Created: c.Version.CreatedAt,
			Resolution: c.Resolution, Body: body,
			Selection: markdown.Shield(c.Selection, w.n.Page(), w.asking(b.link)),
			Replies:   b.comments(w, c.Replies, marked, lost)})
	}
	return out
}

// spaceView is a space as its home shows it.
func (b *builder) spaceView(s *catalog.Space) site.Space {
	v := site.Space{Path: s.Path(), Marked: site.Marked{Rank: s.Rank},
		Key: s.Key, Name: s.Name, Type: s.Type, Status: s.Status,
		Description: s.Description, Changed: rfc3339(b.changed.At), Nav: tree.Index(s),
		Ways: b.ways(s, s.Path()), Source: b.sourceOf(s), Print: b.printPath(s),
		Tree: tree.Top(s.First)}
	if s.Home != nil {
		v.Homepage = linkTo(s.Home)
	}
	v.Recent = b.recentEntries(s.All(), false)
	v.Feeds = []site.Link{{Text: b.site.Say("recent_of", s.Name), Href: feedOf(s, "recent")}}
	if len(s.Blog) > 0 {
		v.Feeds = append(v.Feeds, site.Link{Text: b.site.Say("blog_of", s.Name), Href: feedOf(s, "blog")})
	}
	for _, n := range head(s.Blog, blogShown) {
		v.Blog = append(v.Blog, b.link.entryOn(n, n.CreatedAt, b.catalog.People.Author(n.AuthorID)))
	}
	return v
}

// sourceOf is the address of a space in the wiki.
func (b *builder) sourceOf(s *catalog.Space) string {
	return b.catalog.Address(cmp.Or(s.WebUI, "/spaces/"+url.PathEscape(s.Key)))
}

// recentEntries are what was changed last of some contents; of several spaces with the
// name of each.
func (b *builder) recentEntries(nodes []*catalog.Node, ofAll bool) []site.Entry {
	var out []site.Entry
	for _, n := range head(recent(nodes), recentShown) {
		note := b.catalog.People.Author(n.Version.AuthorID)
		if ofAll {
			note = n.Space.Name
		}
		out = append(out, b.link.entryOn(n, n.Version.CreatedAt, note))
	}
	return out
}

// rfc3339 is a time as pages have it, "" for none.
func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (b *builder) homeView() site.Home {
	h := site.Home{Path: "index.html", Changed: rfc3339(b.changed.At), Ways: b.siteWays("index.html")[1:],
		Recent: b.recentEntries(b.catalog.Nodes, true)}
	for _, s := range b.catalog.Spaces {
		h.Rank = max(h.Rank, s.Rank)
		h.Spaces = append(h.Spaces, site.SpaceLink{Link: homeOf(s), Key: s.Key, Status: s.Status,
			Description: s.Description, Pages: s.Count})
	}
	return h
}
