package posting

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

// A block is a row of words in their order, behind a checksum of all that follows it, of the block's first word and of
// the first of the next block:
//
//	uvarint  bytes that the word shares with the word before
//	uvarint  bytes that follow them, and those bytes
//	uvarint  documents in its list
//	uvarint  the number of the last of them
//	uvarint  bytes of the list, and those bytes
const (
	blockSize = 8 << 10 // bytes after which one ends
	sumSize   = 8
)

// Block is a block with the words between which it stands: all that are before until and not before first are in it.
type Block struct {
	First, Until []byte // Until is empty where none follows
	Data         []byte
}

// Packer packs words into blocks.
type Packer struct {
	Write func(Block) error // keeps nothing of what it is given
	block []byte
	first []byte
	last  []byte
}

// Add adds a word, which comes behind all before it.
func (p *Packer) Add(name []byte, l List) error {
	if len(p.block) >= blockSize {
		if err := p.write(name); err != nil {
			return err
		}
	}
	if len(p.block) == 0 {
		p.block = append(p.block, make([]byte, sumSize)...)
		p.first, p.last = append(p.first[:0], name...), p.last[:0]
	}
	shared := 0
	for shared < min(len(p.last), len(name)) && p.last[shared] == name[shared] {
		shared++
	}
	p.block = binary.AppendUvarint(p.block, uint64(shared))
	p.block = binary.AppendUvarint(p.block, uint64(len(name)-shared))
	p.block = append(p.block, name[shared:]...)
	p.block = binary.AppendUvarint(p.block, uint64(l.Docs))
	p.block = binary.AppendUvarint(p.block, uint64(l.Last))
	p.block = binary.AppendUvarint(p.block, uint64(len(l.Data)))
	p.block = append(p.block, l.Data...)
	p.last = append(p.last[:0], name...)
	return nil
}

// Close writes the last block.
func (p *Packer) Close() error {
	if len(p.block) == 0 {
		return nil
	}
	return p.write(nil)
}

func (p *Packer) write(until []byte) error {
	b := Block{p.first, until, p.block}
	copy(p.block, b.sum())
	err := p.Write(b)
	p.block = p.block[:0]
	return err
}

func (b *Block) sum() []byte {
	return Sum(binary.AppendUvarint(nil, uint64(len(b.First))), b.First,
		binary.AppendUvarint(nil, uint64(len(b.Until))), b.Until, b.Data[sumSize:])
}

// Sum is a short checksum of what is joined.
func Sum(data ...[]byte) []byte {
	h := sha256.New()
	for _, d := range data {
		h.Write(d)
	}
	return h.Sum(nil)[:sumSize]
}

// Words calls use for each word of the block, in their order, until it returns false. A list holds as long as the
// block, a name until use returns.
func (b *Block) Words(use func(name []byte, l List) bool) error {
	if len(b.Data) < sumSize || !bytes.Equal(b.sum(), b.Data[:sumSize]) {
		return ErrDamaged
	}
	var name []byte
	r := reader{rest: b.Data[sumSize:]}
	for len(r.rest) > 0 {
		shared := r.number()
		rest := r.bytes()
		l := List{Docs: int(r.number()), Last: uint32(r.number())}
		l.Data = r.bytes()
		if r.bad || shared > uint64(len(name)) {
			return ErrDamaged
		}
		name = append(name[:shared], rest...)
		if !use(name, l) {
			return nil
		}
	}
	return nil
}

// reader reads what is packed.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) bytes() []byte {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}
