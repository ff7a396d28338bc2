package publish

import (
	"cmp"
	"slices"
	"strings"

	"agc-export/export/catalog"
	"agc-export/render/markdown"
)

// labels counts the labels of the contents that a query selects, by name where it
// does not say else.
func (l *linker) labels(q markdown.Query) ([]markdown.Ref, error) {
	by, down := q.Sort, q.Reverse
	q.Sort, q.Reverse = "", false
	nodes, err := l.selected(q)
	if err != nil {
		return nil, err
	}
	rows, err := remember(&l.found, "labels"+question(q),
		func() ([]markdown.Ref, error) { return countLabels(nodes), nil })
	if err != nil {
		return nil, err
	}
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b markdown.Ref) int {
		order := strings.Compare(a.Title, b.Title)
		switch by {
		case "count":
			order = cmp.Or(cmp.Compare(a.Count, b.Count), -order)
		case "modified":
			order = cmp.Or(strings.Compare(a.Updated, b.Updated), -order)
		}
		if down {
			return -order
		}
		return order
	})
	return head(rows, q.Max), nil
}

// countLabels returns each label of some contents, in no certain order.
func countLabels(nodes []*catalog.Node) []markdown.Ref {
	at := map[string]int{}
	var rows []markdown.Ref
	for _, n := range nodes {
		for _, label := range n.Labels {
			i, ok := at[label]
			if !ok {
				i, at[label] = len(rows), len(rows)
				rows = append(rows, markdown.Ref{Type: "label", ID: label, Title: label})
			}
			rows[i].Count++
			rows[i].Updated = max(rows[i].Updated, n.Version.CreatedAt)
		}
	}
	return rows
}

// spaces lists the published spaces, by key.
func (l *linker) spaces(q markdown.Query) []markdown.Ref {
	var rows []markdown.Ref
	for _, s := range l.catalog.Spaces {
		if !asked(s.Key, q.Spaces) || !asked(s.Type, q.Types) {
			continue
		}
		ref := l.space(q.From, s.Key)
		ref.About, ref.Created, ref.Status, ref.Count = s.Description, s.CreatedAt, s.Status, s.Count
		if s.AuthorID != "" {
			ref.Author = l.catalog.People.Author(s.AuthorID)
		}
		rows = append(rows, ref)
	}
	return head(rows, q.Max)
}

// people lists who created or last changed the contents that a query looks at: those
// who did so with most of them first. Who changed a content in between, the catalog
// does not know.
func (l *linker) people(q markdown.Query) ([]markdown.Ref, error) {
	nodes, err := l.scope(q)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var rows []markdown.Ref
	for _, n := range nodes {
		for _, id := range slices.Compact([]string{n.AuthorID, n.Version.AuthorID}) {
			if l.catalog.People.Author(id) == "" {
				continue
			}
			ref := l.user(id)
			i, ok := at[cmp.Or(ref.ID, ref.Title)] // those nobody knows are one
			if !ok {
				i, at[cmp.Or(ref.ID, ref.Title)] = len(rows), len(rows)
				rows = append(rows, ref)
			}
			rows[i].Count++
			rows[i].Updated = max(rows[i].Updated, n.Version.CreatedAt)
		}
	}
	slices.SortStableFunc(rows, func(a, b markdown.Ref) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Title, b.Title), strings.Compare(a.ID, b.ID))
	})
	return head(rows, q.Max), nil
}

// scope are the contents whose people a query asks for.
func (l *linker) scope(q markdown.Query) ([]*catalog.Node, error) {
	if q.Scope == markdown.ScopeSpaces {
		return l.selected(q)
	}
	n, _ := l.find(q.From, q.Of)
	switch {
	case n == nil:
		return nil, nil
	case q.Scope == markdown.ScopeChildren:
		return append([]*catalog.Node{n}, n.Children...), nil
	case q.Scope == markdown.ScopeTree:
		return append([]*catalog.Node{n}, l.below(n.ID, 0)...), nil
	}
	return []*catalog.Node{n}, nil
}
