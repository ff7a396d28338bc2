package find

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// task is a row of which a document is to be made.
type task struct {
	docName
	sum string
}

// read makes one document.
func (s *stepper) read(ctx context.Context, t task) error {
	d, err := s.source.read(ctx, t.class, t.object, t.n)
	if err != nil {
		return err
	}
	s.head.Docs++
	id := s.head.Docs
	err = s.exec(ctx, `INSERT INTO doc (id, class, object, n, sum) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (class, object, n) DO UPDATE SET id = excluded.id, sum = excluded.sum`,
		id, t.class, t.object, t.n, t.sum)
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
	return s.put(ctx, id, d)
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
		if on := s.things.all[content]; on.content == 0 { // the mirror may never have it
			on.content = uint32(content)
			on.id, _ = strconv.ParseUint(d.content, 10, 64)
			s.things.set(content, on)
		}
	}
	o := s.things.all[n]
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
	s.things.set(n, o)
	return n, nil
}

// number is the number of an object.
func (s *stepper) number(ctx context.Context, name string) (n int, err error) {
	ok, err := s.row(ctx, "SELECT n FROM object WHERE name = ?", []any{name}, &n)
	if ok && (n < 1 || n >= len(s.things.all)) {
		err = errDamaged
	}
	if ok || err != nil {
		return n, err
	}
	s.head.Objects++
	n = s.head.Objects
	s.things.at(n)
	return n, s.exec(ctx, "INSERT INTO object (n, name) VALUES (?, ?)", n, name)
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

// put adds a document's words.
func (s *stepper) put(ctx context.Context, id int, d *document) error {
	r := s.out
	for _, texts := range d.texts {
		for _, text := range texts {
			s.cut.Cut(text, r.word)
			r.gap()
		}
		r.end()
	}
	for account := range d.people {
		d.marks = append(d.marks, string(markPerson)+account)
	}
	slices.Sort(d.marks)
	for _, mark := range slices.Compact(d.marks) {
		r.mark(mark)
	}
	values := []any{id}
	for _, column := range r.columns {
		values = append(values, string(column))
	}
	r.clear()
	return s.exec(ctx, putWords, values...)
}

var putWords = "INSERT INTO word (rowid, " + columns + ") VALUES (?" + strings.Repeat(", ?", placeMark+1) + ")"

// mostFresh is how many words are noted at once: whenever they are, SQLite's index writes what it was told so far.
const mostFresh = 200_000

// note notes the words that are new, and what they are called.
func (s *stepper) note(ctx context.Context) error {
	names, err := json.Marshal(s.out.fresh)
	if err != nil {
		return err
	}
	clear(s.out.fresh)
	return s.exec(ctx, `INSERT OR IGNORE INTO form (term, form) SELECT value, key FROM json_each(?)`,
		string(names)) // in their order
}
