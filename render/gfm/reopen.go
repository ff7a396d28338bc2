package gfm

import (
	"bytes"
	"strings"
)

// Reopens tells whether a browser, or any parser of HTML as the standard has it, would make
// far more of a text than stands in it: an element of formatting that is never closed is
// opened again in every block that follows (HTML, 13.2.4.3, "reconstruct the active
// formatting elements"), and three hundred of them in each of ten thousand paragraphs are
// three million.
func Reopens(html []byte) bool {
	var o Openings
	for {
		i := bytes.IndexByte(html, '<')
		if i < 0 || i+1 == len(html) {
			return o.TooMany()
		}
		html = html[i+1:]
		closes := html[0] == '/'
		if closes {
			html = html[1:]
		}
		if name := tagName(html); len(name) > 0 {
			o.Tag(string(name), closes)
		}
	}
}

// Openings count what is opened again, tag by tag.
type Openings struct {
	open                 [len(formatting)]int
	total, again, blocks int
}

// Tag counts a tag by its element's name.
func (o *Openings) Tag(name string, closes bool) {
	switch f := formatted(name); {
	case f < 0:
		o.Block()
	case !closes:
		o.open[f]++
		o.Format(1)
	case o.open[f] > 0:
		o.open[f]--
		o.Format(-1)
	}
}

// Block counts a tag of an element that is none of formatting.
func (o *Openings) Block() {
	o.blocks++
	o.again += o.total
}

// Format counts an element of formatting that is opened, or with -1 closed.
func (o *Openings) Format(n int) { o.total += n }

// TooMany tells whether that is far more than stands there.
func (o *Openings) TooMany() bool { return o.again > o.blocks+reopenSpare }

// reopenSpare is how many elements any text may open again.
const reopenSpare = 20_000

// formatting are the elements that are opened again.
var formatting = [...]string{"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
	"u"}

// formatted returns the place of a name in formatting, or -1.
func formatted(name string) int {
	if len(name) > len("strong") {
		return -1
	}
	for i, f := range formatting {
		if len(f) == len(name) && strings.EqualFold(name, f) {
			return i
		}
	}
	return -1
}

// tagName returns the letters and digits with which a tag begins.
func tagName(s []byte) []byte {
	n := 0
	for n < len(s) && n < 12 && (s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return s[:n]
}
