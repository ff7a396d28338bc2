package markdown

import (
	"strings"
	"testing"
)

// What a row says of a macro holds together.
func TestRows(t *testing.T) {
	for name, m := range macros {
		if m.run == nil {
			t.Errorf("%s does nothing", name)
		}
		if m.joins && !m.inline {
			t.Errorf("%s shows letters of a word, but stands for none", name)
		}
		if strings.Contains(name, "inline") && !m.inline {
			t.Errorf("%s says of itself that it is inline", name)
		}
		signed := m.piece == ""
		for _, sign := range pieceSigns[m.piece] {
			signed = signed || strings.Contains(name, sign)
		}
		if !signed {
			t.Errorf("Pieces looks at no body for %s alone", name)
		}
		if name != strings.ToLower(name) {
			t.Errorf("%s is found in lower case only", name)
		}
	}
}
