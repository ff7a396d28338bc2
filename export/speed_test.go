package export

import (
	"os"
	"testing"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/fetch/faketenant"
)

// The speed of a run where the tenant answers at once: a first export, a night on which nothing
// changed, and the first one's network half alone.
func BenchmarkExport(b *testing.B) {
	const pages = 2000
	size := exporttest.Scale{Pages: pages, Files: pages * 3 / 4, Comments: pages / 5, PageBytes: 4000,
		Bodies: os.Getenv("AGC_CORPUS")}
	files := size.Tenant()
	fake, err := faketenant.New(files)
	if err != nil {
		b.Fatal(err)
	}
	measure := func(name string, begin func(*world), run func(*world)) {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				w := newWorld(b, exporttest.Tenant())
				w.fake.Store(fake)
				begin(w)
				b.StartTimer()
				run(w)
			}
			b.ReportMetric(float64(pages*b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
	export := func(w *world) { w.export(b, exit.Complete) }
	measure("first", func(*world) {}, export)
	measure("sync", func(*world) {}, func(w *world) {
		if _, err := w.Sync(b.Context()); err != nil {
			b.Fatal(err)
		}
	})
	measure("unchanged", export, export)
}
