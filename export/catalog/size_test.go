package catalog

import (
	"testing"
	"unsafe"
)

// There are as many nodes in memory as a tenant has contents.
func TestNodeSize(t *testing.T) {
	if size := unsafe.Sizeof(Node{}); size > 640 {
		t.Errorf("a node has %d bytes", size)
	}
}
