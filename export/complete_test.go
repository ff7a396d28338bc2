package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/fetch/wiki"
)

// mirror opens the mirror for writing, for a test that does something to it.
func (w *world) mirror(t testing.TB) *mirror.Mirror {
	t.Helper()
	m, err := mirror.Open(t.Context(), w.Config.Output.Mirror, mirror.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Exit code 0 means complete: the count at the end of a sync looks at the mirror
// itself, and whatever is listed and not there as listed fails the run.
func TestCountWhole(t *testing.T) {
	z := size{20, 6, 0, 1}
	w := newWorld(t, z.tenant())
	got := w.export(t, exit.Complete)
	if c := got.Synced.Complete; c != (report.Tally{Contents: 20, Whole: 20, Attachments: 6, WholeFiles: 6}) {
		t.Errorf("the report counts %+v", c)
	}
	m := w.mirror(t)
	defer m.Close()
	count := func(change func(seen map[string]wiki.Content)) *report.Report {
		seen, known := map[string]wiki.Content{}, map[string]mirror.Entry{}
		for e, err := range m.Index(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			seen[e.ID], known[e.ID] = e.Content, e
		}
		change(seen)
		s := &syncer{mirror: m, report: &report.Report{}, seen: seen, known: known}
		if err := s.countWhole(t.Context()); err != nil {
			t.Fatal(err)
		}
		return s.report
	}
	with := func(id string, edit func(*wiki.Content)) func(map[string]wiki.Content) {
		return func(seen map[string]wiki.Content) {
			c := seen[id]
			edit(&c)
			seen[c.ID] = c
		}
	}
	if _, err := m.PutContents(t.Context(), []wiki.Content{{ID: "5", Type: wiki.TypePage, Version: wiki.Version{Number: 1}}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(map[string]wiki.Content)
		want   string // in the reason of the one failure
	}{
		{"all there", func(seen map[string]wiki.Content) { delete(seen, "5") }, ""},
		{"an older version", with("100003", func(c *wiki.Content) { c.Version.Number = 2 }), "listed at version 2; the mirror has 1"},
		{"not there at all", with("100003", func(c *wiki.Content) { c.ID = "99" }), "listed, and not in the mirror"},
		{"without body", func(map[string]wiki.Content) {}, "the mirror lacks the body"},
	} {
		report := count(func(seen map[string]wiki.Content) {
			if c.name != "without body" {
				delete(seen, "5")
			}
			c.change(seen)
		})
		if c.want == "" && len(report.Failures) > 0 || c.want != "" && (len(report.Failures) != 1 || !strings.Contains(report.Failures[0].Reason, c.want)) {
			t.Errorf("%s: failures %v", c.name, report.Failures)
		}
	}
	if _, err := m.PutAttachments(t.Context(), []wiki.Attachment{{ID: "att1", PageID: "100001", FileSize: 5, Version: wiki.Version{Number: 1}}}); err != nil {
		t.Fatal(err)
	}
	got = count(func(seen map[string]wiki.Content) { delete(seen, "5") })
	if len(got.Failures) != 1 || got.Failures[0].ID != "att1" || got.Synced.Complete.WholeFiles != 6 || got.Synced.Complete.Attachments != 7 {
		t.Errorf("an attachment without bytes: %v, %+v", got.Failures, got.Synced)
	}
}

// A file that was cut or lost in the mirror since it came is fetched again, and where it
// cannot be had the run does not call itself complete.
func TestCountCutFiles(t *testing.T) {
	z := size{6, 6, 0, 1}
	for name, damage := range map[string]func(file string) error{
		"cut":  func(file string) error { return os.Truncate(file, 1) },
		"lost": os.Remove,
	} {
		w := newWorld(t, z.tenant())
		w.export(t, exit.Complete)
		blobs, _ := filepath.Glob(filepath.Join(w.Config.Output.Mirror, "blobs", "*", "*"))
		if len(blobs) == 0 {
			t.Fatal("the mirror has no files")
		}
		if err := damage(blobs[0]); err != nil {
			t.Fatal(err)
		}
		w.serve(t, z.tenant(), always("download", 404, `{"statusCode":404,"message":"No attachment"}`))
		if report := w.export(t, exit.Incomplete); len(report.Failures) != 1 || report.Synced.Complete.WholeFiles != 5 {
			t.Errorf("%s: failures %v, counted %+v", name, report.Failures, report.Synced.Complete)
		}
		w.serve(t, z.tenant())
		w.export(t, exit.Complete)
		verifyWhole(t, w)
	}
}
