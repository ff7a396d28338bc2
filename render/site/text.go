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
// where a block ends.
func plainText(root *html.Node) string {
	var b strings.Builder
	space := false // a space is due before the next word
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			if n.Parent.Namespace != "" && n.Parent.Data != "annotation" {
				return // of a formula its TeX is taken
			}
			parted := space || strings.TrimLeft(n.Data, " \t\r\n") != n.Data
			for field := range strings.FieldsSeq(n.Data) {
				if parted && b.Len() > 0 {
					b.WriteByte(' ')
				}
				b.WriteString(field)
				parted, space = true, false
			}
			space = space || strings.TrimRight(n.Data, " \t\r\n") != n.Data
			return
		}
		space = space || !inline[n.Data]
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		space = space || !inline[n.Data]
	}
	walk(root)
	return b.String()
}
