package search

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
)

// BenchmarkWeigh reads the words of all storage files below the folder that AGC_CORPUS names, else
// of the demo's. It reports how fast that is against the least that could be done: to divide the
// same texts at what is no letter or digit and to count the lower-case words of each in a map,
// without stems, names of several words and scripts that have no spaces. The two take turns.
func BenchmarkWeigh(b *testing.B) {
	docs, size := corpus(b)
	w := NewWeigher()
	var ours, theirs time.Duration
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, d := range docs {
			start := time.Now()
			w.Weigh(d)
			turn := time.Now()
			count(d.Text)
			ours, theirs = ours+turn.Sub(start), theirs+time.Since(turn)
		}
	}
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "x-fields")
}

func count(text string) map[string]int {
	words := map[string]int{}
	between := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for word := range strings.FieldsFuncSeq(text, between) {
		words[strings.ToLower(word)]++
	}
	return words
}

// BenchmarkAfter makes the index of the same documents after one that had them all, and reports how
// much faster that is than to make it of the texts.
func BenchmarkAfter(b *testing.B) {
	docs, size := corpus(b)
	w := NewWeigher()
	entries, words := make([]Numbered, len(docs)), new(Vocabulary)
	before := &shelf{now: map[string]string{}}
	x := NewAfter(nil, words, before)
	for i, d := range docs {
		entries[i] = words.Number(w.Weigh(d))
		take(b, x, d, entries[i])
	}
	finish(b, x)
	var again, anew time.Duration
	b.SetBytes(size)
	for b.Loop() {
		start := time.Now()
		y := NewAfter(x.Packed(), words, &shelf{now: map[string]string{}, before: before.now})
		for i, d := range docs {
			take(b, y, d, entries[i])
		}
		finish(b, y)
		turn := time.Now()
		z := New(func(string, []byte) error { return nil })
		for _, d := range docs {
			if err := z.Add(d); err != nil {
				b.Fatal(err)
			}
		}
		finish(b, z)
		again, anew = again+turn.Sub(start), anew+time.Since(turn)
	}
	b.ReportMetric(anew.Seconds()/again.Seconds(), "x-anew")
}

func take(b *testing.B, x *Index, d Document, e Numbered) {
	if err := x.Take(d, e, func() (string, error) { return d.Text, nil }); err != nil {
		b.Fatal(err)
	}
}

func finish(b *testing.B, x *Index) {
	if err := x.Close(); err != nil {
		b.Fatal(err)
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

// corpus makes documents of storage files, and says how much text they are.
func corpus(b *testing.B) (docs []Document, size int64) {
	folder := os.Getenv("AGC_CORPUS")
	if folder == "" {
		folder = "../../testdata/tenant"
	}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		src, err := os.ReadFile(path)
		text := tag.ReplaceAllString(string(src), " ")
		docs = append(docs, Document{Title: filepath.Base(path), Href: path, Space: "S", Text: text})
		size += int64(len(text))
		return err
	})
	if err != nil || len(docs) == 0 {
		b.Fatal("no storage files:", err)
	}
	return docs, size
}
