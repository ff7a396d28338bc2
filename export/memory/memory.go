// Package memory sets how much memory the program takes before it is cleared of what is not used.
package memory

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A run is short and its heap small, so the collector may wait until there is something to gain:
// with Go's own setting it would look through the heap whenever that has doubled, which takes a
// tenth of a build. Instead the heap grows to heapRoom, whatever of it is in use, and no further: the
// system gives fresh memory page by page, which takes longer than to use what was cleared. Once that much
// is in use, it may grow by half of it: less than Go's own setting would take. Of a large tenant it takes some time in
// the place of memory: beyond heapSoft it grows by a fifth of what is in use. A seventh would take a twentieth of the
// memory less, and half as much time again.
const (
	heapRoom    = 160 << 20
	heapSoft    = 430 << 20
	heapPercent = 1000 // of what is in use, as long as that is little
)

// Roomy sets the collector so, unless the user has set it by GOGC or GOMEMLIMIT.
func Roomy(vars map[string]string) {
	if vars["GOGC"] != "" || vars["GOMEMLIMIT"] != "" {
		return
	}
	debug.SetGCPercent(heapPercent)
	limitHeap(struct{}{})
}

// limitHeap sets the limit for what is in use now, and again after each collection.
func limitHeap(struct{}) {
	inUse := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(inUse)
	debug.SetMemoryLimit(heapLimit(inUse[0].Value.Uint64()))
	runtime.AddCleanup(&struct{ _ *byte }{}, limitHeap, struct{}{}) // dropped at once: it goes with the next collection
}

// heapLimit is how large the heap may be, with the runtime's own memory, when so much is in use.
func heapLimit(inUse uint64) int64 {
	return int64(max(heapRoom, min(inUse+inUse/2+heapRoom/8, max(heapSoft, inUse+inUse/5))))
}
