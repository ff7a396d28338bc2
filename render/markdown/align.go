package markdown

import (
	"strconv"
	"strings"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// Alignment and indentation have no form in Markdown. Paragraphs and headings that have
// one stand in a division, <div align="center"> or <div class="align-indent-1">, with
// blank lines inside, so that they are Markdown all the same: the attribute is one that
// GitHub keeps. That costs two lines, so it is done where blocks stand by themselves:
// on the page, in layouts, panels, quotes and boxes. In lists it would tear the items
// apart; there the text stays and the loss is counted.

// indentStep is how far Confluence moves a paragraph for each level, in pixels.
const indentStep = 30

// maxIndent is the number of levels that Confluence's editor has.
const maxIndent = 6

// aligned notes on a paragraph or heading what its style says of its place.
func aligned(out *html.Node, n *storage.Node) {
	setAttr(out, "align", alignOf(n))
	setAttr(out, "dir", dirOf(n))
	margin := styleOf(n)["margin-left"]
	if margin == "" {
		return
	}
	if px, err := strconv.ParseFloat(strings.TrimSuffix(margin, "px"), 64); err == nil && px >= indentStep/2 {
		setAttr(out, "class", "align-indent-"+strconv.Itoa(min(int(px/indentStep+0.5), maxIndent)))
	}
}

// alignOf returns center or right, or "" for all that is as good as left.
func alignOf(n *storage.Node) string {
	switch first(styleOf(n)["text-align"], strings.ToLower(n.Get("align"))) {
	case "center":
		return "center"
	case "right", "end":
		return "right"
	}
	return ""
}

// place puts runs of blocks of the same alignment below n into divisions. within tells
// that n stands in a list or the like.
func (s *shaper) place(n *html.Node, within bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		align, class, dir := attr(c, "align"), attr(c, "class"), attr(c, "dir")
		switch {
		case !isBlock(c) || c.Data == "table": // cells keep their alignment themselves
			continue
		case c.Data != "p" && !isHeading(c):
			s.place(c, within || c.Data == "li" || c.Data == "dd")
			continue
		case align == "" && class == "" && dir == "":
			continue
		case within:
			if c.Attr = nil; dir != "" {
				words := el("span", "dir", dir)
				move(c, words)
				c.AppendChild(words)
			}
			if align+class != "" {
				s.lose(LossStyle, "align", c)
			}
			continue
		}
		frame := el("div")
		setAttr(frame, "align", align)
		setAttr(frame, "class", class)
		setAttr(frame, "dir", dir)
		n.InsertBefore(frame, c)
		alike := func(c *html.Node) bool {
			return attr(c, "align") == align && attr(c, "class") == class && attr(c, "dir") == dir
		}
		for c != nil && (c.Data == "p" || isHeading(c)) && alike(c) {
			next := c.NextSibling
			n.RemoveChild(c)
			c.Attr = nil
			frame.AppendChild(c)
			c = next
		}
		c = frame
	}
}

// isHeading tells headings of all levels.
func isHeading(n *html.Node) bool {
	return n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6'
}
