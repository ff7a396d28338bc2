package export

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
)

// TestChanges: the page about what changed looks back 30 days from the sync that changed the mirror last, names what is
// published and counts what was deleted, but not what was withheld before. A run that finds nothing new leaves it.
func TestChanges(t *testing.T) {
	t.Parallel()
	pages := anewPages()
	for _, p := range pages {
		p.Created = "2025-01-01T00:00:00.000Z"
	}
	pages["Below"].Created, pages["Below"].Modified = "2026-02-20T00:00:00.000Z", "2026-02-21T00:00:00.000Z"
	pages["Lone"].Readers = []string{"user:u"}
	w := newWorld(t, anewTenant(pages))
	w.Config.Site.Changes = true
	w.at(time.Date(2026, 2, 22, 2, 0, 0, 0, time.UTC))
	w.export(t, exit.Complete)
	marks := regexp.MustCompile(`(?s)<p class="lead">(.*?)</p>|<h2[^>]*>(.*?)</h2>|` +
		`<li><a href="([^"]*)"[^>]*>([^<]*)|<time[^>]*>([^<]*)`)
	page := func() (text string) {
		_, main, _ := strings.Cut(generation(t, w)["site/changes.html"], "<main")
		main, _, _ = strings.Cut(main, "</main>")
		for _, m := range marks.FindAllStringSubmatch(main, -1) {
			text += strings.Join(m[1:], "") + "\n"
		}
		return text
	}
	want := func(when, want string) {
		t.Helper()
		if diff := cmp.Diff(want, page()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	want("at first", `From 23 January 2026 to 22 February 2026. New: 1. Changed: 0. Deleted: 0.
New
pages/107.htmlBelow
20 February 2026
`)
	w.at(time.Date(2026, 2, 28, 2, 0, 0, 0, time.UTC))
	w.export(t, exit.Complete)
	want("a night without a change", page())

	pages["Lister"].edit("<p>Other words.</p>")
	for _, title := range []string{"Lone", "Linker", "Dead end"} {
		pages[title].Status = "trashed"
	}
	pages["Includer"].edit("<p>Secret words.</p>")
	pages["Includer"].Readers = []string{"user:u"}
	w.serve(t, anewTenant(pages))
	w.at(time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC))
	w.export(t, exit.Complete)
	second := `From 30 January 2026 to 1 March 2026. New: 1. Changed: 1. Deleted: 2.
changes.html#agc-newNew
changes.html#agc-editedChanged
New
pages/107.htmlBelow
20 February 2026
Changed
pages/105.htmlLister
2 February 2026
`
	want("after changes", second)
	w.asFirst(t, "what changed")

	pages["Labelled"].edit("<p>Much later.</p>")
	pages["Labelled"].Modified = "2026-05-01T00:00:00.000Z"
	w.serve(t, anewTenant(pages))
	w.at(time.Date(2026, 5, 2, 2, 0, 0, 0, time.UTC))
	w.export(t, exit.Complete)
	want("months later", `From 2 April 2026 to 2 May 2026. New: 0. Changed: 1. Deleted: 0.
Changed
pages/106.htmlLabelled
1 May 2026
`)
}
