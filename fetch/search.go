package fetch

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strings"

	"agc-export/fetch/wiki"
)

// found is a content as the search of v1 writes it. What it holds depends on the
// expansions that were asked for.
type found struct {
	ID      str
	Type    str
	Status  str
	Title   maybe[string]
	Space   maybe[struct{ ID, Key str }]
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
	Ancestors  maybe[[]*struct{ ID, Type str }]
	Extensions struct {
		Position num
		EmbedURL str `json:"embedUrl"`
	}
	Metadata maybe[struct {
		Labels     maybe[nested[labelled]]
		Properties maybe[properties]
	}]
	Restrictions maybe[restrictions]
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
func (f found) content(raw json.RawMessage) wiki.Content {
	c := wiki.Content{
		ID: string(f.ID), Type: string(f.Type), Status: string(f.Status), Title: f.Title.value,
		TitleUnknown: !f.Title.told,
		SpaceID:      string(f.Space.value.ID), SpaceKey: string(f.Space.value.Key),
		Position: int(f.Extensions.Position),
		AuthorID: string(f.History.CreatedBy.AccountID), OwnerID: string(f.History.OwnedBy.AccountID),
		CreatedAt: string(f.History.CreatedDate), WebUI: string(f.Links.WebUI), EmbedURL: string(f.Extensions.EmbedURL),
		Version: f.version(), Raw: raw,
	}
	if ids, told := f.above(); !told {
		c.ParentUnknown = true
	} else if n := len(ids); n > 0 {
		c.ParentID, c.ParentType = ids[n-1], string(f.Ancestors.value[n-1].Type)
	}
	return c
}

// above returns the ids of what the content stands below, from the top on, and whether
// they are told, each of them.
func (f found) above() (ids []string, told bool) {
	for _, a := range f.Ancestors.value {
		if a == nil || a.ID == "" {
			return nil, false
		}
		ids = append(ids, string(a.ID))
	}
	return ids, f.Ancestors.told
}

// version returns the domain's form of the version.
func (f found) version() wiki.Version {
	return wiki.Version{
		Number: int(f.Version.Number), CreatedAt: string(f.Version.When), AuthorID: string(f.Version.By.AccountID),
		Message: string(f.Version.Message), MinorEdit: f.Version.MinorEdit,
	}
}

// nodeExpand is what a node needs beside its id and title: as much as the search expands.
const nodeExpand = "ancestors,version,history,history.ownedBy,space,extensions.position," +
	"restrictions.read.restrictions.user,restrictions.read.restrictions.group"

// Spaces that a search looks into. Archived ones are searched by another endpoint than
// current ones, so that each asks for one kind.
type SearchIn struct {
	Keys     []string
	Archived bool // all of them are archived spaces
}

// Nodes returns the folders, whiteboards, databases and Smart Links of the spaces, and
// who may see them as far as the search tells that; see Restrictions where it does not.
// The search that finds them does not see archived ones, runs up to some minutes
// behind, and does not tell where a Smart Link leads: ask Node. A site that does not take
// the question for all four kinds is asked for each of them; one that it does not search is
// a *KindError, after which the others follow.
func (c *Client) Nodes(ctx context.Context, in SearchIn) iter.Seq2[wiki.Found, error] {
	return func(yield func(wiki.Found, error) bool) {
		begun := false
		for n, err := range c.nodes(ctx, in, "type in ("+strings.Join(nodeKinds, ",")+")") {
			if !begun && err != nil && (IsQuery(err) || IsAbsent(err)) {
				c.nodesApart(ctx, in)(yield)
				return
			}
			if begun = true; !yield(n, err) || err != nil {
				return
			}
		}
	}
}

// nodeKinds are the types that Nodes finds.
var nodeKinds = []string{wiki.TypeFolder, wiki.TypeWhiteboard, wiki.TypeDatabase, wiki.TypeEmbed}

// KindError says that a site does not search one type of content.
type KindError struct {
	Type string
	Err  error
}

func (e *KindError) Error() string { return e.Type + ": " + e.Err.Error() }

func (e *KindError) Unwrap() error { return e.Err }

// nodesApart is Nodes of a search for each type.
func (c *Client) nodesApart(ctx context.Context, in SearchIn) iter.Seq2[wiki.Found, error] {
	return func(yield func(wiki.Found, error) bool) {
		for _, kind := range nodeKinds {
			for n, err := range c.nodes(ctx, in, "type = "+kind) {
				fatal := err != nil
				if err != nil && (IsQuery(err) || IsAbsent(err)) {
					err, fatal = &KindError{kind, err}, false
				}
				if !yield(n, err) || fatal {
					return
				}
			}
		}
	}
}

// nodes is Nodes of one search.
func (c *Client) nodes(ctx context.Context, in SearchIn, clause string) iter.Seq2[wiki.Found, error] {
	l := listing[found]{
		op:     "search:nodes",
		query:  query{{"expand", nodeExpand}},
		decode: decodeFound,
		id:     func(f found) string { return string(f.ID) },
	}
	return func(yield func(wiki.Found, error) bool) {
		for f, err := range search(ctx, c, in, clause, l) {
			n := wiki.Found{Content: f.content(f.raw), Metadata: f.metadata()}
			if err == nil {
				err = c.admit(ctx, &n.Metadata, f)
			}
			if !yield(n, err) || err != nil {
				return
			}
		}
	}
}

// admit sets who may see a node.
func (c *Client) admit(ctx context.Context, m *wiki.Metadata, f found) error {
	access, told, err := c.access(ctx, m.ID, f.Restrictions, opRead)
	if access, err = unanswered(access, err); !told {
		access.Untold = cmp.Or(access.Untold, untoldAbsent)
	}
	m.Access, m.Raw = access, without(f.raw, "ancestors", "space", "history", "version", "extensions")
	return err
}

func decodeFound(raw json.RawMessage) (found, error) {
	f, err := into[found](raw)
	f.raw = raw
	if err == nil {
		err = agree("id", string(f.ID), string(f.ID), told(string(f.Links.WebUI), contentAddress))
	}
	return f, err
}

// search lists what a clause of CQL finds in the spaces, as many spaces a query as
// fit. The query's first parameter is the expansions.
func search[T any](ctx context.Context, c *Client, in SearchIn, clause string, l listing[T]) iter.Seq2[T, error] {
	l.path, l.limit, l.repeats = "/rest/api/content/search", limitSearch, true
	if in.Archived {
		l = l.wrapped()
	}
	var seqs []iter.Seq2[T, error]
	for _, names := range quoted(in.Keys) {
		l := l
		cql := "space in (" + names + ") and " + clause
		l.query = append(query{{"cql", cql}}, l.query...)
		seqs = append(seqs, under(ctx, c, l))
	}
	return chain(seqs...)
}

// wrapped is the same search by the endpoint that sees archived spaces. It gives the
// content as a field of each row, and names expansions from there.
func (l listing[T]) wrapped() listing[T] {
	expand := strings.Split(l.query[0].value, ",")
	for i, name := range expand {
		expand[i] = "content." + name
	}
	decode := l.decode
	l.op, l.path = strings.Replace(l.op, "search:", "search-archived:", 1), "/rest/api/search"
	l.query = append(query{{"expand", strings.Join(expand, ",")}, {"includeArchivedSpaces", "true"},
		{"excludeCurrentSpaces", "true"},
		{"excerpt", "none"}}, l.query[1:]...)
	l.decode = func(raw json.RawMessage) (T, error) {
		row, err := into[struct{ Content json.RawMessage }](raw)
		if err != nil || row.Content == nil {
			var zero T
			return zero, errNotContent
		}
		return decode(row.Content)
	}
	return l
}

// errNotContent: a row of the search that is about something else than content.
var errNotContent = errors.New("a row without a content")

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
