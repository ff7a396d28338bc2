package search

import (
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
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
	emit  func(word []byte, stems bool)
	at    func(word string, joiner rune, dense bool) // told each word before its terms, see Cutter; nil: nobody asks
	word  []byte
	name  []byte
	shut  []byte // a name without what joins it
	known runes
}

// split calls emit for each term of a text.
func (s *splitter) split(text string, emit func(word []byte, stems bool)) {
	s.emit = emit
	if !s.known.composed(text) {
		text = visible(text)
	}
	for i := 0; i < len(text); {
		if end := plainEnd(text, i); end > i {
			s.plain(text[i:end])
			i = end
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch class := s.known.class(r); {
		case class&dense != 0:
			i = s.dense(text, i)
		case class&spaced != 0:
			i = s.joined(text, i)
		default:
			i += size
		}
	}
}

// plainEnd returns where a plain word ends that begins at i, or i for none: one of the letters a to
// z, of which only the first may be a capital, which what follows neither goes on nor joins to
// another. Most words are plain.
func plainEnd(text string, i int) int {
	end := i
	if isUpper(text[i]) {
		end++
	}
	for end < len(text) && isLower(text[end]) {
		end++
	}
	if end-i > maxTerm || end < len(text) && (text[end] >= utf8.RuneSelf || text[end] == '\'' ||
		isWordByte(text[end]) || isJoiner(rune(text[end]))) {
		return i
	}
	return end
}

// plain emits a plain word.
func (s *splitter) plain(word string) {
	s.word = append(s.word[:0], word...)
	if isUpper(word[0]) {
		s.word[0] += 'a' - 'A'
	}
	s.stand(word, 0, false)
	s.emit(s.word, true)
}

// stand tells who asks for it that a word stands in the text.
func (s *splitter) stand(word string, joiner rune, dense bool) {
	if s.at != nil {
		s.at(word, joiner, dense)
	}
}

// dense emits the pairs of a run of characters without spaces, and its last character,
// so that one character alone is the beginning of a term wherever it stands.
func (s *splitter) dense(text string, i int) int {
	last := i // where the last character begins
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if s.known.class(r)&dense == 0 {
			break
		}
		if i > last {
			s.pair(text[last:i+size], 0)
		}
		last = i
		i += size
	}
	joiner, _ := s.beside(text, i)
	s.pair(text[last:i], joiner)
	return i
}

// pair emits a pair of characters, or the last one with what joins it to the next word.
func (s *splitter) pair(chars string, joiner rune) {
	s.stand(chars, joiner, true)
	s.word = append(s.word[:0], chars...)
	s.emit(s.word, false)
}

// joined emits a word, and where others are joined to it each of them and the whole.
func (s *splitter) joined(text string, i int) int {
	end := s.wordEnd(text, i)
	joiner, next := s.beside(text, end)
	s.single(text[i:end], joiner)
	if next == 0 {
		return end
	}
	s.name = appendFolded(s.name[:0], text[i:end])
	s.shut = append(s.shut[:0], s.name...)
	hyphens, parts := true, 1
	for ; next > 0; parts++ {
		i, end = next, s.wordEnd(text, next)
		hyphens = hyphens && (joiner == '-' || joiner == '‐')
		joiner, next = s.beside(text, end)
		s.single(text[i:end], joiner)
		s.name = append(s.name, '-')
		from := len(s.name)
		s.name = appendFolded(s.name, text[i:end])
		s.shut = append(s.shut, s.name[from:]...)
	}
	if parts <= maxParts && len(s.name) <= maxTerm {
		s.emit(s.name, false)
		if hyphens && len(s.shut) > 0 {
			s.emit(s.shut, latin(s.shut))
		}
	}
	return end
}

// Touching is what joins a word to the next one where nothing stands between them: one of them is of a script without
// spaces, the other is not.
const Touching = '\u2060'

// beside returns what joins a word that ends at end to the one behind it, of whatever script: 0 for nothing. next is
// where that one begins if both are of scripts with spaces, so that they are parts of one word; else 0.
func (s *splitter) beside(text string, end int) (joiner rune, next int) {
	if end == len(text) || text[end] == ' ' {
		return 0, 0 // as behind most words
	}
	joiner, size := utf8.DecodeRuneInString(text[end:])
	switch {
	case s.known.class(joiner)&(spaced|dense) != 0:
		return Touching, 0
	case !isJoiner(joiner):
		return 0, 0
	}
	first, _ := utf8.DecodeRuneInString(text[end+size:])
	switch class := s.known.class(first); {
	case class&spaced != 0:
		return joiner, end + size
	case class&dense != 0:
		return joiner, 0
	}
	return 0, 0
}

// wordEnd returns where a word that begins at i ends.
func (s *splitter) wordEnd(text string, i int) int {
	for i < len(text) {
		if isWordByte(text[i]) {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if s.known.class(r)&spaced == 0 {
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			if !isApostrophe(r) || s.known.class(next)&spaced == 0 {
				return i
			}
		}
		i += size
	}
	return i
}

// single emits a word that a character joins to the next one, or 0, and the parts of a word in CamelCase.
func (s *splitter) single(word string, joiner rune) {
	s.stand(word, joiner, false)
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
	text = visible(text)
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
			end = s.wordEnd(text, i)
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
