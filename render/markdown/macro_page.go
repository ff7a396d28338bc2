package markdown

import "golang.org/x/net/html"

// excerpt keeps its body, which other pages may include. A hidden one is not seen
// on its own page, but it is there: it stands in a closed box.
func excerpt(r *resolver, dst *html.Node, c *call) {
	if !c.on("hidden") {
		r.show(dst, c)
		return
	}
	box := hiddenBox("Hidden excerpt", c)
	dst.AppendChild(box)
	r.show(box, c)
}

// hiddenBox returns a closed box for what its page does not show.
func hiddenBox(title string, c *call) *html.Node {
	if name := c.param("name"); name != "" {
		title += ": " + name
	}
	return with(el("details", "class", "macro"), with(el("summary"), text(title)))
}
