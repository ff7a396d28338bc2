package main

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// only is which files may use a function that reaches the network or writes to the
// disk by a path. All else goes through those: a file is added on purpose or not at all.
var only = map[string]string{
	// The network: requests are made in one place, and follow a redirect in another.
	"http.NewRequest":            "",
	"http.NewRequestWithContext": "fetch/call.go fetch/token.go export/post/post.go",
	"http.DefaultClient":         "",
	"http.DefaultTransport":      "",
	"http.Client":                "",
	"http.Transport":             "fetch/transport.go export/bucket/client.go",
	"http.Get":                   "",
	"http.Post":                  "",
	"http.PostForm":              "",
	"http.Head":                  "",
	"net.Dial":                   "",
	"net.DialTimeout":            "",
	"net.DialTCP":                "",
	"net.DialUDP":                "",
	"net.Dialer":                 "fetch/transport.go",
	"net.Resolver":               "",
	"net.LookupHost":             "",
	"net.LookupIP":               "",
	"net.Listen":                 "export/output/serve.go export/command/demo.go", // to loopback
	"http.ListenAndServe":        "",
	"tls.Dial":                   "",
	"exec.Command":               "",
	// git, which asks no network, and what the configuration names
	"exec.CommandContext": "export/gitrepo/git.go export/hook/hook.go",
	"syscall.Exec":        "",

	// The disk: names from the wiki go through os.Root alone, which lets none lead out.
	"os.Create":     "",
	"os.CreateTemp": "export/check.go",
	"os.OpenFile":   "export/command/init.go", // which writes agc-export.toml
	"os.WriteFile":  "",
	"os.Rename":     "",
	"os.Remove":     "export/check.go",
	"os.RemoveAll":  "",
	"os.Mkdir":      "",
	"os.MkdirAll": "export/check.go export/export.go export/output/generation.go export/output/golden.go " +
		"export/mirror/open.go export/gitrepo/repository.go",
	"os.MkdirTemp": "",
	"os.Chmod":     "export/check.go",
	"os.Chown":     "",
	"os.Chdir":     "",
	"os.Link":      "",
	"os.Symlink":   "",
	"os.Truncate":  "",
	"os.CopyFS":    "",
	"os.OpenRoot": "export/permit/file.go export/report/audit.go export/trace/build.go " +
		"export/output/serve.go " +
		"export/output/generation.go export/output/golden.go export/output/holdings.go " +
		"export/less.go export/mirror/open.go export/output/verify.go export/output/whole.go " +
		"export/standing.go export/withdraw.go export/git.go export/output/markdown.go " +
		"export/package.go export/hold.go export/bag/verify.go " +
		"export/gitrepo/repository.go export/gitrepo/write.go export/gitrepo/checkout.go " +
		"export/upload.go export/upload/state.go " +
		"export/find/open.go export/holder/holder.go export/tonight.go export/replace/replace.go " +
		"export/command/man/main.go", // the manual's pages, where packages are made
	"ioutil.WriteFile": "",
	"ioutil.TempFile":  "",
	"filepath.WalkDir": "",
	"unsafe.Pointer":   "",

	// Expressions are read when they are asked, not at the start.
	"regexp.MustCompile": "render/expression/expression.go export/exporttest",

	// The clock: main hands it down as a function; fetch measures waits and the life of
	// tokens. Nothing that is published comes from it but when the mirror changed, which it notes.
	"time.Now":   "export/progress fetch/budget.go fetch/token.go main.go",
	"time.Since": "export/progress",

	// What else differs from machine to machine stands in the audit log alone, and in the note of who is at work.
	"os.Hostname":  "export/report/audit.go export/holder/holder.go",
	"user.Current": "export/report/audit.go",
	"os.Getenv":    "",
	"os.Environ":   "main.go",
	"os.Getwd":     "",
	"rand.IntN":    "",
	"rand.Shuffle": "",
	"maphash.Hash": "",
	"time.Local":   "",

	"http.FileServer": "",
	"template.HTML":   "render/site render/fill", // text that is not escaped: what the pass wrote, and fill hands on
	"template.JS":     "",
	// of addresses that external or the pass has looked at
	"template.URL":      "render/site/view.go render/fill",
	"template.CSS":      "",
	"template.HTMLAttr": "",
	"template.JSStr":    "",
	"template.Srcset":   "",
}

