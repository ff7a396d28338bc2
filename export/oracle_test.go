package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/access"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
)

// Whatever people do between two runs, after one with a full sweep the mirror's
// current objects and the published bytes are those of a fresh full run. What merely
// vanished needs two such runs, a day apart.
//
// AGC_SEED=n tries one history alone; AGC_LONG=1 tries longer ones.
func TestModel(t *testing.T) {
	first, histories, days := 1, 4, 3
	if os.Getenv("AGC_LONG") != "" {
		histories, days = 24, 60
	}
	if seed, err := strconv.Atoi(os.Getenv("AGC_SEED")); err == nil {
		first, histories = seed, 1
	}
	for seed := first; seed < first+histories; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			history(t, uint64(seed), days)
		})
	}
}

// history lives through so many days of a tenant, with a run each night.
func history(t *testing.T, seed uint64, days int) {
	m := newModel(seed)
	w := newWorld(t, m.files())
	w.Now, w.Limits.Ground = m.clock, pick(m, []int{3, 10, 0})
	if m.r.IntN(2) == 0 { // all that costs more
		w.Config.Export.History, w.Config.Export.AttachmentVersions = pick(m,
			[]string{config.HistoryMetadata, config.HistoryBodies}), config.VersionsAll
		w.Config.Export.Classification = config.ClassifyPage
	}
	w.Config.Export.Restricted = pick(m, []string{config.RestrictedSkip, config.RestrictedInclude})
	w.fake.Load().RootsOnly = seed%3 == 0
	w.export(t, exit.Complete)
	for range days {
		for range m.r.IntN(12) {
			m.act()
		}
		m.hour += 21
		w.serve(t, m.files())
		w.fake.Load().RootsOnly = seed%3 == 0 || seed%5 == 0 // of every fifth from now on
		w.Config.Fetch.FullSweep = pick(m, []int{0, 0, 7, 1000})
		report := w.run(t, m, seed)
		if w.Config.Fetch.FullSweep > 0 {
			continue
		}
		if report.Synced.Unseen > 0 {
			m.hour += 21
			w.run(t, m, seed)
		}
		if !w.asFresh(t, m) {
			t.Fatalf("seed %d: this happened:\n%s", seed, strings.Join(m.log, "\n"))
		}
		m.log = nil
	}
}

// run does one night's export.
func (w *world) run(t *testing.T, m *model, seed uint64) *report.Report {
	t.Helper()
	report, err := w.Export(t.Context())
	if err != nil {
		t.Fatalf("seed %d: exit code %d: %v\n%s", seed, exit.Code(err), err, strings.Join(m.log, "\n"))
	}
	return report
}

// asFresh compares the mirror and the output with those of a fresh run.
func (w *world) asFresh(t *testing.T, m *model) bool {
	t.Helper()
	fresh := newWorld(t, m.files())
	fresh.Now = w.Now
	fresh.Config.Export = w.Config.Export
	fresh.export(t, exit.Complete)
	want, got := fresh.objects(t).rows, w.objects(t).rows
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the mirror differs from a fresh run's (-fresh +now):\n%s", diff)
	}
	diff := cmp.Diff(tree(t, fresh.Config.Output.Dir), tree(t, w.Config.Output.Dir))
	if diff != "" && !w.remembersSecrets(t) {
		t.Errorf("the output differs from a fresh run's (-fresh +now):\n%s%s", diff,
			firstDifference(fresh.Config.Output.Dir, w.Config.Output.Dir))
	}
	return !t.Failed()
}

