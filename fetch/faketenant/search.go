package faketenant

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// What the search cuts off.
const (
	nestedLimit = 25 // entries of a collection within an object of v1
	bodyMax     = 50 // objects of an answer where bodies are expanded
)

// expansions are what the search can expand, and the field of the object that each
// fills. Other expansions of the API are answered 501.
var expansions = map[string]func(*world, *node, obj){
	"ancestors": func(w *world, n *node, o obj) {
		list := []obj{}
		for _, a := range w.above(n) {
			list = append(list, obj{"id": a.ID, "type": a.Type, "status": a.Status, "title": a.Title,
				"_links": obj{"webui": a.webui()}})
		}
		o["ancestors"] = list
	},
	"version": func(w *world, n *node, o obj) {
		o["version"] = obj{"number": n.Version, "when": n.Modified, "message": n.Message, "minorEdit": false,
			"friendlyWhen": "some time ago", "by": w.person(n.Editor)}
	},
	"space": func(_ *world, n *node, o obj) {
		id, _ := strconv.ParseUint(n.space.ID, 10, 64)
		o["space"] = obj{"id": id, "key": n.space.Key, "name": n.space.Name, "type": n.space.Type,
			"status": n.space.Status}
	},
	"history": func(w *world, n *node, o obj) {
		o["history"] = obj{"latest": true, "createdBy": w.person(n.Author), "createdDate": n.Created}
	},
	"history.ownedBy":             func(w *world, n *node, o obj) { deep(o, "history")["ownedBy"] = w.person(n.Owner) },
	"container":                   func(_ *world, n *node, o obj) { o["container"] = n.container() },
	"extensions.inlineProperties": expandInline,
	"extensions.resolution":       expandResolution,
	"extensions.position": func(_ *world, n *node, o obj) {
		deep(o, "extensions")["position"] = n.position
	},
	"metadata.labels": func(_ *world, n *node, o obj) {
		labels := n.labels()
		for _, l := range labels {
			l["label"] = l["name"]
		}
		deep(o, "metadata")["labels"] = nested(labels, nestedLimit, "/rest/api/content/"+n.ID+"/label")
	},
	"metadata.properties.emoji_title_published":        expandProperty("emoji-title-published"),
	"metadata.properties.content_appearance_published": expandProperty("content-appearance-published"),
	"metadata.properties.cover_picture_id_published":   expandProperty("cover-picture-id-published"),
	"metadata.properties.editor":                       expandProperty("editor"),
	"restrictions.read.restrictions.user":              expandRestriction("read", "user"),
	"restrictions.read.restrictions.group":             expandRestriction("read", "group"),
	"restrictions.update.restrictions.user":            expandRestriction("update", "user"),
	"restrictions.update.restrictions.group":           expandRestriction("update", "group"),
	"body.storage": func(_ *world, n *node, o obj) {
		deep(o, "body")["storage"] = obj{"value": n.Body, "representation": "storage"}
	},
}

// deep returns the object in a field, made where it is absent.
func deep(o obj, names ...string) obj {
	for _, name := range names {
		below, ok := o[name].(obj)
		if !ok {
			below = obj{}
			o[name] = below
		}
		o = below
	}
	return o
}

func expandProperty(key string) func(*world, *node, obj) {
	return func(_ *world, n *node, o obj) {
		at := deep(o, "metadata", "properties")
		for _, p := range n.properties() {
			if p["key"] == key {
				at[key] = p
			}
		}
	}
}

func expandRestriction(operation, kind string) func(*world, *node, obj) {
	return func(w *world, n *node, o obj) {
		at := deep(o, "restrictions", operation)
		at["operation"] = operation
		deep(at, "restrictions")[kind] = nested(w.subjects(n, operation, kind), nestedLimit,
			"/rest/api/content/"+n.ID+"/restriction/byOperation/"+operation)
	}
}

// nested is a collection within an object of v1, cut off after limit entries.
func nested(all []obj, limit int, path string) obj {
	links := obj{"self": path}
	if len(all) > limit {
		links["next"] = path + "?limit=" + strconv.Itoa(limit) + "&start=" + strconv.Itoa(limit)
	}
	shown := all[:min(limit, len(all))]
	if shown == nil {
		shown = []obj{}
	}
	return obj{"results": shown, "start": 0, "limit": limit, "size": len(shown), "_links": links}
}

// person is a user as v1 writes it.
func (w *world) person(id string) obj {
	return obj{"type": "known", "accountId": id, "accountType": "atlassian", "email": "",
		"displayName": w.userByID[id].Name, "publicName": w.userByID[id].Name}
}

// currentUser answers /user/current.
func (w *world) currentUser(*request) answer { return ok(encode(w.person(w.users[0].ID))) }

// search answers /content/search. It finds current content of current spaces.
func (w *world) search(r *request) answer {
	return w.find(r, r.list("expand"), func(n *node) bool { return n.space.Status == "current" },
		func(o obj) obj { return o })
}

// searchAll answers /search, as far as it finds content: rows around what /content/search
// finds, of archived spaces where they are asked for.
func (w *world) searchAll(r *request) answer {
	expand := r.list("expand")
	for i, e := range expand {
		name, below := strings.CutPrefix(e, "content.")
		if !below {
			return r.bad("cannot expand %s", e)
		}
		expand[i] = name
	}
	archived, current := r.flag("includeArchivedSpaces"), !r.flag("excludeCurrentSpaces")
	in := func(n *node) bool {
		return n.space.Status == "current" && current || n.space.Status == "archived" && archived
	}
	return w.find(r, expand, in, func(o obj) obj {
		return obj{"content": o, "title": html.EscapeString(o["title"].(string)), "excerpt": "",
			"url": "/pages/" + o["id"].(string), "entityType": "content"}
	})
}

