package markdown

import (
	"strings"

	"golang.org/x/net/html"
)

// alert makes a panel of the given kind. The names in storage format are not those
// of the editor: "tip" is shown as success, "note" as warning, "warning" as error.
func alert(kind string) macro {
	return func(r *resolver, dst *html.Node, c *call) {
		out := el(markAlert, "kind", kind)
		dst.AppendChild(out)
		addTitle(out, c.param("title"))
		r.show(out, c)
	}
}

// addTitle puts a title in bold before what follows.
func addTitle(dst *html.Node, title string) {
	if title != "" {
		dst.AppendChild(with(el("p"), with(el("strong"), text(title))))
	}
}

// panel makes a box with a title, an icon and a colour of its own.
func panel(r *resolver, dst *html.Node, c *call) {
	icon := first(c.param("panelIconText"), c.param("panelIcon"))
	out := panelBox(c.param("bgColor", "titleBGColor"), c.param("title"), icon)
	dst.AppendChild(out)
	r.show(out, c)
	if icon != "" && c.param("title") == "" {
		joinIcon(out)
	}
}

// panelBox returns the frame of a panel with its first line: icon and title.
func panelBox(color, title, icon string) *html.Node {
	out := el("div", "class", "panel")
	if name := background(color); name != "" {
		out.Attr[0].Val += " bg-" + name
	}
	if strings.HasPrefix(icon, ":") {
		name := strings.Trim(icon, ":")
		icon = first(atlassianEmoji[name], legacyEmoji[name], icon)
	}
	line := el("p")
	addText(line, icon)
	if title != "" {
		if icon != "" {
			addText(line, " ")
		}
		line.AppendChild(with(el("strong"), text(title)))
	}
	if line.FirstChild != nil {
		out.AppendChild(line)
	}
	return out
}

// joinIcon puts the icon of a box without a title, its first line, into the paragraph
// that follows.
func joinIcon(box *html.Node) {
	line := box.FirstChild
	next := line.NextSibling
	for next != nil && next.Type == html.TextNode && isSpace(next.Data) {
		next = next.NextSibling
	}
	if next != nil && next.Data == "p" && next.Type == html.ElementNode {
		box.RemoveChild(line)
		next.InsertBefore(text(line.FirstChild.Data+" "), next.FirstChild)
	}
}

// expand makes a box that a reader opens.
func expand(r *resolver, dst *html.Node, c *call) {
	out := expandBox(c.param("title", ""))
	dst.AppendChild(out)
	r.show(out, c)
}

// expandBox returns an empty box under a title.
func expandBox(title string) *html.Node {
	return with(el("details"), with(el("summary"), text(first(title, "Click here to expand…"))))
}

// section frames columns, column is one of them.
func section(r *resolver, dst *html.Node, c *call) {
	out := el("div", "class", "layout layout-columns")
	dst.AppendChild(out)
	r.show(out, c)
}

func column(r *resolver, dst *html.Node, c *call) {
	out := el("div", "class", "cell")
	dst.AppendChild(out)
	r.show(out, c)
}
