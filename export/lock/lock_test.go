package lock

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// A folder that is locked by one open file is held for every other, of the same process too, until that
// file is closed: then it is free, and the file that is left there blocks nobody.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	first, second := root(t, dir), root(t, dir)
	held, err := Folder(first)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Folder(second)
	if locked := (*HeldError)(nil); f != nil || !errors.As(err, &locked) || locked.Dir != dir {
		t.Errorf("while it is held: %v, %v; want a HeldError of %s", f, err, dir)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, FileName)); err != nil {
		t.Error(err)
	}
	again, err := Folder(second)
	if err != nil {
		t.Fatalf("after it was given back: %v", err)
	}
	again.Close()
}

// A lock is shared among readers, or its holder's alone, and may change from one to the other.
func TestTry(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	a, b := file(t, name), file(t, name)
	for i, step := range []struct {
		f           *os.File
		alone, want bool
	}{
		{f: a, want: true}, {f: b, want: true}, // two readers
		{f: a, alone: true, want: false}, // b still reads
		{f: a, want: true},
	} {
		if got, err := Try(step.f, step.alone); err != nil || got != step.want {
			t.Fatalf("step %d: %t, %v; want %t", i, got, err, step.want)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := Try(a, true); err != nil || !got {
		t.Errorf("once the other reader is gone: %t, %v", got, err)
	}
	if got, err := Try(file(t, name), false); err != nil || got {
		t.Errorf("reading beside a writer: %t, %v", got, err)
	}
}

// Wait returns when the holder is gone, not before.
func TestWait(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	a, b := file(t, name), file(t, name)
	if err := Wait(a); err != nil {
		t.Fatal(err)
	}
	waited := make(chan error, 1)
	go func() { waited <- Wait(b) }()
	select {
	case err := <-waited:
		t.Fatalf("did not wait: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil {
		t.Error(err)
	}
}

// root opens a folder until the end of the test.
func root(t *testing.T, dir string) *os.Root {
	t.Helper()
	r, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// file opens a file until the end of the test.
func file(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// What was released is free at once, although a program that is being started still holds the open file.
func TestRelease(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no program inherits open files there")
	}
	dir := t.TempDir()
	held, err := Folder(root(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command("cat")
	child.ExtraFiles = []*os.File{held}
	in, err := child.StdinPipe()
	if err := errors.Join(err, child.Start(), Release(held)); err != nil {
		t.Fatal(err)
	}
	again, err := Folder(root(t, dir))
	if err := errors.Join(err, Release(again), in.Close(), child.Wait()); err != nil {
		t.Error(err)
	}
}
