package publish

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"agc-export/export/names"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// isPicture reports files that an <img> shows and that can run nothing: those that the API calls
// so, whatever their names end with. Where it tells nothing of use, the name does.
func (a *attachment) isPicture() bool {
	kind, _, _ := strings.Cut(strings.ToLower(a.MediaType), ";")
	switch strings.TrimSpace(kind) {
	case "image/png", "image/jpeg", "image/jpg", "image/pjpeg", "image/gif", "image/webp", "image/avif",
		"image/bmp", "image/x-ms-bmp", "image/x-icon", "image/vnd.microsoft.icon":
		return drawing(a.path) == ""
	case "", "application/octet-stream", "binary/octet-stream", "image/*":
		return names.IsRaster(a.path)
	}
	return false
}

// resolveURL turns an address of the site itself into a link within the export. Any
// other address stays as it is.
func (l *linker) resolveURL(from markdown.Page, t markdown.Target) markdown.Ref {
	plain := markdown.Ref{Type: markdown.TargetURL, Title: t.URL, Href: t.URL}
	u, err := url.Parse(t.URL)
	if err != nil || !l.catalog.isOwn(u) {
		return plain
	}
	if key := issueAddress.FindStringSubmatch(u.Path); key != nil {
		if ref := l.catalog.issue(key[1]); ref.Missing == "" {
			return ref
		}
	}
	if !inContext(u) {
		return l.withoutContext(from, t, u)
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
	if ref.Missing != "" && !isSilent(ref) {
		ref.Href = l.catalog.site.URL + u.RequestURI()
		ref.Title = t.URL
	}
	return ref
}

// issueAddress matches the path of a Jira issue on the site.
var issueAddress = regexp.MustCompile(`^/browse/([A-Z][A-Z0-9_]{1,30}-[0-9]{1,10})/?$`)

// isOwn reports addresses of the site, absolute or without a host.
func (c *Catalog) isOwn(u *url.URL) bool {
	site, err := url.Parse(c.site.URL)
	return u.Host == "" && u.Scheme == "" || err == nil && site.Host != "" && strings.EqualFold(u.Host, site.Host)
}

// inContext reports addresses below /wiki.
func inContext(u *url.URL) bool { return u.Path == "/wiki" || strings.HasPrefix(u.Path, "/wiki/") }

// withoutContext turns an address of a page or file without /wiki into a link: as a Data Center
// has it, or relative to the page that it stands on. A relative one that names nothing of this
// export may be anything, and stays as it is.
func (l *linker) withoutContext(from markdown.Page, t markdown.Target, u *url.URL) markdown.Ref {
	rooted := *u
	rooted.Path = path.Join("/", u.Path)
	if path.Base(rooted.Path) == "viewpage.action" || u.Path == "" && u.Query().Get("pageId") != "" {
		rooted.Path = "/pages/viewpage.action"
	}
	inner, ok := parseAddress(&rooted)
	if !ok {
		return markdown.Ref{Type: markdown.TargetURL, Title: t.URL, Href: t.URL}
	}
	ref := l.Resolve(from, inner)
	switch {
	case ref.Missing == "" || isSilent(ref):
	case !strings.HasPrefix(u.Path, "/"):
		return markdown.Ref{Type: markdown.TargetURL, Title: t.URL, Href: t.URL}
	default:
		ref.Href, ref.Title = l.catalog.address(rooted.RequestURI()), t.URL
	}
	return ref
}

// parseAddress reads the forms of Confluence's own addresses:
//
//	/wiki/spaces/KEY/pages/ID/Title   /wiki/spaces/KEY/blog/2026/05/04/ID/Title
//	/wiki/spaces/KEY/pages/edit-v2/ID /wiki/spaces/KEY/folder/ID
//	/wiki/spaces/KEY[/overview]
//	/wiki/pages/viewpage.action?pageId=ID (or spaceKey= and title=)
//	/wiki/display/KEY[/Title]         /wiki/x/TINY
//	/wiki/download/attachments/ID/NAME (or thumbnails)
//	/wiki/download/attachments/embedded-page/KEY/Title/NAME
//	/wiki/rest/api/content/ID/child/attachment/ID/download
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
		return markdown.Target{Kind: markdown.TargetPage, SpaceKey: q.Get("spaceKey"), Title: q.Get("title"),
			Anchor: u.Fragment}, true
	case parts[0] == "display" && len(parts) == 2:
		return markdown.Target{Kind: markdown.TargetSpace, SpaceKey: parts[1]}, true
	case parts[0] == "display" && len(parts) == 3:
		return markdown.Target{Kind: markdown.TargetPage, SpaceKey: parts[1],
			Title: strings.ReplaceAll(parts[2], "+", " "), Anchor: u.Fragment}, true
	case parts[0] == "x" && len(parts) == 2:
		id, ok := wiki.TinyID(parts[1])
		return markdown.Target{Kind: markdown.TargetContent, ID: id}, ok
	case parts[0] == "download" || parts[0] == "rest":
		return parseFile(parts)
	}
	return markdown.Target{}, false
}

// parseFile reads the forms of addresses of files.
func parseFile(parts []string) (markdown.Target, bool) {
	t := markdown.Target{Kind: markdown.TargetAttachment, Filename: parts[len(parts)-1]}
	id := ""
	switch shape := strings.Join(parts[:min(len(parts), 3)], "/"); {
	case len(parts) == 4 && (parts[1] == "attachments" || parts[1] == "thumbnails"):
		id = parts[2]
	case len(parts) == 6 && shape == "download/attachments/embedded-page":
		title := strings.ReplaceAll(parts[4], "+", " ")
		t.Container = &markdown.Target{Kind: markdown.TargetPage, SpaceKey: parts[3], Title: title}
		return t, true
	case len(parts) == 8 && shape == "rest/api/content" && parts[5] == "attachment" && parts[7] == "download":
		id, t.ID, t.Filename = parts[3], parts[6], ""
	}
	_, err := strconv.ParseUint(id, 10, 64)
	t.Container = &markdown.Target{Kind: markdown.TargetContent, ID: id}
	return t, err == nil
}
