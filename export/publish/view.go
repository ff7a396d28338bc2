package publish

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/trace"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
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
func (b *builder) meta(n *node) markdown.Meta {
	m := markdown.Meta{ID: n.ID, Type: n.Type, Title: n.Title, Space: n.space.Key, Status: n.Status, Labels: n.Labels,
		Author: b.catalog.people.Author(n.AuthorID), Created: n.CreatedAt,
		Editor:  b.catalog.people.Author(n.Version.AuthorID),
		Updated: n.Version.CreatedAt,
		Version: n.Version.Number, Source: b.catalog.source(n), Banner: b.banner}
	if n.parent != nil {
		m.Parent = n.parent.Title
	}
	return m
}

// source is a content's address in Confluence.
func (c *Catalog) source(n *node) string {
	if strings.HasPrefix(n.WebUI, "/") {
		return c.address(n.WebUI)
	}
	return c.address("/pages/viewpage.action?pageId=" + url.QueryEscape(n.ID))
}

// rewrite turns a destination in a content's Markdown into that of its HTML; place says where files
// of the Markdown lie in the site.
func rewrite(n *node, dest string, place func(file string) string) string {
	u, err := url.Parse(dest)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
		return dest
	}
	href := place(path.Join(path.Dir(n.md), u.Path))
	if href == "" {
		return ""
	}
	href = site.Rel(n.html, href)
	if u.Fragment != "" {
		href += "#" + u.EscapedFragment()
	}
	return href
}

// place is where a file of the Markdown tree lies in the site, "" for none.
func (l *linker) place(file string) string {
	if to := l.catalog.byMD[file]; to != nil {
		return to.html
	}
	if l.catalog.file(file) != nil || l.embedded.File(file) != nil || file == missingPicture {
		return file
	}
	return ""
}

// pictureAt is the size of a picture of the site in pixels, see site.Setting.
func (l *linker) pictureAt(file string) (width, height int) {
	if a := l.catalog.file(file); a != nil {
		return a.width, a.height
	}
	if f := l.embedded.File(file); f != nil {
		return f.Width, f.Height
	}
	return 0, 0
}

// file is the attachment that a published path holds, as it is or as a safe picture.
func (c *Catalog) file(p string) *attachment {
	if a := c.files[p]; a != nil {
		return a
	}
	if a := c.files[p+".txt"]; a != nil && a.picture == p {
		return a
	}
	return nil
}

// view is a content as its page's template shows it, but for body and comments.
func (b *builder) view(n *node) site.Page {
	p := site.Page{Path: n.html, Type: n.Type, Status: n.Status, Title: n.Title, Emoji: n.EmojiTitle,
		Space:      n.space.link(),
		Breadcrumb: crumbs(n), Ways: b.ways(n.space, ""), Tree: treeOf(n), Nav: n.space.navIndex(),
		Children: b.children(n), Linked: b.linkedFrom(n),
		Author: b.catalog.people.Author(n.AuthorID), AuthorPage: b.personPages[n.AuthorID], Created: n.CreatedAt,
		Editor: b.catalog.people.Author(n.Version.AuthorID), EditorPage: b.personPages[n.Version.AuthorID],
		Updated: n.Version.CreatedAt,
		Version: n.Version.Number, Message: n.Version.Message, Wide: n.Appearance == "full-width", Readers: readers(n),
		Classification: cmp.Or(n.Classification.Name, n.space.Classification.Name), Source: b.catalog.source(n)}
	for _, l := range n.Labels {
		p.Labels = append(p.Labels, site.Link{Text: l, Href: b.labelPages[l]})
	}
	for _, a := range n.files {
		p.Attachments = append(p.Attachments, b.file(a))
	}
	p.Previous, p.Next = n.neighbours()
	return p
}

// history are the newest versions of a content, where the mirror has more than one.
func (b *builder) history(ctx context.Context, w work) ([]site.Version, error) {
	const most = 30
	n := w.n
	if b.histories[n.ID].Newest < 2 {
		return nil, nil
	}
	all, err := b.link.mirror.Versions(ctx, n.ID)
	if len(all) < 2 {
		return nil, err // the older ones are pruned: the line of the version says it all
	}
	var out []site.Version
	for _, v := range head(all, most) {
		out = append(out, site.Version{Number: v.Number, Date: v.CreatedAt, Author: w.Name(v.AuthorID),
			Message: v.Message})
	}
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
	return nil
}

