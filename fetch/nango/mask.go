package nango

import "agc-export/render/expression"

// keyLike finds what looks like a key: a UUID, which all of Nango's keys are, whole or
// without its dashes, or a long run of letters and digits mixed.
var keyLike = expression.New(`[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}` +
	`|[A-Za-z0-9]{32,}`)

var anyDigit = expression.New(`[0-9]`)

// Mask replaces what looks like a key in a text that a person gets to read. People put
// keys in the place of other things: a mistake is told without what may be one.
func Mask(text string) string {
	return keyLike.ReplaceAllStringFunc(text, func(s string) string {
		if !anyDigit.MatchString(s) {
			return s // a long word
		}
		return Hidden
	})
}
