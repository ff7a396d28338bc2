package mirror

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/lock"
	"agc-export/fetch/wiki"
)

// script runs SQL on a database file, past the mirror.
func script(t testing.TB, path, text string) {
	t.Helper()
	db := must[*sql.DB](t)(sql.Open("sqlite", path))
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}

func TestModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "mirror")
	m := open(t, dir, Options{})
	if err := m.setNote(t.Context(), "k", "v"); err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]fs.FileMode{"": fs.ModeDir | 0o700, "mirror.db": 0o600, "lock": 0o600,
		"blobs": fs.ModeDir | 0o700} {
		if info := must[os.FileInfo](t)(os.Stat(filepath.Join(dir, name))); info.Mode() != mode {
			t.Errorf("%s/%s has mode %v, want %v", dir, name, info.Mode(), mode)
		}
	}
}

// TestRefused: what is not a mirror, or not yet or no longer one, is refused as
// such and left as it is, whether for reading or for writing.
func TestRefused(t *testing.T) {
	version, foreign := new(*VersionError), new(*ForeignError)
	for _, c := range []struct {
		name    string
		sql     string // run on a mirror
		file    string // or written in place of mirror.db
		remove  string
		want    any // what errors.As finds, or fs.ErrNotExist
		reading bool
	}{
		{name: "newer", sql: "PRAGMA user_version = 99", want: version},
		{name: "another program's", sql: "PRAGMA application_id = 7", want: foreign},
		{name: "no version", sql: "PRAGMA user_version = 0", want: foreign},
		{name: "no database", file: strings.Repeat("not a database. ", 300), want: foreign},
		{name: "blobs alone", remove: "mirror.db", want: foreign},
		{name: "emptied", file: "empty", want: foreign},
		{name: "absent", remove: ".", want: fs.ErrNotExist, reading: true},
		{name: "no database yet", remove: "mirror.db", want: fs.ErrNotExist, reading: true},
		{name: "empty database", file: "empty", want: fs.ErrNotExist, reading: true},
	} {
		for _, reading := range []bool{false, true} {
			if errors.Is(asError(c.want), fs.ErrNotExist) != reading && (c.remove != "" || c.file == "empty") {
				continue
			}
			t.Run(fmt.Sprintf("%s/reading=%t", c.name, reading), func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "mirror")
				open(t, dir, Options{}).Close()
				db := filepath.Join(dir, dbName)
				if c.sql != "" {
					script(t, db, c.sql)
				}
				if c.remove != "" {
					os.RemoveAll(filepath.Join(dir, c.remove))
				}
				if c.file != "" {
					os.WriteFile(db, []byte(strings.TrimPrefix(c.file, "empty")), 0o600)
				}
				before := tree(t, filepath.Dir(dir))
				m, err := Open(t.Context(), dir, Options{ReadOnly: reading})
				if m != nil {
					m.Close()
				}
				if target := asError(c.want); target != nil && !errors.Is(err, target) ||
					target == nil && !errors.As(err, c.want) {
					t.Errorf("error %v", err)
				}
				if diff := cmp.Diff(before, tree(t, filepath.Dir(dir))); diff != "" {
					t.Errorf("files (-before +after):\n%s", diff)
				}
			})
		}
	}
}

func asError(v any) error {
	err, _ := v.(error)
	return err
}

// TestLock: one writer, or several readers.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	free := func(readOnly bool) bool {
		m, err := Open(t.Context(), dir, Options{ReadOnly: readOnly})
		if err == nil {
			m.Close()
			return true
		}
		if locked := (*lock.HeldError)(nil); !errors.As(err, &locked) {
			t.Errorf("error %v", err)
		}
		return false
	}
	writer := open(t, dir, Options{})
	if free(false) || free(true) {
		t.Error("opened beside a writer")
	}
	writer.Close()
	reader := open(t, dir, Options{ReadOnly: true})
	if free(false) || !free(true) {
		t.Error("a reader keeps readers out or lets a writer in")
	}
	reader.Close()
	if !free(false) {
		t.Error("closed and still locked")
	}
	os.Remove(filepath.Join(dir, lockName))
	if !free(true) {
		t.Error("a copy without lock file cannot be read")
	}
}

