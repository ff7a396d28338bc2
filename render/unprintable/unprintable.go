// Package unprintable tells the characters that no text shows: HTML and XML allow none of them, no
// browser shows one, and a terminal obeys some. Line breaks and tabs are none.
package unprintable

// Is tells a control character.
func Is(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 }

// At tells whether one may begin at a byte of a text in UTF-8.
func At[T string | []byte](s T, i int) bool {
	c := s[i]
	return c < ' ' && c != '\n' && c != '\t' || c == 0x7f || c == 0xc2 && i+1 < len(s) && s[i+1] < 0xa0
}
