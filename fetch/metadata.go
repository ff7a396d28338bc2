package fetch

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// nested is a collection within an object of v1. It is cut off after a number of
// entries that is not documented, with or without a link to the rest.
type nested[T any] struct {
	Results []T
	Limit   num
	Size    num
	Links   struct{ Next str } `json:"_links"`
}

// whole says whether a nested collection surely is complete.
func (n *nested[T]) whole() bool {
	return n == nil || n.Links.Next == "" && (n.Limit == 0 || len(n.Results) < int(n.Limit))
}

// labelled is a label; only those with the prefix "global" say something about
// content.
type labelled struct{ Name, Prefix str }

// restrictions are the restrictions of one content by operation. Nil means that
// they were not told.
type restrictions struct{ Read, Update *restriction }

// restriction is who may do one operation.
type restriction struct {
	Operation    str
	Restrictions struct {
		User  *nested[person]
		Group *nested[group]
	}
}

// group is a group as v1 writes it.
type group struct{ ID, Name str }

// subjects returns users, then groups, each by id.
func (r *restriction) subjects() []Subject {
	if r == nil {
		return nil
	}
	var out []Subject
	if u := r.Restrictions.User; u != nil {
		for _, p := range u.Results {
			out = append(out, Subject{Type: "user", ID: string(p.AccountID), Name: string(p.DisplayName)})
		}
	}
	if g := r.Restrictions.Group; g != nil {
		for _, v := range g.Results {
			out = append(out, Subject{Type: "group", ID: string(v.ID), Name: string(v.Name)})
		}
	}
	slices.SortFunc(out, func(a, b Subject) int {
		return cmp.Or(cmp.Compare(b.Type, a.Type), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// whole says whether the restriction surely is complete.
func (r *restriction) whole() bool {
	return r == nil || r.Restrictions.User.whole() && r.Restrictions.Group.whole()
}

// errUntold: an answer is silent about restrictions. To take that for none would
// publish what few may see.
var errUntold = errors.New("restrictions are not in the answer")

// check returns errUntold unless both operations name users and groups, if empty
// ones.
func (r *restrictions) check() error {
	if r == nil {
		return errUntold
	}
	for _, op := range []*restriction{r.Read, r.Update} {
		if op == nil || op.Restrictions.User == nil || op.Restrictions.Group == nil {
			return errUntold
		}
	}
	return nil
}

// Names of the content properties that are read. The search writes "_" for "-" in
// the names of expansions.
const (
	propEmoji      = "emoji-title-published"
	propAppearance = "content-appearance-published"
	propCover      = "cover-picture-id-published"
)

// metadataExpand is what Metadata is made of.
var metadataExpand = strings.Join([]string{
	"metadata.labels",
	"metadata.properties.emoji_title_published", "metadata.properties.content_appearance_published",
	"metadata.properties.cover_picture_id_published",
	"restrictions.read.restrictions.user", "restrictions.read.restrictions.group",
	"restrictions.update.restrictions.user", "restrictions.update.restrictions.group",
}, ",")

// Metadata returns what the search tells of the pages and blog posts of the
// spaces. It does not see archived pages, nor what the index has not taken in yet:
// a content that is missing here has unknown restrictions, not none (see
// ArchivedMetadata). Restrictions are the content's own; those of its ancestors
// hold as well.
func (c *Client) Metadata(ctx context.Context, in SearchIn) iter.Seq2[Metadata, error] {
	l := listing[found]{
		op:    "search:metadata",
		query: query{{"expand", metadataExpand}},
		decode: func(raw json.RawMessage) (found, error) {
			f, err := into[found](raw)
			f.raw = raw
			return f, err
		},
		id: func(f found) string { return string(f.ID) },
	}
	return func(yield func(Metadata, error) bool) {
		for f, err := range search(ctx, c, in, "type in (page,blogpost)", l) {
			var m Metadata
			if err == nil {
				m, err = c.metadata(ctx, f)
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

// metadata returns the domain's form of what was found, the rest of nested lists
// fetched.
func (c *Client) metadata(ctx context.Context, f found) (Metadata, error) {
	if f.Metadata.Labels == nil {
		return Metadata{}, shape("search:metadata", "labels are not in the answer")
	}
	m := Metadata{ID: string(f.ID), Labels: globals(f.Metadata.Labels.Results), Raw: f.raw}
	for key, prop := range f.Metadata.Properties {
		m.property(strings.ReplaceAll(key, "_", "-"), prop)
	}
	var err error
	if !f.Metadata.Labels.whole() {
		if m.Labels, err = c.labels(ctx, string(f.Type), m.ID); err != nil {
			return Metadata{}, err
		}
	}
	if f.Restrictions.check() != nil {
		_, err = c.restrict(ctx, &m)
		return m, err
	}
	return m, c.allow(ctx, &m, f.Restrictions)
}

// property takes the value of a content property that is known.
func (m *Metadata) property(key string, raw json.RawMessage) {
	p, err := into[struct{ Value json.RawMessage }](raw)
	value, wrong := into[str](p.Value)
	if err == nil && wrong != nil && key == propCover {
		m.Cover = string(p.Value)
	}
	if err != nil || wrong != nil {
		return // some other app's JSON value under the same name
	}
	switch key {
	case propEmoji:
		m.EmojiTitle = emoji(string(value))
	case propAppearance:
		m.Appearance = string(value)
	case propCover:
		m.Cover = string(value)
	}
}

// emoji returns the character of an emoji's id, hexadecimal code points with "-"
// between ("1f510", "1f468-200d-1f4bb"). Emoji of the site's own have other ids and
// no character: nothing.
func emoji(id string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(id, "-") {
		r, err := strconv.ParseUint(part, 16, 32)
		if err != nil || r < 0x20 || r > 0x10FFFF || r >= 0xD800 && r < 0xE000 || len(part) > 6 {
			return ""
		}
		b.WriteRune(rune(r))
	}
	return b.String()
}

// globals returns the names of the global labels, sorted, each once.
func globals(all []labelled) []string {
	var names []string
	for _, l := range all {
		if l.Prefix == "global" || l.Prefix == "" {
			names = append(names, string(l.Name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// labels asks for all labels of one content.
func (c *Client) labels(ctx context.Context, typ, id string) ([]string, error) {
	part, err := segment(id)
	if err != nil {
		return nil, err
	}
	var all []labelled
	for l, err := range under(ctx, c, listing[labelled]{
		op: "labels", path: "/api/v2/" + typ + "s/" + part + "/labels", limit: limitV2,
		query:  query{{"prefix", "global"}},
		decode: into[labelled],
		id:     func(l labelled) string { return string(l.Name) },
	}) {
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return globals(all), nil
}
