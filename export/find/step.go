package find

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	"agc-export/export/fulltext"
	"agc-export/export/progress"
	"agc-export/render/search"
)

// rowsOf are the rows of a class of which documents are made. What a row comes to is own, the beginning of its sum, and
// what it takes from other tables, which is looked up only where that may have changed.
type rowsOf struct {
	class  class
	tables string // of the rows, and of which there are
	others string // of more
	rows   string // object, n, own, more
}

// wanted are the rows of which documents are made. The newest version of a content is among its versions too, and what
// is kept of an object may be as it is now.
var wanted = []rowsOf{
	{classContent, "content", "metadata", `SELECT c.id AS object, '' AS n, substr(c.sum, 1, 24) AS own,
		coalesce((SELECT substr(d.sum, 1, 24) FROM m.metadata d WHERE d.id = c.id), '') AS more FROM m.content c`},
	{classVersion, "content_version content", "content", `SELECT v.id AS object, CAST(v.version AS TEXT) AS n,
		substr(v.sum, 1, 24) AS own, coalesce(c.space_id || c.gone, '') AS more
		FROM m.content_version v LEFT JOIN m.content c ON c.id = v.id
		WHERE v.version IS NOT coalesce(c.body_version, c.version)
		AND NOT (v.version IS c.version AND v.has_body = 0)`},
	{classComment, "comment", "", "SELECT id AS object, '' AS n, substr(sum, 1, 24) AS own, '' AS more FROM m.comment"},
	{classFile, "attachment", "",
		"SELECT id AS object, '' AS n, substr(sum, 1, 24) AS own, '' AS more FROM m.attachment"},
	{classFileVersion, "attachment_version attachment", "attachment", `SELECT v.id AS object,
		CAST(v.version AS TEXT) AS n, substr(v.sum, 1, 24) AS own, coalesce(a.page_id || a.gone, '') AS more
		FROM m.attachment_version v LEFT JOIN m.attachment a ON a.id = v.id WHERE v.version IS NOT a.version`},
	{classKept, "kept", "content comment attachment content_version attachment_version metadata", `SELECT
		k.id AS object, k.row AS n, '' AS own, coalesce(CASE
			WHEN k.id GLOB 'content/*' THEN (SELECT c.sum FROM m.content c WHERE c.id = substr(k.id, 9)) || coalesce(
				(SELECT v.sum FROM m.content_version v WHERE v.id = substr(k.id, 9) AND v.version = k.version), '')
			WHEN k.id GLOB 'comment/*' THEN (SELECT o.sum FROM m.comment o WHERE o.id = substr(k.id, 9))
			WHEN k.id GLOB 'metadata/*' THEN (SELECT d.sum FROM m.metadata d WHERE d.id = substr(k.id, 10))
			WHEN k.id GLOB 'attachment/*' THEN (SELECT a.sum FROM m.attachment a WHERE a.id = substr(k.id, 12)) ||
				coalesce((SELECT v.sum FROM m.attachment_version v WHERE v.id = substr(k.id, 12)
				AND v.version = k.version), '') END, '') AS more
		FROM m.kept k`},
	{classSpace, "space", "", "SELECT id AS object, '' AS n, substr(sum, 1, 24) AS own, '' AS more FROM m.space"},
}

// tooMany is how many numbers of documents the index has for each document before it is made anew.
const tooMany = 4

// step brings the index to what the mirror holds, in one transaction.
func (x *index) step(ctx context.Context) error {
	if err := x.announce(); err != nil {
		return err
	}
	if err := x.change(ctx); err != nil {
		return err
	}
	return x.vouch()
}

// change is a step without what the bytes of the file come to.
func (x *index) change(ctx context.Context) (err error) {
	if _, err = x.conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = x.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // the index is closed then
		}
	}()
	s := stepper{index: x, out: newRow(), cut: search.NewCutter(), kinds: numbers(x.head.Kinds),
		spaces: numbers(x.head.Spaces)}
	if s.source, err = newSource(ctx, x.conn); err != nil {
		return err
	}
	defer s.source.close()
	if err = s.run(ctx); err != nil {
		return err
	}
	var docs int
	if _, err = x.row(ctx, "SELECT count(*) FROM doc", nil, &docs); err != nil {
		return err
	}
	if x.head.Docs > tooMany*docs+blockRecords {
		return errOld
	}
	x.head.Steps++
	if err = errors.Join(x.docs.save(ctx, x), x.things.save(ctx, x), x.writeHead(ctx)); err != nil {
		return err
	}
	_, err = x.conn.ExecContext(ctx, "COMMIT")
	return err
}