// withSteps makes the program one that knows further migrations.
func withSteps(t *testing.T, steps ...string) {
	old := migrations
	t.Cleanup(func() { migrations = old })
	migrations = append(slices.Clip(old), steps...)
}

func TestMigration(t *testing.T) {
	for _, readOnly := range []bool{false, true} {
		t.Run(fmt.Sprintf("reading=%t", readOnly), func(t *testing.T) {
			dir := t.TempDir()
			m := open(t, dir, Options{})
			w := generate(5, 60)
			w.put(t, m)
			m.Close()
			withSteps(t, "ALTER TABLE content ADD COLUMN classification TEXT NOT NULL DEFAULT ''",
				"CREATE TABLE later (id TEXT PRIMARY KEY)")
			m = open(t, dir, Options{ReadOnly: readOnly})
			if v := must[int](t)(m.read.version(t.Context(), dir)); v != len(migrations) {
				t.Errorf("version %d", v)
			}
			if diff := cmp.Diff(w.written(), read(t, m), same...); diff != "" {
				t.Errorf("(-written +read):\n%s", diff)
			}
			verify(t, m)
			if readOnly {
				if other, err := Open(t.Context(), dir, Options{ReadOnly: true}); err != nil {
					t.Errorf("a reader that migrated keeps the lock for itself: %v", err)
				} else {
					other.Close()
				}
			}
		})
	}
}

// TestFailedMigration: a step that fails or leaves rows that point nowhere is
// undone, and the steps before it stay.
func TestFailedMigration(t *testing.T) {
	for _, bad := range []string{"CREATE TABLE half (id); INSERT INTO nowhere VALUES (1)",
		"PRAGMA foreign_keys; DELETE FROM metadata"} {
		dir := t.TempDir()
		m := open(t, dir, Options{})
		w := generate(6, 20)
		w.put(t, m)
		m.Close()
		t.Run("", func(t *testing.T) {
			withSteps(t, "CREATE TABLE good (id)", bad)
			if m, err := Open(t.Context(), dir, Options{}); err == nil {
				m.Close()
				t.Error("a bad step was taken")
			}
		})
		t.Run("", func(t *testing.T) {
			withSteps(t, "CREATE TABLE good (id)")
			m := open(t, dir, Options{ReadOnly: true})
			if diff := cmp.Diff(w.written(), read(t, m), same...); diff != "" {
				t.Errorf("(-written +read):\n%s", diff)
			}
			verify(t, m)
		})
	}
}

// TestOldMirrors opens a mirror of every schema version that there ever was:
// testdata/v<n>.sql, all made from the same world. That of the newest version is
// what this program makes: where they differ, the schema was changed without a
// migration. UPDATE=1 writes that one; once released, a file stays as it is.
func TestOldMirrors(t *testing.T) {
	w := generate(7, 12)
	dir := t.TempDir()
	m := open(t, dir, Options{})
	w.put(t, m)
	store(t, m, w.attachments[0].ID, 1, "bytes")
	must[int](t)(m.MarkGone(t.Context(), KindComment, []string{w.comments[0].ID}, GoneTrashed))
	if err := m.SetSite(t.Context(), Identity{CloudID: "c", URL: "https://x", Name: "X"}); err != nil {
		t.Fatal(err)
	}
	want := must[string](t)(m.Fingerprint(t.Context()))
	golden := fmt.Sprintf("testdata/v%d.sql", len(migrations))
	got := dump(t, m)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(must[[]byte](t)(os.ReadFile(golden))), got); diff != "" {
		t.Errorf("%s is not what a new mirror holds; a changed schema needs a migration (-file +new):\n%s", golden,
			diff)
	}
	for v := range migrations {
		dir := t.TempDir()
		script(t, filepath.Join(dir, dbName),
			string(must[[]byte](t)(os.ReadFile(fmt.Sprintf("testdata/v%d.sql", v+1)))))
		m := open(t, dir, Options{})
		if got := must[string](t)(m.Fingerprint(t.Context())); got != want {
			t.Errorf("version %d: fingerprint %s, want %s", v+1, got, want)
		}
		verify(t, m, Problem{"blob", sumOf("bytes"), ProblemMissing})
	}
}

