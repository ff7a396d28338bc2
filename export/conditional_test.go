package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/output"
	"agc-export/render/markdown"
)

// conditionalHead is tenant.toml; the accounts and groups whose names begin with the canary
// stand in conditional parts alone.
const conditionalHead = aviaryHead + secretIssue

// conditionalBody is the secret body with what a comment and a file need beside.
var conditionalBody = aviaryBodies["secret"] + "\n" + aviaryBodies["conditional"]

// conditionalCalls are the ways in which a page shows something to some readers only; %s
// is what.
func conditionalCalls() map[string]string {
	calls := archived("testdata/conditional.txtar")
	calls["deep"] = strings.Repeat("<div>", 250) + calls["nothing"] + strings.Repeat("</div>", 250)
	return calls
}

// conditionalAviary is a tenant with a page for each of the calls, and pages that show such
// pages in every way.
func conditionalAviary() fstest.MapFS {
	files := fstest.MapFS{"tenant.toml": {Data: []byte(conditionalHead)}}
	home := aviaryBodies["lists"]
	calls := conditionalCalls()
	for i, name := range slices.Sorted(maps.Keys(calls)) {
		id, title := fmt.Sprint(6000+i), "Page "+name
		head := fmt.Sprintf(`+++
id = %[1]q
title = %[2]q
labels = ["shared"]
[[comments]]
id = "1%[1]s"
kind = "inline"
marker = "zqmarker"
selection = "zqmarked words"
body = "<p>zqcomment</p>"
[[comments]]
id = "2%[1]s"
kind = "inline"
parent = "1%[1]s"
body = "<p>zqreply</p>"
[[comments]]
id = "3%[1]s"
body = %[3]q
[[attachments]]
name = "zqfile.png"
[[attachments]]
name = "zqdiagram.drawio"
[[attachments]]
name = "open.txt"
+++
`, id, title, "<p>Open comment</p>"+fmt.Sprintf(calls["nothing"], "<p>zqin comment</p>"))
		body := `<p>Words before.</p><ac:structured-macro ac:name="toc" />` +
			fmt.Sprintf(calls[name], conditionalBody)
		files["OPEN/home/"+id+".xml"] = &fstest.MapFile{Data: []byte(head + body)}
		for _, file := range []string{"zqfile.png", "zqdiagram.drawio", "open.txt"} {
			files["OPEN/home/"+id+".files/"+file] = &fstest.MapFile{Data: []byte("bytes of " + file)}
		}
		home += fmt.Sprintf(aviaryBodies["shown"], title)
	}
	files["OPEN/home.xml"] = &fstest.MapFile{Data: []byte("+++\nid = \"5001\"\ntitle = \"Open home\"\n+++\n" + home)}
	files["OPEN/home/beside.xml"] = &fstest.MapFile{Data: []byte("+++\nid = \"5002\"\ntitle = " +
		"\"Beside\"\n+++\n<p>Beside.</p>")}
	return files
}

// What apps show to some readers only is published nowhere, whatever holds it and whoever
// shows the page, unless the configuration says so; a note stands in its place, and it is
// counted. Kept generations that show it go.
func TestConditionalCanaries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conditionalAviary())
	w.Config.Export.Jira = true
	w.Config.Export.Conditional = config.ConditionalShow
	w.Config.Output.Keep = 5
	w.Config.Site.BaseURL = "https://docs.agency.example/wiki/"
	report := w.export(t, exit.Complete)
	shown, _ := leaks(t, w.Config.Output.Dir)
	search := unpackSearch(t, w)
	for i := range len(conditionalCalls()) {
		if id := fmt.Sprintf("pages/%d.html", 6000+i); !slices.ContainsFunc(shown,
			func(place string) bool { return strings.Contains(place, id) }) {
			t.Errorf("conditional = show leaves out all of %s", id)
		}
	}
	if !strings.Contains(search, "zqbody") || report.Published.Parts != 0 {
		t.Errorf("conditional = show: %d parts left out", report.Published.Parts)
	}

	w.Config.Export.Conditional = ""
	report = w.export(t, exit.Complete)
	found, read := leaks(t, w.Config.Output.Dir)
	for _, f := range found {
		t.Error(f)
	}
	if search = unpackSearch(t, w); strings.Contains(search, canary) || !strings.Contains(search, "before") {
		t.Error("the search index holds what is left out, or nothing")
	}
	var losses output.LossReport
	if err := json.Unmarshal([]byte(readFile(t,
		filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.LossesFile))), &losses); err != nil {
		t.Fatal(err)
	}
	held := map[string]map[string]int{}
	for _, p := range losses.Pages {
		held[p.ID] = map[string]int{}
		for _, l := range p.Losses {
			if l.Class == markdown.LossWithheld {
				held[p.ID][l.Name] += l.Count
			}
		}
	}
	for i, name := range slices.Sorted(maps.Keys(conditionalCalls())) {
		id := fmt.Sprint(6000 + i)
		page := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.SiteDir, "pages", id+".html"))
		for _, words := range []string{"A part that Confluence shows to some readers only is left out", "Words before",
			"open.txt", "Open comment"} {
			if !strings.Contains(page, words) {
				t.Errorf("%s: the page does not say %q", name, words)
			}
		}
		if got := held[id]; got["attachment"] != 2 || got["comment"] != 3 || len(got) < 3 {
			t.Errorf("%s: counted as left out: %v", name, got)
		}
	}
	if report.Published.Parts < 6*len(conditionalCalls()) {
		t.Errorf("%d parts left out in all", report.Published.Parts)
	}
	t.Logf("%d files read; %d parts left out", read, report.Published.Parts)
}
