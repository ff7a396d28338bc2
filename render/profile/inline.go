package profile

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/net/html"
)

// link is a link or picture in Markdown.
type link struct {
	image bool
	text  string // as it is written here
	words string // without marks
	plain bool   // there are none
	dest  string // as GitHub's form has it
	title string // as it is written
}

// inline is the running text of a block. HTML that it opens ends with it.
func (w *writer) inline(n ast.Node) string {
	done := w.scope()
	var b strings.Builder
	w.children(&b, n)
	return strings.TrimSpace(b.String() + done())
}

func (w *writer) children(b *strings.Builder, n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok { // what follows it says what it means
			for next, ok := c.NextSibling().(*ast.Text); ok && joined(t, next); next, ok = c.NextSibling().(*ast.Text) {
				whole := *next
				whole.Segment.Start = t.Segment.Start
				t, c = &whole, next
			}
			w.node(b, t)
			continue
		}
		w.node(b, c)
	}
}

// joined tells whether a text goes on in the one behind it.
func joined(t, next *ast.Text) bool {
	return t.Segment.Stop == next.Segment.Start && t.Segment.Padding == 0 && next.Segment.Padding == 0 &&
		!t.SoftLineBreak() && !t.HardLineBreak()
}

// lineEnd is what stands where a text ends its line, "" where it does not.
func (w *writer) lineEnd(n *ast.Text) string {
	switch {
	case n.HardLineBreak() && w.cell+w.single > 0, n.SoftLineBreak() && w.cell+w.single > 0:
		return " "
	case len(w.open) > w.base && n.HardLineBreak(): // lines in elements of JSX could be blocks
		return "<br />"
	case len(w.open) > w.base && n.SoftLineBreak():
		return " "
	case n.HardLineBreak():
		return w.hard() + "\n"
	case n.SoftLineBreak():
		return "\n"
	}
	return ""
}

func (w *writer) node(b *strings.Builder, n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.literal(b, string(n.Segment.Value(w.src)))
		b.WriteString(w.lineEnd(n))
	case *ast.String:
		w.literal(b, string(n.Value))
	case *ast.CodeSpan:
		if tex := w.tex[n]; tex != "" {
			b.WriteString(tex)
			return
		}
		b.WriteString(w.codeSpan(n))
	case *ast.Emphasis:
		mark := strings.Repeat("*", n.Level)
		w.around(b, n, mark, mark)
	case *extension.Strikethrough:
		if w.struck[0] != "" {
			w.around(b, n, w.struck[0], w.struck[1])
			return
		}
		w.around(b, n, "~~", "~~")
	case *ast.Link:
		w.led(b, n, link{dest: string(n.Destination), title: string(n.Title)})
	case *ast.Image:
		w.led(b, n, link{image: true, dest: string(n.Destination), title: string(n.Title)})
	case *ast.AutoLink:
		label, href := string(n.Label(w.src)), string(n.URL(w.src))
		if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(href), "mailto:") {
			href = "mailto:" + href
		}
		b.WriteString(w.autolink(label, href))
	case *ast.RawHTML:
		b.WriteString(w.tags(w.rawOf(n)))
	case *extension.TaskCheckBox:
		at := 0
		if n.IsChecked {
			at = 1
		}
		if w.boxes[0] == "" {
			b.WriteString([]string{"[ ] ", "[x] "}[at])
			return
		}
		b.WriteString(w.boxes[at] + " ")
	case *extension.FootnoteLink:
		b.WriteString("[^" + strconv.Itoa(n.Index) + "]")
	case *extension.FootnoteBacklink:
	default:
		w.children(b, n)
	}
}

// rawOf is a tag as it is written, in one line.
func (w *writer) rawOf(n *ast.RawHTML) string {
	var raw strings.Builder
	for i := range n.Segments.Len() {
		s := n.Segments.At(i)
		raw.Write(s.Value(w.src))
	}
	return strings.ReplaceAll(raw.String(), "\n", " ")
}

// hard ends a line.
func (w *writer) hard() string {
	if w.breaks != "" {
		return w.breaks
	}
	return "\\"
}

// around writes marks around text. HTML that begins in it ends in it.
func (w *writer) around(b *strings.Builder, n ast.Node, opening, closing string) {
	b.WriteString(opening)
	done := w.scope()
	w.children(b, n)
	b.WriteString(done() + closing)
}

// literal writes text, with the escapes that GitHub's form has for it.
func (w *writer) literal(b *strings.Builder, s string) {
	line := strings.TrimRightFunc(b.String(), func(r rune) bool { return r != '\n' && unicode.IsSpace(r) })
	start := line == "" || line[len(line)-1] == '\n'
	if w.Profile.text == nil {
		b.WriteString(s)
		return
	}
	b.WriteString(w.Profile.text(w, s, start))
}

