package export

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exporttest"
	"agc-export/export/output"
)

// tree lists the files of the current generation with the checksums in SHA256SUMS.
func tree(t *testing.T, out string) []string {
	t.Helper()
	sums, err := os.ReadFile(filepath.Join(out, output.CurrentLink, output.SumsFile))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(sums), "\n")
}

// grep lists where texts stand in the files of the current generation.
func grep(t *testing.T, out string, texts []string) []string {
	t.Helper()
	var found []string
	root, err := filepath.EvalSymlinks(filepath.Join(out, output.CurrentLink))
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		for _, text := range texts {
			if strings.Contains(string(data), text) || strings.Contains(p, text) {
				found = append(found, p+": "+text)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func readLines(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

func walkFiles(t *testing.T, dir string, visit func(fs.FileInfo)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		visit(info)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// each calls a function with all files below a folder that a link may name.
func each(t testing.TB, dir string, visit func(path, text string)) {
	t.Helper()
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			visit(p, readFile(t, p))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// golden compares data with a file of testdata/golden, or writes that.
func golden(t *testing.T, name string, data []byte) {
	t.Helper()
	file := filepath.Join(exporttest.Root(), "testdata", "golden", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, data) {
		t.Errorf("%s differs (-golden +now), UPDATE=1 rewrites it:\n%s", name,
			cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(data), "\n")))
	}
}
