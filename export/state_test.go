package export

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	_ "modernc.org/sqlite"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/mirror"
	"agc-export/export/output"
)

// One writer at a time: a second run ends at once and touches nothing.
func TestLocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	m, err := mirror.Open(t.Context(), w.Config.Output.Mirror, mirror.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.export(t, exit.Locked)
	if n, _ := w.calls(); n > 0 {
		t.Errorf("%d requests were made", n)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	w.export(t, exit.Complete)
}

// The output has a lock of its own, for two mirrors may be set to publish to one folder:
// the second ends at once, before it has asked for anything, and what is published stays.
func TestOutputLocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.begin(t)
	before := tree(t, w.Config.Output.Dir)
	g, err := output.NewGeneration(w.Config.Output.Dir) // as another run would
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Write("theirs", []byte("x")); err != nil {
		t.Fatal(err)
	}
	w.calls()
	w.Config.Output.Mirror += "2"
	w.export(t, exit.Locked)
	if n, _ := w.calls(); n > 0 {
		t.Errorf("%d requests were made", n)
	}
	w.Config.Output.Mirror = strings.TrimSuffix(w.Config.Output.Mirror, "2")
	w.Config.Site.Title = "Another title"
	if _, err := w.Build(t.Context()); exit.Code(err) != exit.Locked {
		t.Errorf("build: exit code %d, want %d: %v", exit.Code(err), exit.Locked, err)
	}
	if sum := g.SumOf("theirs"); sum == "" || !slices.Equal(before, tree(t, w.Config.Output.Dir)) {
		t.Error("the second run changed something")
	}
	if _, err := os.Stat(filepath.Join(w.Config.Output.Dir, output.BuildingDir, "theirs")); err != nil {
		t.Errorf("what the other run was writing: %v", err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if report := w.export(t, exit.Complete); !report.Published.New {
		t.Error("nothing was published once the other run had ended")
	}
}

// A mirror of a newer program is refused and left as it is.
func TestNewerMirror(t *testing.T) {
	w := newWorld(t, exporttest.Tenant())
	w.begin(t)
	file := filepath.Join(w.Config.Output.Mirror, "mirror.db")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before := readFile(t, file)
	w.export(t, exit.Newer)
	if readFile(t, file) != before {
		t.Error("the mirror was changed")
	}
}

// A mirror belongs to one site: another one's contents never get into it.
func TestOtherSite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.begin(t)
	w.serve(t, generated(3, 0))
	w.export(t, exit.Guard)
	w.serve(t, exporttest.Tenant())
	if report := w.export(t, exit.Complete); report.Published.New {
		t.Error("something of the other site was published")
	}
}

// So does an output: a second site, with a mirror of its own and the same [output] dir,
// takes nothing of the first one's away, by a build or by a run that withdraws.
func TestOtherSiteOutput(t *testing.T) {
	t.Parallel()
	z := size{pages: 3, spaces: 1}
	other := func(files fstest.MapFS) fstest.MapFS { // which has the same ids
		toml := strings.Replace(string(files["tenant.toml"].Data), "11111111-aaaa", "99999999-aaaa", 1)
		files["tenant.toml"] = &fstest.MapFile{Data: []byte(toml)}
		return files
	}
	first := newWorld(t, other(z.tenant()))
	first.Config.Output.Keep = 3
	first.export(t, exit.Complete)
	first.serve(t, other(z.edited(t, func(_, n int, p *generatedPage) {
		if n == 2 {
			p.Status = "trashed"
		}
	})))
	first.export(t, exit.Complete)
	before := first.current()
	second := newWorld(t, z.tenant())
	second.Config.Output.Dir = first.Config.Output.Dir
	report := second.export(t, exit.Guard)
	if !strings.Contains(report.Error, "holds the output of another site") ||
		!strings.Contains(report.Error, "[output] dir") {
		t.Errorf("the error does not say what to do: %s", report.Error)
	}
	if _, err := second.Build(t.Context()); exit.Code(err) != exit.Guard {
		t.Errorf("build: %v", err)
	}
	second.serve(t, z.edited(t, func(_, n int, p *generatedPage) {
		if n == 2 {
			p.Readers = []string{"group:few"}
		}
	}))
	second.Config.Export.Spaces = []string{"GEN0", "NONE"} // guarded, so that it withdraws alone
	second.export(t, exit.Guard)
	if now := first.current(); now != before {
		t.Errorf("the first site's output went from %s to %s", before, now)
	}
	verifyWhole(t, first)
	if kept, _ := filepath.Glob(filepath.Join(first.Config.Output.Dir, "0*")); len(kept) != 2 {
		t.Errorf("of its generations are left: %v", kept)
	}
}
