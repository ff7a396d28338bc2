package find

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
)

// show tells of contents what a person wants to know of them.
func (k *asker) show(ctx context.Context, contents []uint32) ([]Found, error) {
	hits := map[uint32][]Hit{}
	for _, n := range contents {
		hits[n] = nil
	}
	if err := k.hits(ctx, hits); err != nil {
		return nil, err
	}
	names, err := newSource(ctx, k.conn)
	if err != nil {
		return nil, err
	}
	defer names.close()
	all := make([]Found, 0, len(contents))
	for _, n := range contents {
		f := Found{Counts: k.counts[k.place[n]-1], Hits: hits[n]}
		name, err := k.name(ctx, n)
		if err != nil {
			return nil, err
		}
		if f.Kind = k.kind(n); f.Kind == "space" {
			err = k.space(ctx, strings.TrimPrefix(name, spaceObject("")), &f)
		} else {
			err = k.content(ctx, name[1:], &f)
		}
		if err != nil {
			return nil, err
		}
		f.CreatedBy, f.ChangedBy = cmp.Or(names.names[f.CreatedBy], f.CreatedBy), cmp.Or(names.names[f.ChangedBy],
			f.ChangedBy)
		for i := range f.Hits {
			f.Hits[i].By = cmp.Or(names.names[f.Hits[i].By], f.Hits[i].By)
		}
		all = append(all, f)
	}
	return all, nil
}

// name is what an object is called in the index.
func (x *index) name(ctx context.Context, n uint32) (name string, err error) {
	ok, err := x.row(ctx, "SELECT name FROM object WHERE n = ?", []any{n}, &name)
	if err == nil && !ok {
		err = errDamaged
	}
	return name, err
}

// hits fills in the places of some contents.
func (k *asker) hits(ctx context.Context, of map[uint32][]Hit) error {
	type place struct {
		doc   uint32
		place int
	}
	counts := map[place][]Count{}
	for i, t := range k.tallies {
		for j, doc := range t.docs {
			if !k.counted(doc) {
				continue
			}
			if _, ok := of[k.things.all[k.docs.all[doc].object].content]; !ok {
				continue
			}
			for p, n := range t.rows[j] {
				if n == (count{}) {
					continue
				}
				to := counts[place{doc, p}]
				if to == nil {
					to = make([]Count, len(k.tallies))
					counts[place{doc, p}] = to
				}
				to[i] = Count{int(n.exact), int(n.other)}
			}
		}
	}
	if len(k.tallies) == 0 {
		for doc, in := range k.in {
			if n := k.docs.all[doc]; in && n.flags&docOlder == 0 && k.found[k.group(uint32(doc))] {
				if _, ok := of[k.things.all[n.object].content]; ok {
					counts[place{uint32(doc), placeMark}] = []Count{}
				}
			}
		}
	}
	for at, n := range counts {
		h, err := k.hit(ctx, at.doc)
		if err != nil {
			return err
		}
		if h.Counts = n; at.place < placeMark {
			h.Place = Places[at.place]
		}
		content := k.things.all[k.docs.all[at.doc].object].content
		of[content] = append(of[content], h)
	}
	for n := range of {
		slices.SortFunc(of[n], compareHits)
	}
	return nil
}

// compareHits orders the places of a content: the page before its comments and files, the newest version first, and
// a state that a hold kept of a version behind the version.
func compareHits(a, b Hit) int {
	rank := func(h Hit) int { return slices.Index([]string{"comment", "attachment"}, h.Kind) }
	older := func(h Hit) int {
		if h.Older {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID),
		cmp.Compare(b.Version, a.Version), cmp.Compare(older(a), older(b)), cmp.Compare(a.At, b.At),
		cmp.Compare(a.doc, b.doc),
		cmp.Compare(slices.Index(Places, a.Place), slices.Index(Places, b.Place)))
}

