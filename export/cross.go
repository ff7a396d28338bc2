package export

import (
	"context"
	"errors"
	"fmt"

	"agc-export/fetch"
)

// strayMax is how many contents may appear between a listing and the search before the
// listing counts as short.
const strayMax = 10

var errShort = errors.New("it ended early")

// crossCheck asks by id for the pages and blog posts that the search knows and the
// listings did not hold. An answer that is cheerfully empty looks like a small site:
// in a first run nothing else would tell that it is short. A few strays are contents
// that were made in between, and are taken in; those that are not there any more are
// an index that lags behind.
func (s *syncer) crossCheck(ctx context.Context) error {
	var stray []string
	for _, id := range sortedKeys(s.metadata) {
		if _, listed := s.seen[id]; !listed {
			stray = append(stray, id)
		}
	}
	if len(stray) == 0 {
		return nil
	}
	before := len(s.seen)
	for _, typ := range []string{fetch.TypePage, fetch.TypeBlogPost} {
		q := fetch.ContentQuery{Type: typ, IDs: stray, Statuses: statuses(typ), Bodies: true}
		if err := s.sweepContents(ctx, q); err != nil {
			return err
		}
	}
	if found := len(s.seen) - before; found > strayMax {
		return listing("pages and blog posts", fmt.Errorf("the search knows %d that it does not hold: %w", found, errShort))
	}
	return nil
}
