package publish

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"agc-export/export/access"
	"agc-export/export/address"
	"agc-export/export/catalog"
	"agc-export/export/inventory"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/picture"
	"agc-export/export/titles"
	"agc-export/export/topic"
	"agc-export/export/trace"
	"agc-export/export/tree"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
	"agc-export/render/relative"
)

// linker answers the converter's questions from the catalog; it is the build's
// markdown.Tenant. The anchors of link targets are found once and kept.
type linker struct {
	ctx      context.Context
	catalog  *catalog.Catalog
	mirror   *mirror.Mirror
	sites    address.Sites
	bare     bareTitles
	traces   *trace.Build
	anchors  sync.Map // content id -> *places
	embedded *picture.Store
	topics   *topic.Pages
	trees    tree.Sums             // once contents have numbers
	begun    sync.Map              // content id -> the first words of a blog post
	heads    bool                  // it is asked for the words of headings
	damaged  atomic.Pointer[error] // the first body that is not as it was stored
	macros   inventory.Tally       // of what was converted or taken over
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
		return l.issue(t.ID)
	case markdown.TargetSearch:
		return l.search(t.Title)
	case markdown.TargetComment: // who converts a content with its comments knows them: backlinker
		return markdown.Ref{Type: markdown.TargetComment, Missing: "not shown"}
	case markdown.TargetPicture:
		return l.embedded.Keep(from, t.URL)
	case markdown.TargetTitle:
		if l.catalog.Secret.Any(t.Title) {
			return catalog.UnshownRef
		}
		return markdown.Ref{}
	case markdown.TargetMissing:
		return markdown.Ref{Href: names.EscapePath(relative.Path(from.Path, missingPicture)), Image: true}
	}
	n, missing := l.find(from, t)
	if n != nil {
		return l.target(from, n, t.Anchor)
	}
	return missing
}

