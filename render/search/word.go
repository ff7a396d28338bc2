package search

import (
	"encoding/binary"
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// A file of words is a row of entries, in the order of compareUTF16:
//
//	uvarint  bytes that the word shares with the word before
//	uvarint  bytes that follow them, and those bytes in UTF-8
//	byte     bits of the number of documents that have the word: which of two is far more frequent
//
// All words that begin with one letter stand in a row of files that nothing else parts.
const (
	wordFileMin = 8 << 10  // bytes after which a file ends where another letter begins
	wordFileMax = 32 << 10 // bytes after which it ends anyhow
	shortWord   = 4        // letters; of shorter ones too many are alike
	rareFrom    = 5000     // documents from which words of a single one are left out
)

// wordWriter writes the files of words.
type wordWriter struct {
	files *filer
	docs  int
	buf   []byte
	last  string
	first []string
	names []string
}

// add appends a term if it is a word. Terms come in the order of compareUTF16.
func (w *wordWriter) add(t *term) error {
	if !isPlain(t.name) || w.docs >= rareFrom && t.df < 2 {
		return nil
	}
	letter, _ := utf8.DecodeRuneInString(t.name)
	before, _ := utf8.DecodeRuneInString(w.last)
	if len(w.buf) >= wordFileMax || len(w.buf) >= wordFileMin && letter != before {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if len(w.buf) == 0 {
		w.last = ""
		w.first = append(w.first, t.name)
	}
	w.buf = appendShared(w.buf, w.last, t.name)
	w.buf = append(w.buf, byte(bits.Len32(t.df)))
	w.last = t.name
	return nil
}

// appendShared appends a name by what it shares with the one before it.
func appendShared(to []byte, before, name string) []byte {
	shared := 0
	for shared < min(len(before), len(name)) && before[shared] == name[shared] {
		shared++
	}
	to = binary.AppendUvarint(to, uint64(shared))
	to = binary.AppendUvarint(to, uint64(len(name)-shared))
	return append(to, name[shared:]...)
}

// isPlain tells a word of letters alone, of a script with spaces between words.
func isPlain(name string) bool {
	letters := 0
	for _, r := range name {
		if !unicode.IsLetter(r) || isDense(r) {
			return false
		}
		letters++
	}
	return letters >= shortWord
}

// flush writes the file that is full.
func (w *wordWriter) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	name, err := w.files.add('w', w.buf)
	w.names = append(w.names, name)
	w.buf = w.buf[:0]
	return err
}
