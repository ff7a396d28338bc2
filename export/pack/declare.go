package pack

import (
	"maps"
	"os"
	"path"
	"slices"
	"strconv"

	"agc-export/export/catalog"
	"agc-export/export/declaration"
	"agc-export/export/mirror"
	"agc-export/export/names"
)

// Hit is a place in which a search found terms.
type Hit struct {
	Kind    mirror.Kind // content, comment or attachment
	ID      string      // of that object
	Version int
	Older   bool     // it is not the newest
	Label   bool     // it is what the content is labelled
	Counts  [][2]int // of each term: as it is written, and in other forms
}

// Hits are those of a search, by content.
type Hits map[string][]Hit

// Declare writes the declaration of a part, from what is the same of all parts of a package. What the part has not
// stands in it by numbers alone: no id, no title, and no term that stands nowhere else.
func (p *Part) Declare(root *os.Root, c *Collector, d declaration.Declaration, hits Hits) error {
	d.Scope.Spaces, d.Contents = p.Spaces(), p.contents(d.Terms, hits)
	d.Terms, d.Packed = total(d.Terms, d.Contents), declaration.Packed{}
	for _, n := range p.Catalog.Nodes {
		if p.Catalog.Titled(n.ID) {
			d.Packed.Titles++
		}
	}
	for _, r := range d.Contents {
		if !r.Partly {
			d.Packed.Contents++
		}
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

// Spaces are the keys of those in which anything of the part lies.
func (p *Part) Spaces() []string {
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
func (p *Part) contents(terms []declaration.Term, hits Hits) []declaration.Content {
	all := []declaration.Content{}
	for _, n := range p.Catalog.Nodes {
		if !p.Catalog.Titled(n.ID) {
			all = append(all, p.row(n, path.Join(SiteDir, n.HTML), p.found(terms, n.ID, hits)))
		}
	}
	for _, g := range p.Gone {
		all = append(all, p.row(g.Node, "", p.found(terms, g.ID, hits)))
		all[len(all)-1].State = g.How
	}
	here := map[string]bool{}
	for _, c := range all {
		here[c.ID] = true
	}
	for _, n := range p.Beside {
		r := p.row(n, "", p.found(terms, n.ID, hits))
		if r.Files+r.Comments+r.Versions+len(r.Hits) > 0 && !here[n.ID] {
			r.Partly = true
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b declaration.Content) int { return mirror.CompareIDs(a.ID, b.ID) })
	return all
}

func (p *Part) row(n *catalog.Node, page string, hits []declaration.Count) declaration.Content {
	count := p.count(n.ID)
	r := declaration.Content{ID: n.ID, Type: n.Type, Title: line(n.Title), Space: n.Space.Key, Above: []string{},
		Version: n.Version.Number, Created: n.CreatedAt, Changed: n.Version.CreatedAt, Files: count.Files,
		Comments: count.Comments, Versions: count.Versions, Page: page,
		Raw: path.Join(RawDir, "contents", names.SafeID(n.ID)), Hits: hits}
	for up := n.Parent; up != nil; up = up.Parent {
		r.Above = append(r.Above, line(up.Title))
	}
	slices.Reverse(r.Above)
	return r
}

// found counts the terms that stand in what the part has of a content.
func (p *Part) found(terms []declaration.Term, id string, hits Hits) (all []declaration.Count) {
	for i, t := range terms {
		n := declaration.Count{Text: t.Text}
		for _, h := range hits[id] {
			if p.hasHit(id, &h) {
				n.Exact, n.Other = n.Exact+h.Counts[i][0], n.Other+h.Counts[i][1]
			}
		}
		if n.Exact+n.Other > 0 {
			all = append(all, n)
		}
	}
	return all
}

// hasHit tells whether the part has the answer of the API in which a term stands.
func (p *Part) hasHit(content string, h *Hit) bool {
	on, state := path.Join("contents", names.SafeID(content)), strconv.Itoa(h.Version)
	switch {
	case h.Kind == mirror.KindComment:
		at := names.SafeID(h.ID) + "-" + state
		return p.Answers[path.Join(on, "comments", at)] || p.Answers[path.Join(on, keptDir, "comment-"+at)]
	case h.Kind == mirror.KindAttachment:
		on = path.Join(FilesDir, names.SafeID(h.ID))
		return p.Answers[path.Join(on, state)] || p.Answers[path.Join(on, keptDir, state)]
	case h.Label:
		return p.Answers[path.Join(on, "search")]
	case h.Older:
		return p.Answers[path.Join(on, "versions", state)] || p.Answers[path.Join(on, keptDir, state)]
	}
	return p.Answers[path.Join(on, state)]
}

// total counts of each term what the contents have of it.
func total(terms []declaration.Term, contents []declaration.Content) []declaration.Term {
	all := []declaration.Term{}
	for _, t := range terms {
		t = declaration.Term{Count: declaration.Count{Text: t.Text}}
		for _, c := range contents {
			for _, h := range c.Hits {
				if h.Text == t.Text {
					t.Exact, t.Other, t.Contents = t.Exact+h.Exact, t.Other+h.Other, t.Contents+1
				}
			}
		}
		all = append(all, t)
	}
	return all
}
