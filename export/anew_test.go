package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"agc-export/export/exit"
	"agc-export/export/output"
)

// anewPage is a page of the tenant of TestMadeAnew.
type anewPage struct {
	ID          string           `json:"id"`
	Title       string           `json:"title"`
	Parent      string           `json:"parent"`
	Position    int              `json:"position"`
	Version     int              `json:"version"`
	Created     string           `json:"created,omitempty"`
	Modified    string           `json:"modified"`
	Status      string           `json:"status,omitempty"`
	Readers     []string         `json:"readers"`
	Labels      []string         `json:"labels"`
	State       string           `json:"state,omitempty"`
	Body        string           `json:"body"`
	Comments    []map[string]any `json:"comments"`
	Attachments []map[string]any `json:"attachments"`
}

func anewPages() map[string]*anewPage {
	all := []*anewPage{
		{Title: "Lone", Body: "<p>Nobody links here.</p>"},
		{Title: "Target", Body: "<h2>Part one</h2><p>Words.</p>"},
		{Title: "Linker", Body: `<p><ac:link ac:anchor="Part one"><ri:page ri:content-title="Target"/></ac:link></p>`},
		{Title: "Includer", Body: `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ` +
			`ri:content-title="Target"/></ac:link></ac:parameter></ac:structured-macro>`},
		{Title: "Lister", Body: `<ac:structured-macro ac:name="contentbylabel">` +
			`<ac:parameter ac:name="cql">label = "x"</ac:parameter></ac:structured-macro>`},
		{Title: "Labelled", Labels: []string{"x"}, Body: "<p>Has a label.</p>",
			Comments:    []map[string]any{{"id": "900", "body": "<p>So it is.</p>"}},
			Attachments: []map[string]any{{"name": "a.bin", "size": 300}}},
		{Title: "Below", Parent: "102", Body: "<p>Lies below Target.</p>"},
		{Title: "Dead end", Body: `<p><ac:link><ri:page ri:content-title="Coming"/></ac:link></p>`},
	}
	pages := map[string]*anewPage{}
	for i, p := range all {
		p.ID, p.Position, p.Version, p.Modified = fmt.Sprint(101+i), i, 1, "2026-01-01T00:00:00.000Z"
		pages[p.Title] = p
	}
	return pages
}

func anewTenant(pages map[string]*anewPage) fstest.MapFS {
	var all []*anewPage
	for _, p := range pages {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *anewPage) int { return strings.Compare(a.ID, b.ID) })
	raw, err := json.Marshal(all)
	if err != nil {
		panic("strings make JSON: " + err.Error())
	}
	return fstest.MapFS{"S/pages.json": {Data: raw}, "tenant.toml": {Data: []byte("[site]\nname = \"S\"\nurl = " +
		"\"https://s.atlassian-us-gov-mod.net\"\ncloud_id = \"c\"\n[[users]]\nid = \"u\"\nname = \"U\"\n[[spaces]]\n" +
		"id = \"9\"\nkey = \"S\"\n[[spaces.states]]\nname = \"In review\"\n")}}
}

// edit makes another version of a page.
func (p *anewPage) edit(body string) {
	p.Body, p.Version, p.Modified = body, 2, "2026-02-02T00:00:00.000Z"
}

