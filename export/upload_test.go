package export

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/export/upload"
	"agc-export/render/site"
)

// bucketSecret is the secret half of the credentials; nothing may show it.
const bucketSecret = "zZ9bucketSecretKeyOfTheTests0123456789ab"

// bucketEnv gives this process credentials of Amazon's tools, and none else.
func bucketEnv(t testing.TB) {
	t.Helper()
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": bucketSecret,
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
		"AWS_CONFIG_FILE":             filepath.Join(t.TempDir(), "c"),
		"AWS_SHARED_CREDENTIALS_FILE": filepath.Join(t.TempDir(), "s"), "AWS_PROFILE": "", "AWS_REGION": "",
		"AWS_ENDPOINT_URL": "https://elsewhere.example"} {
		t.Setenv(name, value)
	}
}

// stores is a bucket behind a server that can stop answering.
type stores struct {
	*exporttest.Bucket
	url    string
	asked  atomic.Int64 // requests
	writes atomic.Int64 // of them that change something
	until  int64        // request from which on nothing is answered, 0: none
	after  bool         // that one is carried out all the same
	seen   func(*http.Request)
	closed map[string]bool // paths of pages that may not be shown any more
	real   *realStore      // in the place of Bucket, where there is one
	server *httptest.Server
	mu     sync.RWMutex // held for writing while the bucket is exchanged
}

func newStores(t testing.TB, versioned bool) *stores {
	t.Helper()
	s := &stores{Bucket: &exporttest.Bucket{Name: "wiki", Versioned: versioned, Items: map[string][]exporttest.Item{}}}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	s.url = s.server.URL
	return s
}

func (s *stores) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if r.Context().Err() != nil {
		return // of an upload that was stopped
	}
	n := s.asked.Add(1)
	if r.Method != http.MethodGet {
		s.writes.Add(1)
	}
	if s.seen != nil {
		s.seen(r)
	}
	var answer http.Handler = s.Bucket
	if s.real != nil {
		answer = s.real
	}
	switch {
	case s.until == 0 || n < s.until:
		answer.ServeHTTP(w, r)
		return
	case n == s.until && s.after:
		answer.ServeHTTP(httptest.NewRecorder(), r)
	}
	panic(http.ErrAbortHandler)
}

// versions are all versions of all objects, the newest last.
func (s *stores) versions(t testing.TB) map[string][]exporttest.Item {
	if s.real != nil {
		return s.real.versions(t)
	}
	return s.Copy().Items
}

// objects are the objects that are there.
func (s *stores) objects(t testing.TB) map[string]exporttest.Item {
	out := map[string]exporttest.Item{}
	for key, all := range s.versions(t) {
		if last := all[len(all)-1]; !last.Removed {
			out[key] = last
		}
	}
	return out
}

// save keeps what the bucket holds, and returns what brings that back.
func (s *stores) save(t testing.TB) func() {
	if s.real != nil {
		return s.real.save(t)
	}
	kept := s.Copy()
	return func() { s.Bucket = kept.Copy() }
}

// to points a configuration at it.
func (s *stores) to(c *config.Config) {
	c.Publish = config.Publish{S3: s.Name, Prefix: "docs/wiki", Endpoint: s.url, Headers: config.HeadersFront}
}

// holds are the objects below the prefix, by name: bytes and headers.
func (s *stores) holds(t testing.TB) map[string]string {
	out := map[string]string{}
	for key, item := range s.objects(t) {
		out[strings.TrimPrefix(key, "docs/wiki/")] = fmt.Sprint(item.Header, "\n", item.Data)
	}
	return out
}

// uploaded uploads, and wants an exit code.
func (w *world) uploaded(t testing.TB, want int) *report.Report {
	t.Helper()
	r, err := w.Upload(t.Context(), UploadOptions{})
	if exit.Code(err) != want {
		t.Fatalf("upload: %d, want %d: %v", exit.Code(err), want, err)
	}
	return r
}

