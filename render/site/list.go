package site

import (
	"html"
	"html/template"
	"io"
	"net/url"
	"strconv"
	"strings"
)

// ListPage is a page that lists others: the whole tree of a space, its titles from A to
// Z, its blog, a label, a person. A long list stands on several pages, its parts.
type ListPage struct {
	Marked
	Path       string // "spaces/ENG/a-z.html"
	Title      string
	Space      Link   // of the list; empty for one of the whole site
	SpaceName  string // as Space.Text, for the title of a list of the whole site it is empty
	Lead       string // plain text
	Ways       []Way
	Jump       []Link // to places in the list, in any of its parts
	Groups     []Group
	Part       int    // which part this is, from 1
	Parts      []Link // all parts, or those near this one; the current without Href
	Previous   Link
	Next       Link
	Feed       string // path of the Atom feed of the same things, or empty
	FeedTitle  string
	Outline    bool // entries stand below each other as their Depth says
	Restricted bool // not for search engines
}

// Way is a link to one of the lists of a space or of the site.
type Way struct {
	Link
	Current bool
}

// Group is a part of a list with a heading of its own. Without a title the entries
// stand by themselves.
type Group struct {
	Title   string
	Short   string // the title where there is little room, or empty
	Link    string // where the title leads, or empty
	ID      string // for links to the group, or empty
	Entries []Entry
}

// Entry is a content, label or person in a list.
type Entry struct {
	Link
	ID    string // for links to the entry, or empty
	Type  string // page, folder, ...; only for contents
	Emoji string
	Depth int    // in an outline, from 0
	Date  string // RFC 3339, or empty
	Note  string // what stands beside it: a name, a space, a number
	State State  // how far it is
	Leads string // of a Smart Link: the address on the web, or empty
	Rank  int    // of its marking
	// Excerpt is what stands below it, or empty: plain text
	Excerpt string
}

// List writes a list.
func (s *Site) List(w io.Writer, l ListPage) error {
	title := l.Title
	if len(l.Parts) > 1 {
		title += " (" + s.words.say("part", l.Part, l.count()) + ")"
	}
	return s.write(w, "index", l.Path, title, l)
}

// count is the number of parts, which the text of the last one tells.
func (l ListPage) count() int {
	n, _ := strconv.Atoi(l.Parts[len(l.Parts)-1].Text)
	return n
}

// Outline returns the entries of a group as nested lists by their depth. A first entry
// may be deep, where the list goes on from an earlier part. It is written here and not
// in a template for the same reason as Tree.
func (v view) Outline(entries []Entry) template.HTML {
	var b strings.Builder
	depth := -1
	for _, e := range entries {
		for ; depth < e.Depth; depth++ {
			if b.WriteString("<ul>"); depth+1 < e.Depth {
				b.WriteString("<li>")
			}
		}
		for ; depth > e.Depth; depth-- {
			b.WriteString("</li></ul>")
		}
		if strings.HasSuffix(b.String()[max(0, b.Len()-4):], "<ul>") {
			b.WriteString("\n<li")
		} else {
			b.WriteString("</li>\n<li")
		}
		if e.ID != "" {
			b.WriteString(` id="` + html.EscapeString(e.ID) + `"`)
		}
		b.WriteString(">")
		v.entry(&b, Node{Link: e.Link, Type: e.Type})
		v.beside(&b, e)
	}
	for ; depth >= 0; depth-- {
		b.WriteString("</li></ul>")
	}
	return template.HTML(b.String())
}

// beside writes what stands behind the link to an entry.
func (v view) beside(b *strings.Builder, e Entry) {
	if e.State.Name != "" {
		b.WriteString(" " + string(v.Lozenge(e.State)))
	}
	if external(e.Leads) {
		b.WriteString(` <a class="leads" href="` + html.EscapeString(e.Leads) + `" rel="noopener noreferrer">` +
			html.EscapeString(host(e.Leads)) + "</a>")
	}
}

// Beside is what stands behind the link to an entry.
func (v view) Beside(e Entry) template.HTML {
	var b strings.Builder
	v.beside(&b, e)
	return template.HTML(b.String())
}

// host is the name of the server that an address leads to.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return u.Host
}
