package faketenant

import (
	"cmp"
	"net/http"
	"slices"
)

// listComments answers /footer-comments and /inline-comments: all of the site,
// replies among them unless the tenant keeps them out.
func listComments(kind string) func(*world, *request) answer {
	return func(w *world, r *request) answer {
		return w.replyComments(r, w.comments[kind],
			func(c *comment) bool { return c.Status == "current" && (!r.roots || c.Parent == "") })
	}
}

// commentsOn answers /pages/{id}/footer-comments and the like: never replies.
func commentsOn(kind string) func(*world, *request) answer {
	return func(w *world, r *request) answer {
		n := w.of(r)
		if n == nil {
			return r.missing("content", r.id)
		}
		status, resolution := r.allows("status"), r.allows("resolution-status")
		if r.query["status"] == nil {
			status = func(s string) bool { return s == "current" }
		}
		return w.replyComments(r, w.comments[kind], func(c *comment) bool {
			return c.on == n && c.Parent == "" && status(c.Status) && resolution(c.Resolution)
		})
	}
}

// listReplies answers /footer-comments/{id}/children and the like.
func listReplies(kind string) func(*world, *request) answer {
	return func(w *world, r *request) answer {
		return w.replyComments(r, w.comments[kind],
			func(c *comment) bool { return c.Status == "current" && c.Parent == r.id })
	}
}

func (w *world) replyComments(r *request, all []*comment, keep func(*comment) bool) answer {
	c := sorted(all, cmp.Or(r.query.Get("sort"), "created-date"), byCreation, func(c *comment) string { return c.ID },
		map[string]func(*comment) string{
			"created-date":  func(c *comment) string { return c.Created },
			"modified-date": func(c *comment) string { return c.Modified },
		})
	c.keep = keep
	if f := r.query.Get("body-format"); f != "" && f != "storage" {
		return r.refuse(http.StatusNotImplemented, "NOT_IMPLEMENTED", "the fake has storage bodies only")
	}
	return reply(w, r, c, func(c *comment) []byte { return encode(c.v2(r.query.Get("body-format") != "")) })
}

// v2 is the comment as v2 writes it.
func (c *comment) v2(body bool) obj {
	o := obj{
		"id": c.ID, "status": c.Status, "title": "Re: " + c.on.Title,
		"version": version(c.Version, c.Modified, c.Author, ""),
		"body":    obj{}, "_links": obj{"webui": c.on.webui() + "?focusedCommentId=" + c.ID},
	}
	if body {
		o["body"] = storage(c.Body)
	}
	if c.on.Type == "blogpost" {
		o["blogPostId"] = c.on.ID
	} else {
		o["pageId"] = c.on.ID
	}
	if c.Parent != "" {
		o["parentCommentId"] = c.Parent
	}
	if c.Kind == "inline" {
		o["resolutionStatus"] = c.Resolution
		o["properties"] = obj{"inlineMarkerRef": c.Marker, "inlineOriginalSelection": c.Selection}
	}
	return o
}

// node stands for the comment in the search, which finds it only where it would find
// the content that it is on.
func (c *comment) node() *node {
	return &node{comment: c, space: c.on.space, spec: spec{
		ID: c.ID, Type: "comment", Status: c.on.Status, Title: "Re: " + c.on.Title, Author: c.Author, Owner: c.Author,
		Editor:  c.Author,
		Created: c.Created, Modified: c.Modified, Version: c.Version, Body: c.Body,
	}}
}

// above returns what stands above a node, or the comments that a comment answers,
// the topmost first.
func (w *world) above(n *node) []*node {
	if n.comment == nil {
		return w.ancestors(n)
	}
	var up []*node
	for parent := n.comment.Parent; parent != "" && len(up) < 1000; {
		at := slices.IndexFunc(w.comments[n.comment.Kind], func(c *comment) bool { return c.ID == parent })
		if at < 0 {
			break
		}
		c := w.comments[n.comment.Kind][at]
		up, parent = append(up, c.node()), c.Parent
	}
	slices.Reverse(up)
	return up
}

// container is what a node is in: a comment's content, or the space.
func (n *node) container() obj {
	if n.comment == nil {
		return obj{"key": n.space.Key, "name": n.space.Name, "type": n.space.Type}
	}
	on := n.comment.on
	return obj{"id": on.ID, "type": on.Type, "status": on.Status, "title": on.Title}
}

func expandInline(_ *world, n *node, o obj) {
	if n.comment != nil && n.comment.Kind == "inline" {
		deep(o, "extensions")["inlineProperties"] = obj{"originalSelection": n.comment.Selection,
			"markerRef": n.comment.Marker}
	}
}

func expandResolution(_ *world, n *node, o obj) {
	if n.comment != nil {
		deep(o, "extensions")["resolution"] = obj{"status": n.comment.Resolution}
	}
}

// getComment answers /footer-comments/{comment-id} and the like, in whatever state the
// comment is.
func getComment(kind string) func(*world, *request) answer {
	return func(w *world, r *request) answer {
		at := slices.IndexFunc(w.comments[kind], func(c *comment) bool { return c.ID == r.id })
		if at < 0 {
			return r.missing("comment", r.id)
		}
		return ok(encode(w.comments[kind][at].v2(r.query.Get("body-format") == "storage")))
	}
}