// dump returns SQL that makes the same database: tables with their rows, then
// the rest of the schema.
func dump(t *testing.T, m *Mirror) string {
	var b strings.Builder
	fmt.Fprintf(&b, "PRAGMA application_id = %d;\nPRAGMA user_version = %d;\nBEGIN;\n", applicationID, len(migrations))
	schema := func(where string) (names []string) {
		err := m.rows(t.Context(), func(rows *sql.Rows) error {
			var name, text string
			err := rows.Scan(&name, &text)
			names = append(names, name)
			b.WriteString(text + ";\n")
			return err
		}, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND type "+where+" ORDER BY rowid")
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	for _, table := range schema("= 'table'") {
		err := m.rows(t.Context(), func(rows *sql.Rows) error {
			columns := must[[]string](t)(rows.Columns())
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				return err
			}
			var literals []string
			for _, v := range values {
				literals = append(literals, literal(v))
			}
			stored := slices.DeleteFunc(slices.Clone(columns),
				func(c string) bool { return strings.HasSuffix(c, "digits") })
			fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES (%s);\n", table, strings.Join(stored, ", "),
				strings.Join(literals[:len(stored)], ", "))
			return nil
		}, "SELECT * FROM "+table+" ORDER BY 1, 2")
		if err != nil {
			t.Fatal(err)
		}
	}
	schema("<> 'table'")
	return b.String() + "COMMIT;\n"
}

// literal returns SQL for a value, in plain ASCII on one line.
func literal(v any) string {
	text, ok := v.(string)
	switch {
	case v == nil:
		return "NULL"
	case !ok:
		return fmt.Sprint(v)
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }):
		return fmt.Sprintf("CAST(X'%x' AS TEXT)", text)
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// TestFullDisk: a database that cannot grow says ENOSPC and stays whole.
func TestFullDisk(t *testing.T) {
	m := open(t, t.TempDir(), Options{})
	must[int](t)(m.PutContents(t.Context(), pages(0, 10, 1000, 1)))
	if _, err := m.write.db.Exec("PRAGMA max_page_count = 60"); err != nil {
		t.Fatal(err)
	}
	n, err := m.PutContents(t.Context(), pages(0, 250, 10000, 2))
	if n != 0 || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%d rows, error %v", n, err)
	}
	verify(t, m)
	for _, e := range collect(t, m.WalkEntries(t.Context())) {
		if e.Version.Number != 1 {
			t.Errorf("%s was written", e.ID)
		}
	}
}

// TestPlans: sweeps seek to where they go on, and nothing that grows with the
// site is sorted.
func TestPlans(t *testing.T) {
	m, ctx := open(t, t.TempDir(), Options{}), t.Context()
	collect(t, m.WalkEntries(ctx))
	collect(t, m.Attachments(ctx))
	collect(t, m.AllComments(ctx))
	must[[]Comment](t)(m.Comments(ctx, "1"))
	collect(t, m.AllTasks(ctx))
	must[[]wiki.Task](t)(m.Tasks(ctx, "1"))
	must[[]wiki.ContentVersion](t)(m.Versions(ctx, "1"))
	must[map[string]History](t)(m.Histories(ctx))
	must[[]AttachmentVersion](t)(m.AttachmentVersions(ctx, "att1"))
	must[string](t)(m.Fingerprint(ctx))
	texts := map[string]bool{}
	for _, r := range m.read.idle {
		for text := range r.stmts {
			texts[text] = true
		}
	}
	for _, text := range slices.Sorted(maps.Keys(texts)) {
		var plan []string
		args := make([]any, strings.Count(text, "?"))
		err := m.rows(ctx, func(rows *sql.Rows) error {
			var id, parent, unused int
			var step string
			err := rows.Scan(&id, &parent, &unused, &step)
			plan = append(plan, step)
			return err
		}, "EXPLAIN QUERY PLAN "+text, args...)
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(plan, "\n")
		if strings.Contains(all, "TEMP B-TREE") || strings.Contains(text, "?") && !strings.HasPrefix(all, "SEARCH") {
			t.Errorf("%s\nis done so:\n%s", text, all)
		}
	}
}
