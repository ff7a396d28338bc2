package mirror

import (
	"context"
	"errors"
	"slices"
	"strings"

	"agc-export/export/held"
	"agc-export/fetch/wiki"
)

// PutSpaces writes spaces and returns how many rows changed, as all Put methods
// do: one transaction, rows that are the same are not touched, and what was
// marked as gone is present again.
func (m *Mirror) PutSpaces(ctx context.Context, list []wiki.Space) (int, error) {
	return put(ctx, m.disk, spaces, list, func(s wiki.Space) Space { return Space{Space: s} })
}

// PutAttachments writes attachments, without their bytes: see WriteBlob and SetBlobs.
func (m *Mirror) PutAttachments(ctx context.Context, list []wiki.Attachment) (int, error) {
	return put(ctx, m.disk, attachments, list, func(a wiki.Attachment) Attachment { return Attachment{Attachment: a} })
}

// PutComments writes comments with their bodies.
func (m *Mirror) PutComments(ctx context.Context, list []wiki.Comment) (int, error) {
	return put(ctx, m.disk, comments, list, func(c wiki.Comment) commentRow {
		row := commentRow{Comment: Comment{Comment: c}}
		if body, ok := held.Body(string(c.Raw)); !ok && c.Body != "" || ok && body != c.Body {
			row.body.String, row.body.Valid = c.Body, true
		}
		return row
	})
}

// PutUsers writes accounts.
func (m *Mirror) PutUsers(ctx context.Context, list []wiki.User) (int, error) {
	return put(ctx, m.disk, users, list, func(u wiki.User) wiki.User { return u })
}

// PutMetadata writes labels, restrictions and properties of contents. They may
// come before their contents. The order of subjects is not kept.
func (m *Mirror) PutMetadata(ctx context.Context, list []wiki.Metadata) (int, error) {
	return m.update(ctx, "writing metadata", func(b *batch) (int, error) {
		changed, text := 0, metadata.upsert()
		for _, d := range list {
			row := newMetadataRow(d)
			n, err := b.exec(ctx, text, metadata.row(&row)...)
			if err == nil && n > 0 {
				err = b.putMarks(ctx, row)
			}
			if err != nil {
				return 0, err
			}
			changed += n
		}
		return changed, nil
	})
}

// put writes the rows of the objects in list.
func put[F, T any](ctx context.Context, m *disk, t table[T], list []F, row func(F) T) (int, error) {
	return m.update(ctx, "writing "+t.name, func(b *batch) (int, error) {
		changed, text := 0, t.upsert()
		for _, o := range list {
			v := row(o)
			n, err := b.exec(ctx, text, t.row(&v)...)
			if err != nil {
				return 0, err
			}
			changed += n
		}
		return changed, nil
	})
}

// newMetadataRow sorts what has no order of its own.
func newMetadataRow(d wiki.Metadata) metadataRow {
	row := metadataRow{Metadata: d}
	row.Labels = slices.Compact(slices.Sorted(slices.Values(d.Labels)))
	row.labels = strings.Join(row.Labels, "\n")
	var lines []string
	for _, s := range d.Readers {
		lines = append(lines, strings.Join([]string{"read", s.Type, s.ID, s.Name}, "\x1f"))
	}
	for _, s := range d.Editors {
		lines = append(lines, strings.Join([]string{"update", s.Type, s.ID, s.Name}, "\x1f"))
	}
	slices.Sort(lines)
	row.restrictions = strings.Join(slices.Compact(lines), "\n")
	return row
}

// putMarks replaces the labels and restrictions of a content. Both are states of
// the content, not objects: what went is told by the raw bytes alone.
func (b *batch) putMarks(ctx context.Context, d metadataRow) error {
	for _, text := range []string{"DELETE FROM label WHERE id = ?", "DELETE FROM restriction WHERE id = ?"} {
		if _, err := b.exec(ctx, text, d.ID); err != nil {
			return err
		}
	}
	for _, name := range d.Labels {
		if _, err := b.exec(ctx, "INSERT INTO label (id, name) VALUES (?, ?)", d.ID, name); err != nil {
			return err
		}
	}
	return errors.Join(b.putSubjects(ctx, d.ID, "read", d.Readers), b.putSubjects(ctx, d.ID, "update", d.Editors))
}

func (b *batch) putSubjects(ctx context.Context, id, operation string, subjects []wiki.Subject) error {
	for _, s := range subjects {
		_, err := b.exec(ctx, "INSERT OR IGNORE INTO restriction (id, operation, type, subject, name) VALUES (?, ?, "+
			"?, ?, ?)",
			id, operation, s.Type, s.ID, s.Name)
		if err != nil {
			return err
		}
	}
	return nil
}
