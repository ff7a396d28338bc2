package mirror

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"agc-export/export/seal"
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

// fingerprinted are the tables of all that can be published.
var fingerprinted = []string{"space", "content", "metadata", "attachment", "attachment_blob", "comment", "user",
	"issue", "space_icon", "classification", "space_level", "content_level", "content_state", "content_fetched",
	"task", "content_version", "attachment_version"}

// Fingerprint returns a SHA-256 over the ids and sums of all rows that can be
// published: two mirrors have the same one exactly if they hold the same. Run
// state and the account are left out. It reads no bodies.
func (m *Mirror) Fingerprint(ctx context.Context) (string, error) {
	h := sha256.New()
	site, _, err := m.Site(ctx)
	fmt.Fprintf(h, "%q %q %q\n", site.CloudID, site.URL, site.Name)
	for _, name := range fingerprinted {
		if err != nil {
			break
		}
		var s seal.Table
		s, err = m.sealOf(ctx, name)
		fmt.Fprintf(h, "%s %d %s\n", name, s.Rows, s.Sum)
	}
	if err != nil {
		return "", wrap("taking the fingerprint", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
