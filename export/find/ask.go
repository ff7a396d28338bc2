package find

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"agc-export/export/exit"
	"agc-export/export/mirror"
)

// Schema is the form of an Answer as JSON.
const Schema = 1

// Ask answers a question from a mirror, which the caller has open, for reading or writing. Its words lie in find.db in
// the mirror's folder, which is brought into step first, and made where it is not there.
func Ask(ctx context.Context, m *mirror.Mirror, q *Question, scope Scope, part Part) (*Answer, error) {
	for again := false; ; again = true {
		a, err := ask(ctx, m, q, scope, part)
		if err == nil || again || !isDamage(err) {
			return a, err
		}
		if err := forget(ctx, m.Dir()); err != nil {
			return nil, err
		}
	}
}

func ask(ctx context.Context, m *mirror.Mirror, q *Question, scope Scope, part Part) (a *Answer, err error) {
	x, err := openIndex(ctx, m.Dir(), false)
	if err != nil {
		return nil, err
	}
	defer func() {
		if shut := x.close(); err == nil {
			err = shut
		}
	}()
	k := &asker{index: x, q: q, scope: scope, mirror: m}
	a, err = k.ask(ctx, part)
	if bad := x.sound(); bad != nil {
		return nil, bad
	}
	return a, err
}

// asker is a question that is answered.
type asker struct {
	*index
	q       *Question
	scope   Scope
	mirror  *mirror.Mirror
	site    string // its address
	in      []bool // by document: it is searched
	present []bool // by group: it has one that is
	found   []bool // by group
	tallies []*tally
	firsts  []uint32 // contents that were found, by number, in the order of the answer
	place   []int32  // by number of a content: 1 more than its place in firsts, before these were ordered
	counts  [][]Count
	seen    []Count // of all terms, as far as readers see them
}

func (k *asker) ask(ctx context.Context, part Part) (*Answer, error) {
	if err := k.narrow(ctx); err != nil {
		return nil, err
	}
	for _, t := range k.q.terms {
		counted, err := k.tally(ctx, t)
		if err != nil {
			return nil, err
		}
		k.tallies = append(k.tallies, counted)
	}
	var err error
	if k.found, err = k.holds(ctx, k.q.where); err != nil {
		return nil, err
	}
	return k.answer(ctx, part)
}

// group is what a document is found with: in a question of words the whole page, with its comments and files; in one of
// CQL, as Confluence has it, each object by itself.
func (k *asker) group(doc uint32) uint32 {
	object := k.docs.all[doc].object
	if k.q.Language == CQL {
		return object
	}
	return k.things.all[object].content
}

// narrow finds which documents are searched.
func (k *asker) narrow(ctx context.Context) error {
	since, until, err := k.scope.days()
	if err != nil {
		return err
	}
	spaces, err := k.spaceNumbers(ctx, k.scope.Spaces)
	if err != nil {
		return err
	}
	kinds, err := k.kindNumbers(k.scope.Kinds)
	if err != nil {
		return err
	}
	k.in, k.present = make([]bool, len(k.docs.all)), make([]bool, len(k.things.all))
	for doc, r := range k.docs.all {
		if r.flags&docAlive == 0 || int(r.object) >= len(k.things.all) {
			continue
		}
		o := k.things.all[r.object]
		if int(o.content) >= len(k.things.all) {
			return errDamaged
		}
		switch {
		case kinds != nil && !kinds[o.kind], spaces != nil && !spaces[k.things.all[o.content].space],
			r.changed != 0 && (int64(r.changed) < since || int64(r.changed) >= until),
			k.scope.Current && (r.flags&docOlder != 0 || o.gone != 0 || k.things.all[o.content].gone != 0):
			continue
		}
		k.in[doc] = true
		k.present[k.group(uint32(doc))] = true
	}
	return nil
}

