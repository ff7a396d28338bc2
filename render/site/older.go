package site

import (
	"html"
	"html/template"
	"io"
	"strings"

	"agc-export/render/change"
)

// Older is a version of a content that is not the present one.
type Older struct {
	Marked
	Version           // Page is the path of this page
	Newest     int    // number of the present version
	Now        string // path of its page
	Title      string
	Space      Link
	Breadcrumb []Link // from the space to the content
	Ways       []Way
	Wide       bool   // as wide as the window
	Readers    string // as in Page
	Before     Link   // the version before that has a page, and the one after
	After      Link
	Markdown   string // as in Page
	Body       Body
	Later      string // names of files that the text shows as they were later
}

// Changes says what changed from one version of a content to the next that is kept.
type Changes struct {
	Marked
	Path       string
	Title      string // of the content
	Space      Link
	Breadcrumb []Link
	Ways       []Way
	From, To   Version
	Before     Link // what changed before, and after
	After      Link
	Markdown   string // empty
	Readers    string // as in Page
	change.Difference
}

// Older writes the page of an older version.
func (s *Site) Older(w io.Writer, o Older) error {
	return s.write(w, "older", o.Page, o.Title+" – "+s.words.say("version_number", o.Number), o)
}

// Changes writes the page that says what changed.
func (s *Site) Changes(w io.Writer, c Changes) error {
	return s.write(w, "changes", c.Path, s.words.say("changes_title", c.Title, c.To.Number), c)
}

// changeClass are the classes of blocks by what became of all their words; else it is edited.
var changeClass = map[change.Op]string{change.Kept: "", change.Gone: " change-gone", change.Added: " change-added"}

// Parts writes what changed block by block. Those who listen hear what the strokes say.
func (v view) Parts(c Changes) template.HTML {
	w := changeWriter{words: v.site.words}
	for _, p := range c.Parts {
		w.part(p)
	}
	if c.Rest > 0 {
		w.note("changes_rest", c.Rest)
	}
	return template.HTML(w.String())
}

type changeWriter struct {
	strings.Builder
	words words
}

func (w *changeWriter) part(p change.Part) {
	if p.Folded > 0 {
		w.note("changes_folded", p.Folded)
		return
	}
	class := " change-edit"
	if len(p.Pieces) == 1 {
		class = changeClass[p.Pieces[0].Op]
	}
	if p.Kind != change.Plain {
		class += " change-" + string(p.Kind)
	}
	w.WriteString("<p class=\"change" + class + "\">")
	for i, piece := range p.Pieces {
		w.piece(piece, i+1 == len(p.Pieces))
	}
	w.WriteString("</p>\n")
}

// piece writes a run of words, with what stands before and after it for those who listen.
func (w *changeWriter) piece(p change.Piece, last bool) {
	name, said := "ins", "words_added"
	text, parted := strings.CutPrefix(html.EscapeString(p.Text), " ")
	if parted { // outside of what is underlined or struck out
		w.WriteByte(' ')
	}
	switch p.Op {
	case change.Kept:
		w.WriteString(text)
		return
	case change.Gone:
		name, said = "del", "words_gone"
		fallthrough
	default:
		w.WriteString("<" + name + "><span class=\"heard\">" + html.EscapeString(w.words[said]) + "</span>" + text)
		if !last {
			w.WriteString("<span class=\"heard\">" + html.EscapeString(w.words["words_end"]) + "</span>")
		}
		w.WriteString("</" + name + ">")
	}
}

func (w *changeWriter) note(name string, n int) {
	w.WriteString("<p class=\"change-folded\">" + html.EscapeString(w.words.say(name, n)) + "</p>\n")
}
