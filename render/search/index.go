package search

import (
	"cmp"
	"fmt"
	"slices"
)

// Index takes documents in their order and writes the files of the index. The rows and
// texts of documents are written as they come; the postings are kept, packed to about
// two bytes each, until Close.
type Index struct {
	files   *filer
	rows    rowWriter
	weigher *Weigher          // for Add
	terms   map[string]uint32 // to the place in list
	list    []term
	arena   arena
	docs    int
	posted  int // postings, of all terms
}

// term is an entry of the vocabulary.
type term struct {
	name  string
	chain chain
	df    uint32 // documents that have it
	last  uint32 // 1 more than the last of them
}

// New returns an empty index whose files go to write.
func New(write Write) *Index { return NewAfter(nil, first{write}) }

// NewAfter returns an empty index whose files go where those of the last one lie, which are taken
// over if they hold the same. Of them last is what Packed told.
func NewAfter(last []Packed, files Files) *Index {
	f := newFiler(files, last)
	return &Index{files: f, rows: rowWriter{files: f}, weigher: NewWeigher(), terms: map[string]uint32{}}
}

// Packed tells the files that were written and taken over, in their order.
func (x *Index) Packed() []Packed { return x.files.packed }

// Add adds a document. Its number is that of the documents before it. An error is that
// of Files, and the index is then of no more use.
func (x *Index) Add(d Document) error {
	return x.Take(d, x.weigher.Weigh(d), func() (string, error) { return d.Text, nil })
}

// Take is Add for a document whose entry is known. Its headings and text are not needed, but text
// returns the latter: it is called, now or later, only if a file holds it that is written anew and
// the last index did not have it.
func (x *Index) Take(d Document, e Entry, text func() (string, error)) error {
	for rest := e.Terms; len(rest) > 0; {
		name, weight, after, ok := nextTerm(rest)
		if !ok {
			return fmt.Errorf("search index: the entry of %s is none", d.Href)
		}
		x.post(x.intern(name), weight)
		rest = after
	}
	x.docs++
	if uint64(x.docs)<<4 > 1<<32 {
		return fmt.Errorf("search index: more than %d documents", x.docs-1)
	}
	return x.rows.add(d, e.Texts, text)
}

// intern returns the place of a term in x.list.
func (x *Index) intern(name []byte) uint32 {
	return intern(x.terms, &x.list, name, func(name string) term { return term{name: name} })
}

// post appends a posting of the document that is being added.
func (x *Index) post(id uint32, weight int) {
	t := &x.list[id]
	v := (x.docs-int(t.last))<<4 | weight // as binary.AppendUvarint writes it
	for ; v >= 0x80; v >>= 7 {
		x.arena.add(&t.chain, byte(v)|0x80)
	}
	x.arena.add(&t.chain, byte(v))
	t.last = uint32(x.docs) + 1
	t.df++
	x.posted++
}

// postings returns a function that walks a term's postings.
func (x *Index) postings(t *term) func() (doc, weight int, ok bool) {
	r, left, doc := x.arena.reader(t.chain), t.df, 0
	return func() (int, int, bool) {
		if left == 0 {
			return 0, 0, false
		}
		left--
		v := r.uvarint()
		at := doc + int(v>>4)
		doc = at + 1
		return at, int(v & 15), true
	}
}

// Close writes the terms and index.js, which names all other files.
func (x *Index) Close() error {
	if err := x.rows.close(); err != nil {
		return err
	}
	x.terms = nil
	slices.SortFunc(x.list, func(a, b term) int { return compareUTF16(a.name, b.name) })
	terms := termWriter{files: x.files, docs: x.docs, size: termFile(x.posted)}
	words := wordWriter{files: x.files, docs: x.docs}
	for i := range x.list {
		t := &x.list[i]
		if err := cmp.Or(terms.add(t, x.postings(t)), words.add(t)); err != nil {
			return err
		}
	}
	if err := cmp.Or(terms.close(), words.flush()); err != nil {
		return err
	}
	facets, err := x.addFacets()
	if err != nil {
		return err
	}
	return x.files.put("index", directory{Docs: x.docs, First: terms.first, Terms: terms.names, RowsPer: rowsPerFile,
		Rows: x.rows.names, FirstWords: words.first, Words: words.names, Facets: facets})
}

// addFacets writes the file of facets, if there are any.
func (x *Index) addFacets() (hash string, err error) {
	all := facetsIn(x.list)
	if len(all) == 0 {
		return "", nil
	}
	return x.files.addJSON('f', all)
}

// directory is index.js.
type directory struct {
	Docs    int      `json:"docs"`
	First   []string `json:"first"` // the first term of each file of terms
	Terms   []string `json:"terms"` // their names, without "t-"
	RowsPer int      `json:"rowsPer"`
	Rows    []string `json:"rows"` // the names of the files of rows, without "d-"

	FirstWords []string `json:"firstWords"` // the first word of each file of words
	Words      []string `json:"words"`      // their names, without "w-"
	Facets     string   `json:"facets"`     // the name of the file of facets, without "f-", or ""
}

// compareUTF16 orders strings as JavaScript does, by UTF-16: characters above U+FFFF
// come before those from U+E000.
func compareUTF16(a, b string) int {
	for i := 0; i < min(len(a), len(b)); i++ {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		if x >= 0xee && y >= 0xee && (x >= 0xf0) != (y >= 0xf0) {
			return int(y) - int(x)
		}
		return int(x) - int(y)
	}
	return len(a) - len(b)
}
