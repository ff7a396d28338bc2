package profile

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"agc-export/render/gfm"
)

// TestPairs reads testdata/*.txtar: NAME.md is a document in GitHub's form, NAME.hugo and the like what it
// becomes. UPDATE=1 writes these anew.
func TestPairs(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, file := range files {
		old, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		now := &txtar.Archive{Comment: old.Comment}
		for _, f := range old.Files {
			name, ok := strings.CutSuffix(f.Name, ".md")
			if !ok {
				continue
			}
			now.Files = append(now.Files, f)
			for _, p := range profiles {
				got := p.Write(testPage, f.Data, func(string) string { return "Words there" })
				now.Files = append(now.Files, txtar.File{Name: name + "." + p.Name, Data: got})
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
			t.Errorf("UPDATE=1 writes %s anew (-want +got):\n%s", file, d)
		}
	}
}

var testPage = Page{Path: "ENG/tools/saw.md", Title: "The saw", Above: true, Weight: 3,
	Aliases: []string{"/spaces/ENG/pages/7", "/spaces/ENG/pages/7/The+saw"}}

// TestBeside holds the files beside the pages against testdata/beside: of a space with a homepage, and of one
// without, with names that each program would misread.
func TestBeside(t *testing.T) {
	spaces := []Space{
		{
			Dir:  "ENG",
			Name: `The "tools" & <more>`,
			Pages: []Node{
				{Path: "ENG/index.md", ID: "1", Title: "Home", Below: []Node{
					{Path: "ENG/tools.md", ID: "2", Title: "Tools: all", Below: []Node{
						{Path: "ENG/tools/index.md", ID: "3", Title: "Index"},
						{Path: "ENG/tools/01-saw.md", ID: "4", Title: "01 Saw", Below: []Node{
							{Path: "ENG/_4/blade.md", ID: "5", Title: "Blade"}}}}}}},
				{Path: "ENG/beside.md", ID: "6", Title: "Beside"}},
			Blog: []Node{
				{Path: "ENG/blog/2026/b.md", ID: "8", Title: "B"},
				{Path: "ENG/blog/2025/a.md", ID: "7", Title: "A"},
			},
		},
		{Dir: "OPS", Name: "Operations", Pages: []Node{{Path: "OPS/one.md", ID: "9", Title: "One ½"}}},
	}
	var now txtar.Archive
	for _, p := range profiles {
		for _, f := range p.Beside(spaces) {
			now.Files = append(now.Files, txtar.File{Name: p.Name + "/" + f.Path, Data: []byte(f.Data)})
		}
		for _, f := range []string{"ENG/index.md", "ENG/tools/index.md", "ENG/_4/blade.md", "ENG/x½.md",
			"versions/4/7.md", "attachments/4/Read me.md"} {
			to := p.Page(f, f == "ENG/_4/blade.md")
			if !isPage(f) {
				to = p.File(f)
			}
			now.Files = append(now.Files, txtar.File{Name: p.Name + ": " + f, Data: []byte(to + "\n")})
		}
	}
	const file = "testdata/beside"
	got := txtar.Format(&now)
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

// documents are those that package markdown's tests have.
func documents(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../markdown/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".md") {
				all[filepath.Base(file)+"/"+f.Name] = f.Data
			}
		}
	}
	if len(all) < 100 {
		t.Fatal("only", len(all))
	}
	return all
}

// comments takes those away that keep apart what no more needs it, with the blanks before them.
var comments = strings.NewReplacer("  <!-- -->\n", "", "<!-- -->\n", "")

// TestSameBlocks: what no profile says otherwise is written as it was: it reads the same.
func TestSameBlocks(t *testing.T) {
	read := gfm.New(gfm.Config{})
	for name, text := range documents(t) {
		got := (&Profile{}).Write(testPage, text, nil)
		got = bytes.TrimPrefix(got, []byte("---\n---\n"))
		var want, have bytes.Buffer
		if _, err := read.Convert(text, &want); err != nil {
			t.Fatal(err)
		}
		if _, err := read.Convert(got, &have); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(comments.Replace(want.String()), comments.Replace(have.String())); d != "" {
			t.Errorf("%s reads otherwise (-want +got):\n%s\nof\n%s\nwritten\n%s", name, d, text, got)
		}
	}
}

// TestMDX compiles what Docusaurus reads, by the compiler that it uses: all documents of package markdown's
// tests, and random ones.
func TestMDX(t *testing.T) {
	if os.Getenv("AGC_LONG") == "" {
		t.Skip("AGC_LONG=1 compiles random pages as MDX")
	}
	tools, err := filepath.Abs("../../.ci/tools/docusaurus/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(tools); err != nil {
		t.Skip("MDX is not installed (npm ci --prefix .ci/tools/docusaurus)")
	}
	dir := t.TempDir()
	n := 0
	for name, text := range documents(t) {
		n++
		writeMDX(t, dir, strings.NewReplacer("/", "-").Replace(name), text)
	}
	for i := range 1500 {
		writeMDX(t, dir, "random-"+itoa(i)+".md", randomDocument(uint64(i)))
	}
	script := filepath.Join(dir, "compile.mjs")
	if err := os.WriteFile(script, []byte(compileMDX), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(tools, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", script, dir).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
	t.Logf("%s", out)
}

// compileMDX says of each file why it does not compile.
const compileMDX = `import {compile} from "@mdx-js/mdx"
import gfm from "remark-gfm"
import front from "remark-frontmatter"
import directive from "remark-directive"
import fs from "node:fs"
let bad = 0, all = 0
const imported = /^(import (Link|useBaseUrl) from '@docusaurus\/\2';\n?)+$/
const ours = /^(":"|"(\\.|[^"\\])*"|\/\* \*\/|useBaseUrl\("[^"]*"\))$/
// nothing runs but what the profile writes itself
const inert = () => function walk(node) {
  if (node.type == "mdxjsEsm" && !imported.test(node.value)) throw "a program: " + node.value
  if (/^mdx.*Expression$/.test(node.type) && !ours.test(node.value)) throw "an expression: " + node.value
  for (const a of Array.isArray(node.attributes) ? node.attributes : []) {
    if (a.value?.value != null && !ours.test(a.value.value)) throw "in an attribute: " + a.value.value
  }
  node.children?.forEach(walk)
}
for (const name of fs.readdirSync(process.argv[2]).filter(n => n.endsWith(".md"))) {
  const text = fs.readFileSync(process.argv[2] + "/" + name, "utf8")
  all++
  try {
    await compile(text, {remarkPlugins: [front, directive, gfm, inert]})
  } catch (e) {
    if (bad++ < 5) console.log(name + ": " + (e.reason ?? e) + " " + e.line + ":" + e.column + "\n" + text)
  }
}
console.log(all + " files, " + bad + " do not compile")
process.exitCode = bad > 0 ? 1 : 0
`

func writeMDX(t *testing.T, dir, name string, text []byte) {
	t.Helper()
	text = docusaurus.Write(testPage, text, nil)
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
		t.Fatal(err)
	}
}
