package search

import "encoding/binary"

// A file of terms is a row of entries:
//
//	uvarint  bytes that the name shares with the name before
//	uvarint  bytes that follow them, and those bytes in UTF-8
//	uvarint  documents that have the term
//	uvarint  2 × bytes of the postings, and these; or 1 + 2 × bytes of the postings, and
//	         the ten characters of the name of their own file, without "p-"
//
// The postings are those of encodePostings, whose k follows from the number of all
// documents and of those that have the term, see riceOf.
const (
	termFile   = 15 << 10 // bytes after which a file of terms ends
	ownFile    = 4 << 10  // bytes of postings from which they have a file of their own
	nameLength = 10       // of the hash in the names of files
)

// termWriter writes the files of terms.
type termWriter struct {
	files *filer
	docs  int
	buf   []byte
	bits  []byte
	last  string // the last term in buf
	first []string
	names []string
}

// add appends a term. Terms come in the order of compareUTF16.
func (w *termWriter) add(t *term, next func() (doc, weight int, ok bool)) error {
	if len(w.buf) == 0 {
		w.last = ""
		w.first = append(w.first, t.name)
	}
	w.bits = encodePostings(w.bits[:0], next, riceOf(w.docs, int(t.df)))
	shared := 0
	for shared < min(len(w.last), len(t.name)) && w.last[shared] == t.name[shared] {
		shared++
	}
	w.buf = binary.AppendUvarint(w.buf, uint64(shared))
	w.buf = binary.AppendUvarint(w.buf, uint64(len(t.name)-shared))
	w.buf = append(w.buf, t.name[shared:]...)
	w.buf = binary.AppendUvarint(w.buf, uint64(t.df))
	if len(w.bits) < ownFile {
		w.buf = binary.AppendUvarint(w.buf, uint64(len(w.bits))<<1)
		w.buf = append(w.buf, w.bits...)
	} else {
		name, err := w.files.add('p', w.bits)
		if err != nil {
			return err
		}
		w.buf = binary.AppendUvarint(w.buf, uint64(len(w.bits))<<1|1)
		w.buf = append(w.buf, name...)
	}
	w.last = t.name
	if len(w.buf) >= termFile {
		return w.flush()
	}
	return nil
}

// flush writes the file that is full.
func (w *termWriter) flush() error {
	name, err := w.files.add('t', w.buf)
	w.names = append(w.names, name)
	w.buf = w.buf[:0]
	return err
}

// close writes the last file.
func (w *termWriter) close() error {
	if len(w.buf) == 0 {
		return nil
	}
	return w.flush()
}
