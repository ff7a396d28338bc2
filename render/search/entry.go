package search

import (
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf8"
)

// Weigher reads the words of documents. It is not for several at once. It remembers the stems of
// words, in bounded memory.
type Weigher struct {
	split splitter
	terms map[string]uint32 // to the place in list
	words map[string]uint32 // to that of their stem
	list  []weighed
	doc   []pending // the terms of the document that is being read
	buf   []byte
	near  [1 << nearBits]near
}

// near is a word that was met before, and the place of its term in list: most words of a text are of few,
// which are found here without a look into the maps. Long ones are not kept.
type near struct {
	begin, end uint64 // its bytes, and behind them how many they are; 0 for none
	term       uint32
}

const nearBits, nearMost = 12, 15

// nearOf returns a word as near keeps it, and the place where it is kept.
func nearOf(word []byte, stems bool) (n near, at uint64) {
	var b [nearMost + 1]byte
	copy(b[:], word)
	if b[nearMost] = byte(len(word)); stems {
		b[nearMost] |= 0x80
	}
	n.begin, n.end = binary.LittleEndian.Uint64(b[:8]), binary.LittleEndian.Uint64(b[8:])
	return n, (n.begin*0x9e3779b97f4a7c15 ^ n.end*0xc2b2ae3d27d4eb4f) >> (64 - nearBits)
}

// weighed is a term that a Weigher has met.
type weighed struct {
	name string
	slot uint32 // 1 more than its place in Weigher.doc, for the document that is being read
}

// pending counts a term in the document that is being read.
type pending struct {
	term uint32
	counts
}

// maxWords bounds the memory of a Weigher: over it, it forgets. Frequent words come back at once.
const maxWords = 1 << 16

// Terms that no text makes, for they have a colon: "title:release-checklist" for "is called so", and
// those of facet.go. None is longer than maxTitle.
const (
	titleTerm = "title:"
	maxTitle  = 120 // bytes
)

// NewWeigher returns one that has read nothing.
func NewWeigher() *Weigher {
	return &Weigher{terms: map[string]uint32{}, words: map[string]uint32{}}
}

// Weigh returns the entry of a document, which is the same whatever was read before.
func (w *Weigher) Weigh(d Document) Entry {
	titleWords := w.count(inTitle, d.Title)
	w.count(inHeading, d.Headings...)
	w.count(inLabel, d.Labels...)
	w.count(inFile, d.Files...)
	w.count(inPeople, d.People...)
	bodyWords := w.countBody(d.Text)
	w.buf = w.buf[:0]
	for i := range w.doc {
		p := &w.doc[i]
		t := &w.list[p.term]
		w.buf = appendTerm(w.buf, t.name, p.weight(titleWords, bodyWords))
		t.slot = 0
	}
	w.doc = w.doc[:0]
	for _, facet := range facetsOf(d) {
		if len(facet) <= maxTitle {
			w.buf = appendTerm(w.buf, facet, 0)
		}
	}
	if title := w.split.title(titleTerm, d.Title); len(title) <= maxTitle {
		w.buf = appendTerm(w.buf, string(title), 0)
	}
	e := Entry{Terms: slices.Clone(w.buf)}
	if len(w.list) > maxWords || len(w.words) > maxWords {
		w.forget()
	}
	for _, text := range divide(d.Text) {
		e.Texts = append(e.Texts, Text{sumOf([]byte(text)), len(text)})
	}
	return e
}

// forget lets go of all words, and after a document of very many of the room for them too.
func (w *Weigher) forget() {
	clear(w.near[:])
	if len(w.list) > 4*maxWords {
		w.terms, w.words = map[string]uint32{}, map[string]uint32{}
		w.list, w.doc, w.buf = nil, nil, nil
		return
	}
	clear(w.terms)
	clear(w.words)
	w.list = w.list[:0]
}

// divide divides a text into what excerpts are taken from and, if there is any, the rest.
func divide(text string) []string {
	if len(text) <= maxText {
		return []string{text}
	}
	end := maxText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return []string{text[:end], text[end:]}
}

// countBody counts the terms of a body, but for the ids of its sections.
func (w *Weigher) countBody(text string) int {
	lead, rest, more := strings.Cut(text, "\n")
	words := w.count(inBody, lead)
	for more {
		var section string
		section, rest, more = strings.Cut(rest, "\n")
		_, section, _ = strings.Cut(section, "\t")
		words += w.count(inBody, section)
	}
	return words
}

// count counts the terms of a field and returns how many words it has.
func (w *Weigher) count(field int, texts ...string) int {
	words := 0
	for _, text := range texts {
		w.split.split(text, func(word []byte, stems bool) {
			words++
			id := w.termOf(word, stems)
			t := &w.list[id]
			if t.slot == 0 {
				w.doc = append(w.doc, pending{term: id})
				t.slot = uint32(len(w.doc))
			}
			w.doc[t.slot-1].counts[field]++
		})
	}
	return words
}

// termOf returns the term of a word.
func (w *Weigher) termOf(word []byte, stems bool) uint32 {
	if len(word) > nearMost {
		return w.farTerm(word, stems)
	}
	n, at := nearOf(word, stems)
	if kept := &w.near[at]; kept.begin == n.begin && kept.end == n.end {
		return kept.term
	}
	n.term = w.farTerm(word, stems)
	w.near[at] = n
	return n.term
}

// farTerm is termOf for a word that is not near.
func (w *Weigher) farTerm(word []byte, stems bool) uint32 {
	if !stems {
		return w.intern(word)
	}
	id, ok := w.words[string(word)]
	if !ok {
		id = w.intern([]byte(stemOf(string(word))))
		w.words[string(word)] = id
	}
	return id
}

// intern returns the place of a term in w.list.
func (w *Weigher) intern(name []byte) uint32 {
	return intern(w.terms, &w.list, name, func(name string) weighed { return weighed{name: name} })
}

// intern returns the place of a term in a list, which made makes for one that is new.
func intern[T any](terms map[string]uint32, list *[]T, name []byte, made func(name string) T) uint32 {
	id, ok := terms[string(name)]
	if !ok {
		id = uint32(len(*list))
		term := string(name)
		*list = append(*list, made(term))
		terms[term] = id
	}
	return id
}

// appendTerm appends a term of an entry: 16 × the bytes of its name + its weight as a uvarint, and
// the name.
func appendTerm(to []byte, name string, weight int) []byte {
	return append(binary.AppendUvarint(to, uint64(len(name)<<4|weight)), name...)
}

// nextTerm reads a term of an entry, and returns what follows it. It is not ok where none is left,
// which is nil then, or where there is something else.
func nextTerm(from []byte) (name []byte, weight int, rest []byte, ok bool) {
	n, size := binary.Uvarint(from)
	if size <= 0 || n>>4 > uint64(len(from)-size) {
		return nil, 0, from, false
	}
	end := size + int(n>>4)
	return from[size:end], int(n & 15), from[end:], true
}
