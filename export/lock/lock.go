// Package lock keeps two runs from one folder, or one file. The kernel frees the lock of a run that
// dies, so that never blocks another.
package lock

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Folder locks a folder by the file .lock in it, for its holder alone, without waiting. The error is
// a *HeldError where another run holds it; Release gives it back.
func Folder(root *os.Root) (*os.File, error) {
	f, err := root.OpenFile(FileName, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", root.Name(), err)
	}
	ok, err := Try(f, true)
	if err == nil && !ok {
		abs, _ := filepath.Abs(root.Name())
		err = &HeldError{Dir: abs}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// FileName is the name of the file by which Folder locks.
const FileName = ".lock"

// HeldError says that another run has a folder open.
type HeldError struct {
	Dir string
}

// Error says which folder it is.
func (e *HeldError) Error() string {
	return fmt.Sprintf("%s is in use by another run", e.Dir)
}
