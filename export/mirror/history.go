package mirror

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"agc-export/export/held"
	"agc-export/fetch/wiki"
)

// versionRow is a version of a content as it lies in the table content_version.
type versionRow struct {
	id string // of the content
	wiki.ContentVersion
	body sql.NullString // where raw does not hold it
}

var contentVersions = table[versionRow]{
	name: "content_version", keys: 2,
	columns: slices.Concat([]string{"id"}, versionColumns(), []string{"title", "has_body", "raw", "body"}),
	fields: func(v *versionRow) []any {
		return slices.Concat([]any{&v.id}, versionFields(&v.Version),
			[]any{&v.Title, &v.HasBody, (*[]byte)(&v.Raw), &v.body})
	},
}

var attachmentVersions = table[wiki.Attachment]{
	name: "attachment_version", keys: 2,
	columns: slices.Concat([]string{"id"}, versionColumns(),
		[]string{"title", "media_type", "comment", "file_size", "raw"}),
	fields: func(a *wiki.Attachment) []any {
		return slices.Concat([]any{&a.ID}, versionFields(&a.Version),
			[]any{&a.Title, &a.MediaType, &a.Comment, &a.FileSize, (*[]byte)(&a.Raw)})
	},
}

// AttachmentVersion is an attachment as it was at one version.
type AttachmentVersion struct {
	wiki.Attachment      // without Status, PageID, FileID and DownloadPath
	Blob            Blob // its bytes; Sum is "" where they could not be fetched
}

// PutVersions writes versions of a content. One without a body takes none away.
func (m *Mirror) PutVersions(ctx context.Context, contentID string, list []wiki.ContentVersion) (int, error) {
	return m.update(ctx, "writing versions", func(b *batch) (int, error) {
		changed := 0
		for _, v := range list {
			row := versionRow{id: contentID, ContentVersion: v}
			if held, ok := versionBody(v.Raw); v.HasBody && (!ok || held != v.Body) {
				row.body = sql.NullString{String: v.Body, Valid: true}
			}
			if !v.HasBody {
				var n int
				have, err := b.row(ctx, []any{&n},
					"SELECT 1 FROM content_version WHERE id = ? AND version = ? AND has_body = 1", contentID, v.Number)
				if err != nil {
					return 0, err
				}
				if have {
					continue
				}
			}
			n, err := b.exec(ctx, contentVersions.upsert(), contentVersions.row(&row)...)
			if err != nil {
				return 0, err
			}
			changed += n
		}
		return changed, nil
	})
}

// versionBody returns the storage body in a version of a page or blog post, or of
// the content itself.
func versionBody(raw json.RawMessage) (string, bool) {
	if body, ok := held.Body(string(raw)); ok {
		return body, true
	}
	var o struct{ Page, BlogPost json.RawMessage }
	if len(raw) == 0 || json.Unmarshal(raw, &o) != nil {
		return "", false
	}
	if body, ok := held.Body(string(o.Page)); ok {
		return body, true
	}
	return held.Body(string(o.BlogPost))
}

// Versions returns the versions of a page or blog post that the mirror knows, the
// newest first, without Body and Raw: HasBody says which have a body, for
// VersionBody. There are none where the configuration did not ask for them.
func (m *Mirror) Versions(ctx context.Context, contentID string) ([]wiki.ContentVersion, error) {
	fields := func(v *wiki.ContentVersion) []any { return append(versionFields(&v.Version), &v.Title, &v.HasBody) }
	all, err := list(ctx, m.disk, fields, `
		SELECT version, version_at, version_author, version_message, version_minor, title, has_body
		FROM content_version WHERE id = ? ORDER BY version DESC`, contentID)
	return all, wrap("reading versions", err)
}

// VersionBody returns the storage body of a page or blog post at a version. The error
// is fs.ErrNotExist where the mirror does not have it.
func (m *Mirror) VersionBody(ctx context.Context, contentID string, number int) (string, error) {
	rows, err := list(ctx, m.disk, contentVersions.fields, "SELECT "+contentVersions.selection()+
		" FROM content_version WHERE id = ? AND version = ? AND has_body = 1", contentID, number)
	if err == nil && len(rows) == 0 {
		err = fs.ErrNotExist
	}
	if err != nil {
		return "", wrap(fmt.Sprintf("reading version %d of %s", number, contentID), err)
	}
	if rows[0].body.Valid {
		return rows[0].body.String, nil
	}
	body, _ := versionBody(rows[0].Raw)
	return body, nil
}

// History says how much of a content's history the mirror has.
type History struct {
	Newest   int               // the newest version of which it knows
	Bodiless int               // versions whose body it lacks
	Sum      [sha256.Size]byte // changes with any of the versions
	Bodies   []VersionSum      // versions whose body it has, the oldest first
}

// VersionSum is a version by its number, with a sum that changes with anything of it.
type VersionSum struct {
	Number int
	Sum    [16]byte
}

// Histories returns what the mirror has of the history of each content.
func (m *Mirror) Histories(ctx context.Context) (map[string]History, error) {
	all := map[string]History{}
	err := m.rows(ctx, func(rows *sql.Rows) error {
		var id, sum string
		var version, bodiless int
		err := rows.Scan(&id, &version, &bodiless, &sum)
		h := all[id]
		if own := sha256.Sum256([]byte(sum)); bodiless == 0 {
			h.Bodies = append(h.Bodies, VersionSum{version, [16]byte(own[:16])})
		}
		all[id] = History{version, h.Bodiless + bodiless, sha256.Sum256(append(h.Sum[:], sum...)), h.Bodies}
		return err
	}, "SELECT id, version, has_body = 0, sum FROM content_version ORDER BY id, version")
	return all, wrap("reading histories", err)
}