// readCommented sums up the comments of each content, and which of them were taken away.
func (b *builder) readCommented() error {
	all, err := b.link.mirror.CommentSums(b.ctx)
	b.commented = map[string]trace.Sum{}
	for id, list := range all {
		taken := make([]string, len(list))
		for i, c := range list {
			taken[i] = b.catalog.taken[mirror.Object{Kind: mirror.KindComment, ID: c.ID}]
		}
		b.commented[id] = trace.SumOf(list, taken)
	}
	return err
}

// crumbs lead from the space to a content's parent; of a long way only the end is shown.
func crumbs(n *node) []site.Link {
	var up []site.Link
	for a := n.parent; a != nil && a != n.space.home; a = a.parent {
		if len(up) == crumbsShown {
			up = append(up, site.Link{Text: "…"})
			break
		}
		up = append(up, a.link())
	}
	up = append(up, n.space.link())
	slices.Reverse(up)
	return up
}

// children are the links to what lies below a content; where that is much, the last one
// leads to the list of all pages.
func (b *builder) children(n *node) []site.Link {
	var out []site.Link
	for _, child := range head(n.children, childrenShown) {
		out = append(out, child.link())
	}
	if rest := len(n.children) - len(out); rest > 0 {
		next := n.children[len(out)]
		out = append(out, site.Link{Text: b.site.Say("more", rest), Href: n.space.treePart(next) + "#" + treeID(next)})
	}
	return out
}

// readers are the names of those who may see a content, where only some may.
func readers(n *node) string {
	var all []string
	for _, r := range n.Readers {
		all = append(all, cmp.Or(r.Name, r.Type))
	}
	return strings.Join(all, ", ")
}

func (n *node) link() site.Link  { return site.Link{Text: n.Title, Href: n.html} }
func (s *space) link() site.Link { return site.Link{Text: s.Name, Href: s.path()} }
func (s *space) path() string    { return "spaces/" + s.dir + "/index.html" }

func (b *builder) file(a *attachment) site.Attachment {
	view := site.Attachment{Link: site.Link{Text: a.Title}, MediaType: a.MediaType, Size: a.FileSize,
		Author: b.catalog.people.Author(a.Version.AuthorID), Updated: a.Version.CreatedAt, Comment: a.Comment}
	if a.bytes() != "" {
		view.Href = a.path
	}
	return view
}

