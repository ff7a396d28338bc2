package mirror

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/seal"
	"agc-export/fetch/wiki"
)

// beside writes one of each of what stands beside contents: icon, levels, a task,
// versions of a page and of a file.
func beside(t *testing.T, m *Mirror, text string) {
	t.Helper()
	ctx := t.Context()
	must[int](t)(m.PutSpaces(ctx, []wiki.Space{{ID: "7", Key: "K"}}))
	must[int](t)(m.PutContents(ctx, pages(0, 2, 100, 3)))
	must[int](t)(m.PutMetadata(ctx, []wiki.Metadata{{ID: "100000", Cover: text}}))
	must[int](t)(m.PutAttachments(ctx, []wiki.Attachment{{ID: "att1", PageID: "100000",
		Version: wiki.Version{Number: 2}}}))
	sum, size, err := m.WriteBlob(ctx, func(w *BlobWriter) error { _, err := io.WriteString(w, text); return err })
	err = errors.Join(err, m.SetIcon(ctx, "7", Icon{Source: "/logo.png?" + text, Sum: sum, Size: size}))
	if err != nil {
		t.Fatal(err)
	}
	must[int](t)(m.PutClassifications(ctx,
		[]wiki.Classification{{ID: "l1", Name: text, Color: "RED", Order: 1, Raw: []byte(`{}`)}}))
	must[int](t)(m.PutSpaceLevels(ctx, []Level{{"7", "l1"}}))
	must[int](t)(m.PutContentLevels(ctx, []Level{{"100000", "l1"}, {"100001", ""}}))
	must[int](t)(m.PutTasks(ctx, []wiki.Task{{ID: "21", PageID: "100000", LocalID: "1", Status: "complete",
		CompletedBy: text, Body: text}}))
	must[int](t)(m.PutVersions(ctx, "100000", []wiki.ContentVersion{
		{Version: wiki.Version{Number: 2, Message: text}, Title: "Two", HasBody: true, Body: text,
			Raw: []byte(`{"page":{"body":{"storage":{"value":"` + text + `"}}}}`)},
		{Version: wiki.Version{Number: 1}, Title: "One", HasBody: true, Body: text},
		{Version: wiki.Version{Number: 3}}}))
	must[int](t)(m.PutAttachmentVersions(ctx,
		[]wiki.Attachment{{ID: "att1", Title: text, FileSize: 3, Version: wiki.Version{Number: 1}}}))
	store(t, m, "att1", 1, "old")
}

// What was written is read, in a mirror that was opened anew too, and writing it
// again changes nothing.
func TestBeside(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	m := open(t, dir, Options{})
	beside(t, m, "x")
	before := must[string](t)(m.Fingerprint(ctx))
	beside(t, m, "x")
	m.Close()
	m = open(t, dir, Options{ReadOnly: true})
	if got := must[string](t)(m.Fingerprint(ctx)); got != before {
		t.Error("writing the same again changed the fingerprint")
	}
	verify(t, m)
	level := wiki.Classification{ID: "l1", Name: "x", Color: "RED"}
	s, e := must[[]Space](t)(m.Spaces(ctx))[0], entry(t, m, "100000")
	told := e.Told()
	got := []any{s.Icon, s.Classification, told.Level, told.Classified, told.Cover,
		entry(t, m, "100001").Told().Classified}
	want := []any{Icon{"/logo.png?x", sumOf("x"), 1}, level, Class{"l1", "x", "RED"}, true, "x", true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if tasks := must[[]wiki.Task](t)(m.Tasks(ctx, "100000")); len(tasks) != 1 || tasks[0].Body != "x" ||
		tasks[0].LocalID != "1" {
		t.Errorf("tasks: %+v", tasks)
	}
	versions := must[[]wiki.ContentVersion](t)(m.Versions(ctx, "100000"))
	if len(versions) != 3 || versions[0].Number != 3 || versions[0].HasBody || versions[2].Title != "One" ||
		!versions[2].HasBody {
		t.Errorf("versions: %+v", versions)
	}
	for _, n := range []int{1, 2} {
		if body := must[string](t)(m.VersionBody(ctx, "100000", n)); body != "x" {
			t.Errorf("body of version %d: %q", n, body)
		}
	}
	if _, err := m.VersionBody(ctx, "100000", 3); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a version without a body: %v", err)
	}
	h := must[map[string]History](t)(m.Histories(ctx))["100000"]
	if h.Newest != 3 || h.Bodiless != 1 {
		t.Errorf("history: %+v", h)
	}
	if old := must[[]AttachmentVersion](t)(m.AttachmentVersions(ctx, "att1")); len(old) != 1 ||
		old[0].Blob != (Blob{1, sumOf("old"), 3}) || old[0].FileSize != 3 {
		t.Errorf("versions of an attachment: %+v", old)
	}
}