// The dangerous functions are used where the table says and nowhere else, and render
// and the mirror have no network at all.
func TestWhoMay(t *testing.T) {
	used := map[string][]string{}
	files := 0
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (strings.HasPrefix(d.Name(), ".") && p != "." || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() || filepath.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") {
			return err
		}
		files++
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		p = filepath.ToSlash(p)
		checkImports(t, p, f)
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok {
					name := x.Name + "." + s.Sel.Name
					if _, listed := only[name]; listed && !slices.Contains(used[name], p) {
						used[name] = append(used[name], p)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, where := range only {
		for _, p := range used[name] {
			if !slices.ContainsFunc(strings.Fields(where),
				func(may string) bool { return p == may || strings.HasPrefix(p, may+"/") }) {
				t.Errorf("%s uses %s, which only %q may", p, name, where)
			}
		}
		for _, may := range strings.Fields(where) {
			if !slices.ContainsFunc(used[name],
				func(p string) bool { return p == may || strings.HasPrefix(p, may+"/") }) {
				t.Errorf("the table lets %s use %s, which it does not", may, name)
			}
		}
	}
	if files < 100 {
		t.Errorf("only %d files: the test looks at the wrong place", files)
	}
}

// checkImports keeps the network out of what only knows formats or the disk, and names
// of packages as they are.
func checkImports(t *testing.T, p string, f *ast.File) {
	t.Helper()
	for _, i := range f.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		deaf := strings.HasPrefix(p, "render/") || strings.HasPrefix(p, "export/mirror/") ||
			strings.HasPrefix(p, "templates/")
		if deaf && (name == "net" || name == "net/http" || name == "os/exec" || name == "net/rpc" ||
			name == "net/smtp") {
			t.Errorf("%s imports %s", p, name)
		}
		if strings.HasPrefix(p, "render/") && name == "os" {
			t.Errorf("%s imports os: render knows no disk", p)
		}
		if i.Name != nil && slices.Contains([]string{"os", "net", "net/http", "os/exec", "html/template", "io/ioutil"},
			name) {
			t.Errorf("%s imports %s under another name, which hides its use", p, name)
		}
	}
}

// columns is how long a line of ours may be; a tab counts as four.
const columns = 120

// notOurs are the files that came as they are.
var notOurs = []string{"render/site/temml/temml.min.js"}

// Lines fit the eye: those of code, of its tests, of templates, style sheets and scripts.
// What pages look like stands in golden files, which may be as long as pages are.
func TestLines(t *testing.T) {
	list, err := exec.Command("git", "ls-files", "-z").Output()
	if err != nil {
		t.Skip("this is no checkout: ", err)
	}
	files := 0
	for _, p := range strings.Split(strings.TrimRight(string(list), "\x00"), "\x00") {
		code := slices.Contains([]string{".go", ".js", ".mjs", ".css", ".tmpl", ".sh"}, filepath.Ext(p)) ||
			p == ".ci/run" || strings.HasPrefix(p, ".ci/package/")
		if !code || slices.Contains(notOurs, p) {
			continue
		}
		text, err := os.ReadFile(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue // taken away, and not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		files++
		for i, line := range strings.Split(string(text), "\n") {
			wide := utf8.RuneCountInString(line) + 3*strings.Count(line, "\t")
			if wide > columns {
				t.Errorf("%s:%d has %d columns, and may have %d", p, i+1, wide, columns)
			}
		}
	}
	if files < 400 {
		t.Errorf("only %d files: the test looks at the wrong place", files)
	}
}

// No line of the program turns the checking of certificates off.
func TestCertificatesAreChecked(t *testing.T) {
	err := filepath.WalkDir(".", func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") {
			return err
		}
		text, err := os.ReadFile(p)
		for _, word := range []string{"Insecure" + "SkipVerify", "VerifyPeerCertificate", "VerifyConnection"} {
			if bytes.Contains(text, []byte(word)) {
				t.Errorf("%s says %s", p, word)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
