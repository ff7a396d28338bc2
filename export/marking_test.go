package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/marking"
	"agc-export/export/output"
	"agc-export/fetch/faketenant"
	"agc-export/render/profile"
)

// The markings of the tests, from the lowest; MARK/NONE is the banner. What belongs to a level says so in its words:
// "title-2" or "body-2" stands in titles or texts of pages of level 2.
var markings = []string{"MARK/NONE", "MARK/ONE", "MARK/TWO", "MARK/THREE"}

func markingRules() []config.Marking {
	return []config.Marking{{Classification: "Three", Text: markings[3], Color: "red"},
		{Classification: "Two", Text: markings[2], Color: "purple"},
		{Label: "marked-two", Text: markings[2], Color: "purple"},
		{Classification: "One", Text: markings[1], Color: "green"}}
}

// marked is a content of the tenant of TestMarkings.
type marked map[string]any

// markedPages are contents of each level, and some that show others: level 1 of their own.
func markedPages() []marked {
	macro := func(name, of, value string) string {
		return fmt.Sprintf(`<ac:structured-macro ac:name=%q><ac:parameter ac:name=%q>%s</ac:parameter>`+
			`</ac:structured-macro>`, name, of, value)
	}
	page := func(title string) string {
		return fmt.Sprintf(`<ac:link><ri:page ri:content-title=%q/></ac:link>`, title)
	}
	var all []marked
	for level := range 4 {
		said := func(what string) string { return fmt.Sprintf("%s-%d", what, level) }
		for i, kind := range []string{"page", "blogpost"} {
			p := marked{"id": fmt.Sprint(100 + 10*level + i), "title": said("title") + " " + kind, "type": kind,
				"body": "<p>" + said("body") + "</p>", "version": 2, "modified": "2026-01-02T00:00:00.000Z",
				"created": "2026-01-01T00:00:00.000Z",
				"labels":  []string{"all", said("label")},
				"attachments": []marked{{"name": said("title") + ".bin", "size": 20},
					{"name": said("title") + ".png", "size": 20}},
				"comments": []marked{{"id": fmt.Sprint(900 + 10*level + i),
					"body": "<p>" + said("body") + " talk</p>"}},
				"history": []marked{{"version": 1, "modified": "2026-01-01T00:00:00.000Z",
					"title": said("title") + " before", "body": "<p>" + said("body") + " of old</p>"}}}
			if level > 0 {
				p["level"] = fmt.Sprint("l", level)
			}
			all = append(all, p)
		}
	}
	three := page("title-3 page")
	for i, body := range []string{macro("include", "", three), macro("excerpt-include", "", three), "<p>Nothing.</p>",
		macro("contentbylabel", "cql", `label = "all"`), "<p>" + three + "</p>",
		`<ac:link><ri:attachment ri:filename="title-3.bin"><ri:page ri:content-title="title-3 page"/>` +
			`</ri:attachment></ac:link>`,
		`<p>See <a href="https://s.atlassian-us-gov-mod.net/wiki/spaces/S/pages/130">` +
			`https://s.atlassian-us-gov-mod.net/wiki/spaces/S/pages/130</a>.</p>`,
		macro("include", "", page("shows 0"))} {
		p := marked{"id": fmt.Sprint(200 + i), "title": fmt.Sprint("shows ", i), "level": "l1",
			"body": body, "version": 1, "created": "2026-01-01T00:00:00.000Z"}
		if i == 2 {
			p["comments"] = []marked{{"id": "990", "body": macro("include", "", three)}}
		}
		all = append(all, p)
	}
	return append(all, marked{"id": "300", "title": "title-2 labelled", "level": "l1", "version": 1,
		"labels": []string{"Marked-Two"}, "body": "<p>body-2 by its label</p>"},
		marked{"id": "301", "title": "title-3 below", "level": "l3", "parent": "300", "version": 1,
			"body": "<p>body-3 below</p>"})
}

