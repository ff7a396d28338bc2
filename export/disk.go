package export

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// isDisk reports errors of the disk rather than of the network or the program.
func isDisk(err error) bool {
	for _, e := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EIO, syscall.EFBIG} {
		if errors.Is(err, e) {
			return true
		}
	}
	var p *fs.PathError
	return errors.As(err, &p) && errors.Is(err, fs.ErrPermission)
}

// advise adds to an error of the disk what to do about it: the errors of single files
// name those by their places in a folder, not the folder. Other errors stay as they are.
func (j *Job) advise(err error) error {
	out := j.Config.Output
	switch {
	case err == nil || !isDisk(err):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return fmt.Errorf("%w\nThere is no room: the disk of %s or of %s is full, or a quota or a limit on the size of files (ulimit -f) is met. Nothing that was stored is lost, and the last output stays. Make room and run again: it goes on from there", err, out.Mirror, out.Dir)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w\nThe user that runs this program (uid %d) must be able to write in %s, in %s and in the folder that holds the mirror; [output] mirror and dir name others", err, os.Getuid(), out.Mirror, out.Dir)
	}
	return fmt.Errorf("%w\nThe disk of %s or of %s fails, or one of the two folders cannot be written. Nothing that was stored is lost. Look at the machine's log, and run agc-export verify before the next export", err, out.Mirror, out.Dir)
}

// probeOutput makes sure that a generation can be written, by beginning one: an export
// that could publish nothing shall not first ask a site for hours. The error is a
// *mirror.LockedError where another run is writing there.
func probeOutput(dir string) error {
	g, err := newGeneration(dir)
	if err != nil {
		return err
	}
	return g.Close()
}
