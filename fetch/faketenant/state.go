package faketenant

import (
	"cmp"
	"slices"
	"strconv"
)

// firstState is the id of a space's first state; those of the others follow.
const firstState = 3

// listStates answers /space/{spaceKey}/state: a bare list.
func (w *world) listStates(r *request) answer {
	s := w.spaceOf(r.vars["spaceKey"])
	if s == nil {
		return r.missing("space", r.vars["spaceKey"])
	}
	all := []obj{}
	for i, state := range s.States {
		all = append(all, obj{"id": firstState + i, "name": state.Name, "color": cmp.Or(state.Color, "#2684ff")})
	}
	return ok(encode(all))
}

// listStated answers /space/{spaceKey}/state/content, which goes by numbers. It knows no archived contents.
func (w *world) listStated(r *request) answer {
	s := w.spaceOf(r.vars["spaceKey"])
	id, err := strconv.Atoi(r.query.Get("state-id"))
	if s == nil || err != nil || id < firstState || id-firstState >= len(s.States) {
		return r.missing("state", r.query.Get("state-id"))
	}
	var all []obj
	for _, n := range w.nodes {
		if n.space == s && n.State == s.States[id-firstState].Name && n.Status == "current" {
			all = append(all, obj{"id": n.ID, "type": n.Type, "status": n.Status, "title": n.Title,
				"_links": obj{"webui": n.webui()}})
		}
	}
	start, limit := min(r.number("start"), len(all)), r.limit()
	part := all[start:min(start+limit, len(all))]
	links := obj{"base": w.site.URL + "/wiki", "context": "/wiki"}
	if start+limit < len(all) {
		links["next"] = "/rest/api/space/" + s.Key + "/state/content?state-id=" + strconv.Itoa(id) + "&limit=" +
			strconv.Itoa(limit) + "&start=" + strconv.Itoa(start+limit)
	}
	return ok(encode(obj{"results": append([]obj{}, part...), "start": start, "limit": limit, "size": len(part),
		"_links": links}))
}

// spaceOf is the space of a key, nil for none.
func (w *world) spaceOf(key string) *space {
	if i := slices.IndexFunc(w.spaces, func(s *space) bool { return s.Key == key }); i >= 0 {
		return w.spaces[i]
	}
	return nil
}