// Each of them counts in the fingerprint, is found by Verify when it was damaged, and
// a version that comes without a body leaves the body that is there.
func TestBesideCounts(t *testing.T) {
	for _, c := range []struct {
		table, damage string
		change        func(*Mirror, context.Context) error
	}{
		{"space_icon", "source = 'z'", func(m *Mirror, ctx context.Context) error {
			return m.SetIcon(ctx, "7", Icon{"/other.png", sumOf("x"), 1})
		}},
		{"classification", "name = 'z'", func(m *Mirror, ctx context.Context) error {
			_, err := m.PutClassifications(ctx, []wiki.Classification{{ID: "l1", Name: "y"}})
			return err
		}},
		{"space_level", "level = 'z'", func(m *Mirror, ctx context.Context) error {
			_, err := m.PutSpaceLevels(ctx, []Level{{"7", ""}})
			return err
		}},
		{"content_level", "level = 'z'", func(m *Mirror, ctx context.Context) error {
			_, err := m.PutContentLevels(ctx, []Level{{"100000", ""}})
			return err
		}},
		{"content_state", "name = 'z'", func(m *Mirror, ctx context.Context) error {
			_, err := m.PutStates(ctx, []State{{ID: "100000", State: wiki.State{Name: "y"}}})
			return err
		}},
		{"content_fetched", "at = 'z'", func(m *Mirror, ctx context.Context) error {
			m.FetchedAt(time.Unix(1e9, 0))
			_, err := m.PutContents(ctx, []wiki.Content{{ID: "100000", Type: wiki.TypePage, Title: "y"}})
			return err
		}},
		{"task", "status = 'z'", func(m *Mirror, ctx context.Context) error {
			_, err := m.MarkGone(ctx, KindTask, []string{"21"}, GoneDeleted)
			return err
		}},
		{"content_version", "title = 'z'", func(m *Mirror, ctx context.Context) error {
			_, err := m.PutVersions(ctx, "100000",
				[]wiki.ContentVersion{{Version: wiki.Version{Number: 1}, HasBody: true, Body: "y"}})
			return err
		}},
		{"attachment_version", "title = 'z'", func(m *Mirror, ctx context.Context) error {
			_, err := m.PutAttachmentVersions(ctx,
				[]wiki.Attachment{{ID: "att1", Title: "y", Version: wiki.Version{Number: 1}}})
			return err
		}},
		{"metadata", "cover = 'z'", func(m *Mirror, ctx context.Context) error {
			_, err := m.PutMetadata(ctx, []wiki.Metadata{{ID: "100000", Cover: "y"}})
			return err
		}},
	} {
		t.Run(c.table, func(t *testing.T) {
			dir, ctx := t.TempDir(), t.Context()
			m := open(t, dir, Options{})
			beside(t, m, "x")
			before := must[string](t)(m.Fingerprint(ctx))
			must[int](t)(m.PutVersions(ctx, "100000",
				[]wiki.ContentVersion{{Version: wiki.Version{Number: 1}, Title: "One"}}))
			if must[string](t)(m.Fingerprint(ctx)) != before {
				t.Error("a version without a body took one away")
			}
			if err := c.change(m, ctx); err != nil {
				t.Fatal(err)
			}
			if must[string](t)(m.Fingerprint(ctx)) == before {
				t.Error("the fingerprint does not show the change")
			}
			verify(t, m)
			m.Close()
			script(t, filepath.Join(dir, dbName), "UPDATE "+c.table+" SET "+c.damage)
			m = open(t, dir, Options{ReadOnly: true})
			if found := collect(t, m.Verify(ctx)); len(found) == 0 || found[0].Kind != c.table {
				t.Errorf("damage is found as %v", found)
			}
		})
	}
}

