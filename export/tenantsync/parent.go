package tenantsync

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"agc-export/export/access"
	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/report"
	"agc-export/fetch/wiki"
)

// Restrictions are passed down the page tree, so where a content stands decides who may
// see it. Two lists tell it: the listing names the parent, the search all ancestors. Where
// they disagree, or one is silent, nobody knows: a content is closed if it is by any place
// that was told, and unchecked if a place was not told or leads to what no list holds.

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
	s.mu.Lock()
	defer s.mu.Unlock()
	s.placed[m.ID] = m.Place
}

// stray notes why the space of a content is not surely known.
func (s *readers) stray(id, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.strayed[id] = why
}

// hide notes a parent that this account may not see.
func (s *readers) hide(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unseen[id] = true
}

// judgePlaces compares, once all have been told, what was said of where contents stand,
// and keeps what does not agree for this run's output and for later ones. What was not
// asked about in this run is as the last one left it.
func (s *readers) judgePlaces(ctx context.Context) error {
	old, err := s.mirror.Places(ctx)
	if err != nil {
		return err
	}
	now := mirror.Places{Unknown: map[string]bool{}, Also: map[string][]string{}}
	for _, id := range slices.SortedFunc(maps.Keys(s.seen), mirror.CompareIDs) {
		c := s.seen[id]
		told, asked := s.placed[id]
		if why := s.misplaced(c, told, asked); why != "" {
			now.Unknown[id] = true
			s.report.Fail(report.Failure{Kind: c.Type, ID: id,
				Reason: "where it stands is not known, and so who may see it, so it is not published: " + why})
		}
		if asked && told.HasAncestors && c.Type != wiki.TypeBlogPost && lowest(told) != c.ParentID {
			s.disputed[id] = true
		}
		switch more := s.beside(c, told.Ancestors); {
		case asked && len(more) > 0:
			now.Also[id] = more
		case !asked && len(old.Also[id]) > 0:
			now.Also[id] = old.Also[id]
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

// misplaced says why the place of a content is not known, "" where it is.
func (s *readers) misplaced(c wiki.Content, told wiki.Place, asked bool) string {
	switch {
	case s.strayed[c.ID] != "" && (!asked || told.SpaceID != c.SpaceID):
		return s.strayed[c.ID]
	case asked && told.SpaceID != "" && told.SpaceID != c.SpaceID:
		return fmt.Sprintf("the listing has it in the space %s and the search in %s", idText(c.SpaceID),
			idText(told.SpaceID))
	case c.Type == wiki.TypeBlogPost:
		return ""
	case c.ParentUnknown:
		return "the listing does not tell its parent"
	case asked && !told.HasAncestors:
		return "the search does not tell its ancestors"
	}
	for _, id := range append(slices.Clone(told.Ancestors), c.ParentID) {
		if _, listed := s.seen[id]; id != "" && !listed && !s.unseen[id] {
			return "it stands below " + idText(id) + ", which no list of this run holds"
		}
	}
	return ""
}

// beside returns what a content was said to stand below that is not above it by the
// listings.
func (s *readers) beside(c wiki.Content, ancestors []string) (more []string) {
	above := map[string]bool{}
	for id := c.ParentID; id != "" && !above[id]; id = s.seen[id].ParentID {
		above[id] = true
	}
	for _, id := range ancestors {
		if !above[id] && id != c.ID {
			more = append(more, id)
		}
	}
	return more
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

// idText is an id as messages show it; what is none is not repeated.
func idText(id string) string {
	if id == "" {
		return "(none)"
	}
	if names.SafeID(id) != id {
		return "(not an id)"
	}
	return id
}
