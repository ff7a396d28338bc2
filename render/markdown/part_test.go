package markdown

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// TestParts checks that a page that is converted in parts, as small as they can be, is the
// same as one that is converted whole.
func TestParts(t *testing.T) {
	sources := map[string][]byte{}
	for _, file := range archives(t) {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".xml") {
				sources[file+" "+f.Name] = slices.Concat([]byte("<ul><li>a</li></ul><h2>One</h2>"), f.Data,
					[]byte("<p>Two</p><p/><p>Three</p>"), f.Data)
			}
		}
	}
	folders := []string{"../../testdata/tenant"}
	if folder := os.Getenv("AGC_CORPUS"); folder != "" {
		folders = append(folders, folder)
	}
	for _, folder := range folders {
		for name, src := range bodies(t, folder) {
			sources[name] = src
		}
	}
	for name, src := range sources {
		whole, all := Convert(src, testPage, newFake())
		parts, same := convert(string(src), testPage, newFake(), 1)
		if d := cmp.Diff(string(whole), string(parts)); d != "" {
			t.Errorf("%s: whole and (+) in parts:\n%s", name, d)
		}
		if d := cmp.Diff(all, same); d != "" {
			t.Errorf("%s: losses whole and (+) in parts:\n%s", name, d)
		}
	}
}