// numbers gives names their numbers, from 1.
func numbers(names []string) map[string]int {
	all := map[string]int{}
	for i, name := range names {
		all[name] = i + 1
	}
	return all
}

// stepper brings an index into step.
type stepper struct {
	*index
	source *source
	out    *row
	cut    *search.Cutter
	kinds  map[string]int
	spaces map[string]int
	purged []int // documents of what the mirror does not have any more
}

func (s *stepper) run(ctx context.Context) error {
	seals, err := s.seals(ctx)
	if err != nil {
		return err
	}
	if _, err := s.conn.ExecContext(ctx, `CREATE TEMP TABLE todo (id INTEGER PRIMARY KEY, class INTEGER, object TEXT,
		n TEXT, sum TEXT, old INTEGER)`); err != nil {
		return err
	}
	named := map[int]bool{}
	if s.moved(seals, "user") {
		if named, err = s.renamed(ctx); err != nil {
			return err
		}
	}
	for _, w := range wanted {
		more := s.moved(seals, w.others)
		if more || s.moved(seals, w.tables) {
			if err := s.compare(ctx, w, more, named); err != nil {
				return err
			}
		}
	}
	for id := range named {
		if err := s.exec(ctx, `INSERT INTO todo (class, object, n, sum, old) SELECT class, object, n, sum, id FROM doc
			WHERE id = ?`, id); err != nil {
			return err
		}
	}
	if err := s.clear(ctx); err != nil {
		return err
	}
	if err := s.readAll(ctx); err != nil {
		return err
	}
	if err := s.note(ctx); err != nil {
		return err
	}
	s.forget()
	s.head.Seals = seals
	if len(s.purged) == 0 {
		return nil
	}
	return s.purge(ctx)
}

// purge takes the words out of the file that stand nowhere any more. What is deleted from SQLite's index lies in it
// until it is merged.
func (s *stepper) purge(ctx context.Context) error {
	err := s.exec(ctx, "INSERT INTO word (word) VALUES ('optimize')")
	if err == nil {
		err = s.exec(ctx, `DELETE FROM form WHERE form NOT IN (SELECT
			CASE instr(term, ?1) WHEN 0 THEN term ELSE substr(term, 1, instr(term, ?1) - 1) END FROM vocabulary)`,
			tokenJoined)
	}
	return err
}

// clear takes the words of all documents away that are made anew: before there are new ones, for SQLite's index writes
// what it was told whenever the numbers of rows do not grow.
func (s *stepper) clear(ctx context.Context) error {
	old, err := s.ids(ctx, "SELECT old FROM todo WHERE old IS NOT NULL ORDER BY old")
	for _, id := range old {
		if err == nil {
			err = s.kill(ctx, id)
		}
	}
	return err
}

