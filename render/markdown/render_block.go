package markdown

import (
	"strconv"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"golang.org/x/net/html"
)

func writeParagraph(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	out.WriteString(w.inline(ctx, n))
}

// writeHeading writes an ATX heading. Signs at its end would be taken for its close.
func writeHeading(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	w.single++
	s := w.inline(ctx, n)
	w.single--
	if i := len(strings.TrimRight(s, "#")); i < len(s) && (i == 0 || s[i-1] == ' ') {
		s = s[:i] + "\\" + s[i:]
	}
	put(out, "######"[:n.Data[1]-'0'], " ", s)
}

// writeRule writes a thematic break. Behind a list's "- " three dashes more would
// be one break.
func writeRule(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	if n.Parent.Data == "li" {
		out.WriteString("***")
		return
	}
	out.WriteString("---")
}

func writeQuote(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	prefix(out, w.blocks(ctx, n), "> ", "> ")
}

// writeAlert writes a panel as GitHub's alert. Its first line is a paragraph to readers of Markdown,
// so what follows it at once must be one too: other blocks need not be able to end one (CommonMark
// 0.31, 4.3 and 5.2), nor can Python-Markdown's.
func writeAlert(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	if enclosed(n) {
		s := strings.TrimSuffix(kindLabel(n)+"\n\n"+w.blocks(ctx, n), "\n\n")
		prefix(out, s, "> ", "> ")
		return
	}
	s := "[!" + attr(n, "kind") + "]"
	if body := w.blocks(ctx, n); body != "" {
		if n.FirstChild.Data != "p" {
			s += "\n"
		}
		s += "\n" + body
	}
	prefix(out, s, "> ", "> ")
}

// enclosed tells whether a block stands in a list or a quotation. GitHub knows no alerts there.
func enclosed(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Data {
		case "li", "blockquote", "dd", markAlert:
			return true
		}
	}
	return false
}

// kindLabel says in words of which kind a panel is, where GitHub says nothing. The site, which
// says it itself, knows it by the class.
func kindLabel(n *html.Node) string {
	kind := attr(n, "kind")
	return `<strong class="panel-` + strings.ToLower(kind) + `">` + panelWords[kind] + "</strong>"
}

// prefix writes a text with first before its first line and other before all others. Empty lines
// get it without the blanks at its end.
func prefix(out converter.Writer, s, first, other string) {
	p := first
	for more := true; more; p = other {
		var line string
		if line, s, more = strings.Cut(s, "\n"); line == "" {
			p = strings.TrimRight(p, " ")
		}
		put(out, p, line)
		if more {
			out.WriteByte('\n')
		}
	}
}

// writeDetails writes a box that opens: HTML around Markdown.
func writeDetails(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	title := ""
	if s := n.FirstChild; s != nil && s.Data == "summary" {
		n.RemoveChild(s)
		var b strings.Builder
		htmlWriter{&b}.inline(s)
		title = b.String()
	}
	openTag(out, n)
	put(out, "\n<summary>", title, "</summary>")
	frame(out, w.blocks(ctx, n), "</details>")
}

// writeFrame writes a div with a class, around Markdown.
func writeFrame(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	openTag(out, n)
	frame(out, w.blocks(ctx, n), "</div>")
}

// frame writes Markdown between an opening line of HTML and a closing one, with blank lines between,
// so that each is read as what it is.
func frame(out converter.Writer, body, closing string) {
	out.WriteString("\n")
	if body != "" {
		put(out, "\n", body, "\n\n")
	}
	out.WriteString(closing)
}

// writeList writes a list. It is tight where each item is a line of text with
// nothing but lists below it.
func writeList(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	if !countable(n) {
		writeHTML(w, ctx, out, n)
		return
	}
	// One item that needs empty lines makes the whole list loose, for all readers of it.
	tight := true
	for item := n.FirstChild; item != nil; item = item.NextSibling {
		tight = tight && tightItem(item)
	}
	number := firstNumber(n)
	for item := n.FirstChild; item != nil; item = item.NextSibling {
		sign := "-"
		if n.Data == "ol" {
			sign = strconv.Itoa(number) + "."
			number++
		}
		body := w.item(ctx, item, tight)
		columns := strings.Repeat(" ", max(listColumns, len(sign)+1))
		marker := sign + " "
		if exact(item) {
			marker = sign + columns[len(sign):]
		}
		prefix(out, body, marker, columns)
		if item.NextSibling != nil {
			out.WriteString("\n")
			if !tight {
				out.WriteString("\n")
			}
		}
	}
}

