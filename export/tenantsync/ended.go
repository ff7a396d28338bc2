package tenantsync

import (
	"context"
	"errors"

	"agc-export/export/clock"
	"agc-export/export/mirror"
)

// begun notes that the mirror is about to change.
func (s *syncer) begun(ctx context.Context) error {
	return s.mirror.SetSyncEnd(ctx, mirror.SyncEnd{Begun: true})
}

// ended notes that all lists were whole, of which spaces, and what the guards said.
func (s *syncer) ended(ctx context.Context) error {
	if err := errors.Join(s.mirror.SetCovered(ctx, spaceIDs(s.spaces)), s.titles.Keep(ctx), s.owed.Close(ctx),
		s.apart.Tell(ctx, s.report, s.all), clock.End(ctx, s.mirror, s.absence.began.Local)); err != nil {
		return err
	}
	if err := s.guard.verdict(); err != nil {
		return s.mirror.SetSyncEnd(ctx, mirror.SyncEnd{Guarded: err.Error()})
	}
	return s.mirror.SetSyncEnd(ctx, mirror.SyncEnd{})
}

// noteSpaces notes the spaces that the account sees.
func (s *guard) noteSpaces(ctx context.Context, listed map[string]bool) error {
	s.visible = listed
	return s.mirror.SetSeenSpaces(ctx, listed)
}
