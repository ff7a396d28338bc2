package publish

import (
	"bytes"
	"strings"
	"time"

	"agc-export/export/catalog"
	"agc-export/export/index"
	"agc-export/export/output"
	"agc-export/export/talk"
	"agc-export/render/markdown"
	"agc-export/render/search"
	"agc-export/render/site"
)

// documentOf is what can be found of a content, but for the words of its body.
func documentOf(c *catalog.Catalog, n *catalog.Node) search.Document {
	d := search.Document{Title: n.Title, Space: n.Space.Key, Kind: n.Type, Date: dayOf(n.Version.CreatedAt),
		Labels: n.Labels}
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
func (b *builder) find(n *catalog.Node, d search.Document, e search.Numbered) error {
	text := d.Text
	d.Href, d.In = site.Rel("search.html", n.HTML), n.Space.Name
	d.Marking = b.catalog.Marking.Told(n.Rank)
	for a := n.Parent; a != nil && a != n.Space.Home; a = a.Parent {
		d.Trail = append([]string{a.Marked}, d.Trail...)
	}
	return b.index.Add(n.Number, index.Found{Document: d, Numbered: e, Text: func() (string, error) {
		if text != "" {
			return text, nil
		}
		w := b.link.newWork(workPage, n)
		body, all, err := b.body(b.ctx, w)
		var known []markdown.Loss // when the page was made
		return wordsOf(body, b.comments(w, talk.Threads(all), body.Marked, &known)), err
	}})
}

// dayOf is the day of a time, as it stands there, or "" of what is none.
func dayOf(at string) string {
	if _, err := time.Parse(time.RFC3339, at); err != nil {
		return ""
	}
	return at[:len(time.DateOnly)]
}

// wordsOf is what can be found in a page: the text, and each comment as a section.
func wordsOf(body site.Body, comments []site.Comment) string {
	text := body.Text
	for _, c := range comments {
		text += search.Section(site.CommentID(c.ID), c.Author) + wordsOf(c.Body, c.Replies)
	}
	return text
}

// writeSearch adds the homes of the spaces to the index, ends it, and writes the page
// that shows what is found.
func (b *builder) writeSearch() error {
	b.out.Traces.Asked()
	view := site.Search{Path: "search.html", Marked: site.Marked{Rank: b.catalog.Highest()}}
	for _, s := range b.catalog.Spaces {
		err := b.index.AddLast(search.Document{Title: s.Name, Href: site.Rel("search.html", s.Path()), Space: s.Key,
			Marking: b.catalog.Marking.Told(s.Rank), Kind: "space",
			Text: strings.Join(strings.Fields(s.Description), " ")})
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
	b.index = nil // of a large tenant it is much, and the rest does without
	var out bytes.Buffer
	if err := b.site.Search(&out, view); err != nil {
		return err
	}
	return b.gen.Write(output.SiteDir+"/"+view.Path, out.Bytes())
}
