package fulltext

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// A page of a segment:
//
//	2 bytes  where the first number of a row stands that is whole, 0 for none
//	2 bytes  where the tokens and lists end
//	         the rest of the list of the page before
//	         tokens, each with its list: a varint, how many bytes it shares with the token before, not in the first
//	         one of the page; a varint, how many follow, and those
//	         where the tokens stand: varints, each less the one before
const pageHead = 4

// walk reads pages, one after the other.
type walk struct {
	from, until []byte
	use         func(token []byte, l List)
	token       []byte
	list        List
	open        bool // token is looked for, and its list may not be at its end
}

// errDone ends a walk.
var errDone = errors.New("all tokens are read")

// page reads one. The error is errDone where no token behind it is looked for.
func (w *walk) page(data []byte) error {
	if len(data) < pageHead {
		return ErrDamaged
	}
	whole, size := int(binary.BigEndian.Uint16(data)), int(binary.BigEndian.Uint16(data[2:]))
	if size < pageHead || size > len(data) || whole >= size || whole > 0 && whole < pageHead {
		return ErrDamaged
	}
	starts := reader{rest: data[size:]}
	next := func(from int) int { // where the next token stands
		if len(starts.rest) == 0 {
			return size
		}
		return from + int(min(starts.number(), uint64(size)))
	}
	at := next(0)
	if at < pageHead || at > size {
		return ErrDamaged
	}
	w.add(data, pageHead, at, whole)
	for first := true; at < size; first = false {
		until := next(at)
		if until <= at || until > size || starts.bad {
			return ErrDamaged
		}
		if err := w.end(); err != nil {
			return err
		}
		n, err := w.name(data[at:until], first)
		if err != nil {
			return err
		}
		if bytes.Compare(w.token, w.until) >= 0 {
			return errDone
		}
		if w.open = bytes.Compare(w.token, w.from) >= 0; w.open {
			w.list.whole = append(w.list.whole, 0)
			w.add(data, at+n, until, whole)
		}
		at = until
	}
	return nil
}

// name reads a token, and returns how many bytes it takes.
func (w *walk) name(data []byte, first bool) (int, error) {
	r := reader{rest: data}
	shared := uint64(0)
	if !first {
		shared = r.number()
	}
	n := r.number()
	if r.bad || shared > uint64(len(w.token)) || n > uint64(len(r.rest)) {
		return 0, ErrDamaged
	}
	if w.token = append(w.token[:shared], r.rest[:n]...); len(w.token) == 0 || w.token[0] != mainIndex {
		return 0, ErrDamaged
	}
	return len(data) - len(r.rest) + int(n), nil
}

// add adds a part of a page to the list. whole is where a number of a row stands that is whole.
func (w *walk) add(data []byte, from, until, whole int) {
	if !w.open {
		return
	}
	if whole >= from && whole < until {
		if at := len(w.list.data) + whole - from; at > 0 {
			w.list.whole = append(w.list.whole, at)
		}
	}
	w.list.data = append(w.list.data, data[from:until]...)
}

// end gives away the token that was read, if it is looked for.
func (w *walk) end() error {
	if w.open {
		if len(w.list.data) == 0 {
			return ErrDamaged
		}
		w.use(w.token[1:], w.list)
	}
	w.list, w.open = List{w.list.data[:0], w.list.whole[:0]}, false
	return nil
}
