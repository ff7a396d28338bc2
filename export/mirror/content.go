package mirror

import (
	"context"
	"database/sql"
	"time"

	"agc-export/export/held"
	"agc-export/export/seal"
	"agc-export/fetch/wiki"
)

// fetched is when what the row of a content holds was fetched.
type fetched struct{ id, at string }

var contentFetched = table[fetched]{
	name: "content_fetched", columns: []string{"id", "at"},
	fields: func(f *fetched) []any { return []any{&f.id, &f.at} },
}

// FetchedAt says when what PutContents writes from now on was fetched: a row that it changes gets this time, all
// others keep theirs. Until it is called rows get none.
func (m *Mirror) FetchedAt(at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = at.UTC().Format(time.RFC3339)
}

// PutContents writes contents. A content with HasBody brings its body in Raw. One
// without (a folder, a listing without bodies) never takes a body away: where the
// mirror has one it stays, with BodyVersion saying which version it belongs to;
// and where nothing but the missing body differs, the row is not touched.
func (m *Mirror) PutContents(ctx context.Context, list []wiki.Content) (int, error) {
	return m.update(ctx, "writing content", func(b *batch) (int, error) {
		changed, text := 0, contents.upsert()
		for _, c := range list {
			row, err := b.contentRow(ctx, c)
			if err != nil {
				return 0, err
			}
			n, err := b.exec(ctx, text, contents.row(&row)...)
			if err == nil && n > 0 {
				_, err = b.exec(ctx, `INSERT INTO content_raw (id, raw, body) VALUES (?, ?, ?)
					ON CONFLICT (id) DO UPDATE SET raw = excluded.raw, body = excluded.body`,
					row.ID, seal.Values([]any{(*[]byte)(&row.Raw)})[0], row.body)
			}
			if err == nil && n > 0 && m.at != "" {
				when := fetched{row.ID, m.at}
				_, err = b.exec(ctx, contentFetched.upsert(), contentFetched.row(&when)...)
			}
			if err != nil {
				return 0, err
			}
			changed += n
		}
		return changed, nil
	})
}

// contentRow returns the row that c makes, with the stored body where c has none.
func (b *batch) contentRow(ctx context.Context, c wiki.Content) (contentRow, error) {
	row := contentRow{Content: c}
	if c.HasBody {
		row.bodyVersion = sql.NullInt64{Int64: int64(c.Version.Number), Valid: true}
		if body, ok := held.Body(string(c.Raw)); !ok || body != c.Body {
			row.body = sql.NullString{String: c.Body, Valid: true}
		}
		return row, nil
	}
	var old contentRow
	ok, err := b.row(ctx, contents.fields(&old), "SELECT "+contents.selection()+" FROM content WHERE id = ?", c.ID)
	if err != nil || !ok || !old.bodyVersion.Valid {
		return row, err
	}
	row.bodyVersion = old.bodyVersion
	same := row
	same.Raw, same.body, same.gone = old.Raw, old.body, old.gone
	if seal.Digest(contents.names(), seal.Values(contents.fields(&same))) == seal.Digest(contents.names(),
		seal.Values(contents.fields(&old))) {
		same.gone = ""
		return same, nil
	}
	row.body = sql.NullString{String: old.text(), Valid: true}
	return row, nil
}

// text returns the body that the row holds.
func (c *contentRow) text() string { return text(string(c.Raw), c.body) }

// text returns the body that is in raw unless it lies beside it.
func text(raw string, beside sql.NullString) string {
	if beside.Valid {
		return beside.String
	}
	body, _ := held.Body(raw)
	return body
}
