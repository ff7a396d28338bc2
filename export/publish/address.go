package publish

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"agc-export/export/access"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// isRaster reports file names that an <img> shows and that can run nothing.
func isRaster(name string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".ico"}, strings.ToLower(path.Ext(name)))
}

// resolveURL turns an address of the site itself into a link within the export. Any
// other address stays as it is.
func (l *linker) resolveURL(from markdown.Page, t markdown.Target) markdown.Ref {
	plain := markdown.Ref{Type: markdown.TargetURL, Title: t.URL, Href: t.URL}
	u, err := url.Parse(t.URL)
	if err != nil || !l.catalog.isSite(u) {
		return plain
	}
	inner, ok := parseAddress(u)
	if !ok {
		plain.Href = l.catalog.site.URL + u.RequestURI()
		if u.Fragment != "" {
			plain.Href += "#" + u.EscapedFragment()
		}
		return plain
	}
	ref := l.Resolve(from, inner)
	if ref.Missing != "" && ref.Missing != access.Restricted {
		ref.Href = l.catalog.site.URL + u.RequestURI()
		ref.Title = t.URL
	}
	return ref
}

// isSite reports addresses below the site's /wiki, absolute or from its root.
func (c *catalog) isSite(u *url.URL) bool {
	if u.Path != "/wiki" && !strings.HasPrefix(u.Path, "/wiki/") {
		return false
	}
	site, err := url.Parse(c.site.URL)
	return u.Host == "" && u.Scheme == "" || err == nil && site.Host != "" && strings.EqualFold(u.Host, site.Host)
}

// parseAddress reads the forms of Confluence's own addresses:
//
//	/wiki/spaces/KEY/pages/ID/Title   /wiki/spaces/KEY/blog/2026/05/04/ID/Title
//	/wiki/spaces/KEY/pages/edit-v2/ID /wiki/spaces/KEY/folder/ID
//	/wiki/spaces/KEY[/overview]
//	/wiki/pages/viewpage.action?pageId=ID (or spaceKey= and title=)
//	/wiki/display/KEY[/Title]         /wiki/x/TINY
//	/wiki/download/attachments/ID/NAME
func parseAddress(u *url.URL) (markdown.Target, bool) {
	parts := strings.Split(strings.Trim(strings.TrimPrefix(u.Path, "/wiki"), "/"), "/")
	q := u.Query()
	content := func(id string) (markdown.Target, bool) {
		_, err := strconv.ParseUint(id, 10, 64)
		return markdown.Target{Kind: markdown.TargetContent, ID: id, Anchor: u.Fragment}, err == nil
	}
	switch {
	case parts[0] == "spaces" && len(parts) >= 5 && parts[2] == "pages" && strings.HasPrefix(parts[3], "edit"):
		return content(parts[4])
	case parts[0] == "spaces" && len(parts) >= 4 && parts[2] != "blog":
		return content(parts[3])
	case parts[0] == "spaces" && len(parts) >= 7 && parts[2] == "blog":
		return content(parts[6])
	case parts[0] == "spaces" && (len(parts) == 2 || len(parts) == 3 && parts[2] == "overview"):
		return markdown.Target{Kind: markdown.TargetSpace, SpaceKey: parts[1]}, true
	case parts[0] == "pages" && len(parts) == 2 && q.Get("pageId") != "":
		return content(q.Get("pageId"))
	case parts[0] == "pages" && len(parts) == 2 && q.Get("title") != "":
		return markdown.Target{Kind: markdown.TargetPage, SpaceKey: q.Get("spaceKey"), Title: q.Get("title"), Anchor: u.Fragment}, true
	case parts[0] == "display" && len(parts) == 2:
		return markdown.Target{Kind: markdown.TargetSpace, SpaceKey: parts[1]}, true
	case parts[0] == "display" && len(parts) == 3:
		return markdown.Target{Kind: markdown.TargetPage, SpaceKey: parts[1], Title: strings.ReplaceAll(parts[2], "+", " "), Anchor: u.Fragment}, true
	case parts[0] == "x" && len(parts) == 2:
		id, ok := wiki.TinyID(parts[1])
		return markdown.Target{Kind: markdown.TargetContent, ID: id}, ok
	case parts[0] == "download" && len(parts) == 4 && parts[1] == "attachments":
		holder, ok := content(parts[2])
		return markdown.Target{Kind: markdown.TargetAttachment, Filename: parts[3], Container: &holder}, ok
	}
	return markdown.Target{}, false
}
