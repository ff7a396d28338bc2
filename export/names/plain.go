package names

import (
	"agc-export/render/unprintable"
	"strings"
)

// Plain makes a name from the wiki harmless in a terminal.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unprintable.Is(r) || r == '\n' || r == '\t' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '�'
		}
		return r
	}, s)
}
