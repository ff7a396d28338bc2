package site

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestNames compares the checks of class names and identifiers with the expressions that they stand for.
func TestNames(t *testing.T) {
	class := regexp.MustCompile(`^(?:` +
		`(?:align|attachment|bg|cell|chart|code|date|emoji|emoticon|excerpt|fg|file|footnote|footnotes|layout|lines` +
		`|list|macro|media|mention|missing|panel|status|tab|table|task|tasks|user|width)(?:[-_][a-z0-9_-]{1,40})?` +
		`|math|language-[\pL\pN_+#.-]{1,40})$`)
	id := regexp.MustCompile(`^[^\s\x00-\x1f\x7f]{1,300}$`)
	parts := strings.Split("panel|panels|note|lines|math|language|language-|é|+|#|c|a|0|z9|A|-|_|.| |\n|\x00|\x7f|"+
		"\xff|"+strings.Repeat("b", 39)+"|"+strings.Repeat("ü", 299)+"|table|\u00a0|\u2028", "|")
	dice, classed := rand.New(rand.NewPCG(1, 2)), 0
	for range 50_000 {
		var b strings.Builder
		for range dice.IntN(5) {
			b.WriteString(parts[dice.IntN(len(parts))])
		}
		s := b.String()
		if got, want := classes(s), class.MatchString(s); got != want {
			t.Errorf("class %q: %v, want %v", s, got, want)
		} else if got {
			classed++
		}
		if got, want := identifier(s), id.MatchString(s); got != want {
			t.Errorf("id %q: %v, want %v", s, got, want)
		}
	}
	if classed < 1000 {
		t.Errorf("only %d are class names", classed)
	}
}

// TestAllowedOrDropped: what is allowed is nothing of what is dropped.
func TestAllowedOrDropped(t *testing.T) {
	for name := range dropped {
		if elements[name] != nil {
			t.Errorf("<%s> is both", name)
		}
	}
}
