package output

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"hash/maphash"
	"io"
	"io/fs"
	"slices"
)

// ledger has the files of a generation by name, with their checksums in it and in the one before. A large generation
// has very many, and names of them stand in both: so the names lie in a row, each once, and nothing in here is a
// pointer that the collector would follow. The zero value is empty.
type ledger struct {
	names   [][]byte // pieces of letters bytes, in which no name lies in two
	entries [][]entry
	was     [][]digest // as entries; nil where none of them was in the one before
	slots   []uint32   // 1 more than the number of an entry, at its hash or behind it; 0 for none
	count   int
	left    int // bytes that are free in the last piece
	seed    maphash.Seed
}

// entry is a file.
type entry struct {
	piece, at, size uint32      // where its name lies
	mode            fs.FileMode // and stamp: how it lies there, as far as that was seen when it was added
	stamp           Stamp
	sum             digest // the zero value for one that was not added
}

const (
	letters = 256 << 10 // bytes of names in a piece
	entries = 1 << 10   // in a piece
)

// entry returns that of a number.
func (l *ledger) entry(i uint32) *entry { return &l.entries[i/entries][i%entries] }

func (l *ledger) name(e *entry) []byte { return l.names[e.piece][e.at : e.at+e.size] }

// find returns the number of a name.
func (l *ledger) find(name string) (i uint32, ok bool) {
	if l.count == 0 {
		return 0, false
	}
	slot, ok := l.slot(name)
	return l.slots[slot] - 1, ok
}

// slot is where the number of a name stands, or would.
func (l *ledger) slot(name string) (slot uint64, ok bool) {
	last := uint64(len(l.slots) - 1)
	for slot = maphash.String(l.seed, name) & last; l.slots[slot] != 0; slot = (slot + 1) & last {
		if string(l.name(l.entry(l.slots[slot]-1))) == name {
			return slot, true
		}
	}
	return slot, false
}

// add returns the number of a name, which is noted if it is new.
func (l *ledger) add(name string) uint32 {
	if l.count*2 >= len(l.slots) {
		l.grow()
	}
	slot, ok := l.slot(name)
	if ok {
		return l.slots[slot] - 1
	}
	if len(name) > l.left {
		l.left = max(len(name), letters)
		l.names = append(l.names, make([]byte, 0, l.left))
	}
	last := len(l.names) - 1
	e := entry{piece: uint32(last), at: uint32(len(l.names[last])), size: uint32(len(name))}
	l.names[last] = append(l.names[last], name...)
	l.left -= len(name)
	if l.count%entries == 0 {
		l.entries, l.was = append(l.entries, make([]entry, entries)), append(l.was, nil)
	}
	i := uint32(l.count)
	*l.entry(i) = e
	l.count++
	l.slots[slot] = i + 1
	return i
}

// grow makes room for names.
func (l *ledger) grow() {
	if l.slots == nil {
		l.seed = maphash.MakeSeed()
	}
	l.slots = make([]uint32, max(2*len(l.slots), 1<<10))
	last := uint64(len(l.slots) - 1)
	for i := range uint32(l.count) {
		slot := maphash.Bytes(l.seed, l.name(l.entry(i))) & last
		for l.slots[slot] != 0 {
			slot = (slot + 1) & last
		}
		l.slots[slot] = i + 1
	}
}

// addBefore notes a file of the generation before.
func (l *ledger) addBefore(name string, sum digest) {
	i := l.add(name)
	if l.was[i/entries] == nil {
		l.was[i/entries] = make([]digest, entries)
	}
	l.was[i/entries][i%entries] = sum
}

// before is the checksum of a file in the generation before.
func (l *ledger) before(name string) (digest, bool) {
	i, ok := l.find(name)
	if !ok || l.was[i/entries] == nil {
		return digest{}, false
	}
	sum := l.was[i/entries][i%entries]
	return sum, sum != digest{}
}

// namesBefore are the files of the generation before whose names begin so, in their order.
func (l *ledger) namesBefore(prefix string) (all []string) {
	for i := range uint32(l.count) {
		if name := l.name(l.entry(i)); bytes.HasPrefix(name, []byte(prefix)) {
			if _, ok := l.before(string(name)); ok {
				all = append(all, string(name))
			}
		}
	}
	slices.Sort(all)
	return all
}

// write writes the files of the generation as SHA256SUMS lists them.
func (l *ledger) write(w io.Writer) error {
	order := make([]uint32, 0, l.count)
	for i := range uint32(l.count) {
		if l.entry(i).sum != (digest{}) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b uint32) int { return bytes.Compare(l.name(l.entry(a)), l.name(l.entry(b))) })
	b := bufio.NewWriter(w)
	for _, i := range order {
		e := l.entry(i)
		line := append(append(hex.AppendEncode(b.AvailableBuffer(), e.sum[:]), "  "...), l.name(e)...)
		b.Write(append(line, '\n')) // it keeps its error for the end
	}
	return b.Flush()
}
