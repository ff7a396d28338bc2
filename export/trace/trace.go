// Package trace keeps, from one build to the next, of what each piece of work was made: the sum of
// what it was given, each question that it asked of the rest of the tenant with the sum of the
// answer, the files that it wrote and what else came of it. The next build asks the same questions
// again and takes the files over where all sums are the same: a verifying trace, as Mokhov, Mitchell
// and Peyton Jones have it (Build Systems à la Carte, 2018). What a piece of work did not ask cannot
// have changed it, so nothing needs a list of what depends on what.
//
// The traces are a cache: one file beside the mirror's database for each published folder, which
// belongs to one generation and one program. Without it, or where it is damaged, of another version
// or of another generation, the next build makes everything anew, and nothing else happens. Each
// record has a sum of its own, so damage costs the pages that it hit.
//
//	code.go   values -> bytes and sums
//	work.go   a piece of work: what it asks, and whether all answers are still the same
//	question.go questions to which many pages have the same answer
//	files.go  the files of a generation, made or taken over
//	trace.go  records, and the file of the last build
//	ahead.go  reading that file
//	kept.go   a record of that file
//	build.go  a build: what it takes over, and the file of the next one
//
// The file: the records in the order in which they came, the index (key, place, length and sum of
// each), and at its end the place and the sum of the index.
package trace

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"slices"
	"sort"
	"sync"
)

// Record is what is kept of a piece of work.
type Record struct {
	Input  Sum        // of what it was given
	Asked  []Question // in order, each once
	Shared []uint32   // the numbers of those that others asked too
	Files  []string   // that it wrote, below the generation
	Result []byte     // what else came of it, see Append
}

// Question is one that a piece of work asked, in its asker's own form, and the sum of the answer.
type Question struct {
	Text   string
	Answer Sum
}

// place is where a record lies in the file.
type place struct {
	At, Size uint64
	Sum      Sum
}

// heading is what a file of traces is of.
type heading struct {
	Format     string
	Base       Sum    // of program, settings and templates
	Generation string // the name of the generation that was built
}

// format names the form of the file and the records.
const format = "agc-export traces 2"

// tail is what ends the file: the place and the sum of the index.
const tailSize = 8 + len(Sum{})

// last are the traces of the last build. The zero value has none.
type last struct {
	file  *os.File
	index index
	ahead ahead
}

// read reads the traces of a generation. Where there is no such file, or it is of another generation
// or base, there are none.
func (l *last) read(root *os.Root, name, generation string, base Sum) {
	f, err := root.Open(name)
	if err != nil {
		return
	}
	index, ok := readIndex(f, heading{format, base, generation})
	if !ok {
		f.Close()
		return
	}
	l.file, l.index, l.ahead.file = f, index, f
}

// readIndex reads the index at the end of a file, if the file is whole and of this heading.
func readIndex(f *os.File, want heading) (x index, ok bool) {
	info, err := f.Stat()
	if err != nil || info.Size() < int64(tailSize) {
		return index{}, false
	}
	tail := make([]byte, tailSize)
	if _, err := f.ReadAt(tail, info.Size()-int64(tailSize)); err != nil {
		return index{}, false
	}
	at, end := int64(binary.BigEndian.Uint64(tail)), info.Size()-int64(tailSize)
	if at < 0 || at > end {
		return index{}, false
	}
	raw := make([]byte, end-at)
	if _, err := f.ReadAt(raw, at); err != nil || sumOf(raw) != Sum(tail[8:]) {
		return index{}, false
	}
	var have heading
	raw, err = Decode(raw, &have)
	if err != nil || have != want {
		return index{}, false
	}
	x.raw = raw
	before := ""
	for rest := raw; len(rest) > 0; {
		var e indexed
		at := len(raw) - len(rest)
		if rest, err = e.decode(rest); err != nil || at > 0 && e.Key <= before || at > math.MaxUint32 {
			return index{}, false
		}
		x.at, before = append(x.at, uint32(at)), e.Key
	}
	return x, true
}

// index are entries in the order of their keys, as they lie in the file: a map of them would take twice the memory.
type index struct {
	raw []byte
	at  []uint32 // where each begins
}

// add adds an entry, in whatever order.
func (x *index) add(e indexed) {
	if len(x.raw) <= math.MaxUint32 { // beyond, the next build makes anew what is not in it
		x.at = append(x.at, uint32(len(x.raw)))
		x.raw = e.append(x.raw)
	}
}

// key is that of an entry.
func (x *index) key(i uint32) []byte {
	k, _ := (&decoder{x.raw[x.at[i]:]}).bytes()
	return k
}

// entry is an entry.
func (x *index) entry(i uint32) (e indexed) {
	_, _ = e.decode(x.raw[x.at[i]:]) // it was when the index was read, or written
	return e
}

// sort puts the entries in the order of their keys.
func (x *index) sort() {
	key := func(at uint32) []byte {
		k, _ := (&decoder{x.raw[at:]}).bytes()
		return k
	}
	slices.SortFunc(x.at, func(a, b uint32) int { return bytes.Compare(key(a), key(b)) })
}

// find returns the number of the entry of a key.
func (x *index) find(key string) (uint32, bool) {
	at, ok := sort.Find(len(x.at), func(i int) int {
		have := x.key(uint32(i))
		switch { // neither of which makes a text
		case key < string(have):
			return -1
		case key > string(have):
			return 1
		}
		return 0
	})
	return uint32(at), ok
}

// indexed is an entry of the index.
type indexed struct {
	Key   string
	Place place
}

// append and decode are Append and Decode of an entry: an index has very many.
func (e *indexed) append(b []byte) []byte {
	b = append(binary.AppendUvarint(b, uint64(len(e.Key))), e.Key...)
	b = binary.AppendUvarint(binary.AppendUvarint(b, e.Place.At), e.Place.Size)
	return e.Place.Sum.append(b)
}

func (e *indexed) decode(b []byte) (rest []byte, err error) {
	d := decoder{b}
	key, ok1 := d.bytes()
	at, ok2 := d.uvarint()
	size, ok3 := d.uvarint()
	sum, ok4 := d.sum()
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return nil, errForm
	}
	*e = indexed{string(key), place{at, size, sum}}
	return d.b, nil
}

// get returns the record of a key, if it is whole and of this input.
func (l *last) get(key string, input Sum) (*Kept, bool) {
	i, ok := l.index.find(key)
	if !ok {
		return nil, false
	}
	p := l.index.entry(i).Place
	if p.Size > math.MaxInt32 {
		return nil, false
	}
	k := kepts.Get().(*Kept)
	k.entry = i
	k.raw, k.sum = slices.Grow(k.raw[:0], int(p.Size))[:p.Size], p.Sum
	if !l.ahead.read(k.raw, int64(p.At)) || !k.read() || k.input != input || sumOf(k.raw) != p.Sum {
		k.release()
		return nil, false
	}
	return k, true
}

// kepts are for the next records: a build reads very many.
var kepts = sync.Pool{New: func() any { return new(Kept) }}

func (k *Kept) release() {
	if cap(k.raw) <= mostRoom {
		kepts.Put(k)
	}
}
