package export

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/report"
)

// What a run changed names pages that are published, and of those that left only what Confluence says to be deleted:
// a page that is withheld is told by no name, nor is what lies below it.
func TestTonight(t *testing.T) {
	page := func(id, title, front string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("+++\nid = \"" + id + "\"\ntitle = \"" + title + "\"\n" + front +
			"+++\n<p>Text.</p>\n")}
	}
	tenant := func(change func(fstest.MapFS)) fstest.MapFS {
		all := fstest.MapFS{
			"tenant.toml": {Data: []byte("[site]\nname = \"S\"\nurl = \"https://s.atlassian-us-gov-mod.net\"\n" +
				"cloud_id = \"aaaaaaaa-1111-4222-8333-444444444444\"\n[[users]]\nid = \"712020:1\"\nname = \"Ann\"\n" +
				"[[spaces]]\nid = \"9\"\nkey = \"DOC\"\nname = \"Docs\"\n")},
			"DOC/a.xml":   page("101", "Alpha", ""),
			"DOC/a/b.xml": page("102", "Beta", ""),
			"DOC/c.xml":   page("103", "Gamma", ""),
			"DOC/d.xml":   page("104", "Delta", ""),
		}
		if change != nil {
			change(all)
		}
		return all
	}
	w := newWorld(t, tenant(nil))
	w.Config.Fetch.FullSweep = 0
	w.Config.Guard.MaxGonePercent = 100
	if first := w.export(t, exit.Complete).Tonight; first == nil || first.From != "" || first.New.Count != 0 {
		t.Errorf("of the first night: %+v", first)
	}
	w.serve(t, tenant(func(all fstest.MapFS) {
		all["DOC/a.xml"] = page("101", "Alef", "version = 2\n") // what lies below it is not moved
		all["DOC/c.xml"] = page("103", "Gamma", "readers = [\"user:712020:1\"]\n")
		all["DOC/d.xml"] = page("104", "Delta", "status = \"trashed\"\n")
		all["DOC/e.xml"] = page("105", "Epsilon", "")
	}))
	r := w.export(t, exit.Complete)
	names := func(p report.Pages) string { return p.Titles(9) }
	got := map[string]string{"new": names(r.Tonight.New), "changed": names(r.Tonight.Changed),
		"renamed": names(r.Tonight.Renamed), "moved": names(r.Tonight.Moved), "deleted": names(r.Tonight.Deleted)}
	want := map[string]string{"new": "Epsilon", "changed": "Alef", "renamed": "Alef", "moved": "", "deleted": "Delta"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what changed (-want +got):\n%s", diff)
	}
	for _, text := range []string{readFile(t, w.Config.Output.Mirror+"/../run.json"),
		readFile(t, w.Config.Output.Mirror+"/../status.json")} {
		if strings.Contains(text, "Gamma") {
			t.Errorf("a page that was withheld is named: %s", text)
		}
	}
	w.serve(t, tenant(func(all fstest.MapFS) { all["DOC/b.xml"] = all["DOC/a/b.xml"]; delete(all, "DOC/a/b.xml") }))
	r = w.export(t, exit.Complete)
	if got := names(r.Tonight.Moved); got != "Beta" {
		t.Errorf("moved: %q", got)
	}
}
