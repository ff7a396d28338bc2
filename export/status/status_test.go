package status

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/report"
)

var night = time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)

// The authorization is counted from what Nango tells, or from a run that Confluence answered, whichever is later;
// where neither is known nothing is said.
func TestAuthorization(t *testing.T) {
	year, month := night.AddDate(-1, 0, -60), night.Add(-30*day)
	for _, c := range []struct {
		renewed  time.Time
		answered bool
		days     int // -1: nothing is known
	}{
		{time.Time{}, false, -1},
		{time.Time{}, true, 364},
		{month, false, 335},
		{month, true, 364},
		{year, false, 0},
		{year, true, 364},
	} {
		days := -1
		if a := Authorization(time.Time{}, c.renewed, night, c.answered); a != nil {
			days = a.DaysLeft
		}
		if days != c.days {
			t.Errorf("renewed %v, answered %t: %d days, want %d", c.renewed, c.answered, days, c.days)
		}
	}
	for ago, want := range map[time.Duration]bool{334 * day: false, 335*day + time.Hour: true, 364 * day: true,
		366 * day: false} {
		if _, short := Short(night.Add(-ago), night); short != want {
			t.Errorf("renewed %v ago: short is %t", ago, short)
		}
	}
	if _, short := Short(time.Time{}, night); short {
		t.Error("what Nango does not tell is short")
	}
}

// What is published stays noted as the run counted it that published it, whatever takes it elsewhere later.
func TestPublishedStaysCounted(t *testing.T) {
	mirror := filepath.Join(t.TempDir(), "mirror")
	full := report.Published{Generation: "000001", New: true, Pages: 7, Attachments: 3, Losses: 2,
		Withheld: map[string]int{"restricted": 1}, Parts: 1}
	for _, p := range []report.Published{full, {Generation: "000001"}, {},
		{Generation: "000001", Git: &report.Git{}}, {Generation: "000001", Upload: &report.Upload{}}} {
		if err := Note(mirror, &report.Report{Run: report.Run{Command: "git"}, Published: p}); err != nil {
			t.Fatal(err)
		}
	}
	n, err := Read(mirror)
	if diff := cmp.Diff(full, n.Published); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// A monitor is told of a run that is too old, of none at all and of an authorization that ends soon, each by itself.
func TestTell(t *testing.T) {
	dir := t.TempDir()
	mirror := filepath.Join(dir, "mirror")
	note := func(command string, code int, ended time.Time) {
		t.Helper()
		r := &report.Report{Run: report.Run{Command: command, ExitCode: code, Ended: ended}}
		r.Authorization = Authorization(time.Time{}, time.Time{}, night, command == "export")
		if err := Note(mirror, r); err != nil {
			t.Fatal(err)
		}
	}
	told := func(now time.Time, limits Limits) string {
		t.Helper()
		got, err := Tell(mirror, filepath.Join(dir, "out"), now, limits)
		if err != nil {
			t.Fatal(err)
		}
		return got.Command + ": " + strings.Join(got.Wrong, "; ")
	}
	all := Limits{26 * time.Hour, 30}
	got := []string{told(night, all)}
	note("build", 0, night)
	got = append(got, told(night, all))
	note("export", 1, night)
	got = append(got, told(night, all))
	note("export", 3, night)
	got = append(got, told(night.Add(26*time.Hour), all))
	note("export", 5, night.Add(24*time.Hour))
	note("build", 0, night.Add(25*time.Hour))
	got = append(got, told(night.Add(27*time.Hour), all), told(night.Add(345*day), Limits{MinDays: 30}),
		told(night.Add(345*day), Limits{}))
	for _, later := range []string{"package", "collect", "upload", "git", "hold", "prune", "repair", "not known yet"} {
		now := night.Add(28 * time.Hour)
		note(later, 0, now)
		if got := told(now, all); !strings.HasPrefix(got, "export: the last run that ended well was 28 h") {
			t.Errorf("after %s: %s", later, got)
		}
	}
	want := []string{
		": no run has ended well yet",
		"build: ",
		"export: no run has ended well yet",
		"export: ",
		"export: the last run that ended well was 27 h 0 min ago, and 26 h 0 min is allowed",
		"export: the authorization lasts 19 more days, and 30 are wanted",
		"export: ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}
