package tenantsync

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// Bodies, comments and attachments name accounts and Jira issues that are looked up
// after them. A run that is cut in between leaves names unknown, and the next one does
// not see again what it need not fetch again. So the mirror notes, before anything is
// written, that its references are unread; who finds that note reads them all anew.

// referencesUnread is the note of a run that is not yet at its end.
const referencesUnread = "unread"

// references are the accounts and Jira issues that bodies, comments and files name.
type references struct {
	*core
	mu         sync.Mutex
	accounts   map[string]bool // account ids that appear anywhere
	issues     map[string]bool // keys of the Jira issues that bodies name
	noted      string          // what the last run noted of references
	open       bool            // this run has noted that they are unread
	unresolved bool            // a look-up of accounts or issues failed
}

// referencesRead is the note of a run that looked everything up. Jira issues are part
// of that only where the configuration asks for them. Its words change where bodies are
// found to refer to more than versions before this one read, which then read them anew.
func (s *references) referencesRead() string {
	if s.cfg.Export.Jira {
		return "accounts, issues, queries and addresses"
	}
	return "accounts in any spelling"
}

// openReferences notes that references are unread, before what holds them is written.
func (s *references) openReferences(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open {
		return nil
	}
	s.open = true
	return s.mirror.SetReferences(ctx, referencesUnread)
}

// rereadReferences collects the references of the whole mirror where the last run was
// cut before it had looked them up, or did not ask for issues.
func (s *references) rereadReferences(ctx context.Context) error {
	if s.noted == s.referencesRead() {
		return nil
	}
	for id, c := range s.seen {
		if !wiki.HasBody(c.Type) || s.bodies[id] {
			continue
		}
		body, err := s.mirror.Body(ctx, id)
		if errors.Is(err, fs.ErrNotExist) {
			continue // listed, but its body could not be had
		}
		if err != nil {
			return err
		}
		s.read(body)
	}
	for c, err := range s.mirror.AllComments(ctx) {
		if err != nil {
			return err
		}
		s.readComment(c.Comment)
	}
	for a, err := range s.mirror.Attachments(ctx) {
		if err != nil {
			return err
		}
		s.names(a.Version.AuthorID)
	}
	authors, err := s.mirror.VersionAuthors(ctx)
	s.names(authors...)
	return err
}

// closeReferences notes that all references were looked up, if they were.
func (s *references) closeReferences(ctx context.Context) error {
	if s.unresolved {
		return nil
	}
	return s.mirror.SetReferences(ctx, s.referencesRead())
}

// names remembers accounts.
func (s *references) names(accounts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range accounts {
		s.accounts[id] = true
	}
}

// read remembers the accounts and issues that a storage body names.
func (s *references) read(body string) {
	found := markdown.ReferencesOf(body)
	s.names(found.Accounts...)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range found.Issues {
		s.issues[key] = true
	}
}

// readComment does the same for a comment and its author.
func (s *references) readComment(c wiki.Comment) {
	s.names(c.Version.AuthorID)
	s.read(c.Body)
}

// fetchIssues brings key, summary and status of the Jira issues that pages name, where
// the configuration asks for them. Without them the export is complete but for
// summaries: the macros then show keys that link to Jira.
func (s *references) fetchIssues(ctx context.Context) error {
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
func (s *references) knownIssues(ctx context.Context) error {
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
func (s *references) issuesOf(ctx context.Context, keys []string) ([]mirror.Issue, error) {
	found, err := s.queryIssues(ctx, fetch.IssueQuery{JQL: "issuekey in (" + strings.Join(keys, ", ") + ") order by issuekey", Max: len(keys)})
	if fetch.IsQuery(err) {
		return s.queryIssues(ctx, fetch.IssueQuery{Keys: keys})
	}
	return found, err
}

func (s *references) queryIssues(ctx context.Context, q fetch.IssueQuery) ([]mirror.Issue, error) {
	var found []mirror.Issue
	for issue, err := range s.client.Issues(ctx, q) {
		if err != nil {
			return nil, err
		}
		found = append(found, mirror.Issue{Asked: issue.Key, Issue: issue})
	}
	return found, nil
}

// lookUpUsers brings the names of all accounts that appear anywhere. Without them the
// export is complete but for names.
func (s *references) lookUpUsers(ctx context.Context) error {
	known, err := s.mirror.Users(ctx)
	if err != nil {
		return err
	}
	for id := range known {
		s.accounts[id] = true
	}
	delete(s.accounts, "")
	users, err := s.client.Users(ctx, slices.Sorted(maps.Keys(s.accounts)))
	if err != nil {
		s.unresolved = true
		if len(known) > 0 && fetch.IsAbsent(err) && !Stops(err) { // they were told before
			s.report.Fail(report.Failure{Kind: "names of users", Reason: err.Error()})
			return nil
		}
		return s.optional("names of users", err)
	}
	s.report.Count(func(c *report.Synced) { c.Users = len(users) })
	_, err = s.mirror.PutUsers(ctx, append(users, s.nameless(known, users)...))
	return err
}

// nameless are the accounts that the site told nothing of, for good or because its answer
// was short: nobody can tell. The mirror keeps their ids, so that the next run asks again.
func (s *references) nameless(known map[string]wiki.User, users []wiki.User) []wiki.User {
	told := map[string]bool{}
	for _, u := range users {
		told[u.AccountID] = true
	}
	var none []wiki.User
	for _, id := range slices.Sorted(maps.Keys(s.accounts)) {
		if _, ok := known[id]; !ok && !told[id] {
			none = append(none, wiki.User{AccountID: id, Status: "unknown"})
		}
	}
	return none
}
