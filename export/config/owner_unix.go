//go:build !windows

package config

import (
	"io/fs"
	"syscall"
)

// ownerOf returns the user that a file belongs to; false where the system does not tell.
func ownerOf(info fs.FileInfo) (user int, known bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(s.Uid), true
}
