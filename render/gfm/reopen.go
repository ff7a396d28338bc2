package gfm

import "bytes"

// Reopens tells whether a browser, or any parser of HTML as the standard has it, would make
// far more of a text than stands in it: an element of formatting that is never closed is
// opened again in every block that follows (HTML, 13.2.4.3, "reconstruct the active
// formatting elements"), and three hundred of them in each of ten thousand paragraphs are
// three million.
func Reopens(html []byte) bool {
	open, total := [len(formatting)]int{}, 0
	again, blocks := 0, 0
	for {
		i := bytes.IndexByte(html, '<')
		if i < 0 || i+1 == len(html) {
			return again > blocks+reopenSpare
		}
		html = html[i+1:]
		closes := html[0] == '/'
		if closes {
			html = html[1:]
		}
		name := tagName(html)
		if len(name) == 0 {
			continue
		}
		switch f := formatted(name); {
		case f < 0:
			blocks++
			again += total
		case !closes:
			open[f]++
			total++
		case open[f] > 0:
			open[f]--
			total--
		}
	}
}

// reopenSpare is how many elements any text may open again.
const reopenSpare = 20_000

// formatting are the elements that are opened again.
var formatting = [...]string{"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
	"u"}

// formatted returns the place of a name in formatting, or -1.
func formatted(name []byte) int {
	if len(name) > len("strong") {
		return -1
	}
	for i, f := range formatting {
		if len(f) == len(name) && bytes.EqualFold(name, []byte(f)) {
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
