// Package index makes the search index of a generation of what the contents tell of themselves, in
// whatever order they come, and takes its files over from the generation before where they hold the
// same. It leaves to the next build, in the traces, of what each file was made.
package index

import (
	"sync"

	"agc-export/export/output"
	"agc-export/export/parallel"
	"agc-export/export/trace"
	"agc-export/render/search"
)

// Dir is where the files of the index lie in a generation.
const Dir = output.SiteDir + "/search/"

// The keys in the traces of the files of an index, and of its vocabulary.
const (
	key      = "search"
	keyWords = "search words"
)

// Index is one that is being made. It may be used by many at once until Close.
type Index struct {
	to       *search.Index
	order    *parallel.Ordered[Found]
	words    *search.Vocabulary
	goesOn   bool      // it is that of the last index
	weighers sync.Pool // of *search.Weigher
	traces   *trace.Build
}

// Found is what can be found: a document, which is shown without its words where these were read
// before and its entry kept, and then Text, which returns those of its body where they are asked for.
type Found struct {
	search.Document
	search.Numbered
	Text func() (string, error)
}

// New begins the index of a generation.
func New(g *output.Generation, traces *trace.Build) *Index {
	var last []search.Packed
	if r, ok := traces.Last(key, trace.Sum{}); ok && !r.Read(&last) {
		last = nil
	}
	x := &Index{words: new(search.Vocabulary), traces: traces}
	if r, ok := traces.Last(keyWords, trace.Sum{}); ok {
		x.words, x.goesOn = search.VocabularyOf(r.Result())
	}
	x.to = search.NewAfter(last, x.words, files{g})
	x.order = parallel.NewOrdered(func(f Found) error { return x.to.Take(f.Document, f.Numbered, f.Text) })
	x.weighers.New = func() any { return search.NewWeigher() }
	return x
}

// GoesOn tells whether what Weigh returned in the last build can be added: else its numbers are of other words.
func (x *Index) GoesOn() bool { return x.goesOn }

// Weigh reads the words of a document.
func (x *Index) Weigh(d search.Document) search.Numbered {
	w := x.weighers.Get().(*search.Weigher)
	defer x.weighers.Put(w)
	return x.words.Number(w.Weigh(d))
}

// Add adds what is found under a number, from 0.
func (x *Index) Add(number int, f Found) error { return x.order.Add(number, f) }

// AddLast adds a document behind all that have numbers.
func (x *Index) AddLast(d search.Document) error { return x.to.Add(d) }

// Close ends the index.
func (x *Index) Close() error {
	if err := x.to.Close(); err != nil {
		return err
	}
	x.traces.Put(key, &trace.Record{Result: trace.Append(nil, x.to.Packed())})
	if words := x.to.Words(); words != nil {
		x.traces.Put(keyWords, &trace.Record{Result: words})
	}
	return nil
}

// files are those of the index, in a generation and in the one before.
type files struct{ gen *output.Generation }

func (f files) Write(name string, data []byte) error { return f.gen.Write(Dir+name, data) }
func (f files) Keep(name string) (bool, error)       { return f.gen.Keep(Dir + name) }
func (f files) Read(name string) ([]byte, bool)      { return f.gen.ReadBefore(Dir + name) }
