package find

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"agc-export/export/held"
	"agc-export/export/mirror"
)

// The places of words in a document, by their numbers: an order that find.db has, and those of Places.
const (
	placeTitle = iota
	placeText
	placeComment
	placeFile
	placeLabel
	placePerson
	placeMessage
	placeMarkup
	placeMark // of a document itself: what it is labelled, who made it
)

// class is a kind of row of the mirror of which documents are made.
type class byte

// The classes. Their numbers stand in find.db.
const (
	classContent class = 1 + iota
	classVersion
	classComment
	classFile
	classFileVersion
	classKept
	classSpace
)

// document is a version of an object of the mirror, with its words.
type document struct {
	object, content string // id of the object, and of the content that it belongs to: itself, or its page
	kind            string // of the object: page, blogpost, ..., comment, attachment, space
	space           string // id; only of contents and spaces
	older, gone     bool
	created         int64 // of the object, in seconds since 1970; 0: not known
	changed         int64 // when the version was made
	texts           [placeMark][]string
	people          map[string]bool // ids of accounts: all whom it names
	marks           []string        // see below
}

// The beginnings of marks, and of the names of words in find.db.
const (
	markWord        = 'w' // + a word in lower case
	markAlso        = 'x' // + a name that the site's search has for a part of a word, or several
	markLabel       = 'l' // + a label
	markCreator     = 'c' // + an account that made the object
	markContributor = 'k' // + one that made the version
	markMention     = 'm' // + one that it mentions
	markPerson      = 'p' // + any of these and others
)

// source reads rows of the mirror.
type source struct {
	db    *sql.Conn
	names map[string]string // display names by account
	stmts map[string]*sql.Stmt
}

// newSource reads by a connection to which the mirror's database is attached as m.
func newSource(ctx context.Context, db *sql.Conn) (*source, error) {
	s := &source{db: db, names: map[string]string{}, stmts: map[string]*sql.Stmt{}}
	rows, err := db.QueryContext(ctx, "SELECT id, coalesce(nullif(display_name, ''), public_name) FROM m.user")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		s.names[id] = name
	}
	return s, rows.Err()
}

func (s *source) close() {
	for _, st := range s.stmts {
		st.Close()
	}
}

// row scans the one row that text selects; false where there is none.
func (s *source) row(ctx context.Context, text string, args []any, into ...any) (bool, error) {
	st := s.stmts[text]
	if st == nil {
		var err error
		if st, err = s.db.PrepareContext(ctx, text); err != nil {
			return false, err
		}
		s.stmts[text] = st
	}
	err := st.QueryRowContext(ctx, args...).Scan(into...)
	if err == sql.ErrNoRows {
		return false, nil
	}
	return err == nil, err
}

// read makes the document of a row; nil where it has no words of its own.
func (s *source) read(ctx context.Context, c class, id, n string) (*document, error) {
	d := &document{object: id, content: id, people: map[string]bool{}}
	var ok bool
	var err error
	switch c {
	case classContent:
		ok, err = s.content(ctx, d)
	case classVersion:
		ok, err = s.version(ctx, d, n)
	case classComment:
		ok, err = s.comment(ctx, d)
	case classFile:
		ok, err = s.file(ctx, d, "SELECT a.title, a.page_id, a.comment, a.version_message, a.version_author, "+
			"a.version_at, a.version, a.gone FROM m.attachment a WHERE a.id = ?", id)
	case classFileVersion:
		ok, err = s.file(ctx, d, "SELECT v.title, coalesce(a.page_id, ''), v.comment, v.version_message, "+
			"v.version_author, v.version_at, v.version, coalesce(a.gone, '') FROM m.attachment_version v "+
			"LEFT JOIN m.attachment a ON a.id = v.id WHERE v.id = ? AND v.version = ?", id, n)
		d.older = true
	case classKept:
		ok, err = s.kept(ctx, d, n)
	case classSpace:
		ok, err = s.space(ctx, d)
	}
	if err != nil {
		return nil, fmt.Errorf("reading what the mirror has of %s: %w", id, err)
	}
	if !ok {
		return nil, nil
	}
	return d, nil
}

// body is a body as the mirror keeps it: beside the raw object or in it.
func body(raw, beside sql.NullString) string {
	if beside.Valid {
		return beside.String
	}
	text, _ := held.Body(raw.String)
	return text
}

func (s *source) content(ctx context.Context, d *document) (bool, error) {
	var title, author, owner, created, at, by, message, embed, gone string
	var raw, beside, labels sql.NullString
	ok, err := s.row(ctx, `SELECT c.type, c.title, c.space_id, c.author_id, c.owner_id, c.created_at, c.version_at,
			c.version_author, c.version_message, c.embed_url, c.gone, r.raw, r.body,
			(SELECT group_concat(name, char(10) ORDER BY name) FROM m.label l WHERE l.id = c.id)
		FROM m.content c LEFT JOIN m.content_raw r ON r.id = c.id WHERE c.id = ?`, []any{d.object},
		&d.kind, &title, &d.space, &author, &owner, &created, &at, &by, &message, &embed, &gone, &raw,
		&beside, &labels)
	if !ok || err != nil {
		return ok, err
	}
	d.gone, d.created, d.changed = !mirror.IsPresent(gone), seconds(created), seconds(at)
	d.put(placeTitle, title)
	d.put(placeMessage, message)
	d.put(placeMarkup, embed)
	s.body(d, placeText, body(raw, beside))
	for label := range strings.SplitSeq(labels.String, "\n") {
		if label != "" {
			d.put(placeLabel, label)
			d.marks = append(d.marks, string(markLabel)+strings.ToLower(label))
		}
	}
	d.marks = append(d.marks, string(markCreator)+author, string(markContributor)+by)
	s.people(d, author, owner, by)
	return true, nil
}

