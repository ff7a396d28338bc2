// Package tonight says what a run changed of what is published: it compares what the generation before lists with
// what is published now. It names pages that are published now, and of those that left only what Confluence says to be
// deleted.
package tonight

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"agc-export/export/access"
	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
)

// Changes tells what a catalog publishes and the generation before, if there was one, did not list. pathOf is where
// the Markdown of a content lies, left is what is not published any more.
func Changes(from string, before *output.Listed, c *catalog.Catalog, pathOf func(*catalog.Node) string,
	left []catalog.Left) *report.Tonight {
	t := &report.Tonight{}
	if before == nil {
		return t
	}
	t.From = from
	was := make(map[string]*output.ListedPage, len(before.Pages))
	stood, stands := make(places, len(before.Pages)), make(places, len(c.Nodes))
	for i := range before.Pages {
		p := &before.Pages[i]
		was[p.ID] = p
		stood.add(p.Markdown, p.ID)
	}
	for _, n := range c.Nodes {
		stands.add(pathOf(n), n.ID)
	}
	for _, n := range c.Nodes {
		old := was[n.ID]
		moved := old != nil && (old.Space != n.Space.Key || stood.above(old.Markdown) != stands.above(pathOf(n)))
		add(t, n, old, moved, c.Source(n))
	}
	for _, gone := range left {
		if gone.Kind != mirror.KindContent || gone.State != access.Deleted || gone.Shut {
			continue
		}
		if old := was[gone.ID]; old != nil {
			t.Deleted.Add(report.Page{ID: old.ID, Title: old.Title, Space: old.Space})
		}
	}
	t.Files = files(before.Files, c)
	return t
}

// places are the ids of pages by what their Markdown is called without its ending: what lies below them lies in a
// folder of that name.
type places map[string]string

// add adds a page by its Markdown file.
func (p places) add(file, id string) {
	stem, _ := stemOf(file)
	p[stem] = id
}

// stemOf is the folder of what lies below a Markdown file, and the folder that the file counts as lying in.
func stemOf(file string) (stem, in string) {
	dir, name := path.Split(file)
	switch stem = strings.TrimSuffix(name, path.Ext(name)); stem {
	case "index", "_index":
		dir = path.Clean(dir)
		return dir, path.Dir(dir)
	}
	return strings.TrimSuffix(file, path.Ext(file)), path.Clean(dir)
}

// above is the id of the page that another lies below, or the folder where that is no page's.
func (p places) above(file string) string {
	_, in := stemOf(file)
	return cmp.Or(p[in], in)
}

// add adds a page to those that changed as it did; old is nil where there was none.
func add(t *report.Tonight, n *catalog.Node, old *output.ListedPage, moved bool, url string) {
	told := report.Page{ID: n.ID, Title: n.Title, Space: n.Space.Key, HTML: output.SiteDir + "/" + n.HTML, URL: url}
	if old == nil {
		t.New.Add(told)
		return
	}
	if old.Version != n.Version.Number {
		t.Changed.Add(told)
	}
	if moved { // from where is not told: it may have lain below what is withheld now
		t.Moved.Add(told)
	}
	if old.Title != n.Title {
		told.Before = old.Title
		t.Renamed.Add(told)
	}
}

// files counts the attachments that changed.
func files(before []output.ListedFile, c *catalog.Catalog) (f report.Files) {
	was := make(map[string]string, len(before))
	for _, a := range before {
		was[a.ID] = a.SHA256
	}
	for _, n := range c.Nodes {
		for _, a := range n.Files {
			switch sum, ok := was[a.ID]; {
			case !ok:
				f.New++
			case sum != a.Published():
				f.Changed++
			}
			delete(was, a.ID)
		}
	}
	f.Gone = len(was)
	return f
}

// lossPages is how many pages are named for each kind of loss.
const lossPages = 20

// place is a page as a report of losses names it.
type place struct {
	id      string
	version int
}

// Had is what is asked of the output.PageLosses of the generation before.
type Had struct {
	ID      string
	Version int
	Losses  []struct {
		Class, Name string
		Count       int
	}
}

// Losses adds up what pages lost and had not lost before, by class and name. each calls do for what each page had lost
// in the generation before: of most pages that is the same.
func Losses(each func(do func(*Had)), now *output.LossReport) []report.NewLoss {
	at := make(map[place]int, len(now.Pages))
	for i := range now.Pages {
		at[place{now.Pages[i].ID, now.Pages[i].Version}] = i
	}
	had := make(map[int]Had) // of pages that are not as they were
	same := make([]bool, len(now.Pages))
	each(func(p *Had) {
		i, ok := at[place{p.ID, p.Version}]
		if !ok {
			return
		}
		if same[i] = p.same(now.Pages[i].Losses); !same[i] {
			had[i] = *p
		}
	})
	found := map[[2]string]*report.NewLoss{}
	for i, p := range now.Pages {
		if same[i] {
			continue
		}
		for _, l := range p.Losses {
			n := l.Count
			for _, old := range had[i].Losses {
				if old.Class == l.Class && old.Name == l.Name {
					n -= old.Count
				}
			}
			if n > 0 {
				addLoss(found, p, l, n)
			}
		}
	}
	return slices.SortedFunc(func(yield func(report.NewLoss) bool) {
		for _, l := range found {
			if !yield(*l) {
				return
			}
		}
	}, func(a, b report.NewLoss) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Name, b.Name))
	})
}

// same tells whether a page lost the same.
func (h *Had) same(now []output.PageLoss) bool {
	if len(h.Losses) != len(now) {
		return false
	}
	for i, l := range h.Losses {
		if l.Class != now[i].Class || l.Name != now[i].Name || l.Count != now[i].Count {
			return false
		}
	}
	return true
}

// addLoss counts losses of a page that are new.
func addLoss(found map[[2]string]*report.NewLoss, p output.PageLosses, l output.PageLoss, n int) {
	key := [2]string{l.Class, l.Name}
	if found[key] == nil {
		found[key] = &report.NewLoss{Class: l.Class, Name: l.Name, Words: l.Words}
	}
	of := found[key]
	if of.Count += n; len(of.Pages) < lossPages {
		of.Pages = append(of.Pages, report.Page{ID: p.ID, Title: p.Title, HTML: p.HTML, URL: p.URL})
	}
}
