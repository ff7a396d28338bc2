package mirror

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"sync"

	"modernc.org/sqlite"

	"agc-export/export/blob"
	"agc-export/export/seal"
)

// Problem is something in the mirror that is not as it was written. It never
// holds text of a page.
type Problem struct {
	// the table ("content", "attachment_blob", ...), "blob" for a file, "database" for SQLite's own findings
	Kind string
	ID   string // of the row; of a blob its SHA-256 or, for a file that is none, its path in blobs/
	What string // Problem… below, or SQLite's words
}

// What a Problem can be besides SQLite's own findings.
const (
	ProblemSum     = "checksum differs"       // a row, or the bytes of a blob
	ProblemSize    = "size differs"           // a blob
	ProblemMissing = "missing"                // a blob that a row names
	ProblemExtra   = "not named by any row"   // a file in blobs/: left by a killed run, or put there
	ProblemRead    = "cannot be read"         // a blob
	ProblemPointer = "points at no other row" // a row
	ProblemFewer   = "rows are missing"       // a table, compared with its seal
	ProblemMore    = "there are extra rows"   // likewise
	ProblemSeal    = "rows differ from those that were written last"
)

// Verify reads the whole mirror and yields what is wrong with it: what Rows finds, blobs
// that are missing, damaged or unknown, and what SQLite's integrity_check finds. An
// error ends it: it could not look.
func (m *Mirror) Verify(ctx context.Context) iter.Seq2[Problem, error] {
	return func(yield func(Problem, error) bool) {
		problems, err := m.checkDatabase(ctx)
		for _, p := range problems {
			if !yield(p, nil) {
				return
			}
		}
		if err != nil {
			yield(Problem{}, wrap("verifying", err))
			return
		}
		for p, err := range m.Rows(ctx) {
			if !yield(p, err) || err != nil {
				return
			}
		}
		for i := range 256 {
			if !m.checkBlobs(ctx, fmt.Sprintf("%02x", i), yield) {
				return
			}
		}
		m.checkStrays(yield)
	}
}

// Rows yields what is wrong with the rows: those whose sum is not that of their columns
// and raw bytes, those that point nowhere, and tables whose seal says that rows are
// missing or that there are more.
func (m *Mirror) Rows(ctx context.Context) iter.Seq2[Problem, error] { return m.RowsSince(ctx, nil) }

// RowsSince is Rows for who has seen contents before, nil for nobody, and tells which are seen now. A
// content of which the row says the same as then is read with its body and raw bytes only in every
// thirtieth turn: who needs that body reads it with SoundBody.
func (m *disk) RowsSince(ctx context.Context, seen *Seen) iter.Seq2[Problem, error] {
	content := checkRows(m, contents)
	if seen != nil {
		content = func(ctx context.Context) ([]Problem, error) { return m.checkUnseen(ctx, seen) }
	}
	checks := []func(context.Context) ([]Problem, error){
		m.checkPointers, checkRows(m, sites), checkRows(m, notes), checkRows(m, spaces), content,
		checkRows(m, metadata), checkRows(m, attachments), checkRows(m, comments), checkRows(m, users),
		checkRows(m, issues), checkRows(m, icons), checkRows(m, classifications), checkRows(m, spaceLevels),
		checkRows(m, contentLevels), checkRows(m, contentStates), checkRows(m, contentFetched), checkRows(m, tasks),
		checkRows(m, contentVersions), checkRows(m, attachmentVersions), checkRows(m, absences),
		checkRows(m, keptRows), m.checkBlobRows, m.checkSeal,
	}
	return func(yield func(Problem, error) bool) {
		for _, check := range checks {
			problems, err := check(ctx)
			for _, p := range problems {
				if !yield(p, nil) {
					return
				}
			}
			if err != nil {
				yield(Problem{}, wrap("verifying", err))
				return
			}
		}
	}
}

// Sealed returns an error in whose chain ErrCorrupt is where rows are missing, or there
// are more, than when the mirror was sealed. It reads no bodies.
func (m *Mirror) Sealed(ctx context.Context) error {
	problems, err := m.checkSeal(ctx)
	if err != nil || len(problems) == 0 {
		return err
	}
	var all []string
	for _, p := range problems {
		all = append(all, p.Kind+": "+p.What)
	}
	return fmt.Errorf("%s: %w", strings.Join(all, "; "), ErrCorrupt)
}

