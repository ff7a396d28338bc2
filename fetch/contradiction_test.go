package fetch_test

import (
	"strings"
	"testing"

	"agc-export/fetch/wiki"
)

// What contradicts itself is not told: a key that is no text is none, an object that stands twice in one answer
// stands there perhaps in the place of another, and of two names of one account neither is taken.
func TestContradictions(t *testing.T) {
	const space = `{"id":"1","key":"ENG","status":"current"}`
	for _, tc := range []struct {
		name, results string
		keys          string // that are told, with a comma after each
		odd           string // why an object is odd
	}{
		{name: "as documented", results: space, keys: "ENG,"},
		{name: "a number for a key", results: `{"id":"1","key":7,"status":"current"}`, keys: ","},
		{name: "true for a key", results: `{"id":"1","key":true,"status":"current"}`, keys: ","},
		{name: "a list for a key", results: `{"id":"1","key":[],"status":"current"}`, keys: ","},
		{name: "twice the same", results: space + "," + space, keys: "ENG,", odd: "stands twice"},
		{name: "twice, with differences", results: space + `,{"id":"1","key":"OPS","status":"current"}`,
			odd: "with different contents"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, c := tenant(t, archive(t, "harbor.txtar"), nil, answers("spaces", 200, `{"results":[`+tc.results+`]}`))
			keys := ""
			for s, err := range c.Spaces(t.Context(), wiki.StatusCurrent) {
				if err != nil {
					t.Fatal(err)
				}
				keys += s.Key + ","
			}
			why := ""
			for _, odd := range c.Odds() {
				why += odd.Why
			}
			if keys != tc.keys || (why == "") != (tc.odd == "") || !strings.Contains(why, tc.odd) {
				t.Errorf("keys %q, odd: %q", keys, why)
			}
		})
	}
	for _, tc := range []struct {
		second string
		ok     bool
	}{{"A", true}, {"B", false}} {
		_, c := tenant(t, archive(t, "harbor.txtar"), nil, answers("users", 200, `{"results":[`+
			`{"accountId":"u","displayName":"A"},{"accountId":"u","displayName":"`+tc.second+`"}]}`))
		if _, err := c.Users(t.Context(), []string{"u"}); (err == nil) != tc.ok {
			t.Errorf("names A and %s: %v", tc.second, err)
		}
	}
}
