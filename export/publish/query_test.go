package publish

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/export/people"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// forest is a catalog of a few contents in two spaces.
func forest() *linker {
	c := &catalog.Catalog{ByID: map[string]*catalog.Node{}}
	for _, s := range []wiki.Space{{Key: "ENG", Name: "Engineering"}, {Key: "OPS", Name: "Operations"}} {
		c.Spaces = append(c.Spaces, &catalog.Space{Space: mirror.Space{Space: s}})
	}
	add := func(id, typ, title, parent, created string, space int, labels ...string) {
		n := &catalog.Node{Space: c.Spaces[space], Parent: c.ByID[parent], MD: c.Spaces[space].Key + "/" + id + ".md"}
		n.Content = catalog.Content{ID: id, Type: typ, Status: wiki.StatusCurrent, Title: title, AuthorID: "712020:a",
			CreatedAt: created, Version: wiki.Version{CreatedAt: created, AuthorID: "712020:a"}}
		n.Labels = labels
		if n.Parent != nil {
			n.Parent.Children = append(n.Parent.Children, n)
		}
		c.ByID[id] = n
		c.Nodes = append(c.Nodes, n)
	}
	add("1", "page", "Home", "", "2026-01-01T00:00:00.000Z", 0)
	add("2", "page", "Runbooks", "1", "2026-02-01T00:00:00.000Z", 0, "runbook")
	add("3", "page", "Rotate", "2", "2026-03-01T10:30:00.000Z", 0, "runbook", "tls")
	add("4", "blogpost", "News", "", "2026-04-01T00:00:00.000Z", 0, "tls")
	add("5", "page", "On call", "", "2026-05-01T00:00:00.000Z", 1, "runbook")
	add("6", "folder", "Papers", "", "2026-05-01T00:00:00.000Z", 1, "runbook")
	return &linker{catalog: c}
}

// pieces puts pieces of contents where the linker would keep those of their bodies.
func pieces(l *linker, kind string, by map[string][]markdown.Piece) {
	for _, n := range l.catalog.Nodes {
		remember(&l.pieces, pieceKey{n.ID, kind}, func() ([]markdown.Piece, error) { return by[n.ID], nil })
	}
}

// said joins what the rows of an answer say.
func said(refs []markdown.Ref, of func(markdown.Ref) string) string {
	var out []string
	for _, r := range refs {
		out = append(out, of(r))
	}
	return strings.Join(out, " ")
}

func TestTasks(t *testing.T) {
	l := forest()
	pieces(l, markdown.PieceTask, map[string][]markdown.Piece{
		"2": {{Source: "a", Status: markdown.StatusOpen, Due: "2026-07-02"},
			{Source: "b", Status: markdown.StatusDone, Person: "712020:a"}},
		"4": {{Source: "c", Status: markdown.StatusOpen}},
		"5": {{Source: "d", Status: markdown.StatusOpen, Due: "2026-07-01", Person: "712020:a"}},
	})
	for _, c := range []struct {
		q    markdown.Query
		want string
	}{
		{markdown.Query{}, "a b c d"},
		{markdown.Query{Sort: "due"}, "d a b c"},
		{markdown.Query{Sort: "due", Reverse: true, Max: 2}, "b c"},
		{markdown.Query{Sort: "person"}, "a c b d"},
		{markdown.Query{Status: markdown.StatusOpen}, "a c d"},
		{markdown.Query{People: []string{"712020:a"}}, "b d"},
		{markdown.Query{Spaces: []string{"OPS"}}, "d"},
		{markdown.Query{IDs: []string{"4", "5"}}, "c d"},
		{markdown.Query{Labels: []string{"tls"}}, "c"},
		{markdown.Query{CQL: "parent = currentContent()"}, "a b"},
	} {
		c.q.From, c.q.Select = markdown.Page{ID: "1", SpaceKey: "ENG", Path: "ENG/1.md"}, markdown.SelectTasks
		refs, err := l.Find(c.q)
		if got := said(refs, func(r markdown.Ref) string { return r.Body }); got != c.want || err != nil {
			t.Errorf("%+v: %s, want %s (%v)", c.q, got, c.want, err)
		}
	}
}

