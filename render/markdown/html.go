package markdown

import (
	"slices"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"golang.org/x/net/html"
)

// htmlWriter writes what Markdown has no form for as HTML: each block on a line of
// its own and no blank line, which would end the HTML, but around an author's Markdown.
type htmlWriter struct{ *strings.Builder }

// A ">" means nothing in HTML but at the end of a tag, and people write it in paths of menus.
var escapeText = strings.NewReplacer("&", "&amp;", "<", "&lt;")
var escapeAttr = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", " ", "\r", " ", "\t",
	" ")

// openTag writes an element's start tag, its attributes in their order.
func openTag(out converter.Writer, n *html.Node) {
	put(out, "<", n.Data)
	for _, a := range n.Attr {
		if a.Key == "tree" || a.Key == lineAttr || a.Key == namingAttr { // notes of ours
			continue
		}
		put(out, " ", a.Key, `="`, escapeAttr.Replace(a.Val), `"`)
	}
	out.WriteString(">")
}

// boxSign is the box of a task where Markdown has none: GitHub and others take <input> away, and
// nobody would know any more what is done. The site makes boxes of these signs.
func boxSign(n *html.Node) string {
	if attr(n, "checked") != "" {
		return "☑"
	}
	return "☐"
}

// endless are the elements that have no end tag.
var endless = []string{"br", "col", "hr", "img"}

// block writes a block on lines of its own.
func (w htmlWriter) block(n *html.Node) {
	w.newline()
	switch n.Data {
	case "pre":
		w.pre(n)
	case markAlert:
		kind := strings.ToLower(attr(n, "kind"))
		w.WriteString(`<div class="panel panel-` + kind + `">` + "\n<p>" + kindLabel(n) + "</p>")
		w.children(n)
		w.end("div")
	case markMath:
		w.WriteString(`<pre><code class="language-math">` + literalText(contentOf(n)) + "</code></pre>")
	case markRaw: // Markdown again: empty lines end the HTML before it and begin it anew
		w.WriteString("\n" + strings.Trim(contentOf(n), "\n") + "\n\n")
	case "dd":
		w.WriteString("<blockquote>")
		w.children(n)
		w.end("blockquote")
	case "table":
		w.table(n)
	default:
		openTag(w, n)
		if slices.Contains(endless, n.Data) {
			return
		}
		w.children(n)
		w.end(n.Data)
	}
}

// table writes a table, its head apart from its body: browsers repeat that on every
// printed page, and readers for the blind announce it.
func (w htmlWriter) table(n *html.Node) {
	openTag(w, n)
	// Only where both parts have rows: a table of nothing but heads has no head.
	heads, rows := headRows(n)
	part := ""
	for row, c := 0, n.FirstChild; c != nil; c = c.NextSibling {
		if c.Data == "tr" && heads > 0 && heads < rows && (row == 0 || row == heads) {
			if part != "" {
				w.newline()
				w.end(part)
			}
			part = map[bool]string{true: "thead", false: "tbody"}[row == 0]
			w.newline()
			w.WriteString("<" + part + ">")
		}
		if c.Data == "tr" {
			row++
		}
		w.block(c)
	}
	w.newline()
	if part != "" {
		w.end(part)
		w.newline()
	}
	w.end("table")
}

// headRows counts the rows at the top of a table that hold nothing but heads and do
// not reach below themselves, and all of its rows.
func headRows(n *html.Node) (heads, rows int) {
	reach, open := 0, true
	for row := n.FirstChild; row != nil; row = row.NextSibling {
		if row.Data != "tr" {
			continue
		}
		for c := row.FirstChild; c != nil; c = c.NextSibling {
			if open = open && c.Data == "th"; open {
				span, _ := whole(attr(c, "rowspan"))
				reach = max(reach, rows+max(span, 1))
			}
		}
		if rows++; open && reach <= rows {
			heads = rows
		}
	}
	return heads, rows
}

// newline begins a line unless one has begun.
func (w htmlWriter) newline() {
	if s := w.String(); s != "" && s[len(s)-1] != '\n' {
		w.WriteByte('\n')
	}
}

