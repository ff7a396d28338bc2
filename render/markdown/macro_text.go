package markdown

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// status makes a coloured label. One without a title shows its colour.
func status(r *resolver, dst *html.Node, c *call) {
	color := strings.ToLower(c.param("colour", "color"))
	class := "status"
	if name := background(color); name != "" {
		class += " status-" + name
	}
	words, title := el("span", "class", class), c.param("title", "")
	if title == "" && c.rich() != nil { // lozenges of some apps have their words in the body
		r.body(words, first(onlyParagraph(c.rich()), c.rich()))
	} else {
		addText(words, first(title, color, "status"))
	}
	if last := dst.LastChild; last != nil && strings.HasPrefix(attr(last, "class"), "status") {
		addText(dst, " ") // Confluence's labels have a gap between them, and are words apart
	}
	dst.AppendChild(words)
}

// namedPlace marks a place that links lead to. Those where Word was left nobody has named.
func namedPlace(r *resolver, dst *html.Node, c *call) {
	if name := c.param("", "name"); name != "" && name != "_GoBack" {
		dst.AppendChild(r.memory.el("a", "id", anchorID(name)))
	}
}

// contents makes a list of links to the page's headings.
func contents(r *resolver, dst *html.Node, c *call) {
	if r.blind { // the list parts what stands around it, also while headings are looked for
		dst.AppendChild(el("hr"))
		return
	}
	r.contentsOf(dst, c, r.anchors().headings)
}

// contentsOf makes a list of links to those of some headings that a macro wants.
func (r *resolver) contentsOf(dst *html.Node, c *call, headings []headingRef) {
	if !take(&r.budget.looks, len(headings)) {
		r.tooMuch(dst, c, "Contents")
		return
	}
	low, high := level(c.param("minLevel"), 1), level(c.param("maxLevel"), 6)
	include, exclude := pattern(c.param("include")), pattern(c.param("exclude"))
	var shown []headingRef
	for _, h := range headings {
		wanted := (include == nil || include.MatchString(h.text)) && (exclude == nil || !exclude.MatchString(h.text))
		if h.level >= low && h.level <= high && wanted && h.text != "" {
			shown = append(shown, h)
		}
	}
	// A page may hold many contents macros, each of which lists every heading.
	size := 0
	for _, h := range shown {
		size += len(h.text) + len(h.id) + 20
	}
	if !r.spend(len(shown)) || !take(&r.budget.repeats, size) {
		r.tooMuch(dst, c, "Contents")
		return
	}
	// A flat list has no levels: to the tree that follows, all its entries are of one.
	if c.param("type") == "flat" {
		for i := range shown {
			shown[i].level = 1
		}
	}
	addTree(dst, shown, func(h headingRef) int { return h.level }, func(h headingRef) *html.Node {
		return with(r.memory.el("a", "href", "#"+h.id), text(h.text))
	})
}

// contentsZone lists the headings within the macro: above what is in it, below, or
// both.
func contentsZone(r *resolver, dst *html.Node, c *call) {
	zone := r.page.ID + ":" + strconv.Itoa(c.Offset)
	// The headings within are not known yet while they are being looked for; the frame
	// tells afterwards which of the page's lay in it.
	if r.blind {
		out := el("div", zoneAttr, zone)
		dst.AppendChild(out)
		r.show(out, c)
		return
	}
	var within []headingRef
	all := r.anchors().headings
	if !take(&r.budget.looks, len(all)) {
		r.tooMuch(dst, c, "Contents")
		r.show(dst, c)
		return
	}
	for _, h := range all {
		if slices.Contains(h.zones, zone) {
			within = append(within, h)
		}
	}
	where := strings.ToLower(c.param("location"))
	if where != "bottom" {
		r.contentsOf(dst, c, within)
	}
	r.show(dst, c)
	if where == "bottom" || where == "both" {
		r.contentsOf(dst, c, within)
	}
}

// level reads a heading level, or takes the given one.
func level(s string, otherwise int) int {
	if n, ok := whole(s); ok && n > 0 {
		return n
	}
	return otherwise
}

// addTree appends a nested list. depth tells how deep an entry lies; levels may be
// skipped.
func addTree[T any](dst *html.Node, entries []T, depth func(T) int, show func(T) *html.Node) {
	for len(entries) > 0 {
		list := dst.LastChild
		if list == nil || list.Data != "ul" || attr(list, "tree") == "" {
			list = el("ul", "tree", "true")
			dst.AppendChild(list)
		}
		n := 1
		for n < len(entries) && depth(entries[n]) > depth(entries[0]) {
			n++
		}
		item := with(el("li"), show(entries[0]))
		list.AppendChild(item)
		addTree(item, entries[1:n], depth, show)
		entries = entries[n:]
	}
}
