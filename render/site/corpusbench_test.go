package site

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"agc-export/render/markdown"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	gmhtml "github.com/yuin/goldmark/renderer/html"
)

// BenchmarkCorpus renders the Markdown of all storage files below the folder that AGC_CORPUS
// names, else of the demo's. It reports how fast that is against goldmark alone with the same
// extensions, which knows no allow-list and cleans nothing: that is the ceiling of this
// design. The two take turns, so that a busy machine slows both. Formulas and the colours of
// code, which goldmark has none of, are made beforehand: both are kept for a whole site.
func BenchmarkCorpus(b *testing.B) {
	texts, size := corpusMarkdown(b)
	floor := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote),
		goldmark.WithRendererOptions(gmhtml.WithUnsafe()))
	s := newSite(b, testConfig)
	for _, md := range texts {
		s.Render(md, Setting{Title: "T"})
	}
	var ours, theirs time.Duration
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, md := range texts {
			start := time.Now()
			s.Render(md, Setting{Title: "T"})
			turn := time.Now()
			var out bytes.Buffer
			if err := floor.Convert(md, &out); err != nil {
				b.Fatal(err)
			}
			ours, theirs = ours+turn.Sub(start), theirs+time.Since(turn)
		}
	}
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "x-goldmark")
}

// corpusMarkdown converts storage files, and says how much Markdown they are.
func corpusMarkdown(b *testing.B) (texts [][]byte, size int64) {
	folder := os.Getenv("AGC_CORPUS")
	if folder == "" {
		folder = "../../testdata/tenant"
	}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		src, err := os.ReadFile(path)
		md, _ := markdown.Convert(src, markdown.Page{ID: "1", Title: "T"}, nowhere{})
		texts, size = append(texts, md), size+int64(len(md))
		return err
	})
	if err != nil || len(texts) == 0 {
		b.Fatal("no storage files", err)
	}
	return texts, size
}
