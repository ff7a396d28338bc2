//go:build !windows

package status

import (
	"io/fs"
	"syscall"

	"golang.org/x/sys/unix"
)

// free is how many bytes this user may still write where a folder lies, -1 where nobody tells.
func free(dir string) int64 {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return -1
	}
	return int64(s.Bavail) * int64(s.Bsize)
}

// inode tells files that are the same under several names.
func inode(info fs.FileInfo) any {
	if s, ok := info.Sys().(*syscall.Stat_t); ok && s.Nlink > 1 {
		return [2]uint64{uint64(s.Dev), s.Ino}
	}
	return nil
}