func markedTenant(all []marked) fstest.MapFS {
	raw, err := json.Marshal(all)
	if err != nil {
		panic("strings make JSON: " + err.Error())
	}
	toml := "[site]\nname = \"S\"\nurl = \"https://s.atlassian-us-gov-mod.net\"\ncloud_id = \"c\"\n" +
		"[[users]]\nid = \"u\"\n" +
		"name = \"U\"\n[[spaces]]\nid = \"9\"\nkey = \"S\"\n[[spaces]]\nid = \"8\"\nkey = \"T\"\nlevel = \"l2\"\n"
	for i, name := range []string{"One", "Two", "Three", "Four"} {
		toml += fmt.Sprintf("[[levels]]\nid = \"l%d\"\nname = %q\n", i+1, name)
	}
	of8 := `[{"id": "400", "title": "title-2 by space", "version": 1, "body": "<p>body-2 by its space</p>"}]`
	return fstest.MapFS{"S/pages.json": {Data: raw}, "T/pages.json": {Data: []byte(of8)},
		"tenant.toml": {Data: []byte(toml)}}
}

func markedWorld(t *testing.T, all []marked) *world {
	w := newWorld(t, markedTenant(all))
	w.at(evening)
	w.Config.Site.BaseURL, w.Config.Site.Banner = "https://docs.agency.example", markings[0]
	w.Config.Export.Classification, w.Config.Export.History = config.ClassifyPage, config.HistoryBodies
	w.Config.Export.HistoryPublished, w.Config.Marking = true, markingRules()
	w.Config.Fetch.FullSweep, w.Config.Site.PrintSpaces = 0, config.Spaces{"true"}
	return w
}

var (
	levelSaid = regexp.MustCompile(`(?i)\b(title|body|label)-([0-3])[ .<]`)
	banners   = regexp.MustCompile(`<div class="banner(?: banner-low)?(?: banner-[0-9])?" role="[^>]*>([^<]*)</div>`)
)

// unmarkedFiles show nothing themselves: what a page asks for to find another, and the bytes of files.
var unmarkedFiles = regexp.MustCompile(
	`^((site/(redirects|search|attachments)|server|markdown/attachments)/|SHA256SUMS|site/_redirects)`)

// TestMarkings: each file of a generation that shows something of a level carries its marking or a higher one,
// whatever way it got there; of pages the banners are as high as all texts that they show.
func TestMarkings(t *testing.T) {
	t.Parallel()
	w := markedWorld(t, markedPages())
	w.export(t, exit.Complete)
	levels := w.scanMarkings(t)
	for name, want := range map[string]int{"site/pages/100.html": 0, "site/pages/110.html": 1, "site/pages/120.html": 2,
		"site/pages/130.html": 3, "site/versions/120/1.html": 2, "site/versions/120/2-changes.html": 2,
		"site/pages/200.html": 3, "site/pages/201.html": 3, "site/pages/202.html": 3, "site/pages/203.html": 3,
		"site/pages/204.html": 1, "site/pages/205.html": 3, "site/pages/206.html": 1, "site/pages/207.html": 3,
		"site/pages/300.html": 2, "site/pages/400.html": 2, "site/index.html": 3, "site/spaces/T/index.html": 2,
		"site/spaces/T/pages.html": 2, "site/labels/label-1.html": 1, "site/labels/index.html": 3,
		"site/search.html": 3, "site/spaces/S/print.html": 3, "site/spaces/T/print.html": 2,
		"site/people/index.html": 3, "site/recent.html": 3, "site/spaces/S/a-z.html": 3, "site/llms.txt": 3,
		"site/spaces/T/recent.xml": 2, "site/spaces/S/blog.xml": 3, "manifest.json": 3, "markdown/S/shows-0.md": 3,
		"markdown/S/shows-4.md": 1} {
		if got, ok := levels[name]; !ok || got != want {
			t.Errorf("%s carries %d, want %d (is there: %v)", name, got, want, ok)
		}
	}
	w.rowsSayMarkings(t)
	for _, name := range []string{"index.html", "spaces/S/recent.xml",
		"spaces/S/a-z.html", "llms.txt"} {
		text := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.SiteDir, name))
		if !regexp.MustCompile(`title-3 (below|page) \(MARK/THREE\)`).MatchString(text) {
			t.Errorf("%s does not say the marking of each title", name)
		}
	}
	w.Config.Markdown.Comments = false
	w.export(t, exit.Complete)
	if got := w.scanMarkings(t)["site/pages/202.html"]; got != 3 {
		t.Errorf("a page whose comment alone includes another carries %d", got)
	}
	for _, name := range profile.Names()[1:] {
		w.Config.Markdown.Profile = name
		w.export(t, exit.Complete)
		w.scanMarkings(t)
	}
	w.Config.Marking = nil
	w.export(t, exit.Complete)
	each(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink), func(p, text string) {
		if strings.Contains(text, "MARK/T") || strings.HasSuffix(p, ".html") && strings.Contains(text, "banner-1") {
			t.Errorf("without rules %s has a marking", p)
		}
	})
}

