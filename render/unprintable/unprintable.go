// Package unprintable tells the characters that no text shows: HTML and XML allow none of them, no
// browser shows one, and a terminal obeys some. Line breaks and tabs are none.
package unprintable

import "unicode/utf8"

// Is tells a control character.
func Is(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 }

// In tells whether one stands in a text, or bytes that are no UTF-8.
func In[T string | []byte](s T) bool {
	for i := 0; i < len(s); {
		if i+8 <= len(s) && plain(uint64(s[i])|uint64(s[i+1])<<8|uint64(s[i+2])<<16|uint64(s[i+3])<<24|
			uint64(s[i+4])<<32|uint64(s[i+5])<<40|uint64(s[i+6])<<48|uint64(s[i+7])<<56) {
			i += 8
			continue
		}
		for end := min(i+8, len(s)); i < end; {
			switch c := s[i]; {
			case ' ' <= c && c < 0x7f, c == '\n', c == '\t':
				i++
			case c < utf8.RuneSelf:
				return true
			case 0xe1 <= c && c <= 0xec && i+2 < len(s) && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80:
				i += 3 // the letters of most scripts need no other look
			default:
				r, size := utf8.DecodeRuneInString(string(s[i:min(len(s), i+utf8.UTFMax)]))
				if size == 1 || Is(r) {
					return true
				}
				i += size
			}
		}
	}
	return false
}

// plain tells of eight bytes at once that each is from ' ' to '~': that is so where none has its highest bit, nor
// gets it by the first sum, and each gets it by the second.
func plain(w uint64) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	return (w|(w+ones))&high == 0 && (w+(0x80-' ')*ones)&high == high
}
