package mirror

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"agc-export/export/seal"
)

// Distrust prepares the mirror for a repair: each row that a Problem names gets a sum
// that no row has, so that the next Put writes it anew whatever it holds; notes of the
// program that are damaged are emptied, but for holds, and waits begin again. Rows that only connect
// others, and are damaged or point nowhere, are dropped: they hold nothing themselves.
func (m *Mirror) Distrust(ctx context.Context, problems []Problem) error {
	var notesLost []string
	var waits []Absence
	_, err := m.update(ctx, "preparing a repair", func(b *batch) (int, error) {
		n := 1
		for _, p := range problems {
			if p.What != ProblemSum || p.ID == "" {
				continue
			}
			switch p.Kind {
			case "blob", keptRows.name: // what is kept cannot be had again
			case "state":
				if p.ID != noteHolds {
					notesLost = append(notesLost, p.ID)
				}
			case "absence":
				kind, id, _ := strings.Cut(p.ID, "/")
				waits = append(waits, Absence{Kind: Kind(kind), ID: id, State: GoneUnseen})
			case "attachment_blob":
				if err := b.dropLinks(ctx, p.ID); err != nil {
					return 0, err
				}
			default:
				if _, err := b.exec(ctx, "UPDATE "+p.Kind+" SET sum = '' WHERE id = ?", p.ID); err != nil {
					return 0, err
				}
			}
		}
		for _, text := range []string{
			"DELETE FROM attachment_blob WHERE sha256 NOT IN (SELECT sha256 FROM blob) OR id NOT IN (SELECT id FROM " +
				"attachment)",
			"DELETE FROM label WHERE id NOT IN (SELECT id FROM metadata)",
			"DELETE FROM restriction WHERE id NOT IN (SELECT id FROM metadata)",
		} {
			if _, err := b.exec(ctx, text); err != nil {
				return 0, err
			}
		}
		return n, nil
	})
	for _, key := range notesLost {
		err = errors.Join(err, m.setNote(ctx, key, ""))
	}
	if len(waits) > 0 {
		_, put := m.PutAbsences(ctx, waits)
		err = errors.Join(err, put)
	}
	return err
}

// dropLinks drops the damaged rows that say which bytes an attachment has. The bytes
// stay.
func (b *batch) dropLinks(ctx context.Context, id string) error {
	rows, err := b.tx.QueryContext(ctx, "SELECT id, version, sha256, sum FROM attachment_blob WHERE id = ?", id)
	if err != nil {
		return err
	}
	var bad []any
	for rows.Next() {
		var id, version, blob, sum any
		if err := rows.Scan(&id, &version, &blob, &sum); err != nil {
			return errors.Join(err, rows.Close())
		}
		if seal.Digest(blobColumns, []any{id, version, blob}) != sum {
			bad = append(bad, version)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	for _, version := range bad {
		if _, err := b.exec(ctx, "DELETE FROM attachment_blob WHERE id = ? AND version = ?", id, version); err != nil {
			return err
		}
	}
	return nil
}
