package report

import "strings"

// Tonight is what a run changed of what is published. It names pages that are published now, and of those that left
// only what Confluence itself says to be deleted; all others are numbers, by their reasons in Published.Left.
type Tonight struct {
	// the generation before; "": there was none, and nothing is listed
	From    string    `json:"from"`
	New     Pages     `json:"new"`
	Changed Pages     `json:"changed"` // another version in Confluence
	Moved   Pages     `json:"moved"`   // in the tree of its space, or to another
	Renamed Pages     `json:"renamed"`
	Deleted Pages     `json:"deleted"`
	Files   Files     `json:"files"`
	Losses  []NewLoss `json:"losses,omitempty"` // that were not there before
}

// Pages are some pages, the first of them by name.
type Pages struct {
	Count int    `json:"count"`
	First []Page `json:"first,omitempty"`
}

// MostPages bounds the pages that are listed of each kind.
const MostPages = 1000

// Add adds a page.
func (p *Pages) Add(page Page) {
	if p.Count++; len(p.First) < MostPages {
		p.First = append(p.First, page)
	}
}

// Titles are the first of them on one line, at most n.
func (p *Pages) Titles(n int) string {
	var all []string
	for _, page := range p.First[:min(n, len(p.First))] {
		all = append(all, page.Title)
	}
	return strings.Join(all, "; ")
}

// Page is a page that is published, or was. HTML is its path in the generation, URL its address in Confluence.
type Page struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Space  string `json:"space"` // key
	HTML   string `json:"html,omitempty"`
	URL    string `json:"url,omitempty"`
	Before string `json:"before,omitempty"` // of a renamed page its title
}

// Macro is how often pages call a macro. Known: it has a form of its own here.
type Macro struct {
	Name  string `json:"name"`
	Uses  int    `json:"uses"`
	Pages int    `json:"pages"`
	Known bool   `json:"known"`
}

// Files are numbers of attachments.
type Files struct {
	New     int `json:"new"`
	Changed int `json:"changed"`
	Gone    int `json:"gone"`
}

// NewLoss counts what pages have in a lesser form and had not before, by class and name.
type NewLoss struct {
	Class string `json:"class"`
	Name  string `json:"name,omitempty"`
	Words string `json:"words"`
	Count int    `json:"count"`
	Pages []Page `json:"pages"` // the first of them
}
