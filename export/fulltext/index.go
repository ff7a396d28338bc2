// Package fulltext reads where words stand from an index of SQLite's FTS5, https://sqlite.org/fts5.html.
//
// FTS5 finds rows by words and phrases, but how often and where they stand it tells of each place by itself, which
// takes seconds for a word that stands all over many rows. So its lists are read as they lie in its own tables, whose
// form is told at the beginning of ext/fts5/fts5_index.c in SQLite's source. Only tables with detail = full and without
// prefix indexes are read. Rows that were deleted may be in the lists still: who reads them knows which there are.
//
//	index.go   segments of pages, and which of them have a token
//	page.go    pages -> tokens with their lists
//	list.go    a list -> rows with their places
//	merge.go   several lists -> rows in which their tokens stand together
package fulltext

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
)

// Index is an index, as it was when it was opened. What a transaction has added is not in it before FTS5 has written
// it.
type Index struct {
	table    string
	rows     Rows
	segments []segment
}

// Rows calls use for each row that an SQL query selects.
type Rows func(ctx context.Context, use func(*sql.Rows) error, query string, args ...any) error

// segment is a row of tokens, in order, on pages.
type segment struct{ id, first, last int64 }

// The rows of the table of pages: what there is, and the pages of segments behind it.
const (
	structureRow = 10
	pageBits     = 37 // of which the upper ones are 0 for pages with tokens
)

// mainIndex begins each token of the index that is none of prefixes.
const mainIndex = '0'

// Open reads what there is in the index of a table.
func Open(ctx context.Context, rows Rows, table string) (*Index, error) {
	x := &Index{table: table, rows: rows}
	found := false
	err := rows(ctx, func(r *sql.Rows) error {
		var data sql.RawBytes
		err := r.Scan(&data)
		if found = err == nil; found {
			x.segments, err = structure(data)
		}
		return err
	}, "SELECT block FROM "+table+"_data WHERE id = ?", structureRow)
	if err == nil && !found {
		err = ErrDamaged
	}
	return x, err
}

// structure reads the segments, oldest rows first: four bytes that count changes, four more where segments have what
// belongs to deleted rows, then varints: how many levels, segments and writes there are, for each level how many of its
// segments are being merged and how many it has, and for each of these its id, its first and its last page, and five
// more where they are told. A segment whose tokens were all merged into another has no first page.
func structure(data []byte) (all []segment, err error) {
	deletes := bytes.HasPrefix(data[min(4, len(data)):], []byte{0xff, 0, 0, 1})
	r := reader{rest: data[min(4, len(data)):]}
	if deletes {
		r.rest = r.rest[4:]
	}
	levels := r.number()
	r.number()
	r.number()
	for ; levels > 0 && !r.bad; levels-- {
		r.number()
		var here []segment
		for n := r.number(); n > 0 && !r.bad; n-- {
			s := segment{int64(r.number()), int64(r.number()), int64(r.number())}
			for i := 0; deletes && i < 5; i++ {
				r.number()
			}
			if s.first > 0 {
				here = append(here, s)
			}
		}
		all = append(here, all...)
	}
	if r.bad {
		return nil, ErrDamaged
	}
	return all, nil
}

// reader reads numbers.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) number() uint64 {
	v, n := varint(r.rest)
	if n == 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// Scan calls use for each token that is not before from and before until, in the order of their bytes in each segment,
// one segment after the other. The rows of one are newer than those of the one before. What use is given it must not
// keep: see List.Clone.
func (x *Index) Scan(ctx context.Context, from, until string, use func(token []byte, l List)) error {
	for _, s := range x.segments {
		w := walk{from: append([]byte{mainIndex}, from...), until: append([]byte{mainIndex}, until...), use: use}
		page, err := x.seek(ctx, s, w.from)
		if err != nil {
			return err
		}
		err = x.rows(ctx, func(r *sql.Rows) error {
			var id int64
			var data sql.RawBytes
			if err := r.Scan(&id, &data); err != nil {
				return err
			}
			if id != s.id<<pageBits|page {
				return ErrDamaged
			}
			page++
			return w.page(data)
		}, "SELECT id, block FROM "+x.table+"_data WHERE id >= ? AND id <= ? ORDER BY id", s.id<<pageBits|page,
			s.id<<pageBits|s.last)
		switch {
		case errors.Is(err, errDone):
		case err != nil:
			return err
		case page != s.last+1:
			return ErrDamaged
		default:
			if err := w.end(); err != nil {
				return err
			}
		}
	}
	return nil
}

// seek is the page of a segment on which a token stands, or would: the table of pages has the beginnings of their first
// tokens.
func (x *Index) seek(ctx context.Context, s segment, token []byte) (page int64, err error) {
	page = s.first
	err = x.rows(ctx, func(r *sql.Rows) error {
		var n int64
		err := r.Scan(&n)
		page = max(page, n>>1)
		return err
	}, "SELECT pgno FROM "+x.table+"_idx WHERE segid = ? AND term <= ? ORDER BY term DESC LIMIT 1", s.id, token)
	return page, err
}
