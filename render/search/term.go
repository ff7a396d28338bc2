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
	ownFile    = 4 << 10 // bytes of postings from which they have a file of their own
	nameLength = 10      // of the hash in the names of files
)

// termFile returns after how many bytes a file of terms ends. Of a small index the files are small:
// a query loads one for each of its words. But index.js, which every query loads, names them all.
func termFile(postings int) int {
	switch {
	case postings < 1<<20:
		return 4 << 10
	case postings < 3<<20:
		return 8 << 10
	}
	return 15 << 10
}

// termWriter writes the files of terms.
type termWriter struct {
	files *filer
	docs  int
	size  int // after which a file ends
	buf   []byte
	bits  []byte
	last  string // the last term in buf
	first []string
	names []string
}

// add appends a term. Terms come in the order of compareUTF16.
func (w *termWriter) add(t *term, all walker) error {
	if len(w.buf) == 0 {
		w.last = ""
		w.first = append(w.first, t.name)
	}
	w.bits = encodePostings(w.bits[:0], all, riceOf(w.docs, int(t.df)))
	w.buf = appendShared(w.buf, w.last, t.name)
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
	if len(w.buf) >= w.size {
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
