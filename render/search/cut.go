package search

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Cut is a word where it stands in a text, for who counts words: two that lie side by side follow each other.
type Cut struct {
	Form   []byte // as it is written, in lower case and in the form NFKC
	Dense  bool   // two characters of a script without spaces, of which the second begins the next Cut; or its last
	Joiner rune   // what joins it to the word behind it, as "-" does in AC-2, or Touching; 0: nothing
	Also   []byte // what else the index calls this place, each with a byte 0 behind it: parts, names of several words

	cutter *Cutter
	term   []byte // what the index calls it, or what has that as its stem
	stems  bool
}

// Term is what the index calls a word; nothing where that is too long to be looked for there. It is costly: who
// counts words asks once for each.
func (c *Cut) Term() string {
	if c.stems {
		return c.cutter.stem(c.term)
	}
	return string(c.term)
}

// Cutter cuts texts into words as the index does. It is not for several at once.
type Cutter struct {
	split splitter
	now   Cut
	open  bool
	own   bool // the next term is the word's own
	fold  []byte
	emit  func(*Cut)
	stems map[string]string
}

// NewCutter returns one.
func NewCutter() *Cutter {
	c := &Cutter{stems: map[string]string{}}
	c.split.at = c.stand
	c.now.cutter = c
	return c
}

// Cut calls emit for each word of a text. What it is given holds until it returns.
func (c *Cutter) Cut(text string, emit func(*Cut)) {
	c.emit = emit
	c.split.split(text, c.term)
	c.flush()
}

func (c *Cutter) flush() {
	if c.open {
		c.open = false
		c.emit(&c.now)
	}
}

// stand begins a word.
func (c *Cutter) stand(word string, joiner rune, dense bool) {
	c.flush()
	n := &c.now
	if n.Form = n.Form[:0]; dense { // scripts that have no capitals
		n.Form = append(n.Form, word...)
	} else {
		n.Form = appendForm(n.Form, word)
	}
	n.Also = n.Also[:0]
	n.Dense, n.Joiner, n.term, n.stems = dense, joiner, n.term[:0], false
	c.open, c.own = true, true
}

// term takes a term of the word that stands: the first is its own, unless that one is left out.
func (c *Cutter) term(word []byte, stems bool) {
	n := &c.now
	own := c.own && (n.Dense || bytes.Equal(word, n.Form) || bytes.Equal(word, c.folded()))
	c.own = false
	switch {
	case own:
		n.term, n.stems = append(n.term, word...), stems
	case stems:
		n.Also = append(append(n.Also, c.stem(word)...), 0)
	default:
		n.Also = append(append(n.Also, word...), 0)
	}
}

// folded is the form of the word that stands, as terms are folded.
func (c *Cutter) folded() []byte {
	c.fold = appendFolded(c.fold[:0], string(c.now.Form))
	return c.fold
}

// stem is stemOf, which remembers words in bounded memory.
func (c *Cutter) stem(word []byte) string {
	if s, ok := c.stems[string(word)]; ok {
		return s
	}
	if len(c.stems) > maxWords {
		clear(c.stems)
	}
	s := stemOf(string(word))
	c.stems[string(word)] = s
	return s
}

// appendForm appends a word in lower case, with one kind of apostrophe.
func appendForm(to []byte, word string) []byte {
	for i := 0; i < len(word); {
		if c := word[i]; c < utf8.RuneSelf {
			if isUpper(c) {
				c += 'a' - 'A'
			}
			to = append(to, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(word[i:])
		if i += size; isApostrophe(r) {
			r = '\''
		}
		to = utf8.AppendRune(to, unicode.ToLower(r))
	}
	return to
}

// TermsOf lists the terms under which a reader of the site would look for one word: its own, and in German those with
// or without "e" for an umlaut, as templates/search.js does.
func TermsOf(form string) []string {
	folded := string(appendFolded(nil, form))
	spellings := []string{folded}
	switch {
	case strings.ContainsAny(form, "äöü"):
		spellings = append(spellings, string(appendFolded(nil, umlauts.Replace(form))))
	case strings.Contains(folded, "ae") || strings.Contains(folded, "oe") || strings.Contains(folded, "ue"):
		spellings = append(spellings, marked.Replace(folded))
	}
	for i, s := range spellings {
		if len(s) > 0 && latin([]byte(s)) {
			spellings[i] = stemOf(s)
		}
	}
	return slices.Compact(spellings)
}

var (
	umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue")
	marked  = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")
)
