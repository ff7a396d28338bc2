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

// conditionalBody is secretBody with what a comment and a file need beside.
const conditionalBody = secretBody + `
<p>zqbefore <ac:inline-comment-marker ac:ref="zqmarker">zqmarked words</ac:inline-comment-marker></p>
<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">zqanchor</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[zqcode]]></ac:plain-text-body></ac:structured-macro>
<ac:structured-macro ac:name="drawio"><ac:parameter ac:name="diagramName">zqdiagram</ac:parameter></ac:structured-macro>
<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute><ac:adf-content>zqdecision</ac:adf-content></ac:adf-node></ac:adf-node></ac:adf-extension>
<p><ac:link><ri:page ri:content-title="Beside" /><ac:plain-text-link-body><![CDATA[zqwords]]></ac:plain-text-link-body></ac:link></p>`

// conditionalCalls are the ways in which a page shows something to some readers only; %s
// is what.
var conditionalCalls = map[string]string{
	"group":       `<ac:structured-macro ac:name="show-if"><ac:parameter ac:name="groupIds">zqgroup</ac:parameter><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro>`,
	"user":        `<ac:structured-macro ac:name="hide-if"><ac:parameter ac:name="display">word</ac:parameter><ac:parameter ac:name="user"><ri:user ri:account-id="712020:9" /></ac:parameter><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro>`,
	"spaced user": `<ac:structured-macro ac:name="hide-if"><ac:parameter ac:name="display">word</ac:parameter><ac:parameter ac:name="user"> <ri:user ri:account-id="712020:9" /></ac:parameter><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro>`,
	"nothing":     `<ac:structured-macro ac:name="show-if"><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro>`,
	"upper case":  `<ac:structured-macro ac:name="Show-If"><ac:parameter ac:name="group">zqgroup</ac:parameter><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro>`,
	"reference":   `<ac:structured-macro ac:name="show&#45;if"><ac:parameter ac:name="group">zqgroup</ac:parameter><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro>`,
	"old":         `<ac:macro ac:name="hide-if"><ac:parameter ac:name="group">zqgroup</ac:parameter><ac:rich-text-body>%s</ac:rich-text-body></ac:macro>`,
	"other app":   `<ac:structured-macro ac:name="show-to"><ac:parameter ac:name="groups">zqgroup</ac:parameter><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro>`,
	"secure":      `<ac:structured-macro ac:name="secure-content-block"><ac:parameter ac:name="allowed">zqgroup</ac:parameter><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro>`,
	"two bodies":  `<ac:structured-macro ac:name="show-if"><ac:rich-text-body><p>zqfirst</p></ac:rich-text-body><ac:rich-text-body>%s</ac:rich-text-body><p>zqstray</p></ac:structured-macro>`,
	"nested":      `<ac:structured-macro ac:name="show-if"><ac:rich-text-body><ac:structured-macro ac:name="show-if"><ac:parameter ac:name="display">word</ac:parameter><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro></ac:rich-text-body></ac:structured-macro>`,
	"panel":       `<ac:structured-macro ac:name="info"><ac:rich-text-body><ac:structured-macro ac:name="show-if"><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro></ac:rich-text-body></ac:structured-macro>`,
	"cell":        `<table><tbody><tr><td>Open cell</td><td><ac:structured-macro ac:name="show-if"><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro></td></tr></tbody></table>`,
	"excerpt":     `<ac:structured-macro ac:name="excerpt"><ac:rich-text-body><ac:structured-macro ac:name="show-if"><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro></ac:rich-text-body></ac:structured-macro>`,
	"properties":  `<ac:structured-macro ac:name="details"><ac:rich-text-body><table><tbody><tr><th>Open key</th><td><ac:structured-macro ac:name="show-if"><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro></td></tr></tbody></table></ac:rich-text-body></ac:structured-macro>`,
	"task":        `<ac:task-list><ac:task><ac:task-id>8</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>Open task <ac:structured-macro ac:name="show-if"><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro></ac:task-body></ac:task></ac:task-list>`,
	"inline":      `<p>Open <ac:structured-macro ac:name="show-if"><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro> words</p>`,
	"deep": strings.Repeat("<div>", 250) +
		`<ac:structured-macro ac:name="show-if"><ac:rich-text-body>%s</ac:rich-text-body></ac:structured-macro>` +
		strings.Repeat("</div>", 250),
	"astray":   `<ac:structured-macro ac:name="show-if"><ac:rich-text-body><p>zqone</ac:structured-macro></p>%s</ac:rich-text-body></ac:structured-macro>`,
	"unclosed": `<ac:structured-macro ac:name="show-if"><ac:rich-text-body>%s`,
	"app":      `<ac:adf-extension><ac:adf-node type="bodied-extension"><ac:adf-attribute key="extension-key">ari:cloud:ecosystem::extension/1/2/static/content-visibility</ac:adf-attribute><ac:adf-attribute key="parameters"><ac:adf-parameter key="guest-params"><ac:adf-parameter key="groups">zqgroup</ac:adf-parameter></ac:adf-parameter></ac:adf-attribute><ac:adf-content>%[1]s</ac:adf-content></ac:adf-node><ac:adf-fallback>%[1]s</ac:adf-fallback></ac:adf-extension>`,
	"old app":  `<ac:adf-extension><ac:adf-node type="bodied-extension"><ac:adf-attribute key="extension-key">show-if</ac:adf-attribute><ac:adf-attribute key="parameters"><ac:adf-parameter key="macro-params"><ac:adf-parameter key="display">word</ac:adf-parameter></ac:adf-parameter></ac:adf-attribute><ac:adf-content>%s</ac:adf-content></ac:adf-node></ac:adf-extension>`,
}

