package mirror

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"agc-export/export/seal"
)

// The seal (noteSeal) says how many rows each table has and a SHA-256 over
// their keys and sums. The sum of a row tells that it was changed, the seal that it is
// missing, or that there is one more. The first write of a session takes the seal off
// and Close puts it on again, so the mirror of a killed run has none until the next.

// sealed are the tables under the seal: all that have a sum, and what lies in blobs/.
func (m *disk) sealed(ctx context.Context) ([]string, error) {
	if all := m.tables.Load(); all != nil {
		return *all, nil
	}
	all := []string{"blob"}
	err := m.rows(ctx, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		all = append(all, name)
		return err
	}, "SELECT t.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name = 'sum'")
	if slices.Sort(all); err == nil {
		m.tables.Store(&all)
	}
	return all, err
}

// seals are the seals of all tables.
func (m *disk) seals(ctx context.Context) (map[string]seal.Table, error) {
	names, err := m.sealed(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]seal.Table{}
	for _, name := range names {
		if all[name], err = m.sealOf(ctx, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// sealOf is the seal of a table. It is computed where this session does not know it.
func (m *disk) sealOf(ctx context.Context, name string) (seal.Table, error) {
	known, now, ok := m.known.Of(name)
	if ok {
		return known, nil
	}
	query := "SELECT id || char(0) || sum FROM " + name + " WHERE id <> '" + noteSeal + "' ORDER BY id"
	if name == "blob" {
		query = "SELECT sha256 || char(0) || size FROM blob ORDER BY sha256"
	}
	h, both := seal.NewSum(), sql.RawBytes{} // each column that is read takes its time
	err := m.rows(ctx, func(rows *sql.Rows) error {
		err := rows.Scan(&both)
		id, sum, _ := bytes.Cut(both, []byte{0})
		h.Add(id, sum)
		return err
	}, query)
	t := h.Table()
	if err == nil {
		m.known.Keep(name, now, t)
	}
	return t, err
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
	var want map[string]seal.Table
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
