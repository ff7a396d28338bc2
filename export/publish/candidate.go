package publish

import (
	"slices"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/fetch/cql"
	"agc-export/render/markdown"
)

// candidates are contents among which all answers to a query are, in the order of the
// catalog: those of a label, below a page, of a space, or else all of them.
func (l *linker) candidates(q markdown.Query, where *cql.Expr) []*catalog.Node {
	l.once.Do(l.arrange)
	if nodes, ok := l.narrow(where, q.From); ok {
		return nodes
	}
	switch {
	case len(q.Labels) > 0:
		return l.gather(q.Labels, func(label string) []*catalog.Node { return l.byLabel[label] })
	case len(q.IDs) > 0:
		return l.gather(q.IDs, l.one)
	case len(q.Spaces) > 0:
		return l.gather(q.Spaces, l.inSpace)
	}
	return l.catalog.Nodes
}

// arrange sorts the contents by label and by space.
func (l *linker) arrange() {
	l.byLabel, l.bySpace = map[string][]*catalog.Node{}, map[string][]*catalog.Node{}
	for _, n := range l.catalog.Nodes {
		key := strings.ToLower(n.Space.Key)
		l.bySpace[key] = append(l.bySpace[key], n)
		for _, label := range n.Labels {
			l.byLabel[label] = append(l.byLabel[label], n)
		}
	}
}

// inSpace are the contents of a space.
func (l *linker) inSpace(key string) []*catalog.Node {
	l.once.Do(l.arrange)
	return l.bySpace[strings.ToLower(key)]
}

// one is the content of an id.
func (l *linker) one(id string) []*catalog.Node {
	if n := l.catalog.ByID[id]; n != nil {
		return []*catalog.Node{n}
	}
	return nil
}

// gather joins the contents of several keys, each once, in the order of the catalog.
func (l *linker) gather(keys []string, of func(string) []*catalog.Node) []*catalog.Node {
	if len(keys) == 1 {
		return of(keys[0])
	}
	var all []*catalog.Node
	for _, key := range keys {
		all = append(all, of(key)...)
	}
	slices.SortFunc(all, func(a, b *catalog.Node) int { return mirror.CompareIDs(a.ID, b.ID) })
	return slices.Compact(all)
}

// narrow looks in CQL for a clause that must hold and that names few contents. It is
// not ok where there is none: the clauses of "or" and negations do not bind.
func (l *linker) narrow(e *cql.Expr, from markdown.Page) ([]*catalog.Node, bool) {
	if e == nil || e.Join == "or" {
		return nil, false
	}
	if e.Join == "and" {
		var best []*catalog.Node
		ok := false
		for i := range e.Of {
			if nodes, fits := l.narrow(&e.Of[i], from); fits && (!ok || len(nodes) < len(best)) {
				best, ok = nodes, true
			}
		}
		return best, ok
	}
	c := e.Clause
	if c.Operator != "=" && c.Operator != "in" {
		return nil, false
	}
	values, err := clauseValues(c, from)
	if err != nil {
		return nil, false
	}
	switch c.Field {
	case "label":
		return l.gather(values, l.labelled), true
	case "space", "space.key":
		return l.gather(values, l.inSpace), true
	case "id", "content":
		return l.gather(values, l.one), true
	case "parent":
		return l.gather(values, func(id string) []*catalog.Node { return l.below(id, 1) }), true
	case "ancestor":
		return l.gather(values, func(id string) []*catalog.Node { return l.below(id, 0) }), true
	}
	return nil, false
}

// labelled are the contents of a label; CQL does not regard its case.
func (l *linker) labelled(label string) []*catalog.Node {
	if nodes := l.byLabel[label]; nodes != nil {
		return nodes
	}
	return l.byLabel[strings.ToLower(label)]
}

// below are the contents below one, down to a depth; 0 means all. They come in the
// order of the catalog.
func (l *linker) below(id string, depth int) []*catalog.Node {
	var all []*catalog.Node
	var walk func(*catalog.Node, int)
	walk = func(n *catalog.Node, down int) {
		for _, c := range n.Children {
			if all = append(all, c); depth == 0 || down < depth {
				walk(c, down+1)
			}
		}
	}
	if n := l.catalog.ByID[id]; n != nil {
		walk(n, 1)
	}
	slices.SortFunc(all, func(a, b *catalog.Node) int { return mirror.CompareIDs(a.ID, b.ID) })
	return all
}
