package memory

import "testing"

// TestHeapLimit tells what the heap may take with so many megabytes in use: a fixed room as long as
// that is little, less than twice of it when it is much.
func TestHeapLimit(t *testing.T) {
	for _, c := range []struct{ inUse, limit uint64 }{{0, 160}, {80, 160}, {100, 170},
		{260, 410}, {300, 430}, {340, 430}, {400, 480}, {700, 840}} {
		if got := heapLimit(c.inUse << 20); got != int64(c.limit<<20) {
			t.Errorf("%d MB in use: %d MB, want %d", c.inUse, got>>20, c.limit)
		}
	}
}
