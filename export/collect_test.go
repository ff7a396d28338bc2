package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/config"
	"agc-export/export/declaration"
	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/hold"
	"agc-export/export/mirror"
	"agc-export/export/pack"
)

// collected makes a collection beside the mirror and wants it to be whole.
func (w *world) collected(t testing.TB, name string, opt CollectOptions) string {
	t.Helper()
	return w.bag(t, name, "collect", func(j *Job, dir string) error {
		opt.Dir = dir
		_, err := j.Collect(t.Context(), opt)
		return err
	})
}

// declared reads the declaration of a part.
func declared(t testing.TB, part string) (d declaration.Declaration) {
	t.Helper()
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join(part, declaration.JSONFile))), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// A collection of the demo tenant: exactly the contents that were named, what they stand below by title and place
// alone, and what is declared of both.
func TestGoldenCollect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.at(noon())
	w.Config.Export.History = "all"
	w.export(t, exit.Complete)
	asked := []string{"1376257", "1474561", "2621441", "att2752520", "1376257"}
	dir := w.collected(t, "collected", CollectOptions{IDs: asked})
	d := declared(t, filepath.Join(dir, "data"))
	d.Mirror.Sum, d.Mirror.Generation = strings.Repeat("-", len(d.Mirror.Sum)), strings.Repeat("-", 16)
	data, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "collect.json", data)
	if data, err = d.HTML(); err != nil {
		t.Fatal(err)
	}
	golden(t, "collect.html", data)
	var list []string
	for p := range fileTree(t, dir) {
		if !strings.HasPrefix(p, "data/site/") || strings.HasPrefix(p, "data/site/pages/") ||
			strings.HasPrefix(p, "data/site/attachments/") {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	golden(t, "collect.txt", []byte(strings.Join(list, "\n")+"\n"))
}

// Of what stands above a content that was named nothing is handed over but title and place; of what was named all.
func TestCollectExactly(t *testing.T) {
	t.Parallel()
	z := size{pages: 200, attachments: 200, comments: 200, spaces: 1}
	w := newWorld(t, z.edited(t, func(_, n int, p *generatedPage) {
		p.Body = fmt.Sprintf("<p>zqtext%dzq</p>", n)
		p.Labels = []string{fmt.Sprintf("zqlabel%dzq", n)}
		for i := range p.Comments {
			p.Comments[i].Body = fmt.Sprintf("<p>zqtext%dzq</p>", n)
		}
	}))
	w.Config.Export.History, w.Config.Export.HistoryPublished = "all", true
	w.export(t, exit.Complete)
	dir := w.collected(t, "one", CollectOptions{IDs: []string{"100111"}}) // below 100011, 100001 and 100000
	files := fileTree(t, dir)
	for p, text := range files {
		for _, other := range []string{"zqtext11zq", "zqtext1zq", "zqtext0zq", "zqtext112zq", "zqlabel11zq",
			"file-11.bin"} {
			if strings.Contains(text, other) {
				t.Errorf("%s has %s", p, other)
			}
		}
	}
	for _, p := range []string{"data/site/pages/100111.html", "data/site/pages/100011.html",
		"data/site/pages/100000.html", "data/raw/contents/100111/1.json", "data/raw/contents/100111/search.json"} {
		if files[p] == "" {
			t.Errorf("there is no %s", p)
		}
	}
	if !strings.Contains(files["data/site/pages/100011.html"], "Only title and place of this page are here") ||
		!strings.Contains(files["data/site/pages/100111.html"], "zqtext111zq") {
		t.Error("the pages do not say what is here")
	}
	for p := range files {
		if strings.HasPrefix(p, "data/raw/contents/") && !strings.HasPrefix(p, "data/raw/contents/100111/") {
			t.Errorf("there is %s", p)
		}
	}
	d := declared(t, filepath.Join(dir, "data"))
	if len(d.Contents) != 1 || d.Contents[0].Files != 1 || d.Contents[0].Comments < 1 ||
		d.Packed.Titles != 3 {
		t.Errorf("it declares %+v, %+v", d.Packed, d.Contents)
	}
}

// The same mirror, settings and ids give the same bytes, whatever the clock, the folder and what ran since.
func TestCollectReproducible(t *testing.T) {
	t.Parallel()
	w := newWorld(t, exporttest.Tenant())
	w.at(noon())
	w.export(t, exit.Complete)
	opt := CollectOptions{IDs: []string{"1376257", "1474561"}}
	opt.Restricted, opt.WACZ = true, true
	first := fileTree(t, w.collected(t, "one", opt))
	w.at(noon().Add(50 * time.Hour))
	if _, err := w.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.packed(t, "between", PackageOptions{})
	opt.IDs = []string{"1474561", "1376257", "1474561"}
	if diff := cmp.Diff(first, fileTree(t, w.collected(t, "two", opt))); diff != "" {
		t.Errorf("collected again (-first +again):\n%.3000s", diff)
	}
	w.at(noon().Add(60 * time.Hour))
	w.export(t, exit.Complete) // it finds nothing new
	again := fileTree(t, w.collected(t, "three", opt))
	for p, text := range again {
		if strings.HasPrefix(p, "data/") && text != first[p] && !strings.Contains(p, "declaration.") {
			t.Errorf("%s is another after a sync that found nothing", p)
		}
	}
	log := readFile(t, filepath.Join(filepath.Dir(w.Config.Output.Mirror), "audit.jsonl"))
	if n := strings.Count(log, `"event":"collected"`); n != 3 {
		t.Errorf("the audit log tells of %d collections", n)
	}
	if strings.Contains(again["data/"+pack.AuditFile], "collect") {
		t.Error("the extract of the log tells of collections")
	}
}

// Nothing of what not every reader may see is in the open part of a collection that names it; what is left out is
// told by reason and number. With restricted it is in its own part.
func TestCollectCanaries(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"restricted", "conditional"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, conditionalAviary())
			if name == "restricted" {
				w = newWorld(t, leading(aviary("group:few")))
			}
			w.Config.Export.Jira = true
			w.export(t, exit.Complete)
			ids := strings.Fields(w.rowsOf(t, "SELECT id FROM content ORDER BY digits, id"))
			shut := w.collected(t, "shut", CollectOptions{IDs: ids})
			found, read := leaks(t, shut)
			for _, f := range found {
				t.Error(f)
			}
			if read < 30 {
				t.Errorf("%d files", read)
			}
			d := declared(t, filepath.Join(shut, "data"))
			if name == "restricted" && d.Left["restricted"] < 5 {
				t.Errorf("it declares as left out %v", d.Left)
			}
			opt := CollectOptions{IDs: ids}
			opt.Restricted = true
			own := 0
			found, _ = leaks(t, w.collected(t, "asked", opt))
			for _, f := range found {
				switch {
				case strings.HasPrefix(f, "data/restricted/"):
					own++
				case strings.HasPrefix(f, "manifest-"):
				default:
					t.Error(f)
				}
			}
			if own < 20 {
				t.Errorf("%d places in the part of what is restricted", own)
			}
		})
	}
}

