package find

import (
	"strings"
	"testing"

	"agc-export/export/exit"
)

// FuzzRead: any text is a question or is refused with words on what to do, and what was read can be told in one form.
func FuzzRead(f *testing.F) {
	for _, s := range []string{`budget "incident report" -draft`, "a OR b OR -c", `"open`, "OR", "-", "--a", "a*", "*",
		`text ~ "a -b" and (label = c or type in (page, comment)) order by title desc, id`, `title !~ x`, "a*b",
		"情報公開 ความ 港*", "created >= 2026-01-01", `„anders” «autre»`, "AC-2(1) SF86 HTMLParser12 e-mail* x’s",
		"\x00\xff", "a\u00adb",
		`text ~ "`, `id = 1 and not`, "space in (A, B)", "((((a = b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, asked string) {
		q, err := Read(asked)
		if err != nil {
			var usage *exit.UsageError
			if ok := asUsage(err, &usage); !ok || usage.Hint == "" {
				t.Errorf("%q: %v is no error that helps", asked, err)
			}
			return
		}
		if len(q.Terms()) > maxTerms || q.String() == "" {
			t.Errorf("%q: %d terms, %q", asked, len(q.Terms()), q)
		}
		for _, term := range q.terms {
			for i, s := range term.all {
				if s.form == "" || i > 0 && s.at <= term.all[i-1].at || len(term.exact) != len(term.all) {
					t.Errorf("%q: a term of %+v, %+v", asked, term.all, term.exact)
				}
			}
		}
	})
}

func asUsage(err error, to **exit.UsageError) bool {
	u, ok := err.(*exit.UsageError)
	*to = u
	return ok
}

// TestRead holds how questions are read, and what is wrong with those that are not, against a table.
func TestRead(t *testing.T) {
	for _, c := range []struct{ asked, want string }{
		{"a b", "a AND b"},
		{`a "b c" -d`, `a AND "b c" AND NOT d`},
		{"a OR b c", "(a OR b) AND c"},
		{"a OR b OR c", "a OR b OR c"},
		{`"a" -"b c"`, `"a" AND NOT "b c"`},
		{"„a b“", `"a b"`},
		{"R & D", "R AND D"},
		{"text ~ \"a b\" and not-a-field", "could not parse cql"},
		{"title ~ a or label in (b, c) order by created desc",
			`title ~ "a" OR label in ("b", "c") ORDER BY created DESC`},
		{"label = a and label != b", `label = "a" AND NOT label = "b"`},
		{"text ~ a and (type = page or type = comment)", `text ~ "a" AND (type = "page" OR type = "comment")`},
		{"text ~ \"a -b\"", `text ~ "a" AND NOT text ~ "b"`},
		{"a = b", `find knows no field "a"`},
		{`not text ~ a and label = b`, `unexpected "text"`},
		{"label is null", `unexpected "is"`},
		{"not (text ~ a)", `unexpected "("`},
		{"not here", "not AND here"},
		{`"a = b"`, `"a = b"`},
		{"label > a", "label is not compared by >"},
		{"created = yesterday", "takes a day or minute"},
		{"label = a order by colour", "does not order by"},
		{"-a", "it only says what must not occur"},
		{"-a OR b", "it only says what must not occur"},
		{"OR a", "OR stands between"},
		{"a AND b", "AND joins no words"},
		{"a NOT b", "NOT joins no words"},
		{`a "AND" and not "NOT b"`, `a AND "AND" AND and AND not AND "NOT b"`},
		{"a OR", "OR stands between"},
		{"...", "there is no word"},
		{"\"\"", "nothing between two quotation marks"},
		{strings.Repeat("a", 10001), "longer than 10,000 bytes"},
		{strings.Repeat("a1 ", 1) + words(101), "at most 100 terms"},
	} {
		q, err := Read(c.asked)
		if err != nil && !strings.Contains(err.Error(), c.want) || err == nil && q.String() != c.want {
			t.Errorf("%s: read as %v, %v; want %s", c.asked, q, err, c.want)
		}
	}
}

func words(n int) (s string) {
	for i := range n {
		s += " w" + strings.Repeat("x", i)
	}
	return s
}
