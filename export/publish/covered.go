package publish

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/names"
)

// Freshness is by space: what became restricted in a space is known as of the last sync
// that covered it. Several configurations may share a mirror, each with its own choice of
// spaces, so build asks whether the last sync covered all that it would publish.

// uncovered is an error where the configuration asks for spaces of the mirror that the
// last sync did not cover.
func (p *publisher) uncovered(ctx context.Context, m *mirror.Mirror) error {
	covered, err := m.Covered(ctx)
	if covered == nil {
		return err
	}
	spaces, err := m.Spaces(ctx)
	if err != nil {
		return err
	}
	taken, err := m.Taken(ctx)
	if err != nil {
		return err
	}
	var stale []string
	for _, sp := range spaces {
		if mirror.IsPresent(sp.Gone) && p.Config.Export.Wants(sp.Space) && !covered[sp.ID] && taken[mirror.Object{Kind: mirror.KindSpace, ID: sp.ID}] == "" {
			stale = append(stale, names.Plain(sp.Key))
		}
	}
	if len(stale) == 0 {
		return nil
	}
	slices.Sort(stale)
	return &exit.GuardError{Text: fmt.Sprintf("the last sync did not cover %s, which [export] spaces asks for: what became restricted there since is not known, so nothing new is published.\nRun agc-export export with this configuration. Where that can never be, build --unfinished publishes these spaces as they were read last", strings.Join(stale, ", "))}
}