// find is the published content that a page, blog post, id or address names, else what to
// show in its place.
func (l *linker) find(from markdown.Page, t markdown.Target) (*catalog.Node, markdown.Ref) {
	c := l.catalog
	if t.Kind == markdown.TargetURL {
		ref := l.resolveURL(from, t)
		ref.Missing = cmp.Or(ref.Missing, access.NotExported)
		return c.ByID[ref.ID], ref
	}
	if t.Kind == markdown.TargetContent {
		if n := c.ByID[t.ID]; n != nil {
			return n, markdown.Ref{}
		}
		return nil, c.Missing(t.ID, "", "/pages/viewpage.action?pageId="+url.QueryEscape(t.ID))
	}
	self := c.ByID[from.ID]
	switch t.Title {
	case "", "@self":
		if self != nil {
			return self, markdown.Ref{}
		}
	case "@home":
		if self != nil && self.Space.Home != nil {
			return self.Space.Home, markdown.Ref{}
		}
	case "@parent":
		if self != nil && self.Parent != nil {
			return self.Parent, markdown.Ref{}
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
		if n := c.Titles[catalog.TitleKey(space, t.Kind, title)]; n != nil {
			return n, markdown.Ref{}
		}
		secret = max(secret, c.Secret.Of(space, title))
	}
	switch secret {
	case titles.Restricted:
		return nil, catalog.RestrictedRef
	case titles.Doubtful:
		return nil, catalog.UnshownRef
	}
	address := "/display/" + url.PathEscape(space) + "/" + url.QueryEscape(t.Title)
	return nil, markdown.Ref{Type: t.Kind, Title: t.Title, Missing: c.Absence(space), Href: c.Address(address)}
}

// issue is a Jira issue of the same site: by its key alone where it was not fetched.
func (l *linker) issue(key string) markdown.Ref {
	ref := markdown.Ref{Type: markdown.TargetIssue, ID: key, Title: key, Missing: "not fetched"}
	if l.catalog.Site().URL != "" {
		ref.Href = l.catalog.Site().URL + "/browse/" + url.PathEscape(key)
	}
	if i, ok := l.catalog.Issues[key]; ok {
		ref.Title, ref.Status, ref.Missing = key+": "+i.Summary, i.Status, ""
	}
	return ref
}

// search is Jira's list of the issues that match a query.
func (l *linker) search(jql string) markdown.Ref {
	ref := markdown.Ref{Type: markdown.TargetSearch, Title: jql}
	if l.catalog.Site().URL != "" {
		ref.Href = l.catalog.Site().URL + "/issues/?jql=" + url.QueryEscape(jql)
	}
	return ref
}

// page is a published content as a link from another, to an anchor if that exists.
func (l *linker) page(from markdown.Page, n *catalog.Node, anchor string) markdown.Ref {
	ref := l.row(n)
	ref.Href = names.EscapePath(relative.Path(from.Path, n.MD))
	if anchor != "" {
		places := l.placesOf(n)
		if id, ok := places.Lookup(anchor); ok {
			ref.Href += "#" + id
			if l.heads {
				ref.Heading = places.Heading(id)
			}
		}
	}
	return ref
}

// target is what a link needs to know of a content, and no more: whatever else changes of that
// content, the pages that link to it stay as they are.
func (l *linker) target(from markdown.Page, n *catalog.Node, anchor string) markdown.Ref {
	ref := l.page(from, n, anchor)
	return markdown.Ref{Type: ref.Type, ID: ref.ID, SpaceKey: ref.SpaceKey, Title: ref.Title, Status: ref.Status,
		Href: ref.Href, Page: ref.Page,
		Heading: ref.Heading}
}

// row is what lists show of a content.
func (l *linker) row(n *catalog.Node) markdown.Ref {
	return markdown.Ref{Type: n.Type, ID: n.ID, SpaceKey: n.Space.Key, Title: n.Marked, Status: n.Status,
		Labels: n.Labels,
		Author: l.catalog.People.Author(n.AuthorID), Created: n.CreatedAt,
		Editor:  l.catalog.People.Author(n.Version.AuthorID),
		Updated: n.Version.CreatedAt, Version: n.Version.Number, Page: n.Page()}
}

// placesOf finds a page's anchors. A body that cannot be read has none.
func (l *linker) placesOf(n *catalog.Node) *places {
	v, _ := l.anchors.LoadOrStore(n.ID, &places{})
	p := v.(*places)
	p.once.Do(func() {
		w := l.newWork(workAnchors, n, n.Sum, n.Page(), n.Held)
		p.Places = &markdown.Places{}
		if !l.heads && w.Known(p.Places) {
			return
		}
		body, err := l.readable(l.ctx, n)
		if err != nil {
			body = ""
		}
		p.Places = markdown.Anchors([]byte(body), n.Page(), unanchored{trace.Asking{Tenant: l, Work: w.Work}})
		if !l.heads { // which are not kept
			w.Done(p.Places)
		}
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

// user is an account that a text names. Its address in the wiki holds its id, which is not for readers: a site leads
// to the page about the person.
func (l *linker) user(id string) markdown.Ref {
	ref := markdown.Ref{Type: markdown.TargetUser, Title: l.catalog.People.Name(id)}
	if l.catalog.People.Known(id) {
		ref.ID = id
	}
	return ref
}

func (l *linker) space(from markdown.Page, key string) markdown.Ref {
	for _, s := range l.catalog.Spaces {
		if !strings.EqualFold(s.Key, key) {
			continue
		}
		ref := markdown.Ref{Type: markdown.TargetSpace, ID: s.ID, SpaceKey: s.Key, Title: s.Name}
		if top := s.First; len(top) > 0 {
			ref.Href = names.EscapePath(relative.Path(from.Path, top[0].MD))
		}
		return ref
	}
	return markdown.Ref{Type: markdown.TargetSpace, SpaceKey: key, Title: key, Missing: access.NotExported,
		Href: l.catalog.Address("/spaces/" + url.PathEscape(key))}
}

// attachment finds a file by name on the page that the target names, the exact name
// first.
func (l *linker) attachment(from markdown.Page, t markdown.Target) markdown.Ref {
	holder := l.catalog.ByID[from.ID]
	if t.Container != nil {
		n, missing := l.find(from, *t.Container)
		if n == nil {
			title := t.Filename
			if catalog.IsSilent(missing) {
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
	i := indexFile(holder.Files, t)
	if i < 0 {
		return markdown.Ref{Type: markdown.TargetAttachment, Title: t.Filename, Missing: "no such file",
			Href: l.catalog.Address("/pages/viewpageattachments.action?pageId=" + url.QueryEscape(holder.ID))}
	}
	return l.file(from, holder.Files[i])
}

// indexFile finds a file by its id or name: the exact name first, then one that differs in case or,
// as addresses have it, in the sign for a blank.
func indexFile(files []*catalog.Attachment, t markdown.Target) int {
	by := func(same func(*catalog.Attachment) bool) int { return slices.IndexFunc(files, same) }
	if t.ID != "" {
		id := strings.TrimPrefix(t.ID, "att")
		return by(func(a *catalog.Attachment) bool { return strings.TrimPrefix(a.ID, "att") == id })
	}
	i := by(func(a *catalog.Attachment) bool { return a.Title == t.Filename })
	if i >= 0 || len(files) == 0 {
		return i
	}
	last := ""
	for _, name := range []string{t.Filename, strings.ReplaceAll(t.Filename, "+", " "), address.Decoded(t.Filename)} {
		if i < 0 && name != last {
			folded := names.FoldName(name)
			last = name
			i = by(func(a *catalog.Attachment) bool { return a.Folded == folded })
		}
	}
	return i
}

// file is a published attachment as a link from a page.
func (l *linker) file(from markdown.Page, a *catalog.Attachment) markdown.Ref {
	ref := markdown.Ref{Type: markdown.TargetAttachment, ID: a.ID, Title: a.Title, MediaType: a.MediaType,
		Size: a.FileSize, Author: l.catalog.People.Author(a.Version.AuthorID), Created: a.Version.CreatedAt,
		Updated: a.Version.CreatedAt, Version: a.Version.Number, SpaceKey: a.Node.Space.Key, Page: a.Node.Page()}
	if from.ID != a.Node.ID {
		ref.Title = l.catalog.Marking.Beside(a.Title, a.Node.Own)
	}
	if a.Published() == "" {
		ref.Missing = "not downloaded"
		ref.Href = l.catalog.Address("/pages/viewpageattachments.action?pageId=" + url.QueryEscape(a.Node.ID))
		return ref
	}
	ref.Href = names.EscapePath(relative.Path(from.Path, a.Path))
	ref.Image = a.IsPicture() || a.Picture != ""
	if o := a.Stood(from.At); o != nil && (!ref.Image || picture.Shown(o.MediaType, o.Path)) {
		ref.Href, ref.MediaType, ref.Size = names.EscapePath(relative.Path(from.Path, o.Path)), o.MediaType, o.FileSize
		ref.Author, ref.Version = l.catalog.People.Author(o.Version.AuthorID), o.Version.Number
		ref.Created, ref.Updated = o.Version.CreatedAt, o.Version.CreatedAt
		return ref
	}
	if a.Picture != "" {
		ref.Picture = names.EscapePath(relative.Path(from.Path, a.Picture))
	}
	return ref
}

// titleAlone is the text of what stands above that which was asked for.
const titleAlone = "<p><em>Only title and place of this page are here: its text was not asked for.</em></p>"

// readable is a content's body as it may be read. Nothing else reads bodies for what is
// published. Of one that is damaged nothing is, whatever becomes of the error.
func (l *linker) readable(ctx context.Context, n *catalog.Node) (string, error) {
	if l.catalog.Titled(n.ID) {
		return titleAlone, nil
	}
	if n.Type == wiki.TypeEmbed {
		return leading(n), nil
	}
	body, err := l.mirror.SoundBody(ctx, n.ID)
	if errors.Is(err, mirror.ErrCorrupt) {
		l.damaged.CompareAndSwap(nil, &err)
	}
	if n.Held {
		if w := markdown.Withhold(body); w != nil {
			body = w.Body
		}
	}
	return body, err
}
