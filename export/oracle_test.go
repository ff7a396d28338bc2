package export

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever people do between two runs, after one with a full sweep the mirror's
// current objects and the published bytes are those of a fresh full run. What merely
// vanished needs two such runs, a day apart.
//
// AGC_SEED=n tries one history alone; AGC_LONG=1 tries more and longer ones.
func TestModel(t *testing.T) {
	first, histories, days := 1, 24, 3
	if os.Getenv("AGC_LONG") != "" {
		histories, days = 60, 60
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
	w.Now, w.ground = m.clock, pick(m, []int{3, 10, knownGround})
	if m.r.IntN(2) == 0 { // all that costs more
		w.Config.Export.History, w.Config.Export.AttachmentVersions = pick(m, []string{HistoryMetadata, HistoryBodies}), VersionsAll
		w.Config.Export.Classification = ClassifyPage
	}
	w.Config.Export.Restricted = pick(m, []string{RestrictedSkip, RestrictedInclude})
	w.fake.Load().RootsOnly = seed%3 == 0
	w.export(t, ExitComplete)
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
func (w *world) run(t *testing.T, m *model, seed uint64) *Report {
	t.Helper()
	report, err := w.Export(t.Context())
	if err != nil {
		t.Fatalf("seed %d: exit code %d: %v\n%s", seed, ExitCode(err), err, strings.Join(m.log, "\n"))
	}
	return report
}

// asFresh compares the mirror and the output with those of a fresh run.
func (w *world) asFresh(t *testing.T, m *model) bool {
	t.Helper()
	fresh := newWorld(t, m.files())
	fresh.Now = w.Now
	fresh.Config.Export = w.Config.Export
	fresh.export(t, ExitComplete)
	want, got := fresh.objects(t).rows, w.objects(t).rows
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the mirror differs from a fresh run's (-fresh +now):\n%s", diff)
	}
	if diff := cmp.Diff(tree(t, fresh.Config.Output.Dir), tree(t, w.Config.Output.Dir)); diff != "" {
		t.Errorf("the output differs from a fresh run's (-fresh +now):\n%s", diff)
	}
	return !t.Failed()
}

// objects are what a mirror holds now, as text by kind and id.
type objects struct{ rows map[string]string }

// objects reads the mirror.
func (w *world) objects(t *testing.T) objects {
	t.Helper()
	m, ctx := w.opened(t), t.Context()
	defer m.Close()
	o := objects{map[string]string{}}
	add := func(kind, id, gone string, v any) {
		if gone == "" {
			o.rows[kind+" "+id] = fmt.Sprintf("%+v", v)
		}
	}
	spaces, err := m.Spaces(ctx)
	for _, s := range spaces {
		s.Raw = nil
		add("space", s.ID, s.Gone, s)
	}
	for e, wrong := range m.Index(ctx) {
		if err == nil {
			err = wrong
		}
		e.Raw, e.Sum, e.MetadataSum = nil, "", ""
		body, _ := m.Body(ctx, e.ID)
		versions, wrong := m.Versions(ctx, e.ID)
		if err == nil {
			err = wrong
		}
		add("content", e.ID, e.Gone, []any{e, body, versions})
	}
	there := func(id string) bool { return o.rows["content "+id] != "" }
	for a, wrong := range m.Attachments(ctx) {
		if err == nil {
			err = wrong
		}
		if there(a.PageID) {
			versions, wrong := m.AttachmentVersions(ctx, a.ID)
			if err == nil {
				err = wrong
			}
			for i := range versions {
				if versions[i].Raw = nil; i > 0 { // which name it had then, only who asked in time knows
					versions[i].Title, versions[i].MediaType = "", ""
				}
			}
			a.Raw = nil
			add("attachment", a.ID, a.Gone, []any{a, versions})
		}
	}
	for c, wrong := range m.AllComments(ctx) {
		if err == nil {
			err = wrong
		}
		if c.Raw = nil; there(c.PageID) {
			add("comment", c.ID, c.Gone, c)
		}
	}
	for task, wrong := range m.AllTasks(ctx) {
		if err == nil {
			err = wrong
		}
		if task.Raw = nil; there(task.PageID) {
			add("task", task.ID, "", task)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}
