package fetch

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
)

// maxTypes is how many ids one call turns into types.
const maxTypes = 100

// ContentTypes returns the types of the contents with the ids: page, blogpost,
// attachment, footer-comment, inline-comment, and those of apps. Ids that are missing
// from it are gone, or not to be seen: the API does not tell which.
func (c *Client) ContentTypes(ctx context.Context, ids []string) (map[string]string, error) {
	const op = "content-types"
	types := map[string]string{}
	for some := range slices.Chunk(ids, maxTypes) {
		body, err := json.Marshal(map[string][]string{"contentIds": some})
		if err != nil {
			return nil, err
		}
		k := call{op: op, method: http.MethodPost, path: "/api/v2/content/convert-ids-to-types", body: body}
		results, err := one(ctx, c, k, func(raw json.RawMessage) (*map[string]str, error) {
			w, err := into[struct{ Results *map[string]str }](raw)
			return w.Results, err
		})
		if err == nil && results == nil {
			err = shape(op, "no results in the answer")
		}
		if err != nil {
			return nil, err
		}
		for id, typ := range *results {
			if typ != "" {
				types[id] = string(typ)
			}
		}
	}
	return types, nil
}
