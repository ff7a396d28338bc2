package posting

import (
	"encoding/binary"
	"slices"
)

// Builder collects the words of documents in memory.
type Builder struct {
	words map[string]*word
	forms map[string][]string // words by what they are called too
	list  []*word             // those of the document that is being read
	doc   uint32
	place Place
	pos   uint32
	size  int
}

// word is a word with its list so far.
type word struct {
	list  []byte
	docs  int
	last  uint32
	parts []stands // in the document that is being read
}

// NewBuilder returns one without words.
func NewBuilder() *Builder {
	return &Builder{words: map[string]*word{}, forms: map[string][]string{}}
}

// Doc ends the document before and begins one, whose number is higher.
func (b *Builder) Doc(doc uint32) {
	b.end()
	b.doc, b.place, b.pos = doc, 0, 0
}

// Part begins a part of the document. Parts come in their order.
func (b *Builder) Part(p Place) { b.place, b.pos = p, 0 }

// Gap parts what stands before from what follows: the words on both sides do not follow each other.
func (b *Builder) Gap() { b.pos++ }

// Add adds the next word, or another name of the word before where same. It tells whether the word is new since the
// last Flush.
func (b *Builder) Add(name []byte, joiner byte, same bool) (first bool) {
	w := b.words[string(name)]
	if first = w == nil; first {
		w = &word{}
		b.words[string(name)] = w
		b.size += len(name) + wordSize
	}
	if !same {
		b.pos++
	}
	if len(w.parts) == 0 {
		b.list = append(b.list, w)
	}
	if n := len(w.parts); n == 0 || w.parts[n-1].place != b.place {
		if n < cap(w.parts) { // with the room that it had
			w.parts = w.parts[:n+1]
			w.parts[n].at, w.parts[n].place = w.parts[n].at[:0], b.place
		} else {
			w.parts = append(w.parts, stands{place: b.place})
		}
	}
	p := &w.parts[len(w.parts)-1]
	p.at = append(p.at, At{b.pos, joiner})
	return first
}

// Form notes that a word is a form of another, under a name that begins with Forms: once for each word.
func (b *Builder) Form(of, form string) {
	b.forms[of] = append(b.forms[of], form)
	b.size += len(form) + len(of) + wordSize
}

// wordSize is what a word takes in memory beside its list and name, roughly.
const wordSize = 160

// Size is how much memory the words take, roughly.
func (b *Builder) Size() int { return b.size }

// end ends a document.
func (b *Builder) end() {
	for _, w := range b.list {
		had := len(w.list)
		w.list = appendDoc(w.list, w.last, b.doc, w.parts)
		w.last, w.parts = b.doc, w.parts[:0]
		b.size += len(w.list) - had
		if w.docs++; w.docs == 1 {
			w.parts = nil // most words stand in one document only
		}
	}
	b.list = b.list[:0]
}

// Flush writes all words as blocks, in their order, and forgets them.
func (b *Builder) Flush(write func(Block) error) error {
	b.end()
	names := make([]string, 0, len(b.words)+len(b.forms))
	for name := range b.words {
		names = append(names, name)
	}
	for of := range b.forms {
		names = append(names, of)
	}
	slices.Sort(names)
	p := Packer{Write: write}
	var key, forms []byte
	for _, name := range names {
		var l List
		if w := b.words[name]; w != nil {
			l = List{Docs: w.docs, Last: w.last, Data: w.list}
		} else {
			forms = appendForms(forms[:0], b.forms[name])
			l.Data = forms
		}
		key = append(key[:0], name...)
		if err := p.Add(key, l); err != nil {
			return err
		}
	}
	clear(b.words)
	clear(b.forms)
	b.size = 0
	return p.Close()
}

// List is the list of a word.
type List struct {
	Docs int
	Last uint32 // the number of its last document
	Data []byte
}

// Forms begins the names of what lists forms of a word instead of documents, and of nothing else.
const Forms = 'y'

// FormsOf are the words in a list of a name that begins with Forms.
func FormsOf(l List) (all []string) {
	r := reader{rest: l.Data}
	for len(r.rest) > 0 {
		all = append(all, string(r.bytes()))
	}
	return all
}

func appendForms(to []byte, forms []string) []byte {
	slices.Sort(forms)
	for _, form := range slices.Compact(forms) {
		to = binary.AppendUvarint(to, uint64(len(form)))
		to = append(to, form...)
	}
	return to
}