// neighbours are the contents before and after in the depth-first order of the
// space, or the newer and older blog post.
func (n *node) neighbours() (before, after site.Link) {
	line := n.space.line
	if n.Type == wiki.TypeBlogPost {
		line = n.space.blog
	}
	if n.order > 0 {
		before = line[n.order-1].link()
	}
	if n.order+1 < len(line) {
		after = line[n.order+1].link()
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
func (b *builder) commentsOf(ctx context.Context, n *node) (all []mirror.Comment, held int, err error) {
	if b.commented[n.ID] == (trace.Sum{}) {
		return nil, 0, nil
	}
	if all, err = b.link.mirror.Comments(ctx, n.ID); err != nil {
		return nil, 0, err
	}
	return b.openComments(ctx, n, slices.DeleteFunc(all, func(c mirror.Comment) bool {
		return b.catalog.taken[mirror.Object{Kind: mirror.KindComment, ID: c.ID}] != ""
	}))
}

// comments are the threads of a content. marked are those whose text is marked; what is left
// out of them is added to lost.
func (b *builder) comments(w work, all []mirror.Comment, marked map[string]bool, lost *[]markdown.Loss) []site.Comment {
	known := map[string]bool{}
	for _, c := range all {
		known[c.ID] = known[c.ID] || shown(c)
	}
	below := map[string][]mirror.Comment{}
	for _, c := range all {
		if parent := c.ParentID; !shown(c) {
			continue
		} else if known[parent] && parent != c.ID {
			below[parent] = append(below[parent], c)
		} else {
			below[""] = append(below[""], c) // a root, or its parent is gone: never dropped
		}
	}
	threads := b.thread(w, below, "", marked, lost)
	for _, id := range slices.Sorted(maps.Keys(below)) { // replies that answer each other
		threads = append(threads, b.thread(w, below, id, marked, lost)...)
	}
	return threads
}

func shown(c mirror.Comment) bool {
	return mirror.IsPresent(c.Gone) && c.Status != wiki.StatusTrashed && c.Status != wiki.StatusDeleted
}

// thread takes the replies to a comment out of below, so that a cycle ends.
func (b *builder) thread(w work, below map[string][]mirror.Comment, id string, marked map[string]bool,
	lost *[]markdown.Loss) []site.Comment {
	siblings := below[id]
	delete(below, id)
	var out []site.Comment
	for _, c := range siblings {
		source, less := markdown.Convert([]byte(c.Body), w.n.page(), trace.Asking{Tenant: b.link, Work: w.Work})
		for _, l := range output.WithheldIn(less) { // what else a comment loses is its author's own affair
			*lost = append(*lost, markdown.Loss{Class: markdown.LossWithheld, Name: heldComment, Count: l.Count})
		}
		body := b.site.RenderComment(source, names.SafeID(c.ID), w.setting(site.Setting{}))
		*lost = append(*lost, output.RemovedFrom(body)...)
		out = append(out, site.Comment{ID: names.SafeID(c.ID), Marked: marked[names.SafeID(c.ID)], Kind: c.Kind,
			Author: w.Name(c.Version.AuthorID), Created: c.Version.CreatedAt,
			Resolution: c.Resolution, Selection: c.Selection, Body: body,
			Replies: b.thread(w, below, c.ID, marked, lost)})
	}
	return out
}

// spaceView is a space as its home shows it.
func (b *builder) spaceView(s *space) site.Space {
	v := site.Space{Path: s.path(), Key: s.Key, Name: s.Name, Type: s.Type, Status: s.Status,
		Description: s.Description, Nav: s.navIndex(),
		Ways: b.ways(s, s.path()), Source: b.catalog.address(cmp.Or(s.WebUI, "/spaces/"+url.PathEscape(s.Key))),
		Tree: topTree(s.first)}
	if s.home != nil {
		v.Homepage = s.home.link()
	}
	v.Recent = b.recentEntries(s.all(), false)
	v.Feeds = []site.Link{{Text: b.site.Say("recent_of", s.Name), Href: s.feed("recent")}}
	if len(s.blog) > 0 {
		v.Feeds = append(v.Feeds, site.Link{Text: b.site.Say("blog_of", s.Name), Href: s.feed("blog")})
	}
	for _, n := range head(s.blog, blogShown) {
		v.Blog = append(v.Blog, n.entryOn(n.CreatedAt, b.catalog.people.Author(n.AuthorID)))
	}
	return v
}

// recentEntries are what was changed last of some contents; of several spaces with the
// name of each.
func (b *builder) recentEntries(nodes []*node, ofAll bool) []site.Entry {
	var out []site.Entry
	for _, n := range head(recent(nodes), recentShown) {
		note := b.catalog.people.Author(n.Version.AuthorID)
		if ofAll {
			note = n.space.Name
		}
		out = append(out, n.entryOn(n.Version.CreatedAt, note))
	}
	return out
}

// topTree is the upper end of a space's tree: as many whole rows as treeShown has room
// for, the first in any case, cut where it alone is too long.
func topTree(siblings []*node) []site.Node {
	const treeShown, siblingsShown = 60, 40
	depth, shown, below := 1, len(siblings), siblings
	for {
		var next []*node
		for _, n := range below {
			next = append(next, n.children...)
		}
		shown += len(next)
		if len(next) == 0 || shown > treeShown {
			break
		}
		depth, below = depth+1, next
	}
	var cut func([]*node, int) []site.Node
	cut = func(siblings []*node, depth int) []site.Node {
		var out []site.Node
		for _, n := range head(siblings, siblingsShown) {
			entry := n.entry()
			if depth > 1 && len(n.children) > 0 {
				entry.Open, entry.More, entry.Children = true, false, cut(n.children, depth-1)
			}
			out = append(out, entry)
		}
		if rest := len(siblings) - len(out); rest > 0 {
			out = append(out, restOf(siblings[len(out)], rest))
		}
		return out
	}
	return cut(siblings, depth)
}

func (b *builder) homeView() site.Home {
	h := site.Home{Path: "index.html", Ways: b.siteWays("index.html")[1:],
		Recent: b.recentEntries(b.catalog.nodes, true)}
	for _, s := range b.catalog.spaces {
		h.Spaces = append(h.Spaces, site.SpaceLink{Link: s.link(), Key: s.Key, Status: s.Status,
			Description: s.Description, Pages: s.count})
	}
	return h
}