// PutAttachmentVersions writes versions of attachments, without their bytes: see
// WriteBlob and SetBlobs.
func (m *Mirror) PutAttachmentVersions(ctx context.Context, list []wiki.Attachment) (int, error) {
	return put(ctx, m.disk, attachmentVersions, list, func(a wiki.Attachment) wiki.Attachment { return a })
}

// AttachmentVersions returns the versions of an attachment that the mirror knows, the
// newest first. There are none where the configuration did not ask for them.
func (m *Mirror) AttachmentVersions(ctx context.Context, attachmentID string) ([]AttachmentVersion, error) {
	fields := func(v *AttachmentVersion) []any {
		return append(attachmentVersions.fields(&v.Attachment), &v.Blob.Sum, &v.Blob.Size)
	}
	columns := "v." + strings.Join(attachmentVersions.columns, ", v.")
	all, err := list(ctx, m.disk, fields, "SELECT "+columns+`, coalesce(b.sha256, ''), coalesce(f.size, 0)
		FROM attachment_version v LEFT JOIN attachment_blob b ON b.id = v.id AND b.version = v.version
		LEFT JOIN blob f ON f.sha256 = b.sha256 WHERE v.id = ? ORDER BY v.version DESC`, attachmentID)
	for i := range all {
		all[i].Blob.Version = all[i].Version.Number
	}
	return all, wrap("reading versions", err)
}

// VersionAuthors returns the accounts that made versions of contents and attachments.
func (m *Mirror) VersionAuthors(ctx context.Context) ([]string, error) {
	all, err := list(ctx, m.disk, func(s *string) []any { return []any{s} },
		"SELECT version_author FROM content_version UNION SELECT version_author FROM attachment_version")
	return all, wrap("reading versions", err)
}

// Kept is an object as it once was, for a hold.
type Kept struct {
	ID, Row string // kind and id: content/123; the sum of the row that it had
	Version int    // 0: it has none
	Raw     json.RawMessage
	Body    sql.NullString // where Raw does not hold it
	On      string         // id of the content that it is, or that it stands on
	Is      bool           // the last answer about it said the same
	Blob    string         // SHA-256 of the bytes that a file has at this version, "" for none
}

var keptRows = table[Kept]{
	name: "kept", keys: 2, columns: []string{"id", "row", "version", "raw", "body"},
	fields: func(k *Kept) []any { return []any{&k.ID, &k.Row, &k.Version, (*[]byte)(&k.Raw), &k.Body} },
}

// Kept walks over all that was kept for holds, sorted by kind and id as text.
func (m *Mirror) Kept(ctx context.Context) iter.Seq2[Kept, error] {
	fields := func(k *Kept) []any { return append(keptRows.fields(k), &k.On, &k.Is, &k.Blob) }
	return sweep(func(last *Kept) ([]Kept, error) {
		after := []any{"", "", sweepSize}
		if last != nil {
			after = []any{last.ID, last.Row, sweepSize}
		}
		all, err := list(ctx, m.disk, fields, `SELECT k.id, k.row, k.version, k.raw, k.body,
			coalesce(a.page_id, o.page_id, substr(k.id, instr(k.id, '/') + 1)),
			k.raw IS coalesce(c.raw, d.raw, a.raw, o.raw) AND k.body IS coalesce(c.body, o.body),
			coalesce(b.sha256, '') FROM kept k
			LEFT JOIN content_raw c ON k.id LIKE 'content/%' AND c.id = substr(k.id, 9)
			LEFT JOIN metadata d ON k.id LIKE 'metadata/%' AND d.id = substr(k.id, 10)
			LEFT JOIN attachment a ON k.id LIKE 'attachment/%' AND a.id = substr(k.id, 12)
			LEFT JOIN attachment_blob b ON b.id = a.id AND b.version = k.version
			LEFT JOIN comment o ON k.id LIKE 'comment/%' AND o.id = substr(k.id, 9)
			WHERE (k.id, k.row) > (?, ?) ORDER BY k.id, k.row LIMIT ?`, after...)
		return all, wrap("reading what was kept", err)
	})
}

// Keep keeps contents as they are now, with metadata, files and comments, and says how much of that is new.
func (m *Mirror) Keep(ctx context.Context, ids []string) (n int, err error) {
	for some := range slices.Chunk(ids, sweepSize) {
		which, _ := json.Marshal(some) // texts never fail
		const own = "IN (SELECT value FROM json_each(?))"
		const on = "ON page_id = j.value AND page_digits = length(j.value) WHERE true"
		for _, query := range []string{
			`SELECT 'content/' || o.id, o.sum, version, raw, body FROM content o JOIN content_raw r ON r.id = o.id
				WHERE o.id ` + own,
			"SELECT 'metadata/' || id, sum, 0, raw, NULL FROM metadata o WHERE id " + own,
			"SELECT 'attachment/' || o.id, sum, version, raw, NULL FROM json_each(?) j CROSS JOIN attachment o " + on,
			"SELECT 'comment/' || o.id, sum, version, raw, body FROM json_each(?) j CROSS JOIN comment o " + on,
		} {
			kind, _, _ := strings.Cut(query[len("SELECT "):], " ||")
			all, err := list(ctx, m.disk, keptRows.fields, query+" AND o.sum <> '' AND NOT EXISTS (SELECT 1 FROM "+
				"kept k WHERE k.id = "+kind+" || o.id AND k.row = o.sum)", string(which))
			if err == nil && len(all) > 0 {
				_, err = put(ctx, m.disk, keptRows, all, func(k Kept) Kept { return k })
			}
			if n += len(all); err != nil {
				return n, wrap("keeping what is held", err)
			}
		}
	}
	return n, nil
}
