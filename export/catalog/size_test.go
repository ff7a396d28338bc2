package catalog

import (
	"testing"
	"unsafe"
)

// There are as many nodes in memory as a tenant has contents: one fits into the 1,024 bytes that Go takes for it. One
// byte more would take 128 of each.
func TestNodeSize(t *testing.T) {
	if size := unsafe.Sizeof(Node{}); size > 1024 {
		t.Errorf("a node has %d bytes", size)
	}
}