// anewEvents are what may happen between two builds.
var anewEvents = map[string]func(map[string]*anewPage){
	"a text":           func(all map[string]*anewPage) { all["Lone"].edit("<p>Other words.</p>") },
	"a linked text":    func(all map[string]*anewPage) { all["Target"].edit("<h2>Part one</h2><p>Other words.</p>") },
	"a linked heading": func(all map[string]*anewPage) { all["Target"].edit("<h2>Part two</h2><p>Words.</p>") },
	"a title": func(all map[string]*anewPage) {
		all["Target"].edit(all["Target"].Body)
		all["Target"].Title = "Target, renamed"
	},
	"a label":      func(all map[string]*anewPage) { all["Lone"].Labels = []string{"x"} },
	"a label less": func(all map[string]*anewPage) { all["Labelled"].Labels = nil },
	"a state": func(all map[string]*anewPage) {
		all["Below"].edit(all["Below"].Body)
		all["Below"].State = "In review"
	},
	"a restriction": func(all map[string]*anewPage) { all["Target"].Readers = []string{"user:u"} },
	"a page that comes": func(all map[string]*anewPage) {
		all["Coming"] = &anewPage{ID: "200", Title: "Coming", Position: 99, Version: 1}
	},
	"a page that goes":  func(all map[string]*anewPage) { delete(all, "Lone") },
	"a page that moves": func(all map[string]*anewPage) { all["Below"].Parent, all["Below"].Version = "101", 2 },
	"a comment": func(all map[string]*anewPage) {
		all["Lone"].Comments = []map[string]any{{"id": "901", "body": "<p>Late.</p>"}}
	},
	"a comment's words": func(all map[string]*anewPage) {
		all["Labelled"].Comments = []map[string]any{{"id": "900", "version": 2, "body": "<p>It was.</p>"}}
	},
	"a comment on words": func(all map[string]*anewPage) {
		all["Labelled"].edit(`<p>Has a <ac:inline-comment-marker ac:ref="m">label</ac:inline-comment-marker>.</p>`)
		all["Labelled"].Comments = []map[string]any{{"id": "900", "body": "<p>So it is.</p>"},
			{"id": "902", "body": "<p>Which?</p>", "kind": "inline", "marker": "m", "selection": "label"}}
	},
	"a reply": func(all map[string]*anewPage) {
		all["Labelled"].Comments = append(all["Labelled"].Comments, map[string]any{"id": "903", "body": "<p>Yes.</p>",
			"parent": "900"})
	},
	"a file": func(all map[string]*anewPage) {
		all["Lone"].Attachments = []map[string]any{{"name": "b.bin", "size": 200}}
	},
	"what is said of a file": func(all map[string]*anewPage) {
		all["Labelled"].Attachments = []map[string]any{{"name": "a.bin", "size": 300, "version": 2, "comment": "Said."}}
	},
	"a file's bytes": func(all map[string]*anewPage) {
		all["Labelled"].Attachments = []map[string]any{{"name": "a.bin", "size": 301, "version": 2}}
	},
}

