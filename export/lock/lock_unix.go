//go:build !windows

package lock

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Try locks f, for its holder alone or shared among readers, without waiting;
// false means that somebody else holds it. The kernel frees it when f is closed
// and when its process dies, so a dead run's lock never blocks. Calling it again
// changes the kind of lock.
func Try(f *os.File, alone bool) (bool, error) {
	how := unix.LOCK_SH
	if alone {
		how = unix.LOCK_EX
	}
	for {
		err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EWOULDBLOCK):
			return false, nil
		}
		return err == nil, err
	}
}

// Release gives the lock of f back and closes f; f may be nil. A program that is being started holds for a moment
// what this process has open: a file that was only closed would stay locked until it has started.
func Release(f *os.File) error {
	if f == nil {
		return nil
	}
	return errors.Join(unix.Flock(int(f.Fd()), unix.LOCK_UN), f.Close())
}

// Wait locks f for its holder alone and waits until that can be. It is for files that are held for a
// moment only.
func Wait(f *os.File) error {
	for {
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
