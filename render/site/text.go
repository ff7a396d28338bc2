package site

import (
	"strings"

	"golang.org/x/net/html"
)

// inline are the elements that do not end a word.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "code": true, "del": true, "dfn": true,
	"em": true, "i": true, "ins": true,
	"kbd": true, "mark": true, "q": true, "s": true, "samp": true, "small": true, "span": true, "strong": true,
	"sub": true, "sup": true, "time": true,
	"u": true, "var": true, "wbr": true, "math": true, "semantics": true, "annotation": true,
}

// plainText is what a body says, without its form: one space between words, and one
// where a block ends. It has about so many bytes.
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
}

func (w *wordWriter) walk(n *html.Node) {
	if n.Type == html.TextNode {
		if n.Parent.Namespace == "" || n.Parent.Data == "annotation" { // of a formula its TeX is taken
			w.text(n.Data)
		}
		return
	}
	ends := !inline[n.Data]
	w.space = w.space || ends
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c)
	}
	w.space = w.space || ends
}

// text writes the words of a text. Of its edges only what HTML calls white space parts words.
func (w *wordWriter) text(s string) {
	if s == "" {
		return
	}
	parted := w.space || blankByte(s[0])
	for field := range strings.FieldsSeq(s) {
		if parted && w.Len() > 0 {
			w.WriteByte(' ')
		}
		w.WriteString(field)
		parted, w.space = true, false
	}
	w.space = w.space || blankByte(s[len(s)-1])
}

func blankByte(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
