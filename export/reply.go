package export

import (
	"context"
	"maps"
	"slices"

	"agc-export/fetch"
)

// sweepReplies brings replies where the site-wide lists hold none: whether they do,
// sources disagree. A reply in a list settles it. Where none was seen, the search is
// asked, which knows replies in bulk; what it shows beyond the lists proves that these
// hold none, and from then on it is asked in every run.
func (s *syncer) sweepReplies(ctx context.Context) error {
	hidden, err := s.mirror.State(ctx, stateHidden)
	if err != nil {
		return err
	}
	known, err := s.knownComments(ctx, "")
	switch {
	case err != nil:
		return err
	case s.reply, hidden == "no" && !s.contradicted(known):
		s.replies = repliesListed
		return s.mirror.SetState(ctx, stateHidden, "no")
	case len(known)+len(s.comments) == 0, hidden == "" && !s.due && len(s.comments) == 0:
		return nil
	}
	found, err := s.searchReplies(ctx, known)
	if err != nil {
		return err
	}
	more, err := s.unsearchedReplies(ctx)
	if err != nil {
		return err
	}
	if found || more {
		hidden = "yes"
	}
	if s.due {
		s.replies = repliesSearched
	}
	return s.mirror.SetState(ctx, stateHidden, hidden)
}

// contradicted says whether complete lists hold none of the replies that the mirror
// knows: then they keep replies out from now on.
func (s *syncer) contradicted(known map[string]objectState) bool {
	if !s.whole[fetch.CommentFooter] || !s.whole[fetch.CommentInline] {
		return false
	}
	for _, c := range known {
		if c.reply {
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
// have so, all in a full sweep, else those of the last days. It says whether there
// were any that the lists did not hold.
func (s *syncer) searchReplies(ctx context.Context, known map[string]objectState) (beyond bool, err error) {
	for _, in := range s.searched() {
		q := fetch.CommentSearch{SearchIn: in, Bodies: true}
		if !s.due {
			q.Since = s.commentsKnown
		}
		for c, err := range s.client.SearchComments(ctx, q) {
			if err != nil {
				if err = s.unsearchable("replies to comments", in, err); err != nil {
					return false, err
				}
				break
			}
			if _, ours := s.seen[c.PageID]; !ours || c.ParentID == "" {
				continue
			}
			s.found[c.ID] = true
			if _, listed := s.comments[c.ID]; !listed && known[c.ID] != stateOfComment(c) {
				s.addComment(c)
				beyond = true
			}
		}
	}
	return beyond, nil
}

// unsearchedReplies asks comment by comment for the replies on contents that no search
// sees, archived pages, which have changed since the last run: while they are archived
// nobody replies.
func (s *syncer) unsearchedReplies(ctx context.Context) (found bool, err error) {
	roots := map[string]fetch.Comment{}
	for c, err := range s.mirror.AllComments(ctx) {
		if err != nil {
			return false, err
		}
		if c.ParentID == "" && c.Gone == "" {
			roots[c.ID] = c.Comment
		}
	}
	for id, c := range s.comments {
		if c.ParentID == "" {
			roots[id] = c
		}
	}
	maps.DeleteFunc(roots, func(_ string, c fetch.Comment) bool {
		return s.seen[c.PageID].Status != fetch.StatusArchived || !s.bodies[c.PageID]
	})
	for _, id := range slices.SortedFunc(maps.Keys(roots), compareIDs) {
		for c, err := range s.client.Replies(ctx, roots[id].Kind, id, true) {
			if err != nil {
				return false, listing("replies to comments", err)
			}
			if c.PageID == "" {
				c.PageID = roots[id].PageID
			}
			s.addComment(c)
			s.found[c.ID] = true
			found = true
		}
	}
	return found, nil
}
