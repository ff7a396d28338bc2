package tenantsync

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"agc-export/export/mirror"
	"agc-export/export/newest"
	"agc-export/export/owed"
	"agc-export/export/progress"
	"agc-export/export/reference"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// comments are the comments of all contents.
type comments struct {
	*core
	mu      sync.Mutex
	absence *absence
	readers *readers
	refs    *reference.References
	fresh   map[string]wiki.Comment // new or changed, by id
	written map[string]bool         // of these, what is in the mirror already
	found   map[string]bool         // comments that this run saw, by id
	whole   map[string]bool         // kinds of comments that were listed to the end
	listed  []*newest.List          // lists of comments that were read
	reply   bool                    // a site-wide list held a reply
	replies int                     // see repliesNew

	commentsKnown  time.Time // up to when the last run knew comments
	commentsListed bool      // commentsKnown is set
}

// sweepComments lists one kind of comment. Bodies are asked for only where the mirror
// lacks one: the list without them tells what is new, and is then read again with
// them as far as that reaches.
func (s *comments) sweepComments(ctx context.Context, kind string) error {
	known, err := s.knownComments(ctx, kind)
	if err != nil {
		return err
	}
	l, err := s.begin(ctx, owed.Comments(kind), known)
	if err != nil {
		return err
	}
	s.knownSince(l.Last)
	first := l.Last.IsZero()
	changed, read := 0, 0
	bare := map[string]bool{} // new or changed, and their bodies have yet to come
	for c, err := range s.client.Comments(ctx, fetch.CommentQuery{Kind: kind, Newest: !l.Full, Bodies: first}) {
		if err != nil {
			return listing(l.Name, err)
		}
		progress.Count(ctx, 1)
		c = s.homed(c, l.Known)
		_, ours := s.seen[c.PageID]
		same, enough := l.Step(c.ID, newest.OfComment(c), c.Version, ours)
		read++
		if ours {
			s.saw(c)
		} else {
			s.elsewhere(l.Name, c.ID, c.PageID, c.CustomID, c.AttachmentID)
		}
		if ours && !same {
			changed = read
			bare[c.ID] = !first || !c.HasBody
			s.addComment(c)
			if err := s.spill(ctx, first); err != nil {
				return err
			}
		}
		if enough {
			break
		}
	}
	if changed > 0 && !first {
		if err := s.readComments(ctx, l, kind, changed, bare); err != nil {
			return err
		}
	}
	s.owed.Came(l.Name)
	s.apart.End(l.Name, l.Full)
	s.endKind(kind, l.Full)
	if !l.Full {
		if err := s.lateComments(ctx, l, kind); err != nil {
			return err
		}
	}
	if s.dropBare(bare) == 0 {
		s.endLater(l)
	}
	return nil
}

// homed puts a reply that names no page on that of what it answers.
func (s *comments) homed(c wiki.Comment, known map[string]newest.State) wiki.Comment {
	if c.PageID == "" && c.ParentID != "" {
		s.mu.Lock()
		defer s.mu.Unlock()
		c.PageID = cmp.Or(s.fresh[c.ParentID].PageID, known[c.ParentID].Page)
	}
	return c
}

// dropBare leaves out the comments whose bodies did not come, and tells how many: once
// kept without its body, a comment would count as known ever after.
func (s *comments) dropBare(bare map[string]bool) int {
	n := 0
	for _, id := range slices.Sorted(maps.Keys(bare)) {
		if bare[id] {
			n++
			s.mu.Lock()
			delete(s.fresh, id)
			s.mu.Unlock()
			s.report.Fail(report.Failure{Kind: "comment", ID: id,
				Reason: "listed, but its body could not be fetched; the next run tries again"})
		}
	}
	return n
}

// readComments reads as many comments of a list again as it takes to reach the last
// that has changed, now with their bodies, and strikes them off those that lack one.
func (s *comments) readComments(ctx context.Context, l *newest.List, kind string, count int,
	bare map[string]bool) error {
	for c, err := range s.client.Comments(ctx, fetch.CommentQuery{Kind: kind, Newest: !l.Full, Bodies: true}) {
		if err != nil {
			return listing(l.Name, err)
		}
		c = s.homed(c, l.Known)
		if _, ours := s.seen[c.PageID]; ours && l.Known[c.ID] != newest.OfComment(c) {
			s.addComment(c)
			bare[c.ID] = !c.HasBody
		}
		if count--; count <= 0 {
			break
		}
	}
	return nil
}

// lateComments lists the comments of contents that a list of the newest does not
// reach, with the replies to them.
func (s *comments) lateComments(ctx context.Context, l *newest.List, kind string) error {
	for _, content := range s.late(l) {
		if err := s.commentsOf(ctx, kind, content); err != nil {
			return err
		}
	}
	return nil
}

