package fulltext

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite" // the driver
)

// place is where a token stands, as SQLite's own table of them tells it.
type place struct {
	Token  string
	Row    int64
	Column int
	Place  int64
}

// database is an index of three columns.
type database struct {
	testing.TB
	*sql.DB
	alive map[int64]bool
	last  int64
}

func newDatabase(t testing.TB) *database {
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(t.TempDir(), "words.db")))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	d := &database{t, db, map[int64]bool{}, 0}
	d.do(`CREATE VIRTUAL TABLE word USING fts5 (a, b, c, content = '', contentless_delete = 1)`)
	d.do(`CREATE VIRTUAL TABLE instance USING fts5vocab (word, 'instance')`)
	return d
}

func (d *database) do(text string, args ...any) {
	d.Helper()
	if _, err := d.Exec(text, args...); err != nil {
		d.Fatal(text, err)
	}
}

// put adds a row.
func (d *database) put(columns ...string) {
	d.Helper()
	d.last++
	d.alive[d.last] = true
	for len(columns) < 3 {
		columns = append(columns, "")
	}
	d.do("INSERT INTO word (rowid, a, b, c) VALUES (?, ?, ?, ?)", d.last, columns[0], columns[1], columns[2])
}

func (d *database) remove(row int64) {
	d.Helper()
	delete(d.alive, row)
	d.do("DELETE FROM word WHERE rowid = ?", row)
}

