package markdown

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// styleRules are what no Markdown of ours holds outside of code, a line at a time.
var styleRules = []struct {
	name string
	bad  *regexp.Regexp
}{
	{"a heading underlined", regexp.MustCompile(`^[^|>\s].*\n(=+|-{2,})$`)},
	{"a heading closed", regexp.MustCompile(`(?m)^ *#{1,6} .* #+$`)},
	{"a heading with several blanks", regexp.MustCompile(`(?m)^[ >]*#{1,6}(  |\S*[^#\s])`)},
	{"a bullet other than -", regexp.MustCompile(`(?m)^[ >]*[*+] `)},
	{"blanks behind a box", regexp.MustCompile(`(?m)^[ >]*[-0-9.]+ \[[ x]\](\s\s|\S)`)},
	{"blanks at the end", regexp.MustCompile(`(?m)[ \t]+$`)},
	{"two empty lines", regexp.MustCompile(`\n[> ]*\n[> ]*\n`)},
	{"a reference", regexp.MustCompile(`(?m)^ {0,3}\[[^\]^]+\]: `)},
	{"a fence of tildes", regexp.MustCompile(`(?m)^[ >]*~~~`)},
	{"a style attribute", regexp.MustCompile(`<[a-z]+ [^>]*\bstyle=`)},
	{"an empty emphasis", regexp.MustCompile(`(^|[^*])\*{4}([^*]|$)`)},
}

var (
	fenced   = regexp.MustCompile("(?ms)^([ >]*(?:[-0-9.]+ +)*)(`{3,})[^`\n]*\n.*?^[ >]*`{3,}$")
	spans    = regexp.MustCompile("(`+)[^`\n]*`+")
	htmlCode = regexp.MustCompile(`(?s)<code.*?</code>`)
)

// uncoded returns Markdown without what stands in code.
func uncoded(md []byte) string {
	s := fenced.ReplaceAllString(string(md), "${1}CODE")
	return htmlCode.ReplaceAllString(spans.ReplaceAllString(s, "CODE"), "CODE")
}

// bodies yields the storage files below a folder, with their names.
func bodies(t testing.TB, folder string) map[string][]byte {
	found := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		src, err := os.ReadFile(path)
		if i := bytes.LastIndex(src, []byte("\n+++\n")); i >= 0 { // what the demo's pages say of themselves
			src = src[i+5:]
		}
		found[path] = src
		return err
	})
	if err != nil || len(found) == 0 {
		t.Fatal("no storage files in", folder, err)
	}
	return found
}

// TestStyle checks the Markdown of the demo's pages, and of those below the folder that
// AGC_CORPUS names, against the rules of style.
func TestStyle(t *testing.T) {
	folders := []string{"../../testdata/tenant"}
	if folder := os.Getenv("AGC_CORPUS"); folder != "" {
		folders = append(folders, folder)
	}
	needless, all := 0, 0
	for _, folder := range folders {
		for name, src := range bodies(t, folder) {
			md, _ := Convert(src, testPage, newFake())
			if bytes.Contains(src, []byte(`ac:name="markdown"`)) ||
				bytes.Contains(src, []byte(`ac:name="mohamicorp-markdown"`)) {
				continue // an author's own Markdown has the author's style
			}
			text := uncoded(md)
			for _, rule := range styleRules {
				if at := rule.bad.FindStringIndex(text); at != nil {
					t.Errorf("%s: %s: %q", name, rule.name, text[max(0, at[0]-20):min(len(text), at[1]+40)])
				}
			}
			n, of := needlessEscapes(t, md)
			needless, all = needless+n, all+of
		}
	}
	t.Logf("%d of %d backslashes could go in goldmark's reading", needless, all)
	// What is left is for readers who know more signs: GitHub strikes with one tilde,
	// Obsidian has callouts of any name.
	if needless*5 > all {
		t.Errorf("%d of %d backslashes are needless: more than a fifth", needless, all)
	}
}

// needlessEscapes counts the backslashes before signs, and those of them without which
// goldmark reads the same.
func needlessEscapes(t *testing.T, md []byte) (needless, all int) {
	read := func(b []byte) string {
		var out bytes.Buffer
		if err := reader.Convert(b, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	want := read(md)
	for i := 0; i+1 < len(md); i++ {
		if md[i] != '\\' || !strings.ContainsRune(special, rune(md[i+1])) {
			continue
		}
		all++
		if read(append(append([]byte{}, md[:i]...), md[i+1:]...)) == want {
			needless++
		}
		i++
	}
	return needless, all
}
