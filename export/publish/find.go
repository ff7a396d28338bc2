package publish

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"agc-export/export/catalog"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/render/markdown"
)

// errCannot is why the mirror has no answer to a macro's question.
var errCannot = errors.New("the export cannot answer this")

// finder keeps what was found for the macros of one build, so that a thousand pages
// with the same report cost one look at the catalog and one at each body.
type finder struct {
	once    sync.Once
	byLabel map[string][]*catalog.Node // contents in the order of catalog.nodes
	bySpace map[string][]*catalog.Node // by key in lower case
	found   sync.Map                   // question -> *answer
	pieces  sync.Map                   // pieceKey -> *answer
	kept    atomic.Int64               // rows of the lists in found
}

// mostKept bounds the rows that are kept of answers: a page may ask thousands of questions
// to which every page is an answer.
const mostKept = 2 << 20

// answer is what a question gave, found on first use.
type answer struct {
	once  sync.Once
	value any
	err   error
}

// remember returns what find gave for a key the first time.
func remember[T any](known *sync.Map, key any, find func() (T, error)) (T, error) {
	v, _ := known.LoadOrStore(key, &answer{})
	a := v.(*answer)
	a.once.Do(func() { a.value, a.err = find() })
	return a.value.(T), a.err
}

// rememberList is remember for a list of what was found: once very many are kept, one that is not
// among them is made each time.
func rememberList[T any](f *finder, key string, find func() ([]T, error)) ([]T, error) {
	if _, known := f.found.Load(key); !known && f.kept.Load() > mostKept {
		return find()
	}
	return remember(&f.found, key, func() ([]T, error) {
		rows, err := find()
		f.kept.Add(int64(len(rows)))
		return rows, err
	})
}

// Find lists what a dynamic macro shows, from the catalog.
func (l *linker) Find(q markdown.Query) ([]markdown.Ref, error) {
	for i, key := range q.Spaces {
		if key == "" || strings.HasPrefix(key, "@self") || strings.HasPrefix(key, "currentSpace") {
			q.Spaces = slices.Clone(q.Spaces)
			q.Spaces[i] = q.From.SpaceKey
		}
	}
	switch q.Select {
	case markdown.SelectSelf:
		return l.self(q)
	case markdown.SelectChildren:
		rows := l.children(q)
		return rows, l.addBodies(q, rows)
	case markdown.SelectAttachments:
		return l.attached(q), nil
	case markdown.SelectContent:
		return l.contents(q)
	case markdown.SelectLabels:
		return l.labels(q)
	case markdown.SelectSpaces:
		return l.spaces(q), nil
	case markdown.SelectPeople:
		return l.people(q)
	case markdown.SelectTasks:
		return l.cut(q, markdown.PieceTask)
	case markdown.SelectDecisions:
		return l.cut(q, markdown.PieceDecision)
	case markdown.SelectVersions:
		return l.versions(q)
	}
	return nil, fmt.Errorf("select %q: %w", q.Select, errCannot)
}

// head returns the first rows, all where most is 0.
func head[T any](rows []T, most int) []T {
	if most > 0 && len(rows) > most {
		return rows[:most]
	}
	return rows
}

// self is the content that a query names, or what to show in its place.
func (l *linker) self(q markdown.Query) ([]markdown.Ref, error) {
	n, missing := l.find(q.From, q.Of)
	if n == nil {
		return []markdown.Ref{missing}, nil
	}
	rows := []markdown.Ref{l.page(q.From, n, "")}
	return rows, l.addBodies(q, rows)
}

// versions lists what the mirror knows of the page's history: nothing where the settings
// do not ask for it.
func (l *linker) versions(q markdown.Query) ([]markdown.Ref, error) {
	all, err := l.mirror.Versions(l.ctx, q.From.ID)
	rows := make([]markdown.Ref, 0, len(all))
	for _, v := range all {
		rows = append(rows, markdown.Ref{Type: "version", ID: q.From.ID, Title: v.Title, Version: v.Number,
			Updated: v.CreatedAt, Editor: l.catalog.People.Author(v.AuthorID),
			About: markdown.Shield(v.Message, q.From, l)})
	}
	return rows, err
}

