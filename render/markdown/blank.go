package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Editors write a no-break space where somebody pressed the bar twice or pasted from
// elsewhere. One between two words keeps readers from finding them and GitHub from giving
// a heading the identifier that links expect, so it becomes a plain blank. Several together,
// or one at the edge of a paragraph, are an author's indent and stay.

// tidyBlanks brings the blanks of all running text below n into form.
func tidyBlanks(n *html.Node) {
	t := tidier{prev: ' '}
	t.walk(n)
}

// tidier goes over running text in order.
type tidier struct {
	prev rune       // the last character, a blank at the beginning of a block
	held *html.Node // a text whose last character is a no-break space that may be a blank
}

// walk tidies what is below n.
func (t *tidier) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			t.text(c)
		case isHeading(c):
			tidyHeading(c)
			t.prev, t.held = ' ', nil
		case isBlock(c) || c.Data == "br":
			t.prev, t.held = ' ', nil
			if c.Data != "pre" && c.Data != markRaw && c.Data != markMath {
				t.walk(c)
			}
			t.prev, t.held = ' ', nil
		case c.Data == markMath || c.FirstChild == nil:
			if c.Data != "a" { // a place shows nothing
				t.release('x')
				t.prev = 'x'
			}
		default:
			t.walk(c)
		}
	}
}

// release makes a plain blank of a no-break space at the end of a text, if a word follows.
func (t *tidier) release(next rune) {
	if t.held != nil && !invisible(next) {
		t.held.Data = strings.TrimSuffix(t.held.Data, "\u00a0") + " "
	}
	t.held = nil
}

// text tidies one text.
func (t *tidier) text(n *html.Node) {
	if n.Data == "" {
		return
	}
	first, _ := utf8.DecodeRuneInString(n.Data)
	t.release(first)
	if !strings.Contains(n.Data, "\u00a0") {
		t.prev, _ = utf8.DecodeLastRuneInString(n.Data)
		return
	}
	var b strings.Builder
	for i, c := range n.Data {
		next, size := utf8.DecodeRuneInString(n.Data[i+utf8.RuneLen(c):])
		switch {
		case c != '\u00a0' || invisible(t.prev):
			b.WriteRune(c)
		case size == 0:
			t.held = n
			b.WriteRune(c)
		case invisible(next):
			b.WriteRune(c)
		default:
			b.WriteByte(' ')
		}
		t.prev = c
	}
	n.Data = b.String()
}

// tidyHeading leaves single plain blanks between the words of a heading, and none at its
// ends: GitHub makes its identifier of the text as it stands, a dash of each blank, also
// of those beside a picture or a place, which are no text.
func tidyHeading(n *html.Node) {
	var last *html.Node // the last text
	prev, beside := ' ', false
	for d := range n.Descendants() {
		if d.Data == "br" && d.Type == html.ElementNode { // a heading is one line
			d.Type, d.Data, d.Attr = html.TextNode, " ", nil
		}
		switch {
		case d.Data == "img" && d.Type == html.ElementNode:
			if beside = true; last != nil && strings.HasSuffix(last.Data, " ") { // GitHub leaves no-break spaces out
				last.Data = strings.TrimSuffix(last.Data, " ") + "\u00a0"
				prev = 'x'
			}
		case d.Type != html.TextNode:
		case d.Parent.Data == markMath: // words to all that stand beside it, and kept as they are
			last, prev, beside = nil, 'x', false
		default:
			if tidyWords(d, &prev, beside); d.Data != "" {
				last, beside = d, false
			}
		}
	}
	if last != nil && strings.HasSuffix(last.Data, " ") {
		last.Data = strings.TrimSuffix(last.Data, " ")
	}
}

// tidyWords does so for one text of it. prev is the character before, and beside tells that
// a picture stands between.
func tidyWords(n *html.Node, prev *rune, beside bool) {
	if last, tidy := tidyAlready(n.Data, *prev); tidy {
		*prev = last
		return
	}
	var b strings.Builder
	for _, c := range n.Data {
		switch {
		case !unicode.IsSpace(c):
			b.WriteRune(c)
		case *prev != ' ':
			c = ' '
			b.WriteByte(' ')
		case beside && b.Len() == 0:
			b.WriteRune('\u00a0')
		default:
			continue
		}
		*prev = c
	}
	n.Data = b.String()
}

// tidyAlready tells whether tidyWords would leave a text as it is, and which character is the last then.
func tidyAlready(s string, prev rune) (last rune, tidy bool) {
	for i := range len(s) {
		c := rune(s[i])
		if c < ' ' || c >= utf8.RuneSelf || c == ' ' && prev == ' ' {
			return 0, false
		}
		prev = c
	}
	return prev, true
}
