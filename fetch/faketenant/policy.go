package faketenant

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// dataPolicy answers /data-policies/metadata.
func (w *world) dataPolicy(*request) answer {
	blocked := slices.ContainsFunc(w.spaces, func(s *space) bool { return s.Blocked })
	return ok(encode(obj{"anyContentBlocked": blocked}))
}

// spacePolicies answers /data-policies/spaces.
func (w *world) spacePolicies(r *request) answer {
	c := sorted(w.spaces, cmp.Or(r.query.Get("sort"), "id"), byIDs, func(s *space) string { return s.ID },
		map[string]func(*space) string{
			"key": func(s *space) string { return s.Key }, "name": func(s *space) string { return s.Name },
		})
	ids, keys := r.allows("ids"), r.allows("keys")
	c.keep = func(s *space) bool { return ids(s.ID) && keys(s.Key) }
	return reply(w, r, c, func(s *space) []byte {
		return encode(obj{"id": s.ID, "key": s.Key, "name": s.Name, "description": nil, "icon": nil,
			"dataPolicy": obj{"anyContentBlocked": s.Blocked}})
	})
}

// v2 is the level as v2 writes it.
func (l *level) v2(order int) obj {
	return obj{"id": l.ID, "name": l.Name, "description": l.Description, "guideline": l.Guideline,
		"color": cmp.Or(l.Color, "GREY"), "order": order, "status": "PUBLISHED"}
}

// listLevels answers /classification-levels.
func (w *world) listLevels(r *request) answer {
	if len(w.levels) == 0 {
		return r.refuse(http.StatusNotFound, "NOT_FOUND", "Not Found")
	}
	all := []obj{}
	for i, l := range w.levels {
		all = append(all, l.v2(i))
	}
	return ok(encode(all))
}

// levelOf answers the classification of a space or a content: 404 where there is
// none.
func (w *world) levelOf(r *request) answer {
	id := ""
	if strings.HasPrefix(r.op.Path, "/wiki/api/v2/spaces/") {
		if at := slices.IndexFunc(w.spaces, func(s *space) bool { return s.ID == r.id }); at >= 0 {
			id = w.spaces[at].Level
		}
	} else if n := w.byID[r.id]; n != nil &&
		(r.op.Params["status"].Enum == nil || cmp.Or(r.query.Get("status"), "current") == n.Status) {
		id = n.Level
	}
	at := slices.IndexFunc(w.levels, func(l *level) bool { return l.ID == id })
	if at < 0 {
		return r.missing("classification level", r.id)
	}
	return ok(encode(w.levels[at].v2(at)))
}

// typesOf answers POST /content/convert-ids-to-types.
func (w *world) typesOf(r *request) answer {
	var in struct{ ContentIDs []string }
	if err := json.Unmarshal(r.body, &in); err != nil || len(in.ContentIDs) == 0 || len(in.ContentIDs) > 100 {
		return r.bad("contentIds must be 1 to 100 ids")
	}
	results := obj{}
	for _, id := range in.ContentIDs {
		results[id] = nil
		if n := w.byID[id]; n != nil {
			results[id] = n.Type
		} else if w.attachByID[id] != nil {
			results[id] = "attachment"
		}
		for kind, list := range w.comments {
			if slices.ContainsFunc(list, func(c *comment) bool { return c.ID == id }) {
				results[id] = kind + "-comment"
			}
		}
	}
	return ok(encode(obj{"results": results}))
}
