package publish

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"agc-export/export/address"
	"agc-export/export/catalog"
	"agc-export/render/expression"
	"agc-export/render/markdown"
)

// conceal takes the addresses of what may not be shown out of all that is said beside texts.
func (l *linker) conceal() {
	for _, s := range l.catalog.Spaces {
		s.Description = markdown.Shield(s.Description, markdown.Page{SpaceKey: s.Key}, l)
	}
	for _, n := range l.catalog.Nodes {
		n.Version.Message = markdown.Shield(n.Version.Message, n.Page(), l)
		for _, a := range n.Files {
			a.Comment = markdown.Shield(a.Comment, n.Page(), l)
			for _, v := range a.Older {
				v.Comment = markdown.Shield(v.Comment, n.Page(), l)
			}
		}
	}
}

// resolveURL turns an address of the site, or of one that it was before, into a link within
// the export. Any other address stays as it is.
func (l *linker) resolveURL(from markdown.Page, t markdown.Target) markdown.Ref {
	plain := markdown.Ref{Type: markdown.TargetURL, Title: t.URL, Href: t.URL}
	u, err := address.Parse(t.URL)
	if err != nil {
		return plain
	}
	if !l.sites.Own(u) {
		if ref, ok := l.former(from, u); ok {
			return ref
		}
		return plain
	}
	if key := issueAddress.FindStringSubmatch(u.Path); key != nil {
		if ref := l.issue(key[1]); ref.Missing == "" {
			return ref
		}
	}
	if !address.InContext(u) {
		return l.withoutContext(from, t, u)
	}
	inner, ok := address.Target(u)
	if !ok && slices.ContainsFunc(address.Words(u), l.catalog.Secret.Any) {
		return catalog.UnshownRef
	}
	if id := address.Previewed(u); id != "" {
		if ref := l.Resolve(from, markdown.Target{Kind: markdown.TargetContent, ID: id}); catalog.IsSilent(ref) {
			return ref // the address names its file
		}
	}
	if !ok {
		plain.Href = l.catalog.Site().URL + u.RequestURI()
		if u.Fragment != "" {
			plain.Href += "#" + u.EscapedFragment()
		}
		return plain
	}
	ref := l.Resolve(from, inner)
	if ref.Missing != "" && !catalog.IsSilent(ref) {
		ref.Href = l.catalog.Site().URL + u.RequestURI()
		ref.Title = t.URL
	}
	return ref
}

// issueAddress matches the path of a Jira issue on the site.
var issueAddress = expression.New(`^/browse/([A-Z][A-Z0-9_]{1,30}-[0-9]{1,10})/?$`)

// withoutContext turns an address of a page or file without /wiki into a link: as a Data Center
// has it, or relative to the page that it stands on. A relative one that names nothing of this
// export may be anything, and stays as it is.
func (l *linker) withoutContext(from markdown.Page, t markdown.Target, u *url.URL) markdown.Ref {
	rooted := *u
	rooted.Path, rooted.RawPath = path.Join("/", u.Path), path.Join("/", u.EscapedPath())
	if path.Base(rooted.Path) == "viewpage.action" || u.Path == "" && u.Query().Get("pageId") != "" {
		rooted.Path, rooted.RawPath = "/pages/viewpage.action", ""
	}
	inner, ok := address.Target(&rooted)
	if !ok {
		return markdown.Ref{Type: markdown.TargetURL, Title: t.URL, Href: t.URL}
	}
	ref := l.Resolve(from, inner)
	switch {
	case ref.Missing == "" || catalog.IsSilent(ref):
	case !strings.HasPrefix(u.Path, "/"):
		return markdown.Ref{Type: markdown.TargetURL, Title: t.URL, Href: t.URL}
	default:
		ref.Href, ref.Title = l.catalog.Address(rooted.RequestURI()), t.URL
	}
	return ref
}
