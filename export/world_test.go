package export

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/nango"
	"agc-export/fetch/wiki"
)

// world is a tenant behind a server, and a program pointed at it.
type world struct {
	*Job
	fake   atomic.Pointer[faketenant.Tenant]
	files  fs.FS                              // what the tenant was made of
	faulty bool                               // and whether it has faults
	seen   func(*http.Request)                // is told of each request, where it is set
	edit   func(*http.Request, []byte) []byte // changes the JSON of answers, where it is set
	date   func() time.Time                   // the servers' clock; nil: Job.Now; the zero time: they tell none
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
	dir := quickDir(t)
	cfg, err := config.Load(config.Sources{Defaults: exporttest.Defaults(), Flags: map[string]string{
		"nango.base_url": server.URL, "nango.integration_id": faketenant.Integration,
		"nango.connection_id": faketenant.Connection,
		"output.mirror":       filepath.Join(dir, "mirror"), "output.dir": filepath.Join(dir, "out")}})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Site.Fetched = false // runs at other times are compared byte by byte
	w.Job = &Job{Config: cfg, Secret: nango.NewKey(faketenant.Key), Command: "test", Version: "test", Now: time.Now,
		Log:    slog.New(slog.NewTextHandler(io.Discard, nil)),
		Limits: Limits{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}}
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
	w.files, w.faulty = files, len(faults) > 0
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

// sync runs the network half of the main job and wants it to end with an exit code.
func (w *world) sync(t testing.TB, want int) *report.Report {
	t.Helper()
	report, err := w.Sync(t.Context())
	if got := exit.Code(err); got != want {
		t.Fatalf("exit code %d, want %d: %v", got, want, err)
	}
	return report
}

// evening is when the first run of a story about days begins.
var evening = time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)

// at sets the clock of the next runs.
func (w *world) at(when time.Time) { w.Now = func() time.Time { return when } }

// site lists the ids of the contents that are published, "" and "..." for many.
func (w *world) site(t testing.TB) map[string]bool {
	t.Helper()
	out, err := os.OpenRoot(w.Config.Output.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	h, ok := output.ReadHoldings(out, output.CurrentLink)
	if !ok {
		t.Fatal("nothing is published")
	}
	return h.Contents
}

// entries are the contents of the mirror by id.
func (w *world) entries(t testing.TB) map[string]mirror.Entry {
	t.Helper()
	m, err := mirror.Open(t.Context(), w.Config.Output.Mirror, mirror.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	all := map[string]mirror.Entry{}
	for e, err := range m.WalkEntries(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all[e.ID] = e
	}
	return all
}

// current reads where out/current leads, "" for nowhere.
func (w *world) current() string {
	link, _ := os.Readlink(filepath.Join(w.Config.Output.Dir, output.CurrentLink))
	return link
}

// listen makes the job log everything into a buffer.
func (w *world) listen() *bytes.Buffer {
	var log bytes.Buffer
	w.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return &log
}

// mirror opens the mirror for writing, for a test that does something to it.
func (w *world) mirror(t testing.TB) *mirror.Mirror {
	t.Helper()
	m, err := mirror.Open(t.Context(), w.Config.Output.Mirror, mirror.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// opened is the mirror that a world's runs have filled.
func (w *world) opened(t *testing.T) *mirror.Mirror {
	t.Helper()
	m, err := mirror.Open(t.Context(), w.Config.Output.Mirror, mirror.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// look returns what a reader of the mirror sees.
func look[T any](t *testing.T, w *world, read func(*mirror.Mirror) (T, error)) T {
	t.Helper()
	m := w.opened(t)
	v, err := read(m)
	if err != nil {
		t.Fatal(err)
	}
	m.Close()
	return v
}

func (w *world) tasks(t *testing.T, id string) []wiki.Task {
	return look(t, w, func(m *mirror.Mirror) ([]wiki.Task, error) { return m.Tasks(t.Context(), id) })
}

func (w *world) versions(t *testing.T, id string) []wiki.ContentVersion {
	return look(t, w, func(m *mirror.Mirror) ([]wiki.ContentVersion, error) { return m.Versions(t.Context(), id) })
}

// spaceOf is a space of the mirror.
func (w *world) spaceOf(t *testing.T, key string) mirror.Space {
	all := look(t, w, func(m *mirror.Mirror) ([]mirror.Space, error) { return m.Spaces(t.Context()) })
	return all[slices.IndexFunc(all, func(s mirror.Space) bool { return s.Key == key })]
}

// entryOf is a content of the mirror.
func (w *world) entryOf(t *testing.T, id string) mirror.Entry {
	return look(t, w, func(m *mirror.Mirror) (found mirror.Entry, _ error) {
		for e, err := range m.WalkEntries(t.Context()) {
			if err != nil {
				return found, err
			}
			if e.ID == id {
				found = e
			}
		}
		return found, nil
	})
}

// sameAsFresh wants the output to be that of a fresh run on the same tenant.
func (w *world) sameAsFresh(t *testing.T, files fstest.MapFS, what string) {
	t.Helper()
	w.sameAs(t, freshTree(t, files), what)
}

// freshTree is the output of a fresh run, for tests that compare many with it.
func freshTree(t *testing.T, files fs.FS) []string {
	t.Helper()
	return treeOfRun(t, files, exit.Complete)
}

// treeOfRun is the output of a fresh run that ends with a code.
func treeOfRun(t *testing.T, files fs.FS, code int) []string {
	t.Helper()
	fresh := newWorld(t, files)
	if code == exit.Complete {
		return tree(t, filepath.Join(fresh.first(t), "out"))
	}
	fresh.export(t, code)
	return tree(t, fresh.Config.Output.Dir)
}

// sameAs wants the output to be what a fresh run gave.
func (w *world) sameAs(t *testing.T, fresh []string, what string) {
	t.Helper()
	if diff := cmp.Diff(fresh, tree(t, w.Config.Output.Dir)); diff != "" {
		t.Errorf("%s: the output differs from a fresh run's (-fresh +now):\n%s", what, diff)
	}
}

// verifyFinds runs verify and returns what it finds and what it tells.
func (w *world) verifyFinds(t *testing.T) (found, told []string) {
	t.Helper()
	say := func(list *[]string) func(string, string) {
		return func(where, what string) { *list = append(*list, where+" "+what) }
	}
	err := Verify(t.Context(), w.Config.Output, say(&found), say(&told))
	if code := exit.Code(err); (code == exit.Corrupt) != (len(found) > 0) ||
		code != exit.Corrupt && code != exit.Complete {
		t.Errorf("%d findings and the error %v", len(found), err)
	}
	return found, told
}

// blobs are the files in the mirror's blobs.
func (w *world) blobs(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.Config.Output.Mirror, "blobs", "*", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d blobs, %v", len(files), err)
	}
	return files
}

// verifyWhole wants mirror and output to be as their checksums say.
func verifyWhole(t testing.TB, w *world) {
	t.Helper()
	m, err := mirror.Open(context.Background(), w.Config.Output.Mirror, mirror.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for p, err := range m.Verify(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if p.What != mirror.ProblemExtra { // a blob whose row was not written yet
			t.Errorf("mirror: %v", p)
		}
	}
	_, err = output.Verify(context.Background(), w.Config.Output.Dir,
		func(_, what string) { t.Errorf("output: %s", what) })
	if err != nil {
		t.Error(err)
	}
}
