package faketenant

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"agc-export/fetch/cql"
)

// What the search finds: CQL with the fields id, space, type, title, label, parent,
// ancestor, creator, created and lastmodified. There is no field status: the search
// sees current content only.

// test says whether a node is found.
type test func(*world, *node) bool

// cqlTypes are the values of the field type.
var cqlTypes = []string{"space", "user", "page", "blogpost", "comment", "attachment", "database", "whiteboard", "slide",
	"embed", "folder"}

// parseCQL reads a query. The error is the message of the answer 400.
func parseCQL(src string) (test, error) {
	q, err := cql.Parse(src)
	if err != nil {
		return nil, err
	}
	for _, o := range q.Order {
		if !slices.Contains([]string{"id", "created", "lastmodified", "title"}, o.Field) {
			return nil, fmt.Errorf("could not parse cql: order by")
		}
	}
	found, err := cql.Compile(q.Where, negatable)
	if err != nil {
		return nil, err
	}
	return func(w *world, n *node) bool { return found(place{w, n}) }, nil
}

// place is a node in its world.
type place struct {
	w *world
	n *node
}

// negatable is the test of one clause.
func negatable(c cql.Clause) (func(place) bool, error) {
	var values []string
	for _, v := range c.Values {
		if v.Func {
			return nil, fmt.Errorf("the function %s is not supported", v.Text)
		}
		values = append(values, v.Text)
	}
	t, err := clause(c.Field, c.Operator, values)
	if err != nil {
		return nil, err
	}
	return func(p place) bool { return t(p.w, p.n) != c.Negative() }, nil
}

// clause is the test of one field, without the negation of its operator.
func clause(field, op string, values []string) (test, error) {
	if field == "created" || field == "lastmodified" {
		return dates(field, op, values)
	}
	if strings.ContainsAny(op, "<>~") {
		return nil, fmt.Errorf("the operator %s is not supported for the field %s", op, field)
	}
	in := func(s string) bool { return slices.Contains(values, s) }
	switch field {
	case "id":
		return func(_ *world, n *node) bool { return in(n.ID) }, nil
	case "space":
		return func(_ *world, n *node) bool { return in(n.space.Key) }, nil
	case "type":
		for _, v := range values {
			if !slices.Contains(cqlTypes, v) {
				return nil, fmt.Errorf("unsupported value provided for type: %s. supported values are: %s", v,
					strings.Join(cqlTypes, ", "))
			}
		}
		return func(_ *world, n *node) bool { return in(n.Type) }, nil
	case "title":
		return func(_ *world, n *node) bool { return in(n.Title) }, nil
	case "creator":
		return func(_ *world, n *node) bool { return in(n.Author) }, nil
	case "parent":
		return func(_ *world, n *node) bool { return in(n.Parent) }, nil
	case "label":
		return func(_ *world, n *node) bool { return slices.ContainsFunc(n.Labels, in) }, nil
	case "ancestor":
		return func(w *world, n *node) bool {
			return slices.ContainsFunc(w.ancestors(n), func(a *node) bool { return in(a.ID) })
		}, nil
	}
	return nil, fmt.Errorf("no field exists with name: %s", field)
}

// dates is a test of a date, of whole minutes.
func dates(field, op string, values []string) (test, error) {
	var at time.Time
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02", "2006/01/02 15:04", "2006/01/02"} {
		if t, err := time.Parse(layout, values[0]); err == nil {
			at = t
		}
	}
	if at.IsZero() || len(values) != 1 {
		return nil, fmt.Errorf("could not parse the date %q", values)
	}
	is := map[string]func(int) bool{
		"=": func(c int) bool { return c == 0 }, "!=": func(c int) bool { return c == 0 },
		"<": func(c int) bool { return c < 0 }, "<=": func(c int) bool { return c <= 0 },
		">": func(c int) bool { return c > 0 }, ">=": func(c int) bool { return c >= 0 },
	}[op]
	if is == nil {
		return nil, fmt.Errorf("the operator %s is not supported for the field %s", op, field)
	}
	return func(_ *world, n *node) bool {
		s := n.Modified
		if field == "created" {
			s = n.Created
		}
		t, err := time.Parse(time.RFC3339, s)
		return err == nil && is(t.UTC().Truncate(time.Minute).Compare(at))
	}, nil
}

// ancestors returns what stands above a node and can be seen, the topmost first.
func (w *world) ancestors(n *node) []*node {
	var up []*node
	for above := w.byID[n.Parent]; above != nil && len(up) < 1000; above = w.byID[above.Parent] {
		up = append(up, above)
	}
	slices.Reverse(up)
	return up
}
