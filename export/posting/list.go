// Package posting keeps where words stand in documents: lists that are made in memory (build.go), packed in blocks
// (block.go), and read a document at a time (this file). It knows no file.
package posting

import (
	"encoding/binary"
	"errors"
)

// ErrDamaged is a list or block that is not as it was written.
var ErrDamaged = errors.New("a list of words is damaged")

// Place is a part of a document, below Places.
type Place uint8

// Places is how many parts a document may have.
const Places = 16

// At is where a word stands within a part of a document: its number there, and what joins it to the next one.
type At struct {
	Pos    uint32
	Joiner byte // 0: nothing
}

// A list is a row of documents, in the order of their numbers:
//
//	uvarint  the document's number less that of the one before
//	for each part in which the word stands, in the order of the parts:
//	  uvarint  32 × how often + 2 × the part + 1 where another part follows
//	  for each of them: uvarint 2 × (its place less that of the one before) + 1 where a byte follows, the joiner
//
// A list has at least one document, and its first number is counted from 0.

// Cursor reads a list.
type Cursor struct {
	Doc  uint32
	Err  error
	rest []byte
	more bool   // parts of the document
	pos  uint32 // of the place before
}

// Read returns a cursor before the first document of a list.
func Read(list []byte) Cursor { return Cursor{rest: list} }

// Next goes to the next document, if there is one. The parts of the one before must have been read.
func (c *Cursor) Next() bool {
	if len(c.rest) == 0 || c.Err != nil {
		return false
	}
	c.Doc += uint32(c.number())
	c.more = true
	return c.Err == nil
}

// Begin begins the next part of the document, if there is one: which it is, and how often the word stands there. At or
// Skip reads where.
func (c *Cursor) Begin() (p Place, n int, ok bool) {
	if !c.more || c.Err != nil {
		return 0, 0, false
	}
	head := c.number()
	c.more, c.pos = head&1 != 0, 0
	return Place(head >> 1 & (Places - 1)), int(head >> 5), c.Err == nil
}

// At reads the next place of the part.
func (c *Cursor) At() (a At) {
	v := c.number()
	c.pos += uint32(v >> 1)
	a.Pos = c.pos
	if v&1 != 0 {
		if len(c.rest) == 0 {
			c.Err = ErrDamaged
			return a
		}
		a.Joiner, c.rest = c.rest[0], c.rest[1:]
	}
	return a
}

// Skip passes over n places of the part.
func (c *Cursor) Skip(n int) {
	for ; n > 0 && c.Err == nil; n-- {
		c.At()
	}
}

// SkipDoc passes over all parts of the document.
func (c *Cursor) SkipDoc() {
	for _, n, ok := c.Begin(); ok; _, n, ok = c.Begin() {
		c.Skip(n)
	}
}

func (c *Cursor) number() uint64 {
	if len(c.rest) > 0 && c.rest[0] < 0x80 {
		v := uint64(c.rest[0])
		c.rest = c.rest[1:]
		return v
	}
	v, n := binary.Uvarint(c.rest)
	if n <= 0 {
		c.Err, c.rest = ErrDamaged, nil
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

// stands is where a word stands in one document, by parts.
type stands struct {
	place Place
	at    []At
}

// appendDoc appends a document to a list whose last is before.
func appendDoc(to []byte, before, doc uint32, parts []stands) []byte {
	to = binary.AppendUvarint(to, uint64(doc-before))
	for i, p := range parts {
		head := uint64(len(p.at))<<5 | uint64(p.place)<<1
		if i+1 < len(parts) {
			head |= 1
		}
		to = binary.AppendUvarint(to, head)
		pos := uint32(0)
		for _, a := range p.at {
			v := uint64(a.Pos-pos) << 1
			pos = a.Pos
			if a.Joiner != 0 {
				v |= 1
			}
			if to = binary.AppendUvarint(to, v); a.Joiner != 0 {
				to = append(to, a.Joiner)
			}
		}
	}
	return to
}