// checkDatabase asks SQLite, which reads the whole database for it: it may be interrupted.
func (m *disk) checkDatabase(ctx context.Context) (all []Problem, err error) {
	rows, err := m.read.db.QueryContext(ctx, "PRAGMA integrity_check")
	if err != nil {
		return nil, cmp.Or(context.Cause(ctx), err)
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		if err := rows.Scan(&what); err != nil {
			return all, cmp.Or(context.Cause(ctx), err)
		}
		if what != "ok" {
			all = append(all, Problem{"database", dbName, what})
		}
	}
	return all, cmp.Or(context.Cause(ctx), rows.Err())
}

// checkPointers looks for rows that point at no other.
func (m *disk) checkPointers(ctx context.Context) (all []Problem, err error) {
	err = m.rows(ctx, func(rows *sql.Rows) error {
		var table string
		err := rows.Scan(&table)
		all = append(all, Problem{table, "", ProblemPointer})
		return err
	}, `SELECT "table" FROM pragma_foreign_key_check`)
	return all, err
}

// checkRows computes the sums of a table's rows anew. Values are taken as they
// lie, not as T would have them, so a number in place of text is found as well.
func checkRows[T any](m *disk, t table[T]) func(context.Context) ([]Problem, error) {
	return func(ctx context.Context) ([]Problem, error) { return compare(ctx, m, t, "") }
}

// compare compares some rows of a table with their sums.
func compare[T any](ctx context.Context, m *disk, t table[T], which string, args ...any) ([]Problem, error) {
	return m.unlike(ctx, t.name, "SELECT id FROM "+t.name+" WHERE "+sumSQL(t.names(), t.values())+" IS NOT sum "+which,
		args...)
}

// unlike are the rows of a table that a query chooses for not having their sums, by id. There are hardly ever any, so
// they are put in order here: SQLite would go over the whole table by an index, and look for each row in turn.
func (m *disk) unlike(ctx context.Context, table, query string, args ...any) (all []Problem, err error) {
	err = m.rows(ctx, func(rows *sql.Rows) error {
		var id any
		err := rows.Scan(&id)
		all = append(all, Problem{table, fmt.Sprint(id), ProblemSum})
		return err
	}, query, args...)
	slices.SortStableFunc(all, func(a, b Problem) int { return strings.Compare(a.ID, b.ID) })
	return all, err
}

// addSums makes sumSQL known to all databases that are opened from then on: there the values of a row need not
// leave SQLite to be summed up.
var addSums = sync.OnceValue(func() error {
	sum := func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		return seal.DigestInSQL(args), nil
	}
	return sqlite.RegisterFunction("row_sum", &sqlite.FunctionImpl{NArgs: -1, Deterministic: true, VolatileArgs: true,
		Scalar: sum})
})

// sumSQL is the SQL of seal.Digest.
func sumSQL(names, values []string) string {
	return "row_sum('" + strings.Join(names, ",") + "', " + strings.Join(values, ", ") + ")"
}

// Seen are the contents that were compared with their checksums.
type Seen struct {
	Turn int // how often
	Rows []SeenRow
}

// SeenRow sums up what the row of a content says, its checksum included, but for body and raw bytes.
type SeenRow struct {
	ID  string
	Sum [16]byte
}

// turns is after how many builds each content was read again.
const turns = 30

// checkUnseen compares the contents that are not seen, and those whose turn it is, with their checksums.
func (m *disk) checkUnseen(ctx context.Context, seen *Seen) ([]Problem, error) {
	before := make(map[string][16]byte, len(seen.Rows))
	for _, r := range seen.Rows {
		before[r.ID] = r.Sum
	}
	turn := seen.Turn % turns
	seen.Turn, seen.Rows = seen.Turn+1, make([]SeenRow, 0, len(before)+1)
	names := append(slices.Clone(contents.columns), "sum")
	var open []string
	r, sum := SeenRow{}, sql.RawBytes{}
	err := m.rows(ctx, func(rows *sql.Rows) error {
		err := rows.Scan(&r.ID, &sum)
		hex.Decode(r.Sum[:], sum[:min(len(sum), hex.EncodedLen(len(r.Sum)))]) // row_sum made it
		if before[r.ID] != r.Sum || int(r.Sum[0])%turns == turn {
			open = append(open, r.ID)
		}
		seen.Rows = append(seen.Rows, r)
		return err
	}, "SELECT id, "+sumSQL(names, names)+" FROM content")
	var all []Problem
	for some := range slices.Chunk(open, sweepSize) {
		damaged, wrong := m.compareContents(ctx, some)
		all, err = append(all, damaged...), errors.Join(err, wrong)
	}
	return all, err
}