// scanMarkings wants each file of the generation to carry the marking of what it shows, and returns what each carries:
// pages in their banners, Markdown in its front matter, others anywhere.
func (w *world) scanMarkings(t *testing.T) map[string]int {
	t.Helper()
	levels := map[string]int{}
	root, err := filepath.EvalSymlinks(filepath.Join(w.Config.Output.Dir, output.CurrentLink))
	if err != nil {
		t.Fatal(err)
	}
	each(t, root, func(p, text string) {
		name, err := filepath.Rel(root, p)
		if err != nil {
			t.Fatal(err)
		}
		carries := slices.IndexFunc(markings, func(m string) bool { return strings.Contains(text, m) })
		for i, m := range markings {
			if strings.Contains(text, m) {
				carries = i
			}
		}
		if name = filepath.ToSlash(name); unmarkedFiles.MatchString(name) {
			return
		}
		shown := banners.FindAllStringSubmatch(text, -1)
		if strings.HasSuffix(name, ".html") && (len(shown) != 2 || shown[0][1] != shown[1][1]) {
			t.Errorf("%s has the banners %q", name, shown)
			return
		}
		banner := carries
		if len(shown) == 2 {
			banner = slices.Index(markings, shown[0][1])
		}
		if front, ok := strings.CutPrefix(text, "---\nbanner: \""); ok {
			front, _, _ = strings.Cut(front, "\"")
			banner = slices.Index(markings, front)
			if !strings.Contains(text, "\n> "+front+"\n") || !strings.HasSuffix(text, "\n"+front+"\n") {
				t.Errorf("%s does not carry %s above and below", name, front)
			}
		}
		levels[name] = banner
		for _, m := range levelSaid.FindAllStringSubmatch(text, -1) {
			level := int(m[2][0] - '0')
			if have := map[bool]int{true: banner, false: carries}[m[1] == "body"]; have < level {
				t.Errorf("%s shows %s and carries %s", name, m[0], markings[max(have, 0)])
				break
			}
		}
	})
	return levels
}

// rowsSayMarkings wants each row of the search to say its marking, and manifest.json that of each page.
func (w *world) rowsSayMarkings(t *testing.T) {
	t.Helper()
	want := map[string]string{"100": markings[0], "110": markings[1], "120": markings[2], "130": markings[3],
		"200": markings[3], "300": markings[2], "400": markings[2]}
	for _, p := range manifestOf(t, w).Pages {
		if want[p.ID] != "" && p.Marking != want[p.ID] {
			t.Errorf("manifest.json says %q of %s", p.Marking, p.ID)
		}
	}
	row := regexp.MustCompile(`"h":"pages/([0-9]+)\.html"[^}]*?"m":"([^"]*)"`)
	found := map[string]string{}
	for _, m := range row.FindAllStringSubmatch(unpackSearch(t, w), -1) {
		found[m[1]] = m[2]
	}
	for id, m := range want {
		if found[id] != m {
			t.Errorf("the search says %q of %s", found[id], id)
		}
	}
}

// TestMarkingChanges: a level that changes makes anew what shows something of the page, and nothing else; what that
// gives is what a first build gives.
func TestMarkingChanges(t *testing.T) {
	t.Parallel()
	w := markedWorld(t, markedPages())
	w.Config.Markdown.Comments = false // so that pages alone show them
	w.export(t, exit.Complete)
	before := filesOf(t, w.Config.Output.Dir)
	pages := markedPages()
	pages[len(pages)-1]["level"] = "l2" // 301
	w.serve(t, markedTenant(pages))
	w.export(t, exit.Complete)
	now := filesOf(t, w.Config.Output.Dir)
	for _, name := range []string{"site/pages/301.html", "site/spaces/S/pages.html"} {
		if now[name] == before[name] {
			t.Errorf("%s was taken over", name)
		}
	}
	for name := range maps.Keys(now) {
		text := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, name))
		if made := !os.SameFile(before[name], now[name]); made && !strings.Contains(text, "title-3 below") &&
			regexp.MustCompile(`^(markdown|site/(pages|versions|attachments))/`).MatchString(name) {
			t.Errorf("%s was made anew", name)
		}
	}
	w.asFirst(t, "another level")
}

