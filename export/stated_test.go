package export

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/fetch/faketenant"
)

// stating is a tenant of two spaces whose pages are in states: of A one, at a version, of B another.
func stating(state string, version int) fstest.MapFS {
	page := func(id, more string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("+++\nid = \"" + id + "\"\ntitle = \"Page " + id + "\"\n" + more +
			"\n+++\n")}
	}
	states := "[[spaces.states]]\nname = \"In review\"\n[[spaces.states]]\nname = \"Checked <once>\"\n" +
		"color = \"#57d9a3\"\n"
	return fstest.MapFS{"tenant.toml": {Data: []byte("[site]\nname = \"S\"\nurl = " +
		"\"https://s.atlassian-us-gov-mod.net\"\ncloud_id = \"c\"\n[[users]]\nid = \"u\"\nname = \"U\"\n" +
		"[[users]]\nid = \"v\"\nname = \"Vera\"\n" +
		"[[spaces]]\nid = \"1\"\nkey = \"A\"\nname = \"A\"\n" + states + "[[spaces]]\nid = \"2\"\nkey = \"B\"\n" +
		"name = \"B\"\n" + states)},
		"A/1.xml": page("101", fmt.Sprintf("state = %q\nversion = %d\nowner = \"v\"\n"+
			"cover = '{\"id\":\"https://pictures.example/a.png\",\"position\":3}'", state, version)),
		"A/1/2.xml": page("102", "state = \"Checked <once>\"\n"), "A/1/3.xml": page("103", ""),
		"B/4.xml": page("104", "state = \"In review\"\n")}
}

// TestPageStates: the state, the owner and the cover of a page stand in its front matter, on the page and
// in the lists. A night asks for the states of those spaces alone in which a page has changed.
func TestPageStates(t *testing.T) {
	w := newWorld(t, stating("In review", 1))
	w.at(evening)
	w.export(t, exit.Complete)
	has := func(name string, words ...string) {
		t.Helper()
		text := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, name))
		for _, word := range words {
			without, no := strings.CutPrefix(word, "!")
			if strings.Contains(text, without) == no {
				t.Errorf("%s: %q:\n%s", name, word, text)
			}
		}
	}
	asked := func() (states, contents int) {
		counts := w.fake.Load().Counts()
		return counts["states"], counts["stated"]
	}
	const review, checked = `<span class="status status-blue">In review</span>`,
		`<span class="status status-green">Checked &lt;once&gt;</span>`
	has("markdown/A/page-101.md", "\nowner: Vera\nstate: In review\nstate_color: \"#2684ff\"\n"+
		"cover: \"https://pictures.example/a.png\"\n")
	has("markdown/A/page-101/page-103.md", "\nowner: U\n---\n", "!state")
	has("site/pages/101.html", `>`+review+` <a href="#agc-about">`, "</a> · owner Vera</section>",
		"<dt>Status</dt><dd>"+review, `<dt>Owner</dt><dd><a href="../people/vera.html">Vera</a>`,
		`<a href="https://pictures.example/a.png" rel="noopener noreferrer">pictures.example</a>`,
		`</a> `+checked+`</li>`)
	has("site/pages/103.html", "!status-", "!· owner")
	has("site/spaces/A/pages.html", review, checked)
	has("site/spaces/A/a-z.html", review, checked)
	has("site/spaces/A/index.html", review, checked)
	has("site/people/vera.html", "Page 101")
	if states, contents := asked(); states != 2 || contents != 4 {
		t.Errorf("a first run asks for the states of %d spaces, and %d times for contents", states, contents)
	}
	w.export(t, exit.Complete)
	if states, contents := asked(); states != 2 || contents != 4 {
		t.Errorf("an unchanged night asks: %d, %d", states, contents)
	}
	w.serve(t, stating("Checked <once>", 2))
	w.export(t, exit.Complete)
	if states, contents := asked(); states != 1 || contents != 2 {
		t.Errorf("a night on which a page changed asks: %d, %d", states, contents)
	}
	has("site/pages/101.html", checked, "!"+review)
	w.asFirst(t, "another state")
	w.serve(t, stating("", 3))
	w.export(t, exit.Complete)
	has("site/pages/101.html", "<h1>Page 101</h1>", "!"+review)
	has("markdown/A/page-101.md", "!state:")
	w.asFirst(t, "no state")
	w.Config.Export.States = config.StatesNone
	w.serve(t, stating("In review", 4))
	w.export(t, exit.Complete)
	if states, _ := asked(); states != 0 {
		t.Errorf("they are asked for although the settings do not want them")
	}
	for _, name := range []string{"site/pages/104.html", "site/spaces/A/pages.html", "markdown/B/page-104.md"} {
		has(name, "!In review", "!Checked")
	}
}

// TestPageStatesRefused: what of the states is refused is a failure of that space alone, in which what was
// known stays, until it is answered; and a run that is cut before it asked leaves it to the next.
func TestPageStatesRefused(t *testing.T) {
	shown := func(w *world, id, word string) bool {
		return strings.Contains(readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink,
			"site/pages/"+id+".html")), word)
	}
	for _, path := range []string{"/space/A/state", "/space/A/state/content"} {
		for _, status := range []int{403, 404, 500} {
			w := newWorld(t, stating("In review", 1))
			w.begin(t)
			files := stating("Checked <once>", 2)
			w.serve(t, files, faketenant.Fault{Path: path, Times: -1, Status: status,
				Body: fmt.Sprintf(`{"statusCode":%d,"message":"no"}`, status)})
			w.Config.Fetch.FullSweep = 0
			report := w.export(t, exit.Incomplete)
			if len(report.Failures) != 1 || report.Failures[0].Kind != "space" || report.Failures[0].ID != "1" {
				t.Errorf("%s %d: %v", path, status, report.Failures)
			}
			if !shown(w, "101", "In review") || !shown(w, "104", "In review") {
				t.Errorf("%s %d: what was known does not stay", path, status)
			}
			w.Config.Fetch.FullSweep = 7
			w.serve(t, files)
			w.export(t, exit.Complete)
			w.sameAsFresh(t, files, "once it is answered")
		}
	}
	w := newWorld(t, stating("In review", 1))
	w.begin(t)
	files := stating("Checked <once>", 2)
	w.serve(t, files, faketenant.Fault{Op: "states", Times: -1, Status: 401,
		Body: `{"error":{"code":"unknown_account"}}`})
	if _, err := w.Export(t.Context()); err == nil {
		t.Error("the run is not cut")
	}
	w.serve(t, files)
	w.export(t, exit.Complete)
	w.sameAsFresh(t, files, "after a run that was cut")
}