// wantGeneration wants exactly the current generation in the bucket, with the headers of the samples as far as a
// bucket has them; a front adds the others.
func (s *stores) wantGeneration(t *testing.T, w *world) {
	t.Helper()
	want := generation(t, w)
	want[output.SumsFile] = readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, output.SumsFile))
	got := map[string]string{}
	for key, item := range s.objects(t) {
		name, ok := strings.CutPrefix(key, "docs/wiki/")
		if !ok {
			t.Errorf("%s is not below the prefix", key)
		}
		got[name] = item.Data
		s.checkForm(t, name, item.Header)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the bucket (-generation +bucket):\n%s", diff)
	}
}

// checkForm: what the bucket sends and what the sample of a front adds is what our own server sends, but that what is
// offered as a file is called nothing else.
func (s *stores) checkForm(t *testing.T, name string, h http.Header) {
	t.Helper()
	within, ok := strings.CutPrefix(name, output.SiteDir+"/")
	if !ok {
		if exporttest.ActiveType.MatchString(h.Get("Content-Type")) {
			t.Errorf("%s is stored as %s", name, h.Get("Content-Type"))
		}
		return
	}
	typ, want := output.ContentType(within), map[string]string{}
	for _, h := range site.Headers(within) {
		want[h.Name] = h.Value
	}
	if want["Content-Disposition"] != "" {
		typ = "application/octet-stream"
	}
	for _, name := range []string{"Cache-Control", "Content-Disposition"} {
		if h.Get(name) != want[name] {
			t.Errorf("%s: %s: %q, want %q", within, name, h.Get(name), want[name])
		}
	}
	if path.Ext(within) != "" && h.Get("Content-Type") != typ {
		t.Errorf("%s is stored as %q, want %q", within, h.Get("Content-Type"), typ)
	}
}

// A bucket gets what is published, and then only what changes; whoever lays something there keeps it.
func TestUpload(t *testing.T) {
	bucketEnv(t)
	w, s := newWorld(t, exporttest.Tenant()), newStores(t, false)
	s.to(&w.Config)
	w.export(t, exit.Complete) // which uploads
	s.wantGeneration(t, w)
	if r := w.uploaded(t, exit.Complete).Published.Upload; r.New+r.Changed+r.Removed > 0 || r.Same < 300 {
		t.Errorf("again: %+v", r)
	}
	s.Items["docs/wiki/theirs.html"] = []exporttest.Item{{Data: "theirs"}}
	w.Config.Site.Title = "Another"
	r := w.export(t, exit.Complete).Published.Upload
	if r.New+r.Removed > 0 || r.Changed < 20 || r.Same < 50 || r.Strays != 1 {
		t.Errorf("with another title: %+v", r)
	}
	delete(s.Items, "docs/wiki/theirs.html")
	s.wantGeneration(t, w)
	delete(s.Items, "docs/wiki/site/index.html")
	s.Items["docs/wiki/site/search.html"] = []exporttest.Item{{Data: "theirs"}}
	if r := w.uploaded(t, exit.Complete).Published.Upload; r.New != 1 || r.Changed != 1 {
		t.Errorf("mended: %+v", r)
	}
	s.wantGeneration(t, w)
	w.Config.Publish.Cache = "max-age=60"
	w.uploaded(t, exit.Complete)
	if got := s.Objects()["docs/wiki/site/index.html"].Header.Get("Cache-Control"); got != "max-age=60" {
		t.Errorf("Cache-Control: %s", got)
	}
}

// closingNight is the aviary after a night: what was open is closed, and pages that link to each other are new.
func closingNight() fstest.MapFS {
	files := aviary("group:few")
	page := func(name, id, title, text string) {
		files["OPEN/home/"+name+".xml"] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"+++\nid = %q\ntitle = %q\nlabels = [\"fresh\"]\nversion = 2\n+++\n%s", id, title, text)}
	}
	to := func(title string) string {
		return `<p><ac:link><ri:page ri:content-title="` + title + `" /></ac:link></p>`
	}
	page("open", "5002", "Open page", "<p>Open still.</p>"+to("Fresh 1"))
	page("fresh", "5101", "Fresh 1", to("Fresh 2")+to("Open home"))
	page("fresh2", "5102", "Fresh 2", to("Fresh 1"))
	return files
}

