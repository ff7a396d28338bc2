package export

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/wiki"
)

// moment is a tenant whose people work while a run is under way. At first all of it is
// open. Then each page is closed in another way, and only then written on, commented and
// given a file: every word that begins with the canary stands in what is closed.
func moment(closed bool) fstest.MapFS {
	head := strings.Replace(canaryHead, `homepage = "HALF/home.xml"`, "", 1)
	files := fstest.MapFS{"tenant.toml": {Data: []byte(head)}}
	add := func(path, id, front, word string) {
		version, text, more := 1, "<p>Open text of "+id+".</p>", ""
		created := day(1)
		if closed && word != "" {
			version, created = 2, day(100000)
			text += "<p>" + canary + word + "body</p>"
			more = fmt.Sprintf("[[comments]]\nid = \"2%s\"\nauthor = \"712020:1\"\ncreated = %q\nbody = "+
				"\"<p>%s%scomment</p>\"\n", id, created, canary, word)
		}
		name := "file of " + id + ".txt"
		more += fmt.Sprintf("[[attachments]]\nid = \"att1%s\"\nname = %q\nversion = %d\ncreated = %q\n", id, name,
			version, created)
		files[path+".xml"] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"+++\nid = %q\ntitle = \"Page %s\"\nversion = %d\nmodified = %q\n%s\n%s+++\n%s", id, id, version, created,
			front, more, text)}
		bytes := "open bytes of " + id
		if closed && word != "" {
			bytes = canary + word + "bytes"
		}
		files[path+".files/"+name] = &fstest.MapFile{Data: []byte(bytes)}
	}
	readers, place := "", func(open, _ string) string { return open }
	if closed {
		readers, place = `readers = ["group:few"]`, func(_, closed string) string { return closed }
	}
	add("OPEN/home", "5001", "", "")
	add("OPEN/home/open", "5002", "", "")
	add("OPEN/home/secret", "5003", `readers = ["group:few"]`, "")
	add("OPEN/home/one", "6001", readers, "restricted")
	add("OPEN/home/one/below", "6002", "", "inherited")
	add(place("OPEN/home/moved", "OPEN/home/secret/moved"), "6003", "", "moved")
	add(place("OPEN/home/moved/below", "OPEN/home/secret/moved/below"), "6004", "", "carried")
	add(place("OPEN/home/away", "HALF/away"), "6005", "", "elsewhere")
	add("OPEN/blog", "6006", "type = \"blogpost\"\n"+readers, "blog")
	add("OPEN/home/old", "6007", "status = \"archived\"\n"+readers, "archived")
	add("OPEN/home/old/young", "6008", "", "below-archived")
	return files
}

// momentWorld is a job on such a tenant. HALF is a space that is not exported.
func momentWorld(t *testing.T, files fs.FS) *world {
	w := newWorld(t, files)
	w.Config.Fetch.Workers, w.Config.Output.Keep, w.Limits.Ground = 1, 5, storyGround
	w.Config.Export.ExcludeSpaces = []string{"HALF"}
	return w
}

// What is published was open after its last byte was written: whoever closes a page, by
// a restriction of its own or of what it lies below, by moving it below a closed one or
// into a space that is not exported, and then writes on it, is never too late for that
// with any moment of a run.
func TestRestrictedWhileRunning(t *testing.T) {
	t.Parallel()
	start := quickDir(t)
	w := momentWorld(t, moment(false))
	w.Config.Output.Mirror, w.Config.Output.Dir = filepath.Join(start, "mirror"), filepath.Join(start, "out")
	w.export(t, exit.Complete)
	first := len(w.fake.Load().Calls())
	w.fake.Load().ResetCounts()
	w.export(t, exit.Complete)
	night := len(w.fake.Load().Calls())
	if first < 15 || night < 10 {
		t.Fatalf("runs of %d and %d requests: the test has lost its point", first, night)
	}
	step := 4
	if os.Getenv("AGC_LONG") != "" {
		step = 1
	}
	for _, run := range []struct {
		name     string
		requests int
		begin    func(t *testing.T, w *world)
	}{
		{"first run", first, func(*testing.T, *world) {}},
		{"night", night, func(t *testing.T, w *world) {
			dir := filepath.Join(quickDir(t), "x")
			if err := os.CopyFS(dir, os.DirFS(start)); err != nil {
				t.Fatal(err)
			}
			w.Config.Output.Mirror, w.Config.Output.Dir = filepath.Join(dir, "mirror"), filepath.Join(dir, "out")
		}},
	} {
		for n := 1; n <= run.requests; n += step {
			t.Run(fmt.Sprintf("%s, request %d", run.name, n), func(t *testing.T) {
				t.Parallel()
				w := momentWorld(t, moment(false))
				run.begin(t, w)
				asked := 0
				w.seen = func(*http.Request) {
					if asked++; asked == n {
						w.serve(t, moment(true))
					}
				}
				for _, night := range []string{"this run", "the run after"} {
					_, err := w.Export(t.Context())
					if found, _ := leaks(t, w.Config.Output.Dir); len(found) > 0 {
						t.Errorf("%s (%v) published:\n%s", night, err, strings.Join(found, "\n"))
					}
				}
			})
		}
	}
}

