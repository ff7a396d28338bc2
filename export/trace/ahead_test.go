package trace

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// TestAhead: whatever the order in which pieces are asked for, and by how many, each is the one that lies
// there; what lies beyond the end is none.
func TestAhead(t *testing.T) {
	whole := make([]byte, 5*aheadBytes+17)
	for i := range whole {
		whole[i] = byte(i * 7 >> 3)
	}
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a := ahead{file: f}
	var wg sync.WaitGroup
	for seed := range uint64(4) {
		wg.Go(func() {
			random, at := rand.New(rand.NewPCG(seed, 1)), int64(0)
			for range 3000 {
				size := random.Int64N(900)
				switch random.IntN(40) {
				case 0:
					at = random.Int64N(int64(len(whole)))
				case 1:
					size = random.Int64N(2 * aheadBytes)
				}
				at = max(0, at+random.Int64N(200)-50)
				got := make([]byte, size)
				ok := a.read(got, at)
				if end := at + size; ok != (end <= int64(len(whole))) || ok && !bytes.Equal(got, whole[at:end]) {
					t.Errorf("%d bytes at %d: %d, %v", size, at, len(got), ok)
				}
				if at += size; at > int64(len(whole)) {
					at = 0
				}
			}
		})
	}
	wg.Wait()
}
