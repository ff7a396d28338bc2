package mirror

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// LockFolder locks a folder beside the mirror, by the file .lock in it, for its holder
// alone, without waiting. The error is a *LockedError where another run holds it. A
// dead run's lock never blocks; Close gives it back.
func LockFolder(root *os.Root) (*os.File, error) {
	f, err := root.OpenFile(LockFile, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", root.Name(), err)
	}
	ok, err := flock(f, true)
	if err == nil && !ok {
		abs, _ := filepath.Abs(root.Name())
		err = &LockedError{Dir: abs}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// LockFile is the name of the file by which LockFolder locks.
const LockFile = ".lock"

// WaitLock locks f for its holder alone and waits until that can be. It is for files
// that are held for a moment only.
func WaitLock(f *os.File) error { return waitLock(f) }
