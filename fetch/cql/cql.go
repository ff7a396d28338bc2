// Package cql reads Confluence's query language, as far as exporters and macros of
// pages use it:
//
//	query = or [ "order by" field [ "asc" | "desc" ] { "," field [ "asc" | "desc" ] } ]
//	or    = and { "or" and }
//	and   = term { "and" term }
//	term  = "(" or ")" | field op value | field [ "not" ] "in" "(" value { "," value } ")"
//	op    = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~"
//	value = word | string | word "(" [ value { "," value } ] ")"
//
// What a field means is the caller's business.
package cql

import (
	"errors"
	"fmt"
	"strings"
)

// Query is a query that was read.
type Query struct {
	Where Expr
	Order []Order
}

// Order is a field of "order by".
type Order struct {
	Field      string // in lower case
	Descending bool
}

// Expr is a clause, or several that are joined.
type Expr struct {
	Join   string // "and", "or"; "" for a clause
	Of     []Expr // what is joined
	Clause Clause
}

// Clause compares a field with values.
type Clause struct {
	Field    string // in lower case
	Operator string // "=", "!=", "<", "<=", ">", ">=", "~", "!~", "in", "not in"
	Values   []Value
}

// Negative tells whether the clause holds for what does not match its values.
func (c Clause) Negative() bool { return strings.HasPrefix(c.Operator, "!") || c.Operator == "not in" }

// Value is a word, a string or a function with its arguments.
type Value struct {
	Text string // the word or string; of a function its name, in lower case
	Func bool
	Args []Value
}

// ErrEmpty is a query without a word.
var ErrEmpty = errors.New("cql is required")

// Parse reads a query. Its errors are in the words that Confluence uses, and never
// hold more than one token of the query.
func Parse(src string) (Query, error) {
	p := &parser{tokens: tokens(src)}
	if p.peek() == "" {
		return Query{}, ErrEmpty
	}
	where, err := p.series("or")
	if err != nil {
		return Query{}, err
	}
	q := Query{Where: where}
	if p.keyword("order") {
		if q.Order, err = p.order(); err != nil {
			return Query{}, err
		}
	}
	if p.peek() != "" {
		return Query{}, fmt.Errorf("could not parse cql: unexpected %q", p.peek())
	}
	if firstClause(where).Negative() {
		return Query{}, errors.New("could not parse cql: a query cannot begin with a negative clause")
	}
	return q, nil
}

func firstClause(e Expr) Clause {
	for e.Join != "" {
		e = e.Of[0]
	}
	return e.Clause
}

// Compile joins the tests of an expression's clauses to one. A clause for which
// clause has no test ends it with that error.
func Compile[T any](e Expr, clause func(Clause) (func(T) bool, error)) (func(T) bool, error) {
	if e.Join == "" {
		return clause(e.Clause)
	}
	var tests []func(T) bool
	for _, sub := range e.Of {
		t, err := Compile(sub, clause)
		if err != nil {
			return nil, err
		}
		tests = append(tests, t)
	}
	stop := e.Join == "or" // the answer that settles it
	return func(v T) bool {
		for _, t := range tests {
			if t(v) == stop {
				return stop
			}
		}
		return !stop
	}, nil
}

// Quote writes a value as a string of a query.
func Quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
