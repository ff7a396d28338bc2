package mirror

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"unique"

	"agc-export/export/held"
	"agc-export/fetch/wiki"
)

// WalkEntries walks over all contents, those that are gone too, without body and raw
// bytes and with their metadata, sorted by id (by number).
func (m *Mirror) WalkEntries(ctx context.Context) iter.Seq2[Entry, error] {
	query := "SELECT content." + strings.Join(contents.columns, ", content.") + `, content.sum,
			coalesce(d.emoji_title, ''), coalesce(d.appearance, ''), coalesce(d.cover, ''), coalesce(d.sum, ''),
			v.id IS NOT NULL, coalesce(k.id, v.level, ''), coalesce(k.name, ''), coalesce(k.color, ''),
			coalesce(t.name, ''), coalesce(t.color, ''), coalesce(t.version, 0),
			coalesce(f.at, '')
		FROM content LEFT JOIN metadata d ON d.id = content.id
		LEFT JOIN content_level v ON v.id = content.id LEFT JOIN classification k ON k.id = v.level
		LEFT JOIN content_state t ON t.id = content.id
		LEFT JOIN content_fetched f ON f.id = content.id
		WHERE (digits, content.id) > (?, ?) ORDER BY digits, content.id LIMIT ?`
	return func(yield func(Entry, error) bool) {
		scan, all := newEntryScanner(), make([]Entry, 0, sweepSize)
		load := func(last *Entry) ([]Entry, error) {
			after := []any{-1, "", sweepSize}
			if last != nil {
				after = []any{len(last.ID), last.ID, sweepSize}
			}
			all = all[:0]
			err := m.rows(ctx, func(rows *sql.Rows) error {
				err := scan.next(rows)
				all = append(all, scan.e)
				return err
			}, query, after...)
			if err == nil {
				err = m.addMarks(ctx, all)
			}
			return all, wrap("reading content", err)
		}
		sweep(load)(yield)
	}
}

// entryScanner scans one entry after the other into the same places.
type entryScanner struct {
	row   contentRow
	e     Entry
	facts Facts
	into  []any
}

func newEntryScanner() *entryScanner {
	s := new(entryScanner)
	e, f := &s.e, &s.facts
	s.into = append(contentFields(&s.row), &e.Sum, &f.EmojiTitle, &f.Appearance, &f.Cover, &e.MetadataSum,
		&f.Classified, &f.Level.ID, &f.Level.Name, &f.Level.Color, &f.State.Name, &f.State.Color, &f.StateOf,
		&e.Fetched)
	return s
}

func (s *entryScanner) next(rows *sql.Rows) error {
	s.row, s.e = contentRow{}, Entry{}
	err := rows.Scan(s.into...)
	e := &s.e
	e.Content, e.Gone = s.row.Content, s.row.gone
	for _, text := range []*string{&e.Type, &e.Status, &e.SpaceID, &e.SpaceKey, &e.ParentType, &e.AuthorID, &e.OwnerID,
		&e.Version.AuthorID, &e.Version.Message, &e.Fetched} {
		*text = unique.Make(*text).Value() // one of few: as many contents as there are share it
	}
	e.HasBody, e.BodyVersion = s.row.bodyVersion.Valid, int(s.row.bodyVersion.Int64)
	e.HasMetadata, e.Shared = e.MetadataSum != "", Share(s.facts)
	return err
}

// addMarks adds labels and restrictions to entries, by one query each.
func (m *disk) addMarks(ctx context.Context, all []Entry) error {
	ids := make([]string, len(all))
	byID := make(map[string]*Entry, len(all))
	for i := range all {
		ids[i] = all[i].ID
		byID[all[i].ID] = &all[i]
	}
	which, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	var id, name string
	err = m.rows(ctx, func(rows *sql.Rows) error {
		err := rows.Scan(&id, &name)
		byID[id].Labels = append(byID[id].Labels, name)
		return err
	}, "SELECT id, name FROM label WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id, name", string(which))
	if err != nil {
		return err
	}
	return m.rows(ctx, func(rows *sql.Rows) error {
		var operation string
		var s wiki.Subject
		err := rows.Scan(&id, &operation, &s.Type, &s.ID, &s.Name)
		e := byID[id]
		if operation == "read" {
			e.Readers = append(e.Readers, s)
		} else {
			e.Editors = append(e.Editors, s)
		}
		return err
	}, `SELECT id, operation, type, subject, name FROM restriction WHERE id IN (SELECT value FROM json_each(?))
		ORDER BY id, operation, type, subject, name`, string(which))
}

// Body returns the storage body of a content, "" when it has none. The error is
// fs.ErrNotExist when the mirror does not know the id.
func (m *Mirror) Body(ctx context.Context, id string) (string, error) {
	var raw, body sql.NullString
	found := false
	err := m.rows(ctx, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(&raw, &body)
	}, "SELECT raw, body FROM content_raw WHERE id = ?", id)
	if err == nil && !found {
		err = fs.ErrNotExist
	}
	if !body.Valid {
		body.String, _ = held.Body(raw.String)
	}
	return body.String, wrap(fmt.Sprintf("reading the body of %s", id), err)
}

// Kinds of what Raw reads beside those of MarkGone: what the search told of a content, and older versions.
const (
	KindMetadata          Kind = "metadata"
	KindVersion           Kind = "content_version"
	KindAttachmentVersion Kind = "attachment_version"
)

// Raw returns the bytes of an object as the API sent them last, and its storage body where these lack it. The
// version counts where the kind has several of an object. The error is fs.ErrNotExist where the mirror has none.
func (m *Mirror) Raw(ctx context.Context, kind Kind, id string, version int) (raw json.RawMessage, body string,
	err error) {
	query, ok := map[Kind]string{
		KindContent:           "SELECT raw, body FROM content_raw WHERE id = ?1 AND ?2 = ?2",
		KindMetadata:          "SELECT raw, NULL FROM metadata WHERE id = ?1 AND ?2 = ?2",
		KindVersion:           "SELECT raw, body FROM content_version WHERE id = ?1 AND version = ?2",
		KindAttachment:        "SELECT raw, NULL FROM attachment WHERE id = ?1 AND ?2 = ?2",
		KindAttachmentVersion: "SELECT raw, NULL FROM attachment_version WHERE id = ?1 AND version = ?2",
	}[kind]
	found, beside := false, sql.NullString{}
	if ok {
		err = m.rows(ctx, func(rows *sql.Rows) error {
			found = true
			return rows.Scan((*[]byte)(&raw), &beside)
		}, query, id, version)
	}
	if err == nil && !found {
		err = fs.ErrNotExist
	}
	return raw, beside.String, wrap(fmt.Sprintf("reading the raw bytes of %s", id), err)
}

// Entries returns all that Index has, in the order of ids.
func (m *Mirror) Entries(ctx context.Context) ([]Entry, error) {
	var all []Entry
	err := m.rows(ctx, func(rows *sql.Rows) error {
		var n int
		err := rows.Scan(&n)
		all = make([]Entry, 0, n)
		return err
	}, "SELECT count(*) FROM content")
	if err != nil {
		return nil, wrap("counting contents", err)
	}
	for e, err := range m.WalkEntries(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b Entry) int { return CompareIDs(a.ID, b.ID) })
	return all, nil
}
