package fulltext

import (
	"errors"
	"slices"
)

// ErrDamaged is an index that does not read as SQLite writes it.
var ErrDamaged = errors.New("the index of words is damaged")

// List is where a token stands: rows by number, each with its places.
//
//	varint  the number of the row, less that of the row before, but for those that whole lists
//	varint  2 × the bytes of its places + 1 where the row was deleted
//	for each column, from the second on behind a 1 and the column's number as a varint:
//	  varint  for each place: its number less that of the place before in the column + 2
type List struct {
	data  []byte
	whole []int // where numbers of rows stand that are not counted from the one before, in their order
}

// Clone is a list of its own memory.
func (l List) Clone() List { return List{slices.Clone(l.data), slices.Clone(l.whole)} }

// Cursor reads a list, a row at a time.
type Cursor struct {
	Row    int64
	Err    error
	list   List
	at     int // in list.data: what is read next
	end    int // of the places of the row
	column int
	place  int64
}

// Read returns a cursor before the first row of a list.
func (l List) Read() Cursor { return Cursor{list: l} }

// Next goes to the next row, if there is one. Places of the row before that were not read are passed over.
func (c *Cursor) Next() bool {
	if c.at = c.end; c.at >= len(c.list.data) || c.Err != nil {
		return false
	}
	if len(c.list.whole) > 0 && c.list.whole[0] == c.at {
		c.Row, c.list.whole = 0, c.list.whole[1:]
	}
	c.Row += int64(c.number(len(c.list.data)))
	size := c.number(len(c.list.data)) >> 1
	if c.Err == nil && (c.Row < 0 || size > uint64(len(c.list.data)-c.at)) {
		c.Err = ErrDamaged
	}
	if c.Err != nil {
		return false
	}
	c.end, c.column, c.place = c.at+int(size), 0, 0
	return true
}

// mostColumns is more columns than SQLite has.
const mostColumns = 1 << 16

// Place reads the next place of the row, if there is one: the column, from 0, and the number of the token there.
func (c *Cursor) Place() (column int, place int64, ok bool) {
	if c.at >= c.end || c.Err != nil {
		return 0, 0, false
	}
	v := c.number(c.end)
	for v == 1 {
		c.column, c.place = int(min(c.number(c.end), mostColumns)), 0
		v = c.number(c.end)
	}
	if c.Err == nil && (v == 0 || v > 1<<32 || c.column == mostColumns) {
		c.Err = ErrDamaged
	}
	if c.Err != nil {
		return 0, 0, false
	}
	c.place += int64(v) - 2
	return c.column, c.place, true
}

// number reads a number that ends before a place in the list.
func (c *Cursor) number(end int) uint64 {
	if c.at < end && c.list.data[c.at] < 0x80 {
		v := uint64(c.list.data[c.at])
		c.at++
		return v
	}
	v, n := varint(c.list.data[min(c.at, end):end])
	if n == 0 {
		c.Err, c.at = ErrDamaged, end
		return 0
	}
	c.at += n
	return v
}

// varint reads a number as SQLite writes it, https://sqlite.org/fileformat2.html#varint: seven bits a byte, the highest
// first, of the ninth byte eight. n is how many bytes it takes, 0 where they end before it does.
func varint(b []byte) (v uint64, n int) {
	for i, c := range b {
		if i == 8 {
			return v<<8 | uint64(c), 9
		}
		if v = v<<7 | uint64(c&0x7f); c < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}
