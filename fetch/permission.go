package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"iter"

	"agc-export/fetch/wiki"
)

// errPermission: an object that does not say who may do what.
var errPermission = errors.New("a permission without its subject or operation")

// Permissions returns who may do what in a space, by the order of the API, which tells ids alone.
// Optional: see IsAbsent.
func (c *Client) Permissions(ctx context.Context, spaceID string) iter.Seq2[wiki.Permission, error] {
	part, err := segment(spaceID)
	if err != nil {
		return refused[wiki.Permission]("space-permissions", "the space has no id")
	}
	return under(ctx, c, listing[wiki.Permission]{
		op: "space-permissions", path: "/api/v2/spaces/" + part + "/permissions", limit: limitV2, strict: true,
		decode: func(raw json.RawMessage) (wiki.Permission, error) {
			w, err := into[struct {
				ID        str
				Principal struct{ Type, ID str }
				Operation struct{ Key, TargetType str }
			}](raw)
			p := wiki.Permission{ID: string(w.ID), Subject: wiki.Subject{Type: string(w.Principal.Type),
				ID: string(w.Principal.ID)}, Operation: string(w.Operation.Key), Target: string(w.Operation.TargetType)}
			if err == nil && (p.Subject.Type == "" || p.Subject.ID == "" || p.Operation == "" || p.Target == "") {
				err = errPermission
			}
			return p, err
		},
		id: func(p wiki.Permission) string { return p.ID },
	})
}
