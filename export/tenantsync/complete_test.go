package tenantsync

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"agc-export/export/config"
	"agc-export/export/exporttest"
	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/nango"
	"agc-export/fetch/wiki"
)

// smallTenant has three pages, two of them with a file.
var smallTenant = fstest.MapFS{
	"tenant.toml": {Data: []byte("[site]\nname = \"Small\"\nurl = " +
		"\"https://small.atlassian-us-gov-mod.net\"\ncloud_id = " +
		"\"11111111-aaaa-4bbb-8ccc-222222222222\"\n[[users]]\nid = \"712020:1\"\nname = \"Reader\"\n[[spaces]]\nid = " +
		"\"9001\"\nkey = \"S\"\nname = \"Small\"\n")},
	"S/pages.json": {Data: []byte(`[
		{"id":"100001","title":"One","body":"<p>One.</p>","attachments":[{"name":"a.bin","id":"att7","size":10}]},
		{"id":"100002","title":"Two","body":"<p>Two.</p>","attachments":[{"name":"b.bin","id":"att8","size":20}]},
		{"id":"100003","title":"Three","body":"<p>Three.</p>"}]`)},
}

// synced brings a tenant to a fresh mirror, which is closed when the test ends.
func synced(t *testing.T, files fstest.MapFS) (*mirror.Mirror, *report.Report) {
	t.Helper()
	fake, err := faketenant.New(files)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	client, err := fetch.New(fetch.Config{BaseURL: server.URL, Integration: faketenant.Integration,
		Connection: faketenant.Connection,
		Secret:     nango.NewKey(faketenant.Key),
		Sleep:      func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(config.Sources{Defaults: exporttest.Defaults()})
	if err != nil {
		t.Fatal(err)
	}
	m, err := mirror.Open(t.Context(), filepath.Join(t.TempDir(), "mirror"), mirror.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	r := &report.Report{}
	if _, err := Run(t.Context(), Options{Config: cfg, Client: client, Mirror: m, Report: r,
		Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	return m, r
}

// Exit code 0 means complete: the count at the end of a sync looks at the mirror
// itself, and whatever is listed and not there as listed fails the run.
func TestCountWhole(t *testing.T) {
	m, got := synced(t, smallTenant)
	if c := got.Synced.Complete; c != (report.Tally{Contents: 3, Whole: 3, Attachments: 2, WholeFiles: 2}) {
		t.Errorf("the report counts %+v", c)
	}
	count := func(change func(seen map[string]wiki.Content)) *report.Report {
		seen, known := map[string]wiki.Content{}, map[string]mirror.Entry{}
		for e, err := range m.WalkEntries(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			seen[e.ID], known[e.ID] = e.Content, e
		}
		change(seen)
		s := newSyncer(Options{Mirror: m, Report: &report.Report{}})
		s.seen, s.known = seen, known
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
	if _, err := m.PutContents(t.Context(),
		[]wiki.Content{{ID: "5", Type: wiki.TypePage, Version: wiki.Version{Number: 1}}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(map[string]wiki.Content)
		want   string // in the reason of the one failure
	}{
		{"all there", func(seen map[string]wiki.Content) { delete(seen, "5") }, ""},
		{"an older version", with("100003", func(c *wiki.Content) { c.Version.Number = 2 }),
			"listed at version 2; the mirror has 1"},
		{"not there at all", with("100003", func(c *wiki.Content) { c.ID = "99" }), "listed, and not in the mirror"},
		{"without body", func(map[string]wiki.Content) {}, "the mirror lacks the body"},
	} {
		r := count(func(seen map[string]wiki.Content) {
			if c.name != "without body" {
				delete(seen, "5")
			}
			c.change(seen)
		})
		if c.want == "" && len(r.Failures) > 0 ||
			c.want != "" && (len(r.Failures) != 1 || !strings.Contains(r.Failures[0].Reason, c.want)) {
			t.Errorf("%s: failures %v", c.name, r.Failures)
		}
	}
	if _, err := m.PutAttachments(t.Context(),
		[]wiki.Attachment{{ID: "att1", PageID: "100001", FileSize: 5, Version: wiki.Version{Number: 1}}}); err != nil {
		t.Fatal(err)
	}
	got = count(func(seen map[string]wiki.Content) { delete(seen, "5") })
	if len(got.Failures) != 1 || got.Failures[0].ID != "att1" || got.Synced.Complete.WholeFiles != 2 ||
		got.Synced.Complete.Attachments != 3 {
		t.Errorf("an attachment without bytes: %v, %+v", got.Failures, got.Synced)
	}
}
