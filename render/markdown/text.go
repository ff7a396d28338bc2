package markdown

import (
	"strings"

	"agc-export/render/expression"
	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// paragraph keeps a paragraph, with its place (align.go); empty ones are dropped later.
func paragraph(r *resolver, dst *html.Node, n *storage.Node) {
	out := r.memory.el("p")
	aligned(out, n)
	r.from(out, n)
	dst.AppendChild(out)
	r.body(out, n)
}

// heading keeps a heading with its author's level, see level.go. What its attribute names it,
// which Confluence itself drops, is another name of the heading.
func heading(r *resolver, dst *html.Node, n *storage.Node) {
	out := r.memory.el(n.Name)
	aligned(out, n)
	r.from(out, n)
	if id := n.Get("id"); id != "" {
		out.AppendChild(el("a", "id", anchorID(id), namingAttr, "true"))
	}
	dst.AppendChild(out)
	above := r.titled
	r.titled = true
	r.body(out, n)
	r.titled = above
}

// lineBreak keeps a line break.
func lineBreak(r *resolver, dst *html.Node, n *storage.Node) { dst.AppendChild(r.memory.el("br")) }

// division keeps a div only for its being a block.
func division(r *resolver, dst *html.Node, n *storage.Node) {
	if n.Get("class") == "toc-macro" && n.FirstChild == nil {
		return
	}
	out := r.memory.el("div")
	dst.AppendChild(out)
	r.body(out, n)
}

// details is HTML's own: an expand of a page that was written by hand.
func details(r *resolver, dst *html.Node, n *storage.Node) {
	title := "Details"
	if s := n.Child("summary"); s != nil {
		title = strings.TrimSpace(s.TextContent())
	}
	out := r.expandBox(title)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Name != "summary" {
			r.node(out, c)
		}
	}
	dst.AppendChild(out)
}

// quotation writes the marks that a browser puts around <q>.
func quotation(r *resolver, dst *html.Node, n *storage.Node) {
	addText(dst, "“")
	r.body(dst, n)
	addText(dst, "”")
}

// date writes a date as it stands: a day without a time zone.
func date(r *resolver, dst *html.Node, n *storage.Node) {
	when := n.Get("datetime")
	if when == "" {
		when = n.Get("ac:datetime")
	}
	shown := strings.TrimSpace(n.TextContent())
	if shown == "" {
		shown = when
	}
	if when == "" || strings.Trim(when, "0123456789TZ:.+- ") != "" || len(when) < 4 || len(when) > 40 {
		addText(dst, shown)
		return
	}
	dst.AppendChild(with(el("time", "datetime", when), text(shown)))
}

// templateVariable shows the name of a variable of a page template.
func templateVariable(r *resolver, dst *html.Node, n *storage.Node) {
	addText(dst, "«"+n.Get("at:name")+"»")
	r.body(dst, n)
}

// mathML keeps the TeX that MathML carries along, else its text.
func mathML(r *resolver, dst *html.Node, n *storage.Node) {
	block := ""
	if n.Get("display") == "block" {
		block = "true"
	}
	for p, up := n.Parent, 0; p != nil && up < 3; p, up = p.Parent, up+1 { // KaTeX says so in a span around it
		if strings.Contains(p.Get("class"), "katex-display") {
			block = "true"
		}
	}
	for d := range n.All() {
		if d.Name == "annotation" && texEncoding.MatchString(d.Get("encoding")) {
			addMath(dst, d.TextContent(), block)
			return
		}
	}
	r.lose(LossElement, "math", n)
	dst.AppendChild(with(el("code"), text(visible(n))))
}

// texEncoding matches the names of TeX in annotations: application/x-tex, LaTeX, TeX.
var texEncoding = expression.New(`(?i)(^|x-|la)tex$`)

// visible returns the words of a drawing or formula: without what describes it to
// programs, and in a formula without its further notations.
func visible(n *storage.Node) string {
	var parts []string
	var walk func(*storage.Node)
	walk = func(n *storage.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.Name {
			case "":
				parts = append(parts, strings.Fields(c.Text)...)
			case "style", "script", "metadata", "annotation", "annotation-xml":
			default:
				walk(c)
			}
		}
	}
	walk(n)
	return strings.Join(parts, " ")
}

// addMath appends TeX, as a block where block is not empty.
func addMath(dst *html.Node, tex, block string) {
	out := with(el(markMath), text(tex))
	setAttr(out, "block", block)
	dst.AppendChild(out)
}

// picture is an SVG drawing in the page itself, which no Markdown can hold: only
// its text is kept.
func picture(r *resolver, dst *html.Node, n *storage.Node) {
	r.lose(LossImage, "svg", n)
	addText(dst, visible(n))
}
