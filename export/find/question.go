package find

import "agc-export/fetch/cql"

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
