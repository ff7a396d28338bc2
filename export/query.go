package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"agc-export/fetch"
	"agc-export/fetch/cql"
	"agc-export/render/markdown"
)

// contents lists pages and blog posts by CQL, label, space and type.
func (l *linker) contents(q markdown.Query) ([]markdown.Ref, error) {
	found := func(*node) bool { return true }
	if q.CQL != "" {
		query, err := cql.Parse(q.CQL)
		if err != nil {
			return nil, err
		}
		found, err = cql.Compile(query.Where, func(c cql.Clause) (func(*node) bool, error) { return clause(c, q.From) })
		if err != nil {
			return nil, err
		}
		if len(query.Order) > 0 && q.Sort == "" {
			if q.Sort = sortFields[query.Order[0].Field]; q.Sort == "" {
				return nil, fmt.Errorf("order by %s: %w", query.Order[0].Field, errCannot)
			}
			q.Reverse = query.Order[0].Descending != q.Reverse
		}
	}
	var nodes []*node
	for _, n := range l.catalog.nodes {
		if (n.Type == fetch.TypePage || n.Type == fetch.TypeBlogPost) && n.Status == fetch.StatusCurrent &&
			asked(n.Type, q.Types) && asked(n.space.Key, q.Spaces) && hasAny(n.Labels, q.Labels) && found(n) {
			nodes = append(nodes, n)
		}
	}
	var rows []markdown.Ref
	for _, n := range sorted(nodes, q) {
		rows = append(rows, l.page(q.From, n, ""))
	}
	return rows, nil
}

// sortFields are the fields of CQL's "order by" as a Query names them.
var sortFields = map[string]string{"title": "title", "created": "created", "lastmodified": "modified"}

// clause is the test of one clause of CQL on a page. What the mirror cannot know, or
// what would change with the clock or the reader, has none.
func clause(c cql.Clause, from markdown.Page) (func(*node) bool, error) {
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
	test := clauseTest(c, values)
	if test == nil {
		return nil, fmt.Errorf("CQL field %q with %s: %w", c.Field, c.Operator, errCannot)
	}
	return func(n *node) bool { return test(n) != c.Negative() }, nil
}

// clauseTest is the test of a field without the negation of its operator, or nil.
func clauseTest(c cql.Clause, values []string) func(*node) bool {
	in := func(s string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, s) })
	}
	if c.Field == "created" || c.Field == "lastmodified" {
		return dateTest(c, values[0])
	}
	if c.Field == "title" && strings.HasSuffix(c.Operator, "~") {
		return func(n *node) bool { return strings.Contains(foldName(n.Title), foldName(strings.Trim(values[0], "*"))) }
	}
	if strings.ContainsAny(c.Operator, "<>~") {
		return nil
	}
	switch c.Field {
	case "id", "content":
		return func(n *node) bool { return in(n.ID) }
	case "space", "space.key":
		return func(n *node) bool { return in(n.space.Key) }
	case "type":
		return func(n *node) bool { return in(n.Type) }
	case "title":
		return func(n *node) bool { return in(n.Title) }
	case "label":
		return func(n *node) bool { return slices.ContainsFunc(n.Labels, in) }
	case "creator":
		return func(n *node) bool { return in(n.AuthorID) }
	case "parent":
		return func(n *node) bool { return n.parent != nil && in(n.parent.ID) }
	case "ancestor":
		return func(n *node) bool {
			for a := n.parent; a != nil; a = a.parent {
				if in(a.ID) {
					return true
				}
			}
			return false
		}
	}
	return nil
}

// dateTest compares a date of whole days or minutes, taken as UTC: the mirror does not
// know the zone of the page's author.
func dateTest(c cql.Clause, value string) func(*node) bool {
	value = strings.ReplaceAll(value, "/", "-")
	layout := "2006-01-02 15:04"[:min(len(value), len("2006-01-02 15:04"))]
	if _, err := time.Parse(layout, value); err != nil {
		return nil
	}
	holds := map[string]func(int) bool{
		"=": func(d int) bool { return d == 0 }, "!=": func(d int) bool { return d == 0 },
		"<": func(d int) bool { return d < 0 }, "<=": func(d int) bool { return d <= 0 },
		">": func(d int) bool { return d > 0 }, ">=": func(d int) bool { return d >= 0 },
	}[c.Operator]
	if holds == nil {
		return nil
	}
	return func(n *node) bool {
		at := n.Version.CreatedAt
		if c.Field == "created" {
			at = n.CreatedAt
		}
		at = strings.Replace(at, "T", " ", 1)
		return len(at) >= len(value) && holds(cmp.Compare(at[:len(value)], value))
	}
}