func (s *source) version(ctx context.Context, d *document, n string) (bool, error) {
	var title, created, at, by, message, gone string
	var raw, beside sql.NullString
	ok, err := s.row(ctx, `SELECT coalesce(c.type, ''), v.title, coalesce(c.space_id, ''), coalesce(c.created_at, ''),
			v.version_at, v.version_author, v.version_message, coalesce(c.gone, ''), v.raw, v.body
		FROM m.content_version v LEFT JOIN m.content c ON c.id = v.id WHERE v.id = ? AND v.version = ?`,
		[]any{d.object, n}, &d.kind, &title, &d.space, &created, &at, &by, &message, &gone, &raw, &beside)
	if !ok || err != nil {
		return ok, err
	}
	d.older, d.gone, d.created, d.changed = true, !mirror.IsPresent(gone), seconds(created), seconds(at)
	d.put(placeTitle, title)
	d.put(placeMessage, message)
	text := beside.String
	if !beside.Valid {
		text = versionBody(raw.String)
	}
	s.body(d, placeText, text)
	d.marks = append(d.marks, string(markContributor)+by)
	s.people(d, by)
	return true, nil
}

// versionBody is the body in the raw object of a version, which the API sends in several forms.
func versionBody(raw string) string {
	if text, ok := held.Body(raw); ok {
		return text
	}
	var o struct{ Page, BlogPost json.RawMessage }
	if raw == "" || json.Unmarshal([]byte(raw), &o) != nil {
		return ""
	}
	text, ok := held.Body(string(o.Page))
	if !ok {
		text, _ = held.Body(string(o.BlogPost))
	}
	return text
}

func (s *source) comment(ctx context.Context, d *document) (bool, error) {
	var selection, at, by, message, gone string
	var version int
	var raw, beside sql.NullString
	ok, err := s.row(ctx, `SELECT coalesce(nullif(page_id, ''), (SELECT a.page_id FROM m.attachment a
			WHERE a.id = attachment_id), ''), selection, version, version_at, version_author, version_message, gone,
			raw, body FROM m.comment WHERE id = ?`, []any{d.object},
		&d.content, &selection, &version, &at, &by, &message, &gone, &raw, &beside)
	if !ok || err != nil {
		return ok, err
	}
	d.kind, d.gone, d.changed = "comment", !mirror.IsPresent(gone), seconds(at)
	if version == 1 {
		d.created = d.changed
	}
	s.body(d, placeComment, body(raw, beside))
	d.put(placeMarkup, selection)
	d.put(placeMessage, message)
	d.marks = append(d.marks, string(markCreator)+by, string(markContributor)+by)
	s.people(d, by)
	return true, nil
}

func (s *source) file(ctx context.Context, d *document, query string, key ...any) (bool, error) {
	var title, comment, message, by, at, gone string
	var version int
	ok, err := s.row(ctx, query, key, &title, &d.content, &comment, &message, &by, &at, &version, &gone)
	if !ok || err != nil {
		return ok, err
	}
	d.kind, d.gone, d.changed = "attachment", !mirror.IsPresent(gone), seconds(at)
	if version == 1 {
		d.created = d.changed
	}
	d.put(placeFile, title)
	d.put(placeMessage, comment)
	if message != comment {
		d.put(placeMessage, message)
	}
	d.marks = append(d.marks, string(markCreator)+by, string(markContributor)+by)
	s.people(d, by)
	return true, nil
}

func (s *source) space(ctx context.Context, d *document) (bool, error) {
	var key, name, author, created, description, gone string
	ok, err := s.row(ctx, `SELECT key, name, author_id, created_at, description, gone FROM m.space WHERE id = ?`,
		[]any{d.object}, &key, &name, &author, &created, &description, &gone)
	if !ok || err != nil {
		return ok, err
	}
	d.kind, d.space, d.gone = "space", d.object, !mirror.IsPresent(gone)
	d.created, d.changed = seconds(created), seconds(created)
	d.content = spaceObject(d.object)
	d.object = d.content
	d.put(placeTitle, name)
	d.put(placeTitle, key)
	d.put(placeText, description)
	d.marks = append(d.marks, string(markCreator)+author, string(markContributor)+author)
	s.people(d, author)
	return true, nil
}

// spaceObject is what a space is called where contents go by their ids, of which it has none.
func spaceObject(id string) string { return "space " + id }

// put adds a text to a place, if it is one.
func (d *document) put(place int, text string) {
	if strings.TrimSpace(text) != "" {
		d.texts[place] = append(d.texts[place], text)
	}
}

// body adds a body in storage format.
func (s *source) body(d *document, place int, text string) {
	if text == "" {
		return
	}
	t := textsOf(text)
	d.texts[place] = append(d.texts[place], t.text...)
	for _, m := range t.markup {
		d.put(placeMarkup, m)
	}
	for _, id := range t.people {
		d.put(placePerson, s.names[id])
		d.marks = append(d.marks, string(markMention)+id)
		d.people[id] = true
	}
}

// people adds accounts that made something, each once.
func (s *source) people(d *document, ids ...string) {
	added := map[string]bool{"": true}
	for _, id := range ids {
		if !added[id] {
			added[id] = true
			d.put(placePerson, s.names[id])
			d.people[id] = true
		}
	}
}

// seconds is a time of the API in seconds since 1970, 0 for none.
func seconds(at string) int64 {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return 0
	}
	return t.Unix()
}
