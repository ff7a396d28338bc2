// Package profile writes the Markdown of a page for the program that it is for: Hugo, MkDocs,
// Docusaurus or Obsidian. It reads what package markdown wrote, in GitHub's form, and writes the same
// blocks and words again, each in that program's own form; links, pictures, places, order and titles
// stay what they are.
//
//	profile.go  what a profile is, and the table of them
//	place.go    where pages and files lie, and how one leads to another
//	standing.go what an older version was where its page lies
//	front.go    the front matter
//	block.go    blocks, which all write alike but for what a profile says
//	inline.go   running text
//	tag.go      HTML, by its tags
//	beside.go   what stands beside the pages: their order
//
// and a file for each program: hugo.go, mkdocs.go, docusaurus.go, obsidian.go. It knows no disk. It takes
// time in proportion to the text.
package profile

import (
	"bytes"
	"slices"
	"strings"

	"agc-export/render/gfm"
	"agc-export/render/slug"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// GitHub is the name of the form in which package markdown writes, which needs no profile.
const GitHub = "github"

// Names are those of all profiles, GitHub's first.
func Names() []string {
	all := []string{GitHub}
	for _, p := range profiles {
		all = append(all, p.Name)
	}
	return all
}

// Named returns a profile by its name, nil for GitHub's and those that are none.
func Named(name string) *Profile {
	for _, p := range profiles {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// profiles are all profiles but GitHub's. To add one, write its value in a file of its name, with a
// golden archive in testdata/.
var profiles = []*Profile{&hugo, &mkdocs, &docusaurus, &obsidian}

// Profile is how a program wants its Markdown. The functions are its own; those that are nil say that
// the program reads GitHub's form.
type Profile struct {
	Name     string
	NeedHead bool // Write asks for the words of headings

	content, static string // folders of pages and of all other files, with a slash at the end
	untitled        bool   // the program shows the title itself

	rename  func(file string) string                       // of a file that the program would misread
	above   func(file string) string                       // and of that of a page below which others lie
	address func(file string) string                       // of the page that a file becomes
	wrap    func(s string) string                          // a paragraph of nothing but elements
	expand  func(w *writer, title, body string) string     // a box that opens
	front   func(f *front, p Page)                         // adds to the front matter
	heading func(w *writer, id, words, text string) string // a heading, with its identifier where that must be said
	text    func(w *writer, s string, start bool) string   // what is none but text, at the start of a line or not
	alert   func(w *writer, kind, body string) string      // a panel
	link    func(w *writer, l link) string                 // a link or picture
	tag     func(w *writer, t html.Token) string           // of HTML in running text
	raw     func(w *writer, s string) string               // a block of HTML
	auto    func(w *writer, label, href string) string     // an address that is its own text
	code    func(w *writer, s string) string               // code in running text, "" for the usual form
	fence   func(w *writer, info, s string) string         // and on lines of its own
	formula func(tex string) string                        // one in running text, "" for code
	finish  func(w *writer, body string) string            // all that is below the front matter
	apart   string                                         // stands between two lists
	breaks  string                                         // ends a line
	boxes   [2]string                                      // of tasks: open, done
	indents bool                                           // what is in a panel stands further to the right
	loose   bool                                           // blocks in an item need an empty line between them
	empty   string                                         // stands in an item that is empty
	struck  [2]string                                      // around what is struck out
	beside  func(spaces []Space) []File                    // files beside the pages
}

// Page is what a profile is told of a page beside its text.
type Page struct {
	Path    string // of the Markdown in GitHub's form
	Title   string
	Above   bool     // pages lie below it
	Weight  int      // its place among its siblings, 0 for none
	Aliases []string // its addresses in Confluence, below that of the site
	Older   bool     // it is an older version, which no list names
}

// reader reads GitHub's Markdown, and knows no address that is not marked as a link.
var reader = gfm.New(gfm.Config{})

// writer is the state while one page is written.
type writer struct {
	*Profile
	page Page
	head func(dest string) string // the words of the heading that a link leads to; see NeedHead
	src  []byte
	ids  map[ast.Node]string // of headings, as GitHub makes them
	said map[string]string   // the words of headings, by those

	cell, linked, single int                      // above 0: in a cell, in the text of a link, in a heading
	inside               int                      // lists and quotations around
	open                 []element                // of HTML, that are open; see scope
	base                 int                      // of those, which belong to what is written now
	uses                 map[string]bool          // what is imported
	gone                 int                      // empty links that are open and left out
	ends                 []string                 // places of the paragraph, where the program has them at its end
	below                []string                 // what is shown below the block of HTML that holds it
	ways                 map[string]string        // of headings that are called like one before, by their places
	twins                map[string]bool          // identifiers of headings that no way of words leads to
	tex                  map[*ast.CodeSpan]string // formulas
}

// Write returns a document, which package markdown made, as the program wants it. head says to the
// destination of a link which words the heading has that it leads to, see NeedHead.
func (p *Profile) Write(page Page, document []byte, head func(dest string) string) []byte {
	top, body := split(document)
	if p.front != nil {
		p.front(top, page)
	}
	doc, _ := reader.Parse(body)
	w := &writer{Profile: p, page: page, head: head, src: body, uses: map[string]bool{}}
	w.name(doc)
	if p.formula != nil {
		w.findFormulas(doc)
	}
	if p.untitled {
		dropTitle(doc)
	}
	text := w.blocks(doc)
	if p.finish != nil {
		text = p.finish(w, text)
	}
	var b bytes.Buffer
	top.write(&b)
	if text = strings.Trim(text, "\n"); text != "" {
		b.WriteString("\n" + text + "\n")
	}
	return b.Bytes()
}

// name gives headings the identifiers that GitHub gives them.
func (w *writer) name(doc ast.Node) {
	w.ids, w.said, w.ways = map[ast.Node]string{}, map[string]string{}, map[string]string{}
	w.twins = map[string]bool{}
	var slugs slug.Slugger
	var above chain
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if h, ok := n.(*ast.Heading); ok && entering {
			words := strings.Join(strings.Fields(strings.ReplaceAll(w.words(h), "💬", "")), " ")
			id := slugs.Next(words)
			w.ids[n], w.said[id] = id, words
			way, twin := above.to(h.Level, headingWords(words))
			if twin {
				way, w.twins[blockID(id)] = "#^"+blockID(id), true
			}
			for _, place := range append(w.placesIn(h), id) {
				w.said[place] = words
				if way != "" {
					w.ways[place] = way
				}
			}
		}
		return ast.WalkContinue, nil
	})
}

// placesIn are the places that HTML names in a heading.
func (w *writer) placesIn(h *ast.Heading) (all []string) {
	_ = ast.Walk(h, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if raw, ok := n.(*ast.RawHTML); ok && entering {
			for t := range tokens(w.rawOf(raw)) {
				if id := get(t, "id"); id != "" {
					all = append(all, id)
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return all
}

// dropTitle takes the title away, which stands first or behind the marking.
func dropTitle(doc ast.Node) {
	for i, c := 0, doc.FirstChild(); c != nil && i < 2; i, c = i+1, c.NextSibling() {
		if h, ok := c.(*ast.Heading); ok && h.Level == 1 {
			doc.RemoveChild(doc, c)
			return
		}
	}
}

// plainID tells identifiers that every program makes of the words of a heading: of letters and digits
// of ASCII, one dash between words, and without a number that GitHub added.
func plainID(id, words string) bool {
	if id != slug.Of(words) || strings.Contains(id, "--") || strings.Trim(id, "-_") != id {
		return false
	}
	return strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-_") == "" &&
		!slices.ContainsFunc([]byte(words), func(c byte) bool { return c > 0x7e })
}
