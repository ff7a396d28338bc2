package faketenant

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// version is a version as v2 writes it.
func version(number int, created, author, message string) obj {
	return obj{"number": number, "createdAt": created, "authorId": author, "message": message, "minorEdit": false,
		"ncsStepVersion": nil}
}

// storage is a body as v2 writes it.
func storage(body string) obj {
	return obj{"storage": obj{"representation": "storage", "value": body}}
}

// null returns nil for an empty string.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// v2 is the node as v2 writes it.
func (n *node) v2(body bool) obj {
	o := obj{
		"id": n.ID, "status": n.Status, "title": n.Title, "spaceId": n.space.ID, "authorId": n.Author,
		"createdAt": n.Created, "version": version(n.Version, n.Modified, n.Editor, n.Message),
		"_links": obj{"webui": n.webui(), "editui": "/pages/resumedraft.action?draftId=" + n.ID,
			"tinyui": "/x/" + n.ID},
	}
	switch n.Type {
	case "page", "blogpost":
		o["body"] = obj{}
		if body {
			o["body"] = storage(n.Body)
		}
	default:
		o["type"] = n.Type
	}
	if n.Type == "embed" {
		o["embedUrl"] = n.EmbedURL
	}
	if n.Type == "blogpost" {
		return o
	}
	o["ownerId"], o["lastOwnerId"], o["subtype"] = n.Owner, nil, null(n.Subtype)
	o["parentId"], o["parentType"], o["position"] = null(n.Parent), null(n.parentType), n.position
	if n.gone() {
		o["parentId"], o["parentType"], o["position"] = nil, nil, nil
	}
	return o
}

// listSpaces answers /spaces.
func (w *world) listSpaces(r *request) answer {
	c := sorted(w.spaces, cmp.Or(r.query.Get("sort"), "id"), byIDs, func(s *space) string { return s.ID },
		map[string]func(*space) string{
			"key": func(s *space) string { return s.Key }, "name": func(s *space) string { return s.Name },
		})
	ids, typ, status := r.allows("ids"), r.query.Get("type"), r.query.Get("status")
	keys := r.list("keys")
	c.keep = func(s *space) bool {
		return ids(s.ID) && (typ == "" || typ == s.Type) && (status == "" || status == s.Status) &&
			(keys == nil || slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, s.Key) }))
	}
	format := r.query.Get("description-format")
	return reply(w, r, c, func(s *space) []byte {
		o := obj{
			"id": s.ID, "key": s.Key, "name": s.Name, "type": s.Type, "status": s.Status, "authorId": s.Author,
			"spaceOwnerId": s.Author, "currentActiveAlias": s.Key, "createdAt": s.Created,
			"homepageId":  null(s.Homepage),
			"description": nil, "icon": nil, "_links": obj{"webui": "/spaces/" + s.Key},
		}
		if a := s.icon; a != nil && r.flag("include-icon") {
			o["icon"] = obj{"path": "/wiki" + a.link(),
				"apiDownloadLink": "/wiki/rest/api/content/" + a.on.ID + "/child/attachment/" + a.ID + "/download"}
		}
		if format != "" {
			o["description"] = obj{format: obj{"representation": format, "value": s.Description}}
		}
		return encode(o)
	})
}

// listNodes answers /pages and /blogposts, with the statuses that hold where none
// is asked for.
func listNodes(typ string, states ...string) func(*world, *request) answer {
	return func(w *world, r *request) answer {
		c := sorted(w.nodes, cmp.Or(r.query.Get("sort"), "id"), byIDs, func(n *node) string { return n.ID },
			map[string]func(*node) string{
				"created-date":  func(n *node) string { return n.Created },
				"modified-date": func(n *node) string { return n.Modified },
				"title":         func(n *node) string { return n.Title },
			})
		ids, spaces, status := r.allows("id"), r.allows("space-id"), r.allows("status")
		if r.query["status"] == nil {
			status = func(s string) bool { return slices.Contains(states, s) }
		}
		title, subtype := r.query.Get("title"), r.query.Get("subtype")
		c.keep = func(n *node) bool {
			return n.Type == typ && status(n.Status) && spaces(n.space.ID) && ids(n.ID) &&
				(title == "" || strings.EqualFold(title, n.Title)) &&
				(subtype == "" || (subtype == "live") == (n.Subtype == "live"))
		}
		switch r.query.Get("body-format") {
		case "storage":
			return reply(w, r, c, func(n *node) []byte { return n.full() })
		case "":
			return reply(w, r, c, func(n *node) []byte { return n.plain() })
		}
		return r.refuse(http.StatusNotImplemented, "NOT_IMPLEMENTED", "the fake has storage bodies only")
	}
}

