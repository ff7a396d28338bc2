package tenantsync

import (
	"context"
	"maps"
	"slices"

	"agc-export/export/mirror"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// Comments and attachments that complete lists do not hold. What counts as proof that
// one was deleted: Confluence lists it, or shows it by its id, as trashed or deleted. A
// reply to a deleted comment is deleted with it. That an id is not known proves
// nothing, and a refusal says nothing at all: it is the failure of that content, comment or
// file. Of a file that is in no list nobody knows then on what it stands, and who may read it.

// proveCommentsGone looks after the comments that this run should have seen and did
// not: by page, where the API lists deleted ones, replies one by one.
func (s *comments) proveCommentsGone(ctx context.Context) error {
	absent, held, err := s.absentComments(ctx)
	if err != nil {
		return err
	}
	missing := map[string]string{}
	for _, at := range slices.Sorted(maps.Keys(absent)) {
		if err := s.proveComments(ctx, absent[at], missing); err != nil {
			return err
		}
	}
	s.absence.completed(complete{mirror.KindComment, held, func(id string) bool { return s.found[id] }, missing, nil})
	return nil
}

// absentComments returns, by kind and content, the comments that complete lists of
// this run should have held, each before those that answer it, and how many of those
// there are in all. What answers an absent comment is among them, whether or not this
// run saw replies.
func (s *comments) absentComments(ctx context.Context) (absent map[string][]mirror.Comment, held int, err error) {
	absent, above := map[string][]mirror.Comment{}, map[string]bool{}
	for c, err := range s.mirror.AllComments(ctx) {
		if err != nil {
			return nil, 0, err
		}
		if !mirror.IsPresent(c.Gone) || !s.expected(c.Comment) && !above[c.ParentID] {
			continue
		}
		if held++; !s.found[c.ID] {
			above[c.ID] = true
			at := c.Kind + " " + c.PageID
			absent[at] = append(absent[at], c)
		}
	}
	return absent, held, nil
}

// expected reports comments that this run must have seen if they are still there.
func (s *comments) expected(c wiki.Comment) bool {
	on, ours := s.seen[c.PageID]
	if !ours || !s.whole[c.Kind] {
		return false
	}
	return c.ParentID == "" || s.replies == repliesListed ||
		s.replies == repliesSearched && on.Status == wiki.StatusCurrent
}

// proveComments asks about comments of one kind on one content.
func (s *comments) proveComments(ctx context.Context, absent []mirror.Comment, missing map[string]string) error {
	on := s.seen[absent[0].PageID]
	q := fetch.CommentQuery{Kind: absent[0].Kind, Type: on.Type, ID: on.ID, Bodies: true,
		Statuses: []string{wiki.StatusCurrent, wiki.StatusTrashed, wiki.StatusDeleted}}
	listed, refused := map[string]wiki.Comment{}, false
	for c, err := range s.client.Comments(ctx, q) {
		if err != nil {
			if err := s.alone(on.Type, on.ID, "its deleted comments", err); err != nil {
				return err
			}
			refused = true
			break
		}
		listed[c.ID] = c
	}
	for _, c := range absent {
		now, have := listed[c.ID]
		switch above := missing[c.ParentID]; {
		case have:
		case above == mirror.GoneTrashed || above == mirror.GoneDeleted:
			now.Status = above
		default:
			var err error
			now, err = s.client.Comment(ctx, c.Kind, c.ID)
			if err != nil && (refused || !fetch.IsAbsent(err)) {
				if err := s.alone("comment", c.ID, "what became of it", err); err != nil {
					return err
				}
				continue
			}
		}
		switch now.Status {
		case wiki.StatusTrashed, wiki.StatusDeleted:
			missing[c.ID] = now.Status
		case wiki.StatusCurrent:
			s.addComment(now)
			s.found[c.ID] = true
		default:
			missing[c.ID] = mirror.GoneUnseen
		}
	}
	return nil
}

// proveFilesGone looks after the attachments that a full list did not hold: in the
// trash of their pages, and then one by one.
func (s *files) proveFilesGone(ctx context.Context, found map[string]bool) error {
	holders := map[string][]string{} // content id -> attachments
	held := 0
	s.absence.moved = map[string]bool{}
	for a, err := range s.mirror.Attachments(ctx) {
		if err != nil {
			return err
		}
		if _, ours := s.seen[a.PageID]; !ours || !mirror.IsPresent(a.Gone) {
			continue
		}
		if held++; !found[a.ID] {
			holders[a.PageID] = append(holders[a.PageID], a.ID)
		}
	}
	gone := complete{mirror.KindAttachment, held, func(id string) bool { return found[id] }, map[string]string{},
		map[string]error{}}
	for _, holder := range slices.Sorted(maps.Keys(holders)) {
		if err := s.proveFiles(ctx, holder, holders[holder], found, gone); err != nil {
			return err
		}
	}
	s.absence.completed(gone)
	return nil
}

// proveFiles asks about attachments of one content.
func (s *files) proveFiles(ctx context.Context, holder string, absent []string, found map[string]bool,
	gone complete) error {
	q := fetch.AttachmentQuery{Type: s.seen[holder].Type, ID: holder, Statuses: []string{wiki.StatusTrashed}}
	missing, refused := gone.missing, false
	for a, err := range s.client.ListAttachments(ctx, q) {
		if err != nil {
			if err := s.alone(q.Type, holder, "its deleted attachments", err); err != nil {
				return err
			}
			refused = true
			break
		}
		if slices.Contains(absent, a.ID) {
			missing[a.ID] = mirror.GoneTrashed
		}
	}
	for _, id := range absent {
		if missing[id] != "" {
			continue
		}
		a, err := s.client.AttachmentAt(ctx, id, 0)
		switch _, ours := s.seen[a.PageID]; {
		case err != nil && !fetch.IsAlone(err):
			return listing("deleted attachments", err)
		case err != nil && !fetch.IsAbsent(err):
			gone.doubt[id] = err
		case err != nil && refused: // it may be in the trash
		case a.Status == wiki.StatusTrashed || a.Status == wiki.StatusDeleted:
			missing[id] = a.Status
		case ours && (a.Status == wiki.StatusCurrent || a.Status == wiki.StatusArchived):
			found[id] = true
			if err := s.putAttachments(ctx, []wiki.Attachment{a}); err != nil {
				return err
			}
		default:
			missing[id] = mirror.GoneUnseen
			s.absence.moved[id] = err == nil && a.PageID != "" && a.PageID != holder
		}
	}
	return nil
}
