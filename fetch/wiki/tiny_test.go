package wiki

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestTinyCode: the short address of a content is read back as its id.
func TestTinyCode(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10000 {
		id := fmt.Sprint(r.Uint64() >> r.IntN(60))
		if id == "0" {
			continue
		}
		if got, ok := TinyID(TinyCode(id)); !ok || got != id {
			t.Fatalf("%s -> %s -> %s", id, TinyCode(id), got)
		}
	}
	if TinyCode("x") != "" {
		t.Error("what is no number has a short address")
	}
}
