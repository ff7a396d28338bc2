package search

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// A document of very many words leaves no more to those after it than a share of what it took.
func TestHeld(t *testing.T) {
	w := NewWeigher()
	w.Weigh(Document{Text: "a b"})
	before := inUse()
	var b strings.Builder
	for i := range 6 * maxWords {
		fmt.Fprintf(&b, "w%d ", i)
	}
	w.Weigh(Document{Text: b.String()})
	b.Reset()
	if held := inUse() - before; held > 4<<20 {
		t.Errorf("%d bytes are held", held)
	}
	runtime.KeepAlive(w)
}

// inUse is how many bytes of memory are in use.
func inUse() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
