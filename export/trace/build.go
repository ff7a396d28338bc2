package trace

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"
	"sync"
)

// Build is a build with the traces of the last one, which writes its own under another name until
// Finish. It may be used by many at once. A nil Build has no traces and keeps none.
type Build struct {
	last   last
	shared questions
	base   Sum
	root   *os.Root
	name   string
	file   *os.File // nil once it is finished

	mu    sync.Mutex
	out   *bufio.Writer
	at    uint64
	index index
	again []again
	err   error
}

// again is a record of the last build that this one keeps, and where it lies now.
type again struct {
	at    uint64
	entry uint32 // its number in the index of the last build
}

// prefix begins the names of files of traces.
const prefix = "traces-"

// FileOf names the file of the traces of a published folder.
func FileOf(out string) string {
	sum := sumOf([]byte(out))
	return prefix + hex.EncodeToString(sum[:8])
}

// IsFile tells whether a name is one of a file of traces, finished or not.
func IsFile(name string) bool { return strings.HasPrefix(name, prefix) }

// Forget removes all traces that lie in a folder: they hold words of pages.
func Forget(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	for _, e := range entries {
		if IsFile(e.Name()) {
			err = errors.Join(err, root.Remove(e.Name()))
		}
	}
	return err
}

// unfinished ends the name of a file of traces that is being written.
const unfinished = ".new"

// Open reads the traces of the last build from a file in a folder, if that build made this
// generation on this base, and begins those of the next. Where they cannot be written, Finish tells.
func Open(dir, name, generation string, base Sum) (*Build, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	b := &Build{base: base, root: root, name: name}
	b.last.read(root, name, generation, base)
	if k, ok := b.last.get(keyQuestions, Sum{}); !ok || !b.shared.read(k.Result()) {
		b.last.index = index{}
	}
	b.file, b.err = root.OpenFile(name+unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	b.out = bufio.NewWriterSize(b.file, 1<<16)
	return b, nil
}

// Last returns what the last build kept under a key, if it was given the same.
func (b *Build) Last(key string, input Sum) (*Kept, bool) {
	if b == nil {
		return nil, false
	}
	return b.last.get(key, input)
}

// Put keeps a record under a key, which no other of this build has.
func (b *Build) Put(key string, r *Record) {
	if b == nil {
		return
	}
	raw := Append(nil, *r)
	sum := sumOf(raw)
	b.put(raw, func(at uint64) { b.index.add(indexed{key, place{at, uint64(len(raw)), sum}}) })
}

// Asked says that no piece of work asks any more.
func (b *Build) Asked() {
	if b != nil {
		b.shared.forget()
	}
}

// PutAgain keeps a record of the last build for the next one, and is the last that is done with it.
func (b *Build) PutAgain(key string, k *Kept) {
	if b != nil {
		b.put(k.raw, func(at uint64) {
			if string(b.last.index.key(k.entry)) == key {
				b.again = append(b.again, again{at, k.entry})
			} else {
				b.index.add(indexed{key, place{at, uint64(len(k.raw)), k.sum}})
			}
		})
		k.release()
	}
}

// put writes a record, and notes where.
func (b *Build) put(raw []byte, note func(at uint64)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		_, b.err = b.out.Write(raw)
		note(b.at)
		b.at += uint64(len(raw))
	}
}

// entries returns the entries of the index in the order of their keys.
func (b *Build) entries() iter.Seq[indexed] {
	b.index.sort()
	slices.SortFunc(b.again, func(x, y again) int { return cmp.Compare(x.entry, y.entry) })
	return func(yield func(indexed) bool) {
		next, old := uint32(0), b.again
		for more := true; more && (len(old) > 0 || int(next) < len(b.index.at)); {
			var e indexed
			if len(old) > 0 && (int(next) == len(b.index.at) ||
				bytes.Compare(b.last.index.key(old[0].entry), b.index.key(next)) < 0) {
				e = b.last.index.entry(old[0].entry)
				e.Place.At, old = old[0].at, old[1:]
			} else {
				e = b.index.entry(next)
				next++
			}
			more = yield(e)
		}
	}
}

// Finish writes the index and puts the file in the place of the last build's. An error means that
// the next build begins anew.
func (b *Build) Finish(generation string) error {
	if b == nil {
		return nil
	}
	asked := b.shared.bytes()
	b.shared = questions{} // a large tenant has its peak here
	b.Put(keyQuestions, &Record{Result: asked})
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return b.err
	}
	h := sha256.New()
	to := io.MultiWriter(b.out, h) // which keeps its error
	raw := Append(nil, heading{format, b.base, generation})
	to.Write(raw)
	for e := range b.entries() {
		raw = e.append(raw[:0])
		to.Write(raw)
	}
	b.out.Write(binary.BigEndian.AppendUint64(nil, b.at))
	b.out.Write(h.Sum(nil)[:len(Sum{})])
	if err := errors.Join(b.out.Flush(), b.file.Close()); err != nil {
		return err
	}
	b.file = nil
	return b.root.Rename(b.name+unfinished, b.name)
}

// Close removes what was not finished. It may be called again.
func (b *Build) Close() error {
	if b == nil || b.root == nil {
		return nil
	}
	var err error
	if b.last.file != nil {
		err = b.last.file.Close()
	}
	if b.file != nil {
		err = errors.Join(err, b.file.Close(), b.root.Remove(b.name+unfinished))
	}
	err = errors.Join(err, b.root.Close())
	b.root = nil
	return err
}
