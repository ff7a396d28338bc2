package tenantsync

import (
	"context"
	"slices"
	"time"

	"agc-export/export/mirror"
	"agc-export/export/newest"
	"agc-export/export/progress"
	"agc-export/fetch/wiki"
)

// What stands around pages, comments and attachments, is listed site-wide: by space
// the API does not give it, and by page it would cost a call a page. A full list also
// tells what has vanished. Between full lists the newest are read first, until known
// ground.

// knownGround is how many known objects in a row end a list of the newest: one
// answer's worth.
const knownGround = 250

// begin reads what the last run knew of a list. It is read in full in the first run,
// when a full sweep is due, and where that costs no more than one answer.
func (s *core) begin(ctx context.Context, name string, known map[string]newest.State) (*newest.List, error) {
	last, err := s.mirror.Newest(ctx, name)
	if err != nil {
		return nil, err
	}
	l := &newest.List{Name: name, Known: known, Ground: s.ground, Last: last}
	l.Full = s.due || l.Last.IsZero() || len(known) <= s.ground || len(s.late(l)) > len(known)/s.ground
	return l, nil
}

// end keeps what this run knows, once the list was read to its end or known ground.
func (s *core) end(ctx context.Context, l *newest.List) error {
	at := l.Newest()
	if at.IsZero() {
		return nil
	}
	return s.mirror.SetNewest(ctx, l.Name, at)
}

// fullSweepDue tells whether so many days have passed since the last full sweep, or the
// clock has gone back behind it.
func (s *core) fullSweepDue(last time.Time) bool {
	since := s.now().Sub(last)
	return last.IsZero() || since < 0 || since >= time.Duration(s.cfg.Fetch.FullSweep)*24*time.Hour
}

// late lists the contents that a list of the newest does not reach: those of which the list
// is owed, and those that this run is the first to see although they are older than what the
// last one knew: restored, moved here, or shown by a new permission.
func (s *core) late(l *newest.List) []wiki.Content {
	var late []wiki.Content
	owed := s.owed.Of(l.Name)
	for id, c := range s.seen {
		at, err := time.Parse(time.RFC3339, c.CreatedAt)
		old := err != nil || at.Before(l.Last.Add(-newest.Overlap))
		if wiki.HasBody(c.Type) && (owed[id] || old && s.isNew(id)) {
			late = append(late, c)
		}
	}
	slices.SortFunc(late, func(a, b wiki.Content) int { return mirror.CompareIDs(a.ID, b.ID) })
	return late
}

// isNew tells whether a content is one that the mirror did not hold before this run.
func (s *core) isNew(id string) bool {
	old, known := s.known[id]
	return !known || old.Gone != ""
}

// sweepAround brings comments and attachments of the selected contents.
func (s *syncer) sweepAround(ctx context.Context) error {
	progress.Begin(ctx, "comments and files", 0)
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
	s.swept = true
	return s.mirror.SetFullSweep(ctx, s.now().UTC())
}
