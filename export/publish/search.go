package publish

import (
	"bytes"

	"agc-export/export/output"
	"agc-export/export/parallel"
	"agc-export/render/search"
	"agc-export/render/site"
)

// searchDir is where the files of the search index lie in the site.
const searchDir = output.SiteDir + "/search/"

// newIndexer numbers the contents and starts an index in the generation, into which they come in
// the order of the catalog.
func (b *builder) newIndexer() {
	for i, n := range b.catalog.nodes {
		n.number = i
	}
	b.index = search.New(func(name string, data []byte) error { return b.gen.Write(searchDir+name, data) })
	b.search = parallel.NewOrdered(b.index.Add)
}

// document is what can be found of a content: what its page shows but for its comments.
func (b *builder) document(n *node, p paged) search.Document {
	d := search.Document{Title: n.Title, Href: site.Rel("search.html", n.html), Space: n.space.Key, Kind: n.Type,
		Labels: n.Labels, Text: p.Text, Headings: p.Headings}
	for a := n.parent; a != nil && a != n.space.home; a = a.parent {
		d.Trail = append([]string{a.Title}, d.Trail...)
	}
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

// writeSearch adds the homes of the spaces to the index, ends it, and writes the page
// that shows what is found.
func (b *builder) writeSearch() error {
	view := site.Search{Path: "search.html"}
	for _, s := range b.catalog.spaces {
		err := b.index.Add(search.Document{Title: s.Name, Href: site.Rel("search.html", s.path()), Space: s.Key,
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
	if err := b.index.Close(); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := b.site.Search(&out, view); err != nil {
		return err
	}
	return b.gen.Write(output.SiteDir+"/"+view.Path, out.Bytes())
}
