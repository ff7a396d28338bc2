package publish

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"agc-export/export/access"
	"agc-export/export/address"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/picture"
	"agc-export/export/titles"
	"agc-export/export/trace"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
	"agc-export/render/relative"
)

// linker answers the converter's questions from the catalog; it is the build's
// markdown.Tenant. The anchors of link targets are found once and kept.
type linker struct {
	ctx      context.Context
	catalog  *Catalog
	mirror   *mirror.Mirror
	sites    address.Sites
	bare     bareTitles
	traces   *trace.Build
	anchors  sync.Map // content id -> *places
	embedded *picture.Store
	damaged  atomic.Pointer[error] // the first body that is not as it was stored
	finder
}

// places are the anchors of one page, found on first use.
type places struct {
	once sync.Once
	*markdown.Places
}

// Resolve says what a target of a page is and how that page's Markdown links to it.
func (l *linker) Resolve(from markdown.Page, t markdown.Target) markdown.Ref {
	switch t.Kind {
	case markdown.TargetURL:
		return l.resolveURL(from, t)
	case markdown.TargetUser:
		return l.user(t.ID)
	case markdown.TargetSpace:
		return l.space(from, t.SpaceKey)
	case markdown.TargetAttachment:
		return l.attachment(from, t)
	case markdown.TargetIssue:
		return l.catalog.issue(t.ID)
	case markdown.TargetSearch:
		return l.catalog.search(t.Title)
	case markdown.TargetComment: // who converts a content with its comments knows them: backlinker
		return markdown.Ref{Type: markdown.TargetComment, Missing: "not shown"}
	case markdown.TargetPicture:
		return l.embedded.Keep(from, t.URL)
	case markdown.TargetMissing:
		return markdown.Ref{Href: names.EscapePath(relative.Path(from.Path, missingPicture)), Image: true}
	}
	n, missing := l.find(from, t)
	if n != nil {
		return l.target(from, n, t.Anchor)
	}
	return missing
}

// find is the published content that a page, blog post or id names, else what to
// show in its place.
func (l *linker) find(from markdown.Page, t markdown.Target) (*node, markdown.Ref) {
	c := l.catalog
	if t.Kind == markdown.TargetContent {
		if n := c.byID[t.ID]; n != nil {
			return n, markdown.Ref{}
		}
		return nil, c.missing(t.ID, "", "/pages/viewpage.action?pageId="+url.QueryEscape(t.ID))
	}
	self := c.byID[from.ID]
	switch t.Title {
	case "", "@self":
		if self != nil {
			return self, markdown.Ref{}
		}
	case "@home":
		if self != nil && self.space.home != nil {
			return self.space.home, markdown.Ref{}
		}
	case "@parent":
		if self != nil && self.parent != nil {
			return self.parent, markdown.Ref{}
		}
	}
	space := t.SpaceKey
	if space == "" || strings.HasPrefix(space, "currentSpace") || space == "@self" {
		space = from.SpaceKey
	}
	spellings := []string{t.Title}
	if twice := address.Decoded(t.Title); twice != t.Title { // of an address that was encoded twice
		spellings = append(spellings, twice)
	}
	secret := titles.Nothing
	for _, title := range spellings {
		if n := c.titles[titleKey(space, t.Kind, title)]; n != nil {
			return n, markdown.Ref{}
		}
		secret = max(secret, c.secret.Of(space, title))
	}
	switch secret {
	case titles.Restricted:
		return nil, restrictedRef
	case titles.Doubtful:
		return nil, unshownRef
	}
	address := "/display/" + url.PathEscape(space) + "/" + url.QueryEscape(t.Title)
	return nil, markdown.Ref{Type: t.Kind, Title: t.Title, Missing: c.absence(space), Href: c.address(address)}
}

// All that is said of content that may not be published, and of what may be such a one.
var (
	restrictedRef = markdown.Ref{Type: wiki.TypePage, Title: "restricted page", Missing: access.Restricted}
	unshownRef    = markdown.Ref{Type: wiki.TypePage, Title: "page that is not shown", Missing: access.Unshown}
)

// isSilent reports what stands for something of which nothing may be said.
func isSilent(ref markdown.Ref) bool {
	return ref.Missing == access.Restricted || ref.Missing == access.Unshown
}

