package find

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"agc-export/fetch/cql"
	"agc-export/render/expression"
	"agc-export/render/search"
)

// expr joins terms and conditions.
type expr struct {
	join string // "and", "or", "not"; "" for a term or condition
	of   []expr
	term int // in Question.terms, where cond is nil
	cond *condition
}

// condition is what an object must be, in a question of CQL.
type condition struct {
	asked  string // in one form
	field  string
	values []string
	from   int64 // of a date, in seconds since 1970: this or later
	to     int64 // and before this
}

// maxQuestion bounds a question, in bytes.
const maxQuestion = 10_000

// asksCQL tells a question of CQL: it begins with a field and what compares it, behind "not" too.
var asksCQL = expression.New(`(?i)^[\s(]*(not[\s(]+)*[a-z.]+\s*(=|!=|!~|~|<|>|(not\s+)?in\s*\(|` +
	`is\s+(not\s+)?(null|empty)\b)`)

// Read reads a question: CQL where it begins with a field and an operator, else words. Errors are *exit.UsageError.
func Read(asked string) (*Question, error) {
	q := &Question{Asked: asked, Language: Words}
	if len(asked) > maxQuestion {
		return nil, wrong("it is longer than 10,000 bytes", "Ask several.")
	}
	if strings.TrimSpace(asked) == "" {
		return nil, wrong("it is empty", hintHelp)
	}
	var err error
	if asksCQL.MatchString(asked) {
		q.Language = CQL
		err = q.readCQL()
	} else {
		r := wordReader{q: q, cut: search.NewCutter()}
		q.where, err = r.read(asked)
	}
	if err == nil && !q.where.positive() {
		err = wrong("it only says what must not occur", "Add a word or a condition that must be met.")
	}
	if err != nil {
		return nil, err
	}
	return q, nil
}

// positive tells whether something must occur or be met.
func (e expr) positive() bool {
	switch e.join {
	case "not":
		return false
	case "or":
		return !slices.ContainsFunc(e.of, func(e expr) bool { return !e.positive() })
	case "and":
		return slices.ContainsFunc(e.of, expr.positive)
	}
	return true
}

// orders are the fields by which what is found can be ordered.
var orders = []string{"title", "space", "type", "created", "lastmodified", "id"}

func (q *Question) readCQL() error {
	read, err := cql.Parse(q.Asked)
	if err != nil {
		return wrong(err.Error(), "To look for words that look like CQL put them in quotes. "+hintHelp)
	}
	for _, o := range read.Order {
		if !slices.Contains(orders, o.Field) {
			return wrong("find does not order by "+strconv.Quote(o.Field),
				"It orders by "+strings.Join(orders, ", ")+".")
		}
	}
	q.order = read.Order
	q.where, err = q.expr(read.Where)
	return err
}

func (q *Question) expr(e cql.Expr) (expr, error) {
	if e.Join == "" {
		return q.clause(e.Clause)
	}
	all := expr{join: strings.ToLower(e.Join)}
	for _, sub := range e.Of {
		one, err := q.expr(sub)
		if err != nil {
			return expr{}, err
		}
		all.of = append(all.of, one)
	}
	return all, nil
}

// The places that the fields of CQL look into.
var textFields = map[string]places{"text": 0, "sitesearch": 0, "title": 1<<placeTitle | 1<<placeFile}

// operators are what may compare a field, beside those of text.
var operators = map[string]string{
	"space": "= != in", "type": "= != in", "label": "= != in", "id": "= != in", "content": "= != in",
	"creator": "= != in", "contributor": "= != in", "mention": "= != in", "ancestor": "= != in",
	"parent": "= != in", "title": "= != in ~", "text": "~", "sitesearch": "~",
	"created": "= != < <= > >=", "lastmodified": "= != < <= > >=",
}

// clause makes of a clause of CQL what it asks for.
func (q *Question) clause(c cql.Clause) (expr, error) {
	may, known := operators[c.Field]
	if !known {
		return expr{}, wrong("find knows no field "+strconv.Quote(c.Field), "It knows text, title, label, space, "+
			"type, id, creator, contributor, mention, ancestor, parent, created and lastmodified. To look for words "+
			"that look like CQL put them in quotes.")
	}
	operator := strings.TrimPrefix(c.Operator, "not ")
	if operator == "!~" {
		operator = "~"
	}
	if !slices.Contains(strings.Fields(may), operator) {
		return expr{}, wrong(c.Field+" is not compared by "+c.Operator, "It takes "+strings.Join(strings.Fields(may),
			" ")+".")
	}
	for _, v := range c.Values {
		if v.Func {
			return expr{}, wrong("find knows no functions such as "+strconv.Quote(v.Text),
				"Write the value itself, such as a date.")
		}
	}
	e, err := q.condition(c, operator)
	if err == nil && c.Negative() {
		e = expr{join: "not", of: []expr{e}}
	}
	return e, err
}

// condition is a clause without its "not".
func (q *Question) condition(c cql.Clause, operator string) (expr, error) {
	if operator == "~" {
		r := wordReader{q: q, in: textFields[c.Field], cut: search.NewCutter()}
		return r.read(c.Values[0].Text)
	}
	cond := &condition{field: c.Field}
	var values []string
	for _, v := range c.Values {
		cond.values, values = append(cond.values, v.Text), append(values, cql.Quote(v.Text))
	}
	cond.asked = c.Field + " " + strings.TrimPrefix(operator, "!") + " " + strings.Join(values, ", ")
	if operator == "in" {
		cond.asked = c.Field + " in (" + strings.Join(values, ", ") + ")"
	}
	if c.Field == "created" || c.Field == "lastmodified" {
		from, to, ok := span(cond.values[0])
		if !ok {
			return expr{}, wrong(c.Field+" takes a day or minute in UTC", "Write 2026-05-04 or \"2026-05-04 10:30\".")
		}
		const first, last = -1 << 62, 1 << 62
		switch operator {
		case "<":
			cond.from, cond.to = first, from
		case "<=":
			cond.from, cond.to = first, to
		case ">":
			cond.from, cond.to = to, last
		case ">=":
			cond.from, cond.to = from, last
		default:
			cond.from, cond.to = from, to
		}
	}
	return expr{cond: cond}, nil
}

// span is the seconds since 1970 that a day or a minute takes.
func span(value string) (from, to int64, ok bool) {
	value = strings.ReplaceAll(strings.TrimSpace(value), "/", "-")
	const day = 24 * time.Hour
	for layout, takes := range map[string]time.Duration{time.DateOnly: day, "2006-01-02 15:04": time.Minute} {
		if at, err := time.Parse(layout, value); err == nil {
			return at.Unix(), at.Add(takes).Unix(), true
		}
	}
	return 0, 0, false
}
