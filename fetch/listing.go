package fetch

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"slices"
	"strconv"
)

// Bounds of a listing that does not end by itself.
const (
	leastLimit    = 25   // objects an answer; below it a failure is not one of size
	growAfter     = 4    // good answers after which a halved limit is doubled again, times two for each halving
	maxStale      = 3    // answers in a row that hold only known objects
	maxEmpty      = 1000 // answers in a row that hold nothing
	maxRestarts   = 2    // new beginnings after a refused cursor
	limitV2       = 250  // the maximum that the API documents
	limitSearch   = 200  // with expansions, what the search gives at most
	maxIDs        = 250  // ids in one query of v2
	maxSpaces     = 100  // space ids in one query of v2
	maxSearchText = 4000 // bytes of CQL; Nango takes 16 KiB of URL and headers
)

// page is one answer of a listing, v1 or v2.
type page struct {
	Results *[]json.RawMessage // nil: absent or null, which is an error
	Links   struct {
		Next string
	} `json:"_links"`
}

// check wants a list in the answer: none is not an empty one.
func (p page) check(op string) error {
	if p.Results == nil {
		return shape(op, "no results in the answer")
	}
	return nil
}

// listing is a collection that is read answer by answer.
type listing[T any] struct {
	op     string
	path   string
	query  query // without cursor and limit
	limit  int   // objects to ask for at first
	decode func(json.RawMessage) (T, error)
	id     func(T) string
	hasty  bool // what fails is tried twice at most, and not with smaller limits
	strict bool // an odd object is an error of the list, after the others of its answer; see Odd

	repeats bool // an answer may hold one object twice: the search's index does
}

// list returns the objects of l, each id once. It ends after the first error; no
// error means that the listing is complete. Where an answer fails that may be too
// big, the limit is halved.
func list[T any](ctx context.Context, c *Client, l listing[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		w := &walk[T]{listing: l, c: c, more: true, size: l.limit, steady: growAfter, ids: map[string]bool{},
			cursors: map[string]bool{}}
		for w.more {
			batch, err := w.next(ctx)
			for _, v := range batch {
				if !yield(v, nil) {
					return
				}
			}
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
		}
	}
}

// walk is a listing under way.
type walk[T any] struct {
	listing[T]
	c        *Client
	more     bool
	cursor   string
	size     int // limit now
	good     int // good answers since the limit changed
	steady   int // good answers that it takes to double the limit
	ids      map[string]bool
	cursors  map[string]bool
	stale    int
	empty    int
	restarts int
}

// next reads the next answer and returns the objects that are new.
func (w *walk[T]) next(ctx context.Context) ([]T, error) {
	p, err := w.ask(ctx)
	if err != nil {
		return nil, w.recover(err)
	}
	batch, err := w.fresh(*p.Results)
	if err != nil {
		return batch, err
	}
	return batch, w.advance(p.Links.Next, len(*p.Results), len(batch))
}

// ask requests the answer at the cursor, with smaller limits where it fails.
func (w *walk[T]) ask(ctx context.Context) (page, error) {
	for {
		k := call{op: w.op, path: w.path, query: w.query.with("cursor", w.cursor).with("limit", strconv.Itoa(w.size))}
		if w.size > leastLimit || w.hasty {
			k.tries = 2
		}
		p, _, err := get[page](ctx, w.c, k)
		if err == nil {
			if w.good++; w.good >= w.steady && w.size < w.limit {
				w.size, w.good = min(w.size*2, w.limit), 0
			}
			return p, nil
		}
		if !isBig(err) || w.size <= leastLimit || w.hasty || ctx.Err() != nil {
			return page{}, err
		}
		w.size, w.good, w.steady = max(w.size/2, leastLimit), 0, w.steady*2
		w.c.log.Warn("asking for fewer objects at once", "op", w.op, "limit", w.size)
	}
}

// recover begins anew where a cursor is refused: it may have grown too old.
func (w *walk[T]) recover(err error) error {
	refused := is(err, func(e *Error) bool { return e.Status == http.StatusBadRequest && e.Origin == OriginConfluence })
	if !refused || w.cursor == "" || w.restarts >= maxRestarts {
		return err
	}
	w.restarts++
	w.cursor, w.cursors, w.stale = "", map[string]bool{}, 0
	return nil
}

// fresh decodes results and leaves out those that came before, and odd ones.
func (w *walk[T]) fresh(results []json.RawMessage) ([]T, error) {
	batch := make([]T, 0, len(results))
	first := map[string]json.RawMessage{} // of this answer
	var wrong error
	for _, raw := range results {
		v, err := w.decode(raw)
		id := ""
		if err == nil {
			id = w.id(v)
		}
		switch was, twice := first[id]; {
		case err != nil:
		case id == "":
			err = &oddError{"", "an object without an id"}
		case twice && !bytes.Equal(was, raw):
			err = &oddError{id, "an id that stands twice in one answer, with different contents"}
			batch = slices.DeleteFunc(batch, func(v T) bool { return w.id(v) == id })
		}
		if err != nil {
			o := oddly(raw, err)
			if o.Op = w.op; w.strict {
				wrong = shape(w.op, o.Why)
			} else {
				w.c.odd(o)
			}
			continue
		}
		if first[id] != nil && !w.repeats {
			w.c.odd(Odd{w.op, id, "an object that stands twice in one answer, perhaps in the place of another"})
		}
		first[id] = raw
		if !w.ids[id] {
			w.ids[id] = true
			batch = append(batch, v)
		}
	}
	return batch, wrong
}

// advance moves to the next cursor. Short and empty answers are not the end, only
// a missing link is; but a cursor must not come again, and there must be something
// new now and then.
func (w *walk[T]) advance(next string, results, fresh int) error {
	cursor, err := cursorOf(next)
	if err != nil {
		return &Error{Origin: OriginEdge, Op: w.op, Status: http.StatusOK, Code: CodeShape, Err: err}
	}
	if cursor == "" {
		w.more = false
		return nil
	}
	switch {
	case fresh > 0:
		w.stale, w.empty = 0, 0
	case results == 0:
		w.empty++
	case w.restarts == 0: // after a restart, known ground is passed on purpose
		w.stale++
	}
	if w.cursors[cursor] || w.stale >= maxStale || w.empty >= maxEmpty {
		return &Error{Origin: OriginEdge, Op: w.op, Status: http.StatusOK, Code: CodeLoop,
			Message: "the listing does not end"}
	}
	w.cursors[cursor], w.cursor = true, cursor
	return nil
}

// chain is one sequence after the other, up to the first error.
func chain[T any](seqs ...iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, seq := range seqs {
			for v, err := range seq {
				if !yield(v, err) || err != nil {
					return
				}
			}
		}
	}
}
