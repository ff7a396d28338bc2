package markdown

import (
	"strings"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// Text that runs from right to left says so in an attribute, which Markdown and GitHub keep on
// HTML: on a division around blocks, on a cell, on a span in running text. That text runs from
// left to right is said by many editors and needs no saying, but within such text.

// dirOf returns the direction in which an element's text runs, or "" where that is plain.
func dirOf(n *storage.Node) string {
	dir := saidDir(n)
	if dir != "ltr" {
		return dir
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if around := saidDir(p); around != "" {
			return strings.TrimPrefix(dir, around)
		}
	}
	return ""
}

// saidDir returns the direction that an element names.
func saidDir(n *storage.Node) string {
	dir := strings.ToLower(strings.TrimSpace(n.Get("dir")))
	if dir == "" && strings.Contains(n.Get("style"), "direction") { // few have one
		dir = styleOf(n)["direction"]
	}
	switch dir {
	case "rtl", "ltr", "auto":
		return dir
	}
	return ""
}

// directs tells the elements that keep their direction themselves.
func directs(name string) bool {
	switch name {
	case "bdo", "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "tr", "table", "thead", "tbody", "tfoot",
		"ac:task-list":
		return true
	}
	return false
}

// directed returns where the content of an element goes: into one that keeps its direction, if
// it has one.
func directed(dst *html.Node, n *storage.Node, block bool) *html.Node {
	dir := dirOf(n)
	if dir == "" {
		return dst
	}
	name := "span"
	if block {
		name = "div"
	}
	out := el(name, "dir", dir)
	dst.AppendChild(out)
	return out
}

// override keeps an element that makes its letters run the other way.
func override(r *resolver, dst *html.Node, n *storage.Node) {
	out := el("span")
	if dir := saidDir(n); dir != "" {
		out = el("bdo", "dir", dir)
	}
	dst.AppendChild(out)
	r.body(out, n)
}

// holdsBlocks tells whether an element has blocks of its own.
func holdsBlocks(n *storage.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if blockName(c.Name) {
			return true
		}
	}
	return false
}
