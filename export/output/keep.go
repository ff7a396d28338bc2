package output

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path"
)

// before is the current generation, as far as files can be taken over from it.
type before struct {
	name string // "" for none
	root *os.Root
	sums sums
}

// readBefore reads what the current generation holds. Where its checksums cannot be read, or are not
// those from which it has its name, nothing of it is taken over.
func readBefore(out *os.Root) before {
	name, err := out.Readlink(CurrentLink)
	if err != nil {
		return before{}
	}
	root, err := out.OpenRoot(name)
	if err != nil {
		return before{}
	}
	all, sum, err := readSums(root, SumsFile)
	if err != nil || !hasName(name, sum) {
		root.Close()
		return before{}
	}
	return before{name, root, all}
}

// last is the generation before, which is read on first use.
func (g *Generation) last() *before {
	g.look.Do(func() { g.before = readBefore(g.out) })
	return &g.before
}

func (b *before) close() error {
	if b.root == nil {
		return nil
	}
	return b.root.Close()
}

// Keep takes files over from the generation before, as hard links where the file system has them. It
// reads each and compares it with the checksum under which it was published; where one is missing or
// has changed, none is taken.
func (g *Generation) Keep(names ...string) (bool, error) {
	for _, name := range names {
		if !g.last().whole(name) {
			return false, nil
		}
	}
	return true, g.takeAll(names)
}

// ReadBefore returns a file of the generation before, if it has the bytes with which it was published.
func (g *Generation) ReadBefore(name string) ([]byte, bool) {
	b := g.last()
	if !b.whole(name) {
		return nil, false
	}
	data, err := b.root.ReadFile(name)
	return data, err == nil
}

// whole reports whether a file has the bytes with which it was published.
func (b *before) whole(name string) bool {
	if b.sums[name] == "" {
		return false
	}
	if info, err := b.root.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	sum, err := sumFile(b.root, name)
	return err == nil && sum == b.sums[name]
}

// Stamp is what tells that a large file has not been touched since it was published.
type Stamp struct{ Size, Time int64 } // bytes, and nanoseconds since 1970

// StampOf is the stamp of a file that was added.
func (g *Generation) StampOf(name string) (Stamp, error) { return stampOf(g.root, name) }

func stampOf(root *os.Root, name string) (Stamp, error) {
	info, err := root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return Stamp{}, errors.Join(err, fs.ErrInvalid)
	}
	return Stamp{info.Size(), info.ModTime().UnixNano()}, nil
}

// rotation is the number of builds after which each file that is taken over unread has been read.
const rotation = 30

// KeepLarge is Keep for a file whose checksum must be sum, and for what was made of it: while it has
// the same stamp the file itself is read only in every thirtieth generation, and where something else
// of the generation before was found to be damaged.
func (g *Generation) KeepLarge(name, sum string, stamp Stamp, made []string) (bool, error) {
	b := g.last()
	if b.sums[name] != sum || sum == "" {
		return false, nil
	}
	if have, err := stampOf(b.root, name); err != nil || have != stamp {
		return false, nil
	}
	if g.bad[b.name] || g.turn(name) {
		return g.Keep(append([]string{name}, made...)...)
	}
	if ok, err := g.Keep(made...); !ok || err != nil {
		return false, err
	}
	return true, g.take(name)
}

// turn tells whether a file is to be read although it seems untouched.
func (g *Generation) turn(name string) bool {
	spread := sha256.Sum256([]byte(name))
	return (int(spread[0])<<8+int(spread[1])+generationNumber(g.last().name))%rotation == 0
}

// takeAll links files of the generation before into this one.
func (g *Generation) takeAll(names []string) error {
	for _, name := range names {
		if err := g.take(name); err != nil {
			return err
		}
	}
	return nil
}

func (g *Generation) take(name string) error {
	b := g.last()
	if err := g.mkdir(path.Dir(name)); err != nil {
		return err
	}
	if err := g.out.Link(b.name+"/"+name, BuildingDir+"/"+name); err == nil {
		g.record(name, b.sums[name])
		return nil
	}
	f, err := b.root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return g.Copy(name, f, b.sums[name])
}
