package publish

import (
	"html"
	"net/url"
	"strings"

	"agc-export/export/catalog"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// A Smart Link of the tree has no body: what it has is an address. Its page and its Markdown show that as
// any text shows an address: what may be linked is a link, and one of this site leads to the page that is
// here, or does not name one that is not.

// leading is the body of a Smart Link, in storage format: where it leads.
func leading(n *catalog.Node) string {
	text := html.EscapeString(leadOf(n))
	switch {
	case n.Type != wiki.TypeEmbed || text == "":
		return ""
	case !isWeb(leadOf(n)):
		return "<p>" + text + "</p>"
	}
	return `<p><a href="` + text + `" data-card-appearance="inline">` + text + "</a></p>"
}

// leadOf is what the mirror has of where a Smart Link leads.
func leadOf(n *catalog.Node) string { return strings.TrimSpace(n.EmbedURL) }

// hides tells whether an address that a content has leads to what may not be shown, or holds an address that does.
func (l *linker) hides(n *catalog.Node, address string) bool {
	return markdown.Shield(address, n.Page(), l) != address
}

// isWeb reports addresses that a browser opens from anywhere.
func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// leadsTo is the address of a Smart Link where its text is no link: in front matter. One of this site is
// that of the published page that it leads to, and none where it may not be told.
func (l *linker) leadsTo(n *catalog.Node) string {
	if n.Type == wiki.TypeEmbed && l.hides(n, leadOf(n)) {
		return ""
	}
	if n.Type != wiki.TypeEmbed || leadOf(n) == "" || !isWeb(leadOf(n)) || l.sites.Leaves(leadOf(n)) {
		return leadOf(n)
	}
	ref := l.resolveURL(n.Page(), markdown.Target{Kind: markdown.TargetURL, URL: leadOf(n)})
	if to := l.catalog.ByID[ref.ID]; to != nil && to.Type == ref.Type && ref.Missing == "" {
		return l.catalog.Source(to)
	}
	if isWeb(ref.Href) {
		return ref.Href
	}
	return ""
}

// leaving is the address of a Smart Link that leads out of the site, for lists.
func (l *linker) leaving(n *catalog.Node) string {
	if n.Type == wiki.TypeEmbed && isWeb(leadOf(n)) && l.sites.Leaves(leadOf(n)) && !l.hides(n, leadOf(n)) {
		return leadOf(n)
	}
	return ""
}
