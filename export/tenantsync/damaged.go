package tenantsync

import "agc-export/export/mirror"

// isDamaged tells whether a repair found an object damaged. Like all that is damaged
// it counts as one that the mirror does not have.
func (s *syncer) isDamaged(kind mirror.Kind, id string) bool {
	return s.damaged[mirror.Object{Kind: kind, ID: id}]
}
