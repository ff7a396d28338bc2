package exit

import (
	"errors"
	"io/fs"
	"syscall"
)

// IsDisk reports errors of the disk rather than of the network or the program.
func IsDisk(err error) bool {
	for _, e := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EIO, syscall.EFBIG} {
		if errors.Is(err, e) {
			return true
		}
	}
	var p *fs.PathError
	return errors.As(err, &p) && errors.Is(p, fs.ErrPermission)
}
