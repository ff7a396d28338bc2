package export

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"agc-export/export/exit"
	"agc-export/export/mirror"
)

// A run that did not come to its end, whatever stopped it, tells what is here, in its summary
// and in run.json; run after run more is, and the last one's figures are the whole.
func TestUnfinishedRunsCount(t *testing.T) {
	t.Parallel()
	z := size{pages: 30, attachments: 40, comments: 10, spaces: 1}
	whole := mirror.Stored{Contents: 30, Whole: 30, Comments: 10, Files: 40, WholeFiles: 40}
	for name, c := range map[string]struct {
		stop func(*world, context.CancelCauseFunc)
		code int
		says string
	}{
		"max_calls": {func(w *world, _ context.CancelCauseFunc) { w.Config.Fetch.MaxCalls = 30 }, exit.Budget,
			"[fetch] max_calls (30) is spent"},
		"a signal": {func(w *world, stop context.CancelCauseFunc) {
			w.seen = func(r *http.Request) {
				if strings.Contains(r.URL.Path, "att9000020") {
					stop(&exit.SignalError{Signal: syscall.SIGTERM})
				}
			}
		}, exit.Terminate, ""},
		"a lost connection": {func(w *world, _ context.CancelCauseFunc) {
			w.serve(t, z.tenant(), always("download", http.StatusUnauthorized, `{"error":{"code":"unknown_account"}}`))
		}, exit.Auth, ""},
		"a list": {func(w *world, _ context.CancelCauseFunc) {
			w.serve(t, z.tenant(), always("attachments", http.StatusForbidden, "{}"))
		}, exit.Failure, ""},
		"at once": {func(w *world, stop context.CancelCauseFunc) {
			stop(&exit.SignalError{Signal: syscall.SIGINT})
		}, exit.Interrupt, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, z.tenant())
			w.Config.Fetch.Workers = 1
			ctx, cancel := context.WithCancelCause(t.Context())
			c.stop(w, cancel)
			said, err := w.Export(ctx)
			if code := exit.Code(err); code != c.code || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("exit code %d, want %d: %v", code, c.code, err)
			}
			if said.Synced == nil {
				if name != "at once" {
					t.Fatal("nothing is counted")
				}
				return
			}
			n := said.Synced.Unfinished
			if n == nil || *n == whole {
				t.Fatalf("counted %+v", n)
			}
			var summary bytes.Buffer
			said.Summary(&summary)
			if !strings.Contains(summary.String(),
				fmt.Sprintf("%d of %d files are here, the next run goes on", n.WholeFiles,
					n.Files)) {
				t.Errorf("the summary: %s", summary.String())
			}
			if name != "at once" && (n.Whole != 30 || said.Synced.Contents != 30 || said.Synced.Spaces != 1) {
				t.Errorf("counted %+v of %+v", n, said.Synced)
			}
			if c.says != "" && (n.Files != 40 || n.WholeFiles == 0 ||
				!strings.Contains(err.Error(), "of 40 files are here")) {
				t.Errorf("counted %+v: %v", n, err)
			}
			if json := readFile(t, w.Config.Output.Mirror+"/../run.json"); !strings.Contains(json,
				`"unfinished": {`) {
				t.Errorf("run.json: %s", json)
			}
			w.seen, w.Config.Fetch.MaxCalls = nil, 0
			w.serve(t, z.tenant())
			if said := w.export(t, exit.Complete); said.Synced.Unfinished != nil {
				t.Error("the run that ended is called unfinished")
			}
			m := w.mirror(t)
			defer m.Close()
			all, err := m.Stored(t.Context())
			if err != nil || all[w.spaceOfMirror(t, m)] != whole {
				t.Errorf("at the end: %+v, %v", all, err)
			}
		})
	}
}

// spaceOfMirror is the id of the one space of a mirror.
func (w *world) spaceOfMirror(t *testing.T, m *mirror.Mirror) string {
	t.Helper()
	all, err := m.Spaces(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d spaces, %v", len(all), err)
	}
	return all[0].ID
}
