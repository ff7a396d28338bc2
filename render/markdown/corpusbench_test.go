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
// the demo's. It reports how fast that is against html-to-markdown alone with the same bytes,
// which knows nothing of Confluence. The two take turns, so that a busy machine slows both.
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
	tenant := newFake()
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range sources {
			start := time.Now()
			Convert(src, testPage, tenant)
			turn := time.Now()
			if _, err := floor.ConvertString(string(src)); err != nil {
				b.Fatal(err)
			}
			ours, theirs = ours+turn.Sub(start), theirs+time.Since(turn)
		}
	}
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "x-html-to-markdown")
}
