package declaration

import (
	"context"
	"errors"
	"strings"
	"time"

	"agc-export/export/mirror"
)

// StateOf is the state of a mirror that changed at a time; wants tells of a space, with the keys that it had, whether
// it is exported.
func StateOf(ctx context.Context, m *mirror.Mirror, changed time.Time,
	wants func(s *mirror.Space, had []string) bool) (s Mirror, err error) {
	clock, err := m.Clock(ctx)
	lists, wrong := m.FullSweep(ctx)
	_, published, bad := m.Published(ctx)
	end, failed := m.SyncEnd(ctx)
	stored, unread := m.Stored(ctx)
	if err = errors.Join(err, wrong, bad, failed, unread); err != nil {
		return s, err
	}
	if s.Sum, err = m.Fingerprint(ctx); err != nil {
		return s, err
	}
	s.Changed, s.Synced, s.Lists, s.Unfinished = stamp(changed), stamp(clock.Local), stamp(lists), end.Begun
	_, s.Generation, _ = strings.Cut(published, "-")
	spaces, err := m.Spaces(ctx)
	keys, wrong := m.SpaceKeys(ctx)
	for _, space := range spaces {
		if n := stored[space.ID]; wants(&space, keys[space.ID]) {
			s.Contents, s.Whole = s.Contents+n.Contents, s.Whole+n.Whole
			s.Files, s.WholeFiles = s.Files+n.Files, s.WholeFiles+n.WholeFiles
		}
	}
	return s, errors.Join(err, wrong)
}

// stamp is a time as a declaration has it, "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
