package markdown

import (
	"slices"
	"strconv"
	"strings"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// Texts refer to the numbers of lists, so a list keeps them: Markdown says with which number a
// list begins, if it has nine digits at most and no sign, and counts on from there. All else
// is HTML: other beginnings, items with numbers of their own, letters and Roman numbers. By
// depth a list shows 1, a and i in Confluence and on the site, which Markdown does not say.

// orderedList keeps the number with which a list begins, and its kind.
func orderedList(r *resolver, dst *html.Node, n *storage.Node) {
	out := r.memory.el("ol")
	if s := listNumber(n.Get("start")); s != "1" {
		setAttr(out, "start", s)
	}
	setAttr(out, "type", listType(n))
	dst.AppendChild(out)
	r.body(out, n)
	if _, reversed := n.Lookup("reversed"); reversed {
		countDown(out, n.Get("start"))
	}
}

// countDown gives each item of a list that counts backwards its number: the attribute that says
// so is among those that GitHub takes away.
func countDown(list *html.Node, start string) {
	items := 0
	for c := list.FirstChild; c != nil; c = c.NextSibling {
		if c.Data == "li" {
			items++
		}
	}
	number, ok := whole(listNumber(start))
	if !ok {
		number = items
	}
	for c := list.FirstChild; c != nil; c = c.NextSibling {
		if c.Data != "li" {
			continue
		}
		if own, ok := whole(attr(c, "value")); ok {
			number = own
		} else {
			setAttr(c, "value", strconv.Itoa(number))
		}
		number--
	}
}

// listItem keeps the number of an item that has one of its own.
func listItem(r *resolver, dst *html.Node, n *storage.Node) {
	out := r.memory.el("li")
	if n.Parent.Name == "ol" {
		setAttr(out, "value", listNumber(n.Get("value")))
	}
	r.from(out, n)
	dst.AppendChild(out)
	r.body(directed(out, n, holdsBlocks(n)), n)
}

// listNumber returns a number of a list as browsers read it, or "".
func listNumber(s string) string {
	n, ok := whole(s)
	if !ok || n != int(int32(n)) {
		return ""
	}
	return strconv.Itoa(n)
}

// whole reads a whole number. Most attributes that could hold one are not there, and an error costs
// more than all else of an element.
func whole(s string) (n int, ok bool) {
	if s = strings.TrimSpace(s); s == "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// listTypes are the kinds of numbers by their names in styles.
var listTypes = map[string]string{
	"decimal": "1", "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A",
	"lower-roman": "i", "upper-roman": "I",
}

// listType returns the kind of numbers that a list asks for, or "" if it has that anyway.
func listType(n *storage.Node) string {
	style := styleOf(n)
	kind := listTypes[first(style["list-style-type"], style["list-style"])]
	if t := n.Get("type"); kind == "" && slices.Contains([]string{"1", "a", "A", "i", "I"}, t) {
		kind = t
	}
	depth := 0
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Name == "ol" {
			depth++
		}
	}
	if kind == [3]string{"1", "a", "i"}[depth%3] {
		return ""
	}
	return kind
}

// firstNumber returns the number of a list's first item.
func firstNumber(n *html.Node) int {
	s := attr(n, "start")
	if n.FirstChild != nil && attr(n.FirstChild, "value") != "" {
		s = attr(n.FirstChild, "value")
	}
	if number, ok := whole(s); ok {
		return number
	}
	return 1
}

// countable tells whether Markdown can say the numbers of a list.
func countable(n *html.Node) bool {
	if n.Data != "ol" {
		return true
	}
	number := firstNumber(n)
	if attr(n, "type") != "" || number < 0 {
		return false
	}
	for item := n.FirstChild; item != nil; item = item.NextSibling {
		if s := attr(item, "value"); s != "" && s != strconv.Itoa(number) {
			return false
		}
		number++
	}
	return number <= 1e9
}