// children lists the tree below a content or a space depth first, as far as the query wants
// it; a sort order holds among siblings.
func (l *linker) children(q markdown.Query) []markdown.Ref {
	var top []*catalog.Node
	if q.Of.Kind == markdown.TargetSpace {
		for _, s := range l.catalog.Spaces {
			if strings.EqualFold(s.Key, cmp.Or(q.Of.SpaceKey, q.From.SpaceKey)) {
				top = s.First
			}
		}
	} else if n, _ := l.find(q.From, q.Of); n != nil {
		top = n.Children
	}
	var rows []markdown.Ref
	var walk func([]*catalog.Node, int)
	walk = func(siblings []*catalog.Node, depth int) {
		if q.Depth > 0 && depth > q.Depth {
			return
		}
		for _, n := range l.inOrder(siblings, q) {
			if q.Max > 0 && len(rows) == q.Max {
				return
			}
			ref := l.page(q.From, n, "")
			ref.Depth = depth
			rows = append(rows, ref)
			walk(n.Children, depth+1)
		}
	}
	walk(top, 1)
	return rows
}

// inOrder is sorted for the children of one content or space, whose first says which they
// are, and sorts them once for all macros that ask.
func (l *linker) inOrder(siblings []*catalog.Node, q markdown.Query) []*catalog.Node {
	if len(siblings) < 2 || q.Sort == "" && !q.Reverse {
		return siblings
	}
	key := fmt.Sprintf("order %q", []any{siblings[0].ID, q.Sort, q.Reverse})
	nodes, _ := rememberList(&l.finder, key, func() ([]*catalog.Node, error) { return sorted(siblings, q), nil })
	return nodes
}

// attached lists the attachments of a content, or of all contents of a space, which are
// sorted once for all macros that ask.
func (l *linker) attached(q markdown.Query) []markdown.Ref {
	var files []*catalog.Attachment
	if q.Of.Kind == markdown.TargetSpace {
		space := cmp.Or(q.Of.SpaceKey, q.From.SpaceKey)
		key := fmt.Sprintf("files %q", []any{strings.ToLower(space), q.Sort, q.Reverse})
		files, _ = rememberList(&l.finder, key, func() (all []*catalog.Attachment, _ error) {
			for _, n := range l.inSpace(space) {
				all = append(all, n.Files...)
			}
			sortFiles(all, q)
			return all, nil
		})
	} else if n, _ := l.find(q.From, q.Of); n != nil {
		key := fmt.Sprintf("files of %q", []any{n.ID, q.Sort, q.Reverse})
		files, _ = rememberList(&l.finder, key, func() ([]*catalog.Attachment, error) {
			all := slices.Clone(n.Files)
			sortFiles(all, q)
			return all, nil
		})
	}
	var rows []markdown.Ref
	for _, a := range head(files, q.Max) {
		rows = append(rows, l.file(q.From, a))
	}
	return rows
}

// sortFiles orders attachments by name where the query does not say. Of two with a
// name, the page decides: the order must not depend on how they came.
func sortFiles(files []*catalog.Attachment, q markdown.Query) {
	byName := func(a, b *catalog.Attachment) int {
		return cmp.Or(strings.Compare(a.Folded, b.Folded),
			mirror.CompareIDs(a.Node.ID, b.Node.ID), mirror.CompareIDs(a.ID, b.ID))
	}
	slices.SortFunc(files, func(a, b *catalog.Attachment) int {
		if q.Sort == "created" || q.Sort == "modified" {
			return cmp.Or(strings.Compare(a.Version.CreatedAt, b.Version.CreatedAt), byName(a, b))
		}
		return byName(a, b)
	})
	if q.Reverse {
		slices.Reverse(files)
	}
}

func asked(value string, list []string) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, value) })
}

// sorted orders rows as the query asks; without a wish they keep the tree's order.
func sorted(nodes []*catalog.Node, q markdown.Query) []*catalog.Node {
	nodes = slices.Clone(nodes)
	by := map[string]func(a, b *catalog.Node) int{
		"title": func(a, b *catalog.Node) int {
			return strings.Compare(names.FoldName(a.Title), names.FoldName(b.Title))
		},
		"created":  func(a, b *catalog.Node) int { return strings.Compare(a.CreatedAt, b.CreatedAt) },
		"modified": func(a, b *catalog.Node) int { return strings.Compare(a.Version.CreatedAt, b.Version.CreatedAt) },
	}[q.Sort]
	if by != nil {
		slices.SortStableFunc(nodes, by)
	}
	if q.Reverse {
		slices.Reverse(nodes)
	}
	return nodes
}

// addBodies gives rows their bodies, or the pieces of them that the query needs.
func (l *linker) addBodies(q markdown.Query, rows []markdown.Ref) error {
	for i := range rows {
		n := l.catalog.ByID[rows[i].ID]
		if n == nil || !q.WithBody && q.Piece == "" {
			continue
		}
		body, err := l.body(n, q.Piece)
		if err != nil {
			return err
		}
		rows[i].Body = body
	}
	return nil
}
