package site

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// GFM's tables have headings in their first row only, and cells of one line. The Markdown says
// the rest by forms that are read back here: a first column that is bold all through heads its
// rows, and two breaks part the paragraphs of a cell.

// cells reads the forms of a table's cells.
func cells(table *html.Node) {
	var firsts []*html.Node // the first cell of each row but those of the headings
	bold, more := true, false
	for part := range table.ChildNodes() {
		for row := range part.ChildNodes() {
			column := 0
			for c := range row.ChildNodes() {
				if c.Data != "td" && c.Data != "th" {
					continue
				}
				paragraphs(c)
				if column++; part.Data == "thead" {
					continue
				}
				if column == 1 {
					firsts = append(firsts, c)
					bold = bold && c.Data == "td" && (c.FirstChild == nil || allBold(c))
					more = more || c.FirstChild != nil
				}
				bold = bold && get(c, "rowspan") == "" && get(c, "colspan") == "" && !(column == 2 && allBold(c))
			}
			bold = bold && column != 1
		}
	}
	for _, c := range firsts {
		if bold && more && c.FirstChild != nil {
			c.Data, c.DataAtom = "th", atom.Th
			set(c, "scope", "row")
		}
	}
}

// allBold tells whether nothing but one bold text stands in an element, and places.
func allBold(n *html.Node) bool {
	found := false
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "", c.Data == "a" && c.FirstChild == nil:
		case c.Data == "strong" && !found:
			found = true
		default:
			return false
		}
	}
	return found
}

// paragraphs makes paragraphs of a cell's runs of text where two breaks part them.
func paragraphs(cell *html.Node) {
	parted := false
	for c := range cell.ChildNodes() {
		parted = parted || c.Data == "br" && c.NextSibling != nil && c.NextSibling.Data == "br"
	}
	if !parted {
		return
	}
	var p *html.Node
	for c := cell.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Data == "br" && next != nil && next.Data == "br":
			after := next.NextSibling
			cell.RemoveChild(c)
			cell.RemoveChild(next)
			p, next = nil, after
		case c.Type == html.ElementNode && (c.Data == "ul" || c.Data == "ol" || c.Data == "p" || c.Data == "div"):
			p = nil
		default:
			if p == nil {
				p = element("p")
				cell.InsertBefore(p, c)
			}
			cell.RemoveChild(c)
			p.AppendChild(c)
		}
		c = next
	}
}