// compareContents compares some contents with their checksums, body and raw bytes included.
func (m *disk) compareContents(ctx context.Context, ids []string) (all []Problem, err error) {
	which, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return compare(ctx, m, contents, "AND id IN (SELECT value FROM json_each(?))", string(which))
}

// SoundBody is Body for what is published: the row is compared with its checksum as it is read.
// ErrCorrupt is in the chain of the error where it is not as it was written.
func (m *disk) SoundBody(ctx context.Context, id string) (string, error) {
	names, values := contents.names(), contents.values()
	found, sound, body := false, false, ""
	err := m.rows(ctx, func(rows *sql.Rows) error {
		var raw, beside sql.NullString
		err := rows.Scan(&raw, &beside, &sound)
		found, body = true, text(raw.String, beside)
		return err
	}, "SELECT "+strings.Join(values[len(values)-2:], ", ")+", "+sumSQL(names, values)+" IS sum FROM content "+
		"WHERE id = ?", id)
	switch {
	case err == nil && !found:
		err = fs.ErrNotExist
	case err == nil && !sound:
		err = fmt.Errorf("%s: %w", ProblemSum, ErrCorrupt)
	}
	return body, wrap(fmt.Sprintf("reading the body of %s", id), err)
}

// checkBlobRows does the same for the rows that name blobs.
func (m *disk) checkBlobRows(ctx context.Context) (all []Problem, err error) {
	return m.unlike(ctx, "attachment_blob", "SELECT id FROM attachment_blob WHERE "+sumSQL(blobColumns, blobColumns)+
		" IS NOT sum")
}

// checkBlobs compares the folder blobs/<prefix> with the rows that name files in
// it and reads each file through. It returns false when the loop is over.
func (m *disk) checkBlobs(ctx context.Context, prefix string, yield func(Problem, error) bool) bool {
	sizes := map[string]int64{}
	var sums []string
	err := m.rows(ctx, func(rows *sql.Rows) error {
		var sum string
		var size int64
		err := rows.Scan(&sum, &size)
		sizes[sum] = size
		sums = append(sums, sum)
		return err
	}, "SELECT sha256, size FROM blob WHERE sha256 >= ?1 AND sha256 < ?1 || 'g' ORDER BY sha256", prefix)
	if err != nil {
		yield(Problem{}, wrap("verifying", err))
		return false
	}
	for _, sum := range sums {
		if err := context.Cause(ctx); err != nil {
			yield(Problem{}, wrap("verifying", err))
			return false
		}
		if what := m.checkBlob(sum, sizes[sum]); what != "" && !yield(Problem{"blob", sum, what}, nil) {
			return false
		}
	}
	files, err := m.names(blobsDir + "/" + prefix)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		yield(Problem{}, wrap("verifying", err))
		return false
	}
	for _, name := range files {
		if _, known := sizes[prefix+name]; !known && !yield(Problem{"blob", prefix + "/" + name, ProblemExtra}, nil) {
			return false
		}
	}
	return true
}

// checkBlob says what is wrong with one blob, "" if nothing.
func (m *disk) checkBlob(sum string, size int64) string {
	if !blob.IsSum(sum) {
		return ProblemSum
	}
	if info, err := m.root.Lstat(blobPath(sum)); err == nil {
		m.tighten(blobPath(sum), info)
	}
	held, n, err := m.hashBlob(sum)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ProblemMissing
	case err != nil:
		return ProblemRead
	case n != size:
		return ProblemSize
	case held != sum:
		return ProblemSum
	}
	return ""
}

// checkStrays looks for what is in blobs/ and no folder of blobs.
func (m *disk) checkStrays(yield func(Problem, error) bool) {
	names, err := m.names(blobsDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		yield(Problem{}, wrap("verifying", err))
		return
	}
	for _, name := range names {
		if len(name) == 2 && strings.Trim(name, "0123456789abcdef") == "" {
			continue
		}
		if !yield(Problem{"blob", name, ProblemExtra}, nil) {
			return
		}
	}
}
