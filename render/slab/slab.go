// Package slab gives many small values of one type their memory together, and the same memory again to those
// who come later: the trees of ten thousand pages take that of the longest of them.
package slab

// Slab gives memory for values of a type. The zero value is ready. It is for one goroutine at a time.
type Slab[T any] struct {
	pieces [][]T
	used   int // how many of the pieces are given out, the last of them in part
	free   []T // what is left of that one
}

const (
	least = 4   // values that get their memory together at first: many trees are small
	piece = 64  // and later
	kept  = 128 // pieces that are used again
)

// Take returns n zero values that stand side by side. What is appended to them gets memory of its own.
func (s *Slab[T]) Take(n int) []T {
	if n > piece {
		return make([]T, n)
	}
	for n > len(s.free) {
		if s.used < len(s.pieces) {
			s.free = s.pieces[s.used]
			s.used++
			continue
		}
		s.free = make([]T, min(least<<(2*min(s.used, 8)), piece))
		if s.used < kept { // what is beyond goes with those who have it, piece by piece
			s.pieces = append(s.pieces, s.free)
			s.used++
		}
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}

// One returns a zero value.
func (s *Slab[T]) One() *T { return &s.Take(1)[0] }

// Reset takes back all that was taken: nobody may hold any of it any more.
func (s *Slab[T]) Reset() {
	for _, p := range s.pieces[:s.used] {
		clear(p)
	}
	s.used, s.free = 0, nil
}

// Leave leaves all that was taken to those who have it.
func (s *Slab[T]) Leave() { *s = Slab[T]{} }
