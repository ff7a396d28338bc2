package tenantsync

import "context"

// noteSpaces notes the spaces that the account sees.
func (s *syncer) noteSpaces(ctx context.Context, listed map[string]bool) error {
	s.visible = listed
	return s.mirror.SetSeenSpaces(ctx, listed)
}

// covered notes the spaces of a run that read all lists to their end.
func (s *syncer) covered(ctx context.Context) error {
	return s.mirror.SetCovered(ctx, spaceIDs(s.spaces))
}