// renamed notes the accounts as they are now, and returns the documents that name one which was called otherwise.
func (s *stepper) renamed(ctx context.Context) (map[int]bool, error) {
	var ids []string
	err := s.rows(ctx, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT u.id FROM m.user u LEFT JOIN person p ON p.id = u.id WHERE p.sum IS NOT u.sum`)
	docs := map[int]bool{}
	for _, id := range ids {
		if err == nil {
			err = s.exec(ctx, `INSERT INTO person (id, sum) SELECT id, sum FROM m.user WHERE id = ?
				ON CONFLICT DO UPDATE SET sum = excluded.sum`, id)
		}
		if err == nil {
			err = s.marked(ctx, string(markPerson)+id, func(doc uint32) { docs[int(doc)] = true })
		}
	}
	return docs, err
}

// marked calls use for each document that is alive and has a mark.
func (x *index) marked(ctx context.Context, mark string, use func(doc uint32)) error {
	token := tokenOf(tokenMark, mark)
	var bad error
	words, err := x.words(ctx)
	if err != nil {
		return err
	}
	err = words.Scan(ctx, token, token+"\x00", func(_ []byte, l fulltext.List) {
		r := l.Read()
		for r.Next() {
			if doc, ok := x.doc(r.Row); ok {
				use(doc)
			}
		}
		bad = cmp.Or(bad, r.Err)
	})
	return errors.Join(err, bad)
}

// doc is the number of a document by that of its row, if it is alive.
func (x *index) doc(row int64) (doc uint32, alive bool) {
	return uint32(row), row > 0 && row < int64(len(x.docs.all)) && x.docs.all[row].flags&docAlive != 0
}

// compare finds the rows of a class that are new or another, by all that their sums are made of or by their own part of
// it, and those that are no more.
func (s *stepper) compare(ctx context.Context, w rowsOf, more bool, named map[int]bool) error {
	other := "substr(d.sum, 1, length(w.own)) IS NOT w.own"
	if more {
		other = "d.sum IS NOT w.own || w.more"
	}
	err := s.exec(ctx, `INSERT INTO todo (class, object, n, sum, old) SELECT ?1, w.object, w.n, w.own || w.more, d.id
		FROM (`+w.rows+`) w LEFT JOIN doc d ON d.class = ?1 AND d.object = w.object AND d.n = w.n
		WHERE `+other, w.class)
	if err != nil {
		return err
	}
	anyway, err := s.ids(ctx, "SELECT old FROM todo WHERE class = ? AND old IS NOT NULL", w.class)
	if err != nil {
		return err
	}
	for _, id := range anyway {
		delete(named, id)
	}
	var had, have int
	_, err = s.row(ctx, `SELECT (SELECT count(*) FROM doc WHERE class = ?1) +
		(SELECT count(*) FROM todo WHERE class = ?1 AND old IS NULL), (SELECT count(*) FROM (`+w.rows+`))`,
		[]any{w.class}, &had, &have)
	if err != nil || had == have { // no row went
		return err
	}
	gone, err := s.ids(ctx, "SELECT id FROM doc d WHERE class = ? AND NOT EXISTS (SELECT 1 FROM ("+w.rows+
		") w WHERE w.object = d.object AND w.n = d.n)", w.class)
	for _, id := range gone {
		if err == nil {
			delete(named, id)
			err = errors.Join(s.kill(ctx, id), s.exec(ctx, "DELETE FROM doc WHERE id = ?", id))
		}
	}
	s.purged = append(s.purged, gone...)
	return err
}

// ids are the numbers that text selects.
func (x *index) ids(ctx context.Context, text string, args ...any) (all []int, err error) {
	err = x.rows(ctx, func(rows *sql.Rows) error {
		var id int
		err := rows.Scan(&id)
		all = append(all, id)
		return err
	}, text, args...)
	return all, err
}

// forget lets go of what was known of objects that the mirror does not have any more. What stands on one of them still
// belongs to it.
func (s *stepper) forget() {
	lost := map[uint32]bool{}
	for _, id := range s.purged {
		lost[s.docs.all[id].object] = true
	}
	if len(lost) == 0 {
		return
	}
	for _, d := range s.docs.all {
		if d.flags&docAlive != 0 {
			delete(lost, d.object)
		}
	}
	for n := range lost {
		o := s.things.at(int(n))
		*o = objectRecord{id: o.id, content: o.content}
	}
}

// kill lets go of a document.
func (s *stepper) kill(ctx context.Context, id int) error {
	if id < 1 || id >= len(s.docs.all) {
		return errDamaged
	}
	s.docs.at(id).flags = 0
	return s.exec(ctx, "DELETE FROM word WHERE rowid = ?", id)
}

// readAll makes the documents that are to be made.
func (s *stepper) readAll(ctx context.Context) error {
	var all int
	if _, err := s.row(ctx, "SELECT count(*) FROM todo", nil, &all); err != nil {
		return err
	}
	progress.Begin(ctx, "words", all)
	for last, more := 0, true; more; {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		const most = 500
		var tasks []task
		err := s.rows(ctx, func(rows *sql.Rows) error {
			var t task
			err := rows.Scan(&last, &t.class, &t.object, &t.n, &t.sum)
			tasks = append(tasks, t)
			return err
		}, "SELECT id, class, object, n, sum FROM todo WHERE id > ? ORDER BY id LIMIT ?", last, most)
		if err != nil {
			return err
		}
		for _, t := range tasks {
			if err := s.read(ctx, t); err != nil {
				return err
			}
		}
		if len(s.out.fresh) > mostFresh {
			if err := s.note(ctx); err != nil {
				return err
			}
		}
		progress.Count(ctx, len(tasks))
		more = len(tasks) == most
	}
	return nil
}
