package mirror

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
)

// Identity says which site the mirror is of, and by whose eyes it was seen.
type Identity struct {
	CloudID     string
	URL         string // "https://acme.atlassian-us-gov-mod.net", without a slash at its end
	Name        string
	AccountID   string // the account whose permissions bound what the mirror holds
	AccountName string
}

// Site returns whose mirror this is; false while nobody has said so.
func (m *Mirror) Site(ctx context.Context) (Identity, bool, error) {
	all, err := list(ctx, m.disk, sites.fields, "SELECT "+sites.selection()+" FROM site")
	if err != nil || len(all) == 0 {
		return Identity{}, false, wrap("reading the site", err)
	}
	return all[0].Identity, true, nil
}

// SetSite notes whose mirror this is. Whether another identity may take the place
// of the one that is there is for the caller to judge.
func (m *Mirror) SetSite(ctx context.Context, id Identity) error {
	_, err := put(ctx, m.disk, sites, []Identity{id}, func(id Identity) siteRow { return siteRow{id, 1} })
	return err
}

// note returns what setNote kept under key, "" if nothing.
func (m *disk) note(ctx context.Context, key string) (string, error) {
	all, err := list(ctx, m, notes.fields, "SELECT "+notes.selection()+" FROM state WHERE id = ?", key)
	if err != nil || len(all) == 0 {
		return "", wrap("reading state", err)
	}
	return all[0].value, nil
}

// setNote keeps a small note between runs. It is no content: fingerprints leave
// it out.
func (m *disk) setNote(ctx context.Context, key, value string) error {
	_, err := put(ctx, m, notes, []note{{key, value}}, func(n note) note { return n })
	return err
}

// fingerprints reads key and sum of everything that can be published, in an
// order that an index gives. Of the site it leaves the account out.
var fingerprints = []string{
	"SELECT cloud_id || char(10) || url, name FROM site",
	"SELECT id, sum FROM space ORDER BY id",
	"SELECT id, sum FROM content ORDER BY id",
	"SELECT id, sum FROM metadata ORDER BY id",
	"SELECT id, sum FROM attachment ORDER BY id",
	"SELECT id || ' ' || version, sum FROM attachment_blob ORDER BY id, version",
	"SELECT id, sum FROM comment ORDER BY id",
	"SELECT id, sum FROM user ORDER BY id",
	"SELECT id, sum FROM issue ORDER BY id",
	"SELECT id, sum FROM space_icon ORDER BY id",
	"SELECT id, sum FROM classification ORDER BY id",
	"SELECT id, sum FROM space_level ORDER BY id",
	"SELECT id, sum FROM content_level ORDER BY id",
	"SELECT id, sum FROM content_state ORDER BY id",
	"SELECT id, sum FROM task ORDER BY id",
	"SELECT id || ' ' || version, sum FROM content_version ORDER BY id, version",
	"SELECT id || ' ' || version, sum FROM attachment_version ORDER BY id, version",
}

// Fingerprint returns a SHA-256 over the ids and sums of all rows that can be
// published: two mirrors have the same one exactly if they hold the same. Run
// state and the account are left out. It reads no bodies.
func (m *Mirror) Fingerprint(ctx context.Context) (string, error) {
	h := sha256.New()
	for i, text := range fingerprints {
		fmt.Fprintf(h, "%d\n", i)
		err := m.rows(ctx, func(rows *sql.Rows) error {
			var id, sum sql.RawBytes
			if err := rows.Scan(&id, &sum); err != nil {
				return err
			}
			fmt.Fprintf(h, "%d:%s%s\n", len(id), id, sum)
			return nil
		}, text)
		if err != nil {
			return "", wrap("taking the fingerprint", err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