// getNode answers GET of one object by id.
func getNode(typ string) func(*world, *request) answer {
	return func(w *world, r *request) answer {
		n := w.byID[r.id]
		if n == nil || n.Type != typ || n.Status == "draft" ||
			r.query["status"] != nil && !r.allows("status")(n.Status) {
			return r.missing(typ, r.id)
		}
		if typ != "page" && typ != "blogpost" {
			return ok(n.plain())
		}
		if n = n.at(r.query.Get("version")); n == nil {
			return r.missing(typ+" version", r.id)
		}
		o := n.v2(r.query.Get("body-format") == "storage")
		if f := r.query.Get("body-format"); f != "" && f != "storage" {
			return r.refuse(http.StatusNotImplemented, "NOT_IMPLEMENTED", "the fake has storage bodies only")
		}
		if r.flag("include-labels") {
			o["labels"] = r.included(n.labels(), "labels")
		}
		if r.flag("include-properties") {
			o["properties"] = r.included(n.properties(), "properties")
		}
		return ok(encode(o))
	}
}

// included is a collection within a single object: at most 50 entries.
func (r *request) included(all []obj, name string) obj {
	more := len(all) > 50
	return obj{
		"results": all[:min(len(all), 50)], "meta": obj{"hasMore": more, "cursor": ""},
		"_links": obj{"self": r.self + "/" + name},
	}
}

// labels returns the node's labels as the API writes them.
func (n *node) labels() []obj {
	out := make([]obj, len(n.Labels))
	for i, name := range n.Labels {
		out[i] = obj{"id": strconv.FormatUint(hash("label "+name)%1e9, 10), "name": name, "prefix": "global"}
	}
	return out
}

// properties returns the published content properties.
func (n *node) properties() []obj {
	var out []obj
	add := func(key, value string) {
		if value != "" {
			out = append(out, obj{"id": strconv.FormatUint(hash(key+n.ID)%1e9, 10), "key": key, "value": value,
				"version": version(1, n.Created, n.Author, "")})
		}
	}
	add("content-appearance-published", n.Appearance)
	add("cover-picture-id-published", n.Cover)
	add("editor", "v2")
	add("emoji-title-published", emojiID(n.Emoji))
	return out
}

// emojiID is the id of an emoji: its code points in hexadecimal.
func emojiID(s string) string {
	var parts []string
	for _, c := range s {
		parts = append(parts, strconv.FormatInt(int64(c), 16))
	}
	return strings.Join(parts, "-")
}

// of returns what a listing below a page or blog post is of.
func (w *world) of(r *request) *node {
	n := w.byID[r.id]
	if n == nil || n.Type != "page" && n.Type != "blogpost" {
		return nil
	}
	return n
}

// objects is a collection of ready objects in the order they have, which is that
// of key.
func objects(all []obj, key string) collection[obj] {
	value := func(o obj) string { s, _ := o[key].(string); return s }
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b obj) int { return cmp.Compare(value(a), value(b)) })
	return collection[obj]{
		items: all, order: key, id: value, value: value, cmp: cmp.Compare[string], cmpID: cmp.Compare[string],
		keep: func(obj) bool { return true },
	}
}

// listLabels answers /pages/{id}/labels.
func (w *world) listLabels(r *request) answer {
	n := w.of(r)
	if n == nil {
		return r.missing("content", r.id)
	}
	all := n.labels()
	if p := r.query.Get("prefix"); p != "" && p != "global" {
		all = nil
	}
	return reply(w, r, objects(all, "name"), func(o obj) []byte { return encode(o) })
}

// listProperties answers /pages/{id}/properties.
func (w *world) listProperties(r *request) answer {
	n := w.byID[r.id]
	if n == nil {
		return r.missing("content", r.id)
	}
	c := objects(n.properties(), "key")
	if key := r.query.Get("key"); key != "" {
		c.keep = func(o obj) bool { return o["key"] == key }
	}
	return reply(w, r, c, func(o obj) []byte { return encode(o) })
}

// bulkUsers answers POST /users-bulk.
func (w *world) bulkUsers(r *request) answer {
	var in struct{ AccountIDs []string }
	if err := json.Unmarshal(r.body, &in); err != nil || len(in.AccountIDs) == 0 || len(in.AccountIDs) > 250 {
		return r.bad("accountIds must be 1 to 250 ids")
	}
	results := []obj{}
	for _, id := range in.AccountIDs {
		if u, known := w.userByID[id]; known {
			results = append(results, obj{
				"accountId": u.ID, "displayName": u.Name, "publicName": u.Name, "email": "", "accountType": "atlassian",
				"accountStatus": cmp.Or(u.Status, "active"), "timeZone": nil, "isExternalCollaborator": false,
			})
		}
	}
	return ok(encode(obj{"results": results}))
}