// TestMadeAnew: after each event a build makes exactly those files anew that show something of
// it (testdata/anew.txtar lists them), takes all others over, and gives what a first build gives.
func TestMadeAnew(t *testing.T) {
	t.Parallel()
	const golden = "testdata/anew.txtar"
	want, err := txtar.ParseFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got := &txtar.Archive{Comment: want.Comment}
	for _, event := range sortedNames(anewEvents) {
		w := newWorld(t, anewTenant(anewPages()))
		w.at(evening)
		w.begin(t)
		before := filesOf(t, w.Config.Output.Dir)
		pages := anewPages()
		anewEvents[event](pages)
		w.serve(t, anewTenant(pages))
		w.Config.Fetch.FullSweep, w.Config.Guard.MaxGoneObjects = 0, 100
		w.export(t, exit.Complete)
		list := ""
		now := filesOf(t, w.Config.Output.Dir)
		for _, name := range sortedNames(now) {
			if !os.SameFile(before[name], now[name]) &&
				(strings.HasPrefix(name, "markdown/") || strings.HasPrefix(name, "site/pages/") ||
					strings.HasPrefix(name, "site/attachments/")) {
				list += name + "\n"
			}
		}
		got.Files = append(got.Files, txtar.File{Name: event, Data: []byte(list)})
		w.asFirst(t, event)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, txtar.Format(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(txtar.Format(want)), string(txtar.Format(got))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// asFirst wants the output to be that which a build without traces gives of a copy of the mirror.
func (w *world) asFirst(t *testing.T, when string) {
	t.Helper()
	first := *w.Job
	dir := quickDir(t)
	if err := os.CopyFS(filepath.Join(dir, "mirror"), os.DirFS(w.Config.Output.Mirror)); err != nil {
		t.Fatal(err)
	}
	first.Config.Output.Mirror, first.Config.Output.Dir = filepath.Join(dir, "mirror"), filepath.Join(dir, "out")
	if _, err := first.Build(t.Context()); err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	if diff := cmp.Diff(tree(t, first.Config.Output.Dir), tree(t, w.Config.Output.Dir)); diff != "" {
		t.Errorf("%s: a first build gives something else (-first +now):\n%s%s", when, diff,
			firstDifference(first.Config.Output.Dir, w.Config.Output.Dir))
	}
}

// TestTracesAreACache: whatever becomes of the traces, or of what was published, a build gives what
// a first one gives.
func TestTracesAreACache(t *testing.T) {
	t.Parallel()
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte { b[(at*len(b)/16+3)%len(b)] ^= 0x41; return b }
	}
	damage := map[string]func([]byte) []byte{
		"empty": func([]byte) []byte { return nil }, "short": func(b []byte) []byte { return b[:len(b)/2] },
		"longer":  func(b []byte) []byte { return append(b, 0) },
		"another": func([]byte) []byte { return []byte("agc-export") },
		"a term":  func(b []byte) []byte { return bytes.Replace(b, []byte("bodi"), []byte("bode"), 1) },
		"a name":  func(b []byte) []byte { return bytes.Replace(b, []byte("\x0cx-"), []byte("\x0ct-"), 1) }}
	for at := range 16 {
		damage[fmt.Sprint("a byte at ", at)] = flip(at)
	}
	patterns := []string{"mirror/traces-*", "out/current/site/pages/102.html", "out/current/markdown/S/target.md",
		"out/current/SHA256SUMS", "out/current/site/attachments/106/a.bin", "out/current/site/search/x-*.js"}
	if os.Getenv("AGC_LONG") != "" {
		patterns = append(patterns, "out/current/site/search/t-*.js", "out/current/site/search/d-*.js")
	}
	for _, pattern := range patterns {
		w := newWorld(t, anewTenant(anewPages()))
		w.at(evening)
		w.begin(t)
		for i, how := range sortedNames(damage) {
			if i%6 != len(pattern)%6 && os.Getenv("AGC_LONG") == "" {
				continue
			}
			found, err := filepath.Glob(filepath.Join(filepath.Dir(w.Config.Output.Dir), pattern))
			if err != nil || len(found) != 1 {
				t.Fatal(pattern, found, err)
			}
			raw, err := os.ReadFile(found[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(found[0], damage[how](raw), 0o600); err != nil {
				t.Fatal(err)
			}
			pages := anewPages()
			pages["Lone"].edit(fmt.Sprint("<p>Version ", i, ".</p>"))
			pages["Lone"].Version = i + 2
			w.serve(t, anewTenant(pages))
			w.export(t, exit.Complete)
			w.asFirst(t, pattern+" "+how)
		}
	}
}

// TestIndexIsTakenOver: after one text of many has changed, the files of the search index are taken
// over but for those that hold something of it; the texts that stand in a file with it are read from
// the last index, and, where its file was damaged, rendered again.
func TestIndexIsTakenOver(t *testing.T) {
	t.Parallel()
	pages := map[string]*anewPage{}
	for i := range 80 {
		title := fmt.Sprint("Page ", i)
		pages[title] = &anewPage{ID: fmt.Sprint(101 + i), Title: title, Position: i, Version: 1,
			Modified: "2026-01-01T00:00:00.000Z",
			Body:     "<p>" + strings.Repeat(fmt.Sprintf("harbor light%d ", i), 400) + "</p>"}
	}
	w := newWorld(t, anewTenant(pages))
	w.at(evening)
	w.begin(t)
	for night := range 2 {
		before := filesOf(t, w.Config.Output.Dir)
		changed := pages["Page 40"]
		changed.Body, changed.Version = fmt.Sprintf("%s<p>Tide%d.</p>", changed.Body, night), night+2
		if night == 1 {
			for name := range before {
				if strings.HasPrefix(name, "site/search/x-") {
					err := os.WriteFile(filepath.Join(w.Config.Output.Dir, output.CurrentLink, name), nil, 0o644)
					if err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		w.serve(t, anewTenant(pages))
		w.export(t, exit.Complete)
		kinds, anew := map[string]int{}, map[string]int{}
		for name, now := range filesOf(t, w.Config.Output.Dir) {
			if file, ok := strings.CutPrefix(name, "site/search/"); ok {
				kinds[file[:1]]++
				if !os.SameFile(before[name], now) {
					anew[file[:1]]++
				}
			}
		}
		want := []int{1, kinds["x"]}[night]
		if kinds["x"] < 20 || anew["x"] != want || anew["d"] != 1 || anew["t"] != 1 {
			t.Errorf("night %d: of files by kind %v were made anew %v", night, kinds, anew)
		}
		w.asFirst(t, fmt.Sprint("night ", night))
	}
}

// TestNamedFiles: a text that names files of its own page is made anew when one comes or becomes another, whether or
// not the Markdown lists the files of a page.
func TestNamedFiles(t *testing.T) {
	t.Parallel()
	for _, listed := range []bool{true, false} {
		pages := anewPages()
		pages["Lone"].Body = `<p><ac:link><ri:attachment ri:filename="b c.png"/></ac:link></p>
			<ac:image><ri:attachment ri:filename="B+C.png"/></ac:image>`
		w := newWorld(t, anewTenant(pages))
		w.Config.Markdown.Attachments = listed
		w.at(evening)
		w.begin(t)
		for i, file := range []map[string]any{
			{"name": "b c.png", "size": 200},
			{"name": "b c.png", "size": 201, "version": 2},
			{"name": "B C.png", "size": 201, "version": 3},
		} {
			pages["Lone"].Attachments = []map[string]any{file}
			w.serve(t, anewTenant(pages))
			w.Config.Fetch.FullSweep, w.Config.Guard.MaxGoneObjects = 0, 100
			w.export(t, exit.Complete)
			w.asFirst(t, fmt.Sprint("file ", i, " listed ", listed))
		}
	}
}

// sortedNames are the keys of a map in order.
func sortedNames[T any](m map[string]T) []string {
	var all []string
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// filesOf tells which file stands under each name of the current generation.
func filesOf(t *testing.T, out string) map[string]os.FileInfo {
	t.Helper()
	root, err := filepath.EvalSymlinks(filepath.Join(out, output.CurrentLink))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]os.FileInfo{}
	for _, line := range tree(t, out) {
		if _, name, ok := strings.Cut(line, "  "); ok {
			if all[name], err = os.Stat(filepath.Join(root, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

// TestFilesAreReadInTurn: bytes that changed under an attachment's name, while its size and time did
// not, are found within thirty builds and replaced by the mirror's, under a name of their own: other
// generations keep what they have.
func TestFilesAreReadInTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, anewTenant(anewPages()))
	w.at(evening)
	w.Config.Output.Keep = 40
	w.begin(t)
	const name = "current/site/attachments/106/a.bin"
	path := filepath.Join(w.Config.Output.Dir, name)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := append([]byte{raw[0] ^ 1}, raw[1:]...)
	if err := errors.Join(os.WriteFile(path, bad, 0o644),
		os.Chtimes(path, info.ModTime(), info.ModTime())); err != nil {
		t.Fatal(err)
	}
	first, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	for night := 1; ; night++ {
		pages := anewPages()
		pages["Lone"].edit(fmt.Sprint("<p>Night ", night, ".</p>"))
		pages["Lone"].Version = night + 1
		w.serve(t, anewTenant(pages))
		w.export(t, exit.Complete)
		now, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(now) == string(raw) {
			break
		}
		if night == 31 {
			t.Fatal("nobody read it")
		}
	}
	if old, err := os.ReadFile(first); err != nil || string(old) != string(bad) {
		t.Errorf("the file of the first generation was written into: %v", err)
	}
}
