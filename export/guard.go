package export

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"agc-export/fetch"
)

// guardSpaces stops a run whose list of spaces looks wrong: empty, without a space
// that the configuration names, or without one that the mirror holds. A lost
// permission looks just like that, and must not empty a site.
func (s *syncer) guardSpaces(ctx context.Context, all []fetch.Space) error {
	old, err := s.mirror.Spaces(ctx)
	if err != nil {
		return err
	}
	if len(s.spaces) == 0 {
		return &GuardError{fmt.Sprintf("of the %d spaces that the account sees, [export] spaces and exclude_spaces select none: nothing was touched.\nVisible: %s",
			len(all), strings.Join(spaceKeys(all), ", "))}
	}
	var missing []string
	for _, want := range s.cfg.Export.Spaces {
		if !strings.ContainsAny(want, `*?[\`) && !slices.ContainsFunc(all, func(sp fetch.Space) bool { return strings.EqualFold(sp.Key, want) }) {
			missing = append(missing, want)
		}
	}
	for _, sp := range old {
		if sp.Gone == "" && s.cfg.Export.wants(sp.Space) && !slices.ContainsFunc(all, func(n fetch.Space) bool { return n.ID == sp.ID }) && !slices.Contains(missing, sp.Key) {
			missing = append(missing, sp.Key)
		}
	}
	if len(missing) > 0 {
		return &GuardError{fmt.Sprintf("the account does not see these spaces: %s. Nothing was touched, and the last output stays.\nIf they were deleted, take them out of [export] spaces or add them to exclude_spaces; if not, the account of the connection has lost its permission. Visible: %s",
			strings.Join(missing, ", "), strings.Join(spaceKeys(all), ", "))}
	}
	return nil
}

func spaceKeys(spaces []fetch.Space) []string {
	var keys []string
	for _, s := range spaces {
		keys = append(keys, s.Key)
	}
	slices.Sort(keys)
	return keys
}
