package markdown

import (
	"strings"

	"golang.org/x/net/html"
)

// Each line within a list or quotation begins with the signs of all that are around it, so
// a short line in ninety lists becomes two hundred bytes, and is copied ninety times. What
// nesting adds is bounded by the size of the body: the outer levels stay, those within them
// show their content without a form.

// indent is how many bytes a level adds to a line, at most.
const indent = 4

// flatten takes the form of the innermost levels away where nesting would add too much to
// a body of so many bytes.
func flatten(root *html.Node, l *losses, size int) {
	var lines []int // by how many levels are around them
	var count func(n *html.Node, depth int)
	count = func(n *html.Node, depth int) {
		for len(lines) <= depth {
			lines = append(lines, 0)
		}
		if n != root && !holds(n) {
			lines[depth] += linesOf(n)
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			count(c, depth+levels(c))
		}
	}
	count(root, 0)
	most, added, below := 0, 0, 0
	for _, n := range lines {
		below += n
	}
	for most+1 < len(lines) {
		below -= lines[most]
		if added += below * indent; added > indentPerByte*size+repeatSpare {
			break
		}
		most++
	}
	if most+1 < len(lines) {
		unwrapBelow(root, 0, most, l)
	}
}

// holds tells the blocks that hold other blocks.
func holds(n *html.Node) bool {
	switch n.Data {
	case "blockquote", "dd", "details", "div", "dl", "li", "ol", "ul", markAlert:
		return n.Type == html.ElementNode
	}
	return false
}

// levels tells how many levels a block adds to the lines in it.
func levels(n *html.Node) int {
	switch n.Data {
	case "blockquote", "dd", "li", markAlert:
		return 1
	}
	return 0
}

// linesOf counts the lines that a block without others may take.
func linesOf(n *html.Node) int {
	lines := 1
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			lines += strings.Count(d.Data, "\n")
		case d.Data == "br" || isBlock(d):
			lines += 2
		}
	}
	return lines + 1
}

// unwrapBelow puts the content of what lies deeper than so many levels in its place.
func unwrapBelow(n *html.Node, depth, most int, l *losses) {
	for c := n.FirstChild; c != nil; {
		next, inner := c.NextSibling, depth+levels(c)
		switch {
		case !holds(c):
		case depth < most || c.Data == "div" || c.Data == "details":
			unwrapBelow(c, inner, most, l)
		default:
			l.add(LossDepth, c.Data, 0)
			if c.FirstChild != nil {
				next = c.FirstChild
			}
			for d := c.FirstChild; d != nil; d = c.FirstChild {
				c.RemoveChild(d)
				n.InsertBefore(d, c)
			}
			n.RemoveChild(c)
		}
		c = next
	}
}
