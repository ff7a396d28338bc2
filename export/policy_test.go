package export

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/exit"
)

// Content that an app access rule hides is absent without a trace: the report and
// check say that there is some.
func TestBlockedContent(t *testing.T) {
	files := size{pages: 3, spaces: 1}.tenant()
	toml := files["tenant.toml"]
	said := bytes.Replace(toml.Data, []byte("[[spaces]]\n"), []byte("[[spaces]]\nblocked = true\n"), 1)
	files["tenant.toml"] = &fstest.MapFile{Data: said}
	w := newWorld(t, files)
	report := w.export(t, exit.Complete)
	if !report.Synced.BlockedApps || !strings.Contains(strings.Join(report.Missing, "\n"), "app access rule") {
		t.Errorf("the report says %+v, missing %v", report.Synced, report.Missing)
	}
	var out bytes.Buffer
	if err := w.Check(t.Context(), &Checked{Out: &out}); err != nil ||
		!strings.Contains(out.String(), "app access rule") {
		t.Errorf("check says %v:\n%s", err, out.String())
	}
}
