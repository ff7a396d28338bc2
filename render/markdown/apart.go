package markdown

import (
	"unicode/utf8"

	"golang.org/x/net/html"

	"agc-export/render/storage"
)

// joins are the elements whose words go on in those around them: "un<b>bound</b>ed" is one
// word. All others, labels and dates and people and what apps show, stand apart, as they
// do in Confluence by their looks.
func joins(name string) bool {
	switch name {
	case "a", "abbr", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
		"samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr", "br", "ac:link",
		"ac:link-body", "ac:plain-text-link-body", "ac:inline-comment-marker", "ac:-comment-marker", "ac:placeholder":
		return true
	}
	return false
}

// apart puts a blank between what n became, which is all in dst behind last, and the
// words around it where letters would touch.
func (r *resolver) apart(dst, last *html.Node, n *storage.Node) {
	first := dst.FirstChild
	if last != nil {
		first = last.NextSibling
	}
	if first == nil {
		return
	}
	for at := dst; last == nil && at != nil && !isBlock(at); at = at.Parent {
		last = at.PrevSibling
	}
	if last != nil && word(edgeRune(last, false)) && word(edgeRune(first, true)) {
		dst.InsertBefore(text(" "), first)
	}
	if word(edgeRune(dst.LastChild, false)) && word(following(n)) {
		addText(dst, " ")
	}
}

// edgeRune returns the first or the last character of running text, 0 of all else.
func edgeRune(n *html.Node, begin bool) (c rune) {
	for n != nil && n.Type == html.ElementNode && !isBlock(n) {
		if begin {
			n = n.FirstChild
		} else {
			n = n.LastChild
		}
	}
	switch {
	case n == nil || n.Type != html.TextNode || n.Data == "":
		return 0
	case begin:
		c, _ = utf8.DecodeRuneInString(n.Data)
	default:
		c, _ = utf8.DecodeLastRuneInString(n.Data)
	}
	return c
}

// following returns the character of running text that follows an element, or 0.
func following(n *storage.Node) rune {
	for n.NextSibling == nil && n.Parent != nil && joins(n.Parent.Name) {
		n = n.Parent
	}
	for n = n.NextSibling; n != nil && !n.IsText(); n = n.FirstChild {
		if blockName(n.Name) {
			return 0
		}
	}
	if n == nil {
		return 0
	}
	c, _ := utf8.DecodeRuneInString(n.Text)
	return c
}
