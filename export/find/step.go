package find

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"agc-export/export/lock"
	"agc-export/export/mirror"
	"agc-export/export/posting"
	"agc-export/export/progress"
	"agc-export/export/seal"
	"agc-export/render/search"
)

// wanted are the rows of which documents are made, by class, with what they come to and the tables that this depends
// on. The newest version of a content is among its versions too, and what is kept of an object may be as it is now.
var wanted = []struct {
	class  class
	tables string
	rows   string // object, n, sum
}{
	{classContent, "content metadata", `SELECT c.id AS object, '' AS n,
		substr(c.sum, 1, 24) || substr(coalesce(d.sum, ''), 1, 24) AS sum
		FROM m.content c LEFT JOIN m.metadata d ON d.id = c.id`},
	{classVersion, "content_version content", `SELECT v.id AS object, CAST(v.version AS TEXT) AS n,
		substr(v.sum, 1, 24) || coalesce(c.space_id || c.gone, '') AS sum
		FROM m.content_version v LEFT JOIN m.content c ON c.id = v.id
		WHERE v.version IS NOT coalesce(c.body_version, c.version)
		AND NOT (v.version IS c.version AND v.has_body = 0)`},
	{classComment, "comment", "SELECT id AS object, '' AS n, substr(sum, 1, 24) AS sum FROM m.comment"},
	{classFile, "attachment", "SELECT id AS object, '' AS n, substr(sum, 1, 24) AS sum FROM m.attachment"},
	{classFileVersion, "attachment_version attachment", `SELECT v.id AS object, CAST(v.version AS TEXT) AS n,
		substr(v.sum, 1, 24) || coalesce(a.page_id || a.gone, '') AS sum
		FROM m.attachment_version v LEFT JOIN m.attachment a ON a.id = v.id WHERE v.version IS NOT a.version`},
	{classKept, "kept content comment attachment content_version attachment_version metadata", `SELECT k.id AS object,
		k.row AS n, coalesce(CASE
			WHEN k.id GLOB 'content/*' THEN (SELECT c.sum FROM m.content c WHERE c.id = substr(k.id, 9)) || coalesce(
				(SELECT v.sum FROM m.content_version v WHERE v.id = substr(k.id, 9) AND v.version = k.version), '')
			WHEN k.id GLOB 'comment/*' THEN (SELECT o.sum FROM m.comment o WHERE o.id = substr(k.id, 9))
			WHEN k.id GLOB 'metadata/*' THEN (SELECT d.sum FROM m.metadata d WHERE d.id = substr(k.id, 10))
			WHEN k.id GLOB 'attachment/*' THEN (SELECT a.sum FROM m.attachment a WHERE a.id = substr(k.id, 12)) ||
				coalesce((SELECT v.sum FROM m.attachment_version v WHERE v.id = substr(k.id, 12)
				AND v.version = k.version), '') END, '') AS sum
		FROM m.kept k`},
	{classSpace, "space", "SELECT id AS object, '' AS n, substr(sum, 1, 24) AS sum FROM m.space"},
}

// openIndex opens the index of a mirror, in step with it. The caller has the mirror open, so that nobody writes it.
func openIndex(ctx context.Context, dir string) (x *index, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	x = &index{dir: dir, root: root}
	if x.lock, err = locked(root); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	if err = x.begin(ctx); err != nil {
		return nil, errors.Join(err, x.close())
	}
	return x, nil
}

