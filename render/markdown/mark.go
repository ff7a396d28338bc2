package markdown

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Editors cut marks to pieces while people type, and put them around each other in any
// order. Readers see the same either way, but Markdown and those who read it do not.

// joinMarks makes one mark of equal ones that stand right beside each other below n.
func joinMarks(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		for isMarkup(c) && sameMark(c, behind(c)) {
			next := c.NextSibling
			move(next, c)
			n.RemoveChild(next)
		}
		joinMarks(c)
	}
}

// behind returns what stands right behind a node, once the nothing between them is taken away.
func behind(n *html.Node) *html.Node {
	next := n.NextSibling
	for next != nil && next.FirstChild == nil &&
		(next.Type == html.TextNode && next.Data == "" || next.Data == "span" && len(next.Attr) == 0) {
		n.Parent.RemoveChild(next)
		next = n.NextSibling
	}
	return next
}

// isMarkup tells the elements that only say how their words look or where they lead.
func isMarkup(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	switch n.Data {
	case "strong", "em", "del", "u", "sub", "sup", "code", "mark", "small":
		return len(n.Attr) == 0
	case "a":
		return attr(n, "href") != "" && attr(n, "id") == ""
	case "span":
		class := attr(n, "class")
		return len(n.Attr) == 1 && (strings.HasPrefix(class, "fg-") || strings.HasPrefix(class, "bg-"))
	}
	return false
}

// sameMark tells whether an element says the same as another.
func sameMark(a, b *html.Node) bool {
	return b != nil && b.Type == html.ElementNode && a.Data == b.Data && slices.Equal(a.Attr, b.Attr)
}

// turnCode puts code that holds a link, or nothing but a mark, into it: a link around code
// is Markdown, code around a link is not.
func turnCode(n *html.Node) {
	turned := false
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type != html.ElementNode || c.Data == "pre":
		case c.Data == "code" && (holdsLink(c) || onlyMark(c) != nil):
			intoCode(n, c, c)
			n.RemoveChild(c)
			turned = true
		default:
			turnCode(c)
		}
		c = next
	}
	if turned {
		joinTexts(n)
	}
}

// joinTexts makes one text of those that stand right beside each other in n.
func joinTexts(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		for d := c.NextSibling; c.Type == html.TextNode && d != nil && d.Type == html.TextNode; d = c.NextSibling {
			c.Data += d.Data
			n.RemoveChild(d)
		}
	}
}

// holdsLink tells whether there is a link below n.
func holdsLink(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Data == "a" && attr(d, "href") != "" {
			return true
		}
	}
	return false
}

// onlyMark returns the mark that is all that stands in an element but blanks, or nil.
func onlyMark(n *html.Node) *html.Node {
	var only *html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && isSpace(c.Data):
		case only == nil && isMarkup(c) && c.Data != "code":
			only = c
		default:
			return nil
		}
	}
	return only
}

// intoCode puts what is in an element before a node of parent, each text as code.
func intoCode(parent, from, before *html.Node) {
	for c := from.FirstChild; c != nil; c = from.FirstChild {
		from.RemoveChild(c)
		switch {
		case c.Type == html.TextNode:
			words := strings.TrimFunc(c.Data, invisible)
			lead, trail, _ := strings.Cut(c.Data, words)
			if words == "" {
				lead, trail = c.Data, ""
			}
			for _, part := range []*html.Node{text(lead), with(el("code"), text(words)), text(trail)} {
				if contentOf(part) != "" {
					parent.InsertBefore(part, before)
				}
			}
		case isMarkup(c) && c.Data != "code":
			inner := copyOf(c)
			parent.InsertBefore(inner, before)
			intoCode(inner, c, nil)
		case c.Data == "span" && len(c.Attr) == 0:
			intoCode(parent, c, before)
		default:
			parent.InsertBefore(c, before)
		}
	}
}
