package change

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"znkr.io/diff"
)

// word is a word, a sign, or a letter of a script that has no blanks between words.
type word struct {
	text   string
	parted bool // a blank stands before it
}

// split takes a text apart.
func split(text string) []word {
	var all []word
	parted := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch end := i + size; {
		case unicode.IsSpace(r):
			parted = true
			i = end
		case joins(r):
			for end < len(text) {
				r, size := utf8.DecodeRuneInString(text[end:])
				if !joins(r) && !unicode.IsMark(r) {
					break
				}
				end += size
			}
			all, i, parted = append(all, word{text[i:end], parted}), end, false
		default:
			for end < len(text) { // its marks
				r, size := utf8.DecodeRuneInString(text[end:])
				if !unicode.IsMark(r) {
					break
				}
				end += size
			}
			all, i, parted = append(all, word{text[i:end], parted}), end, false
		}
	}
	return all
}

// joins tells whether a letter belongs to the same word as such a one before it.
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_') &&
		!unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer,
			unicode.Myanmar)
}

// isWord tells words from signs.
func isWord(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

func countWords(text string) (n int) {
	for _, w := range split(text) {
		if isWord(w.text) {
			n++
		}
	}
	return max(n, 1)
}

// longest is how many words a block may have of which each is compared.
const longest = 1 << 16

// between tells which words of a block were kept, taken away and added.
func between(old, now string) []Piece {
	a, b := split(old), split(now)
	if len(a)+len(b) > longest {
		return []Piece{{Gone, old}, {Added, now}}
	}
	var w pieces
	i, j := 0, 0
	for _, h := range diff.Hunks(texts(a), texts(b), append(options(len(a)+len(b)), diff.Context(0))...) {
		w.keep(a[i:h.PosX], b[j:h.PosY])
		w.put(Gone, a[h.PosX:h.EndX])
		w.put(Added, b[h.PosY:h.EndY])
		i, j = h.EndX, h.EndY
	}
	w.keep(a[i:], b[j:])
	w.flush()
	return w.all
}

func texts(all []word) []string {
	out := make([]string, len(all))
	for i, w := range all {
		out[i] = w.text
	}
	return out
}

// pieces collects runs of words. What changed around a sign or two that did not is one change: a
// reader need not hop from word to word.
type pieces struct {
	all         []Piece
	gone, added []word
}

// keep adds words that stayed, with the blanks that either text has between them.
func (w *pieces) keep(old, now []word) {
	if len(now) == 0 {
		return
	}
	same := slices.Clone(now)
	for i := range same {
		same[i].parted = same[i].parted || old[i].parted
	}
	if len(w.gone)+len(w.added) > 0 && len(same) <= 2 && !isWord(same[0].text) && !isWord(same[len(same)-1].text) {
		w.gone, w.added = append(w.gone, same...), append(w.added, same...)
		return
	}
	w.flush()
	w.write(Kept, same)
}

// put adds words that did not.
func (w *pieces) put(op Op, changed []word) {
	if op == Gone {
		w.gone = append(w.gone, changed...)
	} else {
		w.added = append(w.added, changed...)
	}
}

// flush writes what changed; signs at its end that stayed after all are written as kept.
func (w *pieces) flush() {
	n := 0
	for n < len(w.gone) && n < len(w.added) && w.gone[len(w.gone)-1-n].text == w.added[len(w.added)-1-n].text {
		n++
	}
	same := w.added[len(w.added)-n:]
	w.write(Gone, w.gone[:len(w.gone)-n])
	w.write(Added, w.added[:len(w.added)-n])
	w.write(Kept, same)
	w.gone, w.added = nil, nil
}

// write adds a run of words.
func (w *pieces) write(op Op, words []word) {
	if len(words) == 0 {
		return
	}
	var b strings.Builder
	for i, word := range words {
		if word.parted && (i > 0 || len(w.all) > 0) {
			b.WriteByte(' ')
		}
		b.WriteString(word.text)
	}
	if last := len(w.all) - 1; last >= 0 && w.all[last].Op == op {
		w.all[last].Text += b.String()
		return
	}
	w.all = append(w.all, Piece{op, b.String()})
}
