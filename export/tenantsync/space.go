package tenantsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"agc-export/export/access"
	"agc-export/export/names"
	"agc-export/export/report"
	"agc-export/fetch/wiki"
)

// The configuration names spaces by key, and keys change: people rename them, and an
// answer may lack one. Which space is exported is therefore judged by its id: it must be
// wanted by the key that it has now and by each that it ever had. An excluded space stays
// excluded under any name.

// listSpaces lists the spaces that the account sees and keeps those selected.
func (s *syncer) listSpaces(ctx context.Context) error {
	var all []wiki.Space
	for _, status := range []string{wiki.StatusCurrent, wiki.StatusArchived} {
		for space, err := range s.client.Spaces(ctx, status) {
			if err != nil {
				return listing("spaces", err)
			}
			all = append(all, s.stated(space, status))
		}
	}
	keys, err := s.mirror.SpaceKeys(ctx)
	if err != nil {
		return err
	}
	known := s.keyed(all, keys)
	for _, space := range known {
		had := keys[space.ID]
		wanted := s.cfg.Export.WantsSpace(space, had)
		if !wanted && s.cfg.Export.Wants(space) {
			s.leaveOut(space, had)
		}
		if wanted {
			s.spaces = append(s.spaces, space)
		}
		if !slices.Contains(had, space.Key) && (len(had) == 0 || strings.EqualFold(wiki.AddressKey(space), space.Key)) {
			keys[space.ID] = append(had, space.Key)
		}
	}
	s.all = len(s.spaces) == len(all)
	if len(s.spaces) == 0 && (len(known) < len(all) || len(s.client.Odds()) > 0) {
		return listing("spaces", errors.New("ids or keys of some are not told, and none of the others is selected"))
	}
	if err := s.mirror.SetSpaceKeys(ctx, keys); err != nil {
		return err
	}
	s.guard.spaceKeys = keys
	if err := s.guard.guardSpaces(ctx, all); err != nil {
		return err
	}
	_, err = s.mirror.PutSpaces(ctx, s.spaces)
	return err
}

// stated is a space of the list of a status. One that says "archived" in either is.
func (s *syncer) stated(space wiki.Space, status string) wiki.Space {
	switch {
	case space.Status == status:
	case space.Status == wiki.StatusCurrent || space.Status == wiki.StatusArchived:
		space.Status = wiki.StatusArchived
		s.report.Fail(report.Failure{Kind: "space", ID: space.ID,
			Reason: "it is in the list of " + status + " spaces, and says another status: it counts as archived"})
	default:
		s.report.Lack(fmt.Sprintf("what it means that the space %s is %s: it is exported as %s, since that list has it",
			names.Plain(space.Key), access.OfStatus(space.Status), status))
		space.Status = status
	}
	return space
}

// keyed returns the spaces of which the key is known. One that tells none has the last
// that it had; of two with one key those have it that had it before, and where nobody did
// nobody knows which is which.
func (s *syncer) keyed(all []wiki.Space, keys map[string][]string) (known []wiki.Space) {
	fold := func(sp wiki.Space) string { return strings.ToUpper(sp.Key) }
	share := map[string]int{}
	for i, space := range all {
		had := keys[space.ID]
		if space.Key == "" && len(had) > 0 {
			all[i].Key = had[len(had)-1]
			s.report.Lack("the key of the space " + names.Plain(all[i].Key) + ", which counts as unchanged")
		}
		share[fold(all[i])]++
	}
	for _, space := range all {
		had := slices.ContainsFunc(keys[space.ID], func(key string) bool { return strings.EqualFold(key, space.Key) })
		why := "its key was not told, so nobody knows whether it is to be exported: it is left out"
		switch {
		case space.Key == "":
		case share[fold(space)] > 1 && !had:
			why = fmt.Sprintf("another space has the key %s too, so nobody knows which of them is to be "+
				"exported: it is left out", names.Plain(space.Key))
		default:
			known = append(known, space)
			continue
		}
		s.titles.Odd("spaces")
		s.report.Fail(report.Failure{Kind: "space", ID: space.ID, Reason: why})
	}
	return known
}

// leaveOut reports a space that the configuration wants by its present key alone.
func (s *syncer) leaveOut(space wiki.Space, had []string) {
	s.report.Fail(report.Failure{Kind: "space", ID: space.ID, Reason: fmt.Sprintf(
		"its key is now %s, and it was or is also known as %s, which [export] spaces and exclude_spaces leave out: "+
			"so it stays left out. If it is meant, let them name both",
		names.Plain(space.Key), names.Plain(strings.Join(append(slices.Clone(had), wiki.AddressKey(space)), ", ")))})
}
