package fulltext

import (
	"cmp"
	"container/heap"
	"slices"
)

// Columns is how many columns are merged. What stands in those behind them is left out.
const Columns = 16

// Marked is a token with where it stands, oldest rows first, and a mark of each of its places.
type Marked struct {
	Lists []List
	Mark  byte
}

// At is a place in a column: its number there, and the mark of the token that stands there.
type At struct {
	Place int64
	Mark  byte
}

// Any reads where any of several tokens stands, a row at a time.
type Any struct {
	Row  int64 // 0 before the first
	Err  error
	rest tokens
	at   [Columns][]At
	by   [Columns]int // how many tokens stand there
}

// NewAny returns a reader before the first row.
func NewAny(all []*Marked) *Any {
	a := &Any{}
	for _, m := range all {
		if t := (&token{lists: m.Lists, mark: m.Mark}); a.next(t) {
			a.rest = append(a.rest, t)
		}
	}
	heap.Init(&a.rest)
	return a
}

// Reach goes to the first row that is not before one, if there is any. Rows before the one that was read last are left
// out.
func (a *Any) Reach(row int64) bool {
	for len(a.rest) > 0 && a.rest[0].cursor.Row < row {
		a.move()
	}
	for i := range a.at {
		a.at[i], a.by[i] = a.at[i][:0], 0
	}
	if len(a.rest) == 0 || a.Err != nil {
		return false
	}
	for a.Row = a.rest[0].cursor.Row; len(a.rest) > 0 && a.rest[0].cursor.Row == a.Row; a.move() {
		a.read(a.rest[0])
	}
	for i, by := range a.by {
		if by > 1 {
			slices.SortFunc(a.at[i], func(a, b At) int { return cmp.Compare(a.Place, b.Place) })
		}
	}
	return a.Err == nil
}

// In are the places in a column of the row, in their order.
func (a *Any) In(column int) []At { return a.at[column] }

// read reads where a token stands in the row.
func (a *Any) read(t *token) {
	last := -1
	for {
		column, place, ok := t.cursor.Place()
		if !ok {
			break
		}
		if column >= Columns {
			continue
		}
		if column != last {
			last = column
			a.by[column]++
		}
		a.at[column] = append(a.at[column], At{place, t.mark})
	}
	a.Err = cmp.Or(a.Err, t.cursor.Err)
}

// move goes on to the next row of the first token.
func (a *Any) move() {
	if a.next(a.rest[0]) {
		heap.Fix(&a.rest, 0)
	} else {
		heap.Pop(&a.rest)
	}
}

// next goes on to the next row of a token.
func (a *Any) next(t *token) bool {
	before := t.cursor.Row
	for !t.cursor.Next() {
		if a.Err = cmp.Or(a.Err, t.cursor.Err); a.Err != nil || len(t.lists) == 0 {
			return false
		}
		t.cursor, t.lists = t.lists[0].Read(), t.lists[1:]
	}
	if t.cursor.Row <= before {
		a.Err = cmp.Or(a.Err, ErrDamaged)
	}
	return a.Err == nil
}

// token is one that is read.
type token struct {
	lists  []List
	cursor Cursor
	mark   byte
}

// tokens are those that are read, the one of the first row first.
type tokens []*token

func (t tokens) Len() int           { return len(t) }
func (t tokens) Less(i, j int) bool { return t[i].cursor.Row < t[j].cursor.Row }
func (t tokens) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *tokens) Push(x any)        { *t = append(*t, x.(*token)) }
func (t *tokens) Pop() any {
	last := len(*t) - 1
	x := (*t)[last]
	*t = (*t)[:last]
	return x
}

// Together goes to the first row that is not before one and in which all of several readers stand.
func Together(all []*Any, row int64) (int64, bool) {
	for again := true; again; {
		again = false
		for _, a := range all {
			if a.Row < row && !a.Reach(row) {
				return 0, false
			}
			if a.Row > row {
				row, again = a.Row, true
			}
		}
	}
	return row, true
}
