package markdown

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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
				page := testPage
				page.Guarded = strings.HasPrefix(name, "withheld")
				md, losses := Convert(bytes.TrimSuffix(f.Data, []byte("\n")), page, newFake())
				checkMarkdown(t, name, md)
				now.Files = append(now.Files, f, txtar.File{Name: name + ".md", Data: md})
				if len(losses) > 0 {
					now.Files = append(now.Files, txtar.File{Name: name + ".losses", Data: []byte(listed(losses))})
				}
			}
			checkArchive(t, file, now)
		})
	}
}

// checkArchive compares an archive with what it would be now. UPDATE=1 writes it anew.
func checkArchive(t *testing.T, file string, now *txtar.Archive) {
	t.Helper()
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
		t.Errorf("UPDATE=1 writes it anew (-want +got):\n%s", d)
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

var (
	nameAttr    = regexp.MustCompile(`<ac:(?:structured-)?macro\b[^>]*\bac:name="([^"]*)"`)
	elementName = regexp.MustCompile(`<([a-z][a-z0-9:-]*)`)
	nodeType    = regexp.MustCompile(`<ac:adf-node\b[^>]*\btype="([^"]*)"`)
	numbered    = regexp.MustCompile(`w[0-9]+w`)
)

// inPairs counts the pairs' files that hold a macro, an element or a node of the new
// editor, by the kind and the name.
func inPairs(t *testing.T) map[[2]string]int {
	seen := map[[2]string]int{}
	for _, file := range archives(t) {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if !strings.HasSuffix(f.Name, ".xml") {
				continue
			}
			here := map[[2]string]bool{}
			for kind, re := range map[string]*regexp.Regexp{"macro": nameAttr, "element": elementName,
				"node": nodeType} {
				for _, m := range re.FindAllSubmatch(f.Data, -1) {
					here[[2]string{kind, strings.ToLower(string(m[1]))}] = true
				}
			}
			for k := range here {
				seen[k]++
			}
		}
	}
	return seen
}

// TestCovered checks that every macro and every element of the tables stands in a pair,
// and so does all that testdata/inventory.txt lists, of which every macro has a row.
func TestCovered(t *testing.T) {
	seen := inPairs(t)
	for name := range macros {
		if seen[[2]string{"macro", name}] == 0 {
			t.Errorf("no pair has the macro %q", name)
		}
	}
	for name := range elements {
		if seen[[2]string{"element", name}] == 0 {
			t.Errorf("no pair has the element %q", name)
		}
	}
	total := map[string]int{}
	for _, k := range inventory(t) {
		total[k[0]]++
		if seen[k] == 0 {
			t.Errorf("no pair has the %s %q of the inventory", k[0], k[1])
		}
		if k[0] == "macro" && macros[k[1]].run == nil {
			t.Errorf("the macro %q of the inventory has no row", k[1])
		}
	}
	t.Logf("%d macros and %d elements in the tables; of the inventory %d macros, %d elements, %d nodes", len(macros),
		len(elements), total["macro"], total["element"], total["node"])
	if total["macro"] < 220 || total["element"] < 90 || total["node"] < 11 {
		t.Error("the inventory has lost names")
	}
}

// inventory reads testdata/inventory.txt: kinds, which are "macro", "element" or "node",
// and names.
func inventory(t *testing.T) [][2]string {
	b, err := os.ReadFile("testdata/inventory.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]string
	kind := ""
	for line := range strings.Lines(string(b)) {
		switch line = strings.TrimSpace(line); {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			kind, _, _ = strings.Cut(strings.Trim(line, "[]"), " ")
			kind = strings.TrimSuffix(kind, "s")
		default:
			out = append(out, [2]string{kind, line})
		}
	}
	return out
}
