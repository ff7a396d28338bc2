package find

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"agc-export/export/posting"
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
	c := counter{index: x, ctx: ctx, tally: &tally{at: make([]uint32, len(x.docs.all))}, in: t.in}
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
		for _, name := range c.names(p[0]) {
			c.word(name, asOther)
		}
	}
	return c.tally, c.err
}

// counter counts a term.
type counter struct {
	*index
	*tally
	ctx context.Context
	in  places
	err error
}

// add is what a place that was found is counted as.
type add func(n *count, times uint32)

func asExact(n *count, times uint32) { n.exact += times }
func asOther(n *count, times uint32) { n.other += times }

// forms counts a word as it stands, its other forms, and, where named, what the site's search calls so too: what its
// parts joined by hyphens are called is among the rows of these, where the word has any.
func (c *counter) forms(s slot, named bool) {
	for _, name := range c.names(s) {
		if s.prefix || name == s.name() {
			c.word(name, asExact)
		} else {
			c.word(name, asOther)
		}
	}
	for _, called := range s.terms {
		if named && !s.prefix {
			c.word(string(markAlso)+called, asOther)
		}
	}
}

// name is what the word of a slot is called in the index.
func (s slot) name() string { return string(markWord) + string(long([]byte(s.form))) }

// names are the words that fit a slot, by their names in the index.
func (c *counter) names(s slot) []string {
	if s.prefix {
		return c.begun(string(markWord) + s.form)
	}
	known := map[string]bool{s.name(): true}
	for _, called := range s.terms {
		known[string(markWord)+called] = true
		lists, err := c.list(c.ctx, string(posting.Forms)+called)
		c.fail(err)
		for _, l := range lists {
			for _, form := range posting.FormsOf(l) {
				known[string(markWord)+form] = true
			}
		}
	}
	all := make([]string, 0, len(known))
	for name := range known {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// begun are the names in the index that begin so.
func (c *counter) begun(begin string) (all []string) {
	known := map[string]bool{}
	c.fail(c.scan(c.ctx, []byte(begin), func(have []byte, _ posting.List) bool {
		if bytes.HasPrefix(have, []byte(begin)) {
			known[string(have)] = true
			return true
		}
		return string(have) < begin
	}))
	for name := range known {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func (c *counter) fail(err error) { c.err = cmp.Or(c.err, err) }

// word counts where a word stands, by its name in the index.
func (c *counter) word(name string, as add) {
	lists, err := c.list(c.ctx, name)
	c.fail(err)
	for _, l := range lists {
		r := posting.Read(l.Data)
		for r.Next() {
			alive := c.alive(r.Doc)
			for p, n, ok := r.Begin(); ok; p, n, ok = r.Begin() {
				r.Skip(n)
				if alive && c.in.has(int(p)) && p < placeMark {
					as(&c.of(r.Doc)[p], uint32(n))
				}
			}
		}
		c.fail(r.Err)
	}
}

// exactForm marks a place where a word stands as it was asked for; it is no joiner.
const exactForm = 0x80

// rowsOf counts where words stand in a row, in any of their forms: those rows as exact that are as another pattern
// says, if there is one.
func (c *counter) rowsOf(p, exact pattern) {
	rows := make([]*slotReader, len(p))
	for i, s := range p {
		rows[i] = &slotReader{}
		for _, name := range c.names(s) {
			lists, err := c.list(c.ctx, name)
			c.fail(err)
			if len(lists) > 0 {
				w := &listReader{lists: lists}
				if s.prefix || name == s.name() {
					w.mark = exactForm
				}
				rows[i].words = append(rows[i].words, w)
			}
		}
	}
	if c.err != nil {
		return
	}
	for doc, ok := together(rows); ok; doc, ok = together(rows) {
		if c.alive(doc) {
			for place := range placeMark {
				all, asked := p.stands(rows, place, exact)
				if all > 0 && c.in.has(place) {
					n := &c.of(doc)[place]
					n.exact, n.other = n.exact+asked, n.other+all-asked
				}
			}
		}
		for _, r := range rows {
			r.next()
		}
	}
	for _, r := range rows {
		c.fail(r.err)
	}
}

// together goes on to the next document in which all slots stand.
func together(rows []*slotReader) (doc uint32, ok bool) {
	for again := true; again; {
		again = false
		for _, r := range rows {
			for r.begin() && r.doc < doc {
				r.next()
			}
			if r.ended {
				return 0, false
			}
			if r.doc > doc {
				doc, again = r.doc, true
			}
		}
	}
	return doc, true
}

// stands is how often the words stand in a row in a part of the document in which all of them are, and how often of
// these as another pattern says.
func (p pattern) stands(rows []*slotReader, place int, exact pattern) (all, asked uint32) {
	for _, r := range rows {
		if r.parts.parts&(1<<place) == 0 {
			return 0, 0
		}
	}
	var room [16]int
	seen := append(room[:0], make([]int, len(p))...)
first:
	for _, a := range rows[0].at[place] {
		as := exact != nil
		for i, s := range p {
			at, want := rows[i].at[place], a.Pos+uint32(s.at-p[0].at)
			for seen[i] < len(at) && at[seen[i]].Pos < want {
				seen[i]++
			}
			if seen[i] == len(at) {
				return all, asked
			}
			here := at[seen[i]]
			if here.Pos != want {
				continue first
			}
			as = as && here.Joiner&exactForm != 0 &&
				(i+1 == len(p) || exact[i].loose || here.Joiner&^exactForm == joinerByte(exact[i].joiner))
		}
		all++
		if as {
			asked++
		}
	}
	return all, asked
}

// parts is where words stand in a document, by its parts.
type parts struct {
	parts uint16 // those in which they do
	at    [posting.Places][]posting.At
}

// clear forgets the document.
func (p *parts) clear() {
	for i := 0; p.parts>>i != 0; i++ {
		p.at[i] = p.at[i][:0]
	}
	p.parts = 0
}

// slotReader reads where any of several words stands, a document at a time.
type slotReader struct {
	parts
	words []*listReader
	begun bool
	ended bool
	doc   uint32
	err   error
}

// begin makes sure that there is a document, if any is left.
func (s *slotReader) begin() bool {
	if !s.begun {
		s.begun = true
		for _, w := range s.words {
			w.next()
		}
		s.gather()
	}
	return !s.ended
}

// next goes on to the next document.
func (s *slotReader) next() {
	if s.ended {
		return
	}
	for _, w := range s.words {
		if !w.ended && w.cursor.Doc == s.doc {
			w.next()
		}
	}
	s.gather()
}

// gather joins what the words have of the first of their documents.
func (s *slotReader) gather() {
	s.ended = true
	for _, w := range s.words {
		s.err = cmp.Or(s.err, w.err)
		if !w.ended && (s.ended || w.cursor.Doc < s.doc) {
			s.ended, s.doc = false, w.cursor.Doc
		}
	}
	s.clear()
	for _, w := range s.words {
		if s.ended || w.ended || w.cursor.Doc != s.doc {
			continue
		}
		for i := 0; w.parts.parts>>i != 0; i++ {
			if w.parts.parts>>i&1 == 0 {
				continue
			}
			s.at[i] = append(s.at[i], w.at[i]...)
			if s.parts.parts>>i&1 != 0 {
				slices.SortFunc(s.at[i], func(a, b posting.At) int { return cmp.Compare(a.Pos, b.Pos) })
			}
		}
		s.parts.parts |= w.parts.parts
	}
}

// listReader reads the lists of one word.
type listReader struct {
	parts
	lists  []posting.List
	cursor posting.Cursor
	mark   byte // of each place, beside its joiner
	ended  bool
	err    error
}

// next reads the next document.
func (w *listReader) next() {
	for !w.cursor.Next() {
		w.err = cmp.Or(w.err, w.cursor.Err)
		if len(w.lists) == 0 || w.err != nil {
			w.ended = true
			return
		}
		w.cursor, w.lists = posting.Read(w.lists[0].Data), w.lists[1:]
	}
	w.clear()
	for {
		p, n, ok := w.cursor.Begin()
		if !ok {
			break
		}
		w.parts.parts |= 1 << p
		for range n {
			a := w.cursor.At()
			a.Joiner |= w.mark
			w.at[p] = append(w.at[p], a)
		}
	}
	w.err = cmp.Or(w.err, w.cursor.Err)
}
