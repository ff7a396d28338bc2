package publish

import (
	"fmt"
	"slices"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/names"
	"agc-export/fetch/cql"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// contents lists pages and blog posts by CQL, label, space, type and the like.
func (l *linker) contents(q markdown.Query) ([]markdown.Ref, error) {
	nodes, err := l.selected(q)
	if err != nil {
		return nil, err
	}
	var rows []markdown.Ref
	for _, n := range head(nodes, q.Max) {
		rows = append(rows, l.page(q.From, n, ""))
	}
	return rows, l.addBodies(q, rows)
}

// selected are the contents for which the conditions of a query hold, in its order.
func (l *linker) selected(q markdown.Query) ([]*catalog.Node, error) {
	q, where, err := parsed(q)
	if err != nil {
		return nil, err
	}
	if q.NamesAsker() {
		return l.choose(q, where)
	}
	return rememberList(&l.finder, question(q), func() ([]*catalog.Node, error) { return l.choose(q, where) })
}

// question is equal for queries that select the same contents in the same order.
func question(q markdown.Query) string {
	return fmt.Sprintf("%q", []any{q.From.SpaceKey, q.Sort, q.Reverse, q.CQL, q.Labels, q.Every, q.Without, q.Spaces,
		q.Types, q.IDs, q.People})
}

// parsed reads the CQL of a query and takes over its order. The expression is nil
// where there is no CQL.
func parsed(q markdown.Query) (markdown.Query, *cql.Expr, error) {
	if q.CQL == "" {
		return q, nil, nil
	}
	query, err := cql.Parse(q.CQL)
	if err != nil {
		return q, nil, err
	}
	if len(query.Order) > 0 && q.Sort == "" {
		if q.Sort = sortFields[query.Order[0].Field]; q.Sort == "" {
			return q, nil, fmt.Errorf("order by %s: %w", query.Order[0].Field, errCannot)
		}
		q.Reverse = query.Order[0].Descending != q.Reverse
	}
	return q, &query.Where, nil
}

// choose filters the smallest set of contents that is known to hold all answers.
func (l *linker) choose(q markdown.Query, where *cql.Expr) ([]*catalog.Node, error) {
	found := func(*catalog.Node) bool { return true }
	if where != nil {
		var err error
		found, err = cql.Compile(*where, func(c cql.Clause) (func(*catalog.Node) bool, error) {
			return clause(c, q.From)
		})
		if err != nil {
			return nil, err
		}
	}
	var nodes []*catalog.Node
	for _, n := range l.candidates(q, where) {
		if (n.Type == wiki.TypePage || n.Type == wiki.TypeBlogPost) && n.Status == wiki.StatusCurrent && holds(q, n) &&
			found(n) {
			nodes = append(nodes, n)
		}
	}
	return sorted(nodes, q), nil
}

// holds tells whether the conditions of a query other than its CQL hold.
func holds(q markdown.Query, n *catalog.Node) bool {
	has := func(label string) bool { return slices.Contains(n.Labels, label) }
	switch {
	case !asked(n.Type, q.Types), !asked(n.Space.Key, q.Spaces), !asked(n.ID, q.IDs), !asked(n.AuthorID, q.People):
		return false
	case slices.ContainsFunc(q.Without, has):
		return false
	case q.Every:
		return !slices.ContainsFunc(q.Labels, func(label string) bool { return !has(label) })
	}
	return len(q.Labels) == 0 || slices.ContainsFunc(q.Labels, has)
}

// sortFields are the fields of CQL's "order by" as a Query names them.
var sortFields = map[string]string{"title": "title", "created": "created", "lastmodified": "modified"}

// clause is the test of one clause of CQL on a page. What the mirror cannot know, or
// what would change with the clock or the reader, has none.
func clause(c cql.Clause, from markdown.Page) (func(*catalog.Node) bool, error) {
	values, err := clauseValues(c, from)
	if err != nil {
		return nil, err
	}
	test := clauseTest(c, values)
	if test == nil {
		return nil, fmt.Errorf("CQL field %q with %s: %w", c.Field, c.Operator, errCannot)
	}
	return func(n *catalog.Node) bool { return test(n) != c.Negative() }, nil
}

// clauseValues are the values of a clause, with those that depend on the page put in.
func clauseValues(c cql.Clause, from markdown.Page) ([]string, error) {
	var values []string
	for _, v := range c.Values {
		switch {
		case v.Func && v.Text == "currentspace":
			v.Text = from.SpaceKey
		case v.Func && v.Text == "currentcontent":
			v.Text = from.ID
		case v.Func:
			return nil, fmt.Errorf("CQL function %s: %w", v.Text, errCannot)
		}
		values = append(values, v.Text)
	}
	return values, nil
}

// clauseTest is the test of a field without the negation of its operator, or nil.
func clauseTest(c cql.Clause, values []string) func(*catalog.Node) bool {
	set := map[string]bool{} // a list may have tens of thousands
	for _, v := range values {
		set[strings.ToLower(v)] = true
	}
	in := func(s string) bool { return set[strings.ToLower(s)] }
	if c.Field == "created" || c.Field == "lastmodified" {
		fits := c.Dates(values[0])
		if fits == nil {
			return nil
		}
		return func(n *catalog.Node) bool {
			if c.Field == "created" {
				return fits(n.CreatedAt)
			}
			return fits(n.Version.CreatedAt)
		}
	}
	if c.Field == "title" && strings.HasSuffix(c.Operator, "~") {
		return func(n *catalog.Node) bool {
			return strings.Contains(names.FoldName(n.Title), names.FoldName(strings.Trim(values[0], "*")))
		}
	}
	if strings.ContainsAny(c.Operator, "<>~") {
		return nil
	}
	switch c.Field {
	case "id", "content":
		return func(n *catalog.Node) bool { return in(n.ID) }
	case "space", "space.key":
		return func(n *catalog.Node) bool { return in(n.Space.Key) }
	case "type":
		return func(n *catalog.Node) bool { return in(n.Type) }
	case "title":
		return func(n *catalog.Node) bool { return in(n.Title) }
	case "label":
		return func(n *catalog.Node) bool { return slices.ContainsFunc(n.Labels, in) }
	case "creator":
		return func(n *catalog.Node) bool { return in(n.AuthorID) }
	case "parent":
		return func(n *catalog.Node) bool { return n.Parent != nil && in(n.Parent.ID) }
	case "ancestor":
		return func(n *catalog.Node) bool {
			for a := n.Parent; a != nil; a = a.Parent {
				if in(a.ID) {
					return true
				}
			}
			return false
		}
	}
	return nil
}
