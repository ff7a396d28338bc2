package markdown

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	tables "github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
)

// BenchmarkCorpus converts all storage files below the folder that AGC_CORPUS names, else
// the demo's. It reports how much longer that takes than html-to-markdown alone takes for
// the same bytes, which knows nothing of Confluence: that is the floor of this design.
func BenchmarkCorpus(b *testing.B) {
	folder := os.Getenv("AGC_CORPUS")
	if folder == "" {
		folder = "../../testdata/tenant"
	}
	var sources [][]byte
	size := int64(0)
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		src, err := os.ReadFile(path)
		sources, size = append(sources, src), size+int64(len(src))
		return err
	})
	if err != nil || len(sources) == 0 {
		b.Fatal("no storage files", err)
	}
	floor := converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(),
		tables.NewTablePlugin()))
	var ours, theirs time.Duration
	b.SetBytes(size)
	for b.Loop() {
		start := time.Now()
		for _, src := range sources {
			Convert(src, testPage, newFake())
		}
		ours += time.Since(start)
		b.StopTimer()
		start = time.Now()
		for _, src := range sources {
			if _, err := floor.ConvertString(string(src)); err != nil {
				b.Fatal(err)
			}
		}
		theirs += time.Since(start)
		b.StartTimer()
	}
	b.ReportMetric(float64(ours)/float64(theirs), "x-floor")
}