// missing describes a content that is known or unknown but not published.
func (c *Catalog) missing(id, title, path string) markdown.Ref {
	why := c.withheld[id]
	switch {
	case c.closed[id] != "":
		return restrictedRef
	case c.absent[id] || why == "" && c.secret.OfID(id) != titles.Nothing:
		return unshownRef
	case why == "":
		why = "no such page"
	}
	if title == "" {
		title = "page " + id
	}
	return markdown.Ref{Type: wiki.TypePage, ID: id, Title: title, Missing: why, Href: c.address(path)}
}

// absence says why a page of a space is not there.
func (c *Catalog) absence(spaceKey string) string {
	for _, s := range c.spaces {
		if strings.EqualFold(s.Key, spaceKey) {
			return "no such page"
		}
	}
	return access.NotExported
}

// address is a path below /wiki as an address in Confluence.
func (c *Catalog) address(path string) string {
	if path == "" || c.site.URL == "" {
		return ""
	}
	return c.site.URL + "/wiki" + path
}

// issue is a Jira issue of the same site: by its key alone where it was not fetched.
func (c *Catalog) issue(key string) markdown.Ref {
	ref := markdown.Ref{Type: markdown.TargetIssue, ID: key, Title: key, Missing: "not fetched"}
	if c.site.URL != "" {
		ref.Href = c.site.URL + "/browse/" + url.PathEscape(key)
	}
	if i, ok := c.issues[key]; ok {
		ref.Title, ref.Status, ref.Missing = key+": "+i.Summary, i.Status, ""
	}
	return ref
}

// search is Jira's list of the issues that match a query.
func (c *Catalog) search(jql string) markdown.Ref {
	ref := markdown.Ref{Type: markdown.TargetSearch, Title: jql}
	if c.site.URL != "" {
		ref.Href = c.site.URL + "/issues/?jql=" + url.QueryEscape(jql)
	}
	return ref
}

// page is a published content as a link from another, to an anchor if that exists.
func (l *linker) page(from markdown.Page, n *node, anchor string) markdown.Ref {
	href := names.EscapePath(relative.Path(from.Path, n.md))
	if anchor != "" {
		if id, ok := l.placesOf(n).Lookup(anchor); ok {
			href += "#" + id
		}
	}
	ref := l.row(n)
	ref.Href = href
	return ref
}

// target is what a link needs to know of a content, and no more: whatever else changes of that
// content, the pages that link to it stay as they are.
func (l *linker) target(from markdown.Page, n *node, anchor string) markdown.Ref {
	ref := l.page(from, n, anchor)
	return markdown.Ref{Type: ref.Type, ID: ref.ID, SpaceKey: ref.SpaceKey, Title: ref.Title, Status: ref.Status,
		Href: ref.Href, Page: ref.Page}
}

// row is what lists show of a content.
func (l *linker) row(n *node) markdown.Ref {
	return markdown.Ref{Type: n.Type, ID: n.ID, SpaceKey: n.space.Key, Title: n.Title, Status: n.Status,
		Labels: n.Labels,
		Author: l.catalog.people.Author(n.AuthorID), Created: n.CreatedAt,
		Editor:  l.catalog.people.Author(n.Version.AuthorID),
		Updated: n.Version.CreatedAt, Version: n.Version.Number, Page: n.page()}
}

// page is what the converter needs to know of a content.
func (n *node) page() markdown.Page {
	return markdown.Page{ID: n.ID, Type: n.Type, Title: n.Title, SpaceKey: n.space.Key, Path: n.md,
		Guarded: n.space.guarded}
}

// placesOf finds a page's anchors. A body that cannot be read has none.
func (l *linker) placesOf(n *node) *places {
	v, _ := l.anchors.LoadOrStore(n.ID, &places{})
	p := v.(*places)
	p.once.Do(func() {
		w := l.newWork(workAnchors, n, n.Sum, n.page(), n.held)
		p.Places = &markdown.Places{}
		if w.Known(p.Places) {
			return
		}
		body, err := l.readable(l.ctx, n)
		if err != nil {
			body = ""
		}
		p.Places = markdown.Anchors([]byte(body), n.page(), unanchored{trace.Asking{Tenant: l, Work: w.Work}})
		w.Done(p.Places)
	})
	return p
}

// unanchored is the linker while the places of a page are found: links lead to pages,
// not to places in them. Two pages that link to each other's places would otherwise
// wait for one another for ever.
type unanchored struct{ trace.Asking }

