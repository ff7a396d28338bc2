package markdown

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"agc-export/render/storage"

	"github.com/yuin/goldmark/ast"
	gmtext "github.com/yuin/goldmark/text"
)

// tools is where the programs of .ci/tools/package.json are.
const tools = "../../.ci/tools/node_modules"

// storageFiles are the storage files below the folder that AGC_CORPUS names, else the demo's.
func storageFiles(t *testing.T) map[string]string {
	t.Helper()
	folder := os.Getenv("AGC_CORPUS")
	if folder == "" {
		folder = "../../testdata/tenant"
	}
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		src, err := os.ReadFile(path)
		body := string(src)
		if _, rest, ok := strings.Cut(body, "\n+++\n"); ok && strings.HasPrefix(body, "+++\n") {
			body = rest // the demo's say first what they are
		}
		all[path] = body
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatal("no storage files", err)
	}
	return all
}

// lintRules are markdownlint's own but for the length of lines and HTML, with four columns a level
// of a list. The title stands in the front matter and as the first heading.
const lintRules = `{"config": {"MD013": false, "MD033": false, "MD007": {"indent": 4},
	"MD025": {"front_matter_title": ""}}, "noBanner": true, "noProgress": true}`

// never are the rules that no page of ours may break. The others can be broken by an author: tabs and
// dollars of code, code without a language, headings twice, numbers that go on behind a table, boxes
// beside each other, bold lines, pictures without a description, links named "here", and all in
// Markdown that an author wrote.
var never = []string{"MD003", "MD005", "MD007", "MD009", "MD011", "MD012", "MD018", "MD019", "MD020", "MD021",
	"MD022", "MD023", "MD025", "MD027", "MD032", "MD035", "MD037", "MD038", "MD039", "MD041", "MD042", "MD046", "MD047",
	"MD048", "MD049", "MD050", "MD051", "MD053", "MD055", "MD056", "MD058"}

// finding matches a line that markdownlint writes.
var finding = regexp.MustCompile(`^(\S+\.md):(\d+)(?::\d+)? (MD\d+)/\S+ .*?(?:\[Expected: h(\d); Actual: h(\d)\])?$`)

// TestLint holds all Markdown against markdownlint. Levels of headings are left out where the
// author left them out, which the body shows; what else is left is the author's.
func TestLint(t *testing.T) {
	lint, err := filepath.Abs(tools + "/markdownlint-cli2/markdownlint-cli2-bin.mjs")
	if err == nil {
		_, err = os.Stat(lint)
	}
	node, none := exec.LookPath("node")
	if err = errors.Join(err, none); err != nil {
		t.Skipf("MARKDOWNLINT NOT RUN: %v; install Node 20 and run `npm ci --prefix .ci/tools`", err)
	}
	dir := t.TempDir()
	all := storageFiles(t)
	names := map[string]string{}
	for i, md := range wholeFiles(t) {
		name := "whole" + strconv.Itoa(i) + ".md"
		names[name] = "testdata/appendix, file " + strconv.Itoa(i)
		if err := os.WriteFile(filepath.Join(dir, name), md, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for i, path := range slices.Sorted(maps.Keys(all)) {
		md, _ := Convert([]byte(all[path]), testPage, newFake())
		name := strconv.Itoa(i) + ".md"
		names[name] = path
		if err := os.WriteFile(filepath.Join(dir, name), document(Meta{ID: "1", Title: path}, md), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".markdownlint-cli2.jsonc"), []byte(lintRules), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, lint, "*.md")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("%v\n%s", err, out)
	}
	counts := map[string]int{}
	for line := range strings.Lines(string(out)) {
		m := finding.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			t.Errorf("markdownlint says %q", line)
			continue
		}
		counts[m[3]]++
		path := names[m[1]]
		switch {
		case slices.Contains(never, m[3]):
			t.Errorf("%s: %s", path, line)
		case m[3] == "MD001" && !skips(all[path], m[4], m[5]):
			t.Errorf("%s: no author left a level out: %s", path, line)
		}
	}
	t.Logf("%d files; broken: %v", len(all), counts)
}

// skips tells whether an author's body goes from a heading right above the expected level to one
// of the other, if its highest is the second.
func skips(src, expected, got string) bool {
	root, _ := storage.Parse(src)
	levels, top := []int{}, 6
	for n := range root.All() {
		name := n.Name
		if n.Name == "ac:parameter" && n.Get("ac:name") == "style" { // child pages as headings
			name = n.TextContent()
		}
		if len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !isSpace(n.TextContent()) {
			level := int(name[1] - '0')
			levels, top = append(levels, level), min(top, level)
		}
	}
	above := 1 // the title
	for _, level := range levels {
		level = min(level-top+2, 6)
		if strconv.Itoa(above+1) == expected && strconv.Itoa(level) == got {
			return true
		}
		above = level
	}
	return false
}

// TestPythonNests looks at the lists of lists as Python-Markdown reads them, which MkDocs uses: no
// item lies less deep there than in the body, where Markdown says the list.
func TestPythonNests(t *testing.T) {
	python := "/usr/bin/python3"
	if out, err := exec.Command(python, "-c", "import markdown").CombinedOutput(); err != nil {
		t.Skipf("PYTHON-MARKDOWN NOT TESTED: %v; run `apt-get install python3-markdown`\n%s", err, out)
	}
	var paths, texts []string
	var depths []int
	all := storageFiles(t)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		md, _ := Convert([]byte(all[path]), testPage, newFake())
		if bytes.Contains(md, []byte("<details")) { // it reads no Markdown within HTML
			continue
		}
		if depth := deepest(string(md)); depth > 1 {
			paths, texts, depths = append(paths, path), append(texts, string(md)), append(depths, depth)
		}
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/nest.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	var got [][]int
	if err = errors.Join(err, json.Unmarshal(out, &got)); err != nil || len(got) != len(texts) {
		t.Fatal(len(got), "answers to", len(texts), "texts", err)
	}
	for i, items := range got {
		if len(items) == 0 || slices.Max(items) < depths[i] {
			t.Errorf("%s: lists lie %d deep, here %v\n%s", paths[i], depths[i], items, texts[i])
		}
	}
	t.Logf("%d texts with lists in lists", len(texts))
}

// deepest returns how deep lists lie in each other in a text, without those in quotations.
func deepest(md string) int {
	root := reader.Parser().Parse(gmtext.NewReader([]byte(md)))
	deepest, depth := 0, 0
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch {
		case n.Kind() == ast.KindBlockquote:
			return ast.WalkSkipChildren, nil
		case n.Kind() != ast.KindList:
		case entering:
			depth++
			deepest = max(deepest, depth)
		default:
			depth--
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		panic(err) // the function returns none
	}
	return deepest
}