// TestFetchedAt: a content that is written has the time of its writing, one that is the same again keeps the one that
// it has, and until a time is told there is none.
func TestFetchedAt(t *testing.T) {
	ctx, m := t.Context(), open(t, t.TempDir(), Options{})
	list := pages(0, 3, 100, 3)
	put := func(at time.Time, all ...wiki.Content) string {
		t.Helper()
		if !at.IsZero() {
			m.FetchedAt(at)
		}
		must[int](t)(m.PutContents(ctx, all))
		told := ""
		for _, e := range must[[]Entry](t)(m.Entries(ctx)) {
			told += e.Fetched + " "
		}
		return told
	}
	const first, second = "2001-09-09T01:46:40Z", "2001-09-09T01:46:41Z"
	changed := list[1]
	changed.Title = "Other"
	for i, c := range []struct{ got, want string }{
		{put(time.Time{}, list[:1]...), " "},
		{put(time.Unix(1e9, 0), list...), " " + first + " " + first + " "},
		{put(time.Unix(1e9+1, 0), list[0], changed, list[2]), " " + second + " " + first + " "},
		{put(time.Unix(1e9+2, 0), list[0], changed, list[2]), " " + second + " " + first + " "},
	} {
		if c.got != c.want {
			t.Errorf("step %d: %q, want %q", i, c.got, c.want)
		}
	}
}

// TestHistoryChanges: a version that comes late, or in another form, changes what is told of the
// history although the newest is the same.
func TestHistoryChanges(t *testing.T) {
	m := open(t, t.TempDir(), Options{})
	beside(t, m, "x")
	was := must[map[string]History](t)(m.Histories(t.Context()))["100000"]
	late := wiki.ContentVersion{Version: wiki.Version{Number: 2, Message: "late"},
		Title: "Two", HasBody: true, Body: "x"}
	must[int](t)(m.PutVersions(t.Context(), "100000", []wiki.ContentVersion{late}))
	now := must[map[string]History](t)(m.Histories(t.Context()))["100000"]
	if now.Sum == was.Sum || now.Newest != was.Newest || now.Bodiless != was.Bodiless {
		t.Errorf("from %+v to %+v", was, now)
	}
}

// What a session knows of seals is what the tables give, after each write, and two mirrors are sealed alike whoever
// read them before.
func TestKnownSeals(t *testing.T) {
	m, ctx, w := open(t, t.TempDir(), Options{}), t.Context(), generate(3, 40)
	steps := []func() error{
		func() error { w.put(t, m); return nil },
		func() error { beside(t, m, "x"); return nil },
		func() error { beside(t, m, "y"); return nil },
		func() error { return m.SetSite(ctx, Identity{CloudID: "c"}) },
		func() error { return m.SetSpaceKeys(ctx, map[string][]string{"1": {"K"}}) },
		func() error {
			_, err := m.MarkGone(ctx, KindContent, []string{w.contents[3].ID}, GoneTrashed)
			return err
		},
		func() error { _, err := m.PruneVersions(ctx, true, nil); return err },
		func() error { _, err := m.PruneBlobs(ctx); return err },
		func() error {
			return m.Distrust(ctx, []Problem{{"user", w.users[2].AccountID, ProblemSum},
				{"attachment_blob", "att1", ProblemSum}})
		},
		func() error { _, err := m.Prune(ctx, []Object{{KindComment, w.comments[1].ID}}); return err },
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatal(err)
		}
		print, known := must[string](t)(m.Fingerprint(ctx)), must[map[string]seal.Table](t)(m.seals(ctx))
		m.known.Forget(map[string]bool{"": true})
		if diff := cmp.Diff(must[map[string]seal.Table](t)(m.seals(ctx)), known); diff != "" {
			t.Errorf("after step %d (-tables +known):\n%s", i, diff)
		}
		if print != must[string](t)(m.Fingerprint(ctx)) {
			t.Errorf("after step %d: another fingerprint", i)
		}
	}
}

// A reader's transaction never stands in the way of a writer, whatever failed before.
func TestReadersMakeWay(t *testing.T) {
	m, ctx := open(t, t.TempDir(), Options{}), t.Context()
	wrong := errors.New("wrong")
	for i := range 20 {
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				if err := m.rows(ctx, func(*sql.Rows) error { return wrong }, "SELECT 1"); !errors.Is(err, wrong) {
					t.Error(err)
				}
				for range 3 {
					if text, err := m.note(ctx, "k"); err != nil || i > 0 && text != fmt.Sprint(i-1) {
						t.Errorf("%q, %v", text, err)
					}
				}
			})
		}
		all.Wait()
		if err := m.setNote(ctx, "k", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.read.idle) == 0 || len(m.read.idle) > mostReaders {
		t.Errorf("%d readers are left", len(m.read.idle))
	}
}
