package tenantsync

import (
	"context"
	"slices"
	"time"

	"agc-export/export/mirror"
	"agc-export/fetch/wiki"
)

// What stands around pages, comments and attachments, is listed site-wide: by space
// the API does not give it, and by page it would cost a call a page. A full list also
// tells what has vanished. Between full lists the newest are read first, until known
// ground.

const (
	// knownGround is how many known objects in a row end a list of the newest: one
	// answer's worth.
	knownGround = 250
	// overlap is how far a list of the newest reads back beyond what the last run
	// knew, for objects that the API showed late.
	overlap = 24 * time.Hour
)

// newestList is one of these lists: what the mirror knows of it, and how it is read.
type newestList struct {
	name   string // attachments, footer comments, ...
	known  map[string]objectState
	last   time.Time // the newest change that the last run knew; zero in the first
	full   bool
	ground int // see knownGround

	run   int       // known objects in a row
	first time.Time // the newest change of this run
}

// objectState is what a list without bodies tells of an attachment or comment.
type objectState struct {
	page       string
	version    int
	status     string
	resolution string
	reply      bool
	title      string
}

// stateOfComment is what tells an edited, resolved or moved comment from the one that
// the mirror has: resolving makes no new version.
func stateOfComment(c wiki.Comment) objectState {
	return objectState{page: c.PageID, version: c.Version.Number, status: c.Status, resolution: c.Resolution,
		reply: c.ParentID != ""}
}

// stateOfAttachment does the same for an attachment, which can be renamed without a new
// version.
func stateOfAttachment(a wiki.Attachment) objectState {
	return objectState{page: a.PageID, version: a.Version.Number, status: a.Status, title: a.Title}
}

// step takes an object of a list in and tells whether the list is at known ground.
// Objects of contents that are not exported count only by their date.
func (l *newestList) step(id string, state objectState, version wiki.Version, ours bool) (known, enough bool) {
	at, err := time.Parse(time.RFC3339, version.CreatedAt)
	if err == nil && at.After(l.first) {
		l.first = at
	}
	old, have := l.known[id]
	known = have && old == state
	switch {
	case known:
		l.run++
	case ours:
		l.run = 0
	}
	old24 := err == nil && !l.last.IsZero() && at.Before(l.last.Add(-overlap))
	return known, !l.full && (l.run >= l.ground || old24)
}

// begin reads what the last run knew of a list. It is read in full in the first run,
// when a full sweep is due, and where that costs no more than one answer.
func (s *core) begin(ctx context.Context, name string, known map[string]objectState) (*newestList, error) {
	last, err := s.mirror.Newest(ctx, name)
	if err != nil {
		return nil, err
	}
	l := &newestList{name: name, known: known, ground: s.ground, last: last}
	l.full = s.due || l.last.IsZero() || len(known) <= s.ground || len(s.late(l.last)) > len(known)/s.ground
	return l, nil
}

// end keeps what this run knows, once the list was read to its end or known ground.
func (s *core) end(ctx context.Context, l *newestList) error {
	if l.first.Before(l.last) {
		l.first = l.last
	}
	if l.first.IsZero() {
		return nil
	}
	return s.mirror.SetNewest(ctx, l.name, l.first)
}

// fullSweepDue tells whether so many days have passed since the last full sweep, or the
// clock has gone back behind it.
func (s *core) fullSweepDue(last time.Time) bool {
	since := s.now().Sub(last)
	return last.IsZero() || since < 0 || since >= time.Duration(s.cfg.Fetch.FullSweep)*24*time.Hour
}

// late lists the contents that this run is the first to see although they are older
// than what the last one knew: restored, moved here, or shown by a new permission.
// What stands around them is too old for a list of the newest.
func (s *core) late(last time.Time) []wiki.Content {
	var late []wiki.Content
	for id, c := range s.seen {
		old, known := s.known[id]
		at, err := time.Parse(time.RFC3339, c.CreatedAt)
		if wiki.HasBody(c.Type) && (!known || old.Gone != "") && (err != nil || at.Before(last.Add(-overlap))) {
			late = append(late, c)
		}
	}
	slices.SortFunc(late, func(a, b wiki.Content) int { return mirror.CompareIDs(a.ID, b.ID) })
	return late
}

// sweepAround brings comments and attachments of the selected contents.
func (s *syncer) sweepAround(ctx context.Context) error {
	err := s.each(ctx, []func(context.Context) error{
		s.files.sweepAttachments,
		func(ctx context.Context) error { return s.comments.sweepComments(ctx, wiki.CommentFooter) },
		func(ctx context.Context) error { return s.comments.sweepComments(ctx, wiki.CommentInline) },
	})
	if err == nil {
		err = s.comments.sweepReplies(ctx)
	}
	if err == nil {
		err = s.comments.proveCommentsGone(ctx)
	}
	if err == nil {
		err = s.comments.putComments(ctx)
	}
	for _, l := range s.comments.listed {
		if err == nil {
			err = s.end(ctx, l)
		}
	}
	return err
}

// endSweep notes that the full lists of this run, if it read them, are complete.
func (s *syncer) endSweep(ctx context.Context) error {
	if !s.due {
		return nil
	}
	return s.mirror.SetFullSweep(ctx, s.now().UTC())
}
