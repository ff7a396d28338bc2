package names

import "unicode"

// Shown returns a title, or another where nobody could see it: where it has nothing but blanks,
// marks of nothing and characters without ink.
func Shown(title, other string) string {
	for _, r := range title {
		if visible(r) {
			return title
		}
	}
	return other
}

// visible tells the characters that show ink of themselves.
func visible(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0': // the fillers of Hangul and an empty cell of Braille
		return false
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.M, unicode.Zs)
}
