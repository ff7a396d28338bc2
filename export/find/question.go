package find

import (
	"strings"

	"agc-export/fetch/cql"
)

// The languages of questions.
const (
	Words = "words"
	CQL   = "CQL"
)

// Question is what is asked of a mirror.
type Question struct {
	Asked    string
	Language string // Words or CQL
	terms    []*term
	where    expr
	order    []cql.Order
}

// Terms are the terms of a question as they were asked for, in the order of counts.
func (q *Question) Terms() []string {
	all := []string{}
	for _, t := range q.terms {
		all = append(all, t.asked)
	}
	return all
}

// String is the question as it was understood: "budget AND (\"incident report\" OR outage) AND NOT draft".
func (q *Question) String() string {
	text := q.show(q.where, false)
	for i, o := range q.order {
		text += map[bool]string{true: " ORDER BY ", false: ", "}[i == 0] + o.Field
		if o.Descending {
			text += " DESC"
		}
	}
	return text
}

func (q *Question) show(e expr, within bool) string {
	switch {
	case e.join == "not":
		return "NOT " + q.show(e.of[0], true)
	case e.join != "":
		var all []string
		for _, sub := range e.of {
			all = append(all, q.show(sub, len(e.of) > 1))
		}
		text := strings.Join(all, " "+strings.ToUpper(e.join)+" ")
		if within && len(all) > 1 {
			text = "(" + text + ")"
		}
		return text
	case e.cond != nil:
		return e.cond.asked
	}
	t := q.terms[e.term]
	if q.Language == CQL {
		field := "text"
		if t.in != 0 {
			field = "title"
		}
		return field + " ~ " + cql.Quote(strings.TrimPrefix(t.asked, "-"))
	}
	return strings.TrimPrefix(t.asked, "-")
}