// begin leaves the index open and in step.
func (x *index) begin(ctx context.Context) error {
	if x.lock != nil {
		err := take(ctx, x.lock, false)
		if err != nil {
			return err
		}
		if behind, err := x.look(ctx); err == nil && !behind {
			return nil
		}
		// From here on it is this one's alone, and looks again: another may have had it meanwhile.
		if err := errors.Join(x.shut(), take(ctx, x.lock, true)); err != nil {
			return err
		}
		behind, err := x.look(ctx)
		if err == nil && behind {
			err = x.step(ctx)
		}
		if err == nil || !isDamage(err) && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := errors.Join(x.shut(), x.create(ctx)); err != nil {
		return err
	}
	x.head, x.docs, x.things = head{Form: formOf()}, docRecords(), objectRecords()
	return x.step(ctx)
}

// look opens the index that is there and tells whether the mirror is ahead of it.
func (x *index) look(ctx context.Context) (behind bool, err error) {
	info, err := x.root.Lstat(DBName)
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() {
		return false, errOld // it goes, and what it points at stays
	}
	if info.Mode().Perm()&0o077 != 0 {
		if err := x.root.Chmod(DBName, 0o600); err != nil {
			return false, err
		}
	}
	if err := x.open(ctx); err != nil {
		return false, err
	}
	if err := x.readHead(ctx); err != nil {
		return false, err
	}
	x.docs, x.things = docRecords(), objectRecords()
	if err := errors.Join(x.docs.load(ctx, x, x.head.Docs), x.things.load(ctx, x, x.head.Objects)); err != nil {
		return false, err
	}
	seals, err := x.seals(ctx)
	if err != nil {
		return false, err
	}
	for _, w := range wanted {
		behind = behind || x.moved(seals, w.tables)
	}
	return behind || x.moved(seals, "user"), nil
}

// seals are what the tables of the mirror come to; nil where a run was killed and nobody knows.
func (x *index) seals(ctx context.Context) (seals map[string]seal.Table, err error) {
	var text string
	if _, err = x.row(ctx, "SELECT value FROM m.state WHERE id = 'seal'", nil, &text); err != nil || text == "" {
		return nil, err
	}
	_ = json.Unmarshal([]byte(text), &seals) // nil then: everything is compared
	return seals, nil
}

// moved tells whether one of several tables may have changed.
func (x *index) moved(seals map[string]seal.Table, tables string) bool {
	for _, name := range strings.Fields(tables) {
		now, ok := seals[name]
		if was, known := x.head.Seals[name]; !ok || !known || was != now {
			return true
		}
	}
	return false
}

// tooMany is how many numbers of documents the index has for each document before it is made anew.
const tooMany = 4

// step brings the index to what the mirror holds, in one transaction.
func (x *index) step(ctx context.Context) (err error) {
	if _, err = x.conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = x.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // the index is closed then
		}
	}()
	s := stepper{index: x, words: posting.NewBuilder(), cut: search.NewCutter(), kinds: numbers(x.head.Kinds),
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
	words  *posting.Builder
	cut    *search.Cutter
	kinds  map[string]int
	spaces map[string]int
	from   int   // the first document that is in words
	purged []int // documents of what the mirror does not have any more
}

