package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded are letters that fold to others without being composed of them. German
// umlauts lose their dots as all marks do; that "ue" may stand for "ü" is the query's
// business, see search.js.
var folded = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'þ': "th", 'ı': "i", 'ς': "σ",
}

// appendFolded appends a word in the form in which it is compared: lower case, without
// marks above letters and apostrophes.
func appendFolded(to []byte, word string) []byte {
	if n := len(word); n > 2 && (word[n-1] == 's' || word[n-1] == 'S') {
		if r, size := utf8.DecodeLastRuneInString(word[:n-1]); isApostrophe(r) {
			word = word[:n-1-size] // the harbor's -> the harbor
		}
	}
	for i := 0; i < len(word); {
		if c := word[i]; c < utf8.RuneSelf {
			i++
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			if c != '\'' {
				to = append(to, c)
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(word[i:])
		i += size
		to = appendFoldedRune(to, unicode.ToLower(r))
	}
	return to
}

func appendFoldedRune(to []byte, r rune) []byte {
	if s, ok := folded[r]; ok {
		return append(to, s...)
	}
	if isApostrophe(r) {
		return to
	}
	var b [utf8.UTFMax]byte
	for _, d := range string(norm.NFD.Append(nil, b[:utf8.EncodeRune(b[:], r)]...)) {
		if d < 0x300 || d > 0x36f {
			to = utf8.AppendRune(to, d)
		}
	}
	return to
}

// isApostrophe tells whether a character may stand within a word without dividing it.
func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// isInvisible tells of characters that only shape, turn or divide words on the screen: soft hyphen,
// joiners, zero-width spaces, marks of direction, selectors of a form.
func isInvisible(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r == 0xad, r == 0x34f, r == 0x61c, r == 0x180e, r == 0xfeff:
		return true
	}
	return 0x200b <= r && r <= 0x200f || 0x202a <= r && r <= 0x202e || 0x2060 <= r && r <= 0x206f ||
		0xfe00 <= r && r <= 0xfe0f || 0xe0100 <= r && r <= 0xe01ef
}

// visible is a text in the form NFKC, without what is invisible.
func visible(text string) string {
	text = norm.NFKC.String(text)
	if strings.IndexFunc(text, isInvisible) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, text)
}

// isWord tells whether a character makes words.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return isWordByte(byte(r))
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.M)
}

func isWordByte(c byte) bool { return isLower(c) || isUpper(c) || '0' <= c && c <= '9' }

// isDense tells of the letters of scripts that are written without spaces, and of
// Korean, whose spaces divide phrases: Thai, Lao, Burmese, Khmer, Han, kana, Bopomofo and Hangul.
func isDense(r rune) bool {
	switch {
	case r < 0xe00:
		return false
	case r <= 0xeff, 0x1000 <= r && r <= 0x109f, 0x1780 <= r && r <= 0x17ff, 0xa9e0 <= r && r <= 0xa9ff,
		0xaa60 <= r && r <= 0xaa7f, 0x2e80 <= r && r <= 0x31ff,
		0x3400 <= r && r <= 0x9fff, 0xac00 <= r && r <= 0xd7a3, 0xf900 <= r &&
			r <= 0xfaff, 0x20000 <= r && r <= 0x3ffff:
		return isWord(r)
	}
	return false
}

// isJoiner tells of the characters that make one name of several words: report-2024.pdf,
// AC-2(1), snake_case, 10.1.2.3, a/b.
func isJoiner(r rune) bool {
	switch r {
	case '-', '_', '.', ':', '/', '\\', '@', '#', '&', '+', '(', '‐':
		return true
	}
	return false
}

// class is what dividing a text needs to know of a character.
type class uint8

const (
	spaced class = 1 << iota // isWord but not isDense
	dense                    // isDense
	alone                    // it is visible and in the form NFKC, and so is a text of nothing but such characters
)

// runes remembers the classes of characters, as many as lie in different places.
type runes [1 << 12]struct {
	r     rune // 0 for none
	class class
}

// class returns the class of a character.
func (k *runes) class(r rune) class {
	e := &k[uint32(r)%uint32(len(k))]
	if e.r != r || r == 0 {
		e.r, e.class = r, classOf(r)
	}
	return e.class
}

func classOf(r rune) (c class) {
	switch {
	case isDense(r):
		c = dense
	case isWord(r):
		c = spaced
	}
	var b [utf8.UTFMax]byte
	form := b[:utf8.EncodeRune(b[:], r)]
	if r != utf8.RuneError && !isInvisible(r) &&
		norm.NFKC.IsNormal(form) && norm.NFKC.Properties(form).BoundaryBefore() {
		c |= alone
	}
	return c
}

// composed tells that a text is visible and in the form NFKC. Where it tells that it is not, it may be.
func (k *runes) composed(text string) bool {
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if k.class(r)&alone == 0 {
			return false
		}
		i += size
	}
	return true
}
