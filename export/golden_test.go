package export

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/output"
)

// The published output of the demo tenant: its manifest, the names of all files, and
// its whole Markdown tree. UPDATE=1 rewrites testdata/golden.
func TestGolden(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.export(t, exit.Complete)
	root := filepath.Join(w.Config.Output.Dir, output.CurrentLink)
	var tree txtar.Archive
	var names []string
	for _, line := range readLines(t, filepath.Join(root, output.SumsFile)) {
		_, name, _ := strings.Cut(line, "  ")
		if strings.HasPrefix(name, output.SiteDir+"/assets/") || strings.HasPrefix(name, output.SiteDir+"/search/") {
			name = strings.TrimRight(strings.SplitN(name, "-", 2)[0], "-") // their names hold a hash
		}
		names = append(names, name)
		if strings.HasSuffix(name, ".md") {
			data, err := os.ReadFile(filepath.Join(root, name))
			if err != nil {
				t.Fatal(err)
			}
			tree.Files = append(tree.Files,
				txtar.File{Name: strings.TrimPrefix(name, output.MarkdownDir+"/"), Data: data})
		}
	}
	manifest, err := os.ReadFile(filepath.Join(root, output.ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	report, err := os.ReadFile(filepath.Join(root, output.LossesFile))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "files.txt", []byte(strings.Join(names, "\n")+"\n"))
	golden(t, "manifest.json", manifest)
	golden(t, "report.json", report)
	golden(t, "markdown.txtar", txtar.Format(&tree))
}

// Whatever clock, number of workers and folder: the same bytes. Each run starts from
// nothing: a fresh mirror of the same tenant. The rest of what may surround the program
// is tried with the program itself.
func TestReproducible(t *testing.T) {
	t.Parallel()
	one := newWorld(t, exporttest.Tenant())
	one.Config.Fetch.Workers = 1
	one.export(t, exit.Complete)
	for _, year := range []int{1970, 2100} {
		two := newWorld(t, exporttest.Tenant())
		two.Config.Fetch.Workers = 8
		two.at(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
		two.export(t, exit.Complete)
		if diff := cmp.Diff(tree(t, one.Config.Output.Dir), tree(t, two.Config.Output.Dir)); diff != "" {
			t.Errorf("two exports of one tenant differ, one of them in %d:\n%s", year, diff)
		}
	}
}

// A file of the published output never shares its bytes on disk with the mirror, so
// that nothing done to the output can harm the mirror.
func TestOutputSharesNothingWithMirror(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.export(t, exit.Complete)
	var blobs []fs.FileInfo
	walkFiles(t, filepath.Join(w.Config.Output.Mirror, "blobs"), func(i fs.FileInfo) { blobs = append(blobs, i) })
	if len(blobs) < 10 {
		t.Fatalf("only %d blobs: the test looks at the wrong place", len(blobs))
	}
	walkFiles(t, w.Config.Output.Dir, func(i fs.FileInfo) {
		for _, b := range blobs {
			if os.SameFile(i, b) {
				t.Errorf("%s is the same file as blob %s", i.Name(), b.Name())
			}
		}
	})
}
