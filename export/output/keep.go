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
	tree folders // of root
}

// readBefore reads what the current generation holds. Where its checksums cannot be read, or are not
// those from which it has its name, nothing of it is taken over.
func (g *Generation) readBefore() {
	name, err := g.out.Readlink(CurrentLink)
	if err != nil {
		return
	}
	root, err := g.out.OpenRoot(name)
	if err != nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	sum, err := eachSum(root, SumsFile, g.files.addBefore)
	if err != nil || !hasName(name, sum) {
		clear(g.files.was)
		root.Close()
		return
	}
	g.before.name, g.before.root, g.before.tree.root = name, root, root
}

// last is the generation before, which is read on first use.
func (g *Generation) last() *before {
	g.look.Do(g.readBefore)
	return &g.before
}

// was is the checksum of a file in the generation before.
func (g *Generation) was(name string) (digest, bool) {
	g.last()
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.files.before(name)
}

func (b *before) close() error {
	if b.root == nil {
		return nil
	}
	return errors.Join(b.tree.close(), b.root.Close())
}

// Keep takes files over from the generation before, as hard links where the file system has them. It
// reads each and compares it with the checksum under which it was published; where one is missing or
// has changed, none is taken.
func (g *Generation) Keep(names ...string) (bool, error) {
	found := make([]taken, len(names))
	for i, name := range names {
		var ok bool
		if found[i], ok = g.whole(name); !ok {
			return false, nil
		}
	}
	for i, name := range names {
		if err := g.take(g.last().tree.link, name, found[i]); err != nil {
			return true, err
		}
	}
	return true, nil
}

// ReadBefore returns a file of the generation before, if it has the bytes with which it was published.
func (g *Generation) ReadBefore(name string) ([]byte, bool) {
	b := g.last()
	want, ok := g.was(name)
	if !ok {
		return nil, false
	}
	if _, err := b.tree.stamp(name); err != nil { // no plain file
		return nil, false
	}
	data, err := b.tree.read(name)
	return data, err == nil && sha256.Sum256(data) == want
}

// taken is a file of the generation before.
type taken struct {
	sum  digest
	lies lie
}

// whole reports whether a file has the bytes and a mode with which it was published, and how it lies there.
func (g *Generation) whole(name string) (taken, bool) {
	want, ok := g.was(name)
	if !ok {
		return taken{}, false
	}
	sum, lies, err := g.before.tree.sum(name)
	return taken{sum, lies}, err == nil && sum == want && plain(lies.mode)
}

// Stamp is what tells that a large file has not been touched since it was published.
type Stamp struct{ Size, Time int64 } // bytes, and nanoseconds since 1970

// StampOf is the stamp of a file that was added.
func (g *Generation) StampOf(name string) (Stamp, error) { return g.tree.stamp(name) }

func (c *folders) stamp(name string) (Stamp, error) { return stampOf(c.look(name)) }

func stampOf(lies lie, err error) (Stamp, error) {
	if err == nil && !plain(lies.mode) {
		err = fs.ErrInvalid
	}
	return lies.Stamp, err
}

// rotation is the number of builds after which each file that is taken over unread has been read.
const rotation = 30

// KeepLarge is Keep for a file whose checksum must be sum, and for what was made of it: while it has
// the same stamp the file itself is read only in every thirtieth generation, and where something else
// of the generation before was found to be damaged.
func (g *Generation) KeepLarge(name, sum string, stamp Stamp, made []string) (bool, error) {
	b := g.last()
	was, ok := g.was(name)
	if !ok || was != digestOf(sum) {
		return false, nil
	}
	if g.bad[b.name] || g.turn(name) {
		if have, err := b.tree.stamp(name); err != nil || have != stamp {
			return false, nil
		}
		return g.Keep(append([]string{name}, made...)...)
	}
	// The generation lies there as it was published, so what leads to the file are folders.
	lies, err := b.tree.lookFrom(".", name)
	if have, err := stampOf(lies, err); err != nil || have != stamp {
		return false, nil
	}
	if ok, err := g.Keep(made...); !ok || err != nil {
		return false, err
	}
	return true, g.take(b.tree.linkDeep, name, taken{was, lies})
}

// turn tells whether a file is to be read although it seems untouched.
func (g *Generation) turn(name string) bool {
	spread := sha256.Sum256([]byte(name))
	return (int(spread[0])<<8+int(spread[1])+generationNumber(g.last().name))%rotation == 0
}

// take links a file of the generation before into this one. Both names then lie there in the same way.
func (g *Generation) take(link func(string, *folders, string) error, name string, found taken) error {
	b := g.last()
	if err := g.mkdir(path.Dir(name)); err != nil {
		return err
	}
	err := link(name, &g.tree, name)
	if errors.Is(err, errors.ErrUnsupported) {
		err = g.out.Link(b.name+"/"+name, BuildingDir+"/"+name)
	}
	if err == nil {
		g.record(name, found.sum, found.lies)
		return nil
	}
	f, err := b.root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return g.copy(name, f, found.sum)
}
