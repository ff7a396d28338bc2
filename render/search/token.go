package search

import (
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/unicode/norm"
)

// The bounds of what becomes a term.
const (
	maxTerm  = 64 // bytes; what is longer is no word, and nobody types it
	maxParts = 5  // of a name: an address of the web has more, and is found by its parts
)

// Terms lists the terms of a text, in order and with repetition: the words in their
// stem, names of several words also as a whole ("ac-2-1"), those with hyphens also without
// ("e-mail": "email"), CamelCase and letters before a number also by their parts ("SF86"), and
// overlapping pairs of characters where a script has no spaces.
func Terms(text string) []string {
	var terms []string
	var s splitter
	s.split(text, func(word []byte, stems bool) {
		if stems {
			terms = append(terms, stemOf(string(word)))
		} else {
			terms = append(terms, string(word))
		}
	})
	return terms
}

// stemOf is the English stem of a word of the letters a to z: Porter's second algorithm,
// https://snowballstem.org/algorithms/english/stemmer.html, as the library has it.
func stemOf(word string) string { return english.Stem(word, true) }

// splitter divides texts. Its buffers are used again.
type splitter struct {
	// emit is told each word and whether its stem is the term, or the word itself. It
	// keeps nothing of its argument.
	emit func(word []byte, stems bool)
	word []byte
	name []byte
	shut []byte // a name without what joins it
}

// split calls emit for each term of a text.
func (s *splitter) split(text string, emit func(word []byte, stems bool)) {
	s.emit = emit
	if !norm.NFKC.IsNormalString(text) {
		text = norm.NFKC.String(text)
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case isDense(r):
			i = s.dense(text, i)
		case isWord(r):
			i = s.joined(text, i)
		default:
			i += size
		}
	}
}

// dense emits the pairs of a run of characters without spaces, and its last character,
// so that one character alone is the beginning of a term wherever it stands.
func (s *splitter) dense(text string, i int) int {
	var last [2 * utf8.UTFMax]byte
	n := 0 // bytes in last
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isDense(r) {
			break
		}
		end := n + utf8.EncodeRune(last[n:], r)
		if n > 0 {
			s.emit(last[:end], false)
		}
		n = copy(last[:], last[n:end])
		i += size
	}
	s.emit(last[:n], false)
	return i
}

// joined emits a word, and where others are joined to it each of them and the whole.
func (s *splitter) joined(text string, i int) int {
	s.name, s.shut = s.name[:0], s.shut[:0]
	hyphens := true
	for parts := 1; ; parts++ {
		end := wordEnd(text, i)
		s.single(text[i:end])
		if parts > 1 {
			s.name = append(s.name, '-')
		}
		s.name = appendFolded(s.name, text[i:end])
		s.shut = appendFolded(s.shut, text[i:end])
		joiner, size := utf8.DecodeRuneInString(text[end:])
		next, _ := utf8.DecodeRuneInString(text[end+size:])
		if !isJoiner(joiner) || !isWord(next) || isDense(next) {
			if 1 < parts && parts <= maxParts && len(s.name) <= maxTerm {
				s.emit(s.name, false)
				if hyphens && len(s.shut) > 0 {
					s.emit(s.shut, latin(s.shut))
				}
			}
			return end
		}
		hyphens = hyphens && (joiner == '-' || joiner == '‐')
		i = end + size
	}
}

// wordEnd returns where a word that begins at i ends.
func wordEnd(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isWord(r) || isDense(r) {
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			if !isApostrophe(r) && !isInvisible(r) || !isWord(next) || isDense(next) {
				return i
			}
		}
		i += size
	}
	return i
}

// single emits a word, and the parts of a word in CamelCase.
func (s *splitter) single(word string) {
	s.whole(word)
	from := 0
	for i := 1; i < len(word); i++ {
		if camel(word, i) {
			s.whole(word[from:i])
			from = i
		}
	}
	if from > 0 {
		s.whole(word[from:])
	}
	if at := numberAt(word); at > 0 {
		s.whole(word[:at])
		s.whole(word[at:])
	}
}

// numberAt returns where the number begins in a word of letters and a number of two digits or
// more, as in SF86, or 0: who looks for SF 86 or SF-86 finds it by its parts.
func numberAt(word string) int {
	at := 0
	for at < len(word) && (isUpper(word[at]) || isLower(word[at])) {
		at++
	}
	for i := at; i < len(word); i++ {
		if word[i] < '0' || word[i] > '9' {
			return 0
		}
	}
	if len(word)-at < 2 {
		return 0
	}
	return at
}

// camel tells whether a part begins at i: a capital after a small letter, or before two
// after a capital, as in HTMLParser but not in PDFs.
func camel(word string, i int) bool {
	if !isUpper(word[i]) {
		return false
	}
	return isLower(word[i-1]) || isUpper(word[i-1]) && i+2 < len(word) && isLower(word[i+1]) && isLower(word[i+2])
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// whole emits one word. Only words of nothing but the letters a to z have a stem.
func (s *splitter) whole(word string) {
	s.word = appendFolded(s.word[:0], word)
	if len(s.word) == 0 || len(s.word) > maxTerm {
		return
	}
	s.emit(s.word, latin(s.word))
}

// latin tells a word of the letters a to z.
func latin(word []byte) bool {
	for _, c := range word {
		if !isLower(c) {
			return false
		}
	}
	return true
}

// title appends to a prefix all words of a title, folded, with "-" between them.
func (s *splitter) title(prefix, text string) []byte {
	s.name = append(s.name[:0], prefix...)
	text = norm.NFKC.String(text)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		end := i + size
		if isDense(r) {
			for end < len(text) {
				r, size := utf8.DecodeRuneInString(text[end:])
				if !isDense(r) {
					break
				}
				end += size
			}
		} else if isWord(r) {
			end = wordEnd(text, i)
		} else {
			i = end
			continue
		}
		if len(s.name) > len(prefix) {
			s.name = append(s.name, '-')
		}
		if isDense(r) {
			s.name = append(s.name, text[i:end]...)
		} else {
			s.name = appendFolded(s.name, text[i:end])
		}
		i = end
	}
	return s.name
}
