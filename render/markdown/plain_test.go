package markdown

import (
	"bytes"
	"html"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"
)

// signs are what plain texts of TestPlain are made of.
var signs = []string{
	"*", "*", "**", "_", "_", "__", "~", "~~", "`", "``", "[", "]", "(", ")", "!", "<", ">", "&", "&amp;", "#", "+",
	"-", "---", "=", ".", "1.", "12)", "|", "\\", "$", ":", "^", "x", "é", "“", "”", ",",
	" ", " ", " ", " ", "word", "a", "Z9", "[x]", "](", "]:", "<b>", "</p>", "<!--", "&lt;", "http://e.com/a_b*c",
	"ßtraße", "한", "@", "\u00a0",
}

var paragraphTag = regexp.MustCompile(`</?p>|<a href="[^"]*">|</a>`)

// loneBlank makes plain blanks of the no-break spaces that stand alone between what is seen.
func loneBlank(s string) string {
	runes := []rune(s)
	for i, c := range runes {
		if c == '\u00a0' && i > 0 && i+1 < len(runes) && !isSpace(string(runes[i-1])) && !isSpace(string(runes[i+1])) {
			runes[i] = ' '
		}
	}
	return string(runes)
}

// TestPlain checks on texts of nothing but signs and words that a reader of the Markdown
// sees each of them as it is: no sign may make a mark, a list or an element, and no
// backslash may be seen.
func TestPlain(t *testing.T) {
	seeds := uint64(10_000)
	if os.Getenv("AGC_LONG") != "" {
		seeds *= 3
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 11))
		var b strings.Builder
		for range 1 + r.IntN(14) {
			b.WriteString(signs[r.IntN(len(signs))])
		}
		want := strings.Join(strings.FieldsFunc(b.String(), func(c rune) bool { return c == ' ' }), " ")
		md, _ := Convert([]byte("<p>"+html.EscapeString(want)+"</p>"), testPage, newFake())
		var out bytes.Buffer
		if err := reader.Convert(md, &out); err != nil {
			t.Fatal(err)
		}
		got := html.UnescapeString(strings.TrimSpace(paragraphTag.ReplaceAllString(out.String(), "")))
		if strings.Trim(got, " \u00a0") != loneBlank(strings.Trim(want, " \u00a0")) {
			t.Errorf("seed %d: %q is read as %q\nMarkdown: %q\nHTML: %q", seed, want, got, md, out.String())
		}
	}
}
