// Package address reads the addresses of Confluence: what an address leads to, by its text
// alone. address.go has the forms and their sites, former.go what of an address still holds
// where the site has moved. It knows no mirror and asks nobody.
package address

import (
	"net/url"
	"strconv"
	"strings"

	"agc-export/fetch/wiki"
	"agc-export/render/expression"
	"agc-export/render/markdown"
)

// Sites are the site that is exported and those that it was before.
type Sites struct {
	own    string // the host, "" where it is not known
	former []former
}

// New returns the sites of an export: its address, and those that it had before, which
// Check accepts.
func New(site string, before []string) Sites {
	var s Sites
	if u, err := url.Parse(site); err == nil {
		s.own = u.Host
	}
	for _, address := range before {
		if f, err := parseFormer(address); err == nil {
			s.former = append(s.former, f)
		}
	}
	return s
}

// Parse reads an address as browsers do: a percent sign that begins no code is one, and control characters are none.
func Parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err == nil {
		return u, nil
	}
	address = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return -1
		}
		return c
	}, address)
	return url.Parse(code.ReplaceAllStringFunc(address, func(s string) string {
		if s == "%" {
			return "%25"
		}
		return s
	}))
}

// code matches what is or could be a percent-encoded byte.
var code = expression.New(`%(?:[0-9A-Fa-f]{2})?`)

// Own reports addresses of the site, absolute or without a host.
func (s Sites) Own(u *url.URL) bool {
	return u.Host == "" && u.Scheme == "" || s.own != "" && strings.EqualFold(strings.TrimSuffix(u.Host, ":443"), s.own)
}

// Leaves reports addresses that lead to none of these sites.
func (s Sites) Leaves(address string) bool {
	u, err := Parse(address)
	if err != nil || s.Own(u) {
		return err != nil
	}
	_, former := s.Former(u)
	return !former
}

// InContext reports addresses below /wiki.
func InContext(u *url.URL) bool { return u.Path == "/wiki" || strings.HasPrefix(u.Path, "/wiki/") }

// Target reads the forms of Confluence's own addresses, with or without /wiki:
//
//	/wiki/spaces/KEY/pages/ID/Title   /wiki/spaces/KEY/blog/2026/05/04/ID/Title
//	/wiki/spaces/KEY/pages/edit-v2/ID /wiki/spaces/KEY/folder/ID
//	/wiki/spaces/KEY[/overview]       /wiki/spaces/viewspace.action?key=KEY
//	/wiki/pages/viewpage.action?pageId=ID (or spaceKey= and title=)
//	/wiki/display/KEY[/Title]         /wiki/display/KEY/2026/05/04/Title
//	/wiki/x/TINY
//	/wiki/people/ACCOUNT
//	/wiki/download/attachments/ID/NAME (or thumbnails)
//	/wiki/download/attachments/embedded-page/KEY/Title/NAME
//	/wiki/rest/api/content/ID/child/attachment/ID/download
func Target(u *url.URL) (markdown.Target, bool) {
	parts := partsOf(u)
	q := u.Query()
	content := func(id string) (markdown.Target, bool) {
		_, err := strconv.ParseUint(id, 10, 64)
		return markdown.Target{Kind: markdown.TargetContent, ID: id, Anchor: u.Fragment}, err == nil
	}
	switch parts[0].text() {
	case "spaces":
		if id := contentID(parts); id != "" {
			return content(id)
		}
		return parseSpace(parts, q)
	case "pages":
		switch {
		case len(parts) != 2:
		case q.Get("pageId") != "":
			return content(q.Get("pageId"))
		case q.Get("title") != "":
			return markdown.Target{Kind: markdown.TargetPage, SpaceKey: q.Get("spaceKey"), Title: q.Get("title"),
				Anchor: u.Fragment}, true
		}
	case "display":
		return parseDisplay(parts, u.Fragment)
	case "people":
		return markdown.Target{Kind: markdown.TargetUser, ID: parts[len(parts)-1].text()}, len(parts) == 2
	case "x":
		if len(parts) == 2 {
			id, ok := wiki.TinyID(parts[1].text())
			return markdown.Target{Kind: markdown.TargetContent, ID: id}, ok
		}
	case "download", "rest":
		return parseFile(parts)
	}
	return markdown.Target{}, false
}

