package gitrepo

import (
	"fmt"
	"strings"
)

// mostNames bounds the names of a kind that a message lists.
const mostNames = 50

// Text says in one line how much changes: "pages: 2 added, 5 changed; files: 1 added".
func (c *Changes) Text() string {
	pages := counted([]count{{len(c.Added), "added"}, {len(c.Changed), "changed"}, {len(c.Moved), "moved"},
		{len(c.Left), "taken away"}})
	files := counted([]count{{c.Files.Added, "added"}, {c.Files.Changed, "changed"}, {c.Files.Left, "taken away"}})
	switch {
	case c.None():
		return "ids of pages and files"
	case pages == "":
		return "files: " + files
	case files == "":
		return "pages: " + pages
	}
	return "pages: " + pages + "; files: " + files
}

// count is how many, and of what.
type count struct {
	n    int
	what string
}

func counted(all []count) string {
	var parts []string
	for _, c := range all {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	return strings.Join(parts, ", ")
}

// message is what a commit says: counts, then names, and at last the checksum of all its checksums.
func (c *Changes) message(sum string) string {
	text := c.Text()
	var b strings.Builder
	b.WriteString(strings.ToUpper(text[:1]) + text[1:] + "\n")
	for _, part := range []struct {
		title string
		names []string
	}{{"Pages added", c.Added}, {"Pages changed", c.Changed}, {"Pages moved, to", c.Moved},
		{"Pages taken away", c.Left}} {
		if len(part.names) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s:\n", part.title)
		for i, name := range part.names {
			if i == mostNames {
				fmt.Fprintf(&b, "  and %d more\n", len(part.names)-i)
				break
			}
			fmt.Fprintf(&b, "  %s\n", name)
		}
	}
	fmt.Fprintf(&b, "\n%s%s\n", sumsKey, sum)
	return b.String()
}
