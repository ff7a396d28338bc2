package fetch

import (
	"context"
	"encoding/json"
	"strconv"
)

// restrictionLimit is how many users and groups one answer names.
const restrictionLimit = 100

// subjects returns who may do an operation, asking for the rest where the list at
// hand may be cut off.
func (c *Client) subjects(ctx context.Context, id, operation string, r *restriction) ([]Subject, error) {
	if r.whole() {
		return r.subjects(), nil
	}
	part, err := segment(id)
	if err != nil {
		return nil, err
	}
	root, err := c.root(ctx)
	if err != nil {
		return nil, err
	}
	k := call{op: "restriction", path: root + "/rest/api/content/" + part + "/restriction/byOperation/" + operation}
	all := unrestricted()
	for start := 0; ; start += restrictionLimit {
		k.query = query{{"expand", "restrictions.user,restrictions.group"},
			{"start", strconv.Itoa(start)}, {"limit", strconv.Itoa(restrictionLimit)}}
		next, _, err := get[restriction](ctx, c, k)
		if err != nil {
			return nil, err
		}
		users, groups := next.Restrictions.User, next.Restrictions.Group
		if users == nil || groups == nil {
			return nil, shape(k.op, errUntold.Error())
		}
		all.Restrictions.User.Results = append(all.Restrictions.User.Results, users.Results...)
		all.Restrictions.Group.Results = append(all.Restrictions.Group.Results, groups.Results...)
		if next.whole() || len(users.Results)+len(groups.Results) == 0 {
			return all.subjects(), nil
		}
	}
}

// paged is a collection in a single object of v2, cut off after 50 entries.
type paged[T any] struct {
	Results []T
	Meta    struct{ HasMore bool }
}

// archived is a page with its labels and properties.
type archived struct {
	ID         str
	Labels     *paged[labelled]
	Properties *paged[property]
}

// property is a content property of v2; only the values of known keys are read.
type property struct {
	Key   str
	Value json.RawMessage
}

// ArchivedMetadata returns the metadata of one page or blog post (TypePage,
// TypeBlogPost), at two calls. It is for archived pages and others that Metadata
// does not find. Raw is an object of the two answers, {"page":…,"restrictions":…}.
func (c *Client) ArchivedMetadata(ctx context.Context, typ, id string) (Metadata, error) {
	part, err := segment(id)
	if err != nil || typ != TypePage && typ != TypeBlogPost {
		return Metadata{}, &Error{Origin: OriginClient, Op: "page", Code: CodeRefused, Message: "no such type or id"}
	}
	root, err := c.root(ctx)
	if err != nil {
		return Metadata{}, err
	}
	k := call{op: typ, path: root + "/api/v2/" + typ + "s/" + part, query: query{
		{"include-labels", "true"}, {"include-properties", "true"}, {"status", StatusCurrent}}}
	if typ == TypePage {
		k.query = k.query.with("status", StatusArchived)
	}
	p, rawPage, err := get[archived](ctx, c, k)
	if err != nil {
		return Metadata{}, err
	}
	if p.Labels == nil || p.Properties == nil {
		return Metadata{}, shape(k.op, "labels or properties are not in the answer")
	}
	m := Metadata{ID: id, Labels: globals(p.Labels.Results)}
	if p.Labels.Meta.HasMore {
		if m.Labels, err = c.labels(ctx, typ, id); err != nil {
			return Metadata{}, err
		}
	}
	if err := c.properties(ctx, typ, &m, p.Properties); err != nil {
		return Metadata{}, err
	}
	rawRestrictions, err := c.restrict(ctx, &m)
	m.Raw = join(`{"page":`, rawPage, `,"restrictions":`, rawRestrictions, `}`)
	return m, err
}

// properties takes the known properties of a page, asking for each where the list
// at hand is cut off.
func (c *Client) properties(ctx context.Context, typ string, m *Metadata, p *paged[property]) error {
	take := func(v property) { m.property(string(v.Key), join(`{"value":`, v.Value, `}`)) }
	for _, v := range p.Results {
		take(v)
	}
	if !p.Meta.HasMore {
		return nil
	}
	part, err := segment(m.ID)
	if err != nil {
		return err
	}
	for _, key := range []string{propEmoji, propAppearance, propCover} {
		for v, err := range under(ctx, c, listing[property]{
			op: "properties", path: "/api/v2/" + typ + "s/" + part + "/properties", limit: limitV2,
			query: query{{"key", key}}, decode: into[property], id: func(v property) string { return string(v.Key) },
		}) {
			if err != nil {
				return err
			}
			take(v)
		}
	}
	return nil
}

// restrict asks who may read and edit a content, sets it in m, and returns the
// answer as it came.
func (c *Client) restrict(ctx context.Context, m *Metadata) (json.RawMessage, error) {
	part, err := segment(m.ID)
	if err != nil {
		return nil, err
	}
	root, err := c.root(ctx)
	if err != nil {
		return nil, err
	}
	k := call{op: "restriction", path: root + "/rest/api/content/" + part + "/restriction",
		query: query{{"expand", "restrictions.user,restrictions.group"}, {"limit", strconv.Itoa(restrictionLimit)}}}
	answer, raw, err := get[struct{ Results *[]*restriction }](ctx, c, k)
	if err != nil {
		return nil, err
	}
	if answer.Results == nil {
		return nil, shape(k.op, errUntold.Error())
	}
	r := restrictions{Read: unrestricted(), Update: unrestricted()}
	for _, v := range *answer.Results {
		switch {
		case v == nil:
		case v.Operation == "read":
			r.Read = v
		case v.Operation == "update":
			r.Update = v
		}
	}
	if err := r.check(); err != nil {
		return nil, shape(k.op, err.Error())
	}
	return raw, c.allow(ctx, m, &r)
}

// unrestricted is what holds for an operation that a complete list leaves out.
func unrestricted() *restriction {
	r := &restriction{}
	r.Restrictions.User, r.Restrictions.Group = &nested[person]{}, &nested[group]{}
	return r
}

// allow sets readers and editors.
func (c *Client) allow(ctx context.Context, m *Metadata, r *restrictions) (err error) {
	if m.Readers, err = c.subjects(ctx, m.ID, "read", r.Read); err != nil {
		return err
	}
	m.Editors, err = c.subjects(ctx, m.ID, "update", r.Update)
	return err
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
