package faketenant

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// position is what a cursor says: after which object a listing goes on.
type position struct {
	ID    string `json:"id"`
	Order string `json:"contentOrder"`
	Value string `json:"contentOrderValue"`
}

func (p position) cursor() string { return base64.StdEncoding.EncodeToString(encode(p)) }

// parseCursor reads a cursor of a listing in the given order.
func parseCursor(cursor, order string) (position, bool) {
	var p position
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(raw, &p) != nil || p.Order != order {
		return position{}, false
	}
	return p, true
}

// collection is something that can be listed. Its items are in the order of value
// and id.
type collection[T any] struct {
	items []T
	order string // name of the order, for the cursor
	id    func(T) string
	value func(T) string // what the order goes by
	keep  func(T) bool
	cmp   func(a, b string) int // of values
	cmpID func(a, b string) int // of ids, where the values are the same
}

// from returns the index of the first item after a position, which need not be the
// position of an item that still exists.
func (c collection[T]) from(p position) int {
	i, found := slices.BinarySearchFunc(c.items, p, func(item T, p position) int {
		return cmp.Or(c.cmp(c.value(item), p.Value), c.cmpID(c.id(item), p.ID))
	})
	if found {
		i++
	}
	return i
}

// byID compares ids, as numbers where they are.
func byID(a, b string) int {
	return cmp.Or(byNumber(strings.TrimPrefix(a, "att"), strings.TrimPrefix(b, "att")), cmp.Compare(a, b))
}

// take returns at most limit items after the cursor, and the cursor to go on at,
// empty at the end. False: the cursor is not one of this collection.
func (c collection[T]) take(cursor string, limit int) (batch []T, next string, ok bool) {
	start := 0
	if cursor != "" {
		p, ok := parseCursor(cursor, c.order)
		if !ok {
			return nil, "", false
		}
		start = c.from(p)
	}
	for _, item := range c.items[start:] {
		if !c.keep(item) {
			continue
		}
		if len(batch) == limit {
			last := batch[limit-1]
			return batch, position{c.id(last), c.order, c.value(last)}.cursor(), true
		}
		batch = append(batch, item)
	}
	return batch, "", true
}

// The natural orders of what a world holds.
var (
	byIDs      = []string{"id"}
	byCreation = []string{"created-date"}
)

// sorted returns items in another order than their natural one, the first name of
// natural being that of the order they have and the others its equals; "-" in front
// of an order means downwards.
func sorted[T any](items []T, order string, natural []string, id func(T) string,
	values map[string]func(T) string) collection[T] {
	name, down := strings.CutPrefix(order, "-")
	c := collection[T]{items: items, order: order, id: id, value: values[name], cmp: cmp.Compare[string], cmpID: byID}
	if name == "id" {
		c.value, c.cmp = id, byID
	}
	asIs := slices.Contains(natural, name)
	switch {
	case down:
		up := c.cmp
		c.cmp = func(a, b string) int { return up(b, a) }
		c.cmpID = func(a, b string) int { return byID(b, a) }
		c.items = slices.Clone(items)
		slices.Reverse(c.items)
	case !asIs:
		c.items = slices.Clone(items)
	}
	if !asIs {
		slices.SortFunc(c.items, func(a,
			b T) int {
			return cmp.Or(c.cmp(c.value(a), c.value(b)), c.cmpID(c.id(a), c.id(b)))
		})
	}
	return c
}

// reply lists a collection as v2 does: a link to the next answer that begins with
// /wiki, has the parameters in another order than they came and not all of them,
// and the same in a Link header.
func reply[T any](w *world, r *request, c collection[T], write func(T) []byte) answer {
	batch, next, valid := c.take(r.query.Get("cursor"), r.limit())
	if !valid {
		return r.bad("Provided value for 'cursor' is not correct. Expected type is Cursor")
	}
	var b bytes.Buffer
	b.WriteString(`{"results":[`)
	for i, item := range batch {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(write(item))
	}
	b.WriteString(`],"_links":`)
	links := obj{"base": w.site.URL + "/wiki"}
	a := ok(nil)
	if next != "" {
		path := r.self + "?limit=" + strconv.Itoa(r.limit())
		if sort := r.query.Get("sort"); sort != "" {
			path += "&cursor=" + url.QueryEscape(next) + "&sort=" + sort
		} else {
			path += "&cursor=" + url.QueryEscape(next) + "&depth=all"
		}
		links["next"] = path
		a.header.Set("Link", "<"+strings.ReplaceAll(path, "%3D", "=")+`>; rel="next", <`+w.site.URL+
			`/wiki>; rel="base"`)
	}
	b.Write(encode(links))
	b.WriteByte('}')
	a.body = b.Bytes()
	return a
}
