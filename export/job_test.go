package export

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/report"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/nango"
)

// demoFiles is the tenant that all tests of the project share.
func demoFiles() fs.FS { return os.DirFS("../testdata/tenant") }

// world is a tenant behind a server, and a program pointed at it.
type world struct {
	*Job
	fake atomic.Pointer[faketenant.Tenant]
	seen func(*http.Request)                // is told of each request, where it is set
	edit func(*http.Request, []byte) []byte // changes the JSON of answers, where it is set
	date func() time.Time                   // the servers' clock; nil: Job.Now; the zero time: they tell none
}

// newWorld serves a tenant and returns a job that exports it into a fresh folder.
func newWorld(t testing.TB, files fs.FS, faults ...faketenant.Fault) *world {
	t.Helper()
	w := &world{}
	w.serve(t, files, faults...)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.seen != nil {
			w.seen(r)
		}
		w.dated(rw.Header())
		w.answer(rw, r)
	}))
	t.Cleanup(server.Close)
	defaults, err := os.ReadFile("../agc-export.toml")
	if err != nil {
		t.Fatal(err)
	}
	dir := quickDir(t)
	cfg, err := config.Load(config.Sources{Defaults: string(defaults), Flags: map[string]string{
		"nango.base_url": server.URL, "nango.integration_id": faketenant.Integration, "nango.connection_id": faketenant.Connection,
		"output.mirror": filepath.Join(dir, "mirror"), "output.dir": filepath.Join(dir, "out")}})
	if err != nil {
		t.Fatal(err)
	}
	w.Job = &Job{Config: cfg, Secret: nango.NewKey(faketenant.Key), Command: "test", Version: "test", Now: time.Now,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Limits: Limits{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}}
	return w
}

// answer lets the tenant answer, and edits what it says.
func (w *world) answer(rw http.ResponseWriter, r *http.Request) {
	if w.edit == nil {
		w.fake.Load().ServeHTTP(rw, r)
		return
	}
	kept := httptest.NewRecorder()
	w.fake.Load().ServeHTTP(kept, r)
	body := kept.Body.Bytes()
	if kept.Code == http.StatusOK && strings.Contains(kept.Header().Get("Content-Type"), "json") {
		body = w.edit(r, body)
		kept.Header().Del("Content-Length")
	}
	maps.Copy(rw.Header(), kept.Header())
	rw.WriteHeader(kept.Code)
	_, _ = rw.Write(body)
}

// dated writes the Date of an answer.
func (w *world) dated(h http.Header) {
	date := w.date
	if date == nil {
		date = w.Now
	}
	h["Date"] = nil // none at all
	if at := date(); !at.IsZero() {
		h.Set("Date", at.UTC().Format(http.TimeFormat))
	}
}

// serve puts a tenant in the place of the one that is served.
func (w *world) serve(t testing.TB, files fs.FS, faults ...faketenant.Fault) {
	t.Helper()
	fake, err := faketenant.New(files, faults...)
	if err != nil {
		t.Fatal(err)
	}
	w.fake.Store(fake)
}

// calls counts the requests since the last call, downloads apart.
func (w *world) calls() (listings, downloads int) {
	for op, n := range w.fake.Load().Counts() {
		if op == "download" {
			downloads += n
		} else {
			listings += n
		}
	}
	w.fake.Load().ResetCounts()
	return listings, downloads
}

// export runs the main job and wants it to end with an exit code.
func (w *world) export(t testing.TB, want int) *report.Report {
	t.Helper()
	report, err := w.Export(t.Context())
	if got := exit.Code(err); got != want {
		t.Fatalf("exit code %d, want %d: %v", got, want, err)
	}
	return report
}
