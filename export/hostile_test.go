package export

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/fetch/faketenant/hostile"
)

// A tenant in which every field attacks its readers is published so that nothing of it
// runs, loads, leads to a strange scheme, or leaves its folder, in any kind of file;
// and nothing rings in a terminal.
func TestHostileTenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hostile.New(allMacros()))
	w.Config.Site.BaseURL = "https://docs.agency.example/wiki/" // feeds and sitemap need it
	log := w.listen()
	report, err := w.Export(t.Context())
	if code := exit.Code(err); code != exit.Complete && code != exit.Incomplete {
		t.Fatalf("exit code %d: %v", code, err)
	}
	for _, f := range report.Failures {
		if f.Kind == "page" {
			t.Errorf("a page failed: %s", f.Reason)
		}
	}
	var summary bytes.Buffer
	report.Summary(&summary)
	for name, text := range map[string]string{"summary": summary.String(), "log": log.String(),
		"error": fmt.Sprint(err)} {
		if i := strings.IndexFunc(text, func(r rune) bool {
			return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r))
		}); i >= 0 {
			t.Errorf("the %s rings in a terminal: %q", name, text[max(i-40, 0):min(i+40, len(text))])
		}
	}
	root, err := filepath.EvalSymlinks(filepath.Join(w.Config.Output.Dir, output.CurrentLink))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	folded := map[string]string{}
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := strings.TrimPrefix(filepath.ToSlash(p), filepath.ToSlash(root)+"/")
		safeName(t, name, folded)
		data, err := os.ReadFile(p)
		kinds[path.Ext(name)]++
		checkKind(t, name, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, planted := range []string{"/tmp/agc-pwn", filepath.Join(filepath.Dir(w.Config.Output.Dir), "agc-pwn")} {
		if _, err := os.Lstat(planted); err == nil {
			t.Errorf("%s was written", planted)
		}
	}
	t.Logf("%v", kinds)
	if kinds[".html"] < 100 || kinds[".md"] < 80 {
		t.Error("too few files: the test has lost its point")
	}
}
