package search

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
)

// Index takes documents in their order and writes the files of the index. The rows and
// texts of documents are written as they come; the postings are kept, packed to about
// two bytes each, until Close.
type Index struct {
	files   *filer
	rows    rowWriter
	weigher *Weigher // for Add
	words   *Vocabulary
	list    []postings // of the terms, by their numbers
	arena   arena
	docs    int
	posted  int // postings, of all terms
	had     int // terms that documents have, once that is known
}

// postings tell which documents have a term.
type postings struct {
	chain chain
	df    uint32 // documents that have it
	last  uint32 // 1 more than the last of them
}

// term is one that documents have.
type term struct {
	name string
	postings
}

// New returns an empty index whose files go to write.
func New(write Write) *Index { return NewAfter(nil, new(Vocabulary), first{write}) }

// NewAfter returns an empty index whose files go where those of the last one lie, which are taken
// over if they hold the same. Of them last is what Packed told. The vocabulary is that of its entries.
func NewAfter(last []Packed, words *Vocabulary, files Files) *Index {
	f := newFiler(files, last)
	return &Index{files: f, rows: rowWriter{files: f}, weigher: NewWeigher(), words: words}
}

// Words are the terms of a closed index in the order of their numbers, for VocabularyOf. There are none where most of
// them are in no document any more: then numbers shall begin anew.
func (x *Index) Words() []byte {
	if x.had < x.words.size()/2 {
		return nil
	}
	return x.words.Bytes()
}

// Packed tells the files that were written and taken over, in their order.
func (x *Index) Packed() []Packed { return x.files.packed }

// Add adds a document. Its number is that of the documents before it. An error is that
// of Files, and the index is then of no more use.
func (x *Index) Add(d Document) error {
	return x.Take(d, x.words.Number(x.weigher.Weigh(d)), func() (string, error) { return d.Text, nil })
}

// Take is Add for a document whose entry is known. Its headings and text are not needed, but text
// returns the latter: it is called, now or later, only if a file holds it that is written anew and
// the last index did not have it.
func (x *Index) Take(d Document, e Numbered, text func() (string, error)) error {
	x.list = append(x.list, make([]postings, max(0, x.words.size()-len(x.list)))...)
	for rest := e.Terms; len(rest) > 0; {
		v, size := binary.Uvarint(rest)
		if size <= 0 || v>>4 >= uint64(len(x.list)) {
			return fmt.Errorf("search index: the entry of %s is none", d.Href)
		}
		x.post(&x.list[v>>4], int(v&15))
		rest = rest[size:]
	}
	x.docs++
	if uint64(x.docs)<<4 > 1<<32 {
		return fmt.Errorf("search index: more than %d documents", x.docs-1)
	}
	return x.rows.add(d, e.Texts, text)
}

// post appends a posting of the document that is being added.
func (x *Index) post(t *postings, weight int) {
	v := (x.docs-int(t.last))<<4 | weight // as binary.AppendUvarint writes it
	for ; v >= 0x80; v >>= 7 {
		x.arena.add(&t.chain, byte(v)|0x80)
	}
	x.arena.add(&t.chain, byte(v))
	t.last = uint32(x.docs) + 1
	t.df++
	x.posted++
}

// walker walks a term's postings.
type walker struct {
	reader
	left uint32
	doc  int // behind the last one
}

func (x *Index) walk(t *postings) walker {
	return walker{reader: x.arena.reader(t.chain), left: t.df}
}

// next returns the next posting, if there is one.
func (w *walker) next() (doc, weight int, ok bool) {
	if w.left == 0 {
		return 0, 0, false
	}
	w.left--
	v := w.uvarint()
	doc = w.doc + int(v>>4)
	w.doc = doc + 1
	return doc, int(v & 15), true
}

// Close writes the terms and index.js, which names all other files.
func (x *Index) Close() error {
	if err := x.rows.close(); err != nil {
		return err
	}
	all := x.sorted()
	terms := termWriter{files: x.files, docs: x.docs, size: termFile(x.posted)}
	words := wordWriter{files: x.files, docs: x.docs}
	for i := range all {
		t := &all[i]
		if err := cmp.Or(terms.add(t, x.walk(&t.postings)), words.add(t)); err != nil {
			return err
		}
	}
	if err := cmp.Or(terms.close(), words.flush()); err != nil {
		return err
	}
	facets, err := x.addFacets(all)
	if err != nil {
		return err
	}
	return x.files.put("index", directory{Docs: x.docs, First: terms.first, Terms: terms.names, RowsPer: rowsPerFile,
		Rows: x.rows.names, FirstWords: words.first, Words: words.names, Facets: facets})
}

// sorted returns the terms that documents have, in the order of compareUTF16.
func (x *Index) sorted() []term {
	all := make([]term, 0, len(x.list))
	for i, p := range x.list {
		if p.df > 0 {
			all = append(all, term{x.words.names[i], p})
		}
	}
	x.list, x.had, x.words.numbers = nil, len(all), nil
	slices.SortFunc(all, func(a, b term) int { return compareUTF16(a.name, b.name) })
	return all
}

// addFacets writes the file of facets, if there are any.
func (x *Index) addFacets(terms []term) (hash string, err error) {
	all := facetsIn(terms)
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
