package export

import (
	"os"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"agc-export/export/exporttest"
)

// nightRatio is the processor time, that of the system included, of a build after one page of a hundred
// has changed, against that of the first build of the same tenant.
func nightRatio(t testing.TB, pages int) float64 {
	t.Helper()
	tenant := exporttest.Scale{Pages: pages, Files: pages * 3 / 4, Comments: pages / 5, PageBytes: 13_000,
		Bodies: os.Getenv("AGC_CORPUS")}
	w := newWorld(t, tenant.Tenant())
	build := func() time.Duration {
		if _, err := w.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		start := processTime()
		if _, err := w.Build(t.Context()); err != nil {
			t.Fatal(err)
		}
		return processTime() - start
	}
	clean := build()
	tenant.Changed = func(i int) bool { return i%100 == 0 }
	w.serve(t, tenant.Tenant())
	night := build()
	t.Logf("%d pages: the first build took %v, the next one %v", pages, clean, night)
	return float64(night) / float64(clean)
}

// processTime is the processor time of this process.
func processTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		panic("a process may ask about itself: " + err.Error())
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestNightCosts holds loosely what BenchmarkNight measures.
func TestNightCosts(t *testing.T) {
	if os.Getenv("AGC_LONG") == "" {
		t.Skip("AGC_LONG=1 compares the processor's time of two builds of 400 pages")
	}
	atMost(t, 0.4, "a build after one page of a hundred has changed takes %.2f times the first one",
		func() float64 { return nightRatio(t, 400) })
}

// atMost wants a ratio to be no more, in one of three tries: others may work on the machine.
func atMost(t *testing.T, most float64, what string, ratio func() float64) {
	t.Helper()
	for try := 0; ; try++ {
		n := ratio()
		if n <= most {
			return
		}
		if try == 2 {
			t.Errorf(what, n)
			return
		}
	}
}

// benchmarked is how many pages a benchmark has: as many as AGC_PAGES says, where it does.
func benchmarked(pages int) int {
	if n, err := strconv.Atoi(os.Getenv("AGC_PAGES")); err == nil {
		return n
	}
	return pages
}

// BenchmarkNight reports the ratio within one run: 1,000 pages, or as many as AGC_PAGES says.
func BenchmarkNight(b *testing.B) {
	pages := benchmarked(1000)
	for b.Loop() {
		b.ReportMetric(nightRatio(b, pages), "night/first")
	}
}
