package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"agc-export/export/exit"
	"agc-export/export/report"
)

// ended wants the last line of the audit log to be the end of a run with a code.
func (w *world) ended(t *testing.T, code int) {
	t.Helper()
	lines, torn := report.AuditLines([]byte(readFile(t, report.AuditPath(w.Config.Output.Mirror))))
	var last report.AuditRecord
	if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil || torn != nil {
		t.Fatalf("%v, torn %q", err, torn)
	}
	if last.Event != "end" || last.ExitCode == nil || *last.ExitCode != code {
		t.Errorf("the log ends with %s, want the end with code %d", lines[len(lines)-1], code)
	}
}

// A list that fails while other chains write ends the run for its own reason, whenever that
// happens, and the run after it finds a mirror that can be written.
func TestFirstCauseDecides(t *testing.T) {
	t.Parallel()
	z := size{pages: 900, attachments: 300, comments: 300, spaces: 3}
	files := z.tenant()
	step := 3
	if os.Getenv("AGC_LONG") != "" {
		step = 1
	}
	for round := 0; round < 12; round += step {
		w := newWorld(t, files, always("blogposts+body", http.StatusForbidden, "{}"))
		w.Config.Fetch.Workers = 8
		w.seen = func(r *http.Request) {
			if strings.Contains(r.URL.Path, "/blogposts") {
				time.Sleep(time.Duration(round) * 12 * time.Millisecond)
			}
		}
		_, err := w.Export(t.Context())
		if code := exit.Code(err); code != exit.Failure || !strings.Contains(err.Error(), "list of blogposts") {
			t.Errorf("round %d: exit code %d: %v", round, code, err)
		}
		if strings.Contains(fmt.Sprint(err), "disk") {
			t.Errorf("round %d: %v", round, err)
		}
		w.ended(t, exit.Failure)
		if found, _ := w.verifyFinds(t); len(found) > 0 {
			t.Errorf("round %d: %q", round, found)
		}
	}
}

// A run that is stopped from outside ends with the code of what stopped it, at whatever it
// was, and the log gets its end.
func TestStoppedRunsEnd(t *testing.T) {
	z := size{pages: 300, attachments: 60, comments: 60, spaces: 2}
	files := z.tenant()
	for name, c := range map[string]struct {
		cause error
		code  int
	}{
		"interrupt": {&exit.SignalError{Signal: syscall.SIGINT}, exit.Interrupt},
		"terminate": {&exit.SignalError{Signal: syscall.SIGTERM}, exit.Terminate},
		"hangup":    {&exit.SignalError{Signal: syscall.SIGHUP}, exit.Hangup},
		"canceled":  {context.Canceled, exit.Interrupt},
		"deadline":  {context.DeadlineExceeded, exit.Budget},
	} {
		t.Run(name, func(t *testing.T) {
			for _, at := range []int{1, 4, 9, 14, 30, 60} {
				if (at == 4 || at == 14 || at == 60) && variant(name, "terminate", "hangup", "canceled") {
					continue
				}
				w := newWorld(t, files)
				ctx, cancel := context.WithCancelCause(t.Context())
				calls := 0
				w.Config.Fetch.Workers = 1
				w.seen = func(*http.Request) {
					if calls++; calls == at {
						cancel(c.cause)
					}
				}
				said, err := w.Export(ctx)
				if code := exit.Code(err); code != c.code || said.ExitCode != c.code {
					t.Errorf("at request %d: exit code %d, in the report %d, want %d: %v", at, code, said.ExitCode,
						c.code, err)
				}
				if len(said.Failures) > 0 {
					t.Errorf("at request %d: failed %v", at, said.Failures)
				}
				w.ended(t, c.code)
			}
		})
	}
}

// panicking is a log that fails on a message.
type panicking struct {
	slog.Handler
	on string
}

func (p panicking) Handle(ctx context.Context, r slog.Record) error {
	if strings.Contains(r.Message, p.on) {
		panic("text of a page")
	}
	return p.Handler.Handle(ctx, r)
}

// A fault of the program itself ends the run as any other does, among many at once too: told,
// with its place and no text of a page, and with the log's end.
func TestPanicEnds(t *testing.T) {
	for name, spoil := range map[string]func(*world){
		"in a worker": func(w *world) { w.Log = slog.New(panicking{w.Log.Handler(), "answer"}) },
		"in the run": func(w *world) {
			w.Log = slog.New(panicking{w.Log.Handler(), "nothing changed"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, size{pages: 20, attachments: 5, spaces: 1}.tenant())
			w.begin(t)
			var log bytes.Buffer
			w.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			spoil(w)
			_, err := w.Export(t.Context())
			if exit.Code(err) != exit.Failure || !strings.Contains(fmt.Sprint(err), "fault of its own") ||
				strings.Contains(fmt.Sprint(err), "text of a page") {
				t.Errorf("%v", err)
			}
			w.ended(t, exit.Failure)
			w.Log = slog.New(slog.DiscardHandler)
			w.export(t, exit.Complete)
		})
	}
}

// The log gets its end although the mirror can be read no more.
func TestLogEndsWithoutMirror(t *testing.T) {
	w := newWorld(t, size{pages: 5, spaces: 1}.tenant())
	w.export(t, exit.Complete)
	m := w.mirror(t)
	audit := report.NewAudit(m, w.Config.Output.Mirror, report.AuditedRun{Command: "test", Now: w.Now})
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	code := exit.Disk
	err := audit.Add(t.Context(), report.AuditRecord{Event: "end", ExitCode: &code})
	if err == nil {
		t.Error("nothing was said of a mirror that is closed")
	}
	w.ended(t, exit.Disk)
	if found, told := w.verifyFinds(t); len(found)+len(told) > 0 {
		t.Errorf("found %q, told %q", found, told)
	}
}
