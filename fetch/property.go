package fetch

import (
	"context"
	"encoding/json"
	"iter"

	"agc-export/fetch/wiki"
)

// propertyPaths are the endpoints of what has content properties.
var propertyPaths = map[string]string{
	wiki.TypePage: "pages", wiki.TypeBlogPost: "blogposts",
	wiki.TypeFolder: "folders", wiki.TypeWhiteboard: "whiteboards", wiki.TypeDatabase: "databases",
	wiki.TypeEmbed: "embeds",
}

// Properties returns the content properties of one content of any type. The few that
// concern readers are in Metadata, in bulk.
func (c *Client) Properties(ctx context.Context, typ, id string) iter.Seq2[wiki.Property, error] {
	name, known := propertyPaths[typ]
	part, err := segment(id)
	if !known || err != nil {
		return refused[wiki.Property]("properties", "no such type or id")
	}
	op := "properties"
	if nodePaths[typ] != "" {
		op = name + ":properties" // of another scope than those of pages
	}
	return under(ctx, c, listing[wiki.Property]{
		op: op, path: "/api/v2/" + name + "/" + part + "/properties", limit: limitV2,
		decode: func(raw json.RawMessage) (wiki.Property, error) {
			w, err := into[struct {
				ID, Key str
				Value   json.RawMessage
				Version wireVersion
			}](raw)
			return wiki.Property{ID: string(w.ID), Key: string(w.Key), Value: w.Value, Version: w.Version.version(),
				Raw: raw}, err
		},
		id: func(p wiki.Property) string { return p.Key },
	})
}
