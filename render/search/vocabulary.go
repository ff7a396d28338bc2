package search

import (
	"encoding/binary"
	"sync"
)

// Vocabulary numbers terms, in the order in which they come. It may be used by many at once. The one of the last index
// goes on: an entry that it has numbered is taken without a look at any name.
type Vocabulary struct {
	mu      sync.RWMutex
	names   []string
	numbers map[string]uint32 // of names; nil until the first entry is numbered
}

// Numbered is an Entry whose terms are told by their numbers.
type Numbered struct {
	Terms []byte // of each 16 × its number + its weight, as a uvarint
	Texts []Text
}

// Number tells the terms of an entry by their numbers. It is nothing where the entry is none.
func (v *Vocabulary) Number(e Entry) Numbered {
	n := Numbered{Terms: make([]byte, 0, len(e.Terms)/2), Texts: e.Texts}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.numbers == nil {
		v.numbers = make(map[string]uint32, len(v.names))
		for i, name := range v.names {
			v.numbers[name] = uint32(i)
		}
	}
	for rest := e.Terms; len(rest) > 0; {
		name, weight, after, ok := nextTerm(rest)
		if !ok {
			return Numbered{}
		}
		id := intern(v.numbers, &v.names, name, func(name string) string { return name })
		n.Terms = binary.AppendUvarint(n.Terms, uint64(id)<<4|uint64(weight))
		rest = after
	}
	return n
}

// size is how many terms have numbers.
func (v *Vocabulary) size() int {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return len(v.names)
}

// Bytes are the terms in their order, for VocabularyOf.
func (v *Vocabulary) Bytes() (all []byte) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	for _, name := range v.names {
		all = appendTerm(all, name, 0)
	}
	return all
}

// VocabularyOf returns the vocabulary whose bytes these are, an empty one and false where they are those of none.
func VocabularyOf(all []byte) (v *Vocabulary, ok bool) {
	v = new(Vocabulary)
	text := string(all) // of which each name is a part
	for rest := all; len(rest) > 0; {
		name, _, after, ok := nextTerm(rest)
		if !ok {
			return new(Vocabulary), false
		}
		end := len(text) - len(after)
		v.names, rest = append(v.names, text[end-len(name):end]), after
	}
	return v, true
}
