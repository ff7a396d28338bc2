package markdown

import (
	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// Authors begin with the heading that looks right, often the second. In Markdown the
// page's title is the first and the highest of the body the second, whatever it was, so
// that no level is left out: all headings of a page move by as many levels.

// highest returns the level of the highest heading of a body, or 0.
func highest(src []byte, size int) int {
	top := 0
	storage.Parts(src, size, func(part *storage.Node) {
		for n := range part.All() {
			if len(n.Name) == 2 && n.Name[0] == 'h' && n.Name != "hr" {
				top = higher(top, n.Name)
			}
		}
	})
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