// mostWords is how much memory words may take before they are written.
const mostWords = 48 << 20

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
		if s.moved(seals, w.tables) {
			if err := s.compare(ctx, w.class, w.rows, named); err != nil {
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
	s.from = s.head.Docs + 1
	if err := s.readAll(ctx); err != nil {
		return err
	}
	if err := s.flush(ctx); err != nil {
		return err
	}
	s.head.Seals = seals
	return s.tidy(ctx)
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
	lists, err := x.list(ctx, mark)
	for _, l := range lists {
		c := posting.Read(l.Data)
		for err == nil && c.Next() {
			c.SkipDoc()
			if x.alive(c.Doc) {
				use(c.Doc)
			}
		}
		err = errors.Join(err, c.Err)
	}
	return err
}

// alive tells whether there is a document of a number.
func (x *index) alive(doc uint32) bool {
	return int(doc) < len(x.docs.all) && x.docs.all[doc].flags&docAlive != 0
}

// compare finds the rows of a class that are new or another, and those that are no more.
func (s *stepper) compare(ctx context.Context, c class, rows string, named map[int]bool) error {
	err := s.exec(ctx, `INSERT INTO todo (class, object, n, sum, old) SELECT ?1, w.object, w.n, w.sum, d.id
		FROM (`+rows+`) w LEFT JOIN doc d ON d.class = ?1 AND d.object = w.object AND d.n = w.n
		WHERE d.sum IS NOT w.sum`, c)
	if err != nil {
		return err
	}
	err = s.rows(ctx, func(rows *sql.Rows) error {
		var id int
		err := rows.Scan(&id)
		delete(named, id) // it is done anyway
		return err
	}, "SELECT old FROM todo WHERE class = ? AND old IS NOT NULL", c)
	if err != nil {
		return err
	}
	var gone []int
	err = s.rows(ctx, func(rows *sql.Rows) error {
		var id int
		err := rows.Scan(&id)
		gone = append(gone, id)
		return err
	}, "SELECT id FROM doc d WHERE class = ? AND NOT EXISTS (SELECT 1 FROM ("+rows+
		") w WHERE w.object = d.object AND w.n = d.n)", c)
	for _, id := range gone {
		if err == nil {
			delete(named, id)
			err = s.kill(ctx, id)
		}
	}
	s.purged = append(s.purged, gone...)
	return err
}

// kill lets go of a document.
func (s *stepper) kill(ctx context.Context, id int) error {
	if id >= len(s.docs.all) {
		return posting.ErrDamaged
	}
	s.docs.at(id).flags = 0
	return s.exec(ctx, "DELETE FROM doc WHERE id = ?", id)
}

// task is a row of which a document is to be made.
type task struct {
	docName
	sum string
	old sql.NullInt64
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
			err := rows.Scan(&last, &t.class, &t.object, &t.n, &t.sum, &t.old)
			tasks = append(tasks, t)
			return err
		}, "SELECT id, class, object, n, sum, old FROM todo WHERE id > ? ORDER BY id LIMIT ?", last, most)
		if err != nil {
			return err
		}
		for _, t := range tasks {
			if err := s.read(ctx, t); err != nil {
				return err
			}
		}
		progress.Count(ctx, len(tasks))
		more = len(tasks) == most
		if s.words.Size() > mostWords {
			if err := s.flush(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// read makes one document.
func (s *stepper) read(ctx context.Context, t task) error {
	if t.old.Valid {
		if err := s.kill(ctx, int(t.old.Int64)); err != nil {
			return err
		}
	}
	d, err := s.source.read(ctx, t.class, t.object, t.n)
	if err != nil {
		return err
	}
	s.head.Docs++
	id := s.head.Docs
	err = s.exec(ctx, "INSERT INTO doc (id, class, object, n, sum, chk) VALUES (?, ?, ?, ?, ?, ?)", id, t.class,
		t.object, t.n, t.sum, t.check(id))
	rec := s.docs.at(id)
	if err != nil || d == nil {
		return err
	}
	n, err := s.object(ctx, t.class, d)
	if err != nil {
		return err
	}
	*rec = docRecord{uint32(n), date(d.changed), docAlive}
	if d.older {
		rec.flags |= docOlder
	}
	s.put(id, d)
	return nil
}

// date is a time as records have it.
func date(seconds int64) uint32 { return uint32(max(seconds, 0)) }

// object is the number of a document's object, of which the record is made or brought to what the document says.
func (s *stepper) object(ctx context.Context, c class, d *document) (int, error) {
	letter := "c"
	switch {
	case d.kind == "comment":
		letter = "m"
	case d.kind == "attachment":
		letter = "a"
	case c == classSpace:
		letter = ""
	}
	n, err := s.number(ctx, letter+d.object)
	if err != nil {
		return 0, err
	}
	content := n
	if letter == "m" || letter == "a" {
		if content, err = s.number(ctx, "c"+d.content); err != nil {
			return 0, err
		}
	}
	o := s.things.at(n)
	if o.kind != 0 && d.older { // which the newest version told
		return n, nil
	}
	o.content, o.kind = uint32(content), uint16(numberOf(s.kinds, &s.head.Kinds, d.kind))
	o.created, o.gone = date(d.created), 0
	if d.gone {
		o.gone = 1
	}
	if content == n {
		o.id, _ = strconv.ParseUint(d.object, 10, 64)
		o.space = uint32(numberOf(s.spaces, &s.head.Spaces, d.space))
	}
	return n, nil
}

// number is the number of an object.
func (s *stepper) number(ctx context.Context, name string) (n int, err error) {
	ok, err := s.row(ctx, "SELECT n FROM object WHERE name = ?", []any{name}, &n)
	if ok || err != nil {
		return n, err
	}
	s.head.Objects++
	n = s.head.Objects
	s.things.at(n)
	return n, s.exec(ctx, "INSERT INTO object (n, name, chk) VALUES (?, ?, ?)", n, name, objectCheck(n, name))
}

func objectCheck(n int, name string) []byte {
	return posting.Sum([]byte(strconv.Itoa(n)), []byte{' '}, []byte(name))
}

// numberOf is the number of a name among few.
func numberOf(known map[string]int, names *[]string, name string) int {
	n := known[name]
	if n == 0 {
		*names = append(*names, name)
		n = len(*names)
		known[name] = n
	}
	return n
}

// joiners are the characters that join words, by their bytes in find.db, from 1. What is not among them is the last.
const joiners = "-_.:/\\@#&+(‐"

func joinerByte(r rune) byte {
	if r == 0 {
		return 0
	}
	i := byte(1)
	for _, known := range joiners {
		if known == r {
			return i
		}
		i++
	}
	return i
}

// put adds a document's words.
func (s *stepper) put(id int, d *document) {
	b := s.words
	b.Doc(uint32(id))
	var name []byte
	var n int
	emit := func(c *search.Cut) {
		name = append(append(name[:0], markWord), long(c.Form)...)
		b.Add(name, joinerByte(c.Joiner), false)
		if n = len(name); len(c.Term) > 0 && !c.Dense && string(c.Term) != string(name[1:]) {
			term := append(append(name, posting.Forms), c.Term...)
			b.Form(term[n:], term[1:n])
		}
		for also := range strings.SplitSeq(string(c.Also), "\x00") {
			if also != "" {
				name = append(append(name[:0], markAlso), also...)
				b.Add(name, 0, true)
			}
		}
	}
	for place, texts := range d.texts {
		b.Part(posting.Place(place))
		for _, text := range texts {
			s.cut.Cut(text, emit)
			b.Gap()
		}
	}
	b.Part(placeMark)
	seen := map[string]bool{}
	for account := range d.people {
		d.marks = append(d.marks, string(markPerson)+account)
	}
	for _, mark := range d.marks {
		if !seen[mark] && len(mark) > 1 {
			seen[mark] = true
			b.Add([]byte(mark), 0, true)
		}
	}
}

// longest is the bytes of a word that find.db has as it is.
const longest = 64

// long is a word, or what stands for one that is very long.
func long(word []byte) []byte {
	if len(word) <= longest {
		return word
	}
	return fmt.Appendf(nil, "%s %x", strings.ToValidUTF8(string(word[:longest]), ""), posting.Sum(word))
}

// flush writes the words that are in memory as a row of words.
func (s *stepper) flush(ctx context.Context) error {
	sg := seg{ID: 1, From: s.from, To: s.head.Docs}
	for _, other := range s.head.Segs {
		sg.ID = max(sg.ID, other.ID+1)
	}
	if err := s.words.Flush(func(b posting.Block) error { return s.write(ctx, &sg, b) }); err != nil {
		return err
	}
	s.from = s.head.Docs + 1
	if sg.Size > 0 {
		s.head.Segs = append(s.head.Segs, sg)
	}
	return nil
}

// write writes a block of a row of words.
func (s *stepper) write(ctx context.Context, sg *seg, b posting.Block) error {
	if sg.Size == 0 {
		sg.First = slices.Clone(b.First)
	}
	sg.Size += len(b.Data)
	until := b.Until
	if until == nil {
		until = []byte{}
	}
	return s.exec(ctx, "INSERT INTO block (seg, first, until, data) VALUES (?, ?, ?, ?)", sg.ID, b.First, until, b.Data)
}

// mostMerged is the bytes of a row of words that is never merged for its size.
const mostMerged = 64 << 20

// tidy merges rows of words that are small, and makes those anew that hold words of what the mirror does not have any
// more, so that these are in find.db no longer.
func (s *stepper) tidy(ctx context.Context) error {
	for i := len(s.head.Segs) - 1; i >= 0; i-- {
		sg := s.head.Segs[i]
		if slices.ContainsFunc(s.purged, func(id int) bool { return sg.From <= id && id <= sg.To }) {
			if err := s.merge(ctx, i, i+1); err != nil {
				return err
			}
		}
	}
	for n := len(s.head.Segs); n > 1; n = len(s.head.Segs) {
		last, before := s.head.Segs[n-1], s.head.Segs[n-2]
		if before.Size > 2*last.Size || last.Size+before.Size > mostMerged {
			return nil
		}
		if err := s.merge(ctx, n-2, n); err != nil {
			return err
		}
	}
	return nil
}

// merge makes one of several rows of words that follow each other.
func (s *stepper) merge(ctx context.Context, from, to int) error {
	old := slices.Clone(s.head.Segs[from:to])
	sg := seg{From: old[0].From, To: old[len(old)-1].To}
	for _, other := range s.head.Segs {
		sg.ID = max(sg.ID, other.ID+1)
	}
	var rows []posting.Source
	for _, o := range old {
		rows = append(rows, s.blocks(ctx, o))
	}
	if err := posting.Merge(rows, s.alive, func(b posting.Block) error { return s.write(ctx, &sg, b) }); err != nil {
		return err
	}
	for _, o := range old {
		if err := s.exec(ctx, "DELETE FROM block WHERE seg = ?", o.ID); err != nil {
			return err
		}
	}
	s.head.Segs = slices.Delete(s.head.Segs, from, to)
	if sg.Size > 0 {
		s.head.Segs = slices.Insert(s.head.Segs, from, sg)
	}
	return nil
}

// blocks reads the blocks of a row of words, each by the one before.
func (x *index) blocks(ctx context.Context, sg seg) posting.Source {
	first := sg.First
	return func() (*posting.Block, error) {
		if len(first) == 0 {
			return nil, nil
		}
		b := &posting.Block{First: first}
		ok, err := x.row(ctx, "SELECT until, data FROM block WHERE seg = ? AND first = ?", []any{sg.ID, first},
			&b.Until, &b.Data)
		if err == nil && !ok {
			err = posting.ErrDamaged
		}
		first = b.Until
		return b, err
	}
}

// Follow brings the index of a mirror into step, where there is one. The mirror is closed: where another run has it by
// now, that one does it. An index that cannot be brought into step is taken away, and the error says why.
func Follow(ctx context.Context, dir string) error {
	if _, err := os.Lstat(filepath.Join(dir, DBName)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	m, err := mirror.Open(ctx, dir, mirror.Options{ReadOnly: true})
	var held *lock.HeldError
	if errors.As(err, &held) {
		return nil
	}
	if err != nil {
		return err
	}
	x, err := openIndex(ctx, m.Dir())
	if err == nil {
		err = x.close()
	} else if ctx.Err() == nil {
		err = fmt.Errorf("%s could not be brought into step and is removed; the next find makes it anew: %w", DBName,
			errors.Join(err, forget(ctx, m.Dir())))
	}
	return errors.Join(err, m.Close())
}

// forget takes the index away when nobody reads it.
func forget(ctx context.Context, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	f, err := locked(root)
	if err != nil || f == nil {
		return err
	}
	return errors.Join(take(ctx, f, true), remove(root), lock.Release(f))
}
