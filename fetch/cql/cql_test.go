package cql

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// show writes a query back in one form.
func (e Expr) show() string {
	if e.Join == "" {
		return e.Clause.Field + " " + e.Clause.Operator + " " + fmt.Sprint(showValues(e.Clause.Values))
	}
	var parts []string
	for _, sub := range e.Of {
		parts = append(parts, sub.show())
	}
	return "(" + strings.Join(parts, " "+e.Join+" ") + ")"
}

func showValues(values []Value) string {
	var parts []string
	for _, v := range values {
		s := v.Text
		if v.Func {
			s += "(" + showValues(v.Args) + ")"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "|")
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{`label = "runbook"`, "label = runbook"},
		{`space in ("ENG", OPS) and type in (page,blogpost)`, "(space in ENG|OPS and type in page|blogpost)"},
		{`label=a or label=b and type=page`, "(label = a or (label = b and type = page))"},
		{`(label=a or label=b) AND space = currentSpace()`, "((label = a or label = b) and space = currentspace())"},
		{`created > now("-4w") order by lastmodified desc, title`, "created > now(-4w)"},
		{`title ~ "a \"quoted\" word" and label not in (x)`, `(title ~ a "quoted" word and label not in x)`},
		{`type = page and label != 'old'`, "(type = page and label != old)"},
		{"", "cql is required"},
		{`label != a`, "a query cannot begin with a negative clause"},
		{`label =`, `expected a value, not ""`},
		{`label = "open`, `expected a value`},
		{`(label = a`, "expected )"},
		{`label = a b`, `unexpected "b"`},
		{`label a`, `unexpected "a"`},
		{`space in (a b)`, "expected , or )"},
		{`space not a`, "expected in"},
		{strings.Repeat("(", 1000) + "a=b", "nested too deep"},
		{`a=b order title`, "expected by"},
		{`a=b order by`, "expected a field"},
	} {
		q, err := Parse(c.src)
		got := ""
		if err != nil {
			got = err.Error()
			if !strings.Contains(got, c.want) {
				t.Errorf("%s: %s, want %s", c.src, got, c.want)
			}
			continue
		}
		if diff := cmp.Diff(c.want, q.Where.show()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.src, diff)
		}
	}
	q, _ := Parse(`a=b order by lastmodified desc, title asc, id`)
	if diff := cmp.Diff([]Order{{"lastmodified", true}, {"title", false}, {"id", false}}, q.Order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestCompile(t *testing.T) {
	q, err := Parse(`label in (a, b) and (label = c or label != d)`)
	if err != nil {
		t.Fatal(err)
	}
	test, err := Compile(q.Where, func(c Clause) (func(string) bool, error) {
		return func(have string) bool {
			for _, v := range c.Values {
				if strings.Contains(have, v.Text) {
					return !c.Negative()
				}
			}
			return c.Negative()
		}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for have, want := range map[string]bool{"a": true, "b": true, "c": false, "ac": true, "ad": false, "acd": true,
		"": false} {
		if test(have) != want {
			t.Errorf("%q: %v, want %v", have, !want, want)
		}
	}
}

// Any text is read or refused, and a quoted value comes back as it was.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`label = "x"`, `a in (b,c) and not`, `((`, `a="\`, "x(y(z))=1",
		`title ~ "é" order by id`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, _ = Parse(s)
		q, err := Parse("title = " + Quote(s))
		if err != nil || q.Where.Clause.Values[0].Text != s {
			t.Errorf("%q comes back as %v, %v", s, q, err)
		}
	})
}
