package export

import (
	"errors"
	"strings"
	"testing"

	"agc-export/export/mirror"
	"agc-export/fetch"
	"agc-export/render/markdown"
)

// forest is a catalog of a few contents in two spaces.
func forest() *linker {
	c := &catalog{byID: map[string]*node{}}
	for _, key := range []string{"ENG", "OPS"} {
		c.spaces = append(c.spaces, &space{Space: mirror.Space{Space: fetch.Space{Key: key}}})
	}
	add := func(id, typ, title, parent, created string, space int, labels ...string) {
		n := &node{space: c.spaces[space], parent: c.byID[parent], md: c.spaces[space].Key + "/" + id + ".md"}
		n.Content = fetch.Content{ID: id, Type: typ, Status: fetch.StatusCurrent, Title: title, AuthorID: "712020:a", CreatedAt: created, Version: fetch.Version{CreatedAt: created}}
		n.Labels = labels
		if n.parent != nil {
			n.parent.children = append(n.parent.children, n)
		}
		c.byID[id] = n
		c.nodes = append(c.nodes, n)
	}
	add("1", "page", "Home", "", "2026-01-01T00:00:00.000Z", 0)
	add("2", "page", "Runbooks", "1", "2026-02-01T00:00:00.000Z", 0, "runbook")
	add("3", "page", "Rotate", "2", "2026-03-01T10:30:00.000Z", 0, "runbook", "tls")
	add("4", "blogpost", "News", "", "2026-04-01T00:00:00.000Z", 0, "tls")
	add("5", "page", "On call", "", "2026-05-01T00:00:00.000Z", 1, "runbook")
	add("6", "folder", "Papers", "", "2026-05-01T00:00:00.000Z", 1, "runbook")
	return &linker{catalog: c}
}

func TestContents(t *testing.T) {
	l := forest()
	for _, c := range []struct {
		q    markdown.Query
		want string
	}{
		{markdown.Query{Labels: []string{"runbook"}}, "2 3 5"},
		{markdown.Query{Labels: []string{"runbook"}, Spaces: []string{"eng"}}, "2 3"},
		{markdown.Query{Types: []string{"blogpost"}}, "4"},
		{markdown.Query{CQL: `label = "runbook"`}, "2 3 5"},
		{markdown.Query{CQL: `label in ("tls","none") and type = page`}, "3"},
		{markdown.Query{CQL: `label = runbook and space = currentSpace()`}, "2 3"},
		{markdown.Query{CQL: `ancestor = 1`}, "2 3"},
		{markdown.Query{CQL: `parent = currentContent()`}, "2"},
		{markdown.Query{CQL: `type = page and label != tls order by title desc`}, "2 5 1"},
		{markdown.Query{CQL: `title ~ "ro"`}, "3"},
		{markdown.Query{CQL: `created >= "2026-03-01" and created < "2026/05/01"`}, "3 4"},
		{markdown.Query{CQL: `created > "2026-03-01 10:29" order by created desc`}, "5 4 3"},
		{markdown.Query{CQL: `created > now("-4w")`}, "cannot"},
		{markdown.Query{CQL: `text ~ "word"`}, "cannot"},
		{markdown.Query{CQL: `creator = currentUser()`}, "cannot"},
		{markdown.Query{CQL: `label = a order by rank`}, "cannot"},
		{markdown.Query{CQL: `label =`}, "error"},
	} {
		c.q.From, c.q.Select = markdown.Page{ID: "1", SpaceKey: "ENG", Path: "ENG/1.md"}, markdown.SelectContent
		refs, err := l.Find(c.q)
		var ids []string
		for _, r := range refs {
			ids = append(ids, r.ID)
		}
		got := strings.Join(ids, " ")
		if errors.Is(err, errCannot) {
			got = "cannot"
		} else if err != nil {
			got = "error"
		}
		if got != c.want {
			t.Errorf("%+v: %s, want %s (%v)", c.q, got, c.want, err)
		}
	}
}
