package markdown

import (
	"path"
	"strings"

	"agc-export/render/expression"
	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// Addresses of what may not be shown, wherever they stand in words.

// Shield is a text beside a page, such as what its editor wrote about a version, without the addresses in it of what
// may not be shown.
func Shield(s string, page Page, tenant Tenant) string {
	if !addressed(s) {
		return s
	}
	return newResolver(page, tenant).shielded(s)
}

// written matches an address in words: of the web, of mail, or of the wiki without its beginning.
var written = expression.New(`(?i)(?:https?://|mailto:)[^\s<>"|]+|` +
	`(?://)?[a-z0-9.:-]*/(?:wiki/)?(?:spaces|display|pages|download)/[^\s<>"|]+`)

// trailing are the signs of a text that may stand right behind an address.
const trailing = ".,;:!?)]}'"

// addressed tells whether an address may be in a text.
func addressed(s string) bool {
	return strings.Contains(s, "://") || strings.Contains(s, "/spaces/") || strings.Contains(s, "/display/") ||
		strings.Contains(s, "/pages/") || strings.Contains(s, "/download/") || strings.Contains(s, "mailto:")
}

// shielded says in the place of each address of what may not be shown what a link to it says: it holds the title, and
// to readers of Markdown a bare address is a link.
func (r *resolver) shielded(s string) string {
	if !addressed(s) {
		return s
	}
	return written.ReplaceAllStringFunc(s, func(found string) string {
		address := strings.TrimRight(found, trailing)
		t := urlTarget(address)
		if found[0] != '/' && !scheme.MatchString(found) {
			t = urlTarget("https://" + address) // browsers' address bars show it so
		}
		if !linkable(t.URL) {
			return found
		}
		ref := r.resolve(t)
		if !untold(ref) {
			return found
		}
		return fallbackText(ref, t) + " (" + ref.Missing + ")" + found[len(address):]
	})
}

// untold tells what stands for something of which nothing may be said, where it was asked for by an address.
func untold(ref Ref) bool {
	return ref.Type != TargetURL && ref.Href == "" && ref.Missing != "" && ref.Title != ""
}

// calls tells whether a text is what something that may not be shown is called, the target of a link or any other: the
// editors of Confluence make titles the texts of links, and names of files the descriptions of pictures.
func (r *resolver) calls(s string, t Target) bool {
	s = strings.TrimFunc(s, invisible)
	if s == "" {
		return false
	}
	for _, name := range []string{t.Title, t.Filename, strings.TrimSuffix(t.Filename, path.Ext(t.Filename))} {
		if strings.EqualFold(s, name) {
			return true
		}
	}
	return r.tenant.Resolve(r.page, Target{Kind: TargetTitle, Title: s}).Missing != ""
}

// carried matches the beginning of an address that stands in another one, or in a title; one without a site stands in
// a query.
var carried = expression.New(`(?i)https?://|=/(?:wiki/)?(?:spaces|display|pages)/`)

// maxWrapped is how often an address is looked into: a mail filter may hold one of a login, which holds a page's.
const maxWrapped = 3

// alone is an address without what may have come behind it: parameters of an outer one, signs of a text.
func alone(address string) string {
	address, _, _ = strings.Cut(address, "&")
	return strings.TrimRight(address, trailing)
}

// inside is what may not be shown, where a target holds the address of it: as those of logins, mail filters and
// letters do, encoded.
func (r *resolver) inside(t Target) (Ref, bool) {
	if alone := alone(t.URL); alone != t.URL {
		if ref := r.tenant.Resolve(r.page, urlTarget(alone)); untold(ref) {
			return ref, true
		}
	}
	s := t.URL + t.Title
	if len(s) < len("https") || !strings.ContainsAny(s, "%=") && !strings.Contains(s[len("http"):], "://") {
		return Ref{}, false
	}
	s = s[len("http"):]
	for range maxWrapped {
		for _, at := range carried.FindAllStringSubmatchIndex(s, maxWrapped) {
			found, _, _ := strings.Cut(strings.TrimPrefix(s[at[0]:], "="), " ")
			for _, address := range []string{found, alone(found)} {
				if ref := r.tenant.Resolve(r.page, urlTarget(address)); untold(ref) {
					return ref, true
				}
			}
		}
		next := strings.ReplaceAll(unescape(s), " ", "%20")
		if next == s {
			break
		}
		s = next
	}
	return Ref{}, false
}

// running is a text of the body as it may be shown where it is not the text of a link, which is told with the link.
func (r *resolver) running(n *storage.Node) string {
	if !addressed(n.Text) {
		return n.Text
	}
	for up := n.Parent; up != nil; up = up.Parent {
		switch up.Name {
		case "a", "ac:link", "code", "pre", "ac:plain-text-body":
			return n.Text
		}
	}
	return r.concealed(n.Text, n.Offset)
}

// conceal shields whatever else is in words: what macros show of their parameters and bodies, descriptions of
// pictures, names of files, what the tenant calls things.
func (r *resolver) conceal(tree *html.Node, offset int) {
	for n := range tree.Descendants() {
		switch {
		case n.Type == html.TextNode:
			if addressed(n.Data) && !verbatim(n) {
				n.Data = r.concealed(n.Data, offset)
			}
		case n.Data == "img" || n.Data == "a" || n.Data == "abbr":
			for i, a := range n.Attr {
				if a.Key == "alt" || a.Key == "title" {
					n.Attr[i].Val = r.concealed(a.Val, offset)
				}
			}
		}
	}
}

// concealed is a text as it may be shown. That something of it may not counts as lost.
func (r *resolver) concealed(s string, offset int) string {
	out := r.shielded(s)
	if out != s && r.quiet == 0 {
		r.losses.add(LossLink, TargetURL, offset)
	}
	return out
}

// verbatim tells the text of code, formulas and Markdown of an author, which stands as it is.
func verbatim(text *html.Node) bool {
	for up := text.Parent; up != nil; up = up.Parent {
		switch up.Data {
		case "code", "pre", markRaw, markMath:
			return true
		}
	}
	return false
}
