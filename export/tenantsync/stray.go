package tenantsync

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"agc-export/export/owed"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// strayMax is how many contents may appear between a listing and the search before the
// listing counts as short.
const strayMax = 10

var errShort = errors.New("it ended early")

// crossCheck asks by id for the pages and blog posts that the search knows and the
// listings did not hold. An answer that is cheerfully empty looks like a small site:
// in a first run nothing else would tell that it is short. A few strays are contents
// that were made in between, and are taken in; those that are not there any more are
// an index that lags behind. What is taken in is asked for once more by fillMetadata: its
// bytes are newer than what the search told.
func (s *syncer) crossCheck(ctx context.Context) error {
	var stray []string
	for _, id := range slices.Sorted(maps.Keys(s.readers.metadata)) {
		if _, listed := s.seen[id]; !listed {
			stray = append(stray, id)
		}
	}
	if len(stray) == 0 {
		return nil
	}
	for _, id := range stray {
		delete(s.readers.metadata, id)
		s.readers.unchecked[id] = true
	}
	if err := s.readers.keepUnchecked(ctx); err != nil {
		return err
	}
	before := maps.Clone(s.seen)
	for _, typ := range []string{wiki.TypePage, wiki.TypeBlogPost} {
		q := fetch.ContentQuery{Type: typ, IDs: stray, Statuses: statuses(typ), Bodies: true}
		if err := s.sweepContents(ctx, q); err != nil {
			return err
		}
	}
	if found := len(s.seen) - len(before); found > strayMax {
		return listing("pages and blog posts",
			fmt.Errorf("the search knows %d that it does not hold: %w", found, errShort))
	}
	return s.takeIn(ctx, before)
}

// takeIn brings what stands around the contents that were not seen before.
func (s *syncer) takeIn(ctx context.Context, before map[string]wiki.Content) error {
	for _, id := range slices.Sorted(maps.Keys(s.seen)) {
		if _, listed := before[id]; listed {
			continue
		}
		c := s.seen[id]
		for _, kind := range []string{wiki.CommentFooter, wiki.CommentInline} {
			if err := s.comments.commentsOf(ctx, kind, c); err != nil {
				return err
			}
		}
		if _, err := s.files.attachmentsOf(ctx, c); err != nil {
			return err
		}
	}
	if len(s.seen) == len(before) {
		return nil
	}
	for _, list := range []string{owed.Attachments, owed.Comments(wiki.CommentFooter),
		owed.Comments(wiki.CommentInline)} {
		s.owed.Came(list)
	}
	if err := s.comments.putComments(ctx); err != nil {
		return err
	}
	return s.files.download(ctx)
}
