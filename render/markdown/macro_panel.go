package markdown

import (
	"strings"

	"golang.org/x/net/html"
)

// panelWords are the names of Confluence's panels by the kinds of GitHub's alerts that have their
// colours. GitHub has words of its own for these; the site has the author's, see its strings.toml.
var panelWords = map[string]string{"NOTE": "Info", "TIP": "Tip", "IMPORTANT": "Note", "WARNING": "Note",
	"CAUTION": "Warning"}

// sayType says in a title what its author called a panel where its colour would be read as a lesser thing,
// or a greater.
func (r *resolver) sayType(dst *html.Node, kind, name string) {
	name = strings.ToLower(name)
	grave := kind == "WARNING" || kind == "CAUTION"
	if grave && name != "" && !strings.EqualFold(panelWords[kind], name) {
		r.addTitle(dst, strings.ToUpper(name[:1])+name[1:])
	}
}

// alert makes a panel of the given kind, which has its colour.
func alert(kind string) macro {
	return func(r *resolver, dst *html.Node, c *call) {
		out := r.memory.el(markAlert, "kind", kind)
		dst.AppendChild(out)
		r.addTitle(out, c.param("title"))
		r.show(out, c)
	}
}

// addTitle puts a title in bold before what follows.
func (r *resolver) addTitle(dst *html.Node, title string) {
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
	out := r.expandBox(c.param("title", ""))
	dst.AppendChild(out)
	r.show(out, c)
}

// expandBox returns an empty box under a title.
func (r *resolver) expandBox(title string) *html.Node {
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
