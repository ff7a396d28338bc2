package tenantsync

import (
	"context"

	"agc-export/export/mirror"
)

// begun notes that the mirror is about to change.
func (s *syncer) begun(ctx context.Context) error {
	return s.mirror.SetSyncEnd(ctx, mirror.SyncEnd{Begun: true})
}

// ended notes that all lists were whole, and what the guards said.
func (s *syncer) ended(ctx context.Context) error {
	if err := s.covered(ctx); err != nil {
		return err
	}
	if err := s.verdict(); err != nil {
		return s.mirror.SetSyncEnd(ctx, mirror.SyncEnd{Guarded: err.Error()})
	}
	return s.mirror.SetSyncEnd(ctx, mirror.SyncEnd{})
}
