package search

import "encoding/binary"

// arena keeps the postings of all terms while documents come: each term has a chain of
// blocks, the first small, each further one twice as large up to a bound. So neither
// the many rare terms nor the few frequent ones waste much, and nothing is copied.
type arena struct {
	pieces [][]byte
	free   uint32 // where the next block begins
}

// The sizes of blocks, in bytes, without the four that lead to the next one.
const (
	pieceBits  = 20
	firstBlock = 8
	lastBlock  = 1024
	linkSize   = 4
)

// chain is where the postings of a term lie.
type chain struct {
	first uint32
	at    uint32 // where the next byte goes
	left  uint16 // bytes left in the last block
	size  uint16 // of the last block, 0 before there is one
}

// add appends a byte to a chain.
func (a *arena) add(c *chain, b byte) {
	if c.left == 0 {
		a.grow(c)
	}
	a.pieces[c.at>>pieceBits][c.at&(1<<pieceBits-1)] = b
	c.at++
	c.left--
}

// grow gives a chain one more block.
func (a *arena) grow(c *chain) {
	size := uint16(firstBlock)
	if c.size > 0 {
		size = min(c.size*2, lastBlock)
	}
	block := a.block(uint32(size) + linkSize)
	if c.size > 0 {
		binary.LittleEndian.PutUint32(a.bytes(c.at), block)
	} else {
		c.first = block
	}
	c.at, c.left, c.size = block, size, size
}

// block takes a block, which lies within one piece.
func (a *arena) block(size uint32) uint32 {
	const piece = 1 << pieceBits
	if len(a.pieces) == 0 || a.free&(piece-1)+size > piece || a.free>>pieceBits >= uint32(len(a.pieces)) {
		a.free = uint32(len(a.pieces)) << pieceBits
		a.pieces = append(a.pieces, make([]byte, piece))
	}
	block := a.free
	a.free += size
	return block
}

// bytes is the memory from a place to the end of its piece.
func (a *arena) bytes(at uint32) []byte {
	return a.pieces[at>>pieceBits][at&(1<<pieceBits-1):]
}

// reader reads a chain from its beginning.
type reader struct {
	arena *arena
	block []byte // with what leads to the next one
	at    int    // in it
	size  int    // of it, without that
}

func (a *arena) reader(c chain) reader {
	return reader{arena: a, block: a.bytes(c.first), size: firstBlock}
}

// next returns the next byte. The caller knows when there is none left.
func (r *reader) next() byte {
	if r.at == r.size {
		r.turn()
	}
	b := r.block[r.at]
	r.at++
	return b
}

// turn goes on to the next block.
func (r *reader) turn() {
	r.block = r.arena.bytes(binary.LittleEndian.Uint32(r.block[r.size:]))
	r.at, r.size = 0, min(r.size*2, lastBlock)
}

// uvarint reads a number as binary.AppendUvarint writes it.
func (r *reader) uvarint() uint64 {
	var v uint64
	for shift := 0; ; shift += 7 {
		b := r.next()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
}
