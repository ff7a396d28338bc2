package markdown

import (
	"agc-export/render/expression"

	"golang.org/x/net/html"
)

// Authors begin with the heading that looks right, often the second. In Markdown the
// page's title is the first and the highest of the body the second, whatever it was, so
// that no level is left out: all headings of a page move by as many levels.

// opensHeading matches what may be the tag of a heading.
var opensHeading = expression.New(`<[hH][1-6][\s/>]`)

// highest returns the level of the highest heading of the page, or 0, where its parts are
// written one after the other. It remembers nothing else, for such a page may have many.
func (r *resolver) highest() int {
	top := 0
	if opensHeading.MatchString(r.src) {
		r.blindly(r.src, &Places{}, func(tree *html.Node) { top = topOf(tree, top) })
	}
	return top
}

// topOf returns the level of the highest heading in a tree or of those before it.
func topOf(tree *html.Node, top int) int {
	for n := range tree.Descendants() {
		if isHeading(n) {
			top = higher(top, n.Data)
		}
	}
	return top
}

// higher returns the higher of a level and that of a heading's name.
func higher(top int, name string) int {
	if level := int(name[1] - '0'); top == 0 || level < top {
		return level
	}
	return top
}

// settle gives the headings of a tree their levels in the Markdown, and one name each.
func (r *resolver) settle(root *html.Node) {
	top := r.top
	if top == 0 {
		top = topOf(root, 0)
	}
	for n := range root.Descendants() {
		if isHeading(n) {
			for _, name := range namesOf(n) {
				name.Parent.RemoveChild(name)
			}
			n.Data = "h" + string(rune('0'+min(max(int(n.Data[1]-'0')-top, 0)+1+r.below, 6)))
		}
	}
}
