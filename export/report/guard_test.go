package report

import "testing"

// The hash of a list depends on its members alone.
func TestApprovalHash(t *testing.T) {
	a := []Item{{Kind: "content", ID: "1"}, {Kind: "content", ID: "12"}}
	if ApprovalHash(a) == ApprovalHash(a[:1]) ||
		ApprovalHash(a) == ApprovalHash([]Item{{Kind: "content", ID: "11"}, {Kind: "content", ID: "2"}}) {
		t.Error("another list has the same hash")
	}
	named := []Item{{Kind: "content", ID: "1", Title: "x", State: "trashed"}, {Kind: "content", ID: "12"}}
	if ApprovalHash(a) != ApprovalHash(named) {
		t.Error("titles change the hash")
	}
}
