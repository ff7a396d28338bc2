package publish

import (
	"fmt"
	"net/url"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/render/markdown"
	"agc-export/render/site"
)

// feedMost is the number of entries of a feed.
const feedMost = 50

// feed is the path of one of a space's Atom feeds.
func feedOf(s *catalog.Space, name string) string { return s.Folder() + "/" + name + ".xml" }

// writeFeeds writes what programs read: feeds, sitemap.xml and llms.txt.
func (b *builder) writeFeeds() error {
	for _, s := range b.catalog.Spaces {
		feeds := []site.Feed{b.feed(s, "recent", recent(s.All()))}
		if len(s.Blog) > 0 {
			feeds = append(feeds, b.feed(s, "blog", s.Blog))
		}
		for _, f := range feeds {
			if err := b.gen.Write(output.SiteDir+"/"+f.Path, b.site.Feed(f)); err != nil {
				return err
			}
		}
	}
	for _, a := range b.site.Sitemap(b.places()) {
		if err := b.gen.Write(output.SiteDir+"/"+a.Path, a.Data); err != nil {
			return err
		}
	}
	if !b.cfg.LLMs {
		return nil
	}
	return b.gen.Write(output.SiteDir+"/llms.txt", b.overview())
}

// feed is one of a space's feeds.
func (b *builder) feed(s *catalog.Space, name string, nodes []*catalog.Node) site.Feed {
	f := site.Feed{Path: feedOf(s, name), Title: b.site.Say(name+"_of", s.Name),
		Marked: site.Marked{Rank: catalog.Highest(head(nodes, feedMost))}, Page: s.Folder() + "/" + name + ".html",
		ID: b.feedID("space/" + names.SafeID(s.ID) + "/" + name)}
	for _, n := range head(nodes, feedMost) {
		f.Entries = append(f.Entries, site.FeedEntry{Link: linkTo(n), ID: b.feedID("content/" + names.SafeID(n.ID)),
			Author:    b.catalog.People.Author(n.AuthorID),
			Published: n.CreatedAt, Updated: n.Version.CreatedAt, Labels: n.Labels})
	}
	return f
}

// feedID names a thing for ever by a tag of the Confluence site, RFC 4151.
func (b *builder) feedID(name string) string {
	host := "confluence"
	if u, err := url.Parse(b.catalog.Site().URL); err == nil && u.Host != "" {
		host = u.Hostname()
	}
	return "tag:" + host + ",2020:" + name
}

// places are the pages for sitemap.xml.
func (b *builder) places() []site.Place {
	places := []site.Place{{Path: "index.html"}}
	for _, s := range b.catalog.Spaces {
		places = append(places, site.Place{Path: s.Path()})
	}
	for _, n := range b.catalog.Nodes {
		places = append(places, site.Place{Path: n.HTML, Updated: n.Version.CreatedAt})
	}
	return places
}

// overview is llms.txt (https://llmstxt.org): what there is, for programs that read with
// a small memory. It lists the spaces and the upper end of each.
func (b *builder) overview() []byte {
	const pagesMost = 50
	var out strings.Builder
	line := func(text, href, note string) {
		fmt.Fprintf(&out, "- [%s](%s)", markdown.Text(text), b.site.Address(href))
		if note = strings.Join(strings.Fields(note), " "); note != "" {
			out.WriteString(": " + markdown.Text(note))
		}
		out.WriteString("\n")
	}
	fmt.Fprintf(&out, "# %s\n\n> %s\n", markdown.Text(b.site.Title()),
		markdown.Text(b.site.Say("copy_of", "Confluence")))
	if m := b.catalog.Marking.Told(b.catalog.Highest()); m != "" {
		out.WriteString("\n> " + markdown.Text(m) + "\n")
	}
	for _, s := range b.catalog.Spaces {
		fmt.Fprintf(&out, "\n## %s\n\n", markdown.Text(s.Name))
		line(s.Name, s.Path(), s.Description)
		line(b.site.Say("tree"), s.Folder()+"/pages.html", b.site.Pages(s.Count))
		line(b.site.Say("az"), s.Folder()+"/a-z.html", "")
		top := s.First
		if len(top) == 1 {
			top = append(top[:1:1], top[0].Children...)
		}
		for _, n := range head(top, pagesMost) {
			line(n.Marked, n.HTML, "")
		}
	}
	return []byte(out.String())
}
