package tenantsync

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"agc-export/export/access"
	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/parallel"
	"agc-export/export/place"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// Where a content stands decides who may see it: the package place judges what was said of
// it. A content is closed if it is by any place that was told, and unchecked if a place was
// not told, was told by one answer alone, or leads to what no list holds.

// placeTold keeps what the search, or a content's own answer, tells of its place, and of
// its title where the listing tells another.
func (s *readers) placeTold(m wiki.Metadata) {
	c := s.asListed(m.ID)
	if m.Title != c.Title || m.SpaceID != c.SpaceID {
		s.titles.Hear(m.ID, cmp.Or(m.SpaceID, c.SpaceID), m.Title)
	}
	if !m.HasAncestors && c.Type != "" && !wiki.HasBody(c.Type) {
		return // of a node, which is asked for by itself where it stands
	}
	s.places.Tell(m.ID, m.Place)
}

// askPlaces asks nodes themselves where they stand, of which one answer alone tells it. Where
// they said the same as the search, they are asked again when that tells another place: so
// each costs one call, and those with pages below them, whose ancestors name them, none.
func (s *syncer) askPlaces(ctx context.Context) error {
	old, err := s.mirror.Proved(ctx)
	if err != nil {
		return err
	}
	unproved := s.readers.places.Tree(s.seen, old).Unproved()
	err = parallel.Each(ctx, s.cfg.Fetch.Workers, unproved, s.askPlace)
	s.readers.proved = s.readers.places.Tree(s.seen, old).Proved()
	if !maps.Equal(old, s.readers.proved) { // also where no request is left for the others
		err = errors.Join(err, s.mirror.SetProved(ctx, s.readers.proved))
	}
	moved := func(c wiki.Content) bool { return s.asListed(c.ID).ParentID != c.ParentID }
	if err != nil || !slices.ContainsFunc(unproved, moved) {
		return err
	}
	return s.steps(ctx, s.listParents, s.readers.fillMetadata)
}

// askPlace asks one node. One that says something else than the search stands below both.
func (s *syncer) askPlace(ctx context.Context, c wiki.Content) error {
	whole, err := s.contents.node(ctx, c)
	switch {
	case err != nil && Stops(err):
		return listing("places of folders and other nodes", err)
	case err != nil || whole.SpaceID == c.SpaceID && whole.ParentID == c.ParentID && !whole.ParentUnknown:
		return nil // where it did not answer, judgePlaces says so
	}
	s.readers.again(c.ID)
	return s.contents.put(ctx, []wiki.Content{whole})
}

// again lets who may read a content be asked once more: the mirror takes other bytes of it.
func (s *readers) again(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.metadata, id)
}

// judgePlaces compares, once all have been told, what was said of where contents stand,
// and keeps what does not agree for this run's output and for later ones. What was not
// asked about in this run is as the last one left it.
func (s *readers) judgePlaces(ctx context.Context) error {
	old, err := s.mirror.Places(ctx)
	if err != nil {
		return err
	}
	tree := s.places.Tree(s.seen, s.proved)
	now := mirror.Places{Unknown: map[string]bool{}, Also: map[string][]string{}}
	for _, id := range slices.SortedFunc(maps.Keys(s.seen), mirror.CompareIDs) {
		c := s.seen[id]
		told, asked := s.places.Told(id)
		if s.misplaced(tree, c) {
			now.Unknown[id] = true
		}
		if asked && told.HasAncestors && c.Type != wiki.TypeBlogPost && lowest(told) != c.ParentID {
			s.disputed[id] = true
		}
		more := tree.Beside(c)
		if !asked {
			more = slices.Compact(slices.Sorted(slices.Values(append(more, old.Also[id]...))))
		}
		if len(more) > 0 {
			now.Also[id] = more
		}
	}
	if err := s.failDisputed(ctx, now); err != nil {
		return err
	}
	return s.mirror.SetPlaces(ctx, now)
}

// lowest is the parent by the search, "" at the top.
func lowest(told wiki.Place) string {
	if n := len(told.Ancestors); n > 0 {
		return told.Ancestors[n-1]
	}
	return ""
}

// misplaced reports why the place of a content is not known, and says whether that is so.
func (s *readers) misplaced(tree *place.Tree, c wiki.Content) bool {
	why := tree.Misplaced(c)
	alone, mute := tree.Alone(c)
	switch {
	case why != "":
	case fetch.IsAbsent(mute):
		s.report.Lack(fmt.Sprintf("%s %s: the search alone tells where it stands, and so who may see it, so it is "+
			"not published: %s", c.Type, c.ID, mute))
		return true
	case mute != nil:
		why = "the search alone tells it, and its own answer could not be had: " + mute.Error()
	case alone:
		why = "one answer alone tells it"
	default:
		return false
	}
	s.report.Fail(report.Failure{Kind: c.Type, ID: c.ID,
		Reason: "where it stands is not known, and so who may see it, so it is not published: " + why})
	return true
}

// failDisputed reports contents that are closed because of one of several places, and may
// be open by another.
func (s *readers) failDisputed(ctx context.Context, now mirror.Places) error {
	for id := range now.Also {
		s.disputed[id] = true
	}
	if len(s.disputed) == 0 || s.cfg.Export.Restricted != config.RestrictedSkip {
		return nil
	}
	all, err := s.mirror.Entries(ctx)
	if err != nil {
		return err
	}
	closed := access.Closed(all, s.unchecked, mirror.Places{Also: now.Also})
	own := map[string]bool{}
	for _, e := range all {
		own[e.ID] = access.Own(&e, s.unchecked) != ""
	}
	for _, id := range slices.SortedFunc(maps.Keys(s.disputed), mirror.CompareIDs) {
		if c := s.seen[id]; closed[id] != "" && !own[id] && !now.Unknown[id] {
			s.report.Fail(report.Failure{Kind: c.Type, ID: id,
				Reason: "the listing and the search do not agree on what it stands below; by one of them few may see " +
					"it, so it is not published"})
		}
	}
	return nil
}