// end writes an end tag: on a line of its own behind blocks.
func (w htmlWriter) end(name string) { put(w, "</", name, ">") }

// children writes what is in a block. A figure's picture and words stand on a line of
// their own.
func (w htmlWriter) children(n *html.Node) {
	last := n.Data == "figure"
	if last {
		w.newline()
	}
	if n.Data == "li" || n.Data == "summary" {
		tightenItem(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if isBlock(c) {
			w.block(c)
			last = true
			continue
		}
		w.node(c)
		last = n.Data == "figure"
	}
	if last {
		w.newline()
	}
}

// tightenItem takes away the paragraph around an item's only line of text.
func tightenItem(item *html.Node) {
	p := item.FirstChild
	if p == nil || p.Data != "p" || p.Type != html.ElementNode || !tightItem(item) {
		return
	}
	for c := p.FirstChild; c != nil; c = p.FirstChild {
		p.RemoveChild(c)
		item.InsertBefore(c, p)
	}
	item.RemoveChild(p)
}

// inline writes what is in a leaf.
func (w htmlWriter) inline(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

// node writes running text.
func (w htmlWriter) node(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		w.WriteString(escapeText.Replace(strings.ReplaceAll(n.Data, "\n", " ")))
	case isBlock(n):
		w.block(n)
	case n.Data == markMath:
		w.WriteString("$<code>" + literalText(contentOf(n)) + "</code>$")
	case n.Data == "span" && len(n.Attr) == 0:
		w.inline(n)
	case n.Data == "input":
		w.WriteString(boxSign(n))
		if n.NextSibling != nil && !isBlock(n.NextSibling) {
			w.WriteByte(' ')
		}
	case slices.Contains(endless, n.Data):
		openTag(w, n)
	default:
		openTag(w, n)
		w.inline(n)
		w.end(n.Data)
	}
}

// pre writes literal text. The code element keeps its first line break from being dropped.
func (w htmlWriter) pre(n *html.Node) {
	w.WriteString("<pre>")
	code := n.FirstChild
	if code == nil || code.Data != "code" || code.Type != html.ElementNode {
		code = el("code")
	}
	switch {
	case !decorated(n):
		openTag(w, code)
		w.WriteString(literalText(literal(n)) + "</code>")
	// Readers of HTML drop a line break right behind <pre>, but not behind <code>.
	case code.Parent == nil:
		w.WriteString("<code>")
		w.literal(n)
		w.WriteString("</code>")
	default:
		w.literal(n)
	}
	w.WriteString("</pre>")
}

// literal writes what is in a pre.
func (w htmlWriter) literal(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			w.WriteString(literalText(c.Data))
		case c.Data == "br":
			w.WriteString("&#10;")
		case c.Data == markMath || c.Data == markRaw:
			w.WriteString(literalText(contentOf(c)))
		case slices.Contains(endless, c.Data):
			openTag(w, c)
		case isBlock(c):
			w.literal(c)
			w.WriteString("&#10;")
		default:
			openTag(w, c)
			w.literal(c)
			w.end(c.Data)
		}
	}
}

// literalText writes literal text so that its lines stay lines. An empty one would end the
// HTML, so the line break before it is a reference, as is a blank at the end of a line.
func literalText(s string) string {
	lines := strings.Split(escapeText.Replace(s), "\n")
	var b strings.Builder
	for i, line := range lines {
		empty := strings.Trim(line, " \t\r") == ""
		switch {
		case i == 0:
		case empty || i == len(lines)-1 && line == "":
			b.WriteString("&#10;")
		default:
			b.WriteString("\n")
		}
		if text := strings.TrimRight(line, " \t"); i < len(lines)-1 && text != line {
			line = text + blankReferences.Replace(line[len(text):])
		}
		b.WriteString(line)
	}
	return b.String()
}

// blankReferences writes blanks so that they are seen at the end of a line.
var blankReferences = strings.NewReplacer(" ", "&#32;", "\t", "&#9;")
