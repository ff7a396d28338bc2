package tenantsync

import (
	"context"
	"errors"
	"io/fs"

	"agc-export/fetch/wiki"
	"agc-export/render/markdown"
)

// Bodies, comments and attachments name accounts and Jira issues that are looked up
// after them. A run that is cut in between leaves names unknown, and the next one does
// not see again what it need not fetch again. So the mirror notes, before anything is
// written, that its references are unread; who finds that note reads them all anew.

// referencesUnread is the note of a run that is not yet at its end.
const referencesUnread = "unread"

// referencesRead is the note of a run that looked everything up. Jira issues are part
// of that only where the configuration asks for them. Its words change where bodies are
// found to refer to more than versions before this one read, which then read them anew.
func (s *syncer) referencesRead() string {
	if s.cfg.Export.Jira {
		return "accounts, issues and queries"
	}
	return "accounts in any spelling"
}

// openReferences notes that references are unread, before what holds them is written.
func (s *syncer) openReferences(ctx context.Context) error {
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
func (s *syncer) rereadReferences(ctx context.Context) error {
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
		s.addReferences(body)
	}
	for c, err := range s.mirror.AllComments(ctx) {
		if err != nil {
			return err
		}
		s.addCommentReferences(c.Comment)
	}
	for a, err := range s.mirror.Attachments(ctx) {
		if err != nil {
			return err
		}
		s.accounts[a.Version.AuthorID] = true
	}
	authors, err := s.mirror.VersionAuthors(ctx)
	for _, id := range authors {
		s.accounts[id] = true
	}
	return err
}

// closeReferences notes that all references were looked up, if they were.
func (s *syncer) closeReferences(ctx context.Context) error {
	if s.unresolved {
		return nil
	}
	return s.mirror.SetReferences(ctx, s.referencesRead())
}

// addReferences remembers the accounts and issues that a storage body names. The
// caller holds s.mu or is alone.
func (s *syncer) addReferences(body string) {
	refs := markdown.ReferencesOf(body)
	for _, id := range refs.Accounts {
		s.accounts[id] = true
	}
	for _, key := range refs.Issues {
		s.issues[key] = true
	}
}

// addCommentReferences does the same for a comment and its author.
func (s *syncer) addCommentReferences(c wiki.Comment) {
	s.accounts[c.Version.AuthorID] = true
	s.addReferences(c.Body)
}
