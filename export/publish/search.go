package publish

import (
	"bytes"

	"agc-export/export/catalog"
	"agc-export/export/index"
	"agc-export/export/output"
	"agc-export/render/search"
	"agc-export/render/site"
)

// documentOf is what can be found of a content, but for the words of its body.
func documentOf(c *catalog.Catalog, n *catalog.Node) search.Document {
	d := search.Document{Title: n.Title, Space: n.Space.Key, Labels: n.Labels}
	for _, a := range n.Files {
		d.Files = append(d.Files, a.Title)
	}
	for _, name := range []string{c.People.Author(n.AuthorID), c.People.Author(n.Version.AuthorID)} {
		if name != "" && (len(d.People) == 0 || d.People[0] != name) {
			d.People = append(d.People, name)
		}
	}
	return d
}

// find adds a content to the index. Its text is not at hand where the page was taken over.
func (b *builder) find(n *catalog.Node, d search.Document, e search.Entry) error {
	text := d.Text
	d.Href, d.Kind = site.Rel("search.html", n.HTML), n.Type
	for a := n.Parent; a != nil && a != n.Space.Home; a = a.Parent {
		d.Trail = append([]string{a.Title}, d.Trail...)
	}
	return b.index.Add(n.Number, index.Found{Document: d, Entry: e, Text: func() (string, error) {
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
	for _, s := range b.catalog.Spaces {
		err := b.index.AddLast(search.Document{Title: s.Name, Href: site.Rel("search.html", s.Path()), Space: s.Key,
			Kind: "space", Text: s.Description})
		if err != nil {
			return err
		}
		entry := site.SearchSpace{Link: homeOf(s), Key: s.Key}
		for _, w := range b.ways(s, "") {
			if w.Href != s.Path() {
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
