package mark

import (
	"context"
	"maps"
	"slices"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/owed"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// batchSize is how many rows are written in one transaction.
const batchSize = 250

// OfPages brings how far pages and blog posts are, by the states that their spaces suggest: a call for
// these and one for each hundred contents in each of them. A new state makes a new version, so a space is
// asked about when any content in it has changed, and in full sweeps. What a space does not list is in
// none of its states; where it was not told whole, what was known of its contents stays.
func (s Marks) OfPages(ctx context.Context, spaces []wiki.Space, of Contents, full bool) error {
	if s.Config.Export.States == config.StatesNone {
		return nil
	}
	within, due := map[string][]wiki.Content{}, map[string]bool{}
	for _, id := range slices.SortedFunc(maps.Keys(of.Listed), mirror.CompareIDs) {
		c := of.Listed[id]
		if !wiki.HasBody(c.Type) {
			continue
		}
		within[c.SpaceID] = append(within[c.SpaceID], c)
		if full || of.Brought[id] || of.Known[id].Told().StateOf != c.Version.Number {
			due[c.SpaceID] = true
		}
	}
	asked := slices.DeleteFunc(slices.Clone(spaces), func(sp wiki.Space) bool { return !due[sp.ID] })
	return s.Optional("states of pages", owed.Each(ctx, s.Config.Fetch.Workers, asked, fetch.IsAbsent,
		func(ctx context.Context, sp wiki.Space) error {
			found, err := s.statesIn(ctx, sp)
			if err != nil {
				return err
			}
			return s.putStates(ctx, within[sp.ID], found, of.Known)
		}, func(sp wiki.Space, err error) {
			_ = s.Alone("space", sp.ID, "the list of the states of its pages", err)
		}))
}

// statesIn are the contents of a space that are in one of its states, by id.
func (s Marks) statesIn(ctx context.Context, sp wiki.Space) (map[string]wiki.State, error) {
	states, err := s.Client.States(ctx, sp.Key)
	if err != nil {
		return nil, err
	}
	found := map[string]wiki.State{}
	for _, state := range states {
		for id, err := range s.Client.Stated(ctx, sp.Key, state.ID) {
			if err != nil {
				return nil, err
			}
			found[id] = state
		}
	}
	return found, nil
}

// putStates writes what has changed.
func (s Marks) putStates(ctx context.Context, all []wiki.Content, found map[string]wiki.State,
	known map[string]mirror.Entry) error {
	var list []mirror.State
	var other []string
	for _, c := range all {
		now, old := found[c.ID], known[c.ID]
		now.ID = ""
		if now != old.Told().State {
			other = append(other, c.ID)
		}
		list = append(list, mirror.State{ID: c.ID, State: now, Version: c.Version.Number})
	}
	if err := s.Suspect(ctx, other); err != nil {
		return err
	}
	for batch := range slices.Chunk(list, batchSize) {
		if _, err := s.Mirror.PutStates(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}
