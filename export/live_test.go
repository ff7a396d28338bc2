package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/wiki"
)

// liveTenant has a home page and a page of a subtype whose versions have these bodies, the
// oldest first.
func liveTenant(subtype string, bodies ...string) fstest.MapFS {
	files := size{pages: 1, spaces: 1}.tenant()
	var older []map[string]any
	for i, body := range bodies[:len(bodies)-1] {
		older = append(older, map[string]any{"version": i + 1, "modified": fmt.Sprintf("2026-02-0%dT08:00:00Z", i+1),
			"body": body})
	}
	page := map[string]any{"id": "100001", "title": "Minutes", "parent": "100000", "subtype": subtype,
		"version": len(bodies),
		"created": "2026-02-01T08:00:00Z", "modified": "2026-03-01T08:00:00Z", "body": bodies[len(bodies)-1],
		"history": older}
	data, err := json.Marshal([]any{
		map[string]any{"id": "100000", "title": "Home", "version": 1, "created": "2026-01-01T08:00:00Z",
			"body": "<p>Home.</p>"},
		page})
	if err != nil {
		panic(err)
	}
	files["GEN0/pages.json"] = &fstest.MapFile{Data: data}
	return files
}

// shown is a page as it is published, its Markdown and its HTML.
func (w *world) shown(t *testing.T, id string) (md, html string) {
	t.Helper()
	current := filepath.Join(w.Config.Output.Dir, "current")
	var m output.Manifest
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join(current, "manifest.json"))), &m); err != nil {
		t.Fatal(err)
	}
	for _, p := range m.Pages {
		if p.ID == id {
			return readFile(t, filepath.Join(current, p.Markdown)), readFile(t, filepath.Join(current, p.HTML))
		}
	}
	t.Fatalf("%s is not published", id)
	return "", ""
}

// A live doc that is empty although older versions have words shows the last of these under
// a note, and is named in each run; what is empty otherwise is as it is.
func TestEmptyLiveDocs(t *testing.T) {
	const old, older = "<p>The words agreed on.</p>", "<p>A first draft.</p>"
	for name, c := range map[string]struct {
		files fstest.MapFS
		shown int // version, 0 for the current one
	}{
		"nothing":            {liveTenant("live", older, old, ""), 2},
		"an empty paragraph": {liveTenant("live", older, old, "<p />"), 2},
		"with an id":         {liveTenant("live", older, old, `<p local-id="3f-1"></p>`), 2},
		"blanks":             {liveTenant("live", older, old, "<p>\u00a0&nbsp;&#8203;\u200b<br/></p>\n"), 2},
		"an empty layout":    {liveTenant("live", older, old, emptyLayout), 2},
		"an empty table": {liveTenant("live", older, old,
			"<table><tbody><tr><td><p/></td></tr></tbody></table>"), 2},
		"emptied twice":         {liveTenant("live", old, "", "<p> </p>", ""), 1},
		"never had words":       {liveTenant("live", "", "<p/>", ""), 0},
		"its first version":     {liveTenant("live", ""), 0},
		"a page, no live doc":   {liveTenant("", older, old, ""), 0},
		"a macro is no nothing": {liveTenant("live", old, `<ac:structured-macro ac:name="toc"/>`), 0},
		"a line is no nothing":  {liveTenant("live", old, `<hr/>`), 0},
		"it has words":          {liveTenant("live", old, "<p>x</p>"), 0},
	} {
		for _, history := range []string{config.HistoryNone, config.HistoryBodies} {
			if turn := (len(name)%2 == 0) == (history == config.HistoryNone); !turn && os.Getenv("AGC_LONG") == "" {
				continue // by turns, so that either way meets both what is shown and what is not
			}
			t.Run(name+", history "+history, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, c.files)
				w.Config.Export.History = history
				for night := range 2 {
					code := exit.Complete
					if night == 0 && c.shown > 0 {
						code = exit.Incomplete
					}
					said := w.export(t, code)
					if (len(said.Failures) == 1 && said.Failures[0].ID == "100001") != (code != exit.Complete) {
						t.Errorf("night %d: failures %v", night, said.Failures)
					}
					named := strings.Contains(strings.Join(said.Missing, "\n"), "live doc 100001")
					if named != (c.shown > 0) {
						t.Errorf("night %d: named is %v: %q", night, named, said.Missing)
					}
				}
				md, html := w.shown(t, "100001")
				for _, text := range []string{md, html} {
					if has := strings.Contains(text, "The words agreed on."); has != (c.shown > 0) {
						t.Errorf("the last text is shown: %v\n%s", has, text)
					}
					note := fmt.Sprintf("the last text that it had, that of version %d of 2026-02-0%[1]d.", c.shown)
					if has := strings.Contains(text, note); has != (c.shown > 0) {
						t.Errorf("the note is shown: %v\n%s", has, text)
					}
					if strings.Contains(text, "A first draft.") {
						t.Error("an older text is shown")
					}
				}
				if found, _ := w.verifyFinds(t); len(found) > 0 {
					t.Error(found)
				}
			})
		}
	}
}

