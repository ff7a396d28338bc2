package publish

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/names"
	"agc-export/render/markdown"
)

// pieceKey names the pieces of a kind of one content.
type pieceKey struct{ id, kind string }

// piecesOf are the pieces of a content's body. The body is read and parsed once a
// build, whatever the number of reports.
func (l *linker) piecesOf(n *catalog.Node, kind string) ([]markdown.Piece, error) {
	return remember(&l.pieces, pieceKey{n.ID, kind}, func() ([]markdown.Piece, error) {
		w := l.newWork(workPieces+kind+"/", n, n.Sum, n.Held)
		var list []markdown.Piece
		if w.Known(&list) {
			return list, nil
		}
		body, err := l.readable(l.ctx, n)
		if err != nil {
			return nil, err
		}
		list = markdown.Pieces(body, kind)
		w.Done(list)
		for i := range list { // a copy, lest a line of a page keep the whole page in memory
			list[i].Source = strings.Clone(list[i].Source)
		}
		return list, nil
	})
}

// body is a content's body, or only its pieces of a kind.
func (l *linker) body(n *catalog.Node, kind string) (string, error) {
	if kind == "" {
		return l.readable(l.ctx, n)
	}
	list, err := l.piecesOf(n, kind)
	var b strings.Builder
	for _, p := range list {
		b.WriteString(p.Source)
	}
	return b.String(), err
}

// located is a piece at its place.
type located struct {
	*catalog.Node
	markdown.Piece
}

// cut lists the pieces of a kind in the contents that a query selects.
func (l *linker) cut(q markdown.Query, kind string) ([]markdown.Ref, error) {
	chosen, err := l.chosen(q, kind)
	if err != nil {
		return nil, err
	}
	var rows []markdown.Ref
	for _, p := range head(chosen, q.Max) {
		ref := l.page(q.From, p.Node, "")
		ref.Status, ref.Body = p.Piece.Status, p.Source
		rows = append(rows, ref)
	}
	return rows, nil
}

// chosen are the pieces for a query in its order.
func (l *linker) chosen(q markdown.Query, kind string) ([]located, error) {
	find := func() ([]located, error) {
		all, err := l.located(q, kind)
		var chosen []located
		for _, p := range all {
			if (q.Status == "" || p.Piece.Status == q.Status) && asked(p.Person, q.People) {
				chosen = append(chosen, p)
			}
		}
		l.sortPieces(chosen, q)
		return chosen, err
	}
	if q.NamesAsker() {
		return find()
	}
	return rememberList(&l.finder, fmt.Sprintf("%s in order %q %s", kind, q.Status, question(q)), find)
}

// located finds the pieces for a query, but for what it asks of the pieces.
func (l *linker) located(q markdown.Query, kind string) ([]located, error) {
	q.Sort, q.Reverse, q.People = "", false, nil
	find := func() ([]located, error) {
		nodes, err := l.selected(q)
		if err != nil {
			return nil, err
		}
		var all []located
		for _, n := range nodes {
			list, err := l.piecesOf(n, kind)
			if err != nil {
				return nil, err
			}
			for _, p := range list {
				all = append(all, located{n, p})
			}
		}
		return all, nil
	}
	if q.NamesAsker() {
		return find()
	}
	return rememberList(&l.finder, kind+question(q), find)
}

// sortPieces orders tasks by the day when they are due, those without one last, or as
// the query asks. What is equal stays in the order of pages and within them.
func (l *linker) sortPieces(all []located, q markdown.Query) {
	by := map[string]func(located) string{
		"title":    func(p located) string { return names.FoldName(p.Title) },
		"created":  func(p located) string { return p.CreatedAt },
		"modified": func(p located) string { return p.Version.CreatedAt },
		"person":   func(p located) string { return names.FoldName(l.catalog.People.Name(p.Person)) },
		"due":      func(p located) string { return cmp.Or(p.Due, "9999") },
	}[q.Sort]
	if by == nil {
		return
	}
	slices.SortStableFunc(all, func(a, b located) int {
		if q.Reverse {
			a, b = b, a
		}
		return strings.Compare(by(a), by(b))
	})
}
