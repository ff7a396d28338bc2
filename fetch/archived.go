package fetch

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"agc-export/fetch/wiki"
)

// includedMax is how many entries a collection within a single object of v2 holds.
const includedMax = 50

// paged is a collection in a single object of v2.
type paged[T any] struct {
	Results *[]*T
	Meta    struct{ HasMore bool }
}

// whole says whether the collection is all there.
func (p *paged[T]) whole() bool {
	return p.Results != nil && !p.Meta.HasMore && len(*p.Results) < includedMax && !slices.Contains(*p.Results, nil)
}

// archived is a page with its labels and properties.
type archived struct {
	wireContent
	Labels     maybe[paged[labelled]]
	Properties maybe[paged[property]]
}

// property is a content property of v2; only the values of known keys are read.
type property struct {
	Key   str
	Value json.RawMessage
}

// ArchivedMetadata returns the metadata of one page or blog post (TypePage,
// TypeBlogPost), at three calls. It is for archived pages and others that Metadata
// does not find. Raw is an object of the two answers, {"page":…,"restrictions":…}. Where
// they do not tell the restrictions that is no error, see Access.Untold.
func (c *Client) ArchivedMetadata(ctx context.Context, typ, id string) (wiki.Metadata, error) {
	part, err := segment(id)
	if err != nil || typ != wiki.TypePage && typ != wiki.TypeBlogPost {
		return wiki.Metadata{}, &Error{Origin: OriginClient, Op: "page", Code: CodeRefused,
			Message: "no such type or id"}
	}
	root, err := c.root(ctx)
	if err != nil {
		return wiki.Metadata{}, err
	}
	k := call{op: typ, path: root + "/api/v2/" + typ + "s/" + part, query: query{
		{"include-labels", "true"}, {"include-properties", "true"}, {"status", wiki.StatusCurrent}}}
	if typ == wiki.TypePage {
		k.query = k.query.with("status", wiki.StatusArchived)
	}
	p, rawPage, err := get[archived](ctx, c, k)
	if err != nil {
		return wiki.Metadata{}, err
	}
	m := wiki.Metadata{ID: id}
	if string(p.ID) != id {
		m.Untold = "another page than the one that was asked for"
		return m, nil
	}
	stand(&m, p.content(typ, nil))
	if err := errors.Join(c.labelArchived(ctx, &m, typ, &p.Labels.value),
		c.properties(ctx, typ, &m, &p.Properties.value)); err != nil {
		return wiki.Metadata{}, err
	}
	access, rawRestrictions, err := c.restrict(ctx, id)
	m.Access, m.Raw = access, join(`{"page":`, rawPage, `,"restrictions":`, rawRestrictions, `}`)
	return m, err
}

// stand takes what a content's own answer tells of its place and its title.
func stand(m *wiki.Metadata, c wiki.Content) {
	m.SpaceID, m.HasAncestors, m.Title = c.SpaceID, !c.ParentUnknown, c.Title
	if c.ParentID != "" {
		m.Ancestors = []string{c.ParentID}
	}
}

// labelArchived does what label does, for a collection of v2.
func (c *Client) labelArchived(ctx context.Context, m *wiki.Metadata, typ string, p *paged[labelled]) error {
	n := &nested[labelled]{Results: p.Results}
	if !p.whole() {
		n = nil
	}
	return c.label(ctx, m, typ, n)
}

// properties takes the known properties of a page, asking for each where the list
// at hand is cut off.
func (c *Client) properties(ctx context.Context, typ string, m *wiki.Metadata, p *paged[property]) error {
	take := func(v property) {
		takeProperty(m, string(v.Key), join(`{"value":`, cmp.Or(string(v.Value), "null"), `}`))
	}
	if p.whole() {
		for _, v := range *p.Results {
			take(*v)
		}
		return nil
	}
	path, err := below(typ, m.ID, "properties")
	if err != nil {
		return err
	}
	for _, key := range []string{propEmoji, propAppearance, propCover} {
		for v, err := range under(ctx, c, listing[property]{
			op: "properties", path: path, limit: limitV2, strict: true,
			query: query{{"key", key}}, decode: into[property], id: func(v property) string { return string(v.Key) },
		}) {
			if silent(err) {
				lack(m, wiki.LackProperties)
				return nil
			}
			if err != nil {
				return err
			}
			take(v)
		}
	}
	return nil
}

// join puts pieces of JSON together.
func join(pieces ...any) json.RawMessage {
	var out json.RawMessage
	for _, p := range pieces {
		switch p := p.(type) {
		case string:
			out = append(out, p...)
		case []byte:
			out = append(out, p...)
		case json.RawMessage:
			out = append(out, p...)
		}
	}
	return out
}