// Ids that the mirror does not know stop a collection, which leaves nothing; or they are declared.
func TestCollectUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, size{pages: 3, spaces: 1}.tenant())
	w.export(t, exit.Complete)
	opt := CollectOptions{IDs: []string{"7", "100001", "../x"}}
	opt.Dir = filepath.Join(quickDir(t), "none")
	_, err := w.Collect(t.Context(), opt)
	if exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), "does not know 2 ids: 7, ../x") {
		t.Errorf("ids that are not known: %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(opt.Dir)); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
	opt.SkipUnknown = true
	d := declared(t, filepath.Join(w.collected(t, "some", opt), "data"))
	diff := cmp.Diff([]string{"7", "../x"}, d.Unknown)
	if diff != "" || d.Question.Given != 3 || d.Packed.Contents != 1 {
		t.Errorf("declared: %+v, %s", d, diff)
	}
}

// goneTenant is a space of twenty pages, some of which go, and some of which not every reader may see.
func goneTenant(day int) func(space, n int, p *generatedPage) {
	return func(_, n int, p *generatedPage) {
		p.Body = fmt.Sprintf("<p>zqtext%dzq</p>", n)
		switch {
		case n == 4 || n == 5 && day > 0: // restricted ever, and before it goes
			p.Readers = []string{"group:few"}
		}
		if day == 0 {
			return
		}
		switch n {
		case 2, 4:
			p.Status = "trashed"
		case 5:
			if day > 1 {
				p.Status = "trashed"
			}
		case 6: // its file and its comment are deleted, and it is edited
			p.Attachments, p.Comments, p.Version, p.Modified = nil, nil, 2, "2026-01-02T08:00:00.000Z"
			p.Body = "<p>zqsecondzq</p>"
		case 7: // the account does not see it any more
			p.Hidden = true
		case 8: // edited
			p.Version, p.Modified, p.Body = 2, "2026-01-02T08:00:00.000Z", "<p>zqeditedzq</p>"
		}
	}
}

// What went from Confluence and is in the mirror is packed as it came, by who could read it: testdata has what the
// provenance of each part says. The site shows what is current.
func TestPackageGone(t *testing.T) {
	t.Parallel()
	z := size{pages: 20, attachments: 20, comments: 20, spaces: 1}
	w := newWorld(t, z.edited(t, goneTenant(0)))
	w.at(evening)
	w.Config.Guard.MaxGoneObjects = 100
	w.export(t, exit.Complete)
	w.hold(t, hold.Page, "100006")
	w.hold(t, hold.Page, "100008")
	for day := 1; day <= 3; day++ {
		w.serve(t, z.edited(t, goneTenant(day)))
		w.at(evening.Add(time.Duration(day) * 25 * time.Hour))
		w.export(t, exit.Complete)
	}
	var out strings.Builder
	tell := func(what, dir string) {
		for _, part := range []string{"data", "data/restricted"} {
			var p pack.Provenance
			data, err := os.ReadFile(filepath.Join(dir, part, pack.ProvenanceFile))
			if os.IsNotExist(err) {
				continue
			}
			if err == nil {
				err = json.Unmarshal(data, &p)
			}
			if err != nil {
				t.Fatal(err)
			}
			told, err := json.MarshalIndent(p.Went, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "== %s, %s\nwithheld %v, answers %v\n%s\n", what, part, p.Withheld, p.Left, told)
			for _, line := range readLines(t, filepath.Join(dir, part, pack.ListFile)) {
				name, _, _ := strings.Cut(line, "|")
				if strings.Contains(line, "not in Confluence any more") || strings.Contains(line, "hold kept") {
					fmt.Fprintln(&out, name)
				}
			}
		}
	}
	open := w.packed(t, "open", PackageOptions{})
	tell("all", open)
	asked := w.packed(t, "asked", PackageOptions{Restricted: true})
	tell("all, restricted too", asked)
	ids := []string{"100002", "100004", "100005", "100006", "100007"}
	opt := CollectOptions{IDs: ids}
	tell("collected", w.collected(t, "collected", opt))
	opt.Restricted = true
	tell("collected, restricted too", w.collected(t, "collected-asked", opt))
	tell("a page that went", w.packed(t, "page", PackageOptions{Page: "100002"}))
	golden(t, "gone.txt", []byte(out.String()))
	for p, text := range fileTree(t, open) {
		for _, secret := range []string{"zqtext4zq", "zqtext5zq", "zqtext7zq"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s has %s", p, secret)
			}
		}
		if strings.HasPrefix(p, "data/site/") && strings.Contains(text, "zqtext2zq") {
			t.Errorf("%s shows what went", p)
		}
	}
	all := fileTree(t, asked)
	for p, want := range map[string]string{"data/raw/contents/100002/1.json": "zqtext2zq",
		"data/restricted/raw/contents/100004/1.json": "zqtext4zq",
		"data/restricted/raw/contents/100005/1.json": "zqtext5zq",
		"data/restricted/raw/contents/100007/1.json": "zqtext7zq"} {
		if !strings.Contains(all[p], want) {
			t.Errorf("%s lacks %s", p, want)
		}
	}
	kept := 0
	for p, text := range all {
		if strings.HasPrefix(p, "data/restricted/raw/contents/100008/kept/1-") && strings.Contains(text, "zqtext8zq") {
			kept++
		}
	}
	if kept != 1 {
		t.Errorf("%d files with the state that a hold kept", kept)
	}
	w.Config.Export.Spaces = []string{"NONE*"}
	if _, err := w.Package(t.Context(), PackageOptions{Dir: filepath.Join(quickDir(t), "x"),
		Page: "100002"}); exit.Code(err) != exit.Usage {
		t.Errorf("of a space that is not exported: %v", err)
	}
}

