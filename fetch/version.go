package fetch

import (
	"context"
	"encoding/json"
	"iter"
	"strconv"

	"agc-export/fetch/wiki"
)

// limitBodies is how many versions an answer holds where bodies are asked for.
const limitBodies = 50

// wireContentVersion is a version of a page or blog post as v2 lists it.
type wireContentVersion struct {
	wireVersion
	Page, BlogPost struct {
		ID    str
		Title str
		Body  wireBody
	}
}

// ContentVersions returns the versions of a page or blog post, the newest first,
// with their bodies where asked for. What has no body there, or says that it is another
// object's, ContentAt may have.
func (c *Client) ContentVersions(ctx context.Context, typ, id string, bodies bool) iter.Seq2[wiki.ContentVersion,
	error] {
	if typ == "" {
		return refused[wiki.ContentVersion]("versions", "no such type")
	}
	path, err := below(typ, id, "versions")
	if err != nil {
		return refused[wiki.ContentVersion]("versions", err.Error())
	}
	l := listing[wiki.ContentVersion]{
		op: "versions", path: path, limit: limitV2, strict: true, query: query{{"sort", "-modified-date"}},
		decode: func(raw json.RawMessage) (wiki.ContentVersion, error) {
			w, err := into[wireContentVersion](raw)
			of := w.Page
			if typ == wiki.TypeBlogPost {
				of = w.BlogPost
			}
			if err == nil {
				err = numbered(w.wireVersion, id)
			}
			v := wiki.ContentVersion{Version: w.version()}
			if of.ID == "" || string(of.ID) == id { // else title and body may be another content's
				v.Title, v.Raw = string(of.Title), raw
				v.Body, v.HasBody = of.Body.storage()
			}
			return v, err
		},
		id: func(v wiki.ContentVersion) string { return strconv.Itoa(v.Number) },
	}
	if bodies {
		l.op, l.limit = l.op+"+body", limitBodies
		l.query = l.query.with("body-format", "storage")
	}
	return under(ctx, c, l)
}

// numbered is an error for a version that has no number: asked for by that, it would be the
// newest.
func numbered(v wireVersion, of string) error {
	if v.Number < 1 {
		return &oddError{of, "a version without a number"}
	}
	return nil
}

// ContentAt returns a page or blog post as it was at a version, with its body.
func (c *Client) ContentAt(ctx context.Context, typ, id string, version int) (wiki.Content, error) {
	part, err := segment(id)
	if err != nil || typ != wiki.TypePage && typ != wiki.TypeBlogPost || version < 1 {
		return wiki.Content{}, &Error{Origin: OriginClient, Op: "page", Code: CodeRefused,
			Message: "no such type, id or version"}
	}
	k := call{op: typ + "+body", path: "/api/v2/" + typ + "s/" + part,
		query: query{{"version", strconv.Itoa(version)}, {"body-format", "storage"}}}
	v, err := one(ctx, c, k, func(raw json.RawMessage) (wiki.Content, error) {
		w, err := into[wireContent](raw)
		return w.content(typ, raw), err
	})
	if err == nil && (v.ID != id || v.Version.Number != version || !v.HasBody) {
		err = shape(k.op, "not the version that was asked for, or no body")
	}
	return v, err
}
