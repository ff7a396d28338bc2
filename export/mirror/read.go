package mirror

import (
	"context"
	"database/sql"
	"iter"
	"strings"

	"agc-export/fetch/wiki"
)

// sweepSize is how many rows an iterator reads at a time: a query a sweep, no
// lock and no open cursor while the loop's body runs, and memory for so many rows.
const sweepSize = 250

// sweep joins the answers of load, which returns up to sweepSize rows that come
// after last (from the start when it is nil), into one sequence.
func sweep[T any](load func(last *T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var last *T
		for {
			rows, err := load(last)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, v := range rows {
				if !yield(v, nil) {
					return
				}
			}
			if len(rows) < sweepSize {
				return
			}
			last = &rows[len(rows)-1]
		}
	}
}

// Spaces returns all spaces, those that are gone too, sorted by key and id.
func (m *Mirror) Spaces(ctx context.Context) ([]Space, error) { return m.spaces(ctx) }

func (m *disk) spaces(ctx context.Context) ([]Space, error) {
	fields := func(s *Space) []any {
		return append(spaces.fields(s), &s.Icon.Source, &s.Icon.Sum, &s.Icon.Size,
			&s.Classification.ID, &s.Classification.Name, &s.Classification.Color)
	}
	all, err := list(ctx, m, fields, "SELECT space."+strings.Join(spaces.columns, ", space.")+`,
			coalesce(i.source, ''), coalesce(i.sha256, ''), coalesce(b.size, 0),
			coalesce(k.id, v.level, ''), coalesce(k.name, ''), coalesce(k.color, '')
		FROM space LEFT JOIN space_icon i ON i.id = space.id LEFT JOIN blob b ON b.sha256 = i.sha256
		LEFT JOIN space_level v ON v.id = space.id LEFT JOIN classification k ON k.id = v.level
		ORDER BY space.key, space.id`)
	return all, wrap("reading spaces", err)
}

// Users returns all accounts by account id.
func (m *Mirror) Users(ctx context.Context) (map[string]wiki.User, error) {
	all, err := list(ctx, m.disk, users.fields, "SELECT "+users.selection()+" FROM user")
	byID := make(map[string]wiki.User, len(all))
	for _, u := range all {
		byID[u.AccountID] = u
	}
	return byID, wrap("reading users", err)
}

// Attachments walks over all attachments, those that are gone too, without their raw bytes,
// sorted by page id (by number), title and id.
func (m *Mirror) Attachments(ctx context.Context) iter.Seq2[Attachment, error] {
	query := "SELECT " + strings.TrimSuffix(attachments.selection(), "raw") + `NULL,
			coalesce(v.blob_version, 0), coalesce(v.sha256, ''), coalesce(b.size, 0)
		FROM attachment
		LEFT JOIN (SELECT id AS blob_of, version AS blob_version, sha256 FROM attachment_blob) v
		ON v.blob_of = attachment.id AND v.blob_version = (SELECT max(o.version) FROM attachment_blob o
			WHERE o.id = attachment.id AND o.version <= attachment.version)
		LEFT JOIN blob b USING (sha256)
		WHERE (page_digits, page_id, title, id) > (?, ?, ?, ?)
		ORDER BY page_digits, page_id, title, id LIMIT ?`
	fields := func(a *Attachment) []any {
		return append(attachments.fields(a), &a.Kept.Version, &a.Kept.Sum, &a.Kept.Size)
	}
	return sweep(func(last *Attachment) ([]Attachment, error) {
		after := []any{-1, "", "", "", sweepSize}
		if last != nil {
			after = []any{len(last.PageID), last.PageID, last.Title, last.ID, sweepSize}
		}
		all, err := list(ctx, m.disk, fields, query, after...)
		for i := range all {
			a := &all[i]
			if a.Kept.Version == a.Version.Number {
				a.Blob, a.BlobSize, a.Kept = a.Kept.Sum, a.Kept.Size, Blob{}
			}
		}
		return all, wrap("reading attachments", err)
	})
}

// Comments returns the comments of a page or blog post, those that are gone too,
// in the order of their creation (that of their ids).
func (m *Mirror) Comments(ctx context.Context, pageID string) ([]Comment, error) {
	return m.comments(ctx, `page_digits = length(?1) AND page_id = ?1 ORDER BY digits, id`, pageID)
}