// What a question finds is collected: each term is counted in what the part has, and nowhere else.
func TestCollectFind(t *testing.T) {
	t.Parallel()
	z := size{pages: 20, comments: 20, spaces: 1}
	planted := func(day int) func(int, int, *generatedPage) {
		return func(_, n int, p *generatedPage) {
			switch {
			case n == 2 && day == 0:
				p.Body = "<p>buoy buoy buoy buoy</p>" // an older version, which is not published
			case n == 2:
				p.Body, p.Version, p.Modified = "<p>One buoy, two buoys.</p>", 2, "2026-01-02T08:00:00.000Z"
			case n == 3:
				p.Body, p.Readers = "<p>Buoy, buoy and buoy.</p>", []string{"group:few"}
			case n == 4:
				p.Labels = []string{"buoy"}
			case n == 5 && day == 1:
				p.Status = "trashed"
				fallthrough
			case n == 5:
				p.Title = "Buoy"
			}
			for i := range p.Comments {
				if n == 6 {
					p.Comments[i].Body = "<p>A buoy.</p>"
				}
			}
		}
	}
	w := newWorld(t, z.edited(t, planted(0)))
	w.at(evening)
	w.Config.Export.History = "all"
	w.export(t, exit.Complete)
	w.serve(t, z.edited(t, planted(1)))
	w.at(evening.Add(25 * time.Hour))
	w.export(t, exit.Complete)
	var out strings.Builder
	tell := func(what string, d declaration.Declaration) {
		fmt.Fprintf(&out, "== %s\n%+v\nleft out %v, answers %v\n", what, d.Terms, d.Left, d.Answers)
		for _, c := range d.Contents {
			fmt.Fprintf(&out, "%s %q %s %v %+v\n", c.ID, c.Title, c.State, c.Partly, c.Hits)
		}
	}
	opt := CollectOptions{Question: "buoy"}
	tell("open", declared(t, filepath.Join(w.collected(t, "open", opt), "data")))
	opt.Restricted = true
	asked := w.collected(t, "asked", opt)
	tell("restricted too: open", declared(t, filepath.Join(asked, "data")))
	tell("restricted too: restricted", declared(t, filepath.Join(asked, "data", "restricted")))
	tell("nothing", declared(t, filepath.Join(w.collected(t, "none", CollectOptions{Question: "quagga"}), "data")))
	opt = CollectOptions{Question: `label = buoy`}
	tell("CQL", declared(t, filepath.Join(w.collected(t, "label", opt), "data")))
	w = newWorld(t, exporttest.Tenant()) // of which a page has older versions
	w.Config.Export.History = "all"
	w.export(t, exit.Complete)
	opt = CollectOptions{Question: "modem"}
	tell("older versions: open", declared(t, filepath.Join(w.collected(t, "older", opt), "data")))
	opt.Restricted = true
	asked = w.collected(t, "older-asked", opt)
	tell("older versions, restricted too: restricted", declared(t, filepath.Join(asked, "data", "restricted")))
	w.Config.Export.HistoryPublished = true
	tell("older versions, published", declared(t, filepath.Join(w.collected(t, "older-published", opt), "data")))
	golden(t, "collect-find.txt", []byte(out.String()))
	for _, opt := range []CollectOptions{{}, {Question: "buoy", IDs: []string{"100001"}}, {Question: "nofield = 3"}} {
		opt.Dir = filepath.Join(quickDir(t), "none")
		if _, err := w.Collect(t.Context(), opt); exit.Code(err) != exit.Usage {
			t.Errorf("%+v: %v", opt, err)
		}
	}
}

