// Package storage reads Confluence's storage format: XHTML fragments with ac: and
// ri: elements, as the API and space exports hold them. Any bytes give a tree; what
// is not well-formed is repaired and noted, and no text is lost.
//
// What lies where: node.go the tree; parse.go builds it from tags and text;
// tag.go reads one tag; text.go decodes entities and drops what XML forbids.
package storage

import "strings"

// Node is an element or a run of text. The root is an element with the name "".
type Node struct {
	Name     string // "p", "ac:link", in lower case; "" for text and for the root
	Text     string // of text: decoded
	Attr     []Attr // of an element, in order, each name once
	Offset   int    // of its first byte in the source
	End      int    // of the byte behind its last: behind the end tag of an element, if it has one
	Verbatim bool   // text that stood in CDATA

	Parent, FirstChild, LastChild, PrevSibling, NextSibling *Node
}

// Attr is an attribute with its prefix: "ac:name", "href", in lower case.
type Attr struct {
	Name, Value string
}

// Note says what the reader had to repair: one entry a class, in the order in
// which the classes first occurred.
type Note struct {
	Class  string // Note… below
	Offset int    // of the first, in bytes
	Count  int
}

// The classes of repairs.
const (
	NoteDepth     = "depth"     // elements nested deeper than MaxDepth were flattened
	NoteSize      = "size"      // elements beyond MaxNodes were flattened
	NoteUnclosed  = "unclosed"  // an element was closed by the end of another or of the page
	NoteStray     = "stray"     // an end tag without a start was left out
	NoteTag       = "tag"       // a tag, comment or CDATA section was cut short
	NoteEntity    = "entity"    // an unknown entity was kept as text
	NoteCharacter = "character" // a control character was left out or a bad byte replaced
)

// IsText tells text from elements.
func (n *Node) IsText() bool { return n.Name == "" && n.Parent != nil }

// Get returns the value of an attribute, or "".
func (n *Node) Get(name string) string {
	v, _ := n.Lookup(name)
	return v
}

// Lookup returns the value of an attribute and whether it is there.
func (n *Node) Lookup(name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Name == name {
			return a.Value, true
		}
	}
	return "", false
}

// Child returns the first child element with one of the names, or nil.
func (n *Node) Child(names ...string) *Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		for _, name := range names {
			if c.Name == name && name != "" {
				return c
			}
		}
	}
	return nil
}

// TextContent returns all text below n, joined.
func (n *Node) TextContent() string {
	if n.IsText() {
		return n.Text
	}
	if c := n.FirstChild; c != nil && c == n.LastChild && c.IsText() {
		return c.Text
	}
	var b strings.Builder
	for d := range n.All() {
		b.WriteString(d.Text)
	}
	return b.String()
}

// All yields every node below n in document order. It needs no stack, so any
// depth will do; the tree must not change meanwhile.
func (n *Node) All() func(yield func(*Node) bool) {
	return func(yield func(*Node) bool) {
		for d := n.FirstChild; d != nil; {
			if !yield(d) {
				return
			}
			if d.FirstChild != nil {
				d = d.FirstChild
				continue
			}
			for d != n && d.NextSibling == nil {
				d = d.Parent
			}
			if d == n {
				return
			}
			d = d.NextSibling
		}
	}
}

// add makes c the last child of n.
func (n *Node) add(c *Node) {
	c.Parent = n
	if n.LastChild == nil {
		n.FirstChild = c
	} else {
		n.LastChild.NextSibling = c
		c.PrevSibling = n.LastChild
	}
	n.LastChild = c
}
