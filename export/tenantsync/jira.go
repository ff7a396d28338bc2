package tenantsync

import (
	"context"
	"maps"
	"slices"
	"strings"

	"agc-export/export/mirror"
	"agc-export/fetch"
)

// fetchIssues brings key, summary and status of the Jira issues that pages name, where
// the configuration asks for them. Without them the export is complete but for
// summaries: the macros then show keys that link to Jira.
func (s *syncer) fetchIssues(ctx context.Context) error {
	if !s.cfg.Export.Jira {
		return nil
	}
	if err := s.knownIssues(ctx); err != nil {
		return err
	}
	for keys := range slices.Chunk(slices.Sorted(maps.Keys(s.issues)), issuesPerCall) {
		found, err := s.issuesOf(ctx, keys)
		if err != nil {
			s.unresolved = true
			return s.optional("Jira issues", err)
		}
		if _, err := s.mirror.PutIssues(ctx, found); err != nil {
			return err
		}
	}
	return nil
}

// issuesPerCall bounds one query: Jira's limit where fields are asked for.
const issuesPerCall = 100

// knownIssues adds the issues that the mirror knows already.
func (s *syncer) knownIssues(ctx context.Context) error {
	known, err := s.mirror.Issues(ctx)
	if err != nil {
		return err
	}
	for key := range known {
		s.issues[key] = true
	}
	return nil
}

// issuesOf looks issues up by a query (the keys are letters, digits and dashes), or by their keys where Jira refuses the query:
// it does so when one of the keys does not exist.
func (s *syncer) issuesOf(ctx context.Context, keys []string) ([]mirror.Issue, error) {
	found, err := s.queryIssues(ctx, fetch.IssueQuery{JQL: "issuekey in (" + strings.Join(keys, ", ") + ") order by issuekey", Max: len(keys)})
	if fetch.IsQuery(err) {
		return s.queryIssues(ctx, fetch.IssueQuery{Keys: keys})
	}
	return found, err
}

func (s *syncer) queryIssues(ctx context.Context, q fetch.IssueQuery) ([]mirror.Issue, error) {
	var found []mirror.Issue
	for issue, err := range s.client.Issues(ctx, q) {
		if err != nil {
			return nil, err
		}
		found = append(found, mirror.Issue{Asked: issue.Key, Issue: issue})
	}
	return found, nil
}
