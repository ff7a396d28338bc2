package cql

import (
	"errors"
	"fmt"
	"strings"
)

// maxDepth bounds the nesting of parentheses.
const maxDepth = 100

// tokens splits a query into words, signs and strings; strings keep a quote in
// front, so that they are never taken for a keyword.
func tokens(src string) []string {
	var out []string
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			i++
		case c == '"' || c == '\'':
			s, n := quoted(src[i:])
			out, i = append(out, s), i+n
		case strings.IndexByte("(),", c) >= 0:
			out, i = append(out, src[i:i+1]), i+1
		case strings.IndexByte("=!<>~", c) >= 0:
			n := 1
			if i+1 < len(src) && (src[i+1] == '=' || c == '!' && src[i+1] == '~') {
				n = 2
			}
			out, i = append(out, src[i:i+n]), i+n
		default:
			n := strings.IndexAny(src[i:], " \t\r\n\"'(),=!<>~")
			if n < 0 {
				n = len(src) - i
			}
			out, i = append(out, src[i:i+n]), i+n
		}
	}
	return out
}

// quoted reads a string with its escapes; one without an end is a token that nothing
// accepts.
func quoted(src string) (token string, length int) {
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

type parser struct {
	tokens []string
	at     int
	depth  int
}

func (p *parser) peek() string {
	if p.at >= len(p.tokens) {
		return ""
	}
	return p.tokens[p.at]
}

func (p *parser) next() string {
	t := p.peek()
	p.at++
	return t
}

// keyword takes a word or sign if it comes next.
func (p *parser) keyword(word string) bool {
	if strings.EqualFold(p.peek(), word) {
		p.at++
		return true
	}
	return false
}

// series reads what stands between "or", or between "and".
func (p *parser) series(join string) (Expr, error) {
	read := p.term
	if join == "or" {
		read = func() (Expr, error) { return p.series("and") }
	}
	e, err := read()
	if err != nil || !strings.EqualFold(p.peek(), join) {
		return e, err
	}
	all := Expr{Join: join, Of: []Expr{e}}
	for p.keyword(join) {
		if e, err = read(); err != nil {
			return Expr{}, err
		}
		all.Of = append(all.Of, e)
	}
	return all, nil
}

func (p *parser) term() (Expr, error) {
	if !p.keyword("(") {
		c, err := p.clause()
		return Expr{Clause: c}, err
	}
	if p.depth++; p.depth > maxDepth {
		return Expr{}, errors.New("could not parse cql: nested too deep")
	}
	e, err := p.series("or")
	p.depth--
	if err == nil && !p.keyword(")") {
		err = errors.New("could not parse cql: expected )")
	}
	return e, err
}

// operators are all but "in" and "not in".
var operators = map[string]bool{"=": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true, "~": true,
	"!~": true}

func (p *parser) clause() (Clause, error) {
	c := Clause{Field: strings.ToLower(p.next()), Operator: strings.ToLower(p.next())}
	if c.Field == "" || strings.ContainsAny(c.Field, "(),=!<>~\"") {
		return c, fmt.Errorf("could not parse cql: expected a field, not %q", c.Field)
	}
	if c.Operator == "not" {
		if !p.keyword("in") {
			return c, errors.New("could not parse cql: expected in")
		}
		c.Operator = "not in"
	}
	var err error
	switch {
	case c.Operator == "in" || c.Operator == "not in":
		if !p.keyword("(") {
			return c, errors.New("could not parse cql: expected (")
		}
		c.Values, err = p.values()
	case operators[c.Operator]:
		var v Value
		v, err = p.value()
		c.Values = []Value{v}
	default:
		err = fmt.Errorf("could not parse cql: unexpected %q", c.Operator)
	}
	return c, err
}

// values reads the rest of a list in parentheses.
func (p *parser) values() ([]Value, error) {
	var out []Value
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
			return nil, errors.New("could not parse cql: expected , or )")
		}
	}
}

// value reads a word, a string or a function.
func (p *parser) value() (Value, error) {
	t := p.next()
	if s, ok := strings.CutPrefix(t, `"`); ok {
		return Value{Text: s}, nil
	}
	if t == "" || strings.ContainsAny(t, "(),=!<>~") {
		return Value{}, fmt.Errorf("could not parse cql: expected a value, not %q", t)
	}
	if !p.keyword("(") {
		return Value{Text: t}, nil
	}
	f := Value{Text: strings.ToLower(t), Func: true}
	if p.keyword(")") {
		return f, nil
	}
	if p.depth++; p.depth > maxDepth {
		return f, errors.New("could not parse cql: nested too deep")
	}
	var err error
	f.Args, err = p.values()
	p.depth--
	return f, err
}

// order reads what follows "order".
func (p *parser) order() ([]Order, error) {
	if !p.keyword("by") {
		return nil, errors.New("could not parse cql: expected by")
	}
	var out []Order
	for {
		o := Order{Field: strings.ToLower(p.next())}
		if o.Field == "" || strings.ContainsAny(o.Field, "(),=!<>~\"") {
			return nil, errors.New("could not parse cql: expected a field")
		}
		if !p.keyword("asc") {
			o.Descending = p.keyword("desc")
		}
		out = append(out, o)
		if !p.keyword(",") {
			return out, nil
		}
	}
}
