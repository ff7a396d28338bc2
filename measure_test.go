package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"agc-export/render/search"
)

// buildBulk writes the index of generated documents into a folder and reports how long
// it took, how much memory it needed at the most, and how large it is.
func buildBulk(t *testing.T, dir string, b bulk) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	files, size := 0, 0
	x := search.New(func(name string, data []byte) error {
		files++
		size += len(data)
		return os.WriteFile(filepath.Join(dir, name), data, 0o644)
	})
	begun, most, generated := time.Now(), uint64(0), time.Duration(0)
	n := 0
	last := time.Now()
	for d := range b.all() {
		generated += time.Since(last)
		if err := x.Add(d); err != nil {
			t.Fatal(err)
		}
		if n++; n%1000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapSys-m.HeapReleased)
		}
		last = time.Now()
	}
	added := time.Since(begun) - generated
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	most = max(most, m.HeapSys-m.HeapReleased)
	t.Logf("%d documents of %d words: index built in %.1f s (and %.1f s to make them up), at most %d MB of heap, %d files, %.1f MB",
		b.docs, b.words, (time.Since(begun) - generated).Seconds(), generated.Seconds(), most>>20, files, float64(size)/1e6)
	t.Logf("of it %.1f s adding", added.Seconds())
}

func TestBulk(t *testing.T) {
	if !long {
		t.Skip("AGC_LONG=1 runs it")
	}
	buildBulk(t, t.TempDir(), bulk{10000, 400})
}