func (d *database) query(ctx context.Context, use func(*sql.Rows) error, text string, args ...any) error {
	rows, err := d.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := use(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// told are the places of the tokens between two as SQLite tells them.
func (d *database) told(from, until string) (all []place) {
	d.Helper()
	err := d.query(d.Context(), func(r *sql.Rows) error {
		var p place
		var column string
		err := r.Scan(&p.Token, &p.Row, &column, &p.Place)
		p.Column = strings.Index("abc", column)
		all = append(all, p)
		return err
	}, "SELECT term, doc, col, offset FROM instance WHERE term >= ? AND term < ?", from, until)
	if err != nil {
		d.Fatal(err)
	}
	return all
}

// read are the same as they are read here.
func (d *database) read(from, until string) (all []place, segments int) {
	d.Helper()
	x, err := Open(d.Context(), d.query, "word")
	if err != nil {
		d.Fatal(err)
	}
	last := map[string]int64{}
	err = x.Scan(d.Context(), from, until, func(token []byte, l List) {
		if string(token) < from || string(token) >= until {
			d.Errorf("%q is not from %q and before %q", token, from, until)
		}
		c := l.Clone().Read()
		for rows := 0; c.Next(); rows++ {
			if c.Row <= last[string(token)] {
				d.Errorf("%q: row %d behind %d", token, c.Row, last[string(token)])
			}
			last[string(token)] = c.Row
			if rows%7 == 3 && !d.alive[c.Row] {
				continue // places that nobody reads
			}
			for {
				column, at, ok := c.Place()
				if !ok {
					break
				}
				if d.alive[c.Row] {
					all = append(all, place{string(token), c.Row, column, at})
				}
			}
		}
		if c.Err != nil {
			d.Errorf("%q: %v", token, c.Err)
		}
	})
	if err != nil {
		d.Fatal(err)
	}
	return all, len(x.segments)
}

// same holds what is read against what SQLite tells.
func (d *database) same(what string) (segments int) {
	d.Helper()
	for _, r := range [][2]string{{"", "\xff"}, {"w3", "w31"}, {"w30", "w30\x00"}, {"common", "common\x00"}, {"x", "y"},
		{"zz", "zzz"}} {
		want := d.told(r[0], r[1])
		var got []place
		got, segments = d.read(r[0], r[1])
		for _, all := range [][]place{want, got} {
			slices.SortStableFunc(all, func(a, b place) int {
				return 2*strings.Compare(a.Token, b.Token) + min(1, max(-1, int(a.Row-b.Row)))
			})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			d.Fatalf("%s: from %q (-SQLite +read here):\n%.2000s", what, r[0], diff)
		}
	}
	return segments
}

// words are tokens of which some stand everywhere, and some once.
func words(dice *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		switch dice.IntN(20) {
		case 0:
			b.WriteString("common ")
		case 1:
			fmt.Fprintf(&b, "x%s%d ", strings.Repeat("long", dice.IntN(40)), dice.IntN(1000))
		default:
			fmt.Fprintf(&b, "w%d ", dice.IntN(1+dice.IntN(2000)))
		}
	}
	return b.String()
}

// TestSame: what is read is what SQLite tells by itself, while rows are added and deleted, and segments are merged in
// whole and in part.
func TestSame(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	d := newDatabase(t)
	d.same("empty")
	d.do("INSERT INTO word (word, rank) VALUES ('automerge', 0)")
	for range 9 {
		d.do("BEGIN")
		for range 40 {
			d.put(words(dice, dice.IntN(60)), words(dice, dice.IntN(3)), words(dice, dice.IntN(90)))
		}
		d.do("COMMIT")
	}
	if n := d.same("nine segments"); n < 8 {
		t.Errorf("only %d segments", n)
	}
	for row := range d.alive {
		if row%3 == 0 {
			d.remove(row)
		}
	}
	d.same("deleted")
	merging := 0
	for pages := 1; pages < 20; pages++ {
		d.do("INSERT INTO word (word, rank) VALUES ('merge', ?)", pages)
		if d.same(fmt.Sprintf("%d pages merged", pages)) > 1 {
			merging++
		}
	}
	if merging < 5 {
		t.Errorf("only %d merges in part", merging)
	}
	d.put(words(dice, 5000), "", "common")
	d.put(strings.Repeat("common ", 50_000))
	d.put("", strings.Repeat("w30 ", 3000))
	d.same("long lists")
	d.do("INSERT INTO word (word) VALUES ('optimize')")
	if n := d.same("optimized"); n != 1 {
		t.Errorf("%d segments", n)
	}
}

// TestTogether: rows in which several tokens stand are those in which SQLite tells each of them, with all its places in
// their order.
func TestTogether(t *testing.T) {
	dice := rand.New(rand.NewPCG(9, 10))
	d := newDatabase(t)
	for range 80 {
		d.put(words(dice, 300), words(dice, 20))
	}
	x, err := Open(t.Context(), d.query, "word")
	if err != nil {
		t.Fatal(err)
	}
	for _, asked := range [][]string{{"w1"}, {"w1", "w2"}, {"w1 w2 w3", "common"}, {"w11", "w7 w900", "w3 nothing"},
		{"nothing"}, {"w1", "nothing"}} {
		type row map[string][]At // by the number of the reader and of the column
		want, got := map[int64]row{}, map[int64]row{}
		var readers []*Any
		for n, tokens := range asked {
			var all []*Marked
			for mark, token := range strings.Fields(tokens) {
				m := &Marked{Mark: byte(mark)}
				err := x.Scan(t.Context(), token, token+"\x00", func(_ []byte, l List) {
					m.Lists = append(m.Lists, l.Clone())
				})
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range d.told(token, token+"\x00") {
					if want[p.Row] == nil {
						want[p.Row] = row{}
					}
					key := fmt.Sprint(n, p.Column)
					want[p.Row][key] = append(want[p.Row][key], At{p.Place, m.Mark})
				}
				all = append(all, m)
			}
			readers = append(readers, NewAny(all))
		}
		for number, r := range want {
			for n := range asked {
				if r[fmt.Sprint(n, 0)] == nil && r[fmt.Sprint(n, 1)] == nil {
					delete(want, number)
				}
			}
			for _, at := range r {
				slices.SortFunc(at, func(a, b At) int { return int(a.Place - b.Place) })
			}
		}
		for number, ok := Together(readers, 1); ok; number, ok = Together(readers, number+1) {
			got[number] = row{}
			for n, a := range readers {
				for column := range Columns {
					if at := a.In(column); len(at) > 0 {
						got[number][fmt.Sprint(n, column)] = slices.Clone(at)
					}
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 != slices.Contains(asked, "nothing") {
			t.Errorf("%q: %d rows (-SQLite +read here):\n%.1000s", asked, len(want), diff)
		}
	}
}

// TestPages holds lists that end about where a page does, of rows whose numbers take few bytes and many.
func TestPages(t *testing.T) {
	for _, apart := range []int64{1, 1000, 1 << 40} {
		d := newDatabase(t)
		d.do("INSERT INTO word (word, rank) VALUES ('pgsz', 64)")
		d.do("BEGIN")
		for n := range 300 {
			d.put(strings.Repeat("common ", n%40), strings.Repeat("w"+fmt.Sprint(n%70)+" ", n%7))
			d.last += apart - 1
		}
		d.do("COMMIT")
		d.same(fmt.Sprintf("rows %d apart", apart))
	}
}

// TestFewPages: of a long segment only those pages are read on which a token stands.
func TestFewPages(t *testing.T) {
	dice := rand.New(rand.NewPCG(7, 8))
	d := newDatabase(t)
	d.put(words(dice, 100_000), strings.Repeat("common ", 20_000))
	for token, want := range map[string]int{"w30": 2, "common": 7, "a": 1, "zz": 1} {
		pages := 0
		counted := func(ctx context.Context, use func(*sql.Rows) error, text string, args ...any) error {
			return d.query(ctx, func(r *sql.Rows) error {
				if strings.Contains(text, "_data WHERE id >=") {
					pages++
				}
				return use(r)
			}, text, args...)
		}
		x, err := Open(t.Context(), counted, "word")
		if err == nil {
			err = x.Scan(t.Context(), token, token+"\x00", func([]byte, List) {})
		}
		if err != nil || pages < 1 || pages > want {
			t.Errorf("%s: %d pages were read, at most %d are enough, %v", token, pages, want, err)
		}
	}
}

// TestLost: a page that is missing, too short or one of another place is an error, not a list with less in it.
func TestLost(t *testing.T) {
	dice := rand.New(rand.NewPCG(3, 4))
	d := newDatabase(t)
	d.put(words(dice, 5000), strings.Repeat("common ", 20_000))
	for _, text := range []string{
		"DELETE FROM word_data WHERE id = (SELECT max(id) FROM word_data)",
		"DELETE FROM word_data WHERE id = (SELECT max(id) - 2 FROM word_data)",
		"UPDATE word_data SET block = substr(block, 1, 3) WHERE id > 10",
		"UPDATE word_data SET block = x'00001000' || block WHERE id > 10",
		"UPDATE word_data SET block = x'' WHERE id = 10",
		"UPDATE word_data SET block = substr(block, 1, length(block) - 1) WHERE id = 10",
		"DELETE FROM word_data WHERE id = 10",
	} {
		d.do("BEGIN")
		d.do(text)
		x, err := Open(d.Context(), d.query, "word")
		if err == nil {
			err = x.Scan(d.Context(), "", "\xff", func([]byte, List) {})
		}
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", text, err)
		}
		d.do("ROLLBACK")
	}
	d.same("whole again")
}

// FuzzPages reads pages, a structure and a list of any bytes: they are an error or what they say, in time and memory
// that grow with them.
func FuzzPages(f *testing.F) {
	dice := rand.New(rand.NewPCG(5, 6))
	d := newDatabase(f)
	for range 30 {
		d.put(words(dice, 200), words(dice, 20))
	}
	err := d.query(context.Background(), func(r *sql.Rows) error {
		var data []byte
		err := r.Scan(&data)
		f.Add(data, data)
		return err
	}, "SELECT block FROM word_data")
	if err != nil {
		f.Fatal(err)
	}
	noBytes := []byte("\x00\x06\x00\x09\x00\x01\x02\x02\x02\x04") // in a token
	f.Add(noBytes, noBytes)
	column := []byte("\x00\x06\x00\x13\x01\x30\x01\x16\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\x04") // too large
	f.Add(column, noBytes)
	f.Fuzz(func(t *testing.T, one, two []byte) {
		if all, err := structure(one); err == nil && len(all) > len(one) {
			t.Errorf("%d segments in %d bytes", len(all), len(one))
		}
		w := walk{until: []byte("\xff"), use: func(token []byte, l List) {
			if len(l.data) > len(one)+len(two) || len(token) > len(one)+len(two) {
				t.Errorf("a list of %d bytes", len(l.data))
			}
			c, places := l.Read(), 0
			for c.Next() {
				for column, place, ok := c.Place(); ok; column, place, ok = c.Place() {
					if places++; column < 0 || place < 0 || c.Row < 0 {
						t.Errorf("row %d, column %d, place %d", c.Row, column, place)
					}
				}
			}
			if places > len(l.data) {
				t.Errorf("%d places in %d bytes", places, len(l.data))
			}
		}}
		for _, data := range [][]byte{one, two} {
			if err := w.page(data); err != nil {
				return
			}
		}
		_ = w.end() // nothing, or ErrDamaged
	})
}
