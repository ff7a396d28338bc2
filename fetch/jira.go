package fetch

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"slices"
	"strings"

	"agc-export/fetch/wiki"
)

// Bounds of what is asked of Jira.
const (
	issuesPerCall = 100  // issues in one answer: the maximum where fields are asked for
	defaultIssues = 1000 // of one query
)

// IssueQuery says which issues to look up: by Keys where there are any, else by JQL.
type IssueQuery struct {
	Keys   []string
	JQL    string   // Jira refuses a query that could find everything
	Fields []string // by Jira's names, beside summary, status and issuetype
	Max    int      // issues at most; less than 1: 1000
}

// issueFields are asked for in any case.
var issueFields = []string{"summary", "status", "issuetype"}

// Issues returns the issues that q asks for, at most 100 a call: by keys in no
// certain order, unknown and unseen ones missing, or in the order of the query. It
// needs a scope of Jira's (see ScopeOf); that the site has no Jira, or the connection
// no right to it, is an error that IsAbsent. A query that Jira does not take is an
// error that IsQuery.
func (c *Client) Issues(ctx context.Context, q IssueQuery) iter.Seq2[wiki.Issue, error] {
	ask := c.issuesByKey
	if len(q.Keys) == 0 {
		ask = c.issuesByQuery
	}
	if q.Max < 1 {
		q.Max = defaultIssues
	}
	fields := slices.Concat(issueFields, q.Fields)
	slices.Sort(fields)
	q.Fields = slices.Compact(fields)
	return func(yield func(wiki.Issue, error) bool) {
		n := 0
		for v, err := range ask(ctx, q) {
			if !yield(v, err) || err != nil {
				return
			}
			if n++; n == q.Max {
				return
			}
		}
	}
}

// issuePage is an answer of either of Jira's operations.
type issuePage struct {
	Issues        *[]json.RawMessage
	NextPageToken string
}

// issuesByKey looks issues up by key.
func (c *Client) issuesByKey(ctx context.Context, q IssueQuery) iter.Seq2[wiki.Issue, error] {
	return func(yield func(wiki.Issue, error) bool) {
		for keys := range slices.Chunk(q.Keys, issuesPerCall) {
			p, err := c.jira(ctx, "issues", "/issue/bulkfetch",
				map[string]any{"issueIdsOrKeys": keys, "fields": q.Fields})
			if !hand(p, "issues", err, yield) {
				return
			}
		}
	}
}

// issuesByQuery asks for the issues that a JQL query finds.
func (c *Client) issuesByQuery(ctx context.Context, q IssueQuery) iter.Seq2[wiki.Issue, error] {
	const op = "issue-search"
	return func(yield func(wiki.Issue, error) bool) {
		ask := map[string]any{"jql": q.JQL, "fields": q.Fields, "maxResults": min(q.Max, issuesPerCall)}
		for tokens := map[string]bool{}; ; {
			p, err := c.jira(ctx, op, "/search/jql", ask)
			if !hand(p, op, err, yield) || p.NextPageToken == "" {
				return
			}
			if tokens[p.NextPageToken] {
				yield(wiki.Issue{}, &Error{Origin: OriginEdge, Op: op, Status: http.StatusOK, Code: CodeLoop,
					Message: "the listing does not end"})
				return
			}
			tokens[p.NextPageToken] = true
			ask["nextPageToken"] = p.NextPageToken
		}
	}
}

// jira sends a question to the site's Jira. Jira takes it as a body, so that no part
// of a query stands in an address.
func (c *Client) jira(ctx context.Context, op, path string, ask map[string]any) (issuePage, error) {
	site, err := c.Site(ctx)
	if err != nil {
		return issuePage{}, err
	}
	id, err := segment(site.CloudID)
	if err != nil {
		return issuePage{}, err
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return issuePage{}, err
	}
	p, _, err := get[issuePage](ctx, c, call{op: op, method: http.MethodPost,
		path: "/ex/jira/" + id + "/rest/api/3" + path, body: body})
	if err == nil && p.Issues == nil {
		err = shape(op, "no issues in the answer")
	}
	return p, err
}

// hand yields the issues of an answer, or the error in its place, and says whether
// to go on.
func hand(p issuePage, op string, err error, yield func(wiki.Issue, error) bool) bool {
	if err != nil {
		yield(wiki.Issue{}, err)
		return false
	}
	for _, raw := range *p.Issues {
		v, err := decodeIssue(raw)
		if err != nil || v.Key == "" {
			yield(wiki.Issue{}, shape(op, "an issue of another shape than documented"))
			return false
		}
		if !yield(v, nil) {
			return false
		}
	}
	return true
}

func decodeIssue(raw json.RawMessage) (wiki.Issue, error) {
	w, err := into[struct {
		ID, Key str
		Fields  map[string]json.RawMessage
	}](raw)
	v := wiki.Issue{ID: string(w.ID), Key: string(w.Key), Fields: map[string]string{}, Raw: raw}
	for name, field := range w.Fields {
		v.Fields[name] = fieldText(field)
	}
	v.Summary, v.Status, v.Type = v.Fields["summary"], v.Fields["status"], v.Fields["issuetype"]
	status, wrong := into[struct{ StatusCategory struct{ Key str } }](w.Fields["status"])
	if wrong == nil {
		v.Stage = string(status.StatusCategory.Key)
	}
	return v, err
}

// fieldText is the text of a field: a scalar, the name of an object, or several with
// commas between. Rich text has none.
func fieldText(raw json.RawMessage) string {
	if list, err := into[[]json.RawMessage](raw); err == nil {
		var texts []string
		for _, item := range list {
			if s := fieldText(item); s != "" {
				texts = append(texts, s)
			}
		}
		return strings.Join(texts, ", ")
	}
	if object, err := into[map[string]json.RawMessage](raw); err == nil {
		for _, name := range []string{"displayName", "name", "value", "key"} {
			if s := text(object[name]); s != "" {
				return s
			}
		}
		return ""
	}
	s, err := into[str](raw)
	if err != nil {
		return ""
	}
	return string(s)
}
