package search

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Index takes documents in their order and writes the files of the index. The rows and
// texts of documents are written as they come; the postings are kept, packed to about
// two bytes each, until Close.
type Index struct {
	files *filer
	rows  rowWriter
	split splitter
	terms map[string]uint32 // to the place in list
	words map[string]uint32 // to that of their stem; forgets, see maxWords
	list  []term
	arena arena
	docs  int
	doc   []pending // the terms of the document that is being added
}

// term is an entry of the vocabulary.
type term struct {
	name  string
	chain chain
	df    uint32 // documents that have it
	last  uint32 // 1 more than the last of them
	slot  uint32 // 1 more than its place in Index.doc, for the document that is being added
}

// pending counts a term in the document that is being added.
type pending struct {
	term uint32
	counts
}

// maxWords bounds the memory of stems. Frequent words come back into it at once.
const maxWords = 1 << 16

// Terms that no text makes, for they have a colon: "space:KEY" for "is in this space",
// "title:release-checklist" for "is called so", if that is not too long.
const (
	spaceTerm = "space:"
	titleTerm = "title:"
	maxTitle  = 120 // bytes
)

// New returns an empty index whose files go to write.
func New(write Write) *Index {
	files := newFiler(write)
	return &Index{files: files, rows: rowWriter{files: files}, terms: map[string]uint32{}, words: map[string]uint32{}}
}

// Add adds a document. Its number is that of the documents before it. An error is that
// of Write, and the index is then of no more use.
func (x *Index) Add(d Document) error {
	titleWords := x.count(inTitle, d.Title)
	x.count(inHeading, d.Headings...)
	x.count(inLabel, d.Labels...)
	x.count(inFile, d.Files...)
	x.count(inPeople, d.People...)
	bodyWords := x.count(inBody, d.Text)
	for i := range x.doc {
		p := &x.doc[i]
		x.post(p.term, p.weight(titleWords, bodyWords))
		x.list[p.term].slot = 0
	}
	x.doc = x.doc[:0]
	if d.Space != "" {
		x.post(x.intern([]byte(spaceTerm+d.Space)), 0)
	}
	if title := x.split.title(titleTerm, d.Title); len(title) <= maxTitle {
		x.post(x.intern(title), 0)
	}
	x.docs++
	if uint64(x.docs)<<4 > 1<<32 {
		return fmt.Errorf("search index: more than %d documents", x.docs-1)
	}
	return x.rows.add(d)
}

// count counts the terms of a field and returns how many words it has.
func (x *Index) count(field int, texts ...string) int {
	words := 0
	for _, text := range texts {
		x.split.split(text, func(word []byte, stems bool) {
			words++
			id := x.termOf(word, stems)
			t := &x.list[id]
			if t.slot == 0 {
				x.doc = append(x.doc, pending{term: id})
				t.slot = uint32(len(x.doc))
			}
			x.doc[t.slot-1].counts[field]++
		})
	}
	return words
}

// termOf returns the term of a word.
func (x *Index) termOf(word []byte, stems bool) uint32 {
	if !stems {
		return x.intern(word)
	}
	id, ok := x.words[string(word)]
	if !ok {
		id = x.intern([]byte(stemOf(string(word))))
		if len(x.words) >= maxWords {
			clear(x.words)
		}
		x.words[string(word)] = id
	}
	return id
}

// intern returns the place of a term, which is new if need be.
func (x *Index) intern(name []byte) uint32 {
	id, ok := x.terms[string(name)]
	if !ok {
		id = uint32(len(x.list))
		x.list = append(x.list, term{name: string(name)})
		x.terms[x.list[id].name] = id
	}
	return id
}

// post appends a posting of the document that is being added.
func (x *Index) post(id uint32, weight int) {
	t := &x.list[id]
	gap := uint32(x.docs) - t.last
	var b [binary.MaxVarintLen64]byte
	for _, c := range b[:binary.PutUvarint(b[:], uint64(gap)<<4|uint64(weight))] {
		x.arena.add(&t.chain, c)
	}
	t.last = uint32(x.docs) + 1
	t.df++
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
	x.terms, x.words = nil, nil
	slices.SortFunc(x.list, func(a, b term) int { return compareUTF16(a.name, b.name) })
	w := termWriter{files: x.files, docs: x.docs}
	for i := range x.list {
		if err := w.add(&x.list[i], x.postings(&x.list[i])); err != nil {
			return err
		}
	}
	if err := w.close(); err != nil {
		return err
	}
	return x.files.put("index", directory{Docs: x.docs, First: w.first, Terms: w.names, RowsPer: rowsPerFile,
		Rows: x.rows.names})
}

// directory is index.js.
type directory struct {
	Docs    int      `json:"docs"`
	First   []string `json:"first"` // the first term of each file of terms
	Terms   []string `json:"terms"` // their names, without "t-"
	RowsPer int      `json:"rowsPer"`
	Rows    []string `json:"rows"` // the names of the files of rows, without "d-"
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
