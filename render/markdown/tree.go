package markdown

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode"

	"agc-export/render/slab"

	"golang.org/x/net/html"
)

// The tree between storage format and Markdown is plain HTML with these markers of
// our own beside it. They never reach the output under these names.
const (
	markAlert = "x-alert" // a panel: attribute kind, content blocks
	markRaw   = "x-raw"   // Markdown to be written as it is: one text child
	markMath  = "x-math"  // TeX: one text child; attribute block where it stands by itself
)

// memory is where the nodes of one tree after the other get theirs. Most are made by el and text of those who
// have one, and the others by el and text alone: no node tells where it is from.
type memory struct {
	nodes   slab.Slab[html.Node]
	attrs   slab.Slab[html.Attribute]
	buffers []*bytes.Buffer // see writer.take
}

// memories are those of trees that are written.
var memories = sync.Pool{New: func() any { return &memory{} }}

// reset takes a tree back that is written.
func (m *memory) reset() {
	m.nodes.Reset()
	m.attrs.Reset()
	left := mostBuffers
	m.buffers = slices.DeleteFunc(m.buffers, func(b *bytes.Buffer) bool {
		if b.Cap() > left {
			return true
		}
		left -= b.Cap()
		return false
	})
}

// mostBuffers is how many bytes of buffers are kept for the next tree.
const mostBuffers = 1 << 20

// el is el with the memory of a tree, if there is one.
func (m *memory) el(name string, attrs ...string) *html.Node {
	if m == nil {
		return el(name, attrs...)
	}
	n := m.nodes.One()
	n.Type, n.Data = html.ElementNode, name
	if len(attrs) > 0 {
		n.Attr = m.attrs.Take(len(attrs) / 2)
		for i := range n.Attr {
			n.Attr[i].Key, n.Attr[i].Val = attrs[2*i], clean(attrs[2*i+1])
		}
	}
	return n
}

// text makes a node of a text of the body, which the reader of storage format has cleaned of all that text takes
// out but a carriage return.
func (m *memory) text(s string) *html.Node {
	if m == nil || strings.IndexByte(s, '\r') >= 0 {
		return text(s)
	}
	n := m.nodes.One()
	n.Type, n.Data = html.TextNode, s
	return n
}

// copyOf is copyOf with the memory of a tree, if there is one.
func (m *memory) copyOf(n *html.Node) *html.Node {
	if m == nil {
		return copyOf(n)
	}
	c := m.nodes.One()
	c.Type, c.Data, c.Attr = n.Type, n.Data, n.Attr[:len(n.Attr):len(n.Attr)]
	return c
}

// el makes an element with the given attributes, as name and value by turns.
func el(name string, attrs ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: name}
	for i := 0; i+1 < len(attrs); i += 2 {
		n.Attr = append(n.Attr, html.Attribute{Key: attrs[i], Val: clean(attrs[i+1])})
	}
	return n
}

// with appends children and returns their parent.
func with(parent *html.Node, children ...*html.Node) *html.Node {
	for _, c := range children {
		parent.AppendChild(c)
	}
	return parent
}

// text makes a text node. What the tenant answers and what parameters decode to may
// hold control characters, which running text uses as signs: they go.
func text(s string) *html.Node { return &html.Node{Type: html.TextNode, Data: clean(s)} }

// addText appends text to n, joined to the text before it.
func addText(n *html.Node, s string) {
	if s != "" {
		n.AppendChild(text(s))
	}
}

// attr returns an attribute's value, or "".
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// setAttr sets an attribute unless the value is empty.
func setAttr(n *html.Node, key, value string) {
	if value != "" {
		n.Attr = append(n.Attr, html.Attribute{Key: key, Val: clean(value)})
	}
}

// move appends all children of one node to another.
func move(from, to *html.Node) {
	for c := from.FirstChild; c != nil; c = from.FirstChild {
		from.RemoveChild(c)
		to.AppendChild(c)
	}
}

// copyOf returns a copy of an element without its children.
func copyOf(n *html.Node) *html.Node {
	return &html.Node{Type: n.Type, Data: n.Data, Attr: n.Attr[:len(n.Attr):len(n.Attr)]}
}

// contentOf returns the text below a node.
func contentOf(n *html.Node) string {
	for n.FirstChild != nil && n.FirstChild == n.LastChild {
		n = n.FirstChild
	}
	switch {
	case n.Type == html.TextNode:
		return n.Data
	case n.FirstChild == nil:
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// blockName tells the elements that stand on lines of their own; all others flow in
// a paragraph.
func blockName(name string) bool {
	switch name {
	case "p", "li", "ul", "ol", "div", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "table", "tbody", "tfoot",
		"thead", "blockquote", "details", "dl", "dt", "dd", "figcaption", "figure", "hr", "pre", "summary", "colgroup",
		"col", "caption", "video", "audio", markAlert, markRaw:
		return true
	}
	return false
}

// isBlock tells blocks from what flows.
func isBlock(n *html.Node) bool {
	return n.Type == html.ElementNode && (blockName(n.Data) || n.Data == markMath && attr(n, "block") != "")
}

// isSpace tells text that shows nothing: spaces, no-break spaces and the like.
func isSpace(s string) bool {
	return strings.TrimFunc(s, blankOrInkless) == ""
}

func blankOrInkless(c rune) bool { return invisible(c) || inkless(c) }

// inkless tells the characters that show nothing where they stand alone, though they may change how
// others look: soft hyphens, marks of direction, fillers.
func inkless(c rune) bool {
	switch c {
	case '\u034f', '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0':
		return true
	}
	return c > 0x7f && unicode.Is(unicode.Cf, c)
}

// invisible tells the characters that take no ink.
func invisible(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\f', '\v', '\u00a0', '\u2007', '\u202f', '\u200b', '\u200c', '\u200d', '\u2060',
		'\ufeff':
		return true
	}
	return '\u2000' <= r && r <= '\u200a'
}
