package faketenant

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"agc-export/fetch/cql"
)

// issue is one of [[issues]] of tenant.toml.
type issue struct {
	Key     string            `toml:"key"`
	Summary string            `toml:"summary"`
	Status  string            `toml:"status"` // default To Do
	Stage   string            `toml:"stage"`  // of the status: default new; indeterminate, done
	Type    string            `toml:"type"`   // default Task
	Fields  map[string]string `toml:"fields"` // more, by Jira's names
}

// jiraOperations are what is answered for Jira, which Atlassian describes elsewhere
// than Confluence.
var jiraOperations = []Operation{
	{"issues", "POST", "/rest/api/3/issue/bulkfetch", nil, (*world).fetchIssues},
	{"issue-search", "POST", "/rest/api/3/search/jql", nil, (*world).searchIssues},
}

// refuseJira is an error as Jira writes it.
func refuseJira(status int, message string) answer {
	return answer{status: status, header: jsonType(),
		body: encode(obj{"errorMessages": []string{message}, "errors": obj{}})}
}

// question is the body of a request to Jira.
type question struct {
	Keys   []string `json:"issueIdsOrKeys"`
	JQL    string   `json:"jql"`
	Fields []string `json:"fields"`
	Max    int      `json:"maxResults"`
	Token  string   `json:"nextPageToken"`
}

// fetchIssues answers /issue/bulkfetch: unknown keys are no error.
func (w *world) fetchIssues(r *request) answer {
	var q question
	if err := json.Unmarshal(r.body, &q); err != nil || len(q.Keys) == 0 || len(q.Keys) > 100 {
		return refuseJira(http.StatusBadRequest, "issueIdsOrKeys must be 1 to 100 keys")
	}
	found := []obj{}
	var unknown []string
	for _, key := range q.Keys {
		if i := slices.IndexFunc(w.issues, func(v issue) bool { return v.Key == key }); i >= 0 {
			found = append(found, w.issue(i, q.Fields))
		} else {
			unknown = append(unknown, key)
		}
	}
	return ok(encode(obj{"expand": "schema", "issues": found,
		"issueErrors": []obj{{"issueIdsOrKeys": unknown,
			"errorMessage": "Issue does not exist or you do not have permission to see it."}}}))
}

// searchIssues answers /search/jql, without a count, and at most 100 issues where
// fields are asked for.
func (w *world) searchIssues(r *request) answer {
	var q question
	if err := json.Unmarshal(r.body, &q); err != nil {
		return refuseJira(http.StatusBadRequest, "Invalid request payload.")
	}
	found, err := parseJQL(q.JQL)
	if err != nil {
		return refuseJira(http.StatusBadRequest, err.Error())
	}
	start, err := strconv.Atoi(cmp.Or(q.Token, "0"))
	if err != nil || start < 0 {
		return refuseJira(http.StatusBadRequest, "Invalid nextPageToken.")
	}
	limit := min(cmp.Or(max(q.Max, 0), 50), 100)
	list, next := []obj{}, ""
	for i := start; i < len(w.issues); i++ {
		if !found(w.issues[i]) {
			continue
		}
		if len(list) == limit {
			next = strconv.Itoa(i)
			break
		}
		list = append(list, w.issue(i, q.Fields))
	}
	o := obj{"issues": list, "isLast": next == ""}
	if next != "" {
		o["nextPageToken"] = next
	}
	return ok(encode(o))
}

// issue is the i-th issue as Jira writes it, with the fields asked for: none, where
// none are.
func (w *world) issue(i int, fields []string) obj {
	v, have := w.issues[i], obj{}
	for name, value := range v.Fields {
		have[name] = value
	}
	have["summary"] = v.Summary
	have["issuetype"] = obj{"id": "1", "name": cmp.Or(v.Type, "Task"), "subtask": false}
	have["status"] = obj{"id": "1", "name": cmp.Or(v.Status, "To Do"),
		"statusCategory": obj{"id": 2, "key": cmp.Or(v.Stage, "new")}}
	shown := obj{}
	for _, name := range fields {
		if f, known := have[name]; known {
			shown[name] = f
		}
	}
	return obj{"id": strconv.Itoa(10000 + i), "key": v.Key, "self": w.site.URL + "/rest/api/3/issue/" + v.Key,
		"fields": shown}
}

// parseJQL reads a query: CQL's grammar with the fields key, project, status and
// type. Without a clause it could find everything, which Jira refuses.
func parseJQL(src string) (func(issue) bool, error) {
	unbounded := fmt.Errorf("unbounded JQL queries are not allowed here; please add a search restriction to your query")
	if strings.TrimSpace(src) == "" || strings.HasPrefix(strings.ToLower(strings.TrimSpace(src)), "order ") {
		return nil, unbounded
	}
	q, err := cql.Parse(src)
	if err != nil {
		return nil, fmt.Errorf("error in the JQL query: %w", err)
	}
	return cql.Compile(q.Where, func(c cql.Clause) (func(issue) bool, error) {
		field := map[string]func(issue) string{
			"key": func(v issue) string { return v.Key }, "issuekey": func(v issue) string { return v.Key },
			"project":   func(v issue) string { before, _, _ := strings.Cut(v.Key, "-"); return before },
			"status":    func(v issue) string { return cmp.Or(v.Status, "To Do") },
			"type":      func(v issue) string { return cmp.Or(v.Type, "Task") },
			"issuetype": func(v issue) string { return cmp.Or(v.Type, "Task") },
		}[c.Field]
		if field == nil || strings.ContainsAny(c.Operator, "<>~") {
			return nil, fmt.Errorf("field '%s' does not exist or you do not have permission to view it", c.Field)
		}
		return func(v issue) bool {
			is := slices.ContainsFunc(c.Values,
				func(value cql.Value) bool { return strings.EqualFold(value.Text, field(v)) })
			return is != c.Negative()
		}, nil
	})
}
