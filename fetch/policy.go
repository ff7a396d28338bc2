package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"iter"

	"agc-export/fetch/wiki"
)

// ContentBlocked says whether an administrator's access rule hides content from the
// connection: lists and searches then leave it out without a word, and a mirror is
// not complete. Optional: see IsAbsent.
func (c *Client) ContentBlocked(ctx context.Context) (bool, error) {
	const op = "data-policy"
	blocked, err := one(ctx, c, call{op: op, path: "/api/v2/data-policies/metadata"},
		func(raw json.RawMessage) (*bool, error) {
			w, err := into[struct{ AnyContentBlocked *bool }](raw)
			return w.AnyContentBlocked, err
		})
	switch {
	case err != nil:
		return false, err
	case blocked == nil:
		return false, shape(op, "nothing about blocked content in the answer")
	}
	return *blocked, nil
}

// BlockedSpaces returns the spaces of which an access rule hides content, as far as
// the API tells about them: id, key and name. Optional: see IsAbsent.
func (c *Client) BlockedSpaces(ctx context.Context) iter.Seq2[wiki.Space, error] {
	type policy struct {
		wiki.Space
		blocked bool
	}
	all := under(ctx, c, listing[policy]{
		op: "blocked-spaces", path: "/api/v2/data-policies/spaces", limit: limitV2, query: query{{"sort", "id"}},
		decode: func(raw json.RawMessage) (policy, error) {
			w, err := into[struct {
				ID, Key, Name str
				DataPolicy    struct{ AnyContentBlocked bool }
			}](raw)
			return policy{wiki.Space{ID: string(w.ID), Key: string(w.Key), Name: string(w.Name), Raw: raw},
				w.DataPolicy.AnyContentBlocked}, err
		},
		id: func(p policy) string { return p.ID },
	})
	return func(yield func(wiki.Space, error) bool) {
		for p, err := range all {
			if err == nil && !p.blocked {
				continue
			}
			if !yield(p.Space, err) || err != nil {
				return
			}
		}
	}
}

// wireClassification is a level as v2 writes it.
type wireClassification struct {
	ID          str
	Name        str
	Description str
	Guideline   str
	Color       str
	Order       num
	Status      str
}

func decodeClassification(raw json.RawMessage) (wiki.Classification, error) {
	w, err := into[wireClassification](raw)
	return wiki.Classification{
		ID: string(w.ID), Name: string(w.Name), Description: string(w.Description), Guideline: string(w.Guideline),
		Color: string(w.Color), Order: int(w.Order), Status: string(w.Status), Raw: raw,
	}, err
}

// errLevels: an answer that is no list of levels.
var errLevels = errors.New("no levels in the answer")

// Classifications returns the levels of the organisation. Optional: see IsAbsent;
// editions without data classification answer 404.
func (c *Client) Classifications(ctx context.Context) ([]wiki.Classification, error) {
	const op = "classification-levels"
	return one(ctx, c, call{op: op, path: "/api/v2/classification-levels"},
		func(raw json.RawMessage) ([]wiki.Classification, error) {
			list, err := into[[]json.RawMessage](raw)
			if p, wrong := into[page](raw); err != nil && wrong == nil && p.Results != nil {
				list = *p.Results // an object with a list, as other collections
			}
			if list == nil {
				return nil, errLevels
			}
			var all []wiki.Classification
			for _, raw := range list {
				v, err := decodeClassification(raw)
				if err != nil || v.ID == "" {
					return nil, errLevels
				}
				all = append(all, v)
			}
			return all, nil
		})
}

// SpaceClassification returns the level that contents of a space have by default. An
// error that IsAbsent: it has none.
func (c *Client) SpaceClassification(ctx context.Context, spaceID string) (wiki.Classification, error) {
	return c.classification(ctx, "space-classification", "spaces", spaceID, "/classification-level/default", nil)
}

// ContentClassification returns the level of one page, blog post, whiteboard or
// database in a status, at a call each. For pages and blog posts the API wants a
// scope that allows to write. An error that IsAbsent: it has none, or that scope is
// missing.
func (c *Client) ContentClassification(ctx context.Context, typ, id, status string) (wiki.Classification, error) {
	var q query
	op := typ + "s:classification"
	if typ == wiki.TypePage || typ == wiki.TypeBlogPost {
		op, q = "classification", q.with("status", status)
	}
	return c.classification(ctx, op, typ+"s", id, "/classification-level", q)
}

// classification asks for one level.
func (c *Client) classification(ctx context.Context, op, kind, id, name string, q query) (wiki.Classification, error) {
	part, err := segment(id)
	known := set("spaces", "pages", "blogposts", "whiteboards", "databases")
	if err != nil || !known[kind] {
		return wiki.Classification{}, &Error{Origin: OriginClient, Op: op, Code: CodeRefused,
			Message: "no such type or id"}
	}
	v, err := one(ctx, c, call{op: op, path: "/api/v2/" + kind + "/" + part + name, query: q}, decodeClassification)
	if err == nil && v.ID == "" {
		err = shape(op, "a classification without an id")
	}
	return v, err
}
