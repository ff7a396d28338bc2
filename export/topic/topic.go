// Package topic has the pages about labels and people, which there are, where they lie and what they list, and the
// page about what changed of late.
package topic

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/lists"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/render/site"
)

// Pages are the pages about labels and people.
type Pages struct {
	Labels  map[string]string // paths of the labels' pages
	People  map[string]string // and of those of people, by account id; none where there shall be none
	named   map[string]string // the same by display name; "" where several have it
	catalog *catalog.Catalog
}

// Entry is a content in a list, with a date and what else stands beside it.
type Entry func(n *catalog.Node, date, note string) site.Entry

// Name gives labels, and people where they shall have them, their pages, and tells which spaces have labels.
func Name(c *catalog.Catalog, withPeople bool) *Pages {
	p := &Pages{Labels: map[string]string{}, People: map[string]string{}, named: map[string]string{}, catalog: c}
	people := map[string]bool{}
	for _, n := range c.Nodes {
		for _, l := range n.Labels {
			p.Labels[l] = ""
			n.Space.Labelled = true
		}
		for _, id := range []string{n.AuthorID, n.Version.AuthorID, n.OwnerID} {
			if withPeople && c.People.HasPage(id) {
				people[id] = true
			}
		}
	}
	taken := names.Set{"index": true}
	for i, l := range slices.Sorted(maps.Keys(p.Labels)) {
		p.Labels[l] = c.Name("labels/" + taken.Take(names.FileSlug(l), fmt.Sprint(i+2)) + ".html")
	}
	taken = names.Set{"index": true}
	for i, id := range slices.Sorted(maps.Keys(people)) {
		by := c.People.Author(id)
		p.People[id] = c.Name("people/" + taken.Take(names.FileSlug(by), fmt.Sprint(i+2)) + ".html")
		if _, twice := p.named[by]; twice {
			p.named[by] = ""
		} else {
			p.named[by] = p.People[id]
		}
	}
	return p
}

// Person is the path of the page about the one person of a name, "" for none.
func (p *Pages) Person(name string) string { return p.named[name] }

// LabelEntries are the labels of some contents, by name, with how many have them. Within
// a space they lead to that space's part of the label's page.
func (p *Pages) LabelEntries(s *site.Site, nodes []*catalog.Node) []site.Entry {
	counts, ranks := map[string]int{}, map[string]int{}
	for _, n := range nodes {
		for _, l := range n.Labels {
			counts[l]++
			ranks[l] = max(ranks[l], n.Own)
		}
	}
	var out []site.Entry
	for _, l := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, site.Entry{Link: site.Link{Text: l, Href: p.Labels[l]}, Rank: ranks[l],
			Note: s.Pages(counts[l])})
	}
	return out
}

// LabelLists are the pages of the labels: their contents by space and title.
func (p *Pages) LabelLists(s *site.Site, entry Entry) []lists.List {
	groups := map[string][]site.Group{}
	for _, in := range p.catalog.Spaces {
		for _, n := range ByTitle(in.All()) {
			for _, l := range n.Labels {
				g := groups[l]
				if len(g) == 0 || g[len(g)-1].Link != in.Path() {
					g = append(g, site.Group{Title: in.Name, Link: in.Path(), ID: "agc-" + names.FileSlug(in.Dir)})
				}
				last := &g[len(g)-1]
				last.Entries = append(last.Entries, entry(n, "", ""))
				groups[l] = g
			}
		}
	}
	var out []lists.List
	for _, l := range slices.Sorted(maps.Keys(groups)) {
		out = append(out, lists.List{ListPage: site.ListPage{Title: s.Say("labelled", l), Groups: groups[l]},
			Base: strings.TrimSuffix(p.Labels[l], ".html")})
	}
	return out
}

// PeopleLists are the list of those who made or changed what is published, and a page
// for each: what they made, what of others they changed last, and what else they own.
func (p *Pages) PeopleLists(s *site.Site, entry Entry) []lists.List {
	made, changes, owned := map[string][]*catalog.Node{}, map[string][]*catalog.Node{}, map[string][]*catalog.Node{}
	for _, n := range p.catalog.Nodes {
		made[n.AuthorID] = append(made[n.AuthorID], n)
		if n.Version.AuthorID != n.AuthorID {
			changes[n.Version.AuthorID] = append(changes[n.Version.AuthorID], n)
		}
		if n.OwnerID != n.AuthorID && n.OwnerID != n.Version.AuthorID {
			owned[n.OwnerID] = append(owned[n.OwnerID], n)
		}
	}
	var entries []site.Entry
	var all []lists.List
	for _, id := range slices.Sorted(maps.Keys(p.People)) {
		name, count := p.catalog.People.Author(id), len(made[id])+len(changes[id])+len(owned[id])
		entries = append(entries, site.Entry{Link: site.Link{Text: name, Href: p.People[id]},
			Rank: catalog.Highest(made[id], changes[id], owned[id]),
			Note: s.Pages(count)})
		l := lists.List{ListPage: site.ListPage{Title: name}, Base: strings.TrimSuffix(p.People[id], ".html")}
		l.Groups = append(l.Groups, group(s, entry, "created_by", "agc-created", made[id], Created),
			group(s, entry, "changed_by", "agc-changed", changes[id], Changed),
			group(s, entry, "owned_by", "agc-owned", owned[id], Changed))
		all = append(all, l)
	}
	if len(entries) == 0 {
		return nil
	}
	return append([]lists.List{{ListPage: site.ListPage{Title: s.Say("people"),
		Groups: lists.Alphabet(s, entries)},
		Base: "people/index"}}, all...)
}

// group is a group of one person's contents, the newest first.
func group(s *site.Site, entry Entry, title, id string, nodes []*catalog.Node,
	when func(*catalog.Node) (date, who string)) site.Group {
	slices.SortFunc(nodes, func(a, c *catalog.Node) int {
		x, _ := when(a)
		y, _ := when(c)
		return cmp.Or(strings.Compare(y, x), mirror.CompareIDs(c.ID, a.ID))
	})
	g := site.Group{Title: s.Say(title), ID: id}
	for _, n := range nodes {
		date, _ := when(n)
		g.Entries = append(g.Entries, entry(n, date, n.Space.Name))
	}
	return g
}

// ByTitle are contents by title, as people look them up.
func ByTitle(nodes []*catalog.Node) []*catalog.Node {
	return lists.ByText(nodes, func(n *catalog.Node) string { return strings.TrimSpace(n.Title) },
		func(a, b *catalog.Node) int { return mirror.CompareIDs(a.ID, b.ID) })
}

// Changed and Created are the dates by which contents are listed, with who did it.
func Changed(n *catalog.Node) (date, who string) { return n.Version.CreatedAt, n.Version.AuthorID }
func Created(n *catalog.Node) (date, who string) { return n.CreatedAt, n.AuthorID }
