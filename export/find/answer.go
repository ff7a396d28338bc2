// Package find looks for words in a mirror: in titles, texts, comments, names of files, labels and people, in all
// versions that the mirror has, and counts them. Everything that it tells is private.
//
// The words lie in find.db, in the mirror's folder: a cache that can be made anew. It is brought into step with the
// mirror at the end of each run, where there is one, and before each answer. All of a step is one transaction, so one
// that is killed leaves the index as it was, and the next one goes on from there. What the file's bytes come to is
// noted and looked at; where they are others, the index is made anew. Words are cut by the code of the site's search
// (search.Cutter), and lie in SQLite's own index of words, FTS5, from which package fulltext reads where they stand.
//
//	cql.go, words.go               a question -> terms, conditions
//	source.go, kept.go, text.go    rows of the mirror -> documents with their words
//	index.go, record.go            find.db
//	open.go, sum.go                how it is opened, and how damage to it is found
//	step.go, put.go                find.db is brought into step: what changed, its words
//	token.go, row.go               words -> rows of SQLite's index
//	match.go, meet.go              terms and conditions -> where they stand, what meets them
//	ask.go, show.go, print.go      the answer
package find

// Places are the kinds of places in which words are looked for, in the order of answers.
var Places = []string{"title", "text", "comment", "file", "label", "person", "message", "markup"}

// NotSearched is what no question looks into, in words, so that an answer can say so.
var NotSearched = []string{
	"text within attached files",
	"contents of whiteboards and databases, which Confluence's API does not tell",
	"Jira issues that pages show",
	"levels and states of pages, and who may read them",
}

// Scope narrows what is searched. The zero value is the whole mirror.
type Scope struct {
	Spaces  []string `json:"spaces,omitempty"`  // keys
	Kinds   []string `json:"kinds,omitempty"`   // page, blogpost, comment, attachment, ...
	Since   string   `json:"since,omitempty"`   // changed on this day or later, 2026-05-04
	Until   string   `json:"until,omitempty"`   // changed on this day or before
	Current bool     `json:"current,omitempty"` // no older versions, and nothing that is gone from Confluence
}

// Part says which of what is found an answer lists. The zero value is all.
type Part struct {
	Offset int // left out at the beginning
	Limit  int // listed at most; 0: all
	None   bool
}

// Answer is what a question found.
type Answer struct {
	Schema      int      `json:"schema"`
	Question    string   `json:"question"`
	Language    string   `json:"language"` // words or CQL
	Read        string   `json:"read"`     // how the question was understood, see Question.String
	Scope       Scope    `json:"scope"`
	Mirror      State    `json:"mirror"`
	Contents    int      `json:"contents_found"` // pages, blog posts and the like
	Searched    int      `json:"contents_searched"`
	Terms       []Term   `json:"terms"`
	Found       []Found  `json:"found"`
	Offset      int      `json:"offset"`
	NotSearched []string `json:"not_searched"`
}

// State is the state of the mirror that answered.
type State struct {
	Site   string `json:"site"`             // https://agency.atlassian-us-gov-mod.net
	Listed string `json:"listed,omitempty"` // when the last complete sync ended, by the mirror's clock, RFC 3339
	Whole  bool   `json:"whole"`            // the last sync came to its end
}

// Count is how often a term stands somewhere.
type Count struct {
	Exact int `json:"exact"` // as it was asked for, in capitals or not
	Other int `json:"other"` // in another form: another ending, with or without marks above letters, divided otherwise
}

// Term is how often a term stands in all that was found.
type Term struct {
	Term string `json:"term"` // as it was asked for
	Count
	Contents int     `json:"contents"` // in which it stands, in whatever form
	Places   []Total `json:"places"`
}

// Total is how often a term stands in one kind of place.
type Total struct {
	Place string `json:"place"` // one of Places
	Older bool   `json:"older"` // in older versions
	Count
}

// Found is a content that was found: a page, blog post or the like, or a space.
type Found struct {
	ID         string   `json:"id"`
	Kind       string   `json:"kind"` // page, blogpost, folder, ..., space
	Space      string   `json:"space"`
	Title      string   `json:"title"`
	Above      []string `json:"above,omitempty"` // titles of the pages above, from the top
	State      string   `json:"state"`           // current, archived, trashed, deleted, unseen, absent
	Version    int      `json:"version"`         // the newest
	Created    string   `json:"created"`
	CreatedBy  string   `json:"created_by"`
	Changed    string   `json:"changed"`
	ChangedBy  string   `json:"changed_by"`
	Address    string   `json:"address"`
	Restricted bool     `json:"restricted"` // not every reader of the space may see it
	Counts     []Count  `json:"counts"`     // of each term, in the order of Answer.Terms
	Hits       []Hit    `json:"hits"`
}

// Hit is a place in which terms stand.
type Hit struct {
	Place   string  `json:"place"`            // one of Places
	Kind    string  `json:"kind"`             // of the object: as Found.Kind, or comment or attachment
	ID      string  `json:"id"`               // of the object
	Version int     `json:"version"`          // of the object
	Older   bool    `json:"older"`            // it is not the newest
	State   string  `json:"state"`            // as Found.State
	Name    string  `json:"name,omitempty"`   // of a file
	By      string  `json:"by"`               // who made that version
	At      string  `json:"at"`               // when
	Within  string  `json:"within,omitempty"` // of a comment: footer, inline or reply
	Counts  []Count `json:"counts"`           // of each term, in the order of Answer.Terms
	doc     uint32
}
