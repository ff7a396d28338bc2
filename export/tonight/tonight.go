// Package tonight says what a run changed of what is published: it compares what the generation before and the new
// one list. It names pages that are published now, and of those that left only what Confluence says to be deleted.
package tonight

import (
	"cmp"
	"encoding/json"
	"os"
	"path"
	"slices"
	"strings"

	"agc-export/export/access"
	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/render/markdown"
)

// Listed is what a generation lists, as far as it is compared.
type Listed struct {
	Name   string // of the generation
	Pages  []Page
	Files  []File
	Losses output.LossReport
}

// Page is a page of a generation.
type Page struct {
	ID, Title, Space, HTML, Markdown string
	Version                          int
}

// File is an attachment of a generation.
type File struct{ ID, SHA256 string }

// Read reads what a generation lists; nil where there is none, or one that cannot be read: then there is nothing to
// compare with.
func Read(dir, generation string) *Listed {
	out, err := os.OpenRoot(dir)
	if err != nil || generation == "" {
		return nil
	}
	defer out.Close()
	var m struct {
		Pages       []Page
		Attachments []File
	}
	l := &Listed{Name: generation}
	for name, into := range map[string]any{output.ManifestFile: &m, output.LossesFile: &l.Losses} {
		data, err := out.ReadFile(path.Join(generation, name))
		if err != nil || json.Unmarshal(data, into) != nil {
			return nil
		}
	}
	l.Pages, l.Files = m.Pages, m.Attachments
	return l
}

// Lost is how many places of all pages stand there in a lesser form.
func (l *Listed) Lost() (n int) {
	for _, t := range l.Losses.Totals {
		if t.Class != markdown.LossWithheld {
			n += t.Count
		}
	}
	return n
}

// Changes tells what is in a generation and was not in the one before, which is nil where there was none. left is
// what is not published any more.
func Changes(before, now *Listed, c *catalog.Catalog, left []catalog.Left) *report.Tonight {
	t := &report.Tonight{}
	if before == nil || now == nil {
		return t
	}
	t.From = before.Name
	was := make(map[string]Page, len(before.Pages))
	for _, p := range before.Pages {
		was[p.ID] = p
	}
	stood, stands := tree(before.Pages), tree(now.Pages)
	for _, p := range now.Pages {
		old, ok := was[p.ID]
		moved := ok && (old.Space != p.Space || stood.above(old) != stands.above(p))
		add(t, p, old, moved, c)
	}
	for _, gone := range left {
		if old := was[gone.ID]; gone.Kind == mirror.KindContent && gone.State == access.Deleted && !gone.Shut {
			t.Deleted.Add(report.Page{ID: old.ID, Title: old.Title, Space: old.Space})
		}
	}
	t.Files = files(before.Files, now.Files)
	t.Losses = losses(before, now)
	return t
}

// places are the ids of pages by what their Markdown is called without its ending: what lies below them lies in a
// folder of that name.
type places map[string]string

func tree(all []Page) places {
	p := make(places, len(all))
	for _, page := range all {
		stem, _ := stemOf(page.Markdown)
		p[stem] = page.ID
	}
	return p
}

// stemOf is the folder of what lies below a Markdown file, and the folder that the file counts as lying in.
func stemOf(file string) (stem, in string) {
	dir, name := path.Split(file)
	switch stem = strings.TrimSuffix(name, path.Ext(name)); stem {
	case "index", "_index":
		dir = path.Clean(dir)
		return dir, path.Dir(dir)
	}
	return dir + stem, path.Clean(dir)
}

// above is the id of the page that another lies below, or the folder where that is no page's.
func (p places) above(page Page) string {
	_, in := stemOf(page.Markdown)
	return cmp.Or(p[in], in)
}

// add adds a page to those that changed as it did; old has no id where there was none.
func add(t *report.Tonight, p, old Page, moved bool, c *catalog.Catalog) {
	told := report.Page{ID: p.ID, Title: p.Title, Space: p.Space, HTML: p.HTML}
	if n := c.ByID[p.ID]; n != nil {
		told.URL = c.Source(n)
	}
	if old.ID == "" {
		t.New.Add(told)
		return
	}
	if old.Version != p.Version {
		t.Changed.Add(told)
	}
	if moved { // from where is not told: it may have lain below what is withheld now
		t.Moved.Add(told)
	}
	if old.Title != p.Title {
		told.Before = old.Title
		t.Renamed.Add(told)
	}
}

// files counts the attachments that changed.
func files(before, now []File) (f report.Files) {
	was := make(map[string]string, len(before))
	for _, a := range before {
		was[a.ID] = a.SHA256
	}
	for _, a := range now {
		switch sum, ok := was[a.ID]; {
		case !ok:
			f.New++
		case sum != a.SHA256:
			f.Changed++
		}
		delete(was, a.ID)
	}
	f.Gone = len(was)
	return f
}

// lossPages is how many pages are named for each kind of loss.
const lossPages = 20

// losses adds up what pages lost and had not lost before, by class and name.
func losses(before, now *Listed) []report.NewLoss {
	type place struct {
		id          string
		version     int
		class, name string
	}
	had := map[place]int{}
	for _, p := range before.Losses.Pages {
		for _, l := range p.Losses {
			had[place{p.ID, p.Version, l.Class, l.Name}] += l.Count
		}
	}
	found := map[[2]string]*report.NewLoss{}
	for _, p := range now.Losses.Pages {
		for _, l := range p.Losses {
			n := l.Count - had[place{p.ID, p.Version, l.Class, l.Name}]
			if n <= 0 {
				continue
			}
			key := [2]string{l.Class, l.Name}
			if found[key] == nil {
				found[key] = &report.NewLoss{Class: l.Class, Name: l.Name, Words: l.Words}
			}
			of := found[key]
			if of.Count += n; len(of.Pages) < lossPages {
				of.Pages = append(of.Pages, report.Page{ID: p.ID, Title: p.Title, HTML: p.HTML, URL: p.URL})
			}
		}
	}
	var all []report.NewLoss
	for _, l := range found {
		all = append(all, *l)
	}
	slices.SortFunc(all, func(a, b report.NewLoss) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Name, b.Name))
	})
	return all
}
