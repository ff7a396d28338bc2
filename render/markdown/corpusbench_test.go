package markdown

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkCorpus converts all storage files below the folder that AGC_CORPUS names.
func BenchmarkCorpus(b *testing.B) {
	folder := os.Getenv("AGC_CORPUS")
	if folder == "" {
		b.Skip("SKIPPED: no corpus. Set AGC_CORPUS to a folder of storage files (*.xml) to run this benchmark.")
	}
	var bodies [][]byte
	size := int64(0)
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		src, err := os.ReadFile(path)
		bodies, size = append(bodies, src), size+int64(len(src))
		return err
	})
	if err != nil || len(bodies) == 0 {
		b.Fatal("no storage files", err)
	}
	b.SetBytes(size)
	for b.Loop() {
		for _, src := range bodies {
			Convert(src, testPage, newFake())
		}
	}
}