// conditionalAviary is a tenant with a page for each of the calls, and pages that show such
// pages in every way.
func conditionalAviary() fstest.MapFS {
	files := fstest.MapFS{"tenant.toml": {Data: []byte(conditionalHead)}}
	home := `<p>Home.</p><ac:structured-macro ac:name="tasks-report-macro"><ac:parameter ac:name="spaces">OPEN</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="detailssummary"><ac:parameter ac:name="cql">label = "shared"</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="decisionreport"><ac:parameter ac:name="cql">label = "shared"</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="space-attachments" /><ac:structured-macro ac:name="blog-posts"><ac:parameter ac:name="content">excerpts</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="children"><ac:parameter ac:name="all">true</ac:parameter><ac:parameter ac:name="excerptType">simple</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="children"><ac:parameter ac:name="all">true</ac:parameter><ac:parameter ac:name="excerptType">rich content</ac:parameter></ac:structured-macro>`
	for i, name := range slices.Sorted(maps.Keys(conditionalCalls)) {
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
body = "<p>Open comment</p><ac:structured-macro ac:name=\"show-if\"><ac:rich-text-body><p>zqin comment</p></ac:rich-text-body></ac:structured-macro>"
[[attachments]]
name = "zqfile.png"
[[attachments]]
name = "zqdiagram.drawio"
[[attachments]]
name = "open.txt"
+++
`, id, title)
		body := `<p>Words before.</p><ac:structured-macro ac:name="toc" />` +
			fmt.Sprintf(conditionalCalls[name], conditionalBody)
		files["OPEN/home/"+id+".xml"] = &fstest.MapFile{Data: []byte(head + body)}
		for _, file := range []string{"zqfile.png", "zqdiagram.drawio", "open.txt"} {
			files["OPEN/home/"+id+".files/"+file] = &fstest.MapFile{Data: []byte("bytes of " + file)}
		}
		home += fmt.Sprintf(`<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title=%[1]q /></ac:link></ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="excerpt-include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title=%[1]q /></ac:link></ac:parameter></ac:structured-macro>`, title)
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
	w := newWorld(t, conditionalAviary())
	w.Config.Export.Jira = true
	w.Config.Export.Conditional = config.ConditionalShow
	w.Config.Output.Keep = 5
	w.Config.Site.BaseURL = "https://docs.agency.example/wiki/"
	report := w.export(t, exit.Complete)
	shown, _ := leaks(t, w.Config.Output.Dir)
	search := unpackSearch(t, w)
	for i := range len(conditionalCalls) {
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
	for i, name := range slices.Sorted(maps.Keys(conditionalCalls)) {
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
	if report.Published.Parts < 6*len(conditionalCalls) {
		t.Errorf("%d parts left out in all", report.Published.Parts)
	}
	t.Logf("%d files read; %d parts left out", read, report.Published.Parts)
}
