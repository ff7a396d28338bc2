//go:build !windows

package config

import (
	"io/fs"
	"os"
	"syscall"
)

// foreign tells whether a file belongs to somebody who is neither this user nor root.
func foreign(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && s.Uid != 0 && int(s.Uid) != os.Geteuid()
}
