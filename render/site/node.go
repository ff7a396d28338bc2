package site

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What the pass needs of HTML nodes and golang.org/x/net/html does not offer.

// get returns the value of an attribute, "" where there is none.
func get(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// set gives an attribute a value, in its old place if it has one.
func set(n *html.Node, key, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

// unset takes an attribute away.
func unset(n *html.Node, key string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// addClass adds a class name to those that an element has.
func addClass(n *html.Node, name string) {
	set(n, "class", strings.TrimSpace(get(n, "class")+" "+name))
}

// element returns a new element.
func element(name string, attrs ...html.Attribute) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name)), Attr: attrs}
}

// textOf returns the text in a node, with spaces made one; of a formula its TeX.
func textOf(n *html.Node) string {
	if c := n.FirstChild; c != nil && c.NextSibling == nil && c.Type == html.TextNode && n.Namespace == "" &&
		singleBlanks(c.Data) {
		return c.Data
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && (d.Parent.Namespace == "" || d.Parent.Data == "annotation") {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// says tells whether textOf a node is not empty.
func says(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type == html.TextNode && (d.Parent.Namespace == "" || d.Parent.Data == "annotation") &&
			strings.TrimSpace(d.Data) != "" {
			return true
		}
	}
	return false
}

// singleBlanks tells of a text that it has no white space but single blanks between words. Most have none, and
// need not be cut to words and joined again.
func singleBlanks(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c > ' ' && c < utf8.RuneSelf:
		case c < ' ', c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' '), c > ' ' && spaceAt(s, i):
			return false
		}
	}
	return true
}

// spaceAt tells of a byte beyond ASCII that one of Unicode's spaces begins with it. Few bytes begin any.
func spaceAt(s string, i int) bool {
	switch s[i] {
	case 0xc2, 0xe1, 0xe2, 0xe3:
		r, _ := utf8.DecodeRuneInString(s[i:])
		return unicode.IsSpace(r)
	}
	return false
}

// unwrap puts what is in an element in its place.
func unwrap(n *html.Node) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	n.Parent.RemoveChild(n)
}

// prepend puts a new element first in another and returns it.
func prepend(n, first *html.Node) *html.Node {
	n.InsertBefore(first, n.FirstChild)
	return first
}

// within tells whether a node stands in an element of a name.
func within(n *html.Node, name string) bool {
	for a := n.Parent; a != nil; a = a.Parent {
		if a.Data == name {
			return true
		}
	}
	return false
}

// hasChild tells whether a direct child has a name.
func hasChild(n *html.Node, name string) bool {
	for c := range n.ChildNodes() {
		if c.Data == name {
			return true
		}
	}
	return false
}

// hasAttr tells an attribute without a value from one that is not there.
func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// holdsPicture tells whether there is something to see where there is no text.
func holdsPicture(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Data == "img" && d.Type == html.ElementNode {
			return true
		}
	}
	return false
}