// AllComments walks over all comments, those that are gone too, sorted by page id
// (by number) and then as Comments does.
func (m *Mirror) AllComments(ctx context.Context) iter.Seq2[Comment, error] {
	return sweep(func(last *Comment) ([]Comment, error) {
		after := []any{-1, "", -1, "", sweepSize}
		if last != nil {
			after = []any{len(last.PageID), last.PageID, len(last.ID), last.ID, sweepSize}
		}
		return m.comments(ctx, `(page_digits, page_id, digits, id) > (?, ?, ?, ?)
			ORDER BY page_digits, page_id, digits, id LIMIT ?`, after...)
	})
}

// comments returns the comments that a condition chooses, with their bodies.
func (m *disk) comments(ctx context.Context, where string, args ...any) ([]Comment, error) {
	rows, err := list(ctx, m, comments.fields, "SELECT "+comments.selection()+" FROM comment WHERE "+where, args...)
	all := make([]Comment, len(rows))
	for i, row := range rows {
		all[i] = row.Comment
		all[i].Body = text(string(row.Raw), row.body)
	}
	return all, wrap("reading comments", err)
}

// RowSum is the checksum of a row, which changes with any of its columns.
type RowSum struct{ ID, Sum string }

// CommentSums returns the checksums of the comments of each page, those that are gone too, in the
// order of their ids. A page without comments is not in it.
func (m *Mirror) CommentSums(ctx context.Context) (map[string][]RowSum, error) {
	all := map[string][]RowSum{}
	err := m.rows(ctx, func(rows *sql.Rows) error {
		var page string
		var row RowSum
		err := rows.Scan(&page, &row.ID, &row.Sum)
		all[page] = append(all[page], row)
		return err
	}, "SELECT page_id, id, sum FROM comment ORDER BY digits, id")
	return all, wrap("reading what comments there are", err)
}

// Stored counts what is here of the objects that the mirror knows and that are not gone.
type Stored struct {
	Contents   int `json:"contents_known"`
	Whole      int `json:"contents_stored"` // with the body of their version, where they have one
	Comments   int `json:"comments_stored"`
	Files      int `json:"attachments_known"`
	WholeFiles int `json:"attachments_stored"` // with the bytes of their version
}

// Add adds the figures of another part of the mirror.
func (n *Stored) Add(o Stored) {
	n.Contents, n.Whole, n.Comments = n.Contents+o.Contents, n.Whole+o.Whole, n.Comments+o.Comments
	n.Files, n.WholeFiles = n.Files+o.Files, n.WholeFiles+o.WholeFiles
}

// Stored counts them by the id of their space.
func (m *Mirror) Stored(ctx context.Context) (map[string]Stored, error) {
	all := map[string]Stored{}
	err := m.rows(ctx, func(rows *sql.Rows) error {
		var space string
		var n Stored
		err := rows.Scan(&space, &n.Contents, &n.Whole, &n.Comments, &n.Files, &n.WholeFiles)
		all[space] = n
		return err
	}, `SELECT space_id, count(*), sum(type NOT IN ('page', 'blogpost') OR coalesce(body_version, 0) >= version),
			sum((SELECT count(*) FROM comment c WHERE c.page_digits = length(content.id) AND c.page_id = content.id
				AND c.gone = '')),
			sum((SELECT count(*) FROM attachment a WHERE a.page_digits = length(content.id)
				AND a.page_id = content.id AND a.gone = '')),
			sum((SELECT count(*) FROM attachment a JOIN attachment_blob b ON b.id = a.id AND b.version = a.version
				WHERE a.page_digits = length(content.id) AND a.page_id = content.id AND a.gone = ''))
		FROM content WHERE gone = '' GROUP BY space_id`)
	return all, wrap("counting what is here", err)
}

// Value is a value that a field of present objects has.
type Value struct {
	Field string // "parentType", "space type", ...
	Value string
	ID    string // of one object that has it
	Count int    // of all
}

// Values returns the values of the fields that say what an object is and in what state.
func (m *Mirror) Values(ctx context.Context) (all []Value, err error) {
	fields := func(v *Value) []any { return []any{&v.Field, &v.Value, &v.ID, &v.Count} }
	all, err = list(ctx, m.disk, fields, `
		SELECT 'parentType', parent_type, min(id), count(*) FROM content WHERE gone = '' GROUP BY parent_type
		UNION ALL SELECT 'attachment status', status, min(id), count(*) FROM attachment WHERE gone = '' GROUP BY status
		UNION ALL SELECT 'comment status', status, min(id), count(*) FROM comment WHERE gone = '' GROUP BY status
		UNION ALL SELECT 'space status', status, min(id), count(*) FROM space WHERE gone = '' GROUP BY status
		UNION ALL SELECT 'space type', type, min(id), count(*) FROM space WHERE gone = '' GROUP BY type
		ORDER BY 1, 2`)
	return all, wrap("reading values", err)
}
