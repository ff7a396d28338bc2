package mirror

import (
	"context"
	"fmt"
) // Kind names a table of the mirror, for MarkGone and in a Problem.
type Kind string

// The kinds of objects that can go.
const (
	KindSpace      Kind = "space"
	KindContent    Kind = "content"
	KindAttachment Kind = "attachment"
	KindComment    Kind = "comment"
	KindTask       Kind = "task"
)

// MarkGone notes in one transaction that objects left Confluence, or with
// GonePresent that they did not after all, and returns how many rows changed.
// Nothing is removed, and the next Put of an object brings it back. An id that
// the mirror does not know is passed over.
func (m *Mirror) MarkGone(ctx context.Context, kind Kind, ids []string, state string) (int, error) {
	switch state {
	case GonePresent, GoneTrashed, GoneDeleted, GoneUnseen, GoneAbsent:
	default:
		return 0, fmt.Errorf("mirror: marking %s: no such state: %q", kind, state)
	}
	switch kind {
	case KindSpace:
		return mark(ctx, m, spaces, ids, func(s *Space) *string { return &s.Gone }, state)
	case KindContent:
		return mark(ctx, m, contents, ids, func(c *contentRow) *string { return &c.gone }, state)
	case KindAttachment:
		return mark(ctx, m, attachments, ids, func(a *Attachment) *string { return &a.Gone }, state)
	case KindComment:
		return mark(ctx, m, comments, ids, func(c *commentRow) *string { return &c.Gone }, state)
	case KindTask:
		return mark(ctx, m, tasks, ids, func(t *taskRow) *string { return &t.gone }, state)
	}
	return 0, fmt.Errorf("mirror: marking: no such kind: %q", kind)
}

// mark reads each row whole, because its sum covers it whole.
func mark[T any](ctx context.Context, m *Mirror, t table[T], ids []string, gone func(*T) *string, state string) (int,
	error) {
	return m.update(ctx, "marking "+t.name, func(b *batch) (int, error) {
		changed := 0
		read := "SELECT " + t.selection() + " FROM " + t.name + " WHERE id = ?"
		write := "UPDATE " + t.name + " SET gone = ?, sum = ? WHERE id = ?"
		for _, id := range ids {
			var v T
			ok, err := b.row(ctx, t.fields(&v), read, id)
			if err != nil {
				return 0, err
			}
			if !ok || *gone(&v) == state {
				continue
			}
			*gone(&v) = state
			n, err := b.exec(ctx, write, state, digest(t.names(), values(t.fields(&v))), id)
			if err != nil {
				return 0, err
			}
			changed += n
		}
		return changed, nil
	})
}

// IsPresent reports a state in which an object counts as one of the site.
func IsPresent(gone string) bool { return gone == "" || gone == GoneUnseen }
