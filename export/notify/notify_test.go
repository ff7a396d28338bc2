package notify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"agc-export/export/report"
	"agc-export/export/status"
)

// What is written for Prometheus is what its own parser reads, with each name once, of any run: one that ended well,
// one that failed, one that did not begin.
func TestMetrics(t *testing.T) {
	night := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	well := &report.Report{Run: report.Run{Command: "export", Ended: night}}
	well.Published = report.Published{Generation: "000001-0123456789abcdef", New: true, Pages: 12, Attachments: 3,
		Losses: 2, Withheld: map[string]int{"restricted": 4, "archived": 1}, Left: map[string]int{"deleted": 2}}
	well.Synced = &report.Synced{Bytes: 1 << 40}
	well.Calls = map[string]int{"pages": 7, "download": 3}
	well.Tonight = &report.Tonight{From: "000000-0123456789abcdef"}
	well.Tonight.New.Add(report.Page{Title: "Alpha"})
	well.Authorization = status.Authorization(time.Time{}, night, night, true)
	mirror := filepath.Join(t.TempDir(), "mirror")
	if err := status.Note(mirror, well); err != nil {
		t.Fatal(err)
	}
	notes, err := status.Read(mirror)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		report *report.Report
		notes  status.Notes
		code   int
		some   map[string]float64
		all    bool
	}{
		"well": {well, notes, 0, map[string]float64{"agc_export_pages": 12, "agc_export_withheld": 5,
			"agc_export_pages_new": 1, "agc_export_pages_left": 2, "agc_export_downloaded_bytes": 1 << 40,
			"agc_export_calls": 10, "agc_export_last_success_timestamp_seconds": float64(night.Unix()),
			"agc_export_duration_seconds": 1.5}, true},
		"not begun": {nil, notes, 10, map[string]float64{"agc_export_exit_code": 10, "agc_export_pages": 12}, true},
		"never":     {nil, status.Notes{}, 2, map[string]float64{"agc_export_exit_code": 2}, false},
	} {
		text := Metrics("export", Of(c.report, c.notes, c.code, 1500*time.Millisecond), c.notes)
		parser := expfmt.NewTextParser(model.LegacyValidation)
		got, err := parser.TextToMetricFamilies(strings.NewReader(string(text)))
		if err != nil {
			t.Fatalf("%s: %v in\n%s", name, err, text)
		}
		for metric, want := range c.some {
			if f := got[metric]; f == nil || len(f.Metric) != 1 || f.Metric[0].GetGauge().GetValue() != want {
				t.Errorf("%s: %s is %v, want %v", name, metric, f, want)
			}
		}
		if (len(got) == len(Names())) != c.all {
			t.Errorf("%s: %d of %d metrics", name, len(got), len(Names()))
		}
		if strings.Contains(string(text), "Alpha") {
			t.Errorf("%s: a title stands in it", name)
		}
	}
}

// A file of metrics is never half written, may be read by others and is not written through a link.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	name, outside := filepath.Join(dir, "agc.prom"), filepath.Join(t.TempDir(), "file")
	for _, at := range []string{outside, name} {
		if err := os.WriteFile(at, []byte("before"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, "agc.prom.tmp")); err != nil {
		t.Skip(err)
	}
	if err := WriteFile(name, []byte("now")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info, err)
	}
	got := map[string]string{}
	for _, at := range []string{outside, name} {
		text, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		got[at] = string(text)
	}
	if diff := cmp.Diff(map[string]string{outside: "before", name: "now"}, got); diff != "" {
		t.Error(diff)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) != 1 {
		t.Errorf("left there: %v, %v", left, err)
	}
}
