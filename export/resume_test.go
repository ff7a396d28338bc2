package export

import "testing"

// A run whose budget of requests is spent ends cleanly, wherever that happens, and the
// runs after it end in the same output as one that was never cut, without fetching a
// file twice.
func TestResume(t *testing.T) {
	z := size{40, 12, 9, 2}
	whole := newWorld(t, z.tenant())
	whole.export(t, ExitComplete)
	want := tree(t, whole.Config.Output.Dir)
	for calls := 1; ; calls++ {
		w := newWorld(t, z.tenant())
		w.Config.Fetch.Workers = 1
		w.Config.Fetch.MaxCalls = calls
		_, err := w.Export(t.Context())
		cut := ExitCode(err)
		if cut != ExitBudget && cut != ExitComplete {
			t.Fatalf("cut after %d requests: exit code %d: %v", calls, cut, err)
		}
		if cut == ExitBudget && w.current() != "" {
			t.Errorf("cut after %d requests: something was published", calls)
		}
		w.Config.Fetch.MaxCalls = 0
		w.export(t, ExitComplete)
		if downloads := w.fake.Load().Counts()["download"]; downloads != 12 {
			t.Errorf("cut after %d requests: %d downloads in both runs, want 12", calls, downloads)
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
		if cut == ExitComplete {
			t.Logf("cut after each of %d requests", calls-1)
			return
		}
	}
}
