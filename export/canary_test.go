package export

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/morning"
	"agc-export/export/report"
	"agc-export/export/status"
	"agc-export/fetch/faketenant"
)

// Nothing of what not every reader may see is published: no title, text, label, file,
// comment, name, count or address, neither of a page itself nor of what lies below it,
// and nothing of it is left in kept generations when it becomes restricted.
func TestCanaries(t *testing.T) {
	w := newWorld(t, leading(aviary("")))
	w.Config.Export.Jira = true
	w.Config.Output.Keep = 5
	w.Config.Fetch.FullSweep = 0
	w.Config.Markdown.Versions = true
	w.Config.Site.BaseURL = "https://docs.agency.example/wiki/" // feeds and sitemap need it
	w.Config.Site.Changes, w.Config.Site.PrintSpaces = true, config.Spaces{"true"}
	w.export(t, exit.Complete)
	found, _ := leaks(t, w.Config.Output.Dir)
	if len(found) < 20 {
		t.Fatalf("while all is open only %d places are found: the test looks for the wrong thing", len(found))
	}
	for _, kind := range []string{"recent.xml", "sitemap.xml", "llms.txt", "report.json", "manifest.json", "redirects",
		"markdown/", "people/", "labels/"} {
		if !slices.ContainsFunc(found, func(place string) bool { return strings.Contains(place, kind) }) {
			t.Errorf("while all is open nothing is found in %s", kind)
		}
	}
	w.Config.Site.Title = "Another"
	w.export(t, exit.Complete)
	w.serve(t, leading(aviary("group:few")))
	said := w.export(t, exit.Complete)
	found, read := leaks(t, w.Config.Output.Dir)
	for _, f := range found {
		t.Error(f)
	}
	// Ids may stand here, and no words.
	for _, private := range []string{report.RunFile, morning.PageFile, morning.TableFile, status.File,
		report.AuditFile} {
		text := strings.ToLower(readFile(t, filepath.Join(filepath.Dir(w.Config.Output.Mirror), private)))
		if at := strings.Index(text, canary); at >= 0 {
			t.Errorf("%s beside the mirror: …%q…", private, text[max(0, at-40):min(len(text), at+40)])
		}
	}
	if text := strings.ToLower(summaryOf(t, said)); strings.Contains(text, canary) {
		t.Errorf("the summary says %s", text)
	}
	if site := w.site(t); !site["5001"] || !site["5003"] || len(site) != 6 {
		t.Errorf("on the site: %v", site)
	}
	t.Logf("%d files read", read)
}

// A page whose restrictions cannot be learned any more counts as restricted, whatever
// the mirror knew of them.
func TestUncheckedIsClosed(t *testing.T) {
	w := newWorld(t, aviary(""))
	w.Config.Output.Keep = 5
	w.Config.Fetch.FullSweep = 0
	w.export(t, exit.Complete)
	absent := `{"errors":[{"status":404,"code":"NOT_FOUND","title":"Cannot find a page with id [7700304]"}]}`
	w.serve(t, aviary(""), faketenant.Fault{Path: "/pages/7700304", Times: -1, Status: 404, Body: absent})
	report := w.export(t, exit.Incomplete)
	if w.site(t)["7700304"] || !w.site(t)["7700301"] {
		t.Errorf("on the site: %v; %v", w.site(t), report.Failures)
	}
	w.serve(t, aviary(""))
	w.export(t, exit.Complete)
	if !w.site(t)["7700304"] {
		t.Error("it is known again, and not on the site")
	}
}

// summaryOf is what a run says at its end, in both forms.
func summaryOf(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	r.Summary(&b)
	if err := r.Line(&b); err != nil || b.Len() < 200 {
		t.Fatalf("%v: %s", err, b.String())
	}
	return b.String()
}
