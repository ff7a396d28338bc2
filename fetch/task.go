package fetch

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strings"

	"agc-export/fetch/wiki"
)

// wireTask is a task as v2 writes it.
type wireTask struct {
	ID          str
	LocalID     str `json:"localId"`
	SpaceID     str `json:"spaceId"`
	PageID      str `json:"pageId"`
	BlogPostID  str `json:"blogPostId"`
	Status      str
	CreatedBy   str
	AssignedTo  str
	CompletedBy str
	CreatedAt   str
	UpdatedAt   str
	DueAt       str
	CompletedAt str
	Body        wireBody
}

// TaskQuery says which tasks to list: those of spaces, of pages or of blog posts. The
// parts are asked for one after the other; empty ones cost nothing.
type TaskQuery struct {
	SpaceIDs    []string
	PageIDs     []string
	BlogPostIDs []string
	Bodies      bool // with the storage format
}

// Tasks returns the tasks that q asks for, 250 ids a call. It is optional: see
// IsAbsent.
func (c *Client) Tasks(ctx context.Context, q TaskQuery) iter.Seq2[wiki.Task, error] {
	l := listing[wiki.Task]{op: "tasks", path: "/api/v2/tasks", limit: limitV2, decode: decodeTask,
		id: func(t wiki.Task) string { return t.ID }}
	if q.Bodies {
		l.op += "+body"
		l.query = l.query.with("body-format", "storage")
	}
	var seqs []iter.Seq2[wiki.Task, error]
	for _, part := range []struct {
		name string
		ids  []string
	}{{"space-id", q.SpaceIDs}, {"page-id", q.PageIDs}, {"blogpost-id", q.BlogPostIDs}} {
		for ids := range slices.Chunk(part.ids, maxIDs) {
			l := l
			l.query = l.query.with(part.name, strings.Join(ids, ","))
			seqs = append(seqs, under(ctx, c, l))
		}
	}
	return chain(seqs...)
}

func decodeTask(raw json.RawMessage) (wiki.Task, error) {
	w, err := into[wireTask](raw)
	t := wiki.Task{
		ID: string(w.ID), LocalID: string(w.LocalID), SpaceID: string(w.SpaceID), PageID: string(w.PageID),
		Status:    string(w.Status),
		CreatedBy: string(w.CreatedBy), AssignedTo: string(w.AssignedTo), CompletedBy: string(w.CompletedBy),
		CreatedAt: string(w.CreatedAt), UpdatedAt: string(w.UpdatedAt), DueAt: string(w.DueAt),
		CompletedAt: string(w.CompletedAt),
		Raw:         raw,
	}
	if t.PageID == "" {
		t.PageID = string(w.BlogPostID)
	}
	t.Body, _ = w.Body.storage()
	return t, err
}