// A question finds whatever the mirror has, and nothing of what not every reader may see is in the open part.
func TestCollectFindCanaries(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"restricted", "conditional"} {
		w := newWorld(t, conditionalAviary())
		if name == "restricted" {
			w = newWorld(t, leading(aviary("group:few")))
		}
		w.export(t, exit.Complete)
		shut := w.collected(t, name, CollectOptions{Question: "type in (page, blogpost)"})
		found, _ := leaks(t, shut)
		for _, f := range found {
			t.Error(f)
		}
		if d := declared(t, filepath.Join(shut, "data")); len(d.Contents) < 2 {
			t.Errorf("it found %+v", d)
		}
	}
}

// What went is no more open than it was: of restricted pages, of parts for some readers only, of a space that was
// deleted, and of pages that nobody knows how to mark.
func TestGoneCanaries(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"restricted", "conditional", "space", "marking"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, conditionalAviary())
			if name != "conditional" {
				w = newWorld(t, aviary("group:few"))
			}
			w.export(t, exit.Complete)
			ids := strings.Fields(w.rowsOf(t, "SELECT id FROM content ORDER BY digits, id"))
			kind, gone := mirror.KindContent, ids
			if name == "space" {
				kind, gone = mirror.KindSpace, strings.Fields(w.rowsOf(t, "SELECT id FROM space"))
			}
			m := w.mirror(t)
			_, err := m.MarkGone(t.Context(), kind, gone, mirror.GoneDeleted)
			if err := errors.Join(err, m.Close()); err != nil {
				t.Fatal(err)
			}
			if name == "marking" { // and no level was ever asked for
				w.Config.Marking = []config.Marking{{Classification: "Secret", Text: "SECRET"}, {Text: "CUI"}}
			}
			opt := CollectOptions{IDs: ids}
			var packed int
			for _, dir := range []string{w.packed(t, "package", PackageOptions{}), w.collected(t, "collection", opt)} {
				found, _ := leaks(t, dir)
				for _, f := range found {
					t.Error(f)
				}
				for p := range fileTree(t, dir) {
					if strings.HasPrefix(p, "data/raw/contents/") {
						packed++
					}
					if strings.HasPrefix(p, "data/site/pages/") {
						t.Errorf("there is a page of what went: %s", p)
					}
				}
			}
			if (packed < 4) != (name == "marking") {
				t.Errorf("%d answers about what was open are packed", packed)
			}
			if name == "space" { // which is asked for by its key
				files := fileTree(t, w.packed(t, "key", PackageOptions{Spaces: []string{"OPEN"}}))
				if files["data/raw/contents/5002/1.json"] == "" || files["data/raw/contents/5003/1.json"] != "" ||
					!strings.Contains(files["data/provenance.json"], "its space was deleted") ||
					!strings.Contains(files["bag-info.txt"], ", space OPEN\n") {
					t.Errorf("of a deleted space: %v", slices.Sorted(maps.Keys(files)))
				}
			}
			opt.Restricted = true
			asked := w.collected(t, "asked", opt)
			own := 0
			found, _ := leaks(t, asked)
			for _, f := range found {
				if strings.HasPrefix(f, "data/restricted/") {
					own++
				} else if !strings.HasPrefix(f, "manifest-") {
					t.Error(f)
				}
			}
			if (own < 20) != (name == "marking") {
				t.Errorf("%d places in the part of what is restricted", own)
			}
		})
	}
}

