package mirror

import (
	"context"

	"agc-export/fetch/wiki"
)

// Issue is a Jira issue that a page names.
type Issue struct {
	Asked string // the key that pages write
	wiki.Issue
}

var issues = table[Issue]{
	name:    "issue",
	columns: []string{"id", "issue_key", "summary", "status", "stage", "type", "raw"},
	fields: func(i *Issue) []any {
		return []any{&i.Asked, &i.Key, &i.Summary, &i.Status, &i.Stage, &i.Type, (*[]byte)(&i.Raw)}
	},
}

// PutIssues writes Jira issues.
func (m *Mirror) PutIssues(ctx context.Context, list []Issue) (int, error) {
	return put(ctx, m.disk, issues, list, func(i Issue) Issue { return i })
}

// Issues returns all Jira issues by the key that pages write.
func (m *Mirror) Issues(ctx context.Context) (map[string]Issue, error) {
	all, err := list(ctx, m.disk, issues.fields, "SELECT "+issues.selection()+" FROM issue")
	byKey := make(map[string]Issue, len(all))
	for _, i := range all {
		byKey[i.Asked] = i
	}
	return byKey, wrap("reading issues", err)
}
