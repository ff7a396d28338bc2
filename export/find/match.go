package find

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"

	"agc-export/export/fulltext"
)

// count is how often a term stands in a place.
type count struct{ exact, other uint32 }

// tally is how often a term stands in each document that is alive.
type tally struct {
	at   []uint32 // by document: 1 more than its place in what follows; 0: it stands nowhere there
	docs []uint32
	rows [][placeMark]count
}

// of is the counts of a document, which are made where there are none.
func (t *tally) of(doc uint32) *[placeMark]count {
	if t.at[doc] == 0 {
		t.docs = append(t.docs, doc)
		t.rows = append(t.rows, [placeMark]count{})
		t.at[doc] = uint32(len(t.rows))
	}
	return &t.rows[t.at[doc]-1]
}

// tally counts a term.
func (x *index) tally(ctx context.Context, t *term) (*tally, error) {
	words, err := x.words(ctx)
	if err != nil {
		return nil, err
	}
	c := counter{index: x, lists: words, ctx: ctx, tally: &tally{at: make([]uint32, len(x.docs.all))}, in: t.in}
	if len(t.all) > 1 {
		c.rowsOf(t.all, t.exact)
	} else {
		c.forms(t.all[0], len(t.other) == 0)
	}
	for _, p := range t.other {
		if len(p) > 1 {
			c.rowsOf(p, nil)
			continue
		}
		c.fitting(p[0], func(_ string, _ byte, l fulltext.List) { c.count(l, false) })
	}
	return c.tally, c.err
}

// counter counts a term.
type counter struct {
	*index
	*tally
	lists *fulltext.Index
	ctx   context.Context
	in    places
	err   error
}

// forms counts a word as it stands, its other forms, and, where named, what the site's search calls so too: what its
// parts joined by hyphens are called is among the rows of these, where the word has any.
func (c *counter) forms(s slot, named bool) {
	c.fitting(s, func(word string, _ byte, l fulltext.List) { c.count(l, s.is(word)) })
	for _, called := range s.terms {
		if named && !s.prefix {
			token := tokenOf(tokenAlso, called)
			c.scan(token, token+"\x00", func(_ []byte, l fulltext.List) { c.count(l, false) })
		}
	}
}

// is tells whether a word of the index is the one that is asked for, or begins so where that is asked for.
func (s slot) is(word string) bool { return s.prefix && !s.last || word == wordToken([]byte(s.form)) }

// fitting calls use with where each word stands that fits a slot: once for each character that joins it to the next
// word and each row of tokens. What use is given it must not keep.
func (c *counter) fitting(s slot, use func(word string, joiner byte, l fulltext.List)) {
	if s.prefix {
		token := tokenOf("", s.form)
		c.scan(token, token+"\xff", func(token []byte, l fulltext.List) {
			word, joiner := splitJoiner(string(token))
			use(word, joiner, l)
		})
		return
	}
	known := map[string]bool{wordToken([]byte(s.form)): true}
	for _, name := range s.terms {
		term := tokenOf("", name)
		known[term] = true
		c.fail(c.index.rows(c.ctx, func(rows *sql.Rows) error {
			var form string
			err := rows.Scan(&form)
			known[form] = true
			return err
		}, "SELECT form FROM form WHERE term = ?", term))
	}
	for _, word := range slices.Sorted(maps.Keys(known)) {
		c.scan(word, word+tokenJoined+"\xff", func(token []byte, l fulltext.List) {
			if have, joiner := splitJoiner(string(token)); have == word {
				use(word, joiner, l)
			}
		})
	}
}

// scan is Index.Scan.
func (c *counter) scan(from, until string, use func(token []byte, l fulltext.List)) {
	c.fail(c.lists.Scan(c.ctx, from, until, use))
}

func (c *counter) fail(err error) { c.err = cmp.Or(c.err, err) }

// count counts all that stands in a list.
func (c *counter) count(l fulltext.List, exact bool) {
	r := l.Read()
	for r.Next() {
		doc, alive := c.doc(r.Row)
		for alive {
			place, _, ok := r.Place()
			if !ok {
				break
			}
			if !c.in.has(place) || place >= placeMark {
				continue
			}
			if n := &c.of(doc)[place]; exact {
				n.exact++
			} else {
				n.other++
			}
		}
	}
	c.fail(r.Err)
}

// exactForm marks where a word stands as it was asked for, beside what joins it to the next one.
const exactForm = 0x80

// standing is a word with what joins it to the next one.
type standing struct {
	word   string
	joiner byte
}

// rowsOf counts where words stand in a row, in any of their forms: those rows as exact that are as another pattern
// says, if there is one.
func (c *counter) rowsOf(p, exact pattern) {
	rows := make([]*fulltext.Any, len(p))
	for i, s := range p {
		words := map[standing]*fulltext.Marked{}
		c.fitting(s, func(word string, joiner byte, l fulltext.List) {
			w := words[standing{word, joiner}]
			if w == nil {
				w = &fulltext.Marked{Mark: joiner}
				if s.is(word) {
					w.Mark |= exactForm
				}
				words[standing{word, joiner}] = w
			}
			w.Lists = append(w.Lists, l.Clone())
		})
		rows[i] = fulltext.NewAny(slices.Collect(maps.Values(words)))
	}
	if c.err != nil {
		return
	}
	for row, ok := fulltext.Together(rows, 1); ok; row, ok = fulltext.Together(rows, row+1) {
		doc, alive := c.doc(row)
		for place := 0; alive && place < placeMark; place++ {
			all, asked := p.stands(rows, place, exact)
			if all > 0 && c.in.has(place) {
				n := &c.of(doc)[place]
				n.exact, n.other = n.exact+asked, n.other+all-asked
			}
		}
	}
	for _, r := range rows {
		c.fail(r.Err)
	}
}

// stands is how often the words stand in a row in a place of a document, and how often of these as another pattern
// says.
func (p pattern) stands(rows []*fulltext.Any, place int, exact pattern) (all, asked uint32) {
	for _, r := range rows {
		if len(r.In(place)) == 0 {
			return 0, 0
		}
	}
	var room [16]int
	seen := append(room[:0], make([]int, len(p))...)
first:
	for _, a := range rows[0].In(place) {
		as := exact != nil
		for i, s := range p {
			at, want := rows[i].In(place), a.Place+int64(s.at-p[0].at)
			for seen[i] < len(at) && at[seen[i]].Place < want {
				seen[i]++
			}
			if seen[i] == len(at) {
				return all, asked
			}
			here := at[seen[i]]
			if here.Place != want {
				continue first
			}
			as = as && here.Mark&exactForm != 0 &&
				(i+1 == len(p) || exact[i].loose || here.Mark&^exactForm == joinerByte(exact[i].joiner))
		}
		all++
		if as {
			asked++
		}
	}
	return all, asked
}