// days are the seconds from which and before which a scope reaches.
func (s *Scope) days() (since, until int64, err error) {
	since, until = -1, 1<<62
	for _, d := range []struct {
		flag, value string
		take        func(from, to int64)
	}{{"since", s.Since, func(from, _ int64) { since = from }}, {"until", s.Until, func(_, to int64) { until = to }}} {
		if d.value == "" {
			continue
		}
		at, err := time.Parse(time.DateOnly, d.value)
		if err != nil {
			return 0, 0, &exit.UsageError{Text: "--" + d.flag + " takes a day",
				Hint: "Write --" + d.flag + " 2026-05-04."}
		}
		d.take(at.Unix(), at.AddDate(0, 0, 1).Unix())
	}
	if until <= since {
		return 0, 0, &exit.UsageError{Text: "--until is before --since, so there is no day to search",
			Hint: "Write the earlier day as --since."}
	}
	return since, until, nil
}

// spaceNumbers are the numbers of spaces by their keys; nil for no keys.
func (k *asker) spaceNumbers(ctx context.Context, keys []string) (map[uint32]bool, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	numbers := map[uint32]bool{}
	for _, key := range keys {
		found := false
		err := k.rows(ctx, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			found = true
			if n := slices.Index(k.head.Spaces, id); n >= 0 {
				numbers[uint32(n+1)] = true
			}
			return err
		}, "SELECT id FROM m.space WHERE lower(key) = lower(?)", key)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, wrong("the mirror has no space "+quoted(key), "A space is called by its key, as ENG.")
		}
	}
	return numbers, nil
}

// kinds are those of Confluence, of which a mirror may have none.
var kinds = []string{"page", "blogpost", "comment", "attachment", "folder", "whiteboard", "database", "embed", "space"}

// kindNumbers are the numbers of kinds; nil for none.
func (k *asker) kindNumbers(names []string) (map[uint16]bool, error) {
	if len(names) == 0 {
		return nil, nil
	}
	numbers := map[uint16]bool{}
	for _, name := range names {
		n := slices.Index(k.head.Kinds, strings.ToLower(name))
		if n < 0 && !slices.Contains(kinds, strings.ToLower(name)) {
			return nil, wrong("there is no kind "+quoted(name), "The kinds are "+strings.Join(kinds, ", ")+".")
		}
		numbers[uint16(n+1)] = true
	}
	delete(numbers, 0)
	return numbers, nil
}

// holds tells for which groups an expression holds.
func (k *asker) holds(ctx context.Context, e expr) ([]bool, error) {
	switch {
	case e.join == "" && e.cond != nil:
		set, err := k.meets(ctx, e.cond)
		return k.both(set), err
	case e.join == "":
		set := make([]bool, len(k.things.all))
		t := k.tallies[e.term]
		for i, doc := range t.docs {
			if k.in[doc] && t.rows[i] != [placeMark]count{} {
				set[k.group(doc)] = true
			}
		}
		return set, nil
	case e.join == "not":
		set, err := k.holds(ctx, e.of[0])
		for i := range set {
			set[i] = k.present[i] && !set[i]
		}
		return set, err
	}
	var all []bool
	for _, sub := range e.of {
		set, err := k.holds(ctx, sub)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = set
			continue
		}
		for i := range all {
			if e.join == "or" {
				all[i] = all[i] || set[i]
			} else {
				all[i] = all[i] && set[i]
			}
		}
	}
	return all, nil
}

// both leaves the groups of a set of which a document is searched.
func (k *asker) both(set []bool) []bool {
	for i := range set {
		set[i] = set[i] && k.present[i]
	}
	return set
}

// answer puts together what was found.
func (k *asker) answer(ctx context.Context, part Part) (*Answer, error) {
	a := &Answer{Schema: Schema, Question: k.q.Asked, Language: k.q.Language, Read: k.q.String(), Scope: k.scope,
		Offset: part.Offset, NotSearched: NotSearched, Found: []Found{}, Terms: []Term{}}
	k.gather()
	a.Contents, a.Searched = len(k.firsts), k.searched()
	for i, t := range k.q.terms {
		a.Terms = append(a.Terms, k.total(i, t))
	}
	if err := k.state(ctx, a); err != nil || part.None {
		return a, err
	}
	if err := k.sort(ctx); err != nil {
		return nil, err
	}
	from := min(max(part.Offset, 0), len(k.firsts))
	to := len(k.firsts)
	if part.Limit > 0 {
		to = min(to, from+part.Limit)
	}
	var err error
	a.Found, err = k.show(ctx, k.firsts[from:to])
	return a, err
}

