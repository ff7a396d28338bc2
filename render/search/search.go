// Package search makes the index that the site's own script searches, in files small
// enough that a reader loads a few of them for each query. It knows no disk: files are
// handed to a function. The reader is templates/search.js; both follow the same rules
// for words, and tests hold them against one table.
//
// Each file is a classic script of one call, AGC.shard("NAME", "BASE64"), because
// pages from file:// may load scripts but may not fetch. The base64 holds bytes packed
// by DEFLATE (RFC 1951). All but the first are named by a hash of their content and
// never change, so that a reader never mixes two indexes:
//
//	index.js    JSON, see directory: how many documents, and the names of all below
//	t-HASH.js   terms in order, each with its postings or the name of their file, see term.go
//	p-HASH.js   the postings of one frequent term, see code.go
//	d-HASH.js   JSON, see rows: what the list of results shows of rowsPerFile documents
//	x-HASH.js   JSON: the texts of a few documents in a row, for excerpts and phrases
//
// Documents have numbers from 0 in the order in which they were added. A posting is a
// document's number with a weight from 0 to 15: how well the term describes the document.
//
//	token.go, fold.go   text -> terms
//	index.go, weight.go  terms -> postings, in memory that grows with the postings only
//	term.go, code.go    postings -> files
//	row.go              what is shown of a document -> files
package search

// Document is what is found: a page or anything else that has an address in the site.
type Document struct {
	Title    string
	Href     string   // path from the site's root, as it stands in links
	Space    string   // key of its space, or empty
	Kind     string   // "page", "blogpost", "space", ...; shown where it is not a page
	Trail    []string // titles of its ancestors, from the top, without the space
	Headings []string
	Labels   []string
	Files    []string // names of attachments
	People   []string // who wrote it
	Text     string   // the plain text of its body, headings included
}

// Write takes a finished file, and keeps nothing of data. Names have no folder:
// "t-abcdefghij.js".
type Write func(name string, data []byte) error
