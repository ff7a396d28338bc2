package lock

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// Try locks the first byte of f, for its holder alone or shared among readers,
// without waiting; false means that somebody else holds it. The system frees it
// when f is closed and when its process dies.
func Try(f *os.File, alone bool) (bool, error) {
	h, at := windows.Handle(f.Fd()), &windows.Overlapped{}
	// Windows stacks locks: an earlier one is given back first.
	_ = windows.UnlockFileEx(h, 0, 1, 0, at)
	how := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if alone {
		how |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	err := windows.LockFileEx(h, how, 0, 1, 0, at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}

// Release gives the lock of f back and closes f; f may be nil.
func Release(f *os.File) error {
	if f == nil {
		return nil
	}
	return f.Close()
}

// Wait locks f for its holder alone and waits until that can be. It is for files that are held for a
// moment only.
func Wait(f *os.File) error {
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &windows.Overlapped{})
}
