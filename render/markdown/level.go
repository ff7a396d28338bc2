package markdown

import "golang.org/x/net/html"

// Authors begin with the heading that looks right, often the second. In Markdown the
// page's title is the first and the highest of the body the second, whatever it was, so
// that no level is left out: all headings of a page move by as many levels.

// highest returns the level of the highest heading of the page, or 0, where its parts are
// written one after the other.
func (r *resolver) highest() int {
	top := 0
	for _, h := range r.anchors().headings {
		if top == 0 || h.level < top {
			top = h.level
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

// settle gives the headings of a tree their levels in the Markdown.
func (r *resolver) settle(root *html.Node) {
	top := r.top
	for n := range root.Descendants() {
		if r.top == 0 && isHeading(n) {
			top = higher(top, n.Data)
		}
	}
	for n := range root.Descendants() {
		if isHeading(n) {
			n.Data = "h" + string(rune('0'+min(max(int(n.Data[1]-'0')-top, 0)+2, 6)))
		}
	}
}