// Stopped at any request, an upload has first taken out of the bucket whatever holds what may not be shown any more,
// nothing links to what is absent, and the next one ends where an undisturbed one does.
func TestUploadKilled(t *testing.T) {
	bucketEnv(t)
	for _, versioned := range []bool{false, true} {
		t.Run(fmt.Sprint("versioned ", versioned), func(t *testing.T) {
			uploadKilled(t, newStores(t, versioned), versioned)
		})
	}
}

func uploadKilled(t *testing.T, s *stores, versioned bool) {
	w := newWorld(t, aviary(""))
	w.Config.Site.BaseURL = "https://docs.agency.example/wiki/" // feeds and sitemap need it
	if w.Config.Fetch.Workers = 1; versioned {
		w.Config.Fetch.Workers = 4
	}
	w.export(t, exit.Complete)
	s.to(&w.Config)
	w.everyStop(t, s, func(*testing.T, *stores) {})
	if found, _ := s.leaks(t); len(found) < 20 {
		t.Fatalf("while all is open only %d places are found: the test looks for the wrong thing", len(found))
	}
	if versioned { // an older version of each page
		w.Config.Site.Title = "Another"
		w.export(t, exit.Complete)
	}
	before := s.objects(t)
	m, err := output.ReadMarkdown(w.Config.Output.Dir)
	if err != nil {
		t.Fatal(err)
	}
	s.closed = map[string]bool{}
	for _, p := range m.Holds.Pages {
		s.closed[p.Markdown] = strings.HasPrefix(p.ID, closedIDs)
	}
	w.serve(t, closingNight())
	w.Config.Publish.S3 = ""
	w.export(t, exit.Complete)
	s.to(&w.Config)
	w.everyStop(t, s, func(t *testing.T, s *stores) { s.wantWithdrawn(t, before) })
	if found, read := s.leaks(t); len(found) > 0 || read < 50 {
		t.Errorf("%d objects read, and in them: %s", read, found)
	}
	for name, text := range w.remembered(t) { // private, and yet no longer than it must be
		if strings.Contains(text, canary) || strings.Contains(text, closedIDs) {
			t.Errorf("%s still names what was withdrawn", name)
		}
	}
}

// wantWithdrawn wants nothing new before the last of what is closed has left.
func (s *stores) wantWithdrawn(t *testing.T, before map[string]exporttest.Item) {
	t.Helper()
	for key := range s.objects(t) {
		if _, old := before[key]; old {
			continue
		}
		if found, _ := s.leaks(t); len(found) > 0 {
			t.Errorf("%s is there before this is withdrawn: %s", key, found)
		}
		return
	}
}

// What a bucket sends and what its front adds, as the help says it, is what our own server sends.
func TestUploadFront(t *testing.T) {
	front, err := upload.Front()
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile(`(?m)^Headers of [^\n]*(?:\n[^\n]+)*\n\n((?:  [A-Z][\w-]+: .*\n)+)`)
	blocks := block.FindAllStringSubmatch(front, -1)
	if len(blocks) != 3 {
		t.Fatalf("%d kinds of answers in:\n%s", len(blocks), front)
	}
	for name, block := range map[string]string{"pages/1.html": blocks[0][1], "assets/site-0123456789.css": blocks[0][1],
		"404.html": blocks[0][1], "attachments/1/x.svg": blocks[1][1], "attachments/1/x.html": blocks[1][1],
		"attachments/1/x.txt": blocks[1][1], "attachments/1/x.png": blocks[2][1], "attachments/1/x.PDF": blocks[2][1]} {
		got := map[string]string{}
		for line := range strings.Lines(block) {
			field, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			got[field] = value
		}
		stored := upload.Forms{}.Of(output.SiteDir + "/" + name)
		got["Cache-Control"] = stored.Cache
		if stored.Disposition != "" {
			got["Content-Disposition"] = stored.Disposition
		}
		want := map[string]string{}
		for _, h := range site.Headers(name) {
			want[h.Name] = h.Value
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-serve +bucket and front):\n%s", name, diff)
		}
	}
}

