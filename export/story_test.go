package export

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/fetch/faketenant"
)

// story is a small tenant on two days, with what undisturbed runs make of it. Every
// trial of the engine starts from a copy of the first day's folder, meets some fault
// while it brings in the second day, and must end in the second day's state once the
// fault is over. That is SQLite's method: fail the n-th operation, for every n.
type story struct {
	before, after fstest.MapFS
	start         string // folder with mirror/ and out/ of the first day
	kept          map[string]string
	first, second outcome
	requests      int // of the second day's undisturbed run
}

// storyGround is how many known objects in a row end a list in a story's runs: so few that
// its second day reads the newest alone, as a night on a large site does.
const storyGround = 2

// noon is the time of all runs of the engine: what a mirror notes of it is equal.
func noon() time.Time { return time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC) }

// newStory is the story of all tests: a tenant with pages, files, comments and replies, in which
// a day later a page was edited, one trashed and one moved, and a file and comments came.
func newStory(t testing.TB) *story {
	t.Helper()
	theStory.Do(func() { theStory.told, theStory.err = tellStory(t) })
	if theStory.told == nil {
		t.Fatal("there is no story: ", theStory.err)
	}
	return theStory.told
}

// theStory is told once. Trials work on copies of its folder.
var theStory struct {
	sync.Once
	told *story
	err  error
}

func tellStory(t testing.TB) (*story, error) {
	dir, err := keptDir()
	if err != nil {
		return nil, err
	}
	z := size{pages: 7, attachments: 4, comments: 5, spaces: 1}
	s := &story{before: z.tenant(), after: z.change(t), start: filepath.Join(dir, "x")}
	s.after["GEN0/pages.json"].Data = edited(t, s.after["GEN0/pages.json"].Data, map[string]map[string]any{
		"100006": {"status": "trashed"}, "100005": {"parent": "100004", "version": 1}})
	w := s.world(t, s.start, s.before)
	w.export(t, exit.Complete)
	s.first = w.outcome(t)
	s.kept = s.first.keys()
	w = s.world(t, s.copy(t), s.after)
	w.export(t, exit.Complete)
	s.second, s.requests = w.outcome(t), len(w.fake.Load().Calls())
	if slices.Equal(s.first.tree, s.second.tree) || s.requests < 15 {
		return nil, fmt.Errorf("the second day changes nothing, or asks %d times only: the engine has lost its point",
			s.requests)
	}
	return s, nil
}

// world is a job on a folder of the engine, with one worker so that the n-th request
// is the same in each run.
func (s *story) world(t testing.TB, dir string, files fs.FS, faults ...faketenant.Fault) *world {
	t.Helper()
	w := newWorld(t, files, faults...)
	w.Config.Output.Mirror, w.Config.Output.Dir = filepath.Join(dir, "mirror"), filepath.Join(dir, "out")
	w.Config.Fetch.Workers, w.Now, w.Limits.Ground = 1, noon, storyGround
	return w
}

// copy returns a fresh copy of the first day's folder.
func (s *story) copy(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(quickDir(t), "x")
	if err := os.CopyFS(dir, os.DirFS(s.start)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// content are the tables of what was mirrored, with the columns of their keys.
var content = map[string]string{
	"space": "id", "content": "id", "content_raw": "id", "metadata": "id", "attachment": "id", "blob": "sha256",
	"attachment_blob": "id || ' ' || version", "comment": "id", "user": "id", "label": "id || ' ' || name",
}

// rows reads a mirror's content by SQL, past all code of the program.
func rows(t testing.TB, dir string) map[string]string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, "mirror.db"))+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string]string{}
	for table, key := range content {
		result, err := db.Query("SELECT " + key + ", * FROM " + table)
		if err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		for result.Next() {
			names, _ := result.Columns()
			values := make([]any, len(names))
			for i := range values {
				values[i] = new(any)
			}
			if err := result.Scan(values...); err != nil {
				t.Fatal(err)
			}
			var line strings.Builder
			for i, v := range values[1:] {
				fmt.Fprintf(&line, "%s=%v ", names[i+1], *v.(*any))
			}
			all[fmt.Sprintf("%s %v", table, *values[0].(*any))] = line.String()
		}
		if err := errors.Join(result.Err(), result.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// keys are the rows that must be there ever after. Labels may go.
func (o outcome) keys() map[string]string {
	keep := maps.Clone(o.rows)
	maps.DeleteFunc(keep, func(k, _ string) bool { return strings.HasPrefix(k, "label ") })
	return keep
}

// sound checks what holds at every moment, whatever happened: the mirror has all that
// it had, is as it was stored, nothing was taken for deleted that is not, and the
// output is a whole one.
func (s *story) sound(t testing.TB, w *world) {
	t.Helper()
	verifyWhole(t, w) // first: it rolls back what a killed run was writing
	now := rows(t, w.Config.Output.Mirror)
	for k := range s.kept {
		if _, ok := now[k]; !ok {
			t.Errorf("the mirror has lost %s", k)
		}
	}
	for k, row := range now {
		for _, gone := range []string{"gone=trashed", "gone=deleted"} {
			if strings.Contains(row, gone) && !strings.Contains(s.second.rows[k], gone) {
				t.Errorf("%s was taken for deleted: %s", k, row)
			}
		}
		if strings.HasPrefix(k, "content ") && strings.Contains(s.kept[k], "body_version=1") &&
			!strings.Contains(row, "body_version=") {
			t.Errorf("%s has lost its body", k)
		}
	}
}

// same wants an outcome to be the expected one, the program's own notes aside.
func (o outcome) same(t testing.TB, want outcome, what string) {
	t.Helper()
	if diff := cmp.Diff(want.rows, o.rows); diff != "" {
		t.Errorf("%s: the mirror differs (-want +got):\n%s", what, diff)
	}
	if diff := cmp.Diff(want.tree, o.tree); diff != "" {
		t.Errorf("%s: the output differs (-want +got):\n%s", what, diff)
	}
}

// silent wants the key in no file below dir and in none of the texts.
func silent(t testing.TB, dir string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(text, faketenant.Key) {
			t.Errorf("the key stands in %q", text)
		}
	}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(p)
		if bytes.Contains(data, []byte(faketenant.Key)) {
			t.Errorf("the key stands in %s", p)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// outcome is what a run leaves: the mirror row by row and the output file by file.
type outcome struct {
	rows map[string]string // "table key" -> the whole row
	tree []string          // lines of SHA256SUMS
}

// outcome reads what the last run left.
func (w *world) outcome(t testing.TB) outcome {
	t.Helper()
	o := outcome{rows: rows(t, w.Config.Output.Mirror)}
	if sums, err := os.ReadFile(filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.SumsFile)); err == nil {
		o.tree = strings.Split(string(sums), "\n")
	}
	return o
}
