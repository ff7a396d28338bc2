package fetch

import (
	"context"
	"encoding/json"
	"iter"
	"strings"
)

// found is a content as the search of v1 writes it. What it holds depends on the
// expansions that were asked for.
type found struct {
	ID      str
	Type    str
	Status  str
	Title   str
	Space   struct{ ID, Key str }
	History struct {
		CreatedDate str
		CreatedBy   person
		OwnedBy     person
	}
	Version struct {
		Number    num
		When      str
		Message   str
		MinorEdit bool
		By        person
	}
	Ancestors  []struct{ ID, Type str }
	Extensions struct {
		Position num
		EmbedURL str `json:"embedUrl"`
	}
	Metadata struct {
		Labels     *nested[labelled]
		Properties map[string]json.RawMessage
	}
	Restrictions *restrictions
	Links        wireLinks `json:"_links"`

	raw json.RawMessage
}

// person is a user as v1 writes it.
type person struct {
	AccountID   str `json:"accountId"`
	DisplayName str
	PublicName  str
}

// content returns the domain's form of a node.
func (f found) content(raw json.RawMessage) Content {
	c := Content{
		ID: string(f.ID), Type: string(f.Type), Status: string(f.Status), Title: string(f.Title),
		SpaceID: string(f.Space.ID), SpaceKey: string(f.Space.Key), Position: int(f.Extensions.Position),
		AuthorID: string(f.History.CreatedBy.AccountID), OwnerID: string(f.History.OwnedBy.AccountID),
		CreatedAt: string(f.History.CreatedDate), WebUI: string(f.Links.WebUI), EmbedURL: string(f.Extensions.EmbedURL),
		Version: f.version(), Raw: raw,
	}
	if n := len(f.Ancestors); n > 0 {
		c.ParentID, c.ParentType = string(f.Ancestors[n-1].ID), string(f.Ancestors[n-1].Type)
	}
	return c
}

// version returns the domain's form of the version.
func (f found) version() Version {
	return Version{
		Number: int(f.Version.Number), CreatedAt: string(f.Version.When), AuthorID: string(f.Version.By.AccountID),
		Message: string(f.Version.Message), MinorEdit: f.Version.MinorEdit,
	}
}

// nodeExpand is what a node needs beside its id and title.
const nodeExpand = "ancestors,version,history,history.ownedBy,space,extensions.position"

// Nodes returns the folders, whiteboards, databases and Smart Links of the spaces.
// The search that finds them does not see archived ones, runs up to some minutes
// behind, and does not tell where a Smart Link leads: ask Node.
func (c *Client) Nodes(ctx context.Context, spaceKeys []string) iter.Seq2[Content, error] {
	return search(ctx, c, spaceKeys, "type in (folder,whiteboard,database,embed)", listing[Content]{
		op:    "search:nodes",
		query: query{{"expand", nodeExpand}},
		decode: func(raw json.RawMessage) (Content, error) {
			f, err := into[found](raw)
			return f.content(raw), err
		},
		id: func(v Content) string { return v.ID },
	})
}

// search lists what a clause of CQL finds in the spaces, as many spaces a query as
// fit.
func search[T any](ctx context.Context, c *Client, spaceKeys []string, clause string, l listing[T]) iter.Seq2[T, error] {
	l.path, l.limit = "/rest/api/content/search", limitSearch
	var seqs []iter.Seq2[T, error]
	for _, names := range quoted(spaceKeys) {
		l := l
		cql := "space in (" + names + ") and " + clause
		l.query = append(query{{"cql", cql}}, l.query...)
		seqs = append(seqs, under(ctx, c, l))
	}
	return chain(seqs...)
}

// quoted returns lists of CQL strings with commas between, each within
// maxSearchText bytes and maxSpaces strings.
func quoted(keys []string) []string {
	var lists []string
	var b strings.Builder
	n := 0
	for _, key := range keys {
		s := quote(key)
		if n > 0 && (n >= maxSpaces || b.Len()+len(s) > maxSearchText) {
			lists, n = append(lists, b.String()), 0
			b.Reset()
		}
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s)
		n++
	}
	if n > 0 {
		lists = append(lists, b.String())
	}
	return lists
}

// quote writes s as a string of CQL.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
