package search

import (
	"encoding/binary"
	"math/bits"
)

// bitWriter packs numbers into bits, the most significant first.
type bitWriter struct {
	out  []byte
	acc  uint64 // bits that are not written yet, in its lower end
	held uint   // how many, less than mostBits
}

// mostBits is how many bits are written at once.
const mostBits = 32

func (w *bitWriter) bits(v uint64, n uint) {
	w.acc = w.acc<<n | v&(1<<n-1)
	if w.held += n; w.held >= mostBits {
		w.held -= mostBits
		w.out = binary.BigEndian.AppendUint32(w.out, uint32(w.acc>>w.held))
	}
}

// unary writes n ones and a zero.
func (w *bitWriter) unary(n uint64) {
	for ; n >= mostBits; n -= mostBits {
		w.bits(1<<mostBits-1, mostBits)
	}
	w.bits((1<<n-1)<<1, uint(n)+1)
}

// rice writes a number as Rice codes do: what is above its k lowest bits in ones, then
// those bits. Golomb, Run-length encodings, 1966; Rice, 1979.
func (w *bitWriter) rice(v uint64, k uint) {
	w.unary(v >> k)
	w.bits(v, k)
}

// finish writes what is left, and fills the last byte with zeros.
func (w *bitWriter) finish() []byte {
	for ; w.held > 8; w.held -= 8 {
		w.out = append(w.out, byte(w.acc>>(w.held-8)))
	}
	if w.held > 0 {
		w.out = append(w.out, byte(w.acc<<(8-w.held)))
	}
	return w.out
}

// riceOf is the parameter k that makes the gaps between df of n documents short.
func riceOf(n, df int) uint {
	mean := n * 69 / 100 / df
	return uint(max(bits.Len(uint(mean))-1, 0))
}

// encodePostings packs the postings of a term: for each the gap to the document before
// in a Rice code and the weight in unary, because low weights are by far the most.
func encodePostings(to []byte, all walker, k uint) []byte {
	w := bitWriter{out: to}
	last := -1
	for doc, weight, ok := all.next(); ok; doc, weight, ok = all.next() {
		gap, ones := uint64(doc-last-1), uint64(weight)
		last = doc
		if n := gap>>k + uint64(k) + ones + 2; n <= mostBits { // those of both, at once
			v := (1<<(gap>>k)-1)<<(k+1) | gap&(1<<k-1)
			w.bits(v<<(ones+1)|(1<<ones-1)<<1, uint(n))
			continue
		}
		w.rice(gap, k)
		w.unary(ones)
	}
	return w.finish()
}