// A comment and a file that the account does not see any more are no open ones, on whatever page they stand.
func TestPackageTakenAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, size{pages: 3, attachments: 3, comments: 3, spaces: 1}.edited(t, func(_, n int, p *generatedPage) {
		for i := range p.Comments {
			p.Comments[i].Body = "<p>zqcommentzq</p>"
		}
		for i := range p.Attachments {
			p.Attachments[i].Name = "zqfilezq.bin"
		}
	}))
	w.export(t, exit.Complete)
	taken := mirror.Taken{}
	for _, kind := range []mirror.Kind{mirror.KindComment, mirror.KindAttachment} {
		for id := range strings.FieldsSeq(w.rowsOf(t, "SELECT id FROM "+string(kind))) {
			taken[mirror.Object{Kind: kind, ID: id}] = mirror.TakenAway
		}
	}
	m := w.mirror(t)
	if err := errors.Join(m.SetTaken(t.Context(), taken), m.Close()); err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for p, text := range fileTree(t, w.packed(t, "taken", PackageOptions{Restricted: true})) {
		for _, word := range []string{"zqcommentzq", "zqfilezq"} {
			if !strings.HasPrefix(p, "manifest-") && strings.Contains(p+text, word) {
				part := "open"
				if strings.HasPrefix(p, "data/restricted/") {
					part = word
				} else {
					t.Errorf("%s has %s", p, word)
				}
				found[part]++
			}
		}
	}
	if found["zqcommentzq"] < 3 || found["zqfilezq"] < 3 {
		t.Errorf("in the part of what is restricted: %v", found)
	}
}
