package markdown

import (
	"strings"

	"golang.org/x/net/html"
)

// body shows what is in a macro and nothing of the macro: it only says how.
func body(r *resolver, dst *html.Node, c *call) { r.show(dst, c) }

// comment keeps what an author noted in the page's source, where Confluence's readers
// do not see it: in a closed box, as all that is hidden.
func comment(r *resolver, dst *html.Node, c *call) {
	box := hiddenBox("Hidden comment", c)
	r.show(box, c)
	dst.AppendChild(box)
}

// titled shows a macro's title in bold before what is in it: tabs, cards, steps.
func titled(names ...string) macro {
	return func(r *resolver, dst *html.Node, c *call) {
		title := c.param(names...)
		if c.inline {
			if title != "" {
				dst.AppendChild(with(el("strong"), text(title)))
				addText(dst, " ")
			}
		} else {
			r.addTitle(dst, title)
		}
		r.show(dst, c)
	}
}

// marking wraps what is in a macro in an element.
func marking(name string) macro {
	return func(r *resolver, dst *html.Node, c *call) {
		out := el(name)
		dst.AppendChild(out)
		r.show(out, c)
	}
}

// colored gives what is in a macro the colour that it names.
func colored(prefix string, names ...string) macro {
	return func(r *resolver, dst *html.Node, c *call) {
		out := el("span")
		if name := background(c.param(names...)); name != "" {
			setAttr(out, "class", prefix+name)
		}
		dst.AppendChild(out)
		r.show(out, c)
	}
}

// character is a macro that stands for a character.
func character(s string) macro {
	return func(r *resolver, dst *html.Node, c *call) { addText(dst, s) }
}

// message makes an alert whose kind is a parameter.
func message(r *resolver, dst *html.Node, c *call) {
	kinds := map[string]string{
		"success": "TIP", "tip": "TIP", "warning": "WARNING", "error": "CAUTION", "danger": "CAUTION", "hint": "TIP",
		"important": "IMPORTANT", "note": "IMPORTANT",
	}
	name := strings.ToLower(c.param("type", "color"))
	kind := first(kinds[name], "NOTE")
	out := el(markAlert, "kind", kind)
	dst.AppendChild(out)
	if title := c.param("title"); title != "" {
		r.addTitle(out, title)
	} else {
		r.sayType(out, kind, name)
	}
	r.show(out, c)
}

// button shows a button that leads somewhere as a link.
func button(r *resolver, dst *html.Node, c *call) {
	out := el("span")
	label := with(el("span"), text(first(c.param("title", "label", "text", "name"), c.param("url", "link"), "button")))
	t, ok := c.target("url", "link", "page", "href")
	if s := c.param("url", "link", "href"); ok && t.Kind == TargetPage &&
		(strings.Contains(s, "/") || strings.HasPrefix(s, "#") || strings.HasPrefix(s, `\\`) ||
			strings.HasPrefix(s, "www.") || scheme.MatchString(s)) {
		t = urlTarget(s)
	}
	if ok {
		r.linkTo(out, label, t, c.Node)
	} else {
		move(label, out)
	}
	dst.AppendChild(c.place(out))
	r.show(dst, c)
}

// clickable shows what is in a macro and where a click on it leads.
func clickable(r *resolver, dst *html.Node, c *call) {
	r.show(dst, c)
	if s := c.param("link", "url"); s != "" {
		out := el("span")
		r.linkTo(out, el("span"), urlTarget(s), c.Node)
		dst.AppendChild(c.place(out))
	}
}

// remark shows what a macro shows on a touch: in brackets behind the words that it
// belongs to, which are its body or a parameter.
func remark(r *resolver, dst *html.Node, c *call) {
	hint := c.param("tooltipText", "tooltip", "text")
	r.show(dst, c)
	if shown := c.param("linkText", "label", "title", ""); c.rich() == nil && shown != "" {
		if c.name == "cfm-tooltip" { // its unnamed parameter is the hint
			shown, hint = hint, shown
		}
		addText(dst, shown)
	}
	if hint != "" {
		addText(dst, " ("+hint+")")
	}
}

// footnote keeps a footnote where it is noted.
func footnote(r *resolver, dst *html.Node, c *call) {
	words := c.param("text", "")
	if words == "" && c.rich() == nil {
		return
	}
	if b := c.rich(); !c.inline && b != nil && onlyParagraph(b) == nil { // blocks of its own need no brackets
		r.show(dst, c)
		addText(dst, words)
		return
	}
	c.inline = true
	out := el("span")
	addText(out, " (")
	r.show(out, c)
	addText(out, words+")")
	trimLine(out)
	dst.AppendChild(out)
}

// trimLine takes the blanks away that show leaves within the brackets.
func trimLine(n *html.Node) {
	for _, pair := range [][2]*html.Node{{n.FirstChild, n.FirstChild.NextSibling},
		{n.LastChild, n.LastChild.PrevSibling}} {
		if blank := pair[1]; blank != nil && blank.Type == html.TextNode && isSpace(blank.Data) {
			n.RemoveChild(blank)
		}
	}
}

// translation shows one language's version of a text under the language's name.
func translation(r *resolver, dst *html.Node, c *call) {
	name := c.name
	if name == "sv-translation" {
		name = c.param("language")
	}
	r.addTitle(dst, name)
	r.show(dst, c)
}

// webCode shows HTML that would run in Confluence: as its source, and the pictures that are in
// it below that.
func webCode(r *resolver, dst *html.Node, c *call) {
	s, ok := c.plain()
	if !ok {
		if c.rich() == nil {
			media(r, dst, c)
			return
		}
		r.show(dst, c)
		return
	}
	var kept []Ref
	if hasData(s) {
		s, kept = r.keepPictures(s, c.Node, nil, dataSource)
	}
	addCode(dst, s, "html", false)
	for _, ref := range kept {
		if ref.Image {
			dst.AppendChild(with(el("p"), description{}.image(first(ref.Picture, ref.Href))))
		}
	}
}

// variable shows the value of a variable of the page's own.
func variable(r *resolver, dst *html.Node, c *call) {
	if tex := c.param("body"); c.name == "unit" && strings.Contains(tex, `\`) { // of LaTeX Math
		addMath(dst, queried(tex), "")
		return
	}
	value := c.param("", "text", "value", "name", "body", "parameter1")
	if value == "" && c.name == "scroll-pagetitle" {
		value = r.page.Title
	}
	if value == "" {
		dst.AppendChild(r.placeholder("Variable: "+c.name, nil, c.inline))
		return
	}
	addText(dst, value)
}
