package fetch

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"

	"agc-export/fetch/wiki"
)

// wireContent is a page, blog post or node of the tree as v2 writes it.
type wireContent struct {
	ID         str
	Type       str // nodes only
	Status     str
	Title      maybe[string]
	SpaceID    str        `json:"spaceId"`
	ParentID   maybe[str] `json:"parentId"`
	ParentType maybe[str] `json:"parentType"`
	Position   num
	AuthorID   str `json:"authorId"`
	OwnerID    str `json:"ownerId"`
	Subtype    str
	CreatedAt  str
	Version    wireVersion
	Body       wireBody
	EmbedURL   str       `json:"embedUrl"`
	Links      wireLinks `json:"_links"`
}

// content returns the domain's form. Where the object does not name its type it
// is typ.
func (w wireContent) content(typ string, raw json.RawMessage) wiki.Content {
	c := wiki.Content{
		ID: string(w.ID), Type: typ, Status: shared(w.Status), Title: w.Title.value, SpaceID: shared(w.SpaceID),
		ParentID: string(w.ParentID.value), ParentType: shared(w.ParentType.value), Position: int(w.Position),
		AuthorID: shared(w.AuthorID), OwnerID: shared(w.OwnerID), Subtype: shared(w.Subtype),
		CreatedAt: string(w.CreatedAt), Version: w.Version.version(), WebUI: string(w.Links.WebUI),
		EmbedURL: string(w.EmbedURL), Raw: raw,
	}
	c.ParentUnknown = typ != wiki.TypeBlogPost && !w.placed()
	c.TitleUnknown = !w.Title.told || c.Title == "" && wiki.HasBody(typ)
	c.Body, c.HasBody = w.Body.storage()
	return c
}

// placed says whether the object tells its parent: by an id, or by null for both id and
// type where it stands at the top.
func (w wireContent) placed() bool {
	if w.ParentID.told {
		return w.ParentID.value != ""
	}
	return w.ParentID.null && w.ParentType.value == ""
}

// ContentQuery says which pages or blog posts to list.
type ContentQuery struct {
	Type     string   // TypePage or TypeBlogPost
	SpaceIDs []string // only of these spaces; nil: of all
	IDs      []string // only these; nil: all
	Statuses []string // nil: current, for pages archived too; blog posts are never archived
	Bodies   bool     // with the storage format
	Hasty    bool     // what fails is tried twice at most, and not in smaller parts
}

// Contents returns the pages or blog posts that q asks for, by id. Of any number of
// ids or spaces as many go into one call as the API allows; with both, each of the
// ids' calls asks for all spaces, which must then be at most 100. Empty lists that
// are not nil ask for nothing and cost nothing.
func (c *Client) Contents(ctx context.Context, q ContentQuery) iter.Seq2[wiki.Content, error] {
	path, ok := map[string]string{wiki.TypePage: "/api/v2/pages", wiki.TypeBlogPost: "/api/v2/blogposts"}[q.Type]
	if !ok || len(q.IDs) > 0 && len(q.SpaceIDs) > maxSpaces {
		return refused[wiki.Content]("contents", fmt.Sprintf("no listing of type %q with these filters", q.Type))
	}
	l := listing[wiki.Content]{
		op:    strings.TrimPrefix(path, "/api/v2/"),
		path:  path,
		limit: limitV2, hasty: q.Hasty,
		decode: func(raw json.RawMessage) (wiki.Content, error) {
			w, err := into[wireContent](raw)
			if err == nil {
				err = agree("id", string(w.ID), string(w.ID), told(string(w.Links.WebUI), contentAddress))
			}
			return w.content(q.Type, raw), err
		},
		id: func(v wiki.Content) string { return v.ID },
	}
	for _, s := range statuses(q) {
		l.query = l.query.with("status", s)
	}
	l.query = l.query.with("sort", "id")
	if q.Bodies {
		l.op += "+body"
		l.query = l.query.with("body-format", "storage")
	}
	return chain(c.batches(ctx, l, q)...)
}

// statuses returns the statuses to ask for, all of which the listing knows.
func statuses(q ContentQuery) []string {
	want := q.Statuses
	if want == nil {
		want = []string{wiki.StatusCurrent, wiki.StatusArchived}
	}
	if q.Type == wiki.TypePage {
		return want
	}
	return slices.DeleteFunc(slices.Clone(want), func(s string) bool { return s == wiki.StatusArchived })
}

// batches returns the listings that together answer q.
func (c *Client) batches(ctx context.Context, l listing[wiki.Content], q ContentQuery) []iter.Seq2[wiki.Content,
	error] {
	var seqs []iter.Seq2[wiki.Content, error]
	if len(statuses(q)) == 0 || empty(q.IDs) || empty(q.SpaceIDs) {
		return nil
	}
	add := func(query query) {
		l := l
		l.query = query
		seqs = append(seqs, under(ctx, c, l))
	}
	switch {
	case q.IDs != nil:
		for ids := range slices.Chunk(q.IDs, maxIDs) {
			add(l.query.with("id", strings.Join(ids, ",")).with("space-id", strings.Join(q.SpaceIDs, ",")))
		}
	case q.SpaceIDs != nil:
		for ids := range slices.Chunk(q.SpaceIDs, maxSpaces) {
			add(l.query.with("space-id", strings.Join(ids, ",")))
		}
	default:
		add(l.query)
	}
	return seqs
}

// empty says whether a filter asks for nothing.
func empty(filter []string) bool { return filter != nil && len(filter) == 0 }

// refused is a sequence of nothing but a request that is not sent.
func refused[T any](op, what string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		yield(zero, &Error{Origin: OriginClient, Op: op, Code: CodeRefused, Message: what})
	}
}

// nodePaths are the endpoints of what stands in the page tree beside pages. None
// of them has a listing.
var nodePaths = map[string]string{
	wiki.TypeFolder: "folders", wiki.TypeWhiteboard: "whiteboards", wiki.TypeDatabase: "databases",
	wiki.TypeEmbed: "embeds",
}

// Node returns one folder, whiteboard, database or Smart Link, also an archived
// one, which Nodes does not find.
func (c *Client) Node(ctx context.Context, typ, id string) (wiki.Content, error) {
	name, ok := nodePaths[typ]
	part, err := segment(id)
	if !ok || err != nil {
		return wiki.Content{}, &Error{Origin: OriginClient, Op: "node", Code: CodeRefused,
			Message: "no such type or id"}
	}
	root, err := c.root(ctx)
	if err != nil {
		return wiki.Content{}, err
	}
	w, raw, err := get[wireContent](ctx, c, call{op: name, path: root + "/api/v2/" + name + "/" + part})
	if err == nil && string(w.ID) != id {
		err = shape(name, "another object than was asked for, or one without an id")
	}
	if err != nil {
		return wiki.Content{}, err
	}
	return w.content(typ, raw), nil
}
