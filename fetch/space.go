package fetch

import (
	"context"
	"encoding/json"
	"iter"
)

// wireSpace is a space as v2 writes it.
type wireSpace struct {
	ID          str
	Key         str
	Name        str
	Type        str
	Status      str
	HomepageID  str `json:"homepageId"`
	AuthorID    str `json:"authorId"`
	CreatedAt   str
	Description *struct {
		Plain *struct{ Value str }
	}
	Links wireLinks `json:"_links"`
}

// Spaces returns the spaces of all types that have the status (StatusCurrent or
// StatusArchived), by id, with their descriptions.
func (c *Client) Spaces(ctx context.Context, status string) iter.Seq2[Space, error] {
	return under(ctx, c, listing[Space]{
		op:     "spaces",
		path:   "/api/v2/spaces",
		query:  query{{"status", status}, {"description-format", "plain"}, {"sort", "id"}},
		limit:  limitV2,
		decode: decodeSpace,
		id:     func(s Space) string { return s.ID },
	})
}

func decodeSpace(raw json.RawMessage) (Space, error) {
	w, err := into[wireSpace](raw)
	s := Space{
		ID: string(w.ID), Key: string(w.Key), Name: string(w.Name), Type: string(w.Type), Status: string(w.Status),
		HomepageID: string(w.HomepageID), AuthorID: string(w.AuthorID), CreatedAt: string(w.CreatedAt),
		WebUI: string(w.Links.WebUI), Raw: raw,
	}
	if w.Description != nil && w.Description.Plain != nil {
		s.Description = string(w.Description.Plain.Value)
	}
	return s, err
}