// Resolve is that of the linker, for the page that the target is or lies in.
func (u unanchored) Resolve(from markdown.Page, t markdown.Target) markdown.Ref {
	t.Anchor = ""
	t.URL, _, _ = strings.Cut(t.URL, "#")
	return u.Asking.Resolve(from, t)
}

// user is an account that a text names.
func (l *linker) user(id string) markdown.Ref {
	ref := markdown.Ref{Type: markdown.TargetUser, ID: id, Title: l.catalog.people.Name(id)}
	if l.catalog.people.Known(id) {
		ref.Href = l.catalog.address("/people/" + url.PathEscape(id))
	}
	return ref
}

func (l *linker) space(from markdown.Page, key string) markdown.Ref {
	for _, s := range l.catalog.spaces {
		if !strings.EqualFold(s.Key, key) {
			continue
		}
		ref := markdown.Ref{Type: markdown.TargetSpace, ID: s.ID, SpaceKey: s.Key, Title: s.Name}
		if top := s.first; len(top) > 0 {
			ref.Href = names.EscapePath(relative.Path(from.Path, top[0].md))
		}
		return ref
	}
	return markdown.Ref{Type: markdown.TargetSpace, SpaceKey: key, Title: key, Missing: access.NotExported,
		Href: l.catalog.address("/spaces/" + url.PathEscape(key))}
}

// attachment finds a file by name on the page that the target names, the exact name
// first.
func (l *linker) attachment(from markdown.Page, t markdown.Target) markdown.Ref {
	holder := l.catalog.byID[from.ID]
	if t.Container != nil {
		n, missing := l.find(from, *t.Container)
		if n == nil {
			title := t.Filename
			if isSilent(missing) {
				title = strings.Replace(missing.Title, "page", "file", 1)
			}
			missing.Type, missing.Title = markdown.TargetAttachment, title
			return missing
		}
		holder = n
	}
	if holder == nil {
		return markdown.Ref{Type: markdown.TargetAttachment, Title: t.Filename, Missing: "no such file"}
	}
	i := indexFile(holder.files, t)
	if i < 0 {
		return markdown.Ref{Type: markdown.TargetAttachment, Title: t.Filename, Missing: "no such file",
			Href: l.catalog.address("/pages/viewpageattachments.action?pageId=" + url.QueryEscape(holder.ID))}
	}
	return l.file(from, holder.files[i])
}

// indexFile finds a file by its id or name: the exact name first, then one that differs in case or,
// as addresses have it, in the sign for a blank.
func indexFile(files []*attachment, t markdown.Target) int {
	by := func(same func(*attachment) bool) int { return slices.IndexFunc(files, same) }
	if t.ID != "" {
		id := strings.TrimPrefix(t.ID, "att")
		return by(func(a *attachment) bool { return strings.TrimPrefix(a.ID, "att") == id })
	}
	i := by(func(a *attachment) bool { return a.Title == t.Filename })
	for _, name := range []string{t.Filename, strings.ReplaceAll(t.Filename, "+", " "), address.Decoded(t.Filename)} {
		if i < 0 && len(files) > 0 {
			folded := names.FoldName(name)
			i = by(func(a *attachment) bool { return a.folded == folded })
		}
	}
	return i
}

// file is a published attachment as a link from a page.
func (l *linker) file(from markdown.Page, a *attachment) markdown.Ref {
	ref := markdown.Ref{Type: markdown.TargetAttachment, ID: a.ID, Title: a.Title, MediaType: a.MediaType,
		Size: a.FileSize, Author: l.catalog.people.Author(a.Version.AuthorID), Created: a.Version.CreatedAt,
		Updated: a.Version.CreatedAt, Version: a.Version.Number, SpaceKey: a.node.space.Key, Page: a.node.page()}
	if a.bytes() == "" {
		ref.Missing = "not downloaded"
		ref.Href = l.catalog.address("/pages/viewpageattachments.action?pageId=" + url.QueryEscape(a.PageID))
		return ref
	}
	ref.Href = names.EscapePath(relative.Path(from.Path, a.path))
	ref.Image = a.isPicture() || a.picture != ""
	if a.picture != "" {
		ref.Picture = names.EscapePath(relative.Path(from.Path, a.picture))
	}
	return ref
}
