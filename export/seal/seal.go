// Package seal sums up rows (row.go) and tables: how many rows one has, and a SHA-256 over their keys and sums. It
// knows which of these still hold, and no database.
package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Table is the count and checksum of one table.
type Table struct {
	Rows int    `json:"rows"`
	Sum  string `json:"sum"`
}

// Sum sums up the rows of a table, which come by id: those of one id, its versions, in the order of their sums.
type Sum struct {
	h    hash.Hash
	rows int
	id   []byte
	sums [][]byte
	line []byte
}

// NewSum is the sum of no rows.
func NewSum() *Sum { return &Sum{h: sha256.New()} }

// Add adds a row.
func (s *Sum) Add(id, sum []byte) {
	if !bytes.Equal(id, s.id) {
		s.flush()
		s.id = append(s.id[:0], id...)
	}
	if n := len(s.sums); n < cap(s.sums) { // there is room of a row before
		s.sums = s.sums[:n+1]
		s.sums[n] = append(s.sums[n][:0], sum...)
	} else {
		s.sums = append(s.sums, bytes.Clone(sum))
	}
	s.rows++
}

func (s *Sum) flush() {
	slices.SortFunc(s.sums, bytes.Compare)
	for _, sum := range s.sums {
		s.line = append(strconv.AppendInt(s.line[:0], int64(len(s.id)), 10), ':')
		s.line = append(append(append(s.line, s.id...), sum...), '\n')
		s.h.Write(s.line)
	}
	s.sums = s.sums[:0]
}

// Table is what the rows add up to.
func (s *Sum) Table() Table {
	s.flush()
	return Table{s.rows, hex.EncodeToString(s.h.Sum(nil))}
}

// Known are the tables that a session has summed up, as long as nothing writes them. The zero value knows none.
type Known struct {
	mu     sync.Mutex
	tables map[string]*known // nothing of a table that was written
	writes int
}

type known struct {
	Table
	holds bool
}

// Of returns what is known of a table, and the moment for Keep.
func (k *Known) Of(name string) (t Table, now int, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e := k.tables[name]; e != nil && e.holds {
		return e.Table, k.writes, true
	}
	return t, k.writes, false
}

// Keep keeps what a table came to that was read since a moment, unless anything was written meanwhile.
func (k *Known) Keep(name string, since int, t Table) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.tables == nil {
		k.tables = map[string]*known{}
	}
	k.tables[name] = &known{t, k.writes == since}
}

// Forget forgets tables that were written. The name of one that was never kept stands for all.
func (k *Known) Forget(written map[string]bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.writes++
	for name := range written {
		if e := k.tables[name]; e != nil {
			e.holds = false
			continue
		}
		clear(k.tables)
	}
}

// Written is the table that a statement of SQL writes, "" where its first words do not say so.
func Written(text string) string {
	words := strings.Fields(text)
	for i, w := range words[:min(len(words), 5)] {
		if (w == "INTO" || w == "FROM" || w == "UPDATE") && i+1 < len(words) {
			return words[i+1]
		}
	}
	return ""
}
