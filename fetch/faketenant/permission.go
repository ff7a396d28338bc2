package faketenant

import (
	"slices"
	"strings"
)

// listPermissions answers /spaces/{id}/permissions.
func (w *world) listPermissions(r *request) answer {
	i := slices.IndexFunc(w.spaces, func(s *space) bool { return s.ID == r.id })
	if i < 0 {
		return r.missing("space", r.id)
	}
	c := sorted(w.spaces[i].Permissions, "id", byIDs, func(p *permission) string { return p.ID }, nil)
	c.keep = func(*permission) bool { return true }
	return reply(w, r, c, func(p *permission) []byte {
		kind, id, _ := strings.Cut(p.Principal, ":")
		return encode(obj{"id": p.ID, "principal": obj{"type": kind, "id": id},
			"operation": obj{"key": p.Operation, "targetType": p.Target}})
	})
}
