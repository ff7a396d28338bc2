package site

import (
	"strings"

	"golang.org/x/net/html"

	"agc-export/render/search"
)

// inline tells the elements that do not end a word.
func inline(name string) bool {
	switch name {
	case "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s",
		"samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr", "math", "semantics", "annotation":
		return true
	}
	return false
}

// plainText is what a body says, without its form: one space between words, and one
// where a block ends, with the sections that its headings begin, see search.Section. It has about so
// many bytes.
func plainText(root *html.Node, size int) string {
	var w wordWriter
	w.Grow(size)
	w.walk(root)
	return w.String()
}

// wordWriter writes words with single spaces between them.
type wordWriter struct {
	strings.Builder
	space bool // a space is due before the next word
	begun bool // a word stands before the next one, in this section
}

func (w *wordWriter) walk(n *html.Node) {
	if n.Type == html.TextNode {
		if n.Parent.Namespace == "" || n.Parent.Data == "annotation" { // of a formula its TeX is taken
			w.text(n.Data)
		}
		return
	}
	if id := headingID(n); id != "" {
		w.section(n, id)
		return
	}
	ends := !inline(n.Data)
	w.space = w.space || ends
	w.walkBelow(n)
	w.space = w.space || ends
}

func (w *wordWriter) walkBelow(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c)
	}
}

// section begins one, by its heading.
func (w *wordWriter) section(heading *html.Node, id string) {
	title := wordWriter{}
	title.walkBelow(heading)
	w.WriteString(search.Section(id, title.String()))
	w.space, w.begun = false, false
}

// headingID is the id of a heading, or "" of all else.
func headingID(n *html.Node) string {
	if !isHeading(n) {
		return ""
	}
	return get(n, "id")
}

func isHeading(n *html.Node) bool {
	return len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6'
}

// text writes the words of a text. Of its edges only what HTML calls white space parts words.
func (w *wordWriter) text(s string) {
	if s == "" {
		return
	}
	parted := w.space || blankByte(s[0])
	if core := strings.Trim(s, " "); core != "" && singleBlanks(core) {
		if parted && w.begun {
			w.WriteByte(' ')
		}
		w.WriteString(core)
		w.space, w.begun = s[len(s)-1] == ' ', true
		return
	}
	for field := range strings.FieldsSeq(s) {
		if parted && w.begun {
			w.WriteByte(' ')
		}
		w.WriteString(field)
		parted, w.space, w.begun = true, false, true
	}
	w.space = w.space || blankByte(s[len(s)-1])
}

func blankByte(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// mostBegun is how many letters of a text stand in a list beside its title.
const mostBegun = 200

// Beginning is what a body begins with, without headings: a sentence or two, cut between words.
func (b Body) Beginning() string {
	var words []string
	size := 0
	for part := range strings.Lines(b.Text) {
		if fields := strings.SplitN(part, "\t", 3); len(fields) == 3 { // behind a heading
			part = fields[2]
		}
		for word := range strings.FieldsSeq(part) {
			if size += len([]rune(word)) + 1; size > mostBegun && len(words) > 0 {
				return strings.Join(words, " ") + " …"
			}
			words = append(words, short(word))
		}
	}
	return strings.Join(words, " ")
}

// short is a word, or the beginning of one that goes on as those of languages without blanks do.
func short(word string) string {
	if letters := []rune(word); len(letters) > mostBegun {
		return string(letters[:mostBegun]) + "…"
	}
	return word
}
