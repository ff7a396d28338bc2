package search

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// build makes the index of some documents, as a map from names to files.
func build(t *testing.T, docs []Document) map[string]string {
	t.Helper()
	files := map[string]string{}
	x := New(func(name string, data []byte) error {
		if _, ok := files[name]; ok {
			return fmt.Errorf("%s comes twice", name)
		}
		files[name] = string(data)
		return nil
	})
	for _, d := range docs {
		if err := x.Add(d); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return files
}

// documents makes documents enough for several files of each kind.
func documents(n int) []Document {
	var docs []Document
	for i := range n {
		docs = append(docs, Document{Title: fmt.Sprintf("Page %d", i), Href: fmt.Sprintf("pages/%d.html", i),
			Space: "ENG", Labels: []string{"all"},
			Text: strings.Repeat(fmt.Sprintf("harbor light%d tide%d ", i%7, i), 30+i%50)})
	}
	return docs
}

// The same documents make the same files, and a further one leaves most of them.
func TestSameDocumentsSameFiles(t *testing.T) {
	one := build(t, documents(3000))
	if diff := cmp.Diff(one, build(t, documents(3000))); diff != "" {
		t.Errorf("two indexes of the same documents differ:\n%s", diff)
	}
	kinds, kept := map[string]int{}, 0
	for name := range one {
		kinds[name[:1]]++
	}
	for name, data := range build(t, documents(3001)) {
		if one[name] == data {
			kept++
		}
	}
	if kinds["t"] < 3 || kinds["d"] < 40 || kinds["x"] < 100 || kinds["p"] == 0 {
		t.Errorf("too few files to tell: %v", kinds)
	}
	if kept < len(one)*8/10 {
		t.Errorf("of %d files only %d stay when a document is added", len(one), kept)
	}
}

// Files do not grow with the number of documents, but for the directory and the
// postings of a word that all documents have: about one bit a document for each.
func TestFilesStaySmall(t *testing.T) {
	for name, data := range build(t, documents(3000)) {
		if len(data) > 40<<10 {
			t.Errorf("%s has %d bytes", name, len(data))
		}
	}
}

// An index of nothing is an index.
func TestNoDocuments(t *testing.T) {
	if files := build(t, nil); len(files) != 1 || files["index.js"] == "" {
		t.Errorf("files: %v", files)
	}
}

// TestPostings: what is written of postings is what is read, whatever their number.
func TestPostings(t *testing.T) {
	for _, step := range []int{1, 2, 3, 50, 999} {
		x := New(func(string, []byte) error { return nil })
		var a, b postings
		var want, got [][2]int
		for doc := range 5000 {
			x.docs = doc
			if doc%step == 0 {
				x.post(&a, doc/step%16)
				want = append(want, [2]int{doc, doc / step % 16})
			}
			x.post(&b, 1)
		}
		all := x.walk(&a)
		for doc, weight, ok := all.next(); ok; doc, weight, ok = all.next() {
			got = append(got, [2]int{doc, weight})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("every %dth document (-want +got):\n%s", step, diff)
		}
	}
}