// gather lists the contents that were found, in the order of their numbers, with how often each term stands in them.
func (k *asker) gather() {
	k.place = make([]int32, len(k.things.all))
	for n, found := range k.found {
		if !found {
			continue
		}
		if content := k.things.all[n].content; k.place[content] == 0 {
			k.firsts = append(k.firsts, content)
			k.place[content] = int32(len(k.firsts))
		}
	}
	k.counts, k.seen = make([][]Count, len(k.firsts)), make([]Count, len(k.firsts))
	room := make([]Count, len(k.firsts)*len(k.tallies))
	for i := range k.counts {
		k.counts[i], room = room[:len(k.tallies):len(k.tallies)], room[len(k.tallies):]
	}
	for i, t := range k.tallies {
		for j, doc := range t.docs {
			if !k.counted(doc) {
				continue
			}
			at := k.place[k.things.all[k.docs.all[doc].object].content] - 1
			for p, n := range t.rows[j] {
				k.counts[at][i].add(n)
				if p != placeMarkup {
					k.seen[at].add(n)
				}
			}
		}
	}
}

func (c *Count) add(n count) { c.Exact, c.Other = c.Exact+int(n.exact), c.Other+int(n.other) }

// counted tells whether what stands in a document is in the answer.
func (k *asker) counted(doc uint32) bool { return k.in[doc] && k.found[k.group(doc)] }

// searched is how many contents were searched.
func (k *asker) searched() (n int) {
	seen := make([]bool, len(k.things.all))
	for doc, in := range k.in {
		if in {
			if content := k.things.all[k.docs.all[doc].object].content; !seen[content] {
				seen[content] = true
				n++
			}
		}
	}
	return n
}

// total is how often a term stands in all that was found.
func (k *asker) total(i int, t *term) Term {
	all := Term{Term: t.asked, Places: []Total{}}
	var sums [2][placeMark]Count
	for j, doc := range k.tallies[i].docs {
		if !k.counted(doc) {
			continue
		}
		to := &sums[0]
		if k.docs.all[doc].flags&docOlder != 0 {
			to = &sums[1]
		}
		for p, n := range k.tallies[i].rows[j] {
			to[p].add(n)
		}
	}
	for older, places := range sums {
		for p, n := range places {
			if n != (Count{}) {
				all.Places = append(all.Places, Total{Place: Places[p], Older: older == 1, Count: n})
				all.Exact, all.Other = all.Exact+n.Exact, all.Other+n.Other
			}
		}
	}
	for _, counts := range k.counts {
		if counts[i] != (Count{}) {
			all.Contents++
		}
	}
	return all
}

// state tells which mirror answered.
func (k *asker) state(ctx context.Context, a *Answer) error {
	site, _, err := k.mirror.Site(ctx)
	if err != nil {
		return err
	}
	clock, err := k.mirror.Clock(ctx)
	if err != nil {
		return err
	}
	end, err := k.mirror.SyncEnd(ctx)
	k.site = site.URL
	a.Mirror = State{Site: site.URL, Whole: !end.Begun && end.Guarded == ""}
	if !clock.Listed.IsZero() {
		a.Mirror.Listed = clock.Listed.UTC().Format(time.RFC3339)
	}
	return err
}

// sort orders what was found: as the question says, else by how often its terms stand where readers see them; then by
// id.
func (k *asker) sort(ctx context.Context) error {
	keys, err := k.keys(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(k.firsts, func(a, b uint32) int {
		for _, compare := range keys {
			if c := compare(a, b); c != 0 {
				return c
			}
		}
		x, y := k.seen[k.place[a]-1], k.seen[k.place[b]-1]
		return cmp.Or(cmp.Compare(y.Exact, x.Exact), cmp.Compare(y.Other, x.Other),
			cmp.Compare(k.things.all[a].id, k.things.all[b].id), cmp.Compare(a, b))
	})
	return nil
}
