package tenantsync

import (
	"context"

	"agc-export/export/history"
	"agc-export/export/mirror"
	"agc-export/export/newest"
	"agc-export/export/owed"
	"agc-export/export/progress"
	"agc-export/export/reference"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// files are the attachments of all contents, and their bytes.
type files struct {
	*core
	absence *absence
	readers *readers
	refs    *reference.References
	history history.Histories
}

// sweepAttachments lists attachments: all, or the newest and those of late contents.
func (s *files) sweepAttachments(ctx context.Context) error {
	known, err := s.knownAttachments(ctx)
	if err != nil {
		return err
	}
	l, err := s.begin(ctx, owed.Attachments, known)
	if err != nil {
		return err
	}
	found := map[string]bool{}
	if err := s.readAttachments(ctx, l, found); err != nil {
		return err
	}
	s.owed.Came(l.Name)
	s.apart.End(l.Name, l.Full)
	if l.Full {
		err = s.proveFilesGone(ctx, found)
	} else {
		err = s.lateAttachments(ctx, l, found)
	}
	if err != nil {
		return err
	}
	fresh := 0
	for id := range found {
		if _, ok := known[id]; !ok {
			fresh++
		}
	}
	s.report.Count(func(c *report.Synced) { c.Attachments = len(known) + fresh })
	return s.end(ctx, l)
}

// readAttachments reads a list of attachments, writes those that are new or have
// changed and notes in found which of the exported contents' it held.
func (s *files) readAttachments(ctx context.Context, l *newest.List, found map[string]bool) error {
	var batch []wiki.Attachment
	for a, err := range s.client.ListAttachments(ctx, fetch.AttachmentQuery{Newest: !l.Full}) {
		if err != nil {
			return listing(l.Name, err)
		}
		progress.Count(ctx, 1)
		_, ours := s.seen[a.PageID]
		same, enough := l.Step(a.ID, newest.OfAttachment(a), a.Version, ours)
		if ours {
			found[a.ID] = true
		} else {
			s.elsewhere(l.Name, a.ID, a.PageID, a.CustomID, "")
		}
		if ours && !same {
			batch = append(batch, a)
		}
		// In parts only where a run that is cut begins the list anew: one that reads the
		// newest would take what was written for known ground.
		if len(batch) >= batchSize && (s.due || l.Last.IsZero()) {
			if err := s.putAttachments(ctx, batch); err != nil {
				return err
			}
			batch = nil
		}
		if enough {
			break
		}
	}
	return s.putAttachments(ctx, batch)
}

// lateAttachments lists the attachments of contents that a list of the newest does not
// reach.
func (s *files) lateAttachments(ctx context.Context, l *newest.List, found map[string]bool) error {
	for _, c := range s.late(l) {
		batch, err := s.attachmentsOf(ctx, c)
		if err != nil {
			return err
		}
		for _, a := range batch {
			found[a.ID] = true
		}
	}
	return nil
}

// attachmentsOf lists the attachments of one content and writes them. Where the list is refused
// it is owed, and what came of it is written.
func (s *files) attachmentsOf(ctx context.Context, c wiki.Content) ([]wiki.Attachment, error) {
	var batch []wiki.Attachment
	for a, err := range s.client.ListAttachments(ctx, fetch.AttachmentQuery{Type: c.Type, ID: c.ID}) {
		if err != nil {
			if err := s.owe(ctx, owed.Attachments, c, err); err != nil {
				return nil, err
			}
			break
		}
		batch = append(batch, a)
	}
	return batch, s.putAttachments(ctx, batch)
}

// putAttachments writes attachments, and notes who made them.
func (s *files) putAttachments(ctx context.Context, all []wiki.Attachment) error {
	holder := func(a wiki.Attachment) string { return a.PageID }
	if err := write(ctx, s.refs, s.readers, all, holder, s.mirror.PutAttachments); err != nil {
		return err
	}
	s.refs.Names(ids(all, func(a wiki.Attachment) string { return a.Version.AuthorID })...)
	return nil
}

// knownAttachments are those of the contents that this run saw.
func (s *files) knownAttachments(ctx context.Context) (map[string]newest.State, error) {
	known := map[string]newest.State{}
	for a, err := range s.mirror.Attachments(ctx) {
		if err != nil {
			return nil, err
		}
		if _, ours := s.seen[a.PageID]; ours && a.Gone == "" && !s.isDamaged(mirror.KindAttachment, a.ID) {
			known[a.ID] = newest.OfAttachment(a.Attachment)
		}
	}
	return known, nil
}
