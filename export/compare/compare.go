// Package compare says what changed between two published generations: which pages are new, gone, moved, renamed or
// edited, what became of their words, labels, readers and other facts of their front matter, and of files. It looks
// at the Markdown and the lists of the two, which say what they are themselves, and at nothing that is not published.
// compare.go finds the changes, read.go reads a generation, text.go, json.go and page.go tell of them.
package compare

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/render/change"
)

// Changes are what changed from one generation to another.
type Changes struct {
	From, To string // names of generations
	Pages    []Page // in the order of their spaces and files
	Files    []File // in the order of their pages
}

// Page is a page that is in one of the two alone, or differs.
type Page struct {
	ID, Title, Space string
	File             string // its Markdown, in To, or where it was
	New, Gone        bool
	Renamed          string             // its title before, "" for the same
	Moved            string             // its file before where it lies in another folder, "" for the same
	Version, Before  int                // of its text
	Words            *change.Difference // nil where no word of the text changed
	Facts            []Fact
}

// Fact is an entry of the front matter that changed, such as its labels.
type Fact struct{ Name, Before, Now string }

// File is an attachment that is in one of the two alone, or has other bytes.
type File struct {
	ID, Title, Page string // Page is the title of its page
	New, Gone       bool
	Size            int64 // bytes, in To, or before where it is gone
}

// Generations compares two generations of out, by their names.
func Generations(ctx context.Context, from, to *output.Markdown) (*Changes, error) {
	c := &Changes{From: from.Generation, To: to.Generation}
	old, now := byID(from.Holds.Pages), byID(to.Holds.Pages)
	for _, id := range slices.SortedFunc(maps.Keys(union(old, now)), mirror.CompareIDs) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a, was := old[id]
		b, is := now[id]
		switch {
		case !is:
			c.Pages = append(c.Pages, page(a, Page{Gone: true}))
		case !was:
			c.Pages = append(c.Pages, page(b, Page{New: true}))
		default:
			p, differs, err := differ(from, to, a, b)
			if err != nil {
				return nil, err
			}
			if differs {
				c.Pages = append(c.Pages, p)
			}
		}
	}
	slices.SortStableFunc(c.Pages, func(a, b Page) int {
		return cmp.Or(cmp.Compare(a.Space, b.Space), cmp.Compare(a.File, b.File))
	})
	c.files(from, to, old, now)
	return c, nil
}

// byID are the pages of a generation.
func byID(all []output.ManifestPage) map[string]output.ManifestPage {
	pages := make(map[string]output.ManifestPage, len(all))
	for _, p := range all {
		pages[p.ID] = p
	}
	return pages
}

// union has the keys of both.
func union[T any](a, b map[string]T) map[string]T {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// page fills in what a list says of a page.
func page(m output.ManifestPage, p Page) Page {
	p.ID, p.Title, p.Space, p.File, p.Version = m.ID, m.Title, m.Space, within(m.Markdown), m.Version
	return p
}

// within is the path of a Markdown file in the folder of all of them, "" for none.
func within(file string) string { return strings.TrimPrefix(file, output.MarkdownDir+"/") }

// files finds the attachments that changed.
func (c *Changes) files(from, to *output.Markdown, old, now map[string]output.ManifestPage) {
	before := map[string]output.ManifestAttachment{}
	for _, a := range from.Holds.Attachments {
		before[a.ID] = a
	}
	for _, b := range to.Holds.Attachments {
		a, was := before[b.ID]
		delete(before, b.ID)
		if !was || a.SHA256 != b.SHA256 || a.Title != b.Title {
			c.Files = append(c.Files,
				File{ID: b.ID, Title: b.Title, Page: now[b.PageID].Title, New: !was, Size: b.Size})
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(before), mirror.CompareIDs) {
		a := before[id]
		c.Files = append(c.Files, File{ID: id, Title: a.Title, Page: old[a.PageID].Title, Gone: true, Size: a.Size})
	}
}

// Counts are how many pages and files changed, by how, in the order in which they are told.
func (c *Changes) Counts() (pages, files []Count) {
	pages = []Count{{What: "new"}, {What: "gone"}, {What: "moved"}, {What: "renamed"}, {What: "edited"},
		{What: "changed otherwise"}}
	files = []Count{{What: "new"}, {What: "gone"}, {What: "changed"}}
	for _, p := range c.Pages {
		for i, is := range []bool{p.New, p.Gone, p.Moved != "", p.Renamed != "", p.Words != nil, len(p.Facts) > 0} {
			if is {
				pages[i].N++
			}
		}
	}
	for _, f := range c.Files {
		for i, is := range []bool{f.New, f.Gone, !f.New && !f.Gone} {
			if is {
				files[i].N++
			}
		}
	}
	none := func(c Count) bool { return c.N == 0 }
	return slices.DeleteFunc(pages, none), slices.DeleteFunc(files, none)
}

// Count is how often something is so.
type Count struct {
	What string
	N    int
}
