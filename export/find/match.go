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
	exact := func(n *count, times uint32) { n.exact += times }
	other := func(n *count, times uint32) { n.other += times }
	c.pattern(t.exact, exact)
	if !t.exact[len(t.exact)-1].prefix {
		c.forms(t, other)
	}
	for _, p := range t.other {
		c.pattern(p, other)
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

// forms counts the other forms of a term: of a word all but the word itself, of several words in a row all rows of any
// of their forms, less those that are exact.
func (c *counter) forms(t *term, other add) {
	if len(t.all) > 1 {
		c.pattern(t.all, other)
		c.pattern(t.exact, func(n *count, times uint32) { n.other -= times })
		return
	}
	for _, name := range c.names(t.all[0]) {
		if name != string(markWord)+string(long([]byte(t.all[0].form))) {
			c.word(name, other)
		}
	}
	for _, called := range t.all[0].terms {
		c.word(string(markAlso)+called, other)
	}
}

// names are the words that fit a slot, by their names in the index.
func (c *counter) names(s slot) []string {
	if s.prefix {
		return c.begun(string(markWord) + s.form)
	}
	if s.terms == nil {
		return []string{string(markWord) + string(long([]byte(s.form)))}
	}
	known := map[string]bool{string(markWord) + string(long([]byte(s.form))): true}
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
			for {
				p, n, ok := r.Part(nil)
				if !ok {
					break
				}
				if alive && c.in.has(int(p)) && p < placeMark {
					as(&c.of(r.Doc)[p], uint32(n))
				}
			}
		}
		c.fail(r.Err)
	}
}

// pattern counts where words stand in a row.
func (c *counter) pattern(p pattern, as add) {
	if len(p) == 1 {
		for _, name := range c.names(p[0]) {
			c.word(name, as)
		}
		return
	}
	rows := make([]*slotReader, len(p))
	for i, s := range p {
		rows[i] = &slotReader{}
		for _, name := range c.names(s) {
			lists, err := c.list(c.ctx, name)
			c.fail(err)
			if len(lists) > 0 {
				rows[i].words = append(rows[i].words, &listReader{lists: lists})
			}
		}
	}
	if c.err != nil {
		return
	}
	for doc, ok := together(rows); ok; doc, ok = together(rows) {
		for place := range posting.Place(placeMark) {
			if n := p.stands(rows, place); n > 0 && c.in.has(int(place)) && c.alive(doc) {
				as(&c.of(doc)[place], n)
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

// stands is how often the pattern stands in a part of the document in which all rows are.
func (p pattern) stands(rows []*slotReader, place posting.Place) (n uint32) {
	for _, r := range rows {
		if len(r.at[place]) == 0 {
			return 0
		}
	}
	var next [64]int
	seen := next[:0]
	for range p {
		seen = append(seen, 0)
	}
first:
	for _, a := range rows[0].at[place] {
		for i, s := range p {
			all, want := rows[i].at[place], a.Pos+uint32(s.at-p[0].at)
			for seen[i] < len(all) && all[seen[i]].Pos < want {
				seen[i]++
			}
			if seen[i] == len(all) {
				return n
			}
			here := all[seen[i]]
			if here.Pos != want || i+1 < len(p) && !s.loose && here.Joiner != joinerByte(s.joiner) {
				continue first
			}
		}
		n++
	}
	return n
}

// slotReader reads where any of several words stands, a document at a time.
type slotReader struct {
	words []*listReader
	begun bool
	ended bool
	doc   uint32
	at    [posting.Places][]posting.At
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
	for i := range s.at {
		s.at[i] = s.at[i][:0]
	}
	several := 0
	for _, w := range s.words {
		if s.ended || w.ended || w.cursor.Doc != s.doc {
			continue
		}
		several++
		for i := range w.at {
			s.at[i] = append(s.at[i], w.at[i]...)
		}
	}
	for i := range s.at {
		if several > 1 && len(s.at[i]) > 1 {
			slices.SortFunc(s.at[i], func(a, b posting.At) int { return cmp.Compare(a.Pos, b.Pos) })
		}
	}
}

// listReader reads the lists of one word.
type listReader struct {
	lists  []posting.List
	cursor posting.Cursor
	at     [posting.Places][]posting.At
	part   []posting.At
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
	for i := range w.at {
		w.at[i] = w.at[i][:0]
	}
	for {
		w.part = w.part[:0]
		p, _, ok := w.cursor.Part(&w.part)
		if !ok {
			break
		}
		w.at[p] = append(w.at[p], w.part...)
	}
	w.err = cmp.Or(w.err, w.cursor.Err)
}
