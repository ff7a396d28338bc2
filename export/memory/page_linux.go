package memory

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// largePages asks the system to give so much memory in pages of two megabytes where it can, and leaves
// that to the heap: nothing of it is touched here. Page by page of four kilobytes, a heap of 88 MB comes in
// 22,000 pieces, and on a virtual machine each may take 25 microseconds, a fifth of a build that changes
// little. It is a wish: where it is not granted, memory comes as ever.
func largePages(size int) {
	room := make([]byte, size)
	_ = unix.Madvise(room, unix.MADV_HUGEPAGE)
	runtime.GC() // room is needed no more
}
