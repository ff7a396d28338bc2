package publish

import (
	"bytes"
	"sync"

	"agc-export/export/output"
	"agc-export/export/parallel"
	"agc-export/export/trace"
	"agc-export/render/search"
	"agc-export/render/site"
)

// searchDir is where the files of the search index lie in the site.
const searchDir = output.SiteDir + "/search/"

// indexer makes the search index of the contents, which come in any order.
type indexer struct {
	index    *search.Index
	in       *parallel.Ordered[found] // into index
	weighers sync.Pool                // of *search.Weigher
}

// found is what the index is told of a content.
type found struct {
	search.Document
	search.Entry
	text func() (string, error) // of the content, where it is asked for
}

// keySearch is the key of the files of the index that was built.
const keySearch = "search"

// newIndexer numbers the contents and starts an index in the generation, into which they come in
// the order of the catalog. Files of the last one are taken over.
func (b *builder) newIndexer() {
	for i, n := range b.catalog.nodes {
		n.number = i
	}
	var last []search.Packed
	if r, ok := b.link.traces.Last(keySearch, trace.Sum{}); ok && !r.Read(&last) {
		last = nil
	}
	x := &indexer{index: search.NewAfter(last, searchFiles{b.gen})}
	x.in = parallel.NewOrdered(func(d found) error { return x.index.Take(d.Document, d.Entry, d.text) })
	x.weighers.New = func() any { return search.NewWeigher() }
	b.indexer = x
}

// weigh reads the words of a content.
func (x *indexer) weigh(d search.Document) search.Entry {
	w := x.weighers.Get().(*search.Weigher)
	defer x.weighers.Put(w)
	return w.Weigh(d)
}

// searchFiles are the files of the index in a generation and in the one before, see search.Files.
type searchFiles struct{ gen *output.Generation }

func (f searchFiles) Write(name string, data []byte) error { return f.gen.Write(searchDir+name, data) }
func (f searchFiles) Keep(name string) (bool, error)       { return f.gen.Keep(searchDir + name) }
func (f searchFiles) Read(name string) ([]byte, bool)      { return f.gen.ReadBefore(searchDir + name) }

// document is what can be found of a content, but for the words of its body.
func (b *builder) document(n *node) search.Document {
	d := search.Document{Title: n.Title, Space: n.space.Key, Labels: n.Labels}
	for _, a := range n.files {
		d.Files = append(d.Files, a.Title)
	}
	for _, name := range []string{b.catalog.name(n.AuthorID), b.catalog.name(n.Version.AuthorID)} {
		if name != "" && (len(d.People) == 0 || d.People[0] != name) {
			d.People = append(d.People, name)
		}
	}
	return d
}

// find adds a content to the index. Its text is not at hand where the page was taken over.
func (b *builder) find(n *node, d search.Document, e search.Entry) error {
	text := d.Text
	d.Href, d.Kind = site.Rel("search.html", n.html), n.Type
	for a := n.parent; a != nil && a != n.space.home; a = a.parent {
		d.Trail = append([]string{a.Title}, d.Trail...)
	}
	return b.indexer.in.Add(n.number, found{d, e, func() (string, error) {
		if text != "" {
			return text, nil
		}
		body, _, err := b.body(b.ctx, b.link.newWork(workPage, n))
		return body.Text, err
	}})
}

// writeSearch adds the homes of the spaces to the index, ends it, and writes the page
// that shows what is found.
func (b *builder) writeSearch() error {
	view := site.Search{Path: "search.html"}
	for _, s := range b.catalog.spaces {
		err := b.indexer.index.Add(search.Document{Title: s.Name, Href: site.Rel("search.html", s.path()), Space: s.Key,
			Kind: "space", Text: s.Description})
		if err != nil {
			return err
		}
		entry := site.SearchSpace{Link: s.link(), Key: s.Key}
		for _, w := range b.ways(s, "") {
			if w.Href != s.path() {
				entry.Ways = append(entry.Ways, w.Link)
			}
		}
		view.Spaces = append(view.Spaces, entry)
	}
	if err := b.indexer.index.Close(); err != nil {
		return err
	}
	b.link.traces.Put(keySearch, &trace.Record{Result: trace.Append(nil, b.indexer.index.Packed())})
	var out bytes.Buffer
	if err := b.site.Search(&out, view); err != nil {
		return err
	}
	return b.gen.Write(output.SiteDir+"/"+view.Path, out.Bytes())
}
