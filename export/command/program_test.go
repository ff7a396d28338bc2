package command

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"agc-export/export/exporttest"
)

// theProgram is the folder of the very program, built once for the tests that start it as
// a process, for what surrounds it. TestMain removes it.
var theProgram = sync.OnceValues(func() (string, error) {
	main := filepath.Join(exporttest.Root(), "main.go")
	if _, err := os.Stat(main); err != nil { // tells go test that what it remembers depends on it
		return "", err
	}
	dir, err := os.MkdirTemp("", "agc-export-program-")
	if err != nil {
		return "", err
	}
	atEnd = func() { os.RemoveAll(dir) }
	build := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(dir, "agc-export"), ".")
	build.Dir = exporttest.Root()
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return dir, nil
})

// atEnd removes what several tests have shared.
var atEnd = func() {}

func TestMain(m *testing.M) {
	code := m.Run()
	atEnd()
	os.Exit(code)
}

// programDir is the folder in which agc-export stands.
func programDir(t *testing.T) string {
	t.Helper()
	dir, err := theProgram()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