// remembersSecrets tells whether a content names another one that was restricted and is
// gone, or had another title or place, or one that is gone without a proof. That is still a
// link to a page that may not be shown, where a fresh run, which never heard of it, says that
// there is no such page.
func (w *world) remembersSecrets(t *testing.T) bool {
	t.Helper()
	m := w.opened(t)
	defer m.Close()
	all, err := m.Entries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	named, err := m.Names(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	closed := access.Closed(all, nil, mirror.Places{})
	var secret []string
	for _, e := range all {
		for _, n := range named.Former[e.ID] {
			if closed[e.ID] != "" {
				secret = append(secret, n.Title)
			}
		}
		if e.Gone == mirror.GoneAbsent || closed[e.ID] != "" && !mirror.IsPresent(e.Gone) {
			secret = append(secret, e.Title, e.ID)
		}
	}
	return slices.ContainsFunc(all, func(e mirror.Entry) bool {
		body, err := m.Body(t.Context(), e.ID)
		return err == nil && mirror.IsPresent(e.Gone) &&
			slices.ContainsFunc(secret, func(text string) bool { return strings.Contains(body, text) })
	})
}

// firstDifference shows the first Markdown file that differs between two outputs.
func firstDifference(want, got string) string {
	text := ""
	from := filepath.Join(want, output.CurrentLink, output.MarkdownDir)
	// what cannot be read is no difference
	_ = filepath.WalkDir(from+"/", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".md" {
			return err
		}
		a, _ := os.ReadFile(p)
		name := strings.TrimPrefix(p, from+"/")
		b, _ := os.ReadFile(filepath.Join(got, output.CurrentLink, output.MarkdownDir, name))
		if text = cmp.Diff(string(a), string(b)); text != "" {
			text = name + ":\n" + text
			return fs.SkipAll
		}
		return nil
	})
	return text
}

// objects are what a mirror holds now, as text by kind and id.
type objects struct{ rows map[string]string }

// objects reads the mirror: what is current, and stands on current contents.
func (w *world) objects(t *testing.T) objects {
	t.Helper()
	m := w.opened(t)
	defer m.Close()
	o := objects{map[string]string{}}
	for _, read := range []func(context.Context, *mirror.Mirror) error{o.spaces, o.contents, o.attachments, o.comments,
		o.tasks} {
		if err := read(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func (o objects) add(kind, id, gone string, v ...any) {
	if gone == "" {
		o.rows[kind+" "+id] = fmt.Sprintf("%+v", v)
	}
}

// there reports contents that are current.
func (o objects) there(id string) bool { return o.rows["content "+id] != "" }

func (o objects) spaces(ctx context.Context, m *mirror.Mirror) error {
	all, err := m.Spaces(ctx)
	for _, s := range all {
		s.Raw = nil
		o.add("space", s.ID, s.Gone, s)
	}
	return err
}

func (o objects) contents(ctx context.Context, m *mirror.Mirror) error {
	for e, err := range m.WalkEntries(ctx) {
		if err != nil {
			return err
		}
		e.Raw, e.Sum, e.MetadataSum, e.Fetched = nil, "", "", "" // which differ by when it was fetched, too
		facts := e.Told()
		e.Shared = mirror.Shared{} // where they lie in memory is chance
		body, err1 := m.Body(ctx, e.ID)
		versions, err2 := m.Versions(ctx, e.ID)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		o.add("content", e.ID, e.Gone, e, facts, body, versions)
	}
	return nil
}

func (o objects) attachments(ctx context.Context, m *mirror.Mirror) error {
	for a, err := range m.Attachments(ctx) {
		if err != nil {
			return err
		}
		versions, err := m.AttachmentVersions(ctx, a.ID)
		if err != nil {
			return err
		}
		for i := range versions {
			if versions[i].Raw = nil; i > 0 { // which name it had then, only who asked in time knows
				versions[i].Title, versions[i].MediaType = "", ""
			}
		}
		if a.Raw = nil; o.there(a.PageID) {
			o.add("attachment", a.ID, a.Gone, a, versions)
		}
	}
	return nil
}

func (o objects) comments(ctx context.Context, m *mirror.Mirror) error {
	for c, err := range m.AllComments(ctx) {
		if err != nil {
			return err
		}
		if c.Raw = nil; o.there(c.PageID) {
			o.add("comment", c.ID, c.Gone, c)
		}
	}
	return nil
}

func (o objects) tasks(ctx context.Context, m *mirror.Mirror) error {
	for task, err := range m.AllTasks(ctx) {
		if err != nil {
			return err
		}
		if task.Raw = nil; o.there(task.PageID) {
			o.add("task", task.ID, "", task)
		}
	}
	return nil
}
