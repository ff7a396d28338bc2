package cql

import (
	"cmp"
	"strings"
	"time"
)

// Dates compares moments (RFC 3339) with a value of whole days or minutes, as the clause's operator
// says; nil where either is none. Both are taken as UTC: nobody tells the zone of the query's author.
func (c Clause) Dates(value string) func(at string) bool {
	value = strings.ReplaceAll(value, "/", "-")
	layout := "2006-01-02 15:04"[:min(len(value), len("2006-01-02 15:04"))]
	if _, err := time.Parse(layout, value); err != nil {
		return nil
	}
	fits := map[string]func(int) bool{
		"=": func(d int) bool { return d == 0 }, "!=": func(d int) bool { return d == 0 },
		"<": func(d int) bool { return d < 0 }, "<=": func(d int) bool { return d <= 0 },
		">": func(d int) bool { return d > 0 }, ">=": func(d int) bool { return d >= 0 },
	}[c.Operator]
	if fits == nil {
		return nil
	}
	return func(at string) bool {
		at = strings.Replace(at, "T", " ", 1)
		return len(at) >= len(value) && fits(cmp.Compare(at[:len(value)], value))
	}
}
