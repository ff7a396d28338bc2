// Package reference looks up what bodies, comments and files name beside their text:
// accounts and Jira issues. A run that is cut in between leaves names unknown, and the next
// one does not see again what it need not fetch again. So the mirror notes, before anything
// is written, that its references are unread; who finds that note reads them all anew.
package reference

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

// unread is the note of a run that is not yet at its end.
const unread = "unread"

// Options is what a look-up is given.
type Options struct {
	Client *fetch.Client
	Mirror *mirror.Mirror
	Report *report.Report
	Jira   bool // look issues up too

	// Optional judges the error of a list that no page depends on, and Stops errors after
	// which asking for anything else is of no use.
	Optional func(what string, err error) error
	Stops    func(error) bool
}

// References are the accounts and Jira issues that bodies, comments and files name.
type References struct {
	Options
	mu         sync.Mutex
	accounts   map[string]bool // account ids that appear anywhere
	issues     map[string]bool // keys of the Jira issues that bodies name
	open       bool            // this run has noted that they are unread
	unresolved bool            // a look-up of accounts or issues failed
	noted      string          // what the last run noted, in its words
}

// New begins with nothing but what the mirror notes of the last run.
func New(o Options) *References {
	return &References{Options: o, accounts: map[string]bool{}, issues: map[string]bool{}}
}

// Begin reads the note of the last run.
func (s *References) Begin(ctx context.Context) (err error) {
	s.noted, err = s.Mirror.References(ctx)
	return err
}

// words is the note of a run that looked everything up. Jira issues are part
// of that only where the configuration asks for them. Its words change where bodies are
// found to refer to more than versions before this one read, which then read them anew.
func (s *References) words() string {
	if s.Jira {
		return "accounts, issues, queries and addresses"
	}
	return "accounts in any spelling"
}

// Open notes that references are unread, before what holds them is written.
func (s *References) Open(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open {
		return nil
	}
	s.open = true
	return s.Mirror.SetReferences(ctx, unread)
}

// Reread collects the references of the whole mirror where the last run was
// cut before it had looked them up, or did not ask for issues. bodies are the contents
// whose bodies this run has not read.
func (s *References) Reread(ctx context.Context, bodies []string) error {
	if s.noted == s.words() {
		return nil
	}
	for _, id := range bodies {
		body, err := s.Mirror.Body(ctx, id)
		if errors.Is(err, fs.ErrNotExist) {
			continue // listed, but its body could not be had
		}
		if err != nil {
			return err
		}
		s.Read(body)
	}
	for c, err := range s.Mirror.AllComments(ctx) {
		if err != nil {
			return err
		}
		s.ReadComment(c.Comment)
	}
	for a, err := range s.Mirror.Attachments(ctx) {
		if err != nil {
			return err
		}
		s.Names(a.Version.AuthorID)
	}
	authors, err := s.Mirror.VersionAuthors(ctx)
	s.Names(authors...)
	return err
}

// Close notes that all references were looked up, if they were.
func (s *References) Close(ctx context.Context) error {
	if s.unresolved {
		return nil
	}
	return s.Mirror.SetReferences(ctx, s.words())
}

// Names remembers accounts.
func (s *References) Names(accounts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range accounts {
		s.accounts[id] = true
	}
}

// Read remembers the accounts and issues that a storage body names.
func (s *References) Read(body string) {
	found := markdown.ReferencesOf(body)
	s.Names(found.Accounts...)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range found.Issues {
		s.issues[key] = true
	}
}

// ReadComment does the same for a comment and its author.
func (s *References) ReadComment(c wiki.Comment) {
	s.Names(c.Version.AuthorID)
	s.Read(c.Body)
}

// FetchIssues brings key, summary and status of the Jira issues that pages name, where
// the configuration asks for them. Without them the export is complete but for
// summaries: the macros then show keys that link to Jira.
func (s *References) FetchIssues(ctx context.Context) error {
	if !s.Jira {
		return nil
	}
	if err := s.knownIssues(ctx); err != nil {
		return err
	}
	for keys := range slices.Chunk(slices.Sorted(maps.Keys(s.issues)), issuesPerCall) {
		found, err := s.issuesOf(ctx, keys)
		if err != nil {
			s.unresolved = true
			return s.Optional("Jira issues", err)
		}
		if _, err := s.Mirror.PutIssues(ctx, found); err != nil {
			return err
		}
	}
	return nil
}

// issuesPerCall bounds one query: Jira's limit where fields are asked for.
const issuesPerCall = 100

// knownIssues adds the issues that the mirror knows already.
func (s *References) knownIssues(ctx context.Context) error {
	known, err := s.Mirror.Issues(ctx)
	if err != nil {
		return err
	}
	for key := range known {
		s.issues[key] = true
	}
	return nil
}

// issuesOf looks issues up by a query (the keys are letters, digits and dashes), or by
// their keys where Jira refuses the query: it does so when one of the keys does not exist.
func (s *References) issuesOf(ctx context.Context, keys []string) ([]mirror.Issue, error) {
	found, err := s.queryIssues(ctx, fetch.IssueQuery{JQL: "issuekey in (" + strings.Join(keys, ", ") +
		") order by issuekey", Max: len(keys)})
	if fetch.IsQuery(err) {
		return s.queryIssues(ctx, fetch.IssueQuery{Keys: keys})
	}
	return found, err
}

func (s *References) queryIssues(ctx context.Context, q fetch.IssueQuery) ([]mirror.Issue, error) {
	var found []mirror.Issue
	for issue, err := range s.Client.Issues(ctx, q) {
		if err != nil {
			return nil, err
		}
		found = append(found, mirror.Issue{Asked: issue.Key, Issue: issue})
	}
	return found, nil
}

// LookUpUsers brings the names of all accounts that appear anywhere. Without them the
// export is complete but for names.
func (s *References) LookUpUsers(ctx context.Context) error {
	known, err := s.Mirror.Users(ctx)
	if err != nil {
		return err
	}
	for id := range known {
		s.accounts[id] = true
	}
	delete(s.accounts, "")
	users, err := s.Client.Users(ctx, slices.Sorted(maps.Keys(s.accounts)))
	if err != nil {
		s.unresolved = true
		if len(known) > 0 && fetch.IsAbsent(err) && !s.Stops(err) { // they were told before
			s.Report.Fail(report.Failure{Kind: "names of users", Reason: err.Error()})
			return nil
		}
		return s.Optional("names of users", err)
	}
	s.Report.Count(func(c *report.Synced) { c.Users = len(users) })
	_, err = s.Mirror.PutUsers(ctx, append(users, s.nameless(known, users)...))
	return err
}

// nameless are the accounts that the site told nothing of, for good or because its answer
// was short: nobody can tell. The mirror keeps their ids, so that the next run asks again.
func (s *References) nameless(known map[string]wiki.User, users []wiki.User) []wiki.User {
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
