package faketenant

import (
	"cmp"
	"net/http"
)

// listComments answers /footer-comments and /inline-comments: all of the site,
// replies among them unless the tenant keeps them out.
func listComments(kind string) func(*world, *request) answer {
	return func(w *world, r *request) answer {
		return w.replyComments(r, w.comments[kind], func(c *comment) bool { return !r.roots || c.Parent == "" })
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
		return w.replyComments(r, w.comments[kind], func(c *comment) bool {
			return c.on == n && c.Parent == "" && status("current") && resolution(c.Resolution)
		})
	}
}

// listReplies answers /footer-comments/{id}/children and the like.
func listReplies(kind string) func(*world, *request) answer {
	return func(w *world, r *request) answer {
		return w.replyComments(r, w.comments[kind], func(c *comment) bool { return c.Parent == r.id })
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
		"id": c.ID, "status": "current", "title": "Re: " + c.on.Title, "version": version(c.Version, c.Modified, c.Author, ""),
		"body": obj{}, "_links": obj{"webui": c.on.webui() + "?focusedCommentId=" + c.ID},
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