// find answers a search within the nodes that in allows; row makes the entries.
func (w *world) find(r *request, expand []string, in func(*node) bool, row func(obj) obj) answer {
	found, err := parseCQL(r.query.Get("cql"))
	if err != nil {
		return r.bad("%s", err)
	}
	if count(expand, ".") > 8 {
		return r.bad("at most 8 sub-expansions are allowed")
	}
	for _, e := range expand {
		if expansions[e] == nil {
			return r.refuse(http.StatusNotImplemented, "", "the fake does not know the expansion "+e)
		}
	}
	slices.Sort(expand) // what lies deeper comes after what it lies in
	limit := min(r.limit(), 1000)
	if len(expand) > 0 {
		limit = min(limit, r.max)
	}
	if slices.Contains(expand, "body.storage") {
		limit = min(limit, bodyMax)
	}
	if limit < 1 {
		return r.bad("limit must be 1 or more")
	}
	c := sorted(w.findable, "id", byIDs, func(n *node) string { return n.ID }, nil)
	c.keep = func(n *node) bool { return n.Status == "current" && in(n) && found(w, n) }
	batch, next, valid := c.take(r.query.Get("cursor"), limit)
	if !valid {
		return r.bad("Unable to parse cursor")
	}
	results := []obj{}
	for _, n := range batch {
		results = append(results, row(w.v1(n, expand)))
	}
	links := obj{"base": w.site.URL + "/wiki", "context": "/wiki", "self": w.site.URL + r.self}
	if next != "" { // neither /wiki in front nor all the parameters
		links["next"] = strings.TrimPrefix(r.self, "/wiki") + "?next=true&cursor=" + url.QueryEscape(next) + "&limit=" +
			strconv.Itoa(limit) +
			"&start=" + strconv.Itoa(limit) + "&cql=" + url.QueryEscape(r.query.Get("cql"))
	}
	total := 0
	for _, n := range c.items {
		if c.keep(n) {
			total++
		}
	}
	return ok(encode(obj{"results": results, "start": 0, "limit": limit, "size": len(results), "totalSize": total,
		"_links": links}))
}

// count says how many texts hold a part.
func count(texts []string, part string) (n int) {
	for _, s := range texts {
		n += min(strings.Count(s, part), 1)
	}
	return n
}

// v1 is the node as v1 writes it, with the expansions asked for and no others.
func (w *world) v1(n *node, expand []string) obj {
	o := obj{
		"id": n.ID, "type": n.Type, "status": n.Status, "title": n.Title, "macroRenderedOutput": obj{},
		"_links": obj{"webui": n.webui(), "tinyui": "/x/" + n.ID},
	}
	if n.comment != nil {
		o["extensions"] = obj{"location": n.comment.Kind}
	}
	for _, e := range expand {
		expansions[e](w, n, o)
	}
	left := obj{}
	for _, name := range []string{"ancestors", "version", "space", "history", "metadata", "restrictions", "body",
		"children", "container"} {
		if o[name] == nil {
			left[name] = ""
		}
	}
	o["_expandable"] = left
	return o
}

// subjects returns the users or groups of a node's restriction as v1 writes them.
func (w *world) subjects(n *node, operation, kind string) []obj {
	list := n.Readers
	if operation == "update" {
		list = n.Editors
	}
	out := []obj{}
	for _, s := range list {
		typ, id, _ := strings.Cut(s, ":")
		switch {
		case typ != kind:
		case kind == "user":
			out = append(out, w.person(id))
		default:
			out = append(out, obj{"type": "group", "name": id, "id": id})
		}
	}
	return out
}

// restrictionsOf answers /content/{id}/restriction.
func (w *world) restrictionsOf(r *request) answer {
	n := w.byID[r.id]
	if n == nil || n.Status == "draft" {
		return r.missing("content", r.id)
	}
	results := []obj{}
	for _, operation := range []string{"read", "update"} {
		results = append(results, w.restriction(r, n, operation))
	}
	return ok(encode(obj{"results": results, "start": 0, "limit": r.limit(), "size": len(results),
		"restrictionsHash": strconv.FormatUint(hash(strings.Join(slices.Concat(n.Readers, []string{"|"}, n.Editors),
			",")), 36),
		"_links": obj{"base": w.site.URL + "/wiki", "context": "/wiki"}}))
}

// restrictionFor answers /content/{id}/restriction/byOperation/{operationKey}.
func (w *world) restrictionFor(r *request) answer {
	n, operation := w.byID[r.id], r.vars["operationKey"]
	if n == nil || n.Status == "draft" || operation != "read" && operation != "update" {
		return r.missing("content", r.id)
	}
	return ok(encode(w.restriction(r, n, operation)))
}

// restriction is one operation's restriction, with users and groups where they are
// expanded, from start on.
func (w *world) restriction(r *request, n *node, operation string) obj {
	inner := obj{}
	for _, kind := range []string{"user", "group"} {
		wanted := slices.ContainsFunc(r.list("expand"), func(e string) bool {
			return e == "restrictions."+kind || e == operation+".restrictions."+kind
		})
		if !wanted {
			continue
		}
		all := w.subjects(n, operation, kind)
		all = all[min(r.number("start"), len(all)):]
		inner[kind] = nested(all, min(r.limit(), 100), r.self)
	}
	return obj{"operation": operation, "restrictions": inner, "_expandable": obj{"content": ""},
		"_links": obj{"self": r.self}}
}
