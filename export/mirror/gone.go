package mirror

import (
	"context"
	"database/sql"
	"fmt"

	"agc-export/export/seal"
)

// Kind names a table of the mirror, for MarkGone and in a Problem.
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
		return mark(ctx, m.disk, spaces, ids, func(s *Space) *string { return &s.Gone }, state)
	case KindContent:
		return mark(ctx, m.disk, contents, ids, func(c *contentRow) *string { return &c.gone }, state)
	case KindAttachment:
		return mark(ctx, m.disk, attachments, ids, func(a *Attachment) *string { return &a.Gone }, state)
	case KindComment:
		return mark(ctx, m.disk, comments, ids, func(c *commentRow) *string { return &c.Gone }, state)
	case KindTask:
		return mark(ctx, m.disk, tasks, ids, func(t *taskRow) *string { return &t.gone }, state)
	}
	return 0, fmt.Errorf("mirror: marking: no such kind: %q", kind)
}

// mark reads each row whole, because its sum covers it whole.
func mark[T any](ctx context.Context, m *disk, t table[T], ids []string, gone func(*T) *string, state string) (int,
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
			n, err := b.exec(ctx, write, state, seal.Digest(t.names(), seal.Values(t.fields(&v))), id)
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

// Absence says that complete lists no longer hold an object that the mirror has, and
// what follows from it. Whether it follows is for the caller to judge.
type Absence struct {
	Kind  Kind
	ID    string // of the object
	State string // what the lists tell of it: GoneTrashed, GoneDeleted or GoneUnseen; GonePresent: listed again
	// when a complete list did not hold it for the first time, RFC 3339 by the clock of the
	// caller's choice; "" where the wait begins anew
	Since string
	// the hash of the list of deletions that a person approved with it in, or "withheld " and the
	// hash of the list that a person took out of the output; "" for none
	Approved string
	GoneAt   string // since when it counts as gone, RFC 3339; "" while that is open
}

// absenceRow is an Absence with its key.
type absenceRow struct {
	Absence
	id string
}

var absences = table[absenceRow]{
	name:    "absence",
	columns: []string{"id", "kind", "object", "state", "since", "approved", "gone_at"},
	fields: func(a *absenceRow) []any {
		return []any{&a.id, (*string)(&a.Kind), &a.ID, &a.State, &a.Since, &a.Approved, &a.GoneAt}
	},
}

// PutAbsences writes what is known of objects that lists no longer hold. It is no
// content: fingerprints leave it out. What leaves the output is marked by MarkGone.
func (m *Mirror) PutAbsences(ctx context.Context, all []Absence) (int, error) {
	return put(ctx, m.disk, absences, all,
		func(a Absence) absenceRow { return absenceRow{a, string(a.Kind) + "/" + a.ID} })
}

// Absences returns all of them but those of objects that are listed again, sorted by
// kind and id.
func (m *Mirror) Absences(ctx context.Context) ([]Absence, error) {
	rows, err := list(ctx, m.disk, absences.fields,
		"SELECT "+absences.selection()+" FROM absence WHERE state <> '' ORDER BY id")
	all := make([]Absence, len(rows))
	for i, r := range rows {
		all[i] = r.Absence
	}
	return all, wrap("reading absences", err)
}

// Gone returns the state of all spaces, contents, attachments and comments that are
// marked as gone, GoneUnseen included.
func (m *Mirror) Gone(ctx context.Context) (map[Object]string, error) {
	gone := map[Object]string{}
	for _, kind := range []Kind{KindSpace, KindContent, KindAttachment, KindComment} {
		err := m.rows(ctx, func(rows *sql.Rows) error {
			var id, state string
			err := rows.Scan(&id, &state)
			gone[Object{kind, id}] = state
			return err
		}, "SELECT id, gone FROM "+string(kind)+" WHERE gone <> ''")
		if err != nil {
			return nil, wrap("reading what is gone", err)
		}
	}
	return gone, nil
}