// A run that is cut after it wrote and before it asked who may read leaves what it wrote
// unchecked, whoever builds from that mirror.
func TestUncheckedUntilTold(t *testing.T) {
	w := momentWorld(t, moment(false))
	w.begin(t)
	w.serve(t, moment(true))
	w.seen = func(r *http.Request) {
		if strings.Contains(r.URL.RawQuery, "metadata.labels") {
			panic(http.ErrAbortHandler) // no answer, ever
		}
	}
	w.export(t, exit.Failure)
	w.Unfinished = true
	if _, err := w.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, _ := leaks(t, w.Config.Output.Dir); len(found) > 0 {
		t.Errorf("published:\n%s", strings.Join(found, "\n"))
	}
	m, err := mirror.Open(t.Context(), w.Config.Output.Mirror, mirror.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	unchecked, err := m.Unchecked(t.Context())
	if err != nil || !unchecked["6001"] || unchecked["5001"] {
		t.Errorf("unchecked: %v, %v", slices.Sorted(maps.Keys(unchecked)), err)
	}
}

// Withdrawal waits for nothing: what the site tells of who may read takes effect in the
// same run, whichever other list fails, or the restrictions of another page.
func TestWithdrawalWaitsForNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault faketenant.Fault
		code  int
	}{
		{"spaces", always("spaces", 500, ""), exit.Failure},
		{"pages", always("pages", 500, ""), exit.Failure},
		{"bodies", always("pages+body", 500, ""), exit.Failure},
		{"blog posts", always("blogposts", 503, ""), exit.Failure},
		{"folders and the like", faketenant.Fault{Path: "whiteboard", Times: -1, Status: 500}, exit.Failure},
		{"attachments", always("attachments", 500, ""), exit.Failure},
		{"attachments are a web page", always("attachments", 200, "<html>Sign in</html>"), exit.Failure},
		{"footer comments", faketenant.Fault{Path: "/footer-comments", Times: -1, Status: 500}, exit.Failure},
		{"inline comments", faketenant.Fault{Path: "/inline-comments", Times: -1, Status: 200,
			Body: `{"results":null}`}, exit.Failure},
		{"tasks", faketenant.Fault{Path: "/tasks", Times: -1, Status: 500}, exit.Incomplete},
		{"downloads", always("download", 500, ""), exit.Incomplete},
		{"names of users", faketenant.Fault{Path: "users", Times: -1, Status: 500}, exit.Incomplete},
		{"restrictions of a page that the search does not see",
			faketenant.Fault{Path: "/content/6007/restriction", Times: -1, Status: 500}, exit.Incomplete},
		{"the same page by itself", faketenant.Fault{Path: "/pages/6007", Times: -1, Status: 500}, exit.Incomplete},
	} {
		if variant(c.name, "bodies", "blog posts", "attachments are a web page", "inline comments", "tasks",
			"names of users") {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := momentWorld(t, moment(false))
			w.Limits.Patience = time.Second
			w.begin(t)
			w.serve(t, moment(true), c.fault)
			_, err := w.Export(t.Context())
			if exit.Code(err) != c.code {
				t.Errorf("exit code %d, want %d: %v", exit.Code(err), c.code, err)
			}
			if found, _ := leaks(t, w.Config.Output.Dir); len(found) > 0 {
				t.Errorf("published:\n%s", strings.Join(found, "\n"))
			}
			if site := w.site(t); site["6001"] || site["6002"] || site["6006"] || !site["5002"] {
				t.Errorf("on the site: %v, %v", site, err)
			}
			w.serve(t, moment(true))
			w.export(t, exit.Complete)
		})
	}
}

// Who may read what no list tells of is asked every night, as far as the configuration
// lets it: an archived page that is restricted leaves the next night, and so does what
// lies below it, and beyond the bound the report says what counts as before.
func TestArchivedEveryNight(t *testing.T) {
	for _, c := range []struct {
		name  string
		calls int
		open  map[string]bool
		says  string
	}{
		{name: "within the bound", calls: 1, open: map[string]bool{}},
		{name: "beyond it", calls: 0, open: map[string]bool{"6007": true, "6008": true}, says: "restriction_calls"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := momentWorld(t, archivedTenant(""))
			w.Config.Fetch.RestrictionCalls = c.calls
			w.begin(t)
			w.serve(t, archivedTenant(`readers = ["group:few"]`))
			report := w.export(t, exit.Complete)
			site := w.site(t)
			if site["6007"] != c.open["6007"] || site["6008"] != c.open["6008"] || !site["5001"] {
				t.Errorf("on the site: %v", site)
			}
			if missing := strings.Join(report.Missing, "\n"); !strings.Contains(missing, c.says) ||
				c.says == "" && missing != "" {
				t.Errorf("the report says is missing: %s", missing)
			}
		})
	}
}

