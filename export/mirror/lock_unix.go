//go:build !windows

package mirror

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// flock locks f, for its holder alone or shared among readers, without waiting;
// false means that somebody else holds it. The kernel frees it when f is closed
// and when its process dies, so a dead run's lock never blocks. Calling it again
// changes the kind of lock.
func flock(f *os.File, alone bool) (bool, error) {
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

// waitLock waits for the lock.
func waitLock(f *os.File) error {
	for {
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// syncDir makes the names in a folder of the mirror lasting.
func (m *disk) syncDir(dir string) error {
	d, err := m.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
