package profile

import (
	"iter"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// element is one that is open: its name, and what ends it.
type element struct{ name, end string }

// scope begins a part of a document in which HTML that begins also ends, where the program needs that.
// What done returns are the ends that are missing.
func (w *writer) scope() (done func() string) {
	before, base := len(w.open), w.base
	w.base = before
	return func() string {
		s := w.closeTo(before)
		w.base = base
		return s
	}
}

// closeTo ends all that is open but the first n elements.
func (w *writer) closeTo(n int) string {
	s := ""
	for i := len(w.open) - 1; i >= n; i-- {
		s += w.open[i].end
	}
	w.open = w.open[:n]
	return s
}

// close ends an element with all that was opened in it, or nothing where it was not opened here.
func (w *writer) close(name string) string {
	for i := len(w.open) - 1; i >= w.base; i-- {
		if w.open[i].name == name {
			return w.closeTo(i)
		}
	}
	return ""
}

// tokens are tags and texts of HTML. Comments are none of them.
func tokens(s string) iter.Seq[html.Token] {
	return func(yield func(html.Token) bool) {
		z := html.NewTokenizer(strings.NewReader(s))
		for z.Next() != html.ErrorToken {
			if t := z.Token(); t.Type != html.CommentToken && t.Type != html.DoctypeToken && !yield(t) {
				return
			}
		}
	}
}

// tags is HTML with what its links and pictures lead to, and whatever else the profile says of tags.
func (w *writer) tags(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		raw := string(z.Raw())
		if kind == html.CommentToken || kind == html.DoctypeToken {
			continue
		}
		if kind == html.TextToken || w.Profile.tag == nil {
			b.WriteString(raw)
			continue
		}
		b.WriteString(w.Profile.tag(w, z.Token()))
	}
}

// oneLine is HTML on one line: text is written by one function, literal text by another.
func (w *writer) oneLine(s string, text, literal func(string) string) string {
	var b strings.Builder
	pre := 0
	for t := range tokens(s) {
		switch {
		case t.Type == html.TextToken && pre > 0:
			b.WriteString(literal(t.Data))
		case t.Type == html.TextToken:
			b.WriteString(text(lines(t.Data)))
		default:
			if t.Data == "pre" {
				pre += map[bool]int{true: 1, false: -1}[t.Type == html.StartTagToken]
			}
			b.WriteString(w.Profile.tag(w, t))
		}
	}
	return b.String()
}

// lines is a text whose blanks at ends of lines are gone, and of other blanks one each.
func lines(s string) string {
	joined := strings.Join(strings.Fields(s), " ")
	if joined == "" || s[0] == ' ' {
		if !strings.Contains(s, "\n") && s != "" {
			joined = " " + joined
		}
	}
	if last := s[len(s)-1]; joined != " " && joined != "" && last == ' ' {
		joined += " "
	}
	return joined
}

// void are the elements that have no end tag.
var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "source", "track", "wbr"}

// get is the value of an attribute.
func get(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// set sets an attribute.
func set(t *html.Token, key, value string) {
	for i := range t.Attr {
		if t.Attr[i].Key == key {
			t.Attr[i].Val = value
			return
		}
	}
	t.Attr = append(t.Attr, html.Attribute{Key: key, Val: value})
}

// escapeAttr writes the value of an attribute.
var escapeAttr = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", " ").Replace

// tagOf is a tag as HTML, with its attributes in their order.
func tagOf(t html.Token) string {
	if t.Type == html.EndTagToken {
		return "</" + t.Data + ">"
	}
	s := "<" + t.Data
	for _, a := range t.Attr {
		s += " " + a.Key + `="` + escapeAttr(a.Val) + `"`
	}
	return s + ">"
}

// leadTag leads what a tag leads to from page to page as browsers show them.
func (w *writer) leadTag(t *html.Token) {
	for i, a := range t.Attr {
		if a.Key == "href" || a.Key == "src" {
			t.Attr[i].Val = w.toURL(a.Val)
		}
	}
}

func isVoid(name string) bool { return slices.Contains(void, name) }
