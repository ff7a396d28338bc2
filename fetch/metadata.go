package fetch

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"agc-export/fetch/wiki"
)

// labelled is a label; only those with the prefix "global" say something about
// content.
type labelled struct{ Name, Prefix str }

// properties are content properties by key; only those of known keys are read.
type properties map[string]json.RawMessage

// Names of the content properties that are read. The search writes "_" for "-" in
// the names of expansions.
const (
	propEmoji      = "emoji-title-published"
	propAppearance = "content-appearance-published"
	propCover      = "cover-picture-id-published"
)

// placeExpand is what tells where a content stands.
const placeExpand = "ancestors,space"

// metadataExpand is what else Metadata is made of: as many parts of parts as the search
// expands at once.
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
func (c *Client) Metadata(ctx context.Context, in SearchIn) iter.Seq2[wiki.Metadata, error] {
	return func(yield func(wiki.Metadata, error) bool) {
		begun := false
		for m, err := range c.searchMetadata(ctx, in, metadataExpand+","+placeExpand) {
			if !begun && IsQuery(err) {
				c.placedApart(ctx, in)(yield)
				return
			}
			begun = true
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

// placedApart is Metadata of two searches, for a site that counts the expansions of
// places among the eight that it allows.
func (c *Client) placedApart(ctx context.Context, in SearchIn) iter.Seq2[wiki.Metadata, error] {
	return func(yield func(wiki.Metadata, error) bool) {
		places := map[string]wiki.Metadata{}
		for f, err := range c.searchPages(ctx, in, "search:places", placeExpand) {
			if err != nil {
				yield(wiki.Metadata{}, err)
				return
			}
			places[string(f.ID)] = f.metadata()
		}
		for m, err := range c.searchMetadata(ctx, in, metadataExpand) {
			at := places[m.ID]
			m.Ancestors, m.HasAncestors, m.SpaceID = at.Ancestors, at.HasAncestors, at.SpaceID
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

// searchMetadata is Metadata of one search.
func (c *Client) searchMetadata(ctx context.Context, in SearchIn, expand string) iter.Seq2[wiki.Metadata, error] {
	return func(yield func(wiki.Metadata, error) bool) {
		for f, err := range c.searchPages(ctx, in, "search:metadata", expand) {
			var m wiki.Metadata
			if err == nil {
				m, err = c.metadata(ctx, f)
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

// searchPages finds pages and blog posts.
func (c *Client) searchPages(ctx context.Context, in SearchIn, op, expand string) iter.Seq2[found, error] {
	return search(ctx, c, in, "type in (page,blogpost)", listing[found]{
		op:     op,
		query:  query{{"expand", expand}},
		decode: decodeFound,
		id:     func(f found) string { return string(f.ID) },
	})
}

// metadata returns the domain's form of what was found, the rest of nested lists
// fetched. What the answer does not tell of restrictions or labels is asked for alone.
func (c *Client) metadata(ctx context.Context, f found) (wiki.Metadata, error) {
	m := f.metadata()
	m.Raw = without(f.raw, "ancestors", "space")
	for _, key := range slices.Sorted(maps.Keys(f.Metadata.value.Properties.value)) {
		takeProperty(&m, strings.ReplaceAll(key, "_", "-"), f.Metadata.value.Properties.value[key])
	}
	if p := f.Metadata.value.Properties; p.null || p.odd {
		lack(&m, wiki.LackProperties)
	}
	err := c.label(ctx, &m, string(f.Type), &f.Metadata.value.Labels.value)
	if err != nil {
		return wiki.Metadata{}, err
	}
	access, told, err := c.access(ctx, m.ID, f.Restrictions, opRead, opUpdate)
	if err == nil && !told {
		access, _, err = c.restrict(ctx, m.ID)
	}
	m.Access, err = unanswered(access, err)
	return m, err
}

// metadata returns what the search tells of any content's place.
func (f found) metadata() wiki.Metadata {
	m := wiki.Metadata{ID: string(f.ID), Place: wiki.Place{SpaceID: string(f.Space.value.ID)}, Title: f.Title.value}
	m.Ancestors, m.HasAncestors = f.above()
	return m
}

// lack notes once that something was not told.
func lack(m *wiki.Metadata, what string) {
	if !slices.Contains(m.Lacking, what) {
		m.Lacking = append(m.Lacking, what)
	}
}

// label takes the labels of a content out of a list, where that is whole, and asks for
// them otherwise. That they cannot be had is no error of other contents.
func (c *Client) label(ctx context.Context, m *wiki.Metadata, typ string, told *nested[labelled]) error {
	if told.whole(0, func(l *labelled) bool { return l.Name != "" }) && !told.more() {
		m.Labels = globals(told.list())
		return nil
	}
	var err error
	m.Labels, err = c.labels(ctx, typ, m.ID)
	if silent(err) {
		lack(m, wiki.LackLabels)
		return nil
	}
	return err
}

// silent says whether an error is about one object that is gone, or answers oddly or not at all.
func silent(err error) bool {
	return IsAlone(err) || is(err, func(e *Error) bool { return e.Code == CodeRefused })
}

// takeProperty takes the value of a content property that is known.
func takeProperty(m *wiki.Metadata, key string, raw json.RawMessage) {
	p, err := into[struct{ Value json.RawMessage }](raw)
	if known := key == propEmoji || key == propAppearance ||
		key == propCover; known && (p.Value == nil || string(p.Value) == "null") {
		lack(m, wiki.LackProperties)
		return
	}
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
func globals(all []*labelled) []string {
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
	path, err := below(typ, id, "labels")
	if err != nil || id == "" {
		return nil, &Error{Origin: OriginClient, Op: "labels", Code: CodeRefused, Message: "no such type or id"}
	}
	var all []*labelled
	for l, err := range under(ctx, c, listing[labelled]{
		op: "labels", path: path, limit: limitV2, strict: true,
		query:  query{{"prefix", "global"}},
		decode: into[labelled],
		id:     func(l labelled) string { return string(l.Name) },
	}) {
		if err != nil {
			return nil, err
		}
		all = append(all, &l)
	}
	return globals(all), nil
}
