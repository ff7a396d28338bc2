package site

import (
	"regexp"
	"strings"
	"testing"

	"agc-export/templates"

	"golang.org/x/net/html"
)

// TestCode: the words of a block get classes that the style sheet knows, and its text
// stays the same to the letter whatever the language.
func TestCode(t *testing.T) {
	css, err := templates.FS.ReadFile("site.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range hues {
		if !strings.Contains(string(css), "."+class+" ") {
			t.Errorf("site.css has no %s", class)
		}
	}
	for language, want := range map[string]string{
		"go":   `<span class="code-k">func </span>`,
		"bash": `<span class="code-c"># tail`,
		"sql":  `<span class="code-k">SELECT </span>`,
		"diff": `<span class="code-del">- a`,
		"none": `func f(`, "text": `func f(`, "klingon": `func f(`, "": `func f(`,
	} {
		text := "func f(a int) string { return \"x<y\" }\nSELECT 1 FROM t\n- a\n+ b\n# tail\n\tend"
		got := string(render([]byte("```"+language+"\n"+text+"\n```\n"), "", nil).HTML)
		if !strings.Contains(got, want) {
			t.Errorf("%s: no %s in %s", language, want, got)
		}
		plain := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(got, ""))
		if strings.TrimSpace(plain) != text {
			t.Errorf("%s: the text became %q", language, plain)
		}
	}
}

// TestCodeIsBounded: a long block stays plain, and what is kept does not grow for ever.
func TestCodeIsBounded(t *testing.T) {
	s := newSite(t, testConfig)
	long := strings.Repeat("x := 1\n", codeMost/7+1)
	if got := string(s.Render([]byte("```go\n"+long+"```\n"), Setting{}).HTML); strings.Contains(got, "<span") {
		t.Error("a block that is too long was coloured")
	}
	block := "```go\n" + strings.Repeat("x := 1\n", codePage/70) + "```\n\n"
	if got := strings.Count(string(newSite(t, testConfig).Render([]byte(strings.Repeat(block, 20)), Setting{}).HTML),
		`<code class="language-go">x := 1`); got != 10 {
		t.Errorf("%d blocks of one body stayed plain, want 10", got)
	}
	block = strings.Repeat("y := 2\n", 1000)
	s.code.size = codeCache - len(block)
	s.Render([]byte("```go\n"+block+"```\n\n```go\n"+block+"z := 3\n```\n"), Setting{})
	if n := len(s.code.kept); n != 1 || s.code.size > codeCache {
		t.Errorf("%d blocks of %d bytes are kept, want one", n, s.code.size)
	}
}
