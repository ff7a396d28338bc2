package slab

import "testing"

// What is taken is zero, also where it was taken before, and nothing of it is given out twice.
func TestSlab(t *testing.T) {
	var s Slab[int]
	for round := range 3 {
		seen := map[*int]bool{}
		for n := range 3 * piece {
			taken := s.Take(n % (piece + 2))
			for i := range taken {
				if taken[i] != 0 || seen[&taken[i]] {
					t.Fatalf("round %d: value %d of %d is %d, given out before: %v", round, i, n, taken[i],
						seen[&taken[i]])
				}
				taken[i], seen[&taken[i]] = n+1, true
			}
			if more := append(taken, -1); len(taken) > 0 && &more[0] == &taken[0] {
				t.Fatal("what is appended takes what others may get")
			}
		}
		if round == 1 {
			s.Leave()
		} else {
			s.Reset()
		}
	}
}

// As much memory is kept as a long page takes, and no more.
func TestKept(t *testing.T) {
	var s Slab[byte]
	for range 2 * kept * piece {
		*s.One() = 1
	}
	s.Reset()
	if len(s.pieces) != kept {
		t.Error(len(s.pieces), "pieces are kept")
	}
	if n := testing.AllocsPerRun(10, func() {
		for range (kept - 2) * piece {
			*s.One() = 1
		}
		s.Reset()
	}); n > 0 {
		t.Error(n, "allocations for what was there")
	}
}
