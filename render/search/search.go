// Package search makes the index that the site's own script searches, in files small
// enough that a reader loads a few of them for each query. It knows no disk: files are
// handed to Files. The reader is templates/search.js; both follow the same rules
// for words, and tests hold them against one table.
//
// Each file is a classic script of one call, AGC.shard("NAME", "BASE64"), because
// pages from file:// may load scripts but may not fetch. The base64 holds bytes packed
// by DEFLATE (RFC 1951). All but the first are named by a hash of their content and
// never change, so that a reader never mixes two indexes:
//
//	index.js    JSON, see directory: how many documents, and the names of all below
//	t-HASH.js   terms in order, each with its postings or the name of their file, see term.go
//	w-HASH.js   words in order without postings, among which one looks for what a reader meant, see word.go
//	f-HASH.js   JSON, see facets: by what the results can be narrowed
//	p-HASH.js   the postings of one frequent term, see code.go
//	d-HASH.js   JSON, see rows: what the list of results shows of rowsPerFile documents
//	x-HASH.js   JSON: the texts of a few documents in a row, for excerpts and phrases
//
// Documents have numbers from 0 in the order in which they were added. A posting is a
// document's number with a weight from 0 to 15: how well the term describes the document.
//
// What is costly is done once: the text of a document is divided into terms when the document
// is new, and its Entry says the rest from then on; files whose content the last index had too
// are taken over from it, unpacked, unread.
//
//	token.go, fold.go   text -> terms
//	entry.go, weight.go document -> its terms, with weights
//	index.go, arena.go  terms -> postings, in memory that grows with the postings only
//	term.go, code.go    postings -> files
//	word.go, facet.go   terms -> files of words and facets
//	row.go              what is shown of a document -> files
//	file.go, last.go    files, packed or taken over
package search

import "crypto/sha256"

// Document is what is found: a page or anything else that has an address in the site.
type Document struct {
	Title    string
	Href     string   // path from the site's root, as it stands in links
	Space    string   // key of its space, or empty
	In       string   // name of its space
	Kind     string   // "page", "blogpost", "space", ...
	Date     string   // of its last change, "2026-05-04", or empty
	Marking  string   // what the row says of how it is marked, or empty
	Trail    []string // titles of its ancestors, from the top, without the space
	Headings []string
	Labels   []string
	Files    []string // names of attachments
	People   []string // who wrote it
	Text     string   // the plain text of its body, headings included, in the form of Section
}

// Section returns what stands in a Document's text where a part of it begins to which one can go:
// the id that leads there, and what it is called. What it says follows.
func Section(id, title string) string { return "\n" + id + "\t" + title + "\t" }

// Entry is what the index takes of a document beside what the list of results shows. It depends
// on the document's words alone (all but Href, In, Marking and Trail), so it can be kept from one index
// to the next, instead of the text.
type Entry struct {
	Terms []byte // each with its weight, see appendTerm
	Texts []Text // what excerpts are taken from, and, where a text is longer than maxText, the rest
}

// Text tells which text it is, without its words.
type Text struct {
	Sum  Sum
	Size int // bytes
}

// Sum is the first half of a SHA-256.
type Sum [16]byte

func sumOf(data []byte) Sum {
	full := sha256.Sum256(data)
	return Sum(full[:len(Sum{})])
}

// Packed is a file of an index, all but index.js.
type Packed struct {
	Name  string // "x-abcdefghij"
	Of    Sum    // of what it holds, before that was packed
	Texts []Sum  // that an x- file holds
}

// Files is where the files of an index go, and where those of the last one lie. Names have no
// folder: "t-abcdefghij.js".
type Files interface {
	Write(name string, data []byte) error // takes a finished file, and keeps nothing of data
	Keep(name string) (bool, error)       // takes over one of the last index, if it is there and whole
	Read(name string) ([]byte, bool)      // the bytes of one of the last index, likewise
}

// Write takes the files of an index before which there was none.
type Write func(name string, data []byte) error

type first struct{ write Write }

func (f first) Write(name string, data []byte) error { return f.write(name, data) }
func (f first) Keep(string) (bool, error)            { return false, nil }
func (f first) Read(string) ([]byte, bool)           { return nil, false }
