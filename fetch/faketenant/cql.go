package faketenant

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// CQL, as far as exporters need it:
//
//	query      = or [ "order by" field [ "asc" | "desc" ] ]
//	or         = and { "or" and }
//	and        = term { "and" term }
//	term       = "(" or ")" | field op value | field [ "not" ] "in" "(" value { "," value } ")"
//	op         = "=" | "!=" | "<" | "<=" | ">" | ">="
//	value      = word | string
//
// Fields: id, space, type, title, label, parent, ancestor, creator, created and
// lastmodified. There is no field status: the search sees current content only.

// test says whether a node is found.
type test func(*world, *node) bool

// cqlTypes are the values of the field type.
var cqlTypes = []string{"space", "user", "page", "blogpost", "comment", "attachment", "database", "whiteboard", "slide", "embed", "folder"}

// parseCQL reads a query. The error is the message of the answer 400.
func parseCQL(src string) (test, error) {
	p := &cqlParser{tokens: cqlTokens(src)}
	if p.peek() == "" {
		return nil, fmt.Errorf("cql is required")
	}
	t, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.keyword("order") {
		if !p.keyword("by") || !slices.Contains([]string{"id", "created", "lastmodified", "title"}, strings.ToLower(p.next())) {
			return nil, fmt.Errorf("could not parse cql: order by")
		}
		_ = p.keyword("asc") || p.keyword("desc")
	}
	if p.peek() != "" {
		return nil, fmt.Errorf("could not parse cql : unexpected %q", p.peek())
	}
	return t, nil
}

// cqlTokens splits a query into words, signs and strings; strings keep a quote in
// front, so that they are never taken for a keyword.
func cqlTokens(src string) []string {
	var out []string
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n':
			i++
		case c == '"' || c == '\'':
			s, n := cqlString(src[i:])
			out, i = append(out, s), i+n
		case strings.IndexByte("(),", c) >= 0:
			out, i = append(out, src[i:i+1]), i+1
		case strings.IndexByte("=!<>~", c) >= 0:
			n := 1
			if i+1 < len(src) && src[i+1] == '=' {
				n = 2
			}
			out, i = append(out, src[i:i+n]), i+n
		default:
			n := strings.IndexAny(src[i:], " \t\n\"'(),=!<>~")
			if n < 0 {
				n = len(src) - i
			}
			out, i = append(out, src[i:i+n]), i+n
		}
	}
	return out
}

// cqlString reads a string with its escapes; without an end it is the token `"`
// alone, which nothing accepts.
func cqlString(src string) (token string, length int) {
	var b strings.Builder
	b.WriteByte('"')
	for i := 1; i < len(src); i++ {
		switch {
		case src[i] == '\\' && i+1 < len(src):
			i++
			b.WriteByte(src[i])
		case src[i] == src[0]:
			return b.String(), i + 1
		default:
			b.WriteByte(src[i])
		}
	}
	return "~unterminated", len(src)
}

type cqlParser struct {
	tokens []string
	at     int
}

func (p *cqlParser) peek() string {
	if p.at >= len(p.tokens) {
		return ""
	}
	return p.tokens[p.at]
}

func (p *cqlParser) next() string {
	t := p.peek()
	p.at++
	return t
}

// keyword takes a word if it comes next.
func (p *cqlParser) keyword(word string) bool {
	if strings.EqualFold(p.peek(), word) {
		p.at++
		return true
	}
	return false
}

func (p *cqlParser) or() (test, error) {
	return p.series("or", p.and, func(a, b test) test {
		return func(w *world, n *node) bool { return a(w, n) || b(w, n) }
	})
}

func (p *cqlParser) and() (test, error) {
	return p.series("and", p.term, func(a, b test) test {
		return func(w *world, n *node) bool { return a(w, n) && b(w, n) }
	})
}

// series reads terms with a word between them.
func (p *cqlParser) series(word string, term func() (test, error), join func(a, b test) test) (test, error) {
	t, err := term()
	for err == nil && p.keyword(word) {
		var next test
		if next, err = term(); err == nil {
			t = join(t, next)
		}
	}
	return t, err
}

func (p *cqlParser) term() (test, error) {
	if p.keyword("(") {
		t, err := p.or()
		if err == nil && !p.keyword(")") {
			err = fmt.Errorf("could not parse cql : expected )")
		}
		return t, err
	}
	first := p.at == 0
	field := strings.ToLower(p.next())
	op := strings.ToLower(p.next())
	negative := op == "!=" || op == "not"
	if op == "not" && !p.keyword("in") {
		return nil, fmt.Errorf("could not parse cql : expected in")
	}
	if negative && first {
		return nil, fmt.Errorf("could not parse cql : a query cannot begin with a negative clause")
	}
	var values []string
	var err error
	if op == "in" || op == "not" {
		values, err = p.values()
	} else {
		var v string
		v, err = p.value()
		values = []string{v}
	}
	if err != nil {
		return nil, err
	}
	t, err := clause(field, op, values)
	if err == nil && negative {
		return func(w *world, n *node) bool { return !t(w, n) }, nil
	}
	return t, err
}

// values reads a list in parentheses.
func (p *cqlParser) values() ([]string, error) {
	if !p.keyword("(") {
		return nil, fmt.Errorf("could not parse cql : expected (")
	}
	var out []string
	for {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		if p.keyword(")") {
			return out, nil
		}
		if !p.keyword(",") {
			return nil, fmt.Errorf("could not parse cql : expected , or )")
		}
	}
}

// value reads a word or a string.
func (p *cqlParser) value() (string, error) {
	t := p.next()
	if s, ok := strings.CutPrefix(t, `"`); ok {
		return s, nil
	}
	if t == "" || strings.ContainsAny(t, "(),=!<>~") {
		return "", fmt.Errorf("could not parse cql : expected a value, not %q", t)
	}
	return t, nil
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
				return nil, fmt.Errorf("unsupported value provided for type: %s. Supported values are: %s", v, strings.Join(cqlTypes, ", "))
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
