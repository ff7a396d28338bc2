package fetch

import (
	"context"
	"encoding/json"
	"iter"

	"agc-export/fetch/wiki"
)

// wireSpace is a space as v2 writes it.
type wireSpace struct {
	ID          str
	Key         maybe[string] // what is no text is no key
	Name        str
	Type        str
	Status      str
	HomepageID  str `json:"homepageId"`
	AuthorID    str `json:"authorId"`
	CreatedAt   str
	Description *struct {
		Plain *struct{ Value str }
	}
	Icon *struct {
		Path            str
		APIDownloadLink str `json:"apiDownloadLink"`
	}
	Links wireLinks `json:"_links"`
}

// Spaces returns the spaces of all types that have the status (StatusCurrent or
// StatusArchived), by id, with their descriptions.
func (c *Client) Spaces(ctx context.Context, status string) iter.Seq2[wiki.Space, error] {
	return under(ctx, c, listing[wiki.Space]{
		op:     "spaces",
		path:   "/api/v2/spaces",
		query:  query{{"status", status}, {"description-format", "plain"}, {"include-icon", "true"}, {"sort", "id"}},
		limit:  limitV2,
		decode: decodeSpace,
		id:     func(s wiki.Space) string { return s.ID },
	})
}

func decodeSpace(raw json.RawMessage) (wiki.Space, error) {
	w, err := into[wireSpace](raw)
	s := wiki.Space{
		ID: string(w.ID), Key: w.Key.value, Name: string(w.Name), Type: string(w.Type), Status: string(w.Status),
		HomepageID: string(w.HomepageID), AuthorID: string(w.AuthorID), CreatedAt: string(w.CreatedAt),
		WebUI: string(w.Links.WebUI), Raw: raw,
	}
	if w.Description != nil && w.Description.Plain != nil {
		s.Description = string(w.Description.Plain.Value)
	}
	if w.Icon != nil {
		s.IconPath, s.IconSource = string(w.Icon.APIDownloadLink), string(w.Icon.Path)
	}
	return s, err
}
