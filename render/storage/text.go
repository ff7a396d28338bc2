package storage

import (
	"agc-export/render/unprintable"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// longestEntity is the length of the longest name in HTML's table of entities.
const longestEntity = 32

// decode resolves the entities of a piece of source that begins at offset at, and
// cleans it. Unknown entities stay as they are written.
func (p *parser) decode(s string, at int) string {
	amp := strings.IndexByte(s, '&')
	if amp < 0 {
		return p.clean(s, at)
	}
	var b strings.Builder
	for ; amp >= 0; amp = strings.IndexByte(s, '&') {
		b.WriteString(p.clean(s[:amp], at))
		at, s = at+amp, s[amp:]
		text, n := entity(s)
		if n == 0 {
			if len(s) > 1 && nameStart(s[1]) {
				p.lose(NoteEntity, at, 1)
			}
			text, n = "&", 1
		}
		b.WriteString(text)
		at, s = at+n, s[n:]
	}
	b.WriteString(p.clean(s, at))
	return b.String()
}

// entity returns the text of the reference at the beginning of s and its length
// in s, 0 when there is none. A reference to a forbidden character is no text.
func entity(s string) (string, int) {
	end := strings.IndexByte(s[:min(len(s), longestEntity+2)], ';')
	if end < 2 {
		return "", 0
	}
	ref := s[:end+1]
	text := html.UnescapeString(ref)
	switch {
	case ref[1] == '#' && text == ref:
		return "", 0
	case ref[1] == '#':
		// those mean what Windows meant by them
		if n, err := strconv.ParseUint(strings.TrimSuffix(ref[2:], ";"), 10, 32); err == nil && !allowed(rune(n)) &&
			(n < 0x80 || n > 0x9f) {
			return "", len(ref)
		}
		if r, _ := utf8.DecodeRuneInString(text); !allowed(r) {
			return "", len(ref)
		}
	case strings.HasSuffix(text, ";") && ref != "&semi;":
		// The standard library takes "&notit;" for "¬it;", as browsers do.
		return "", 0
	}
	return text, len(ref)
}

// allowed tells the characters that XML 1.0 allows (production 2, Char), less those
// that it discourages as control characters: no reader shows them, and a terminal obeys
// some.
func allowed(r rune) bool {
	return r >= 0x20 && (r < 0x7f || r >= 0xa0) && r != 0xfffe && r != 0xffff || r == '\t' || r == '\n' || r == '\r'
}

// clean leaves out the characters that XML forbids, replaces bytes that are not
// UTF-8 by U+FFFD and writes every line end as "\n".
func (p *parser) clean(s string, at int) string {
	if p.sound || !dirty(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		// XML 1.0, 2.11: line ends are normalised before anything else looks at them.
		case r == '\r':
			if !strings.HasPrefix(s[i+1:], "\n") {
				b.WriteByte('\n')
			}
		case !allowed(r) || r == utf8.RuneError && n == 1:
			p.lose(NoteCharacter, at+i, 1)
			if n == 1 && r == utf8.RuneError {
				b.WriteRune(r)
			}
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// dirty tells whether clean would change s.
func dirty(s string) bool { return strings.IndexByte(s, 0xef) >= 0 || unprintable.In(s) }

// mostBefore is how many nodes are looked at for what a fallback repeats. It stands right before that, and a body may
// have very many fallbacks.
const mostBefore = 1000

// RepeatsADF tells whether a node says again, for programs that do not know them, what nodes of the newer editor before
// it hold.
func (n *Node) RepeatsADF() bool {
	if n.Name != "ac:adf-fallback" {
		return false
	}
	left := mostBefore
	for b := n.PrevSibling; b != nil && left > 0; b = b.PrevSibling {
		left--
		if b.Name != "ac:adf-node" {
			continue
		}
		for c := b.LastChild; c != nil && left > 0; c = c.PrevSibling { // behind its attributes
			if left--; c.Name == "ac:adf-content" {
				return true
			}
		}
	}
	return false
}
