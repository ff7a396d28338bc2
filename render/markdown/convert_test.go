package markdown

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// TestPairs reads testdata/*.txtar. Each archive holds cases of one family: NAME.xml
// is the storage format, NAME.md the Markdown, NAME.losses what was lost, if anything.
// UPDATE=1 writes the latter two anew.
func TestPairs(t *testing.T) {
	for _, file := range archives(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			old, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			now := &txtar.Archive{Comment: old.Comment}
			for _, f := range old.Files {
				name, ok := strings.CutSuffix(f.Name, ".xml")
				if !ok {
					continue
				}
				md, losses := Convert(bytes.TrimSuffix(f.Data, []byte("\n")), testPage, newFake())
				checkMarkdown(t, name, md)
				now.Files = append(now.Files, f, txtar.File{Name: name + ".md", Data: md})
				if len(losses) > 0 {
					now.Files = append(now.Files, txtar.File{Name: name + ".losses", Data: []byte(listed(losses))})
				}
			}
			got := txtar.Format(now)
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(file, got, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Errorf("UPDATE=1 writes the pairs anew (-want +got):\n%s", d)
			}
		})
	}
}

func archives(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no pairs", err)
	}
	return files
}

func listed(losses []Loss) string {
	var b strings.Builder
	for _, l := range losses {
		fmt.Fprintf(&b, "%s %s at %d: %d\n", l.Class, l.Name, l.Position, l.Count)
	}
	return b.String()
}

// checkMarkdown looks for what no Markdown of ours may have.
func checkMarkdown(t *testing.T, name string, md []byte) {
	t.Helper()
	fence := ""
	for i, line := range strings.Split(strings.TrimSuffix(string(md), "\n"), "\n") {
		bare := strings.TrimLeft(line, " >-0123456789.")
		if run := bare[:len(bare)-len(strings.TrimLeft(bare, "`"))]; len(run) >= 3 && (fence == "" || bare == fence) {
			if fence == "" {
				fence = run
			} else {
				fence = ""
			}
			continue
		}
		switch {
		case strings.Contains(line, "<x-"):
			t.Errorf("%s: line %d holds a marker of ours: %q", name, i+1, line)
		case strings.ContainsAny(line, "\x00\x01\x02\x03\x04\a\r"):
			t.Errorf("%s: line %d holds a sign of ours: %q", name, i+1, line)
		case fence == "" && line != strings.TrimRight(line, " \t"):
			t.Errorf("%s: line %d ends with a blank: %q", name, i+1, line)
		case strings.Contains(line, "style=") && strings.HasPrefix(bare, "<"):
			t.Errorf("%s: line %d holds a style attribute: %q", name, i+1, line)
		}
	}
	if fence == "" && bytes.Contains(md, []byte("\n\n\n")) && !bytes.Contains(md, []byte("```")) {
		t.Errorf("%s: two empty lines together", name)
	}
}

var nameAttr = regexp.MustCompile(`<ac:(?:structured-)?macro\b[^>]*\bac:name="([^"]*)"`)
var elementName = regexp.MustCompile(`<([a-z][a-z0-9:-]*)`)
var numbered = regexp.MustCompile(`w[0-9]+w`)

// TestCovered checks that every macro and every element of the tables stands in a pair.
func TestCovered(t *testing.T) {
	var seen []string
	for _, file := range archives(t) {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if !strings.HasSuffix(f.Name, ".xml") {
				continue
			}
			for _, m := range nameAttr.FindAllSubmatch(f.Data, -1) {
				seen = append(seen, "macro "+strings.ToLower(string(m[1])))
			}
			for _, m := range elementName.FindAllSubmatch(f.Data, -1) {
				seen = append(seen, "element "+string(m[1]))
			}
		}
	}
	slices.Sort(seen)
	seen = slices.Compact(seen)
	for name := range macros {
		if _, ok := slices.BinarySearch(seen, "macro "+name); !ok {
			t.Errorf("no pair has the macro %q", name)
		}
	}
	for name := range elements {
		if _, ok := slices.BinarySearch(seen, "element "+name); !ok {
			t.Errorf("no pair has the element %q", name)
		}
	}
}
