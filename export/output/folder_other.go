//go:build !linux

package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// folder is an open folder of a generation: what lies in it is reached by one name.
type folder struct {
	root  *os.Root
	users int // see folders
}

// openFolder opens a folder of a tree.
func openFolder(root *os.Root, name string) (*folder, error) {
	r, err := root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &folder{root: r}, nil
}

func (d *folder) close() error { return d.root.Close() }

// child opens a folder that lies in this one.
func (d *folder) child(name string) (*folder, error) { return openFolder(d.root, name) }

// look says how something lies there. Its name may lead through folders.
func (d *folder) look(name string) (lie, error) {
	info, err := d.root.Lstat(name)
	if err != nil {
		return lie{}, err
	}
	return lie{info.Mode(), Stamp{info.Size(), info.ModTime().UnixNano()}}, nil
}

// sum reads a plain file through a reader.
func (d *folder) sum(name string, r *summer) (digest, lie, error) {
	lies, err := d.look(name)
	if err == nil && !lies.mode.IsRegular() {
		err = fs.ErrInvalid
	}
	if err != nil {
		return digest{}, lies, err
	}
	f, err := d.root.Open(name)
	if err != nil {
		return digest{}, lies, err
	}
	defer f.Close()
	r.reset()
	_, err = io.CopyBuffer(r, struct{ io.Reader }{f}, r.buf)
	return r.sum(), lies, err
}

// link gives a file of the folder a name in another folder too: here there is no call for it.
func (d *folder) link(string, *folder, string) error { return errors.ErrUnsupported }

// write makes a new file. How it lies there is not known before it is looked at again.
func (d *folder) write(name string, data []byte, masked bool) (lie, error) {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, publishedMode)
	if err != nil {
		return lie{}, err
	}
	if masked {
		err = f.Chmod(publishedMode)
	}
	if err == nil {
		_, err = f.Write(data)
	}
	return lie{}, errors.Join(err, f.Close())
}

// read reads a file.
func (d *folder) read(name string) ([]byte, error) { return d.root.ReadFile(name) }

// mkdir makes a folder in this one.
func (d *folder) mkdir(name string, mode fs.FileMode) error { return d.root.Mkdir(name, mode) }
