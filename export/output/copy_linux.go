package output

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// duplicate gives an empty file the bytes of another and lets the kernel do it: as a second name for the same
// blocks, which are parted when one is written (reflink), where the file system has that, else from file to
// file. Holes stay holes.
func duplicate(to, from *os.File) error {
	if unix.IoctlFileClone(int(to.Fd()), int(from.Fd())) == nil {
		return nil
	}
	info, err := from.Stat()
	if err != nil {
		return err
	}
	for at := int64(0); at < info.Size(); {
		begin, end := extent(from, at, info.Size())
		if err := copyRange(to, from, begin, end); err != nil {
			return err
		}
		at = end
	}
	return to.Truncate(info.Size())
}

// extent is the next part of a file that holds data: all that is left of it, where the file system tells nothing.
func extent(f *os.File, at, size int64) (begin, end int64) {
	begin, err := f.Seek(at, unix.SEEK_DATA)
	if errors.Is(err, unix.ENXIO) {
		return size, size
	}
	if err != nil {
		return at, size
	}
	if end, err = f.Seek(begin, unix.SEEK_HOLE); err != nil || end <= begin {
		return begin, size
	}
	return begin, end
}

// copyRange copies a part of a file to the same place of another.
func copyRange(to, from *os.File, begin, end int64) error {
	if begin == end {
		return nil
	}
	for _, f := range []*os.File{to, from} {
		if _, err := f.Seek(begin, io.SeekStart); err != nil {
			return err
		}
	}
	_, err := io.CopyN(to, from, end-begin)
	return err
}
