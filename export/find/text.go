package find

import (
	"bytes"
	"strings"

	"agc-export/render/storage"
)

// texts is what a body says: words that its readers see, what else stands in it, and whom it mentions.
type texts struct {
	text   []string // a paragraph, item, cell or the like each
	markup []string // values of macros, addresses and names that links lead to, texts for pictures
	people []string // ids of accounts
}

// partSize is how much of a body is looked at as one tree, in bytes.
const partSize = 1 << 20

// textsOf reads a body in storage format.
func textsOf(body string) *texts {
	t := &texts{}
	storage.Deep(body, partSize, func(part *storage.Node) {
		r := textReader{texts: t}
		for n := range part.All() {
			r.node(n)
		}
		r.end()
	})
	return t
}

// textReader reads a tree of storage format.
type textReader struct {
	*texts
	now    []byte // of the paragraph so far
	blocks []int  // where the elements end that stand apart from what is around them
	past   int    // the end of what is left out, or was read already
}

// inline are the elements that do not part the words on both sides.
var inline = map[string]bool{"a": true, "abbr": true, "ac:emoticon": true, "ac:inline-comment-marker": true,
	"ac:link": true, "ac:link-body": true, "ac:plain-text-link-body": true, "acronym": true, "b": true, "big": true,
	"bdi": true, "bdo": true, "cite": true, "code": true, "del": true, "dfn": true, "em": true, "font": true, "i": true,
	"ins": true, "kbd": true, "mark": true, "q": true, "s": true, "samp": true, "small": true, "span": true,
	"strike": true, "strong": true, "sub": true, "sup": true, "time": true, "tt": true, "u": true, "var": true,
	"wbr": true}

// unsaid are the elements whose text nobody wrote.
var unsaid = map[string]bool{"ac:task-id": true, "ac:task-uuid": true, "ac:task-status": true}

// hidden are the elements whose text readers do not see as such.
var hidden = map[string]bool{"ac:parameter": true, "ac:default-parameter": true, "ac:adf-attribute": true,
	"ac:placeholder": true}

// said are the attributes whose values a person wrote or chose by a name.
var said = map[string]bool{"alt": true, "title": true, "href": true, "src": true, "datetime": true, "ac:alt": true,
	"ac:title": true, "ri:content-title": true, "ri:filename": true, "ri:value": true}

func (r *textReader) node(n *storage.Node) {
	for len(r.blocks) > 0 && n.Offset >= r.blocks[len(r.blocks)-1] {
		r.end()
		r.blocks = r.blocks[:len(r.blocks)-1]
	}
	switch {
	case n.Offset < r.past:
	case n.IsText():
		r.now = append(r.now, n.Text...)
	case unsaid[n.Name] || n.RepeatsADF():
		r.past = n.End
	case hidden[n.Name]:
		r.past = n.End
		r.hidden(n)
	default:
		r.element(n)
	}
}

// element reads the beginning of an element.
func (r *textReader) element(n *storage.Node) {
	switch {
	case n.Name == "br":
		r.now = append(r.now, '\n')
	case !inline[n.Name] && !strings.HasPrefix(n.Name, "ri:"):
		r.end()
		r.blocks = append(r.blocks, n.End)
	}
	if id := n.Get("ri:account-id"); id != "" {
		r.people = append(r.people, id)
	}
	for _, a := range n.Attr {
		switch {
		case !said[a.Name] || strings.TrimSpace(a.Value) == "":
		case (a.Name == "ri:content-title" || a.Name == "ri:filename") && shows(n):
			r.now = append(r.now, a.Value...)
		default:
			r.markup = append(r.markup, a.Value)
		}
	}
}

// shows tells of what a link leads to that readers see its name: the link has no words of its own. No more of it is
// looked at than a person writes, for it may lead to very much, or hold very many others.
func shows(n *storage.Node) bool {
	link := n.Parent
	if link == nil || link.Name != "ac:link" {
		return false
	}
	left := mostOfLink
	for d := range link.All() {
		left -= 1 + len(d.Text)
		if left < 0 || strings.TrimSpace(d.Text) != "" || d.Name == "ac:image" && d.Parent.Parent == link {
			return false
		}
	}
	return true
}

// mostOfLink is how many nodes and bytes of text a link has in which that is seen.
const mostOfLink = 2000

// hidden reads a value of a macro or the like. Titles are seen.
func (r *textReader) hidden(n *storage.Node) {
	for d := range n.All() {
		if id := d.Get("ri:account-id"); id != "" {
			r.people = append(r.people, id)
		}
		for _, a := range d.Attr {
			if said[a.Name] {
				r.markup = append(r.markup, a.Value)
			}
		}
	}
	value := n.TextContent()
	if name := n.Get("ac:name"); name == "title" || name == "subtitle" {
		r.end()
		r.now = append(r.now, value...)
		r.end()
	} else {
		r.markup = append(r.markup, value)
	}
}

// end ends a paragraph.
func (r *textReader) end() {
	if len(bytes.TrimSpace(r.now)) > 0 {
		r.text = append(r.text, string(r.now))
	}
	r.now = r.now[:0]
}
