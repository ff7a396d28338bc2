package publish

import (
	"io"

	"agc-export/export/catalog"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/trace"
	"agc-export/fetch/wiki"
	"agc-export/render/site"
)

// printPath is the path of the page that holds all of a space, "" where it has none.
func (b *builder) printPath(s *catalog.Space) string {
	if !b.cfg.Prints(s.Key) {
		return ""
	}
	return s.Folder() + "/print.html"
}

// writePrints writes these pages, of the pages that stand there already: one page after the other, so that it needs no
// more memory for a large space.
func (b *builder) writePrints() error {
	for _, s := range b.catalog.Spaces {
		p := site.Print{Path: b.printPath(s), Marked: site.Marked{Rank: s.Rank}, Space: homeOf(s),
			Source: b.sourceOf(s), Changed: rfc3339(b.changed.At)}
		if p.Path == "" {
			continue
		}
		input := trace.SumOf(p)
		for _, n := range s.All() {
			one := b.printed(n)
			if n.Parent != nil && n.Type != wiki.TypeBlogPost {
				one.Depth = min(p.Entries[n.Parent.Order].Depth+1, deepest)
			}
			p.Rank, p.Entries = max(p.Rank, n.Rank), append(p.Entries, one)
			input = trace.SumOf(input[:], one, p.Rank, b.gen.SumOf(output.SiteDir+"/"+n.HTML))
		}
		err := b.out.DeriveTo(output.SiteDir+"/"+p.Path, input, func(w io.Writer) error {
			return b.site.Print(w, p, func(one site.PrintedPage) ([]byte, error) {
				return b.gen.Read(output.SiteDir + "/" + one.Href)
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// printed is a content on such a page.
func (b *builder) printed(n *catalog.Node) site.PrintedPage {
	one := site.PrintedPage{Link: linkTo(n), ID: names.SafeID(n.ID), Source: b.catalog.Source(n)}
	if n.Rank > 0 {
		one.Marking = b.catalog.Marking.Text(n.Rank)
	}
	if b.cfg.Fetched {
		one.Fetched = n.Fetched
	}
	return one
}
