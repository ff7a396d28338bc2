package mirror

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The seal (noteSeal) says how many rows each table has and a SHA-256 over
// their keys and sums. The sum of a row tells that it was changed, the seal that it is
// missing, or that there is one more. The first write of a session takes the seal off
// and Close puts it on again, so the mirror of a killed run has none until the next.

// seal is the count and checksum of one table.
type seal struct {
	Rows int    `json:"rows"`
	Sum  string `json:"sum"`
}

// sealing are the seals that are known: of tables that were read in this session and not written since.
type sealing struct {
	mu     sync.Mutex
	names  []string // of all tables under the seal
	tables map[string]seal
	writes int // how often something was written
}

// forget forgets the seals of tables that were written. A name that is none of a table under the seal stands for all.
func (k *sealing) forget(written map[string]bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.writes++
	for name := range written {
		if !slices.Contains(k.names, name) {
			clear(k.tables)
		}
		delete(k.tables, name)
	}
}

// written is the table that a statement writes, "" where it does not say so in its first words.
func written(text string) string {
	words := strings.Fields(text)
	for i, w := range words[:min(len(words), 5)] {
		if (w == "INTO" || w == "FROM" || w == "UPDATE") && i+1 < len(words) {
			return words[i+1]
		}
	}
	return ""
}

// sealed are the tables under the seal: all that have a sum, and what lies in blobs/.
func (m *disk) sealed(ctx context.Context) ([]string, error) {
	m.known.mu.Lock()
	all := m.known.names
	m.known.mu.Unlock()
	if all != nil {
		return all, nil
	}
	all = []string{"blob"}
	err := m.rows(ctx, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		all = append(all, name)
		return err
	}, "SELECT t.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name = 'sum'")
	slices.Sort(all)
	m.known.mu.Lock()
	defer m.known.mu.Unlock()
	if err == nil {
		m.known.names = all
	}
	return all, err
}

// seals are the seals of all tables.
func (m *disk) seals(ctx context.Context) (map[string]seal, error) {
	names, err := m.sealed(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]seal{}
	for _, name := range names {
		if all[name], err = m.sealOf(ctx, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// sealOf is the seal of a table. It is computed where this session does not know it.
func (m *disk) sealOf(ctx context.Context, name string) (seal, error) {
	k := &m.known
	k.mu.Lock()
	known, ok := k.tables[name]
	writes := k.writes
	k.mu.Unlock()
	if ok {
		return known, nil
	}
	query := "SELECT id, sum FROM " + name + " WHERE id <> '" + noteSeal + "' ORDER BY id"
	if name == "blob" {
		query = "SELECT sha256, size FROM blob ORDER BY sha256"
	}
	h := sealer{Hash: sha256.New()}
	err := m.rows(ctx, func(rows *sql.Rows) error {
		var id, sum sql.RawBytes
		err := rows.Scan(&id, &sum)
		h.add(id, sum)
		return err
	}, query)
	h.flush()
	s := seal{h.rows, hex.EncodeToString(h.Sum(nil))}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err == nil && k.writes == writes {
		if k.tables == nil {
			k.tables = map[string]seal{}
		}
		k.tables[name] = s
	}
	return s, err
}

// sealer sums up the rows of a table, which come by id: those of one id, its versions, in the order of their sums.
type sealer struct {
	hash.Hash
	rows int
	id   []byte
	sums []string
	line []byte
}

func (h *sealer) add(id, sum []byte) {
	if !bytes.Equal(id, h.id) {
		h.flush()
		h.id = append(h.id[:0], id...)
	}
	h.sums = append(h.sums, string(sum))
	h.rows++
}

func (h *sealer) flush() {
	slices.Sort(h.sums)
	for _, sum := range h.sums {
		h.line = append(strconv.AppendInt(h.line[:0], int64(len(h.id)), 10), ':')
		h.line = append(append(append(h.line, h.id...), sum...), '\n')
		h.Write(h.line)
	}
	h.sums = h.sums[:0]
}

// putSeal seals the mirror, if this session has written anything.
func (m *disk) putSeal() error {
	if m.write == nil || m.read == nil || !m.dirty.Load() {
		return nil
	}
	ctx := context.Background() // a run that is interrupted still ends in a sealed mirror
	all, err := m.seals(ctx)
	if err != nil {
		return wrap("sealing", err)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return m.setNote(ctx, noteSeal, string(text))
}

// breakSeal takes the seal off in the transaction that is the first to write.
func (m *disk) breakSeal(ctx context.Context, b *batch) error {
	if m.dirty.Load() {
		return nil
	}
	n := note{noteSeal, ""}
	_, err := b.exec(ctx, notes.upsert(), notes.row(&n)...)
	return err
}

// checkSeal compares the tables with the seal.
func (m *disk) checkSeal(ctx context.Context) (problems []Problem, err error) {
	text, err := m.note(ctx, noteSeal)
	if err != nil || text == "" {
		return nil, err
	}
	var want map[string]seal
	if json.Unmarshal([]byte(text), &want) != nil {
		return nil, nil // the row's own checksum tells
	}
	have, err := m.seals(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		w, h := want[name], have[name]
		what := ""
		switch {
		case h.Rows < w.Rows:
			what = fmt.Sprintf("%d %s", w.Rows-h.Rows, ProblemFewer)
		case h.Rows > w.Rows:
			what = fmt.Sprintf("%s: %d", ProblemMore, h.Rows-w.Rows)
		case h.Sum != w.Sum:
			what = ProblemSeal
		}
		if what != "" {
			problems = append(problems, Problem{name, "", what})
		}
	}
	return problems, nil
}
