// Package unprintable tells the characters that no text shows: HTML and XML allow none of them, no
// browser shows one, and a terminal obeys some. Line breaks and tabs are none.
package unprintable

import "unicode/utf8"

// Is tells a control character.
func Is(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 }

// In tells whether one stands in a text, or bytes that are no UTF-8.
func In[T string | []byte](s T) bool {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case ' ' <= c && c < 0x7f, c == '\n', c == '\t':
			i++
		case c < utf8.RuneSelf:
			return true
		default:
			r, size := utf8.DecodeRuneInString(string(s[i:min(len(s), i+utf8.UTFMax)]))
			if size == 1 || Is(r) {
				return true
			}
			i += size
		}
	}
	return false
}