// TestMarkingUnknown: of what has a level that nobody could ask for, that has no name or that no rule names nothing is
// published, older versions included; the report names it, the run ends with exit code 3, and so does each build after
// it. Where the rules are not strict it carries the highest.
func TestMarkingUnknown(t *testing.T) {
	t.Parallel()
	for how, reason := range map[string]string{"no rule": marking.NoRule, "no name": marking.NoName,
		"not fetched": marking.NotFetched} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			pages, faults := markedPages(), []faketenant.Fault(nil)
			w := markedWorld(t, pages)
			w.export(t, exit.Complete)
			w.Config.Output.Keep, w.Config.Guard.MaxGoneObjects = 1, 100
			id, words := "110", "title-1 page"
			switch how {
			case "no rule":
				pages[2]["level"] = "l4"
			case "no name":
				faults = []faketenant.Fault{{Op: "classification-levels", Times: -1, Edit: func(b []byte) []byte {
					return bytes.Replace(b, []byte(`"One"`), []byte(`""`), 1)
				}}}
			case "not fetched":
				id, words = "500", "title-1 new"
				pages = append(pages, marked{"id": id, "title": "title-1 new", "level": "l1", "version": 1,
					"body": "<p>body-1 new</p>"})
				faults = []faketenant.Fault{{Path: "/pages/500/classification-level", Times: -1, Status: 500}}
			}
			w.serve(t, markedTenant(pages), faults...)
			w.export(t, exit.Incomplete)
			w.withheldFor(t, id, words, reason)
			if _, err := w.Build(t.Context()); exit.Code(err) != exit.Incomplete {
				t.Fatalf("a build after it: %v", err)
			}
			w.withheldFor(t, id, words, reason)
			w.Config.Site.MarkingStrict = false
			if _, err := w.Build(t.Context()); err != nil {
				t.Fatal(err)
			}
			all := manifestOf(t, w).Pages
			at := slices.IndexFunc(all, func(p output.ManifestPage) bool { return p.ID == id })
			if at < 0 || all[at].Marking != markings[3] {
				t.Errorf("where the rules are not strict it is at %d of %v", at, all)
			}
		})
	}
}

// withheldFor wants a page with these words in its title to be nowhere, and the report to name it with the reason.
func (w *world) withheldFor(t *testing.T, id, words, reason string) {
	t.Helper()
	said := readFile(t, filepath.Join(filepath.Dir(w.Config.Output.Mirror), "run.json"))
	if w.site(t)[id] || !strings.Contains(said, `"`+id+`"`) || !strings.Contains(said, reason) {
		t.Errorf("published: %v; the report: %s", w.site(t)[id], said)
	}
	each(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink), func(p, text string) {
		if strings.Contains(text, "pages/"+id) || strings.Contains(text, "versions/"+id) ||
			strings.Contains(text, words) {
			t.Errorf("%s still shows it", p)
		}
	})
	if strings.Contains(unpackSearch(t, w), words) {
		t.Error("the search still shows it")
	}
}

// TestMarkingOfOwnTemplates: templates of an agency's own that know of no marking but that of the whole site publish
// nothing where there are rules.
func TestMarkingOfOwnTemplates(t *testing.T) {
	t.Parallel()
	w := markedWorld(t, markedPages())
	w.Config.Site.Templates = t.TempDir()
	bar := "{{define \"bar\"}}<div class=\"banner\">{{.Site.Banner}}</div>{{end}}"
	if err := os.WriteFile(filepath.Join(w.Config.Site.Templates, "own.tmpl"), []byte(bar), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := w.Export(t.Context())
	if _, none := os.Stat(filepath.Join(w.Config.Output.Dir, output.CurrentLink)); none == nil || err == nil ||
		!strings.Contains(err.Error(), "do not show its marking") {
		t.Errorf("%v, %v", err, none)
	}
}
