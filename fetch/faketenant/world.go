package faketenant

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
)

// world is a loaded tenant: what the connection's account can see of it, sorted
// and indexed. It does not change.
type world struct {
	site        site
	users       []user
	userByID    map[string]user
	spaces      []*space // by id
	nodes       []*node  // all types, by id
	byID        map[string]*node
	attachments []*attachment // by creation
	attachByID  map[string]*attachment
	fileByID    map[string]*attachment
	comments    map[string][]*comment // by kind, by creation
	findable    []*node               // by the search: nodes, and one for each comment and attachment; by id
	issues      []issue               // of the site's Jira, as described
	levels      []*level              // of data classification, as described
	tasks       func() []*task        // of all bodies, by id
}

// comment is a comment on a node.
type comment struct {
	commentSpec
	on *node
}

// newWorld sorts and indexes, and leaves out what is hidden. Every id must be
// there once.
func newWorld(s site, users []user, spaces []*space, nodes []*node) (*world, error) {
	w := &world{
		site: s, users: users, spaces: spaces, userByID: map[string]user{}, byID: map[string]*node{},
		attachByID: map[string]*attachment{}, fileByID: map[string]*attachment{}, comments: map[string][]*comment{},
	}
	for _, u := range users {
		w.userByID[u.ID] = u
	}
	seen := map[string]bool{}
	for _, n := range nodes {
		if seen[n.ID] {
			return nil, fmt.Errorf("%s: the id %s is there twice", n.stem, n.ID)
		}
		seen[n.ID] = true
		if n.Hidden {
			continue
		}
		w.nodes = append(w.nodes, n)
		w.byID[n.ID] = n
		if err := w.belongings(n, seen); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(w.spaces, func(a, b *space) int { return byNumber(a.ID, b.ID) })
	slices.SortFunc(w.nodes, func(a, b *node) int { return byNumber(a.ID, b.ID) })
	slices.SortFunc(w.attachments, func(a, b *attachment) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), byID(a.ID, b.ID))
	})
	w.findable = slices.Clone(w.nodes)
	for _, list := range w.comments {
		for _, c := range list {
			if c.Status == "current" {
				w.findable = append(w.findable, c.node())
			}
		}
		slices.SortFunc(list, func(a, b *comment) int {
			return cmp.Or(cmp.Compare(a.Created, b.Created),
				byID(a.ID, b.ID))
		})
	}
	for _, a := range w.attachments {
		if a.Status == "current" {
			w.findable = append(w.findable,
				&node{space: a.on.space, spec: spec{ID: a.ID, Type: "attachment", Status: a.on.Status, Title: a.Name,
					Author: a.Author, Owner: a.Author, Editor: a.Author, Created: a.Created, Modified: a.Modified,
					Version: a.Version}})
		}
	}
	w.tasks = sync.OnceValue(w.readTasks)
	slices.SortFunc(w.findable, func(a, b *node) int { return byID(a.ID, b.ID) })
	return w, nil
}

// belongings takes in a node's attachments and comments. Those of what is in the
// trash are seen nowhere.
func (w *world) belongings(n *node, seen map[string]bool) error {
	for _, a := range n.files {
		if seen[a.ID] {
			return fmt.Errorf("%s: the id %s is there twice", n.stem, a.ID)
		}
		seen[a.ID] = true
		if !n.gone() {
			w.attachments = append(w.attachments, a)
			w.attachByID[a.ID], w.fileByID[a.fileID] = a, a
		}
	}
	for _, c := range n.Comments {
		if seen["comment "+c.ID] {
			return fmt.Errorf("%s: the comment %s is there twice", n.stem, c.ID)
		}
		seen["comment "+c.ID] = true
		if !n.gone() {
			w.comments[c.Kind] = append(w.comments[c.Kind], &comment{c, n})
		}
	}
	return nil
}

// byNumber compares numeric ids.
func byNumber(a, b string) int {
	x, _ := strconv.ParseUint(a, 10, 64)
	y, _ := strconv.ParseUint(b, 10, 64)
	return cmp.Compare(x, y)
}

// obj is a JSON object.
type obj map[string]any

// encode writes JSON as Confluence does, with "<" and "&" as they are.
func encode(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // only strings, numbers and maps of them are ever encoded
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}
