package markdown

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDifferences compares our Markdown with what another tool expects, for every file
// below AGC_CORPUS that comes with NAME.expected.md. A difference must stand in
// testdata/differences.txt with its classes, each of which testdata/differences.md
// explains; one that is gone must not.
func TestDifferences(t *testing.T) {
	folder := os.Getenv("AGC_CORPUS")
	if folder == "" {
		t.Skip("SKIPPED: no corpus. Set AGC_CORPUS to a folder of storage files (*.xml) to run this test.")
	}
	list, err := os.ReadFile("testdata/differences.txt")
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := os.ReadFile("testdata/differences.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		name, classes, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || line[0] == '#' {
			continue
		}
		listed[name] = true
		for class := range strings.SplitSeq(classes, ", ") {
			if !strings.Contains(string(reasons), "| "+class+" |") {
				t.Errorf("%s: differences.md does not explain %q", name, class)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*", "*.expected.md"))
	if err != nil || len(files) == 0 {
		t.Skip("SKIPPED: no expectations in", folder, err)
	}
	same := 0
	for _, file := range files {
		src, err := os.ReadFile(strings.TrimSuffix(file, ".expected.md") + ".xml")
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name, _ := filepath.Rel(folder, strings.TrimSuffix(file, ".expected.md"))
		md, _ := Convert(src, testPage, newFake())
		equal := strings.TrimSpace(string(md)) == strings.TrimSpace(string(want))
		switch name = filepath.ToSlash(name); {
		case equal && listed[name]:
			t.Errorf("%s: the same now, but listed as different", name)
		case !equal && !listed[name]:
			t.Errorf("%s: differs, but is not listed", name)
		case equal:
			same++
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("%s: listed, but there is no such file", name)
	}
	t.Logf("%d of %d files are the same", same, len(files))
}
