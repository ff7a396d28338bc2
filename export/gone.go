package export

import (
	"context"
	"maps"
	"slices"

	"agc-export/export/mirror"
	"agc-export/fetch"
)

// proveGone asks about contents that the mirror knows and the complete listings did
// not hold. Absence is not deletion: only what the API shows as trashed or deleted is
// marked so and leaves the site. What moved to another space is listed again by id.
// What nothing is known of stays published and is counted as unseen.
func (s *syncer) proveGone(ctx context.Context) error {
	absent := map[string][]string{} // type -> ids
	for _, id := range slices.SortedFunc(maps.Keys(s.known), compareIDs) {
		e := s.known[id]
		_, seen := s.seen[id]
		if !seen && (e.Gone == "" || e.Gone == mirror.GoneUnseen) && s.selected(e.SpaceID) {
			absent[e.Type] = append(absent[e.Type], id)
		}
	}
	for _, typ := range sortedKeys(absent) {
		if !hasBody(typ) {
			if err := s.proveNodes(ctx, typ, absent[typ]); err != nil {
				return err
			}
			continue
		}
		for ids := range slices.Chunk(absent[typ], idsPerCall) {
			if err := s.proveContents(ctx, typ, ids); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *syncer) selected(spaceID string) bool {
	return slices.ContainsFunc(s.spaces, func(sp fetch.Space) bool { return sp.ID == spaceID })
}

// proveContents asks for pages or blog posts by id, in whatever state they are.
func (s *syncer) proveContents(ctx context.Context, typ string, ids []string) error {
	q := fetch.ContentQuery{Type: typ, IDs: ids, Statuses: append(statuses(typ), fetch.StatusTrashed, fetch.StatusDeleted)}
	found := map[string]fetch.Content{}
	for c, err := range s.client.Contents(ctx, q) {
		if err != nil {
			return listing("deleted "+typ+"s", err)
		}
		found[c.ID] = c
	}
	states := map[string][]string{}
	for _, id := range ids {
		c, ok := found[id]
		switch {
		case !ok:
			states[mirror.GoneUnseen] = append(states[mirror.GoneUnseen], id)
		case c.Status == fetch.StatusTrashed || c.Status == fetch.StatusDeleted:
			states[c.Status] = append(states[c.Status], id)
		default:
			s.note(c, false)
		}
	}
	return s.mark(ctx, states)
}

// proveNodes asks for folders and the like one by one: there is no list of them.
func (s *syncer) proveNodes(ctx context.Context, typ string, ids []string) error {
	states := map[string][]string{}
	for _, id := range ids {
		c, err := s.client.Node(ctx, typ, id)
		switch {
		case fetch.IsAbsent(err):
			states[mirror.GoneUnseen] = append(states[mirror.GoneUnseen], id)
		case err != nil:
			return listing("folders and other nodes", err)
		case c.Status == fetch.StatusTrashed || c.Status == fetch.StatusDeleted:
			states[c.Status] = append(states[c.Status], id)
		default:
			if err := s.put(ctx, []fetch.Content{c}); err != nil {
				return err
			}
		}
	}
	return s.mark(ctx, states)
}

func (s *syncer) mark(ctx context.Context, states map[string][]string) error {
	for _, state := range sortedKeys(states) {
		ids := states[state]
		if _, err := s.mirror.MarkGone(ctx, mirror.KindContent, ids, state); err != nil {
			return err
		}
		s.report.count(func(c *Synced) {
			if state == mirror.GoneUnseen {
				c.Unseen += len(ids)
			} else {
				c.Gone += len(ids)
			}
		})
	}
	return nil
}
