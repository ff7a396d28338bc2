// Package mark brings the marks that people put on spaces and contents and that no page depends on:
// the levels of data classification (level.go) and how far pages are (state.go).
//
// What the site does not offer of them is noted as missing; what it
// failed to give is a failure of that alone, and what the mirror knew of it stays.
package mark

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/owed"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// Options is what a run is given.
type Options struct {
	Config config.Config
	Client *fetch.Client
	Mirror *mirror.Mirror
	Now    func() time.Time // only to tell how long ago earlier runs were
	// Alone judges the error of a question about one object, Optional that of a list that no page
	// depends on. Due tells whether what was last asked for then is to be asked for again.
	// Suspect notes contents of which the mirror is about to take new words.
	Alone    func(kind, id, what string, err error) error
	Optional func(what string, err error) error
	Due      func(last time.Time) bool
	Suspect  func(ctx context.Context, ids []string) error
}

// Marks are those of one run.
type Marks struct{ Options }

// Contents are what a run knows of contents.
type Contents struct {
	Listed  map[string]wiki.Content
	Known   map[string]mirror.Entry // as the mirror had them before
	Brought map[string]bool         // whose bodies this run brought
}

// OfSpaces brings the levels of data classification and which of them each space
// has by default: a call a space, in full sweeps and for spaces that are new.
func (s Marks) OfSpaces(ctx context.Context, spaces []wiki.Space, full bool) error {
	known, err := s.Mirror.SpaceLevels(ctx)
	if err != nil {
		return err
	}
	asked := spaces
	if !full {
		asked = slices.DeleteFunc(slices.Clone(spaces),
			func(sp wiki.Space) bool { _, have := known[sp.ID]; return have })
	}
	if len(asked) == 0 {
		return nil
	}
	levels, err := s.Client.Classifications(ctx)
	if fetch.IsNone(err) { // this edition has no classification, so no space has a level
		return s.putSpaceLevels(ctx, asked, nil)
	}
	if err := s.Optional("names of classification levels", err); err != nil {
		return err
	}
	if _, err := s.Mirror.PutClassifications(ctx, levels); err != nil {
		return err
	}
	return s.Optional("default classification of spaces", s.askSpaceLevels(ctx, asked))
}

// askSpaceLevels asks space by space for the default level; there is no list of them.
func (s Marks) askSpaceLevels(ctx context.Context, asked []wiki.Space) error {
	var mu sync.Mutex
	found := map[string]wiki.Classification{}
	refused := map[string]bool{}
	workers := s.Config.Fetch.Workers
	err := owed.Each(ctx, workers, asked, fetch.IsAbsent, func(ctx context.Context, sp wiki.Space) error {
		level, err := s.Client.SpaceClassification(ctx, sp.ID)
		if err != nil {
			return none(err)
		}
		mu.Lock()
		defer mu.Unlock()
		found[sp.ID] = level
		return nil
	}, func(sp wiki.Space, err error) {
		refused[sp.ID] = true
		_ = s.Alone("space", sp.ID, "its default classification", err)
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
func (s Marks) putSpaceLevels(ctx context.Context, asked []wiki.Space, found map[string]wiki.Classification) error {
	var list []mirror.Level
	for _, sp := range asked {
		list = append(list, mirror.Level{ID: sp.ID, Level: found[sp.ID].ID})
	}
	if err := s.nameLevels(ctx, slices.Collect(maps.Values(found))); err != nil {
		return err
	}
	_, err := s.Mirror.PutSpaceLevels(ctx, list)
	return err
}

// nameLevels writes levels that came with spaces or contents and that the mirror does
// not know by the list of all.
func (s Marks) nameLevels(ctx context.Context, found []wiki.Classification) error {
	known, err := s.Mirror.Classifications(ctx)
	if err != nil {
		return err
	}
	for _, level := range found {
		if level.ID == "" || slices.ContainsFunc(known, func(k wiki.Classification) bool { return k.ID == level.ID }) {
			continue
		}
		if _, err := s.Mirror.PutClassifications(ctx, []wiki.Classification{level}); err != nil {
			return err
		}
		known = append(known, level)
	}
	return nil
}

// OfContents asks content by content for the level, where the configuration wants it: for
// what is new or has changed every time, for all once in so many days as a full sweep.
func (s Marks) OfContents(ctx context.Context, of Contents) error {
	if s.Config.Export.Classification != config.ClassifyPage {
		return nil
	}
	last, err := s.Mirror.LevelsAsked(ctx)
	if err != nil {
		return err
	}
	due := s.Due(last)
	var asked []wiki.Content
	for _, id := range slices.SortedFunc(maps.Keys(of.Listed), mirror.CompareIDs) {
		c := of.Listed[id]
		if wiki.HasLevel(c.Type) && (due || of.Brought[id] || !of.Known[id].Told().Classified) {
			asked = append(asked, c)
		}
	}
	// What was never asked about goes first, so that runs that are cut get on.
	slices.SortStableFunc(asked, func(a, b wiki.Content) int {
		return rank(of.Known[a.ID].Told().Classified) - rank(of.Known[b.ID].Told().Classified)
	})
	refused := false
	err = owed.Each(ctx, s.Config.Fetch.Workers, asked, fetch.IsAbsent, s.classifyOne,
		func(c wiki.Content, err error) {
			refused = true
			_ = s.Alone(c.Type, c.ID, "its classification", err)
		})
	if err != nil {
		return s.Optional("classification of single pages", err)
	}
	if !due || refused {
		return nil
	}
	return s.Mirror.SetLevelsAsked(ctx, s.Now().UTC())
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
func (s Marks) classifyOne(ctx context.Context, c wiki.Content) error {
	level, err := s.Client.ContentClassification(ctx, c.Type, c.ID, c.Status)
	if err := none(err); err != nil {
		return err
	}
	if err := s.nameLevels(ctx, []wiki.Classification{level}); err != nil {
		return err
	}
	_, err = s.Mirror.PutContentLevels(ctx, []mirror.Level{{ID: c.ID, Level: level.ID}})
	return err
}
