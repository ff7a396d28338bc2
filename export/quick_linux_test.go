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

// quickDir is a folder for a test that makes many small runs: in memory where that is
// plenty, since each run waits for the disk many times, else on the disk.
func quickDir(t testing.TB) string {
	t.Helper()
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil || uint64(fs.Bavail)*uint64(fs.Bsize) < plenty {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "agc-export-")
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
