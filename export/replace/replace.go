// Package replace puts files in the place of older ones.
package replace

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// File puts a file in its place in one rename, so that nobody ever reads half of it, with a mode that the umask takes
// nothing from. It is made under another name of the same folder, and anew, so that it is never written through a link
// that somebody laid there.
func File(name string, mode fs.FileMode, data []byte) error {
	return Stream(name, mode, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Stream is File for what is written bit by bit.
func Stream(name string, mode fs.FileMode, write func(io.Writer) error) error {
	dir, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer dir.Close()
	base := filepath.Base(name)
	temp := base + ".tmp"
	if err := dir.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := dir.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if err = errors.Join(write(f), f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, dir.Remove(temp))
	}
	return dir.Rename(temp, base)
}
