package catalog

import (
	"net/url"
	"strings"

	"agc-export/export/access"
	"agc-export/export/titles"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// All that is said of content that may not be published, and of what may be such a one.
var (
	RestrictedRef = markdown.Ref{Type: wiki.TypePage, Title: "restricted page", Missing: access.Restricted}
	UnshownRef    = markdown.Ref{Type: wiki.TypePage, Title: "page that is not shown", Missing: access.Unshown}
)

// IsSilent reports what stands for something of which nothing may be said.
func IsSilent(ref markdown.Ref) bool {
	return ref.Missing == access.Restricted || ref.Missing == access.Unshown
}

// Missing describes a content that is known or unknown but not published.
func (c *Catalog) Missing(id, title, path string) markdown.Ref {
	why := c.withheld[id]
	switch {
	case c.closed[id] != "":
		return RestrictedRef
	case c.absent[id] || why == "" && c.Secret.OfID(id) != titles.Nothing:
		return UnshownRef
	case why == "":
		why = "no such page"
	}
	if title == "" {
		title = "page " + id
	}
	return markdown.Ref{Type: wiki.TypePage, ID: id, Title: title, Missing: why, Href: c.Address(path)}
}

// Absence says why a page of a space is not there.
func (c *Catalog) Absence(spaceKey string) string {
	for _, s := range c.Spaces {
		if strings.EqualFold(s.Key, spaceKey) {
			return "no such page"
		}
	}
	return access.NotExported
}

// Address is a path below /wiki as an address in Confluence.
func (c *Catalog) Address(path string) string {
	if path == "" || c.site.URL == "" {
		return ""
	}
	return c.site.URL + "/wiki" + path
}

// Source is a content's address in Confluence.
func (c *Catalog) Source(n *Node) string {
	if strings.HasPrefix(n.WebUI, "/") {
		return c.Address(n.WebUI)
	}
	return c.Address("/pages/viewpage.action?pageId=" + url.QueryEscape(n.ID))
}