// everyStop uploads what is published, stopped at each request, and then undisturbed. Of many stops the short suite
// takes some.
func (w *world) everyStop(t *testing.T, s *stores, check func(*testing.T, *stores)) {
	t.Helper()
	back, beside := s.save(t), w.remembered(t)
	s.asked.Store(0)
	w.uploaded(t, exit.Complete)
	s.wantGeneration(t, w)
	end, total := s.holds(t), s.asked.Load()
	if len(s.deadLinks(t)) > 0 {
		t.Error("dead links in the end: ", s.deadLinks(t))
	}
	step := max(1, total/6)
	if os.Getenv("AGC_LONG") != "" && s.real == nil {
		step = 1
	}
	for n := int64(1); n <= total; n += step {
		s.mu.Lock()
		back()
		s.until, s.after = n, n/step%2 == 0
		s.mu.Unlock()
		w.recall(t, beside)
		s.asked.Store(0)
		if _, err := w.Upload(t.Context(), UploadOptions{}); err == nil {
			t.Fatalf("stopped at request %d of %d it ends well", n, total)
		}
		s.server.CloseClientConnections()
		check(t, s)
		for _, dead := range s.deadLinks(t) {
			t.Errorf("stopped at request %d of %d: %s", n, total, dead)
		}
		s.mu.Lock()
		s.until = 0
		s.mu.Unlock()
		if s.after { // the machine went down too
			w.loseLine(t)
		}
		w.uploaded(t, exit.Complete)
		if diff := cmp.Diff(end, s.holds(t)); diff != "" {
			t.Fatalf("stopped at request %d of %d, and then again (-undisturbed +then):\n%s", n, total, diff)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}

// loseLine cuts the end of what an upload has noted last.
func (w *world) loseLine(t *testing.T) {
	t.Helper()
	files := w.remembered(t)
	for name, text := range files {
		if strings.HasSuffix(name, ".journal") {
			files[name] = text[:max(0, len(text)-100)]
		}
	}
	w.recall(t, files)
}

// remembered are the files beside the mirror in which uploads are remembered.
func (w *world) remembered(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	names, err := filepath.Glob(filepath.Join(filepath.Dir(w.Config.Output.Mirror), "upload-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		all[name] = readFile(t, name)
	}
	return all
}

// recall puts such files in the place of those that are there.
func (w *world) recall(t *testing.T, files map[string]string) {
	t.Helper()
	for name := range w.remembered(t) {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// leaks are the places where what is closed stands, of all versions.
func (s *stores) leaks(t *testing.T) (found []string, read int) {
	t.Helper()
	dir := quickDir(t)
	for key, all := range s.versions(t) {
		for n, item := range all {
			name := filepath.Join(dir, fmt.Sprint(len(all)-1-n), strings.TrimPrefix(key, "docs/wiki/"))
			if item.Data == "" {
				name = strings.ReplaceAll(name, "search/", "empty/") // whose name may tell something all the same
			}
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(item.Data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return leaks(t, dir)
}

// links in what is no HTML.
var (
	linkInMarkdown = regexp.MustCompile(`\]\(<?([^)<>]+)>?\)`)
	linkInScript   = regexp.MustCompile(`"([^"]+\.(?:html|js))"`)
)

// deadLinks are the links between objects that lead to none, but for those to what is closed.
func (s *stores) deadLinks(t *testing.T) (dead []string) {
	t.Helper()
	objects := s.objects(t)
	look := func(from, base, to string) {
		to, _, _ = strings.Cut(to, "#")
		to, _, _ = strings.Cut(to, "?")
		if to == "" || strings.Contains(to, ":") {
			return
		}
		at := path.Join(base, to)
		if strings.HasSuffix(to, "/") || path.Ext(to) == "" {
			return
		}
		closed := s.closed[at] || strings.Contains(at, closedIDs) || strings.Contains(at, canary)
		if _, there := objects["docs/wiki/"+at]; !there && !closed {
			dead = append(dead, from+" leads to "+at)
		}
	}
	for name, item := range objects {
		name = strings.TrimPrefix(name, "docs/wiki/")
		dir := path.Dir(name)
		switch path.Ext(name) {
		case ".html", ".xml":
			for _, to := range linksInHTML(t, item.Data) {
				base := dir
				for _, own := range []string{"https://docs.agency.example/wiki/", "/wiki/"} {
					if within, ok := strings.CutPrefix(to, own); ok {
						base, to = output.SiteDir, within
					}
				}
				look(name, base, to)
			}
		case ".md":
			for _, m := range linkInMarkdown.FindAllStringSubmatch(item.Data, -1) {
				look(name, dir, m[1])
			}
		case ".js":
			for _, m := range linkInScript.FindAllStringSubmatch(item.Data, -1) {
				base := output.SiteDir
				if !strings.Contains(m[1], "/") {
					base = dir
				}
				if !strings.HasPrefix(name, "site/assets/") {
					look(name, base, m[1])
				}
			}
		}
	}
	slices.Sort(dead)
	return slices.Compact(dead)
}

// linksInHTML are the addresses in a page or feed.
func linksInHTML(t *testing.T, text string) (all []string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(text))
	for z.Next() != html.ErrorToken {
		for _, a := range z.Token().Attr {
			if slices.Contains([]string{"href", "src", "data-nav", "data-script", "action"}, a.Key) {
				all = append(all, a.Val)
			}
		}
	}
	return all
}

// ordinaryNight is the aviary with two pages that link to each other, deleted or not, and others that are new then.
func ordinaryNight(gone bool) fstest.MapFS {
	files := closingNight()
	status := ""
	if maps.DeleteFunc(files, func(name string, _ *fstest.MapFile) bool {
		return strings.HasSuffix(name, "/fresh.xml") || strings.HasSuffix(name, "/fresh2.xml")
	}); gone {
		files, status = closingNight(), "status = \"trashed\"\n"
	}
	for n, id := range []string{"5201", "5202"} {
		files["OPEN/home/pair"+id+".xml"] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"+++\nid = %q\ntitle = \"Pair %d\"\n%s+++\n"+
				`<p><ac:link><ri:page ri:content-title="Pair %d" /></ac:link></p>`, id, n, status, 1-n)}
	}
	return files
}

// On a night without anything that closes what is new comes first, then what changed, then what leads to it, the homes
// last of the site, and what is deleted goes last, with no link that leads nowhere at any moment.
func TestUploadOrder(t *testing.T) {
	bucketEnv(t)
	w, s := newWorld(t, ordinaryNight(false)), newStores(t, false)
	w.Config.Fetch.Workers = 1
	w.export(t, exit.Complete)
	s.to(&w.Config)
	w.uploaded(t, exit.Complete)
	before := s.holds(t)
	w.Config.Publish.S3 = ""
	w.serve(t, ordinaryNight(true))
	w.export(t, exit.Complete)
	s.to(&w.Config)
	type step struct{ what, name string }
	var steps []step
	home := regexp.MustCompile(`^site/(?:spaces/[^/]+/)?index\.html$`)
	list := regexp.MustCompile(`^site/(?:_|nav/|redirects/|search/|.*\.(?:xml|txt)$)`)
	s.seen = func(r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/wiki/docs/wiki/")
		_, old := before[name]
		what := map[bool]string{true: "change", false: "new"}[old]
		switch {
		case r.Method == http.MethodGet:
			return
		case r.Method == http.MethodDelete:
			what = "remove"
		case strings.Contains(name, "pages/52") || strings.Contains(name, "pair-"):
			what = "stub"
		case home.MatchString(name):
			what = "home"
		case list.MatchString(name):
			what = "list"
		case !strings.Contains(name, "/"):
			what = "whole"
		}
		if len(steps) == 0 || steps[len(steps)-1].what != what {
			steps = append(steps, step{what, name})
		}
	}
	w.uploaded(t, exit.Complete)
	s.seen = nil
	s.wantGeneration(t, w)
	var got []string
	for _, step := range steps {
		got = append(got, step.what)
	}
	if diff := cmp.Diff([]string{"new", "change", "list", "home", "whole", "stub", "remove"}, got); diff != "" {
		t.Errorf("in the order (-want +got):\n%s\n%v", diff, steps)
	}
}

// The same, stopped at each request.
func TestUploadOrderKilled(t *testing.T) {
	bucketEnv(t)
	w, s := newWorld(t, ordinaryNight(false)), newStores(t, false)
	w.Config.Fetch.Workers = 1
	w.export(t, exit.Complete)
	s.to(&w.Config)
	w.uploaded(t, exit.Complete)
	w.Config.Publish.S3 = ""
	w.serve(t, ordinaryNight(true))
	w.export(t, exit.Complete)
	s.to(&w.Config)
	w.everyStop(t, s, func(*testing.T, *stores) {})
}

// Parts of pages, and older versions of them, leave all versions of a bucket as pages do.
func TestUploadParts(t *testing.T) {
	bucketEnv(t)
	w, s := newWorld(t, conditionalAviary()), newStores(t, true)
	w.Config.Export.Conditional = config.ConditionalShow
	s.to(&w.Config)
	w.export(t, exit.Complete)
	if found, _ := s.leaks(t); len(found) < 20 {
		t.Fatalf("while all is shown only %d places are found", len(found))
	}
	before := s.objects(t)
	files := conditionalAviary()
	files["OPEN/home/fresh.xml"] = &fstest.MapFile{
		Data: []byte("+++\nid = \"5101\"\ntitle = \"Fresh\"\n+++\n<p>New.</p>")}
	w.serve(t, files)
	w.Config.Publish.S3, w.Config.Export.Conditional = "", config.ConditionalSkip
	w.export(t, exit.Complete)
	s.to(&w.Config)
	w.everyStop(t, s, func(t *testing.T, s *stores) { s.wantWithdrawn(t, before) })
	if found, _ := s.leaks(t); len(found) > 0 {
		t.Errorf("parts: %v", found)
	}
	w, s = olderWorld(t), newStores(t, true)
	s.to(&w.Config)
	w.export(t, exit.Complete)
	with := func() (n int) {
		for _, all := range s.versions(t) {
			for _, item := range all {
				n += strings.Count(item.Data, "oldword")
			}
		}
		return n
	}
	if with() < 10 {
		t.Fatalf("while older versions are published only %d of their words are found", with())
	}
	w.Config.Export.HistoryPublished = false
	w.export(t, exit.Complete)
	s.wantGeneration(t, w)
	if with() > 0 {
		t.Errorf("older versions: %d of their words are left", with())
	}
}

// What the bucket refuses to forget is told, and tried again.
func TestUploadVersionsRefused(t *testing.T) {
	bucketEnv(t)
	w, s := newWorld(t, aviary("")), newStores(t, true)
	s.to(&w.Config)
	w.export(t, exit.Complete)
	s.Refuses = func(r *http.Request) bool {
		return r.Method == http.MethodDelete && r.URL.Query().Has("versionId")
	}
	w.serve(t, closingNight())
	for range 2 {
		r := w.export(t, exit.Incomplete)
		if !strings.Contains(fmt.Sprint(r.Failures), "cannot be removed; they may show what was withdrawn") {
			t.Errorf("failures: %v", r.Failures)
		}
	}
	s.Refuses = nil
	w.export(t, exit.Complete)
	s.wantGeneration(t, w)
	if found, _ := s.leaks(t); len(found) > 0 {
		t.Error(found)
	}
}

// More than the guard allows leaves no bucket, nor is a bucket taken over of which nothing is known.
func TestUploadGuards(t *testing.T) {
	bucketEnv(t)
	w, s := newWorld(t, exporttest.Tenant()), newStores(t, false)
	w.export(t, exit.Complete)
	s.to(&w.Config)
	s.Items["docs/wiki/theirs.html"] = []exporttest.Item{{Data: "theirs"}}
	w.uploaded(t, exit.Guard)
	if len(s.Objects()) != 1 {
		t.Errorf("%d objects in a bucket of somebody else", len(s.Objects()))
	}
	if _, err := w.Upload(t.Context(), UploadOptions{TakeOver: true}); err != nil {
		t.Fatal(err)
	}
	s.wantGeneration(t, w)
	before := s.holds(t)
	for _, dir := range []string{w.Config.Output.Mirror, w.Config.Output.Dir} { // so that no other guard remembers
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	w.Config.Export.Spaces = []string{"HIST"}
	r := w.export(t, exit.Guard)
	if diff := cmp.Diff(before, s.holds(t)); diff != "" || r.Guard == nil || len(r.Guard.Missing) < 50 {
		t.Fatalf("a guard objects, and yet (-before +after):\n%s", diff)
	}
	w.ApproveDeletions = "0123456789abcdef"
	w.uploaded(t, exit.Guard)
	w.ApproveDeletions = r.Guard.Approve
	w.uploaded(t, exit.Complete)
	s.wantGeneration(t, w)
}

// What may not be shown leaves the bucket although a guard objects to all else that would leave.
func TestUploadGuardLetsWithdraw(t *testing.T) {
	bucketEnv(t)
	w, s := newWorld(t, aviary("")), newStores(t, true)
	w.Config.Guard.MaxGoneObjects, w.Config.Guard.MaxGonePercent = 0, 0
	s.to(&w.Config)
	w.export(t, exit.Complete)
	state := w.remembered(t)
	for name, text := range state { // the bucket may hold a page of which the mirror knows nothing
		state[name] = strings.Replace(text, `"holds": [`, `"holds": [{"kind": "content", "id": "31"},`, 1)
	}
	w.recall(t, state)
	w.uploaded(t, exit.Guard)
	w.serve(t, closingNight())
	w.export(t, exit.Guard)
	if found, read := s.leaks(t); len(found) > 0 || read < 20 {
		t.Errorf("%d objects, and in them: %v", read, found)
	}
	for key := range s.objects(t) {
		if strings.Contains(key, "5101") {
			t.Errorf("%s is new although a guard objects", key)
		}
	}
}

// The bucket's host alone is spoken to, with what an upload does and nothing else, whatever the environment says, and
// the secret is nowhere.
func TestUploadOnlyWrites(t *testing.T) {
	bucketEnv(t)
	w, s := newWorld(t, exporttest.Tenant()), newStores(t, false)
	s.to(&w.Config)
	methods := map[string]int{}
	s.seen = func(r *http.Request) {
		methods[r.Method]++
		if r.Header.Get("Content-Md5") != "" || strings.Contains(fmt.Sprint(r.Header, r.URL), bucketSecret) {
			t.Errorf("%s %s: %v", r.Method, r.URL, r.Header)
		}
	}
	w.Config.Fetch.Workers = 1
	log := w.listen()
	report := w.export(t, exit.Complete)
	if got := slices.Sorted(maps.Keys(methods)); !slices.Equal(got, []string{"GET", "PUT"}) || methods["GET"] > 2 {
		t.Errorf("%v", methods)
	}
	var summary bytes.Buffer
	report.Summary(&summary)
	if !strings.Contains(summary.String(), "new and 0 changed objects to wiki on 127.0.0.1") {
		t.Error(summary.String())
	}
	texts := map[string]string{"summary": summary.String(), "log": log.String(),
		"job": fmt.Sprintf("%+v %#v", w.Job, report)}
	err := filepath.WalkDir(filepath.Dir(w.Config.Output.Mirror), func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			texts[p] = readFile(t, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range texts {
		if strings.Contains(text, bucketSecret) {
			t.Errorf("%s holds the secret", where)
		}
	}
}
