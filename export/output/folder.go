package output

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io/fs"
	"os"
	"path"
	"runtime"
	"sync"
)

// lie is how a file or folder lies there.
type lie struct {
	mode fs.FileMode
	Stamp
}

// plain reports whether a mode is that of a file that was published: a plain one that nobody but its owner can
// write, and that cannot be run. Windows tells no such modes.
func plain(mode fs.FileMode) bool {
	return mode.IsRegular() && (mode.Perm()&^publishedMode == 0 || runtime.GOOS == "windows")
}

// summer computes checksums of files, one after the other.
type summer struct {
	hash.Hash
	buf []byte
	out [sha256.Size]byte
}

func newSummer() *summer { return &summer{Hash: sha256.New(), buf: make([]byte, 64<<10)} }

func (s *summer) reset() { s.Hash.Reset() }

func (s *summer) sum() digest { return digest(s.Hash.Sum(s.out[:0])) }

// openMost is how many folders stay open.
const openMost = 128

// folders are the open folders of one tree, each opened once from the one above it.
type folders struct {
	root    *os.Root
	summers sync.Pool // of *summer
	mu      sync.Mutex
	open    map[string]*folder
}

// use opens a folder, or takes the open one. Who uses it says when that is done.
func (c *folders) use(dir string) (*folder, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, err := c.reach(dir)
	if err != nil {
		return nil, err
	}
	d.users++
	return d, c.tidy()
}

// done says that a folder is not used any more.
func (c *folders) done(d *folder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d.users--
}

// reach opens a folder and those above it; the caller holds the lock.
func (c *folders) reach(dir string) (*folder, error) {
	if d := c.open[dir]; d != nil {
		return d, nil
	}
	var d *folder
	var err error
	if dir == "." {
		d, err = openFolder(c.root, ".")
	} else {
		var above *folder
		if above, err = c.reach(path.Dir(dir)); err == nil {
			d, err = above.child(path.Base(dir))
		}
	}
	if err != nil {
		return nil, err
	}
	if c.open == nil {
		c.open = map[string]*folder{}
	}
	c.open[dir] = d
	return d, nil
}

// tidy closes folders that nobody uses, once many are open.
func (c *folders) tidy() error {
	var err error
	for dir, d := range c.open {
		if len(c.open) <= openMost {
			break
		}
		if d.users == 0 {
			err = errors.Join(err, d.close())
			delete(c.open, dir)
		}
	}
	return err
}

// sum reads a plain file of the tree.
func (c *folders) sum(name string) (sum digest, lies lie, err error) {
	d, err := c.use(path.Dir(name))
	if err != nil {
		return digest{}, lie{}, err
	}
	defer c.done(d)
	r, ok := c.summers.Get().(*summer)
	if !ok {
		r = newSummer()
	}
	defer c.summers.Put(r)
	return d.sum(path.Base(name), r)
}

// look says how a file of the tree lies there.
func (c *folders) look(name string) (lie, error) { return c.lookFrom(path.Dir(name), path.Base(name)) }

func (c *folders) lookFrom(dir, name string) (lie, error) {
	d, err := c.use(dir)
	if err != nil {
		return lie{}, err
	}
	defer c.done(d)
	return d.look(name)
}

// link gives a file of a tree a name in another tree, or in the same.
func (c *folders) link(name string, to *folders, as string) error {
	return c.linkFrom(path.Dir(name), path.Base(name), to, path.Dir(as), path.Base(as))
}

// linkDeep is link for names of which it is known that they lead through folders and no links: it
// opens none of them. Files that lie in folders of their own take half the time so.
func (c *folders) linkDeep(name string, to *folders, as string) error {
	return c.linkFrom(".", name, to, ".", as)
}

func (c *folders) linkFrom(dir, name string, to *folders, toDir, as string) error {
	from, err := c.use(dir)
	if err != nil {
		return err
	}
	defer c.done(from)
	into, err := to.use(toDir)
	if err != nil {
		return err
	}
	defer to.done(into)
	return from.link(name, into, as)
}

// write makes a new file of the tree, with the mode of all. masked tells that the process's mask
// takes something of that away. It tells how the file lies there, the zero value where that is not known.
func (c *folders) write(name string, data []byte, masked bool) (lie, error) {
	d, err := c.use(path.Dir(name))
	if err != nil {
		return lie{}, err
	}
	defer c.done(d)
	return d.write(path.Base(name), data, masked)
}

// read reads a file of the tree.
func (c *folders) read(name string) ([]byte, error) {
	d, err := c.use(path.Dir(name))
	if err != nil {
		return nil, err
	}
	defer c.done(d)
	return d.read(path.Base(name))
}

// mkdir makes a folder of the tree in one that is there.
func (c *folders) mkdir(dir string, mode fs.FileMode) error {
	above, err := c.use(path.Dir(dir))
	if err != nil {
		return err
	}
	defer c.done(above)
	return above.mkdir(path.Base(dir), mode)
}

// close closes all.
func (c *folders) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	for _, d := range c.open {
		err = errors.Join(err, d.close())
	}
	c.open = nil
	return err
}
