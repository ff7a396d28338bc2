package search

import "math/bits"

// bitWriter packs numbers into bits, the most significant first.
type bitWriter struct {
	out  []byte
	acc  uint64 // bits that do not fill a byte yet, in its lower end
	held uint   // how many
}

func (w *bitWriter) bits(v uint64, n uint) {
	w.acc = w.acc<<n | v&(1<<n-1)
	for w.held += n; w.held >= 8; w.held -= 8 {
		w.out = append(w.out, byte(w.acc>>(w.held-8)))
	}
}

// unary writes n ones and a zero.
func (w *bitWriter) unary(n uint64) {
	for ; n >= 32; n -= 32 {
		w.bits(1<<32-1, 32)
	}
	w.bits((1<<n-1)<<1, uint(n)+1)
}

// rice writes a number as Rice codes do: what is above its k lowest bits in ones, then
// those bits. Golomb, Run-length encodings, 1966; Rice, 1979.
func (w *bitWriter) rice(v uint64, k uint) {
	w.unary(v >> k)
	w.bits(v, k)
}

// finish fills the last byte with zeros.
func (w *bitWriter) finish() []byte {
	if w.held > 0 {
		w.bits(0, 8-w.held)
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
func encodePostings(to []byte, next func() (doc, weight int, ok bool), k uint) []byte {
	w := bitWriter{out: to}
	last := -1
	for doc, weight, ok := next(); ok; doc, weight, ok = next() {
		w.rice(uint64(doc-last-1), k)
		w.unary(uint64(weight))
		last = doc
	}
	return w.finish()
}
