package publish

import (
	"path"

	"agc-export/export/catalog"
	"agc-export/export/marking"
	"agc-export/export/trace"
	"agc-export/render/markdown"
	"agc-export/render/relative"
	"agc-export/render/site"
)

// What is made of a content depends on what it is given (its row, its comments, its place) and on
// what it asks of all the others. Both are noted, see package trace: the next build takes a file
// over where it is given the same and each question still has the same answer.

// The pieces of work that are kept, by the beginning of their keys.
const (
	workAnchors  = "anchors/"  // the places of a page
	workPieces   = "pieces/"   // the pieces of a kind of a body
	workFile     = "file/"     // a published attachment
	workMarkdown = "markdown/" // the Markdown of a content
	workPage     = "page/"     // its page of the site

	workOlderMarkdown = "old-markdown/" // those of an older version
	workOlder         = "old-page/"
	workChanges       = "changes/"  // what a version changed
	workOldFile       = "old-file/" // an older version of a published attachment
)

// teller answers what the work on a content asks, see trace.Teller.
type teller struct {
	*linker
	n *catalog.Node
}

func (t teller) Page() markdown.Page            { return t.n.Page() }
func (t teller) Name(account string) string     { return t.catalog.People.Author(account) }
func (t teller) Place(file string) string       { return t.place(file) }
func (t teller) Picture(file string) (int, int) { return t.pictureAt(file) }
func (t teller) Leaves(address string) bool     { return t.sites.Leaves(address) }

// work is a piece of work for a content.
type work struct {
	*trace.Work
	n  *catalog.Node
	of *catalog.Catalog
}

// newWork begins a piece of work that is given what input sums up.
func (l *linker) newWork(kind string, n *catalog.Node, input ...any) work {
	return work{l.traces.Begin(kind+n.ID, teller{l, n}, input...), n, l.catalog}
}

// asking is a tenant for what is written on the page: what it shows of others raises the page's marking.
func (w work) asking(of markdown.Tenant) trace.Asking {
	return trace.Asking{Tenant: marking.Shown{Tenant: of, Show: w.of.Showing(w.n)}, Work: w.Work}
}

// setting is what a text of the content must know of its page.
func (w work) setting(s site.Setting) site.Setting {
	s.Rewrite = func(dest string, _ bool) string { return rewrite(w.n, dest, w.Place) }
	s.Person = func(name string) string {
		if page := w.Place(person + name); page != "" {
			return site.Rel(w.n.HTML, page)
		}
		return ""
	}
	s.Picture = func(href string) (width, height int) {
		if file, _, ok := relative.Split(href); ok {
			return w.Picture(path.Join(path.Dir(w.n.HTML), file))
		}
		return 0, 0
	}
	return s
}
