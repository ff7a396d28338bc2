package export

import (
	"os"
	"syscall"
	"testing"
)

// memory is where Linux keeps files in memory, and plenty how much of it must be free.
const (
	memory = "/dev/shm"
	plenty = 4 << 30
)

// quickParent is where tests that make many small runs work: in memory where that is plenty,
// since each run waits for the disk many times, else on the disk, "".
func quickParent() string {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil || uint64(fs.Bavail)*uint64(fs.Bsize) < plenty {
		return ""
	}
	return memory
}

// quickDir is a folder for a test that makes many small runs.
func quickDir(t testing.TB) string {
	t.Helper()
	parent := quickParent()
	if parent == "" {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(parent, "agc-export-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}