// codeSpan is code in running text, between ticks that it does not hold.
func (w *writer) codeSpan(n *ast.CodeSpan) string {
	s := w.words(n)
	if w.Profile.code != nil {
		if own := w.Profile.code(w, s); own != "" {
			return own
		}
	}
	return w.ticked(s)
}

// findFormulas finds code between dollars, which GitHub takes for a formula, and takes the dollars away.
func (w *writer) findFormulas(doc ast.Node) {
	w.tex = map[*ast.CodeSpan]string{}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		code, ok := n.(*ast.CodeSpan)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		before, ok1 := n.PreviousSibling().(*ast.Text)
		after, ok2 := n.NextSibling().(*ast.Text)
		if !ok1 || !ok2 || before.SoftLineBreak() {
			return ast.WalkContinue, nil
		}
		left, right := string(before.Segment.Value(w.src)), string(after.Segment.Value(w.src))
		if !strings.HasSuffix(left, "$") || strings.HasSuffix(left, `\$`) || !strings.HasPrefix(right, "$") ||
			len(right) > 1 && right[1] >= '0' && right[1] <= '9' { // which would be an amount
			return ast.WalkContinue, nil
		}
		if tex := w.formula(w.words(code)); tex != "" {
			w.tex[code] = tex
			before.Segment.Stop--
			after.Segment.Start++
		}
		return ast.WalkContinue, nil
	})
}

func (w *writer) ticked(s string) string {
	if w.cell > 0 {
		s = strings.ReplaceAll(s, "|", `\|`)
	}
	fence := "`"
	if n := longest(s, '`'); n > 0 {
		fence = strings.Repeat("`", n+1)
	}
	if s == "" || s[0] == '`' || s[len(s)-1] == '`' ||
		s[0] == ' ' && s[len(s)-1] == ' ' && strings.Trim(s, " ") != "" {
		s = " " + s + " "
	}
	return fence + s + fence
}

// led writes a link or picture.
func (w *writer) led(b *strings.Builder, n ast.Node, l link) {
	var text strings.Builder
	done := w.scope()
	w.linked++
	w.children(&text, n)
	w.linked--
	l.text, l.words, l.plain = text.String()+done(), w.words(n), true
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		l.plain = l.plain && c.Kind() == ast.KindText
	}
	if w.Profile.link != nil {
		b.WriteString(w.Profile.link(w, l))
		return
	}
	b.WriteString(l.markdown(l.dest))
}

// markdown is the link with a destination in Markdown.
func (l link) markdown(dest string) string {
	s := "[" + l.text + "](" + escapeDest(dest)
	if l.image {
		s = "!" + s
	}
	if l.title != "" {
		s += ` "` + strings.ReplaceAll(l.title, "\n", " ") + `"`
	}
	return s + ")"
}

// escapeDest encodes what may not stand bare in a destination.
var escapeDest = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", `\`, "%5C", "\n", "",
	"|", "%7C", "{", "%7B", "}", "%7D", `"`, "%22", "`", "%60", "&", "&amp;").Replace

func (w *writer) autolink(label, href string) string {
	if w.Profile.auto != nil {
		return w.Profile.auto(w, label, href)
	}
	if strings.Contains(label, "://") || strings.HasPrefix(href, "mailto:") {
		return "<" + label + ">"
	}
	return "[" + label + "](" + escapeDest(href) + ")"
}

// words is the text below a node, as people read it.
func (w *writer) words(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Text:
			s := string(c.Segment.Value(w.src))
			if c.Parent().Kind() != ast.KindCodeSpan {
				s = plain(s)
			} else {
				s = strings.ReplaceAll(s, "\n", " ")
			}
			b.WriteString(s)
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(w.src))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// plain is a text without its escapes.
func plain(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && isPunct(s[i+1]) {
			i++
			if s[i] == '&' {
				b.WriteString("&amp;")
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return html.UnescapeString(b.String())
}

// isPunct tells the characters that a backslash can stand before.
func isPunct(c byte) bool {
	return c > ' ' && c < 0x7f && !('0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z')
}

// scan goes through a text: of writes each character of ASCII that is punctuation, escaped or not, given
// all that follows it; "" leaves it as it is. References stay.
func scan(s string, of func(escaped bool, c byte, rest string) string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c, escaped, from := s[i], false, i
		if c == '\\' && i+1 < len(s) && isPunct(s[i+1]) {
			i++
			c, escaped = s[i], true
		}
		if !isPunct(c) {
			b.WriteByte(c)
			continue
		}
		if with := of(escaped, c, s[i+1:]); with != "" {
			b.WriteString(with)
			continue
		}
		b.WriteString(s[from : i+1])
	}
	return b.String()
}

// opens tells whether the character of s before rest is the first that is no blank.
func opens(s string, escaped bool, rest string) bool {
	before := len(strings.TrimLeft(s, " \t")) - len(rest) - 1
	return before == 0 || escaped && before == 1
}