// commentsOf lists one kind of comment of one content, with the replies. Where the list is
// refused it is owed, and what came of it is kept.
func (s *comments) commentsOf(ctx context.Context, kind string, content wiki.Content) error {
	var roots []wiki.Comment
	for c, err := range s.client.Comments(ctx,
		fetch.CommentQuery{Kind: kind, Type: content.Type, ID: content.ID, Bodies: true}) {
		if err != nil {
			if err := s.owe(ctx, owed.Comments(kind), content, err); err != nil {
				return err
			}
			break
		}
		roots = append(roots, c)
	}
	for _, root := range roots {
		s.addComment(root)
		if _, err := s.repliesTo(ctx, root); err != nil {
			return err
		}
	}
	return nil
}

// addComment keeps a comment until all have been listed: a reply may come before
// what it answers.
func (s *comments) addComment(c wiki.Comment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh[c.ID] = c
	delete(s.written, c.ID)
}

// knownSince keeps the earlier of the times up to which the last run knew comments.
func (s *comments) knownSince(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.commentsListed || at.Before(s.commentsKnown) {
		s.commentsKnown, s.commentsListed = at, true
	}
}

// endLater ends a list once the comments on it are written: what it knows must not be
// kept before them, or a run that is cut in between would leave them out.
func (s *comments) endLater(l *newest.List) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listed = append(s.listed, l)
}

// endKind notes whether a kind of comment was listed to its end.
func (s *comments) endKind(kind string, full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.whole[kind] = full
}

// saw notes a comment of a list of the whole site.
func (s *comments) saw(c wiki.Comment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found[c.ID] = true
	s.reply = s.reply || c.ParentID != ""
}

// spillAt is how many comments are kept in memory with their bodies in a first list.
const spillAt = 2000

// spill writes the comments of a first list, when they are many, and keeps of them what
// needs no body. A run that is cut begins a first list anew.
func (s *comments) spill(ctx context.Context, first bool) error {
	s.mu.Lock()
	full := first && len(s.fresh)-len(s.written) >= spillAt
	var all []wiki.Comment
	if full {
		for id, c := range s.fresh {
			if s.written[id] {
				continue
			}
			all = append(all, c)
			s.written[id] = true
			c.Body, c.Raw = "", nil
			s.fresh[id] = c
		}
	}
	s.mu.Unlock()
	for _, c := range all { // outside of the lock, for bodies take time to read
		s.refs.ReadComment(c)
	}
	return s.writeComments(ctx, all)
}

// writeComments writes comments to the mirror.
func (s *comments) writeComments(ctx context.Context, all []wiki.Comment) error {
	return write(ctx, s.refs, s.readers, all, func(c wiki.Comment) string { return c.PageID }, s.mirror.PutComments)
}

// putComments writes the comments that are new or have changed.
func (s *comments) putComments(ctx context.Context) error {
	pages, err := s.knownComments(ctx, "")
	if err != nil {
		return err
	}
	var all []wiki.Comment
	for _, id := range slices.Sorted(maps.Keys(s.fresh)) {
		if s.written[id] {
			continue
		}
		if why := s.unfitComment(s.fresh[id], pages); why != "" {
			delete(s.fresh, id)
			s.report.Fail(report.Failure{Kind: "comment", ID: id, Reason: why + "; the next run tries again"})
			continue
		}
		all = append(all, s.fresh[id])
	}
	if err := s.writeComments(ctx, all); err != nil {
		return err
	}
	for _, c := range all {
		s.refs.ReadComment(c)
		s.written[c.ID] = true
	}
	known, err := s.knownComments(ctx, "")
	s.report.Count(func(r *report.Synced) { r.Comments = len(known) })
	return err
}

// unfitComment says why a comment cannot be kept as it came, "" where it can. A reply that
// is said to stand on another page than what it answers is shown on neither.
func (s *comments) unfitComment(c wiki.Comment, pages map[string]newest.State) string {
	above := s.fresh[c.ParentID].PageID
	if above == "" {
		above = pages[c.ParentID].Page
	}
	switch {
	case !c.HasBody:
		return "listed, but its body was not told"
	case above != "" && above != c.PageID:
		return "it answers a comment on another page than its own"
	}
	return ""
}

// knownComments are those of one kind, or with "" of both, on the contents that this
// run saw.
func (s *comments) knownComments(ctx context.Context, kind string) (map[string]newest.State, error) {
	known := map[string]newest.State{}
	for c, err := range s.mirror.AllComments(ctx) {
		if err != nil {
			return nil, err
		}
		if _, ours := s.seen[c.PageID]; ours && c.Gone == "" && !s.isDamaged(mirror.KindComment, c.ID) &&
			(kind == "" || c.Kind == kind) {
			known[c.ID] = newest.OfComment(c.Comment)
		}
	}
	return known, nil
}
