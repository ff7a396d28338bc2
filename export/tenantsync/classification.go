package tenantsync

import (
	"context"
	"maps"
	"slices"
	"sync"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/owed"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// sweepLevels brings the levels of data classification and which of them each space
// has by default: a call a space, in full sweeps and for spaces that are new.
func (s *syncer) sweepLevels(ctx context.Context) error {
	known, err := s.mirror.SpaceLevels(ctx)
	if err != nil {
		return err
	}
	asked := s.spaces
	if !s.due {
		asked = slices.DeleteFunc(slices.Clone(s.spaces),
			func(sp wiki.Space) bool { _, have := known[sp.ID]; return have })
	}
	if len(asked) == 0 {
		return nil
	}
	levels, err := s.client.Classifications(ctx)
	if fetch.IsNone(err) { // this edition has no classification, so no space has a level
		return s.putSpaceLevels(ctx, asked, nil)
	}
	if err := s.optional("names of classification levels", err); err != nil {
		return err
	}
	if _, err := s.mirror.PutClassifications(ctx, levels); err != nil {
		return err
	}
	return s.optional("default classification of spaces", s.askSpaceLevels(ctx, asked))
}

// askSpaceLevels asks space by space for the default level; there is no list of them.
func (s *syncer) askSpaceLevels(ctx context.Context, asked []wiki.Space) error {
	var mu sync.Mutex
	found := map[string]wiki.Classification{}
	refused := map[string]bool{}
	err := owed.Each(ctx, s.cfg.Fetch.Workers, asked, fetch.IsAbsent, func(ctx context.Context, sp wiki.Space) error {
		level, err := s.client.SpaceClassification(ctx, sp.ID)
		if err != nil {
			return none(err)
		}
		mu.Lock()
		defer mu.Unlock()
		found[sp.ID] = level
		return nil
	}, func(sp wiki.Space, err error) {
		refused[sp.ID] = true
		_ = s.alone("space", sp.ID, "its default classification", err)
	})
	if err != nil {
		return err
	}
	asked = slices.DeleteFunc(slices.Clone(asked), func(sp wiki.Space) bool { return refused[sp.ID] })
	return s.putSpaceLevels(ctx, asked, found)
}

// none is the error of a question for a level, without that which says that there is none.
func none(err error) error {
	if fetch.IsNone(err) {
		return nil
	}
	return err
}

// putSpaceLevels writes the levels of spaces, and those levels that no list named.
func (s *syncer) putSpaceLevels(ctx context.Context, asked []wiki.Space, found map[string]wiki.Classification) error {
	var list []mirror.Level
	for _, sp := range asked {
		list = append(list, mirror.Level{ID: sp.ID, Level: found[sp.ID].ID})
	}
	if err := s.nameLevels(ctx, slices.Collect(maps.Values(found))); err != nil {
		return err
	}
	_, err := s.mirror.PutSpaceLevels(ctx, list)
	return err
}

// nameLevels writes levels that came with spaces or contents and that the mirror does
// not know by the list of all.
func (s *syncer) nameLevels(ctx context.Context, found []wiki.Classification) error {
	known, err := s.mirror.Classifications(ctx)
	if err != nil {
		return err
	}
	for _, level := range found {
		if level.ID == "" || slices.ContainsFunc(known, func(k wiki.Classification) bool { return k.ID == level.ID }) {
			continue
		}
		if _, err := s.mirror.PutClassifications(ctx, []wiki.Classification{level}); err != nil {
			return err
		}
		known = append(known, level)
	}
	return nil
}

// classify asks content by content for the level, where the configuration wants it: for
// what is new or has changed every time, for all once in so many days as a full sweep.
func (s *syncer) classify(ctx context.Context) error {
	if s.cfg.Export.Classification != config.ClassifyPage {
		return nil
	}
	last, err := s.mirror.LevelsAsked(ctx)
	if err != nil {
		return err
	}
	due := s.fullSweepDue(last)
	var asked []wiki.Content
	for _, id := range slices.SortedFunc(maps.Keys(s.seen), mirror.CompareIDs) {
		c := s.seen[id]
		if classified(c.Type) && (due || s.bodies[id] || !s.known[id].Classified) {
			asked = append(asked, c)
		}
	}
	// What was never asked about goes first, so that runs that are cut get on.
	slices.SortStableFunc(asked, func(a, b wiki.Content) int {
		return rank(s.known[a.ID].Classified) - rank(s.known[b.ID].Classified)
	})
	refused := false
	err = owed.Each(ctx, s.cfg.Fetch.Workers, asked, fetch.IsAbsent, s.classifyOne,
		func(c wiki.Content, err error) {
			refused = true
			_ = s.alone(c.Type, c.ID, "its classification", err)
		})
	if err != nil {
		return s.optional("classification of single pages", err)
	}
	if !due || refused {
		return nil
	}
	return s.mirror.SetLevelsAsked(ctx, s.now().UTC())
}

// classified reports the types of content that have a level of their own.
func classified(typ string) bool {
	return wiki.HasBody(typ) || typ == wiki.TypeWhiteboard || typ == wiki.TypeDatabase
}

// rank sorts what may wait after what may not.
func rank(later bool) int {
	if later {
		return 1
	}
	return 0
}

// classifyOne asks for the level of one content. That it has none is kept too, or every
// run would ask again.
func (s *syncer) classifyOne(ctx context.Context, c wiki.Content) error {
	level, err := s.client.ContentClassification(ctx, c.Type, c.ID, c.Status)
	if err := none(err); err != nil {
		return err
	}
	if err := s.nameLevels(ctx, []wiki.Classification{level}); err != nil {
		return err
	}
	_, err = s.mirror.PutContentLevels(ctx, []mirror.Level{{ID: c.ID, Level: level.ID}})
	return err
}
