package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"agc-export/render/expression"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"golang.org/x/net/html"
)

// The signs that renderers leave in running text for finish. None of them can stand
// in a text: the reader drops control characters.
const (
	maybe  = '\x01' // the next character is an author's and may need an escape
	always = '\x02' // the next character needs an escape
	begin  = '\x03' // emphasis of the kind that follows begins: s, e or d
	end    = '\x04' // ... ends
)

// special are the characters of text that may mean something in Markdown.
const special = "\\`*_~[]<>&#+-=.)|!$:"

// specials are the same as a table.
var specials = func() (is [256]bool) {
	for i := range len(special) {
		is[special[i]] = true
	}
	return is
}()

// text marks the characters of a text that may need an escape.
func (w *writer) text(_ converter.Context, s string) string {
	b := w.take()
	w.mark(b, s)
	return w.give(b)
}

// mark writes a text so.
func (w *writer) mark(b *bytes.Buffer, s string) {
	b.Grow(len(s) + len(s)/8)
	from := 0 // what is not written yet
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !specials[c] {
			continue
		}
		b.WriteString(s[from:i])
		from = i
		switch {
		case (c == '[' || c == ']') && w.link > 0, c == '|' && w.cell > 0:
			b.WriteByte(always)
		case w.link > 0 && (c == ':' || c == '.' && schemeBefore(s[:i]) != ""): // no address within a link's text
		default:
			b.WriteByte(maybe)
		}
	}
	b.WriteString(s[from:])
}

// emphasis writes strong, em or del. White space at its edges comes to stand
// outside, where it does not keep the marks from closing.
func emphasis(kind byte) renderer {
	return func(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
		// Emphasis in the same emphasis shows nothing more, and "****" would read as none.
		w.marks[n.Data]++
		s := w.render(ctx, n)
		w.marks[n.Data]--
		core := trimBreaks(s)
		if core == "" || w.marks[n.Data] > 0 {
			out.WriteString(s)
			return
		}
		at := strings.Index(s, core)
		out.WriteString(s[:at])
		out.WriteByte(begin)
		out.WriteByte(kind)
		out.WriteString(core)
		out.WriteByte(end)
		out.WriteByte(kind)
		out.WriteString(s[at+len(core):])
	}
}

// trimBreaks drops white space and line breaks at both ends.
func trimBreaks(s string) string {
	for {
		t := strings.TrimFunc(s, invisible)
		t = strings.TrimPrefix(strings.TrimPrefix(t, "\\\n"), "<br>")
		if u, ok := strings.CutSuffix(t, "\\"); ok && !strings.HasSuffix(u, string([]byte{maybe})) {
			t = u
		}
		if t = strings.TrimSuffix(t, "<br>"); t == s {
			return s
		}
		s = t
	}
}

// writeTag writes an element as HTML around running text. Spans without a class
// show what is in them.
func writeTag(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	s := w.render(ctx, n)
	if n.Data == "span" && len(n.Attr) == 0 || isSpace(s) {
		out.WriteString(s)
		return
	}
	openTag(out, n)
	put(out, s, "</", n.Data, ">")
}

// writeBreak writes a hard line break; in a cell HTML's own, in a heading a space.
// The last one of a block breaks nothing.
func writeBreak(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	switch {
	case w.single > 0:
		out.WriteString(" ")
	case w.cell > 0:
		out.WriteString("<br>")
	default:
		out.WriteString("\\\n")
	}
}

// writeCode writes a code span. One that holds marks or links, or stands right
// beside another, stays HTML.
func writeCode(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	beside := n.PrevSibling != nil && n.PrevSibling.Data == "code" && n.PrevSibling.Type == html.ElementNode
	if decorated(n) || beside {
		w.single++
		if s := w.render(ctx, n); !isSpace(s) {
			put(out, "<code>", oneLine.Replace(s), "</code>")
		}
		w.single--
		return
	}
	s := oneLine.Replace(literal(n))
	core := strings.Trim(s, " ")
	if core == "" {
		out.WriteString(s)
		return
	}
	// "]:" would define a reference, even in code; and no code in a cell can hold "\|".
	if w.link > 0 && strings.Contains(s, "]") || w.cell > 0 && strings.Contains(s, `\|`) {
		put(out, "<code>", w.text(ctx, s), "</code>")
		return
	}
	if w.cell > 0 {
		core = strings.ReplaceAll(core, "|", `\|`)
	}
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if longestRun(s, '`') == 0 {
		fence = "`"
	}
	// Blanks at its ends are slips, which stand outside where they part words.
	edges, sibling := contentOf(n), n.PrevSibling
	if strings.Trim(edges[:1], " \n\t") == "" && sibling != nil && word(edgeRune(sibling, false)) {
		out.WriteString(" ")
	}
	sibling = n.NextSibling
	if strings.Trim(edges[len(edges)-1:], " \n\t") == "" && sibling != nil && edgeRune(sibling, true) != ' ' {
		defer out.WriteString(" ")
	}
	if core[0] == '`' || core[len(core)-1] == '`' {
		core = " " + core + " "
	}
	put(out, fence, core, fence)
}

// oneLine makes spaces of the line breaks and tabs of literal text.
var oneLine = strings.NewReplacer("\n", " ", "\t", " ", "\r", "")