// listColumns is how far what belongs to an item stands to its right: Python-Markdown, which
// MkDocs uses, nests by four columns. To others these are the item's own two or three and blanks
// before what begins there, which count for nothing.
const listColumns = 4

// exact tells whether what is in an item must stand in one column from its first line on: a block
// that begins it, as the second item of a list would be within its first, and text whose blanks
// count.
func exact(item *html.Node) bool {
	c := item.FirstChild
	return c != nil && c.Data != "p" && !isHeading(c) || holdsLiteral(item)
}

// holdsLiteral tells whether text whose blanks count stands in HTML or is Markdown already. Fences
// are left out, which are as far to the right as their text, and so is what has signs of its own
// before each line.
func holdsLiteral(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Data {
		case "p", "blockquote", "dd", markAlert:
		case markRaw:
			return true
		case "pre":
			if decorated(c) {
				return true
			}
		case "ul", "ol":
			if !countable(c) && holdsPre(c) {
				return true
			}
		case "table":
			if holdsPre(c) {
				return true
			}
		default:
			if holdsLiteral(c) {
				return true
			}
		}
	}
	return false
}

// holdsPre tells whether there is literal text below n, or Markdown that an author wrote.
func holdsPre(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Data == "pre" || d.Data == markRaw {
			return true
		}
	}
	return false
}

// tightItem tells whether an item is a line of text and lists.
func tightItem(item *html.Node) bool {
	for c := item.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Data == "p" && c.PrevSibling == nil:
		case c.Data == "ul" && c.PrevSibling != nil && c.PrevSibling.Data != "ul" && c.FirstChild.FirstChild != nil:
		case c.Data == "ol" && c.PrevSibling != nil && c.PrevSibling.Data != "ol" && firstNumber(c) == 1 &&
			countable(c) && c.FirstChild.FirstChild != nil:
		case c.PrevSibling == nil && c.NextSibling == nil && (c.Data == "ul" || c.Data == "ol" && countable(c)):
		default:
			return false
		}
	}
	return true
}

// item returns the content of a list item.
func (w *writer) item(ctx converter.Context, item *html.Node, tight bool) string {
	if !tight {
		return w.blocks(ctx, item)
	}
	b := w.take()
	parts := 0
	for c := item.FirstChild; c != nil; c = c.NextSibling {
		before := b.Len()
		switch {
		case parts == 1 && b.Bytes()[0] == '<': // a tag alone on a line begins HTML, up to an empty line
			b.WriteString("\n\n")
		case parts > 0:
			b.WriteByte('\n')
		}
		from := b.Len()
		if w.node(ctx, b, c); !trimLines(b, from) {
			b.Truncate(before)
			continue
		}
		parts++
	}
	return w.give(b)
}

// writeFence writes literal text as a fenced block, with a fence that the text does
// not hold. Text that holds marks or links stays HTML.
func writeFence(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	if decorated(n) {
		writeHTML(w, ctx, out, n)
		return
	}
	s := literal(n)
	language := ""
	if c := n.FirstChild; c != nil && c.Data == "code" && c.Type == html.ElementNode {
		language = strings.TrimPrefix(attr(c, "class"), "language-")
		if lines := attr(c, lineAttr); lines != "" {
			language = first(language, "text") + " " + lines // the first word is the language
		}
	}
	fence := strings.Repeat("`", max(3, longestRun(s, '`')+1))
	put(out, fence, language, "\n", s)
	if s != "" {
		out.WriteString("\n")
	}
	out.WriteString(fence)
}

// literal returns the text of code, a line break for each <br> and no blanks around.
func literal(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			b.WriteString(d.Data)
		case d.Data == "br" || d.Data == "p" && b.Len() > 0 || d.Data == "div" && b.Len() > 0:
			b.WriteByte('\n')
		case d.Data == "img":
			b.WriteString(attr(d, "alt"))
		}
	}
	return strings.Trim(strings.ReplaceAll(b.String(), "\r", ""), "\n")
}

// decorated tells whether literal text holds more than text.
func decorated(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data != "code" && d.Data != "br" && d.Data != "p" && d.Data != "div" &&
			(d.Data != "span" || attr(d, "class") != "") {
			return true
		}
	}
	return false
}

// longestRun returns the length of the longest run of c in s.
func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := 0; i < len(s); i++ {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// writeRaw writes Markdown that an author wrote as such.
func writeRaw(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	out.WriteString(strings.Trim(contentOf(n), "\n"))
}

// writeHTML writes a block as HTML, without a blank line in it.
func writeHTML(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	var b strings.Builder
	htmlWriter{&b}.block(n)
	out.WriteString(strings.Trim(b.String(), "\n"))
}