// archivedTenant is a page that is archived, with one below it that is not.
func archivedTenant(readers string) fstest.MapFS {
	page := func(id, front string) *fstest.MapFile {
		return &fstest.MapFile{Data: fmt.Appendf(nil, "+++\nid = %q\ntitle = \"Page %s\"\n%s\n+++\n<p>Text.</p>", id,
			id, front)}
	}
	return fstest.MapFS{"tenant.toml": {Data: []byte(strings.Replace(canaryHead, `homepage = "HALF/home.xml"`, "", 1))},
		"OPEN/home.xml": page("5001", ""), "OPEN/home/old.xml": page("6007", "status = \"archived\"\n"+readers),
		"OPEN/home/old/young.xml": page("6008", "")}
}

// A whiteboard, database or Smart Link that few may see is not published, nor is what
// lies below it, whether the search tells of its restrictions or it must be asked about
// by itself; where nobody tells, it counts as restricted. Folders are told apart: the API
// does not tell who may see them.
func TestRestrictedNodes(t *testing.T) {
	silent := faketenant.Fault{Path: "whiteboard", Times: -1, Edit: func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(`"restrictions":`), []byte(`"elsewhere":`))
	}}
	for _, typ := range []string{wiki.TypeWhiteboard, wiki.TypeDatabase, wiki.TypeEmbed} {
		for _, c := range []struct {
			name   string
			front  string
			faults []faketenant.Fault
			shown  bool
			code   int
		}{
			{name: "open", shown: true, code: exit.Complete},
			{name: "restricted", front: `readers = ["group:few"]`, code: exit.Complete},
			{name: "open, the search is silent", faults: []faketenant.Fault{silent}, shown: true, code: exit.Complete},
			{name: "restricted, the search is silent", front: `readers = ["group:few"]`,
				faults: []faketenant.Fault{silent}, code: exit.Complete},
			{name: "nobody tells", faults: []faketenant.Fault{silent, {Path: "/restriction", Times: -1, Status: 404,
				Body: `{"statusCode":404,"message":"No content found"}`}}, code: exit.Incomplete},
		} {
			if typ == wiki.TypeDatabase && os.Getenv("AGC_LONG") == "" {
				continue // as whiteboards
			}
			t.Run(typ+", "+c.name, func(t *testing.T) {
				t.Parallel()
				files := archivedTenant("")
				node := fmt.Sprintf("+++\nid = \"6010\"\ntitle = \"%snode\"\ntype = %q\n%s\n+++\n", canary, typ,
					c.front)
				if typ == wiki.TypeEmbed {
					node = strings.Replace(node, "type =", "embed_url = \"https://example.gov/board\"\ntype =", 1)
				}
				files["OPEN/home/node.xml"] = &fstest.MapFile{Data: []byte(node)}
				files["OPEN/home/node/below.xml"] = &fstest.MapFile{Data: []byte("+++\nid = \"6011\"\ntitle = \"" +
					canary + "below\"\n+++\n<p>Text.</p>")}
				delete(files, "OPEN/home/old.xml")
				delete(files, "OPEN/home/old/young.xml")
				w := momentWorld(t, files)
				w.serve(t, files, c.faults...)
				report := w.export(t, c.code)
				found, _ := leaks(t, w.Config.Output.Dir)
				if site := w.site(t); site["6010"] != c.shown || site["6011"] != c.shown || len(found) > 0 != c.shown {
					t.Errorf("on the site: %v, failures %v, found:\n%s", site, report.Failures,
						strings.Join(found, "\n"))
				}
			})
		}
	}
}

// A budget that is spent on downloads leaves what it takes to learn who may read.
func TestBudgetKeepsForRestrictions(t *testing.T) {
	before := size{pages: 40, spaces: 1}
	after := size{pages: 40, attachments: 60, spaces: 1}
	w := newWorld(t, before.tenant())
	w.export(t, exit.Complete)
	w.serve(t, after.edited(t, func(_, n int, p *generatedPage) {
		if n == 7 {
			p.Readers = []string{"group:few"}
		}
	}))
	w.Config.Fetch.MaxCalls = 40
	w.export(t, exit.Budget)
	if site := w.site(t); site["100007"] || !site["100008"] {
		t.Errorf("on the site: %v", site)
	}
}
