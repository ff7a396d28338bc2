package tenantsync

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"agc-export/export/mirror"
	"agc-export/export/parallel"
	"agc-export/fetch/wiki"
)

// Who may read what no list tells of is asked content by content: archived pages, which
// the search does not see, and whiteboards, databases and Smart Links where it does not
// tell their restrictions. What is new or has changed is asked about in any case; what
// has not is asked about every night as far as [fetch] restriction_calls goes: first what
// other contents lie below, and then in turn, so that each has its night.

// fillMetadata asks for labels and restrictions where the search told none: it lags
// behind new pages and does not see archived ones. Where there is no answer the
// restrictions are not known, whatever they were.
func (s *readers) fillMetadata(ctx context.Context) error {
	var changed, same []string
	for _, id := range slices.SortedFunc(maps.Keys(s.seen), mirror.CompareIDs) {
		switch c := s.seen[id]; {
		case s.metadata[id], c.Type == wiki.TypeFolder && !s.known[id].HasMetadata:
		case wiki.HasBody(c.Type) && (s.due || !s.keeps(c)):
			changed = append(changed, id)
		default:
			same = append(same, id)
		}
	}
	if err := parallel.Counted(ctx, "readers of pages", s.cfg.Fetch.Workers, changed, s.fillOne); err != nil {
		return err
	}
	return s.askInTurn(ctx, same)
}

// keeps reports an archived content that is as the mirror has it, restrictions and all.
func (s *readers) keeps(c wiki.Content) bool {
	old := s.known[c.ID]
	return c.Status == wiki.StatusArchived && old.HasMetadata && old.Gone == "" && sameContent(old.Content, c) &&
		!s.unchecked[c.ID]
}

// fillOne asks for labels and restrictions of one page or blog post.
func (s *readers) fillOne(ctx context.Context, id string) error {
	m, err := s.client.ArchivedMetadata(ctx, s.seen[id].Type, id)
	if err == nil {
		return s.putMetadata(ctx, []wiki.Metadata{m})
	}
	return s.refused(id, err)
}

// refused judges an error about one content: it is then unchecked, unless asking about
// others is of no use either.
func (s *readers) refused(id string, err error) error {
	if Stops(err) {
		return listing("labels and restrictions", err)
	}
	s.uncheck(id, err.Error())
	return nil
}

// askInTurn asks about contents that have not changed, one call each.
func (s *readers) askInTurn(ctx context.Context, same []string) error {
	most := s.cfg.Fetch.RestrictionCalls
	last, err := s.mirror.LastAsked(ctx)
	if err != nil {
		return err
	}
	asked, last := turn(same, s.parents(), most, last)
	if err := parallel.Counted(ctx, "readers of pages", s.cfg.Fetch.Workers, asked, s.askOne); err != nil {
		return err
	}
	if left := len(same) - len(asked); left > 0 {
		s.report.Lack(fmt.Sprintf("the restrictions of %d archived pages and the like, beyond the %d that [fetch] "+
			"restriction_calls asks for in a run: they count as they were told before", left, most))
	}
	return s.mirror.SetLastAsked(ctx, last)
}

// turn takes at most so many ids: those that others lie below, and then those after the
// last of the run before, beginning anew at the end. It returns the last one of these.
func turn(ids []string, parents map[string]bool, most int, last string) (taken []string, now string) {
	if len(ids) <= most {
		return ids, ""
	}
	rest := slices.Clone(ids)
	rest = slices.DeleteFunc(rest, func(id string) bool {
		if parents[id] && len(taken) < most {
			taken = append(taken, id)
			return true
		}
		return false
	})
	at, _ := slices.BinarySearchFunc(rest, last, mirror.CompareIDs)
	if at < len(rest) && rest[at] == last {
		at++
	}
	for _, id := range append(rest[at:len(rest):len(rest)], rest[:at]...) {
		if len(taken) == most {
			break
		}
		taken, last = append(taken, id), id
	}
	return taken, last
}

// parents are the contents that others lie below.
func (s *readers) parents() map[string]bool {
	all := map[string]bool{}
	for _, c := range s.seen {
		all[c.ParentID] = true
	}
	return all
}

// askOne asks who may read one content that has not changed. Another answer than the
// mirror's is followed by the question for all metadata.
func (s *readers) askOne(ctx context.Context, id string) error {
	access, err := s.client.Restrictions(ctx, id)
	old := s.known[id]
	switch {
	case err != nil:
		return s.refused(id, err)
	case access.Untold != "":
		s.uncheck(id, access.Untold)
		return nil
	case !wiki.HasBody(s.seen[id].Type):
		return s.putMetadata(ctx, []wiki.Metadata{{ID: id, Access: access}})
	case old.HasMetadata && slices.Equal(old.Readers, access.Readers):
		s.clear(id)
		return nil
	}
	return s.fillOne(ctx, id)
}
