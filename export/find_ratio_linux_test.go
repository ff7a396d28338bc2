package export

import (
	"os"
	"testing"
	"time"

	"agc-export/export/exporttest"
	"agc-export/export/find"
)

// findRatio is the processor time, that of the system included, of syncs after one page of a hundred has changed and of
// what brings find's index into step at their end, against that of the syncs alone.
func findRatio(t testing.TB, pages int) float64 {
	t.Helper()
	tenant := exporttest.Scale{Pages: pages, Files: pages * 3 / 4, Comments: pages / 5, PageBytes: 13_000,
		Bodies: os.Getenv("AGC_CORPUS")}
	w := newWorld(t, tenant.Tenant())
	if _, err := w.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.asked(t, "harbor")
	aside := w.Config.Output.Dir + ".index"
	var syncs, steps time.Duration
	const rounds = 3
	for round := range rounds {
		tenant.Changed = func(i int) bool { return i%100 == round }
		w.serve(t, tenant.Tenant())
		if err := os.Rename(w.indexOf(), aside); err != nil {
			t.Fatal(err)
		}
		start := processTime()
		if _, err := w.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		syncs += processTime() - start
		if err := os.Rename(aside, w.indexOf()); err != nil {
			t.Fatal(err)
		}
		before := w.indexTime(t)
		start = processTime()
		if err := find.Follow(t.Context(), w.Config.Output.Mirror); err != nil {
			t.Fatal(err)
		}
		steps += processTime() - start
		if w.indexTime(t).Equal(before) {
			t.Error("the index was not brought into step")
		}
	}
	t.Logf("%d pages: %d syncs took %v, the steps of the index %v", pages, rounds, syncs, steps)
	return 1 + float64(steps)/float64(syncs)
}

// indexTime is when find's index was written.
func (w *world) indexTime(t testing.TB) time.Time {
	t.Helper()
	info, err := os.Stat(w.indexOf())
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}

// TestFindCosts holds loosely what BenchmarkFind measures: that a sync is at most 5 % slower with an index.
func TestFindCosts(t *testing.T) {
	if os.Getenv("AGC_LONG") == "" {
		t.Skip("AGC_LONG=1 compares the processor's time of syncs of 1,000 pages")
	}
	const most = 1.08 // of few pages the fixed cost is a larger part than of many, and others may work on the machine
	atMost(t, most, "a sync with an index takes %.2f times the one without",
		func() float64 { return findRatio(t, 1000) })
}

// BenchmarkFind reports the ratio within one run: 5,000 pages, or as many as AGC_PAGES says.
func BenchmarkFind(b *testing.B) {
	pages := benchmarked(5000)
	for b.Loop() {
		b.ReportMetric(findRatio(b, pages), "with/without")
	}
}
