package memory

import (
	"runtime"
	"testing"
)

// TestFilled: what comes in large pages is free for the heap.
func TestFilled(t *testing.T) {
	if Filled(map[string]string{"GOGC": "50"}); mapped() > heapRoom {
		t.Error("the user's own setting does not count")
	}
	Filled(nil)
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	if now.HeapInuse > heapRoom/4 {
		t.Errorf("%d bytes of the heap are in use", now.HeapInuse)
	}
	if runtime.GOOS == "linux" && mapped() < heapRoom {
		t.Errorf("the heap has %d bytes", mapped())
	}
}

func mapped() uint64 {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return now.HeapSys
}

// TestHeapLimit tells what the heap may take with so many megabytes in use: a fixed room as long as
// that is little, less than twice of it when it is much.
func TestHeapLimit(t *testing.T) {
	for _, c := range []struct{ inUse, limit uint64 }{{0, 88}, {40, 88}, {60, 101}, {100, 161}, {300, 461}} {
		if got := heapLimit(c.inUse << 20); got != int64(c.limit<<20) {
			t.Errorf("%d MB in use: %d MB, want %d", c.inUse, got>>20, c.limit)
		}
	}
}
