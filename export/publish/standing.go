package publish

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/names"
	"agc-export/render/relative"
	"agc-export/render/site"
)

// What Confluence shows around the title of a page: how far it is, who owns it, the picture above it.

// stateOf is how far a content is.
func stateOf(n *catalog.Node) site.State {
	state := n.Told().State
	return site.State{Name: state.Name, Color: state.Color}
}

// owner is the name of who owns a content, "" where that was not told.
func (l *linker) owner(n *catalog.Node) string { return l.catalog.People.Author(n.OwnerID) }

// cover is the picture above a title: a published file of the page, or an address on the web.
type cover struct {
	file    *catalog.Attachment
	address string
}

// coverOf reads what Confluence writes of it: an address, the id of a file, or JSON that has one of these
// as "id".
func (l *linker) coverOf(n *catalog.Node) cover {
	id := n.Told().Cover
	var object struct{ ID string }
	if strings.HasPrefix(strings.TrimSpace(id), "{") && json.Unmarshal([]byte(id), &object) == nil {
		id = object.ID
	}
	i := slices.IndexFunc(n.Files, func(a *catalog.Attachment) bool {
		return id != "" && (a.FileID == id || a.ID == id) && a.Published() != ""
	})
	switch {
	case i >= 0:
		return cover{file: n.Files[i]}
	case isWeb(id) && l.sites.Leaves(id) && !l.hides(n, id): // one of the site is of some page, and may name it
		return cover{address: id}
	}
	return cover{}
}

// from is the cover as a Markdown file names it.
func (c cover) from(file string) string {
	if c.file == nil {
		return c.address
	}
	return names.EscapePath(relative.Path(file, c.file.Path))
}

// onSite is the cover as its page shows it: a picture that is here, or the address of one that is not.
func (c cover) onSite() site.Link {
	switch {
	case c.file == nil && c.address != "":
		u, _ := url.Parse(c.address) // isWeb did
		return site.Link{Text: u.Host, Href: c.address}
	case c.file == nil:
		return site.Link{}
	}
	return site.Link{Text: c.file.Title, Href: c.file.Path}
}
