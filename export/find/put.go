package find

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"agc-export/export/posting"
	"agc-export/render/search"
)

// task is a row of which a document is to be made.
type task struct {
	docName
	sum string
	old sql.NullInt64
}

// read makes one document.
func (s *stepper) read(ctx context.Context, t task) error {
	if t.old.Valid {
		if err := s.kill(int(t.old.Int64)); err != nil {
			return err
		}
	}
	d, err := s.source.read(ctx, t.class, t.object, t.n)
	if err != nil {
		return err
	}
	s.head.Docs++
	id := s.head.Docs
	err = s.exec(ctx, `INSERT INTO doc (id, class, object, n, sum, chk) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (class, object, n) DO UPDATE SET id = excluded.id, sum = excluded.sum, chk = excluded.chk`,
		id, t.class, t.object, t.n, t.sum, t.check(id))
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
		err = posting.ErrDamaged
	}
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
	emit := func(c *search.Cut) {
		name = append(append(name[:0], markWord), long(c.Form)...)
		if b.Add(name, joinerByte(c.Joiner), false) && !c.Dense {
			if term := c.Term(); term != "" && term != string(name[1:]) {
				b.Form(string(posting.Forms)+term, string(name[1:]))
			}
		}
		for rest := c.Also; len(rest) > 0; {
			end := bytes.IndexByte(rest, 0)
			name = append(append(name[:0], markAlso), rest[:end]...)
			b.Add(name, 0, true)
			rest = rest[end+1:]
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