func TestRolls(t *testing.T) {
	l := forest()
	l.catalog.People, _ = people.Of(map[string]wiki.User{
		"712020:a": {DisplayName: "Ann"}, "712020:b": {DisplayName: "Bob"}}, nil)
	l.catalog.ByID["3"].Version.AuthorID = "712020:b"
	l.catalog.ByID["4"].AuthorID = "712020:z"
	for _, c := range []struct {
		q    markdown.Query
		want string
	}{
		{markdown.Query{Select: markdown.SelectLabels}, "runbook×3 tls×2"},
		{markdown.Query{Select: markdown.SelectLabels, Sort: "count"}, "tls×2 runbook×3"},
		{markdown.Query{Select: markdown.SelectLabels, Sort: "modified", Reverse: true, Max: 1}, "runbook×3"},
		{markdown.Query{Select: markdown.SelectLabels, Spaces: []string{""}}, "runbook×2 tls×2"},
		{markdown.Query{Select: markdown.SelectLabels, Labels: []string{"tls"}}, "runbook×1 tls×2"},
		{markdown.Query{Select: markdown.SelectSpaces}, "Engineering×0 Operations×0"},
		{markdown.Query{Select: markdown.SelectSpaces, Spaces: []string{"ops"}}, "Operations×0"},
		{markdown.Query{Select: markdown.SelectPeople}, "Ann×1"},
		{markdown.Query{Select: markdown.SelectPeople, Scope: markdown.ScopeChildren}, "Ann×2"},
		{markdown.Query{Select: markdown.SelectPeople, Scope: markdown.ScopeTree}, "Ann×3 Bob×1"},
		{markdown.Query{Select: markdown.SelectPeople, Scope: markdown.ScopeSpaces}, "Ann×5 Bob×1 unknown user×1"},
	} {
		c.q.From = markdown.Page{ID: "1", SpaceKey: "ENG", Path: "ENG/1.md"}
		refs, err := l.Find(c.q)
		got := said(refs, func(r markdown.Ref) string { return fmt.Sprintf("%s×%d", r.Title, r.Count) })
		if got != c.want || err != nil {
			t.Errorf("%+v: %s, want %s (%v)", c.q, got, c.want, err)
		}
	}
}

// TestFindOften asks as a thousand pages with the same report would: the bodies are
// looked at once, and the contents of a label without those of others.
func TestFindOften(t *testing.T) {
	l := forest()
	reads := 0
	for _, n := range l.catalog.Nodes {
		remember(&l.pieces, pieceKey{n.ID, markdown.PieceTask},
			func() ([]markdown.Piece, error) { reads++; return nil, nil })
	}
	for range 1000 {
		if _, err := l.Find(markdown.Query{From: markdown.Page{ID: "1", SpaceKey: "ENG"},
			Select: markdown.SelectTasks}); err != nil {
			t.Fatal(err)
		}
	}
	if reads != len(l.catalog.Nodes) {
		t.Errorf("%d bodies read for %d contents", reads, len(l.catalog.Nodes))
	}
	for query, want := range map[string]int{
		"label = tls": 2, "label = tls and space = ENG": 2, "parent = 1": 1, "ancestor = 1": 2, "id in (1,2)": 2,
		"space = OPS":                2,
		"label = tls or space = OPS": 6, "type = page and label != tls": 6, "type = page": 6,
	} {
		_, where, err := parsed(markdown.Query{CQL: query})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(l.candidates(markdown.Query{}, where)); got != want {
			t.Errorf("%s: %d contents looked at, want %d", query, got, want)
		}
	}
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
		{markdown.Query{Labels: []string{"runbook", "tls"}, Every: true}, "3"},
		{markdown.Query{Labels: []string{"runbook", "tls"}, Without: []string{"runbook"}}, "4"},
		{markdown.Query{IDs: []string{"5", "2", "9"}}, "2 5"},
		{markdown.Query{People: []string{"712020:b"}}, ""},
		{markdown.Query{Spaces: []string{"@self"}}, "1 2 3 4"},
		{markdown.Query{Sort: "created", Reverse: true, Max: 2}, "5 4"},
		{markdown.Query{CQL: `label = "runbook"`}, "2 3 5"},
		{markdown.Query{CQL: `label = RUNBOOK and space in (eng, ops)`}, "2 3 5"},
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
