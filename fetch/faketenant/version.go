package faketenant

import (
	"net/http"
	"strconv"
)

// versionMax is how many versions are given where bodies are asked for.
const versionMax = 50

// at returns the node as it was at a version, nil where that does not exist. "" is
// the newest.
func (n *node) at(version string) *node {
	if version == "" || version == strconv.Itoa(n.Version) {
		return n
	}
	for _, v := range n.History {
		if version != strconv.Itoa(v.Version) {
			continue
		}
		old := *n
		old.Version, old.Modified, old.Editor, old.Message = v.Version, v.Modified, v.Editor, v.Message
		old.Title, old.Body, old.Status = v.Title, v.Body, "historical"
		return &old
	}
	return nil
}

// listVersions answers /pages/{id}/versions and the like.
func (w *world) listVersions(r *request) answer {
	n := w.of(r)
	if n == nil {
		return r.missing("content", r.id)
	}
	format := r.query.Get("body-format")
	if format != "" && format != "storage" {
		return r.refuse(http.StatusNotImplemented, "NOT_IMPLEMENTED", "the fake has storage bodies only")
	}
	if format != "" && r.limit() > versionMax {
		r.query.Set("limit", strconv.Itoa(versionMax))
	}
	all := []obj{n.versionObject(format != "")}
	for _, v := range n.History {
		all = append(all, n.at(strconv.Itoa(v.Version)).versionObject(format != ""))
	}
	return reply(w, r, versions(all, r.query.Get("sort")), func(o obj) []byte { return encode(o) })
}

// versionObject is the version that the node is at, as v2 lists it.
func (n *node) versionObject(body bool) obj {
	o := version(n.Version, n.Modified, n.Editor, n.Message)
	of := obj{"id": n.ID, "title": n.Title, "body": obj{}}
	if body {
		of["body"] = storage(n.Body)
	}
	o[n.Type] = of
	return o
}
