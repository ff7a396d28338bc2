// Package lists lays out the lists that lead to pages: list.go cuts one into the pages on which
// it stands, with the links between them, alphabet.go puts entries under letters. It knows
// entries and words of the site alone.
package lists

import (
	"cmp"
	"strconv"

	"agc-export/render/site"
)

// partSize is the number of entries on one page of a list, and nearest how many parts
// the links between them show on either side.
const (
	partSize = 300
	nearest  = 3
)

// List is a list before it is cut into parts.
type List struct {
	site.ListPage
	Base string // path of the first part without its ending
	Size int    // entries of a part; 0: 300
}

// Pages are the parts of a list, each as the page that it becomes.
func (l List) Pages(w *site.Site) []site.ListPage {
	parts := cutParts(l.Groups, cmp.Or(l.Size, partSize), w)
	l.Jump = jumps(parts, l.Base)
	pages := make([]site.ListPage, len(parts))
	for i, groups := range parts {
		ix := l.ListPage
		ix.Path, ix.Groups, ix.Part, ix.Parts = PartPath(l.Base, i), groups, i+1, nearParts(l.Base, i, len(parts))
		if i > 0 {
			ix.Previous.Href = PartPath(l.Base, i-1)
		}
		if i+1 < len(parts) {
			ix.Next.Href = PartPath(l.Base, i+1)
		}
		pages[i] = ix
	}
	return pages
}

// cutParts deals groups to parts of at most size entries. A group that goes on in the
// next part says so there. There is at least one part.
func cutParts(groups []site.Group, size int, w *site.Site) [][]site.Group {
	parts, room := [][]site.Group{nil}, size
	for _, g := range groups {
		for first := true; len(g.Entries) > 0; first = false {
			if room == 0 {
				parts, room = append(parts, nil), size
			}
			piece := g
			piece.Entries = g.Entries[:min(len(g.Entries), room)]
			if g.Entries = g.Entries[len(piece.Entries):]; !first {
				piece.ID = ""
				if piece.Title != "" {
					piece.Title = w.Say("continued", piece.Title)
				}
			}
			room -= len(piece.Entries)
			parts[len(parts)-1] = append(parts[len(parts)-1], piece)
		}
	}
	return parts
}

// jumps are links to the groups that have an id, wherever they begin; none for one
// group alone.
func jumps(parts [][]site.Group, base string) []site.Link {
	var out []site.Link
	for i, groups := range parts {
		for _, g := range groups {
			if g.ID != "" {
				out = append(out, site.Link{Text: cmp.Or(g.Short, g.Title), Href: PartPath(base, i) + "#" + g.ID})
			}
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// nearParts are links to the first and the last part and those near the one at i, which
// has none.
func nearParts(base string, i, count int) []site.Link {
	var out []site.Link
	for k := range count {
		if k > 0 && k+1 < count && (k < i-nearest || k > i+nearest) {
			continue
		}
		link := site.Link{Text: strconv.Itoa(k + 1), Href: PartPath(base, k)}
		if k == i {
			link.Href = ""
		}
		out = append(out, link)
	}
	return out
}

// PartPath is the path of one part of a list, counted from 0: "a-z.html", "a-z.2.html".
// A dot, which no slug has, keeps them apart from the pages of labels and people.
func PartPath(base string, part int) string {
	if part == 0 {
		return base + ".html"
	}
	return base + "." + strconv.Itoa(part+1) + ".html"
}
