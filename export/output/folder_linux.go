package output

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// folder is an open folder of a generation. What lies in it is reached by one name: os.Root would
// walk the way through all folders above for each file, which is most of the work where a generation
// takes over files by the ten thousand. No name has a slash but where it is known that folders lead there
// (linkDeep, looker), and no link is followed.
type folder struct {
	fd    int
	users int // see folders
}

// openFolder opens a folder of a tree.
func openFolder(root *os.Root, name string) (*folder, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	return &folder{fd: fd}, err
}

func (d *folder) close() error { return unix.Close(d.fd) }

// open opens what lies under a name.
func (d *folder) open(name string, flags int) (int, error) {
	return d.openWith(name, flags, 0)
}

func (d *folder) openWith(name string, flags int, mode uint32) (int, error) {
	for {
		fd, err := unix.Openat(d.fd, name, flags|unix.O_NOFOLLOW|unix.O_CLOEXEC, mode)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

// child opens a folder that lies in this one.
func (d *folder) child(name string) (*folder, error) {
	fd, err := d.open(name, unix.O_DIRECTORY)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &folder{fd: fd}, nil
}

// look says how something lies there. Its name may lead through folders, of which the caller knows that
// they are folders.
func (d *folder) look(name string) (lie, error) {
	var st unix.Stat_t
	for {
		err := unix.Fstatat(d.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW)
		if err == nil {
			return lieOf(&st), nil
		}
		if err != unix.EINTR {
			return lie{}, &fs.PathError{Op: "lstat", Path: name, Err: err}
		}
	}
}

func lieOf(st *unix.Stat_t) lie {
	mode := fs.FileMode(st.Mode & 0o777)
	switch st.Mode & (unix.S_IFMT | 0o7000) {
	case unix.S_IFREG:
	case unix.S_IFDIR, unix.S_IFDIR | unix.S_ISGID:
		mode |= fs.ModeDir
	default:
		mode |= fs.ModeIrregular
	}
	return lie{mode: mode, Stamp: Stamp{Size: st.Size, Time: st.Mtim.Nano()}}
}

// sum reads a plain file through a reader.
func (d *folder) sum(name string, r *summer) (digest, lie, error) {
	fd, err := d.open(name, unix.O_RDONLY|unix.O_NONBLOCK) // it waits for nobody, whatever lies there
	if err != nil {
		return digest{}, lie{}, err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return digest{}, lie{}, err
	}
	lies := lieOf(&st)
	if !lies.mode.IsRegular() {
		return digest{}, lies, fs.ErrInvalid
	}
	r.reset()
	for n, left := 1, st.Size; n > 0 && left > 0; {
		n, err = unix.Read(fd, r.buf)
		if errors.Is(err, unix.EINTR) {
			n = 1
			continue
		}
		if err != nil {
			return digest{}, lies, err
		}
		r.Write(r.buf[:n])
		left -= int64(n)
	}
	return r.sum(), lies, nil
}

// link gives a file of the folder a name in another folder too.
func (d *folder) link(name string, to *folder, as string) error {
	return unix.Linkat(d.fd, name, to.fd, as, 0)
}

// write makes a new file. What is left of one that cannot be written whole stays: it belongs to no
// generation.
func (d *folder) write(name string, data []byte, masked bool) (lies lie, err error) {
	fd, err := d.openWith(name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL, uint32(publishedMode))
	if err != nil {
		return lies, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	defer func() { err = errors.Join(err, unix.Close(fd)) }()
	if masked {
		if err := unix.Fchmod(fd, uint32(publishedMode)); err != nil {
			return lies, &fs.PathError{Op: "chmod", Path: name, Err: err}
		}
	}
	for len(data) > 0 {
		n, err := unix.Write(fd, data)
		if err == nil && n == 0 {
			err = io.ErrShortWrite
		}
		if err != nil && err != unix.EINTR {
			return lies, &fs.PathError{Op: "write", Path: name, Err: err}
		}
		data = data[max(n, 0):]
	}
	var st unix.Stat_t
	if unix.Fstat(fd, &st) == nil {
		lies = lieOf(&st)
	}
	return lies, nil
}

// read reads a file.
func (d *folder) read(name string) ([]byte, error) {
	fd, err := d.open(name, unix.O_RDONLY)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	f := os.NewFile(uintptr(fd), name)
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	data := make([]byte, info.Size())
	_, err = io.ReadFull(f, data)
	return data, err
}

// mkdir makes a folder in this one.
func (d *folder) mkdir(name string, mode fs.FileMode) error {
	return unix.Mkdirat(d.fd, name, uint32(mode.Perm()))
}
