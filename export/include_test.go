package export

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/exit"
)

// TestByAddress: a macro that names a page by its address shows that page, and what lies below that.
func TestByAddress(t *testing.T) {
	const site = "https://aviary.atlassian-us-gov-mod.net/wiki/"
	call := func(macro, name, address string) string {
		return `<ac:structured-macro ac:name="` + macro + `"><ac:parameter ac:name="` + name + `">` + site + address +
			`</ac:parameter></ac:structured-macro>`
	}
	page := func(id, body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("+++\nid = \"" + id + "\"\n+++\n" + body)}
	}
	w := newWorld(t, fstest.MapFS{
		"tenant.toml": {Data: []byte(aviaryHead)},
		"OPEN/home.xml": page("5001", call("include", "", "spaces/OPEN/pages/5002/One")+
			call("children", "page", "display/OPEN/one")+call("include", "", "spaces/OPEN/pages/5009/Gone")),
		"OPEN/home/one.xml":     page("5002", "<p>Words of one.</p>"),
		"OPEN/home/one/two.xml": page("5003", "<p>Two.</p>"),
	})
	w.export(t, exit.Complete)
	md := readFile(t, filepath.Join(w.Config.Output.Dir, "current", "markdown", "OPEN", "index.md"))
	for _, want := range []string{"\nWords of one.\n", "\n- [two](one/two.md)\n", "(no such page)"} {
		if !strings.Contains(md, want) {
			t.Errorf("%q is not in\n%s", want, md)
		}
	}
}