// Words are the parts of an address that may be titles: those of its path and the values of its query.
func Words(u *url.URL) []string {
	var words []string
	for _, p := range partsOf(u) {
		words = append(words, p.title())
	}
	for _, values := range u.Query() {
		words = append(words, values...)
	}
	return words
}

// Previewed is the number of the content of which an address opens a file above a page, or "".
func Previewed(u *url.URL) string {
	id, _, _ := strings.Cut(strings.TrimPrefix(u.Query().Get("preview"), "/"), "/")
	if _, err := strconv.ParseUint(id, 10, 64); err != nil {
		return ""
	}
	return id
}

// part is what stands between two slashes of an address, percent-encoded.
type part string

// text is a part as it reads.
func (p part) text() string { return Decoded(string(p)) }

// Decoded is a text without percent-encoding, or as it stands where it has none: for names out
// of addresses that were encoded twice.
func Decoded(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

// title is a part that is a title, in which "+" is a blank.
func (p part) title() string {
	if s, err := url.QueryUnescape(string(p)); err == nil {
		return s
	}
	return string(p)
}

// partsOf cuts the path of an address, without /wiki; there is at least one part.
func partsOf(u *url.URL) []part {
	var parts []part
	for p := range strings.SplitSeq(strings.Trim(strings.TrimPrefix(u.EscapedPath(), "/wiki"), "/"), "/") {
		parts = append(parts, part(p))
	}
	return parts
}

// contentID is where the number of a content stands below "spaces", or "".
func contentID(parts []part) string {
	switch {
	case len(parts) >= 5 && parts[2] == "pages" && strings.HasPrefix(string(parts[3]), "edit"):
		return parts[4].text()
	case len(parts) >= 7 && parts[2] == "blog":
		return parts[6].text()
	case len(parts) >= 4 && parts[2] != "blog":
		return parts[3].text()
	}
	return ""
}

// parseSpace reads the forms of addresses of a space.
func parseSpace(parts []part, q url.Values) (markdown.Target, bool) {
	switch {
	case len(parts) == 2 && parts[1] == "viewspace.action":
		key := q.Get("key")
		return markdown.Target{Kind: markdown.TargetSpace, SpaceKey: key}, key != ""
	case len(parts) == 2 || len(parts) == 3 && parts[2] == "overview":
		return markdown.Target{Kind: markdown.TargetSpace, SpaceKey: parts[1].text()}, true
	}
	return markdown.Target{}, false
}

// parseDisplay reads the forms of addresses by title.
func parseDisplay(parts []part, anchor string) (markdown.Target, bool) {
	switch {
	case len(parts) == 2:
		return markdown.Target{Kind: markdown.TargetSpace, SpaceKey: parts[1].text()}, true
	case len(parts) == 3:
		return markdown.Target{Kind: markdown.TargetPage, SpaceKey: parts[1].text(), Title: parts[2].title(),
			Anchor: anchor}, true
	case len(parts) == 6:
		return markdown.Target{Kind: markdown.TargetBlogPost, SpaceKey: parts[1].text(), Title: parts[5].title(),
			PostingDay: string(parts[2] + "/" + parts[3] + "/" + parts[4]), Anchor: anchor}, true
	}
	return markdown.Target{}, false
}

// parseFile reads the forms of addresses of files.
func parseFile(parts []part) (markdown.Target, bool) {
	t := markdown.Target{Kind: markdown.TargetAttachment, Filename: parts[len(parts)-1].text()}
	id := ""
	switch {
	case len(parts) == 4 && (parts[1] == "attachments" || parts[1] == "thumbnails"):
		id = parts[2].text()
	case len(parts) == 6 && parts[1] == "attachments" && parts[2] == "embedded-page":
		t.Container = &markdown.Target{Kind: markdown.TargetPage, SpaceKey: parts[3].text(), Title: parts[4].title()}
		return t, true
	case len(parts) == 8 && parts[1] == "api" && parts[2] == "content" && parts[5] == "attachment" &&
		parts[7] == "download":
		id, t.ID, t.Filename = parts[3].text(), parts[6].text(), ""
	}
	_, err := strconv.ParseUint(id, 10, 64)
	t.Container = &markdown.Target{Kind: markdown.TargetContent, ID: id}
	return t, err == nil
}
