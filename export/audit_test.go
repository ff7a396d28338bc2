package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"agc-export/export/exit"
	"agc-export/export/report"
	"agc-export/fetch/faketenant"
)

// audited runs a few jobs and returns the lines of their log.
func audited(t *testing.T) (*world, [][]byte) {
	t.Helper()
	z := size{pages: 20, attachments: 6, comments: 6, spaces: 1}
	w := newWorld(t, z.tenant())
	w.export(t, exit.Complete)
	w.serve(t, z.edited(t, func(_, n int, p *generatedPage) {
		if n == 3 {
			p.Status = "trashed"
		}
	}))
	w.export(t, exit.Complete)
	if _, err := w.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, torn := report.AuditLines([]byte(readFile(t, report.AuditPath(w.Config.Output.Mirror))))
	if torn != nil || len(lines) < 8 {
		t.Fatalf("%d lines, torn %q", len(lines), torn)
	}
	return w, lines
}

// The log says who did what, when, with which version, to which objects.
func TestAuditLog(t *testing.T) {
	w, lines := audited(t)
	events := map[string]int{}
	for _, line := range lines {
		var r report.AuditRecord
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		events[r.Event]++
		if r.Time == "" || r.Version != "test" || r.User == "" || r.Connection == "" ||
			r.Connection == faketenant.Connection {
			t.Errorf("record %s", line)
		}
		if r.Event == "gone" && (!slices.Equal(r.Objects, []string{"100003"}) || r.Detail != "trashed") {
			t.Errorf("gone: %s", line)
		}
		if r.Event != "begin" && (r.Site == "" || r.Account == "" || r.CloudID == "") {
			t.Errorf("no site: %s", line)
		}
		if r.Event == "end" && (r.ExitCode == nil || *r.ExitCode != 0) {
			t.Errorf("end: %s", line)
		}
	}
	for event, n := range map[string]int{"begin": 3, "end": 3, "gone": 1, "published": 2} {
		if events[event] != n {
			t.Errorf("%d lines of %s, want %d", events[event], event, n)
		}
	}
	if !strings.Contains(string(bytes.Join(lines, nil)), `"100007@1"`) {
		t.Error("no line names a stored page with its version")
	}
	if strings.Contains(string(bytes.Join(lines, nil)), "Page 7") {
		t.Error("a title stands in the log")
	}
	if found, told := w.verifyFinds(t); len(found)+len(told) > 0 {
		t.Errorf("found %v, told %v", found, told)
	}
}

// A line that is edited, removed, put elsewhere or cut off is found, wherever it stands.
func TestAuditTampering(t *testing.T) {
	t.Parallel()
	w, lines := audited(t)
	file := report.AuditPath(w.Config.Output.Mirror)
	tried := 0
	tampered := func(what string, lines ...[]byte) {
		t.Helper()
		var text []byte
		for _, l := range lines {
			text = append(append(text, l...), '\n')
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		tried++
		m := w.mirror(t)
		defer m.Close()
		var found []string
		err := report.CheckAudit(t.Context(), m, w.Config.Output.Mirror,
			func(_, what string) { found = append(found, what) }, func(string, string) {})
		if err != nil || len(found) == 0 {
			t.Errorf("%s: found %v, error %v", what, found, err)
		}
	}
	for i := range lines {
		edited := slices.Clone(lines)
		edited[i] = bytes.Replace(lines[i], []byte(`"event":"`), []byte(`"event":"x`), 1)
		tampered(fmt.Sprintf("line %d edited", i), edited...)
		tampered(fmt.Sprintf("line %d removed", i), slices.Delete(slices.Clone(lines), i, i+1)...)
		tampered(fmt.Sprintf("cut before line %d", i), lines[:i]...)
		tampered(fmt.Sprintf("line %d twice", i), slices.Insert(slices.Clone(lines), i, lines[i])...)
		for j := range i {
			swapped := slices.Clone(lines)
			swapped[i], swapped[j] = lines[j], lines[i]
			tampered(fmt.Sprintf("lines %d and %d swapped", i, j), swapped...)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if found, _ := w.verifyFinds(t); len(found) == 0 {
		t.Error("nobody misses the log")
	}
	w.export(t, exit.Complete)
	if _, told := w.verifyFinds(t); len(told) == 0 {
		t.Error("the new log does not tell that it is not the old one")
	}
	t.Logf("%d ways of tampering", tried+1)
}

// What a killed run leaves of a line, and lines that the mirror does not remember yet,
// are no findings, and the next run goes on after them.
func TestAuditTorn(t *testing.T) {
	t.Parallel()
	w, lines := audited(t)
	file := report.AuditPath(w.Config.Output.Mirror)
	for _, piece := range []string{`{"prev":"12`, string(lines[2]), "\x00\x00"} {
		f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(piece); err != nil {
			t.Fatal(err)
		}
		f.Close()
		if found, told := w.verifyFinds(t); len(found) > 0 || len(told) != 1 {
			t.Errorf("%q: found %v, told %v", piece, found, told)
		}
		w.export(t, exit.Complete)
		if found, told := w.verifyFinds(t); len(found)+len(told) > 0 {
			t.Errorf("%q, after the next run: found %v, told %v", piece, found, told)
		}
	}
}
