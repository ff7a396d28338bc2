//go:build !linux

package output

import "os"

// syncFileSystem flushes f alone: other systems have no call for a whole tree.
func syncFileSystem(f *os.File) error {
	_ = f.Sync() // some refuse it on folders
	return nil
}
