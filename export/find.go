package export

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"agc-export/render/markdown"
)

// errCannot is why the mirror has no answer to a macro's question.
var errCannot = errors.New("the export cannot answer this")

// Find lists what a dynamic macro shows, from the catalog.
func (l *linker) Find(q markdown.Query) ([]markdown.Ref, error) {
	var rows []markdown.Ref
	switch q.Select {
	case markdown.SelectSelf:
		n, missing := l.find(q.From, q.Of)
		if n == nil {
			return []markdown.Ref{missing}, nil
		}
		rows = []markdown.Ref{l.page(q.From, n, "")}
	case markdown.SelectChildren:
		rows = l.children(q)
	case markdown.SelectAttachments:
		if n, _ := l.find(q.From, q.Of); n != nil {
			rows = l.files(q, n)
		}
	case markdown.SelectContent:
		found, err := l.contents(q)
		if err != nil {
			return nil, err
		}
		rows = found
	default:
		return nil, fmt.Errorf("select %q: %w", q.Select, errCannot)
	}
	if q.Max > 0 && len(rows) > q.Max {
		rows = rows[:q.Max]
	}
	return rows, l.addBodies(q, rows)
}

// children lists the tree below a content or a space depth first; a sort order
// holds among siblings.
func (l *linker) children(q markdown.Query) []markdown.Ref {
	var top []*node
	if q.Of.Kind == markdown.TargetSpace {
		for _, s := range l.catalog.spaces {
			if strings.EqualFold(s.Key, cmp.Or(q.Of.SpaceKey, q.From.SpaceKey)) {
				top = s.top()
			}
		}
	} else if n, _ := l.find(q.From, q.Of); n != nil {
		top = n.children
	}
	var rows []markdown.Ref
	var walk func([]*node, int)
	walk = func(siblings []*node, depth int) {
		if q.Depth > 0 && depth > q.Depth {
			return
		}
		for _, n := range sorted(siblings, q) {
			ref := l.page(q.From, n, "")
			ref.Depth = depth
			rows = append(rows, ref)
			walk(n.children, depth+1)
		}
	}
	walk(top, 1)
	return rows
}

// files lists the attachments of a content, by name where the query does not say.
func (l *linker) files(q markdown.Query, n *node) []markdown.Ref {
	files := slices.Clone(n.files)
	slices.SortStableFunc(files, func(a, b *attachment) int {
		if q.Sort == "created" || q.Sort == "modified" {
			return strings.Compare(a.Version.CreatedAt, b.Version.CreatedAt)
		}
		return strings.Compare(foldName(a.Title), foldName(b.Title))
	})
	if q.Reverse {
		slices.Reverse(files)
	}
	var rows []markdown.Ref
	for _, a := range files {
		rows = append(rows, l.file(q.From, a))
	}
	return rows
}

func asked(value string, list []string) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, value) })
}

func hasAny(have, want []string) bool {
	return len(want) == 0 || slices.ContainsFunc(want, func(s string) bool { return slices.Contains(have, s) })
}

// sorted orders rows as the query asks; without a wish they keep the tree's order.
func sorted(nodes []*node, q markdown.Query) []*node {
	nodes = slices.Clone(nodes)
	by := map[string]func(a, b *node) int{
		"title":    func(a, b *node) int { return strings.Compare(foldName(a.Title), foldName(b.Title)) },
		"created":  func(a, b *node) int { return strings.Compare(a.CreatedAt, b.CreatedAt) },
		"modified": func(a, b *node) int { return strings.Compare(a.Version.CreatedAt, b.Version.CreatedAt) },
	}[q.Sort]
	if by != nil {
		slices.SortStableFunc(nodes, by)
	}
	if q.Reverse {
		slices.Reverse(nodes)
	}
	return nodes
}

func (l *linker) addBodies(q markdown.Query, rows []markdown.Ref) error {
	if !q.WithBody {
		return nil
	}
	for i := range rows {
		if l.catalog.byID[rows[i].ID] == nil {
			continue
		}
		body, err := l.mirror.Body(l.ctx, rows[i].ID)
		if err != nil {
			return err
		}
		rows[i].Body = body
	}
	return nil
}
