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
	Term   []byte // what the index calls it; empty: it is too long to be looked for there
	Dense  bool   // two characters of a script without spaces, of which the second begins the next Cut; or its last
	Joiner rune   // what joins it to the word behind it, as "-" does in AC-2; 0: nothing
	Also   []byte // what else the index calls this place, each with a byte 0 behind it: parts, names of several words
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
	n.Form, n.Term, n.Also = appendForm(n.Form[:0], word), n.Term[:0], n.Also[:0]
	n.Dense, n.Joiner = dense, joiner
	c.open, c.own = true, true
}

// term takes a term of the word that stands: the first is its own, unless that one is left out.
func (c *Cutter) term(word []byte, stems bool) {
	own := c.own && (c.now.Dense || bytes.Equal(word, c.folded()))
	c.own = false
	to := &c.now.Also
	if own {
		to = &c.now.Term
	}
	if stems {
		*to = append(*to, c.stem(word)...)
	} else {
		*to = append(*to, word...)
	}
	if !own {
		*to = append(*to, 0)
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
	for _, r := range word {
		if isApostrophe(r) {
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
