package tenantsync

import (
	"context"
	"maps"
	"slices"

	"agc-export/export/mirror"
	"agc-export/export/newest"
	"agc-export/export/owed"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// sweepReplies brings replies where the site-wide lists hold none: whether they do,
// sources disagree. A reply in a list settles it. Where none was seen, the search is
// asked, which knows replies in bulk; what it shows beyond the lists proves that these
// hold none, and from then on it is asked in every run.
func (s *comments) sweepReplies(ctx context.Context) error {
	hidden, err := s.mirror.Replies(ctx)
	if err != nil {
		return err
	}
	known, err := s.knownComments(ctx, "")
	switch {
	case err != nil:
		return err
	case s.reply, hidden == "no" && !s.contradicted(known):
		s.replies = repliesListed
		if !s.isWhole() {
			if _, err := s.unsearchedReplies(ctx, false); err != nil {
				return err
			}
		}
		s.owed.Came(owed.Replies)
		return s.mirror.SetReplies(ctx, "no")
	case len(known)+len(s.fresh) == 0:
		s.owed.Came(owed.Replies)
		return nil
	}
	more, err := s.unsearchedReplies(ctx, true)
	if err != nil {
		return err
	}
	if hidden != "yes" && !more && !s.due && len(s.fresh) == 0 {
		return nil
	}
	full := s.due && hidden != "none"
	found, err := s.searchReplies(ctx, known, full)
	if err != nil {
		return err
	}
	if found || more {
		hidden = "yes"
	} else if hidden == "" && full {
		hidden = "none" // there were none at all: only new ones are looked for from now on
	}
	if full {
		s.replies = repliesSearched
	}
	return s.mirror.SetReplies(ctx, hidden)
}

// isWhole tells whether both kinds of comments were listed to their end.
func (s *comments) isWhole() bool { return s.whole[wiki.CommentFooter] && s.whole[wiki.CommentInline] }

// contradicted says whether complete lists hold none of the replies that the mirror
// knows: then they keep replies out from now on.
func (s *comments) contradicted(known map[string]newest.State) bool {
	if !s.isWhole() {
		return false
	}
	for _, c := range known {
		if c.Reply {
			return true
		}
	}
	return false
}

// What this run knows of replies.
const (
	repliesNew      = iota // only those that are new or have changed
	repliesListed          // the lists hold them, like other comments
	repliesSearched        // all that the search sees
)

// searchReplies takes in the replies that the search shows and the mirror does not
// have so, all of them or those of the last days. It says whether there were any that
// the lists did not hold. With bodies an answer holds a quarter of what it holds
// without: the bodies of a few are asked for one by one.
func (s *comments) searchReplies(ctx context.Context, known map[string]newest.State, full bool) (beyond bool,
	err error) {
	for _, in := range s.searched() {
		q := fetch.CommentSearch{SearchIn: in}
		if !full {
			q.Since = s.commentsKnown
		}
		wanted, all, err := s.unknownReplies(ctx, q, known)
		if len(wanted) > all/repliesPerBody+1 {
			q.Bodies = true
			wanted, _, err = s.unknownReplies(ctx, q, known)
		}
		if err == nil && !q.Bodies {
			err = s.readReplies(ctx, wanted)
		}
		if err != nil {
			if err = s.unsearchable("replies to comments", in, err); err != nil {
				return false, err
			}
			continue
		}
		for _, c := range wanted {
			if c.ID != "" {
				s.addComment(c)
				beyond = true
			}
		}
	}
	return beyond, nil
}

// repliesPerBody is how many comments an answer of the search holds with their bodies.
const repliesPerBody = 50

// unknownReplies searches for replies and returns those that neither the mirror nor
// the lists of this run have so, and how many comments it found in all.
func (s *comments) unknownReplies(ctx context.Context, q fetch.CommentSearch,
	known map[string]newest.State) (wanted []wiki.Comment, all int, err error) {
	for c, err := range s.client.SearchComments(ctx, q) {
		if err != nil {
			return nil, 0, err
		}
		all++
		if _, ours := s.seen[c.PageID]; !ours || c.ParentID == "" {
			continue
		}
		s.found[c.ID] = true
		if _, listed := s.fresh[c.ID]; !listed && known[c.ID] != newest.OfComment(c) {
			wanted = append(wanted, c)
		}
	}
	return wanted, all, nil
}

// readReplies asks for the bodies of replies that were found without. One that is not
// there any more is left out.
func (s *comments) readReplies(ctx context.Context, found []wiki.Comment) error {
	for i, c := range found {
		whole, err := s.client.Comment(ctx, c.Kind, c.ID)
		switch {
		case fetch.IsNone(err) || fetch.IsForbidden(err):
			found[i].ID = ""
			continue
		case err != nil:
			if err := s.oweReplies(ctx, c.ID, "its text", c.PageID, err); err != nil {
				return err
			}
			found[i].ID = ""
			continue
		}
		found[i].Body, found[i].HasBody, found[i].Raw = whole.Body, whole.HasBody, whole.Raw
	}
	return nil
}

// unsearchedReplies asks comment by comment for the replies on contents that no search
// sees, archived pages, which have changed since the last run: while they are archived
// nobody replies. So it does for contents of which earlier runs owe them, or for these alone.
func (s *comments) unsearchedReplies(ctx context.Context, archived bool) (found bool, err error) {
	roots := map[string]wiki.Comment{}
	for c, err := range s.mirror.AllComments(ctx) {
		if err != nil {
			return false, err
		}
		if c.ParentID == "" && c.Gone == "" {
			roots[c.ID] = c.Comment
		}
	}
	for id, c := range s.fresh {
		if c.ParentID == "" {
			roots[id] = c
		}
	}
	due := s.owed.Of(owed.Replies)
	maps.DeleteFunc(roots, func(_ string, c wiki.Comment) bool {
		on, ours := s.seen[c.PageID]
		return !ours || !due[on.ID] && (!archived || on.Status != wiki.StatusArchived || !s.bodies[on.ID])
	})
	for _, id := range slices.SortedFunc(maps.Keys(roots), mirror.CompareIDs) {
		more, err := s.repliesTo(ctx, roots[id])
		if found = found || more; err != nil {
			return false, err
		}
	}
	s.owed.Came(owed.Replies)
	return found, nil
}

// repliesTo asks for the replies to one comment and tells whether there are any. Where some are
// refused, those on its content are owed.
func (s *comments) repliesTo(ctx context.Context, root wiki.Comment) (found bool, err error) {
	for c, err := range s.client.Replies(ctx, root.Kind, root.ID, true) {
		if err != nil {
			if err = s.oweReplies(ctx, root.ID, "replies to it", root.PageID, err); err != nil {
				return found, err
			}
			continue
		}
		if c.PageID == "" {
			c.PageID = root.PageID
		}
		s.addComment(c)
		s.mu.Lock()
		s.found[c.ID] = true
		s.mu.Unlock()
		found = true
	}
	return found, nil
}

// oweReplies judges the error of a question about a comment. Where that is refused alone, the
// replies on its content are owed.
func (s *comments) oweReplies(ctx context.Context, id, what, page string, err error) error {
	if err := s.alone("comment", id, what, err); err != nil {
		return err
	}
	return s.owed.Refuse(ctx, owed.Replies, page)
}
