package code

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/dlclark/regexp2/v2"
	"github.com/google/go-cmp/cmp"
)

// otherwise are samples of chroma that get other words here, and why.
var otherwise = map[string]string{
	"ansible.actual":                        "Jinja in YAML is hidden",
	"erb.actual":                            "Ruby in HTML is hidden",
	"go-html-template.actual":               "Go in HTML is hidden",
	"http.2.0.actual":                       "headers are split by a function",
	"http.2.actual":                         "headers are split by a function",
	"http.3.actual":                         "headers are split by a function",
	"http.actual":                           "headers are split by a function",
	"http.response-no-reason-phrase.actual": "headers are split by a function",
	"http.response.actual":                  "headers are split by a function",
	"markdown.actual":                       "front matter is plain",
	"org.actual":                            "Emacs Lisp is hidden",
	"phtml.actual":                          "PHP in HTML is hidden",
	"raku/raku.actual":                      "Raku consists of functions",
	"raku/unterminated_heredoc.actual":      "Raku consists of functions",
	"svelte.actual":                         "TypeScript in HTML is hidden",
	"tradingview.actual":                    "chroma adds a line end",
	"txtpb.actual":                          "chroma adds a line end",
}

// The words of chroma's own samples, in more than 200 languages, are those that chroma gives.
func TestAsChroma(t *testing.T) {
	regexp2.SetTimeoutCheckPeriod(1000 * time.Hour) // else chroma gives up a match on a busy machine
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/alecthomas/chroma/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := os.DirFS(filepath.Join(strings.TrimSpace(string(out)), "lexers", "testdata"))
	l, seen := &Lexers{}, 0
	for _, name := range samples(t, dir) {
		data := sample(t, dir, name)
		if len(data) > 20_000 && os.Getenv("AGC_LONG") == "" {
			continue
		}
		seen++
		language := name[:strings.IndexAny(name, "./")]
		want, err := chroma.Tokenise(lexers.Get(language), &chroma.TokeniseOptions{State: "root"}, data)
		if err != nil {
			t.Fatal(err)
		}
		steps := 300*len(data) + 2000
		diff := cmp.Diff(joined(want), joined(tokensOf(l, language, data, &steps)))
		if why := otherwise[name]; (diff == "") != (why == "") {
			t.Errorf("%s (%s): (-chroma +ours)\n%.1000s", name, why, diff)
		}
		if steps == 0 {
			t.Errorf("%s: the steps do not suffice", name)
		}
	}
	if seen < 300 {
		t.Errorf("only %d samples were found", seen)
	}
}

// A text keeps every byte whatever it is, and where its steps end, the rest is one plain piece.
func TestTextStays(t *testing.T) {
	l := &Lexers{}
	texts := []string{"", "\n", "x", "\xff\xfe\"a\xff\n", "é🎉 /* ü", "a\r\nb\r\n", "\x00\x01", "# tail",
		strings.Repeat("func f() { return \"x\" } // y\n", 20)}
	for _, language := range []string{"go", "c", "python", "http", "markdown", "html", "yaml", "haxe", "rst", "phtml",
		"bash"} {
		for _, text := range texts {
			for _, left := range []int{0, 1, 10, 100, 1000, 1 << 30} {
				steps, got := left, ""
				for _, token := range l.Tokens(language, text, &steps) {
					got += token.Text
				}
				if got != text || steps < 0 {
					t.Errorf("%s: %q became %q with %d steps, of which %d are left", language, text, got, left, steps)
				}
			}
		}
	}
	for _, name := range []string{"klingon", "go.mod", "*.go", "", "Raku"} {
		if got := l.Tokens(name, "x", new(int)); got != nil {
			t.Errorf("%q, which is not known, gave %v", name, got)
		}
	}
	steps := 500
	tokens := l.Tokens("go", texts[len(texts)-1], &steps)
	if last := tokens[len(tokens)-1]; last.Type != chroma.Text || !strings.HasSuffix(last.Text, "// y\n") {
		t.Errorf("behind the last step is %v", last)
	}
}

// Every expression of every language is one that is known here.
func TestEveryRule(t *testing.T) {
	l := &Lexers{}
	names := []string{"C", "Go", "Python", "YAML", "HTML", "markdown", "HTTP", "Haxe"}
	if os.Getenv("AGC_LONG") != "" {
		names = lexers.Names(false)
	}
	for _, name := range names {
		lx := l.get(name)
		if plain, ok := near[name]; lx == nil && !(ok && plain == "") {
			t.Errorf("%s is not known", name)
		}
		if lx == nil {
			continue
		}
		for state, rules := range lx.states {
			for _, r := range rules {
				if _, err := compile(r.pattern); err != nil {
					t.Errorf("%s, %s: %s: %v", name, state, r.pattern, err)
				}
			}
		}
	}
}

// samples are the files of chroma's samples.
func samples(t *testing.T, dir fs.FS) (names []string) {
	t.Helper()
	err := fs.WalkDir(dir, ".", func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".actual") && !strings.HasPrefix(name, "analysis/") {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return lexers.Get(name[:strings.IndexAny(name,
			"./")]) == nil
	})
}

// sample is the text of a sample.
func sample(t *testing.T, dir fs.FS, name string) string {
	t.Helper()
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

// tokensOf are the tokens of a text as chroma's.
func tokensOf(l *Lexers, language, text string, steps *int) (tokens []chroma.Token) {
	for _, token := range l.Tokens(language, text, steps) {
		tokens = append(tokens, chroma.Token{Type: token.Type, Value: token.Text})
	}
	return tokens
}

// joined are tokens without those of one kind in a row, and without empty ones.
func joined(tokens []chroma.Token) (out []chroma.Token) {
	for _, token := range tokens {
		if n := len(out); n > 0 && out[n-1].Type == token.Type {
			out[n-1].Value += token.Value
		} else if token.Value != "" {
			out = append(out, token)
		}
	}
	return out
}
