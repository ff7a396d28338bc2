// Package declaration says of a collection what was asked, what came of it and what was not looked at, for a program
// and for a person. The same values give the same bytes.
package declaration

import (
	_ "embed"
	"html/template"
	"net/url"
	"strings"
	"time"

	"agc-export/export/report"
	"agc-export/export/sheet"
)

// Declaration is what is said of a part of a package. Of what the part has not it holds numbers alone.
type Declaration struct {
	Question Question       `json:"question"`
	Scope    Scope          `json:"scope"`
	Terms    []Term         `json:"terms"`        // that were looked for, with what is here of them
	Packed   Packed         `json:"packed"`       // what is here
	Left     map[string]int `json:"left_out"`     // contents that were asked for and are not here, by reason
	Parts    int            `json:"left_parts"`   // of contents that are here, for some readers only
	Answers  map[string]int `json:"left_answers"` // answers of the API about what is here, by reason
	Unknown  []string       `json:"unknown"`      // ids that were given and that the mirror does not know
	Unlooked []string       `json:"not_searched"` // in words
	Program  Program        `json:"program"`
	Mirror   Mirror         `json:"mirror"`
	Missing  []Missing      `json:"missing"` // of what is here: listed by the site, and not to be had
	Marking  string         `json:"marking,omitempty"`
	Contents []Content      `json:"contents"` // what is here, by id
}

// Question is what was asked.
type Question struct {
	Kind     string `json:"kind"`               // ids or find
	Text     string `json:"text,omitempty"`     // of a search, as it was given
	Language string `json:"language,omitempty"` // words or CQL
	Read     string `json:"read,omitempty"`     // how it was understood
	Given    int    `json:"given,omitempty"`    // ids, each once
}

// Scope is what was looked at.
type Scope struct {
	Site       string   `json:"site"`
	Spaces     []string `json:"spaces"`             // keys of those in which anything is that is here
	Restricted string   `json:"restricted"`         // see the values below
	Of         []string `json:"narrowed,omitempty"` // how the search was, in words
	Searched   int      `json:"contents_searched"`  // whoever may see them
	Found      int      `json:"contents_found"`
}

// What was asked for of what not every reader may see.
const (
	Unasked = "not asked for"
	Beside  = "in a part of its own"
	Here    = "this part"
)

// Term is a word or phrase that was looked for.
type Term struct {
	Count
	Contents int `json:"contents"` // in which there are any
}

// Count is how often a term stands somewhere.
type Count struct {
	Text  string `json:"term"`
	Exact int    `json:"exact"` // as it is written, whatever the case
	Other int    `json:"other"` // in other forms of its words
}

// Packed counts what is here.
type Packed struct {
	Contents int `json:"contents"`
	Files    int `json:"files"`
	Comments int `json:"comments"`
	Versions int `json:"versions"` // answers about versions of contents
	Gone     int `json:"gone"`     // contents that are in Confluence no more
	Titles   int `json:"titles"`   // contents above, of which title and place alone are here
}

// Program is what made it.
type Program struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Mirror is the state of what was looked at. Times are RFC 3339, "" for those that are not known.
type Mirror struct {
	Changed    string `json:"changed"`     // when the sync began that last changed it
	Synced     string `json:"synced"`      // when the last whole sync ended
	Lists      string `json:"full_lists"`  // when all lists were last read whole
	Sum        string `json:"fingerprint"` // SHA-256 of all that it holds
	Generation string `json:"generation"`  // what was published last: the sum in the name of its folder
	Unfinished bool   `json:"unfinished"`  // the last sync did not end
	Contents   int    `json:"contents"`    // that the site lists, in the spaces that are exported
	Whole      int    `json:"contents_whole"`
	Files      int    `json:"files"`
	WholeFiles int    `json:"files_whole"` // of these: with the bytes of their version
}

// Missing is what the site listed and the mirror could not have.
type Missing struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Content is one that is here.
type Content struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	Title    string   `json:"title"`
	Space    string   `json:"space"`
	Above    []string `json:"above"` // titles of what it stands below, the space's side first
	Version  int      `json:"version"`
	Created  string   `json:"created"`
	Changed  string   `json:"changed"`
	State    string   `json:"state,omitempty"`  // how it went from Confluence; "": it is there
	Partly   bool     `json:"partly,omitempty"` // the content itself is in the open part
	Files    int      `json:"files"`
	Comments int      `json:"comments"`
	Versions int      `json:"versions"`
	Page     string   `json:"page,omitempty"` // its page, from the part's folder
	Raw      string   `json:"raw"`            // the folder with what the API said of it
	Hits     []Count  `json:"terms,omitempty"`
}

// The files of a declaration.
const (
	JSONFile = "declaration.json"
	HTMLFile = "declaration.html"
)

// JSON is the declaration for a program.
func (d *Declaration) JSON() ([]byte, error) { return report.JSON(d) }

//go:embed page.tmpl
var pageText string

var form = sheet.New(pageText, template.FuncMap{"n": report.Number, "each": report.Counts, "join": strings.Join,
	"address": address, "day": func(at string) string { return at[:min(len(at), len(time.DateOnly))] }})

// HTML is the declaration for a person: a page that loads nothing.
func (d *Declaration) HTML() ([]byte, error) {
	return form.HTML(d)
}

// address is a path in the part as a link says it.
func address(p string) string { return (&url.URL{Path: p}).String() }
