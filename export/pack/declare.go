package pack

import (
	"maps"
	"os"
	"path"
	"slices"

	"agc-export/export/catalog"
	"agc-export/export/declaration"
	"agc-export/export/mirror"
	"agc-export/export/names"
)

// Declare writes the declaration of a part, from what is the same of all parts of a package. What the part has not
// stands in it by numbers alone: no id, no title. hits are what a search found, by content.
func (p *Part) Declare(root *os.Root, c *Collector, d declaration.Declaration,
	hits map[string][]declaration.Term) error {
	d.Scope.Spaces, d.Contents = p.spaces(), p.contents(hits)
	d.Terms, d.Packed = total(d.Terms, d.Contents), declaration.Packed{}
	for _, n := range p.Catalog.Nodes {
		if p.Catalog.Titled(n.ID) {
			d.Packed.Titles++
		}
	}
	for _, r := range d.Contents {
		d.Packed.Contents++
		d.Packed.Files, d.Packed.Comments = d.Packed.Files+r.Files, d.Packed.Comments+r.Comments
		d.Packed.Versions += r.Versions
		if r.State != "" {
			d.Packed.Gone++
		}
	}
	d.Missing, d.Marking = []declaration.Missing{}, p.Catalog.Marking.Text(p.Highest())
	for _, m := range p.lacking(c) {
		d.Missing = append(d.Missing, declaration.Missing(m))
	}
	if d.Answers = map[string]int{}; p.Shut {
		d.Left, d.Parts, d.Scope.Restricted, d.Unknown = map[string]int{}, 0, declaration.Here, []string{}
	} else {
		maps.Copy(d.Answers, c.left)
	}
	data, err := d.JSON()
	if err != nil {
		return err
	}
	if err := writeFile(root, path.Join(p.Dir, declaration.JSONFile), data); err != nil {
		return err
	}
	if data, err = d.HTML(); err != nil {
		return err
	}
	return writeFile(root, path.Join(p.Dir, declaration.HTMLFile), data)
}

// spaces are the keys of those in which anything of the part lies.
func (p *Part) spaces() []string {
	keys := map[string]bool{}
	for _, s := range p.Catalog.Spaces {
		keys[s.Key] = true
	}
	for _, g := range p.Gone {
		keys[g.Space.Key] = true
	}
	return append([]string{}, sortedKeys(keys)...)
}

// contents lists what is in the part, by id.
func (p *Part) contents(hits map[string][]declaration.Term) []declaration.Content {
	all := []declaration.Content{}
	for _, n := range p.Catalog.Nodes {
		if !p.Catalog.Titled(n.ID) {
			all = append(all, p.row(n, path.Join(SiteDir, n.HTML), hits))
		}
	}
	for _, g := range p.Gone {
		all = append(all, p.row(g.Node, "", hits))
		all[len(all)-1].State = g.How
	}
	slices.SortFunc(all, func(a, b declaration.Content) int { return mirror.CompareIDs(a.ID, b.ID) })
	return all
}

func (p *Part) row(n *catalog.Node, page string, hits map[string][]declaration.Term) declaration.Content {
	count := p.count(n.ID)
	r := declaration.Content{ID: n.ID, Type: n.Type, Title: line(n.Title), Space: n.Space.Key, Above: []string{},
		Version: n.Version.Number, Created: n.CreatedAt, Changed: n.Version.CreatedAt, Files: count.Files,
		Comments: count.Comments, Versions: count.Versions, Page: page,
		Raw: path.Join(RawDir, "contents", names.SafeID(n.ID)), Hits: hits[n.ID]}
	for up := n.Parent; up != nil; up = up.Parent {
		r.Above = append(r.Above, line(up.Title))
	}
	slices.Reverse(r.Above)
	return r
}

// total counts of each term what the contents have of it.
func total(terms []declaration.Term, contents []declaration.Content) []declaration.Term {
	all := []declaration.Term{}
	for _, t := range terms {
		t = declaration.Term{Text: t.Text}
		for _, c := range contents {
			for _, h := range c.Hits {
				if h.Text == t.Text {
					t.Exact, t.Stemmed, t.Contents = t.Exact+h.Exact, t.Stemmed+h.Stemmed, t.Contents+1
				}
			}
		}
		all = append(all, t)
	}
	return all
}