// writeLink writes a link, or the place of an anchor. A link within a link's text
// is none.
func writeLink(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	href := attr(n, "href")
	if id := attr(n, "id"); id != "" {
		openTag(out, n)
		out.WriteString("</a>")
		return
	}
	if w.link > 0 || href == "" {
		out.WriteString(w.render(ctx, n))
		return
	}
	if s := contentOf(n); s == href && n.FirstChild != nil && n.FirstChild.Type == html.TextNode && w.cell == 0 &&
		autolink.MatchString(s) && !entity.MatchString(s) {
		put(out, "<", s, ">")
		return
	}
	w.link++
	s := w.render(ctx, n)
	w.link--
	core := strings.Trim(s, " \n\\")
	if strings.HasSuffix(strings.TrimRight(s, " \n"), string([]byte{maybe, '\\'})) || core == "" {
		core = strings.Trim(s, " \n")
	}
	lead, trail := edges(s)
	core = strings.TrimFunc(core, isBlank)
	if strings.EqualFold(core, "x") { // at the start of an item some readers take "[x]" for a task's box
		out.WriteString(lead)
		openTag(out, n)
		put(out, core, "</a>", trail)
		return
	}
	put(out, lead, "[", core, "](", w.dest(href), title(n), ")", trail)
}

// edges returns the blanks at both ends of a link's text, which come to stand outside:
// at most one of each.
func edges(s string) (lead, trail string) {
	if r, n := utf8.DecodeRuneInString(s); isBlank(r) {
		lead = s[:n]
	}
	if r, n := utf8.DecodeLastRuneInString(s); isBlank(r) {
		trail = s[len(s)-n:]
	}
	return lead, trail
}

// isBlank tells the blanks that part words: a space, or one that does not break.
func isBlank(r rune) bool { return r == ' ' || r == '\u00a0' || r == '\u202f' }

// autolink matches what angle brackets make a link of.
var autolink = expression.New(`^https?://[^\s<>\x00-\x20]+$`)

// title returns the title of a link or picture, with the blank before it.
func title(n *html.Node) string {
	t := strings.Join(strings.Fields(attr(n, "title")), " ")
	if t == "" {
		return ""
	}
	return ` "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "<", "&lt;").Replace(t) + `"`
}

// dest returns an address as a link's destination.
func (w *writer) dest(href string) string {
	s := encodeDest(href)
	if w.cell > 0 {
		s = strings.ReplaceAll(s, "|", "%7C")
	}
	return s
}

// entity matches what would be read as a character reference.
var entity = expression.New(`&(#?[0-9A-Za-z]+;)`)

// encodeDest percent-encodes what may not stand bare in a destination.
func encodeDest(href string) string {
	if strings.IndexFunc(href, notBare) >= 0 {
		var b strings.Builder
		b.Grow(len(href))
		for i := range len(href) {
			if c := href[i]; notBare(rune(c)) {
				put(&b, "%", "0123456789ABCDEF"[c>>4:][:1], "0123456789ABCDEF"[c&15:][:1])
			} else {
				b.WriteByte(c)
			}
		}
		href = b.String()
	}
	if !strings.Contains(href, "&") {
		return href
	}
	return entity.ReplaceAllString(href, "&amp;$1")
}

// notBare tells the characters that may not.
func notBare(c rune) bool {
	switch c {
	case '(', ')', '<', '>', '"', '\\', '`', 0x7f:
		return true
	}
	return c <= ' '
}

// writeImage writes a picture; one with a size or a place as HTML.
func writeImage(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	if attr(n, "width") != "" || attr(n, "height") != "" || attr(n, "class") != "" {
		openTag(out, n)
		return
	}
	alt := strings.Join(strings.Fields(attr(n, "alt")), " ")
	w.link++
	alt = w.text(ctx, alt)
	w.link--
	put(out, "![", alt, "](", w.dest(attr(n, "src")), title(n), ")")
}

// writeBox writes the box of a task, at the start of its item.
func writeBox(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	if c := n.NextSibling; c != nil && c.Type == html.TextNode { // the box brings the blank with it
		c.Data = strings.TrimLeftFunc(c.Data, invisible)
	}
	if n.PrevSibling != nil || n.NextSibling == nil || n.Parent.Data != "p" || n.Parent.Parent.Data != "li" ||
		n.Parent.PrevSibling != nil || w.cell > 0 {
		put(out, boxSign(n), " ")
		return
	}
	box := "[ ] "
	if attr(n, "checked") != "" {
		box = "[x] "
	}
	out.WriteString(box)
}

// writeMath writes TeX in GitHub's forms, which other programs show as code: in
// dollars its signs would be taken for Markdown.
func writeMath(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	tex := strings.TrimSpace(contentOf(n))
	if attr(n, "block") != "" {
		fence := strings.Repeat("`", max(3, longestRun(tex, '`')+1))
		put(out, fence, "math\n", tex, "\n", fence)
		return
	}
	tex = strings.Join(strings.Fields(tex), " ")
	if tex == "" {
		return
	}
	if strings.Contains(tex, "`") || w.cell > 0 && strings.Contains(tex, "|") {
		put(out, "<code>", w.text(ctx, tex), "</code>")
		return
	}
	put(out, "$`", tex, "`$")
}
