package fetch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"

	"agc-export/fetch"
	"agc-export/fetch/faketenant"
)

// planned is a tenant with n issues in the project OPS, every third of them done.
func planned(n int) fstest.MapFS {
	files := generated(1, nil)
	var b strings.Builder
	b.Write(files["tenant.toml"].Data)
	for i := range n {
		fmt.Fprintf(&b, "[[issues]]\nkey = \"OPS-%d\"\nsummary = \"Task %d\"\n", i+1, i+1)
		if i%3 == 0 {
			b.WriteString("status = \"Closed\"\nstage = \"done\"\ntype = \"Bug\"\nfields = { priority = \"High\" }\n")
		}
	}
	files["tenant.toml"] = &fstest.MapFile{Data: []byte(b.String())}
	return files
}

// TestIssues: by keys and by query, in as few calls as Jira allows.
func TestIssues(t *testing.T) {
	var keys []string
	for i := range 205 {
		keys = append(keys, fmt.Sprintf("OPS-%d", i+100))
	}
	for _, tc := range []struct {
		q             fetch.IssueQuery
		issues, calls int
		first         string
	}{
		{fetch.IssueQuery{Keys: []string{"OPS-1", "OPS-2", "OPS-999", "X-1"}}, 2, 1, "OPS-1 Task 1 Closed done Bug "},
		{fetch.IssueQuery{Keys: keys, Fields: []string{"priority"}}, 151, 3, "OPS-100 Task 100 Closed done Bug High"},
		{fetch.IssueQuery{Keys: keys, Max: 7}, 7, 1, "OPS-100 Task 100 Closed done Bug "},
		{fetch.IssueQuery{JQL: `project = OPS and status != "Closed" ORDER BY created DESC`}, 166, 2,
			"OPS-2 Task 2 To Do new Task "},
		{fetch.IssueQuery{JQL: "project = OPS"}, 250, 3, "OPS-1 Task 1 Closed done Bug "},
		{fetch.IssueQuery{JQL: "project = OPS", Max: 20}, 20, 1, "OPS-1 Task 1 Closed done Bug "},
		{fetch.IssueQuery{JQL: "project = ${access_token}connectionConfig"}, 0, 1, ""},
	} {
		ten, c := tenant(t, planned(250), nil)
		got := must(t, c.Issues(t.Context(), tc.q))
		calls := ten.Counts()["issues"] + ten.Counts()["issue-search"]
		if len(got) != tc.issues || calls != tc.calls {
			t.Errorf("%.80v: %d issues in %d calls, want %d in %d", tc.q, len(got), calls, tc.issues, tc.calls)
		}
		if len(got) > 0 {
			v := got[0]
			if s := strings.Join([]string{v.Key, v.Summary, v.Status, v.Stage, v.Type, v.Fields["priority"]},
				" "); s != tc.first {
				t.Errorf("%.80v: the first is %s, want %s", tc.q, s, tc.first)
			}
		}
	}
}

// TestIssuesRefused: what a query gets that Jira does not take, and a site without
// Jira; nothing of the query is in the error.
func TestIssuesRefused(t *testing.T) {
	for _, tc := range []struct {
		name   string
		n      int
		jql    string
		faults []faketenant.Fault
		kind   func(error) bool
	}{
		{"unbounded", 1, "order by created", nil, fetch.IsQuery},
		{"unknown field", 1, "plaintext = 1", nil, fetch.IsQuery},
		{"malformed", 1, "project = = plaintext", nil, fetch.IsQuery},
		{"no Jira", 0, "project = OPS", nil, fetch.IsAbsent},
		{"no scope", 1, "project = OPS",
			[]faketenant.Fault{answers("issue-search", 401,
				`{"code":401,"message":"Unauthorized; scope does not match"}`)},
			func(err error) bool {
				return fetch.IsAbsent(err) && strings.Contains(err.Error(), "add the scope read:jira-work")
			}},
		{"no issues in the answer", 1, "project = OPS", []faketenant.Fault{answers("issue-search", 200, `{}`)},
			code(fetch.CodeShape)},
		{"an issue without a key", 1, "project = OPS",
			[]faketenant.Fault{answers("issue-search", 200, `{"issues":[{}]}`)}, code(fetch.CodeShape)},
	} {
		_, c := tenant(t, planned(tc.n), nil, tc.faults...)
		_, err := collect(c.Issues(t.Context(), fetch.IssueQuery{JQL: tc.jql}))
		if err == nil || !tc.kind(err) || strings.Contains(err.Error(), "plaintext") {
			t.Errorf("%s: error %v", tc.name, err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
			return says(200, `{"issues":[{"key":"A-1","fields":{"status":null,"labels":["a","b"],`+
				`"description":{"type":"doc"},"n":1.5,"assignee":{"displayName":"D"}}}],"nextPageToken":"same"}`), nil
		}}
		got, err := collect(direct(t, w, nil).Issues(t.Context(), fetch.IssueQuery{JQL: "x = 1"}))
		if !code(fetch.CodeLoop)(err) || len(w.at) != 2 {
			t.Errorf("error %v after %d answers", err, len(w.at))
		}
		f := got[0].Fields
		if f["labels"] != "a, b" || f["description"] != "" || f["n"] != "1.5" || f["assignee"] != "D" ||
			f["status"] != "" {
			t.Errorf("fields %q", f)
		}
	})
}