// hit tells of a document.
func (k *asker) hit(ctx context.Context, doc uint32) (h Hit, err error) {
	var d docName
	ok, err := k.row(ctx, "SELECT class, object, n FROM doc WHERE id = ?", []any{doc}, &d.class, &d.object, &d.n)
	if err != nil {
		return h, err
	}
	if !ok {
		return h, errDamaged
	}
	r := k.docs.all[doc]
	h = Hit{doc: doc, ID: d.object, Kind: k.kind(r.object), Older: r.flags&docOlder != 0}
	var status, gone string
	switch d.class {
	case classContent:
		ok, err = k.row(ctx, `SELECT version, status, gone, version_author, version_at FROM m.content WHERE id = ?`,
			[]any{d.object}, &h.Version, &status, &gone, &h.By, &h.At)
	case classVersion:
		ok, err = k.row(ctx, `SELECT v.version, c.status, c.gone, v.version_author, v.version_at
			FROM m.content_version v JOIN m.content c ON c.id = v.id WHERE v.id = ? AND v.version = ?`,
			[]any{d.object, d.n}, &h.Version, &status, &gone, &h.By, &h.At)
	case classComment:
		ok, err = k.row(ctx, `SELECT version, status, gone, version_author, version_at,
			CASE WHEN parent_id <> '' THEN 'reply' ELSE kind END FROM m.comment WHERE id = ?`, []any{d.object},
			&h.Version, &status, &gone, &h.By, &h.At, &h.Within)
	case classFile:
		ok, err = k.row(ctx, `SELECT version, status, gone, version_author, version_at, title FROM m.attachment
			WHERE id = ?`, []any{d.object}, &h.Version, &status, &gone, &h.By, &h.At, &h.Name)
	case classFileVersion:
		ok, err = k.row(ctx, `SELECT v.version, coalesce(a.status, ''), coalesce(a.gone, ''), v.version_author,
			v.version_at, v.title FROM m.attachment_version v LEFT JOIN m.attachment a ON a.id = v.id
			WHERE v.id = ? AND v.version = ?`,
			[]any{d.object, d.n}, &h.Version, &status, &gone, &h.By, &h.At, &h.Name)
	case classSpace:
		ok, err = k.row(ctx, "SELECT status, gone, author_id, created_at FROM m.space WHERE id = ?", []any{d.object},
			&status, &gone, &h.By, &h.At)
	case classKept:
		ok, err = k.hitKept(ctx, d, &h)
	}
	if err == nil && !ok {
		err = errDamaged // it is in step, so its row is there
	}
	h.State = stateOf(status, gone)
	return h, err
}

// hitKept tells of what a hold kept.
func (k *asker) hitKept(ctx context.Context, d docName, h *Hit) (bool, error) {
	var raw sql.NullString
	ok, err := k.row(ctx, "SELECT version, raw FROM m.kept WHERE id = ? AND row = ?", []any{d.object, d.n},
		&h.Version, &raw)
	kept := keptObject(raw.String, h.Version)
	h.By, h.At = kept.by, kept.at
	if _, h.ID, _ = strings.Cut(d.object, "/"); h.Kind == "attachment" {
		h.Name = kept.title
	}
	return ok, err
}

func (k *asker) space(ctx context.Context, id string, f *Found) error {
	var status, gone string
	ok, err := k.row(ctx, "SELECT key, name, status, gone, author_id, created_at FROM m.space WHERE id = ?", []any{id},
		&f.Space, &f.Title, &status, &gone, &f.CreatedBy, &f.Created)
	if err == nil && !ok {
		err = errDamaged
	}
	f.ID, f.State = id, stateOf(status, gone)
	return err
}

// content tells of a page or the like. One that the mirror does not have is told by its id: comments can be there
// first.
func (k *asker) content(ctx context.Context, id string, f *Found) error {
	f.ID = id
	var status, gone string
	_, err := k.row(ctx, `SELECT c.type, coalesce(s.key, c.space_key), c.title, c.status, c.gone, c.version,
			c.created_at, c.author_id, c.version_at, c.version_author, c.webui
		FROM m.content c LEFT JOIN m.space s ON s.id = c.space_id WHERE c.id = ?`, []any{id}, &f.Kind, &f.Space,
		&f.Title, &status, &gone, &f.Version, &f.Created, &f.CreatedBy, &f.Changed, &f.ChangedBy, &f.Address)
	if err != nil {
		return err
	}
	f.State = stateOf(status, gone)
	if f.Address != "" {
		f.Address = k.site + "/wiki" + f.Address
	}
	return k.above(ctx, id, f)
}

// above finds the pages above one, and whether it or one of these is for some readers only. Where the search never told
// of it, nobody knows, and it counts as restricted.
func (k *asker) above(ctx context.Context, id string, f *Found) error {
	err := k.rows(ctx, func(rows *sql.Rows) error {
		var title string
		var depth int
		var shut bool
		err := rows.Scan(&title, &depth, &shut)
		if depth > 0 {
			f.Above = append(f.Above, title)
		}
		f.Restricted = f.Restricted || shut
		return err
	}, `WITH RECURSIVE up (id, depth) AS (SELECT ?1, 0
			UNION ALL SELECT c.parent_id, u.depth + 1 FROM up u JOIN m.content c ON c.id = u.id
			WHERE c.parent_id <> '' AND u.depth < 100)
		SELECT c.title, u.depth, EXISTS (SELECT 1 FROM m.restriction r WHERE r.id = c.id AND r.operation = 'read')
			OR c.type IN ('page', 'blogpost') AND NOT EXISTS (SELECT 1 FROM m.metadata d WHERE d.id = c.id)
		FROM up u JOIN m.content c ON c.id = u.id ORDER BY u.depth DESC`, id)
	return err
}
