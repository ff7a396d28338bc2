package output

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncFileSystem flushes the file system that holds f: one call for a whole tree.
func syncFileSystem(f *os.File) error { return unix.Syncfs(int(f.Fd())) }
