package publish

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/lists"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/topic"
	"agc-export/export/tree"
	"agc-export/render/site"
)

// writeLists writes the lists of each space and of the site.
func (b *builder) writeLists() error {
	for _, s := range b.catalog.Spaces {
		for _, l := range b.spaceLists(s) {
			l.Space, l.Ways = homeOf(s), b.ways(s, l.Base+".html")
			if err := b.writeList(l); err != nil {
				return err
			}
		}
	}
	all := b.siteLists()
	if b.cfg.Changes {
		l, err := topic.Changes(b.ctx, b.site, b.catalog, b.link.mirror, b.link.entryOn)
		if err != nil {
			return err
		}
		all = append(all, l)
	}
	for _, l := range all {
		l.Ways = b.siteWays(l.Base + ".html")
		if err := b.writeList(l); err != nil {
			return err
		}
	}
	return nil
}

// spaceLists are the lists of a space, without what all of them share.
func (b *builder) spaceLists(s *catalog.Space) []lists.List {
	dir, t := s.Folder(), b.site.Say
	all := []lists.List{
		{ListPage: site.ListPage{Title: t("tree_of", s.Name), Outline: true,
			Groups: []site.Group{{Entries: b.link.outline(s.Line)}}}, Base: dir + "/pages", Size: tree.Size},
		{ListPage: site.ListPage{Title: t("az_of", s.Name),
			Groups: lists.ByLetter(b.site, b.link.entriesOf(topic.ByTitle(s.All())))},
			Base: dir + "/a-z"},
		{ListPage: site.ListPage{Title: t("recent_of", s.Name),
			Groups: b.byMonth(head(recent(s.All()), recentMost), topic.Changed),
			Feed:   feedOf(s, "recent"), FeedTitle: t("recent_of", s.Name)}, Base: dir + "/recent"},
	}
	if len(s.Blog) > 0 {
		all = append(all, lists.List{ListPage: site.ListPage{Title: t("blog_of", s.Name),
			Groups: b.posts(s.Blog),
			Feed:   feedOf(s, "blog"), FeedTitle: t("blog_of", s.Name)}, Base: dir + "/blog"})
	}
	if labels := b.link.topics.LabelEntries(b.site, s.All()); len(labels) > 0 {
		all = append(all, lists.List{ListPage: site.ListPage{Title: t("labels_of", s.Name),
			Groups: lists.Alphabet(b.site, labels)},
			Base: dir + "/labels"})
	}
	return all
}

// ways are the links to the lists of a space. The one at path is marked.
func (b *builder) ways(s *catalog.Space, path string) []site.Way {
	dir, t := s.Folder(), b.site.Say
	ways := []site.Way{{Link: site.Link{Text: t("overview"), Href: s.Path()}},
		{Link: site.Link{Text: t("tree"), Href: dir + "/pages.html"}},
		{Link: site.Link{Text: t("az"), Href: dir + "/a-z.html"}}}
	if len(s.Blog) > 0 {
		ways = append(ways, site.Way{Link: site.Link{Text: t("blog"), Href: dir + "/blog.html"}})
	}
	if s.Labelled {
		ways = append(ways, site.Way{Link: site.Link{Text: t("labels"), Href: dir + "/labels.html"}})
	}
	ways = append(ways, site.Way{Link: site.Link{Text: t("recent"), Href: dir + "/recent.html"}})
	return mark(ways, path)
}

func mark(ways []site.Way, path string) []site.Way {
	for i := range ways {
		ways[i].Current = ways[i].Href == path
	}
	return ways
}

