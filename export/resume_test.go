package export

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/config"
	"agc-export/export/exit"
)

// A run whose budget of requests is spent ends cleanly, wherever that happens, and the
// runs after it end in the same output as one that was never cut, without fetching a
// file twice.
func TestResume(t *testing.T) {
	t.Parallel()
	z := size{pages: 16, attachments: 6, comments: 6, spaces: 2}
	if os.Getenv("AGC_LONG") != "" {
		z = size{pages: 40, attachments: 12, comments: 9, spaces: 2}
	}
	whole := newWorld(t, z.tenant())
	whole.export(t, exit.Complete)
	want := tree(t, whole.Config.Output.Dir)
	step := 2
	if os.Getenv("AGC_LONG") != "" {
		step = 1
	}
	for calls := 1; ; calls += step {
		w := newWorld(t, z.tenant())
		w.Config.Fetch.Workers = 1
		w.Config.Fetch.MaxCalls = calls
		_, err := w.Export(t.Context())
		cut := exit.Code(err)
		if cut != exit.Budget && cut != exit.Complete {
			t.Fatalf("cut after %d requests: exit code %d: %v", calls, cut, err)
		}
		if cut == exit.Budget && w.current() != "" {
			t.Errorf("cut after %d requests: something was published", calls)
		}
		w.Config.Fetch.MaxCalls = 0
		w.export(t, exit.Complete)
		if downloads := w.fake.Load().Counts()["download"]; downloads != z.attachments {
			t.Errorf("cut after %d requests: %d downloads in both runs, want %d", calls, downloads, z.attachments)
		}
		got := tree(t, w.Config.Output.Dir)
		if len(got) != len(want) {
			t.Fatalf("cut after %d requests: %d files, want %d", calls, len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("cut after %d requests: %s, want %s", calls, got[i], want[i])
			}
		}
		if cut == exit.Complete {
			t.Logf("cut after every %d. of %d requests", step, calls-step)
			return
		}
	}
}

// A night's run that is cut anywhere, with everything asked for that can be, and the
// one after it end in the mirror of a night that was not cut, and fetch no file twice.
func TestResumeNight(t *testing.T) {
	t.Parallel()
	m := newModel(7)
	first := newWorld(t, m.files())
	first.Now = m.clock
	first.everything()
	if _, err := first.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 25 {
		m.act()
	}
	m.hour += 21
	second := m.files()
	night := func() *world {
		w := newWorld(t, second)
		w.Now, w.Config.Fetch.Workers, w.Config.Fetch.FullSweep = m.clock, 1, 0
		w.everything()
		if err := os.CopyFS(w.Config.Output.Mirror, os.DirFS(first.Config.Output.Mirror)); err != nil {
			t.Fatal(err)
		}
		return w
	}
	whole := night()
	if _, err := whole.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	want, downloads := whole.objects(t).rows, whole.fake.Load().Counts()["download"]
	step := 5
	if os.Getenv("AGC_LONG") != "" {
		step = 1
	}
	for calls := 1; ; calls += step {
		w := night()
		w.Config.Fetch.MaxCalls = calls
		_, err := w.Sync(t.Context())
		cut := exit.Code(err)
		if cut != exit.Budget && cut != exit.Complete {
			t.Fatalf("cut after %d requests: exit code %d: %v", calls, cut, err)
		}
		w.Config.Fetch.MaxCalls = 0
		if _, err := w.Sync(t.Context()); err != nil {
			t.Fatalf("after a run cut after %d requests: %v", calls, err)
		}
		if diff := cmp.Diff(want, w.objects(t).rows); diff != "" {
			t.Errorf("cut after %d requests: the mirror differs (-whole +resumed):\n%s", calls, diff)
		}
		if n := w.fake.Load().Counts()["download"]; n != downloads {
			t.Errorf("cut after %d requests: %d downloads in both runs, want %d", calls, n, downloads)
		}
		os.RemoveAll(filepath.Dir(w.Config.Output.Mirror))
		if cut == exit.Complete {
			t.Logf("cut after every %d. of %d requests, %d downloads among them", step, calls-step, downloads)
			return
		}
	}
}

// everything asks for all that a configuration can ask for.
func (w *world) everything() {
	w.Config.Export.History, w.Config.Export.AttachmentVersions, w.Config.Export.Classification = config.HistoryBodies,
		config.VersionsAll, config.ClassifyPage
}