const emptyLayout = `<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p /></ac:layout-cell>` +
	`<ac:layout-cell></ac:layout-cell></ac:layout-section></ac:layout>`

// The last text of an empty live doc is asked for again until it is there, the old text stays
// meanwhile, and new words take its place.
func TestEmptyLiveDocsLater(t *testing.T) {
	const old = "<p>The words agreed on.</p>"
	for name, f := range map[string]faketenant.Fault{
		"refused":   {Path: "/versions", Times: -1, Status: 403, Body: page403},
		"failing":   {Path: "/versions", Times: -1},
		"null":      {Path: "/versions", Times: -1, Status: 200, Body: `{"results":[null],"_links":{}}`},
		"no result": {Path: "/versions", Times: -1, Status: 200, Body: `{"_links":{}}`},
		"not found": {Path: "/versions", Times: -1, Status: 404, Body: page404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, liveTenant("live", "<p>Early words.</p>"))
			w.begin(t)
			emptied := liveTenant("live", "<p>Early words.</p>", old, "")
			w.serve(t, emptied, f)
			for range 2 {
				said := w.export(t, exit.Incomplete)
				if len(said.Failures) != 1 || said.Failures[0].ID != "100001" ||
					!strings.Contains(said.Failures[0].Reason, "its last text") {
					t.Errorf("failures %v", said.Failures)
				}
				if md, _ := w.shown(t, "100001"); !strings.Contains(md, "Early words.") {
					t.Errorf("the old text is gone:\n%s", md)
				}
			}
			w.serve(t, emptied)
			w.export(t, exit.Incomplete)
			if md, _ := w.shown(t, "100001"); !strings.Contains(md, "The words agreed on.") {
				t.Errorf("the last text is not there:\n%s", md)
			}
			w.sameAs(t, treeOfRun(t, emptied, exit.Incomplete), "once the older versions are told")
			w.serve(t, liveTenant("live", "<p>Early words.</p>", old, "", "<p>New words.</p>"))
			if said := w.export(t, exit.Complete); len(said.Missing) > 0 {
				t.Errorf("missing %q", said.Missing)
			}
			if md, _ := w.shown(t, "100001"); strings.Contains(md, "agreed") || strings.Contains(md, "is empty") {
				t.Errorf("the last text stays:\n%s", md)
			}
		})
	}
}

// A mirror that an earlier release filled has empty live docs as they came: they are looked at once.
func TestEmptyLiveDocsOfOldMirrors(t *testing.T) {
	w := newWorld(t, liveTenant("", "<p>The words agreed on.</p>", ""))
	w.export(t, exit.Complete)
	entry := w.entries(t)["100001"]
	m := w.mirror(t)
	entry.Subtype, entry.HasBody, entry.Body = "live", true, ""
	_, err := m.PutContents(t.Context(), []wiki.Content{entry.Content})
	if err == nil {
		err = m.SetLastTexts(t.Context(), mirror.LastTexts{})
	}
	if err := errors.Join(err, m.Close()); err != nil {
		t.Fatal(err)
	}
	w.serve(t, liveTenant("live", "<p>The words agreed on.</p>", ""))
	w.export(t, exit.Incomplete)
	if md, _ := w.shown(t, "100001"); !strings.Contains(md, "The words agreed on.") {
		t.Errorf("the last text is not shown:\n%s", md)
	}
	w.calls()
	w.export(t, exit.Complete)
	if n := w.fake.Load().Counts()["versions"]; n > 0 {
		t.Errorf("%d calls for versions", n)
	}
}

// The text of an empty live doc may come without a new version.
func TestEmptyLiveDocsFilled(t *testing.T) {
	w := newWorld(t, liveTenant("live", "<p>The words agreed on.</p>", ""))
	w.export(t, exit.Incomplete)
	w.export(t, exit.Complete)
	w.serve(t, liveTenant("live", "<p>The words agreed on.</p>", "<p>New words.</p>"))
	if said := w.export(t, exit.Complete); len(said.Missing) > 0 {
		t.Errorf("missing %q", said.Missing)
	}
	if md, _ := w.shown(t, "100001"); !strings.Contains(md, "New words.") || strings.Contains(md, "agreed") {
		t.Errorf("the text is not shown:\n%s", md)
	}
	w.sameAsFresh(t, liveTenant("live", "<p>The words agreed on.</p>", "<p>New words.</p>"), "a text that came late")
}
