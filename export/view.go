package export

import (
	"cmp"
	"context"
	"net/url"
	"path"
	"slices"
	"strings"

	"agc-export/export/mirror"
	"agc-export/fetch"
	"agc-export/render/markdown"
	"agc-export/render/site"
)

// maxSiblings bounds the entries of one level of the tree that a page carries, so
// that a page stays small whatever the size of the space.
const maxSiblings = 80

// meta is the front matter of a content's Markdown.
func (b *builder) meta(n *node) markdown.Meta {
	m := markdown.Meta{ID: n.ID, Type: n.Type, Title: n.Title, Space: n.space.Key, Status: n.Status, Labels: n.Labels,
		Author: b.catalog.name(n.AuthorID), Created: n.CreatedAt, Editor: b.catalog.name(n.Version.AuthorID), Updated: n.Version.CreatedAt,
		Version: n.Version.Number, Source: b.catalog.source(n)}
	if n.parent != nil {
		m.Parent = n.parent.Title
	}
	return m
}

// source is a content's address in Confluence.
func (c *catalog) source(n *node) string {
	if strings.HasPrefix(n.WebUI, "/") {
		return c.address(n.WebUI)
	}
	return c.address("/pages/viewpage.action?pageId=" + url.QueryEscape(n.ID))
}

// rewrite turns the destinations in a content's Markdown into those of its HTML.
func (b *builder) rewrite(n *node) site.Rewrite {
	return func(dest string, _ bool) string {
		u, err := url.Parse(dest)
		if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
			return dest
		}
		target := path.Join(path.Dir(n.md), u.Path)
		href := ""
		if to := b.catalog.byMD[target]; to != nil {
			href = to.html
		} else if b.catalog.files[target] != nil || target == missingPicture {
			href = target
		} else {
			return ""
		}
		href = site.Rel(n.html, href)
		if u.Fragment != "" {
			href += "#" + u.EscapedFragment()
		}
		return href
	}
}

// view is a content as its page's template shows it, but for body and comments.
func (b *builder) view(n *node) site.Page {
	p := site.Page{Path: n.html, Type: n.Type, Status: n.Status, Title: n.Title, Emoji: n.EmojiTitle, Space: n.space.link(),
		Tree: b.tree(n), Labels: n.Labels, Author: b.catalog.name(n.AuthorID), Created: n.CreatedAt,
		Editor: b.catalog.name(n.Version.AuthorID), Updated: n.Version.CreatedAt, Version: n.Version.Number, Message: n.Version.Message,
		Source: b.catalog.source(n)}
	for a := n.parent; a != nil && a != n.space.home; a = a.parent {
		p.Breadcrumb = append(p.Breadcrumb, a.link())
	}
	p.Breadcrumb = append(p.Breadcrumb, n.space.link())
	slices.Reverse(p.Breadcrumb)
	for _, child := range n.children {
		p.Children = append(p.Children, child.link())
	}
	for _, a := range n.files {
		p.Attachments = append(p.Attachments, b.file(a))
	}
	p.Previous, p.Next = n.neighbours()
	return p
}

func (n *node) link() site.Link  { return site.Link{Text: n.Title, Href: n.html} }
func (s *space) link() site.Link { return site.Link{Text: s.Name, Href: s.path()} }
func (s *space) path() string    { return "spaces/" + s.dir + "/index.html" }

func (b *builder) file(a *attachment) site.Attachment {
	view := site.Attachment{Link: site.Link{Text: a.Title}, MediaType: a.MediaType, Size: a.FileSize,
		Author: b.catalog.name(a.Version.AuthorID), Updated: a.Version.CreatedAt, Comment: a.Comment}
	if a.bytes() != "" {
		view.Href = a.path
	}
	return view
}

// tree is the part of the space's tree that a page shows: the levels of its
// ancestors and its own, and its children.
func (b *builder) tree(n *node) []site.Node {
	open := map[*node]bool{}
	for a := n; a != nil; a = a.parent {
		open[a] = true
	}
	var level func([]*node) []site.Node
	level = func(siblings []*node) []site.Node {
		var out []site.Node
		for _, s := range window(siblings, open) {
			entry := site.Node{Link: s.link(), Type: s.Type, Current: s == n, Open: open[s], More: len(s.children) > 0 && !open[s]}
			if open[s] {
				entry.Children = level(s.children)
			}
			out = append(out, entry)
		}
		return out
	}
	return level(n.space.top())
}

// window is a level of the tree, cut to maxSiblings around the one that is open.
func window(siblings []*node, open map[*node]bool) []*node {
	if len(siblings) <= maxSiblings {
		return siblings
	}
	at := max(0, slices.IndexFunc(siblings, func(n *node) bool { return open[n] }))
	from := min(max(0, at-maxSiblings/2), len(siblings)-maxSiblings)
	return siblings[from : from+maxSiblings]
}

// neighbours are the contents before and after in the depth-first order of the
// space, or the newer and older blog post.
func (n *node) neighbours() (before, after site.Link) {
	line := n.space.line
	if n.Type == fetch.TypeBlogPost {
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

// comments are the threads of a content.
func (b *builder) comments(ctx context.Context, n *node) ([]site.Comment, error) {
	all, err := b.mirror.Comments(ctx, n.ID)
	if err != nil {
		return nil, err
	}
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
	threads := b.thread(n, below, "")
	for _, id := range sortedKeys(below) { // replies that answer each other
		threads = append(threads, b.thread(n, below, id)...)
	}
	return threads, nil
}

func shown(c mirror.Comment) bool {
	return isPresent(c.Gone) && c.Status != fetch.StatusTrashed && c.Status != fetch.StatusDeleted
}

// thread takes the replies to a comment out of below, so that a cycle ends.
func (b *builder) thread(n *node, below map[string][]mirror.Comment, id string) []site.Comment {
	level := below[id]
	delete(below, id)
	var out []site.Comment
	for _, c := range level {
		body, _ := markdown.Convert([]byte(c.Body), n.page(), b.link)
		out = append(out, site.Comment{ID: safeID(c.ID), Kind: c.Kind, Author: b.catalog.name(c.Version.AuthorID), Created: c.Version.CreatedAt,
			Resolution: c.Resolution, Selection: c.Selection, Body: site.RenderComment(body, safeID(c.ID), b.rewrite(n)),
			Replies: b.thread(n, below, c.ID)})
	}
	return out
}

// spaceView is a space as its home shows it.
func (b *builder) spaceView(s *space) site.Space {
	v := site.Space{Path: s.path(), Key: s.Key, Name: s.Name, Type: s.Type, Status: s.Status, Description: s.Description,
		Source: b.catalog.address(cmp.Or(s.WebUI, "/spaces/"+url.PathEscape(s.Key))), Tree: wholeTree(s.top())}
	if s.home != nil {
		v.Homepage = s.home.link()
	}
	for _, n := range s.blog {
		v.Blog = append(v.Blog, site.BlogPost{Link: n.link(), Author: b.catalog.name(n.AuthorID), Created: n.CreatedAt})
	}
	return v
}

func wholeTree(siblings []*node) []site.Node {
	var out []site.Node
	for _, n := range siblings {
		out = append(out, site.Node{Link: n.link(), Type: n.Type, Children: wholeTree(n.children)})
	}
	return out
}

func (b *builder) homeView() site.Home {
	h := site.Home{Path: "index.html"}
	for _, s := range b.catalog.spaces {
		h.Spaces = append(h.Spaces, site.SpaceLink{Link: s.link(), Key: s.Key, Status: s.Status, Description: s.Description, Pages: s.count})
	}
	return h
}