// writeList writes the pages of a list.
func (b *builder) writeList(l lists.List) error {
	for _, page := range l.Pages(b.site) {
		err := b.out.Derive(output.SiteDir+"/"+page.Path, page, func() ([]byte, error) {
			var out bytes.Buffer
			err := b.site.List(&out, page)
			return out.Bytes(), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// entriesOf are contents as lists show them that say no more of them.
func (l *linker) entriesOf(nodes []*catalog.Node) []site.Entry {
	var out []site.Entry
	for _, n := range nodes {
		out = append(out, l.entryOn(n, "", ""))
	}
	return out
}

// outline are the entries of the list of all pages. Those that have pages below them can
// be linked to.
func (l *linker) outline(line []*catalog.Node) []site.Entry {
	out := make([]site.Entry, len(line))
	for i, n := range line {
		out[i] = site.Entry{Link: linkTo(n), ID: tree.ID(n), Type: n.Type, Rank: n.Own, Leads: l.leaving(n),
			State: stateOf(n)}
		if n.Parent != nil {
			out[i].Depth = min(out[n.Parent.Order].Depth+1, deepest)
		}
	}
	return out
}

// deepest is the depth below which a list of all pages goes on at the same depth: a
// browser gives up on thousands of lists in each other.
const deepest = 40

// recentMost bounds the list of recent changes.
const recentMost = 200

// recent are contents by their last change, the newest first.
func recent(nodes []*catalog.Node) []*catalog.Node {
	nodes = slices.Clone(nodes)
	slices.SortFunc(nodes, func(a, b *catalog.Node) int {
		return cmp.Or(strings.Compare(b.Version.CreatedAt, a.Version.CreatedAt), mirror.CompareIDs(b.ID, a.ID))
	})
	return nodes
}

// byMonth groups contents, which come in order of their dates, by month. The first month
// of each year can be jumped to.
func (b *builder) byMonth(nodes []*catalog.Node, when func(*catalog.Node) (date, who string)) []site.Group {
	var out []site.Group
	last := ""
	for _, n := range nodes {
		date, who := when(n)
		month, year := b.site.Month(date)
		if month == "" {
			month, year = b.site.Say("undated"), "undated"
		}
		if len(out) == 0 || out[len(out)-1].Title != month {
			g := site.Group{Title: month}
			if year != last {
				g.ID, g.Short = "agc-"+year, year
				last = year
			}
			out = append(out, g)
		}
		g := &out[len(out)-1]
		g.Entries = append(g.Entries, b.link.entryOn(n, date, b.catalog.People.Author(who)))
	}
	return out
}

// posts are blog posts by month, with their first words: what shows these is marked as their page is.
func (b *builder) posts(all []*catalog.Node) []site.Group {
	groups := b.byMonth(all, topic.Created)
	for _, g := range groups {
		for i := range g.Entries {
			words, _ := b.link.begun.Load(all[0].ID)
			g.Entries[i].Excerpt, _ = words.(string)
			g.Entries[i].Rank = max(g.Entries[i].Rank, all[0].Rank)
			all = all[1:]
		}
	}
	return groups
}

// entryOn is a content in a list, with a date and what else stands beside it.
func (l *linker) entryOn(n *catalog.Node, date, note string) site.Entry {
	return site.Entry{Link: linkTo(n), Rank: n.Own, Type: n.Type, Emoji: n.Told().EmojiTitle, Date: date, Note: note,
		Leads: l.leaving(n), State: stateOf(n)}
}

// siteLists are the lists of the whole site: labels and people, and a page for each.
func (b *builder) siteLists() []lists.List {
	t := b.site.Say
	all := []lists.List{{ListPage: site.ListPage{Title: t("recent"),
		Groups: b.byMonth(head(recent(b.catalog.Nodes), recentMost), topic.Changed)}, Base: "recent"}}
	if labels := b.link.topics.LabelEntries(b.site, b.catalog.Nodes); len(labels) > 0 {
		all = append(all, lists.List{ListPage: site.ListPage{Title: t("labels"),
			Groups: lists.Alphabet(b.site, labels)},
			Base: "labels/index"})
	}
	all = append(all, b.link.topics.LabelLists(b.site, b.link.entryOn)...)
	return append(all, b.link.topics.PeopleLists(b.site, b.link.entryOn)...)
}

// siteWays are the links to the lists of the site.
func (b *builder) siteWays(path string) []site.Way {
	t := b.site.Say
	ways := []site.Way{{Link: site.Link{Text: t("home"), Href: "index.html"}},
		{Link: site.Link{Text: t("recent"), Href: "recent.html"}}}
	if b.cfg.Changes {
		ways = append(ways, site.Way{Link: site.Link{Text: t("what_changed"), Href: topic.ChangesBase + ".html"}})
	}
	if len(b.link.topics.Labels) > 0 {
		ways = append(ways, site.Way{Link: site.Link{Text: t("labels"), Href: "labels/index.html"}})
	}
	if len(b.link.topics.People) > 0 {
		ways = append(ways, site.Way{Link: site.Link{Text: t("people"), Href: "people/index.html"}})
	}
	return mark(ways, path)
}

// linkedShown is how many of the contents that link to one its page names.
const linkedShown = 12

// linkedFrom are the contents that link to one; where they are many, the last link leads
// to the list of all.
func (b *builder) linkedFrom(n *catalog.Node) []site.Link {
	var out []site.Link
	for _, from := range head(n.Linked, linkedShown) {
		out = append(out, linkTo(from))
	}
	if rest := len(n.Linked) - len(out); rest > 0 {
		out = append(out, site.Link{Text: b.site.Say("more", rest), Href: lists.PartPath(linksBase(n), 0)})
	}
	return out
}

func linksBase(n *catalog.Node) string { return "links/" + names.SafeID(n.ID) }

// writeLinked writes the list of what links to a content, where its page has no room.
func (b *builder) writeLinked(n *catalog.Node) error {
	if len(n.Linked) <= linkedShown {
		return nil
	}
	g := site.Group{}
	for _, from := range n.Linked {
		g.Entries = append(g.Entries, b.link.entryOn(from, "", from.Space.Name))
	}
	l := lists.List{ListPage: site.ListPage{Title: b.site.Say("links_to", n.Marked), Groups: []site.Group{g},
		Marked: site.Marked{Rank: n.Own}}, Base: linksBase(n)}
	l.Space, l.Ways = homeOf(n.Space), b.ways(n.Space, "")
	return b.writeList(l)
}
