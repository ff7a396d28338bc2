package export

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"agc-export/export/exit"
	"agc-export/export/output"
)

// An open page links by title to what not every reader may see. Whatever answers tell of
// that title, or do not, it is not shown; and where the title of a page or blog post is not
// told at all the run is not complete.
func TestTitlesChanged(t *testing.T) {
	t.Parallel()
	seen := &record{seen: map[string][]any{}}
	first := newTrial(t, 2)
	if _, code, wrong := first.run(t, seen.edit); code != exit.Complete || wrong != "" {
		t.Fatalf("undisturbed: exit %d, %s", code, wrong)
	}
	all, _ := seen.mutations()
	all = slices.DeleteFunc(all, func(m mutation) bool {
		short := withBodies.MatchString(m.op) && shortKinds[m.kind]
		return m.path != ".results[].title" || os.Getenv("AGC_LONG") == "" && !short
	})
	if len(all) < 12 {
		t.Fatalf("%d changes: the test looks for the wrong thing", len(all))
	}
	for _, m := range all {
		report, code, wrong := first.run(t, m.edit)
		told := m.kind == "other" || !withBodies.MatchString(m.op)
		if wrong != "" || code != exit.Incomplete && !told {
			t.Errorf("%s: exit %d, %s, %v", m, code, wrong, report.Failures)
		}
	}
}

// withBodies matches the lists of pages and blog posts with their bodies; shortKinds are
// what the short form tries.
var (
	withBodies = regexp.MustCompile(`^/api/v2/(pages|blogposts) bodies`)
	shortKinds = map[string]bool{"null": true, "empty": true, "other": true}
)

// secretLink is an open page that links by title, of a version.
func secretLink(version int, space, title string) *fstest.MapFile {
	if space != "" {
		space = ` ri:space-key="` + space + `"`
	}
	head := "+++\nid = \"5001\"\ntitle = \"Open home\"\nversion = " + string(rune('0'+version)) + "\n+++\n"
	return &fstest.MapFile{Data: []byte(head + `<p>Open text. <ac:link><ri:page` + space + ` ri:content-title="` +
		title +
		`" /></ac:link></p><p><ac:link><ri:attachment ri:filename="zqfile.png"><ri:page` + space +
		` ri:content-title="` + title + `" /></ri:attachment></ac:link></p>`)}
}

// secretPage is a restricted page with one id and any title.
func secretPage(title string) *fstest.MapFile {
	head := secretHead("7700301", title, "readers = [\"group:few\"]")
	return &fstest.MapFile{Data: []byte(head + aviaryBodies["secret"])}
}

// someFiles are files of a tenant; nil for one: it is not there any more.
type someFiles map[string]*fstest.MapFile

// listing changes the lists of some requests: edit gets each object with an id, and returns
// what stands in its place, and whether anything does.
func listing(id string, ops string, edit func(map[string]any) (any, bool)) func(*http.Request, []byte) []byte {
	return func(r *http.Request, body []byte) []byte {
		v, ok := decodeAny(body)
		answer, isObject := v.(map[string]any)
		list, isList := answer["results"].([]any)
		if !ok || !isObject || !isList || !strings.Contains(kindOfRequest(r), ops) {
			return body
		}
		now := []any{}
		for _, item := range list {
			o, _ := item.(map[string]any)
			stays := true
			if o["id"] == id {
				item, stays = edit(o)
			}
			if stays {
				now = append(now, item)
			}
		}
		answer["results"] = now
		data, err := json.Marshal(answer)
		if err != nil {
			return body
		}
		return data
	}
}

// A title of what not every reader may see is not shown by a link to it, whichever of its
// titles and places the link names, and however little of it the last run was told.
func TestFormerAndUnheardTitles(t *testing.T) {
	bare := func(files fstest.MapFS) fstest.MapFS { // with the one restricted page that a story is about
		for name := range files {
			if strings.Contains(name, "/one") || strings.Contains(name, "/blog") || strings.Contains(name, "/old") ||
				strings.HasPrefix(name, "HALF/home") {
				delete(files, name)
			}
		}
		files["HALF/home.xml"] = &fstest.MapFile{Data: []byte("+++\nid = \"5009\"\ntitle = \"Half\"\n+++\n")}
		return files
	}
	tests := []struct {
		name   string
		first  someFiles
		second someFiles
		edit   func(*http.Request, []byte) []byte
		nights int // with the second state
		code   int
	}{
		{name: "renamed",
			first: someFiles{"OPEN/home/one.xml": secretPage("zqfirst"),
				"OPEN/home.xml": secretLink(1, "", "zqfirst")},
			second: someFiles{"OPEN/home/one.xml": secretPage("zqsecond")}},
		{name: "renamed twice",
			first: someFiles{"OPEN/home/one.xml": secretPage("zqfirst"),
				"OPEN/home.xml": secretLink(1, "OPEN", "ZQ first ")},
			second: someFiles{"OPEN/home/one.xml": secretPage("Zq  first"),
				"OPEN/home.xml": secretLink(2, "", "zqfirst")},
			nights: 2},
		{name: "moved to another space",
			first: someFiles{"OPEN/home/one.xml": secretPage("zqfirst"),
				"OPEN/home.xml": secretLink(1, "", "zqfirst")},
			second: someFiles{"OPEN/home/one.xml": nil,
				"HALF/one.xml": secretPage("zqfirst")}},
		{name: "new, and its body is not answered for",
			first: someFiles{"OPEN/home.xml": secretLink(1, "", "Open page")},
			second: someFiles{"OPEN/home/one.xml": secretPage("zqfirst"),
				"OPEN/home.xml": secretLink(2, "", "zqfirst")},
			edit: listing("7700301", "bodies", func(map[string]any) (any, bool) { return nil, false }),
			code: exit.Incomplete},
		{name: "renamed, and its body is not answered for",
			first: someFiles{"OPEN/home/one.xml": secretPage("zqfirst"),
				"OPEN/home.xml": secretLink(1, "", "x")},
			second: someFiles{"OPEN/home/one.xml": secretPage("zqsecond"),
				"OPEN/home.xml": secretLink(2, "", "zqsecond")},
			edit: listing("7700301", "bodies", func(map[string]any) (any, bool) { return nil, false }),
			code: exit.Incomplete},
		{name: "renamed, and its title is told nowhere but in the search",
			first: someFiles{"OPEN/home/one.xml": secretPage("zqfirst"),
				"OPEN/home.xml": secretLink(1, "", "x")},
			second: someFiles{"OPEN/home/one.xml": secretPage("zqsecond"),
				"OPEN/home.xml": secretLink(2, "", "zqsecond")},
			edit: listing("7700301", "/api/v2/pages", func(o map[string]any) (any, bool) {
				delete(o, "title")
				return o, true
			}), code: exit.Incomplete},
		{name: "null in its place",
			first: someFiles{"OPEN/home.xml": secretLink(1, "", "Open page")},
			second: someFiles{"OPEN/home/one.xml": secretPage("zqfirst"),
				"OPEN/home.xml": secretLink(2, "", "zqfirst")},
			edit: listing("7700301", "/api/v2/pages", func(map[string]any) (any, bool) { return nil, true }),
			code: exit.Incomplete},
		{name: "without its id",
			first: someFiles{"OPEN/home.xml": secretLink(1, "", "Open page")},
			second: someFiles{"OPEN/home/one.xml": secretPage("zqfirst"),
				"OPEN/home.xml": secretLink(2, "OPEN", "zqfirst")},
			edit: listing("7700301", "", func(o map[string]any) (any, bool) {
				delete(o, "id")
				return o, true
			}), code: exit.Incomplete},
		{name: "taken away, until it counts as gone",
			first: someFiles{"OPEN/home/one.xml": {Data: []byte("+++\nid = \"7700301\"\ntitle = \"zqfirst\"\n+++\n")},
				"OPEN/home.xml": secretLink(1, "", "zqfirst")},
			second: someFiles{"OPEN/home/one.xml": nil}, nights: 4},
	}
	for _, tt := range tests {
		if variant(tt.name, "renamed", "null in its place", "new, and its body is not answered for") {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			files := bare(aviary("group:few"))
			put := func(change someFiles) {
				for name, file := range change {
					held := strings.TrimSuffix(name, ".xml") + ".files/zqfile.png"
					if delete(files, held); file == nil {
						delete(files, name)
						continue
					}
					if files[name] = file; strings.Contains(string(file.Data), "[[attachments]]") {
						files[held] = &fstest.MapFile{Data: []byte("zqbytes")}
					}
				}
			}
			put(tt.first)
			w := newWorld(t, maps.Clone(files))
			now := mutateNow()
			w.Now = func() time.Time { return now }
			w.export(t, exit.Complete)
			put(tt.second)
			w.serve(t, files)
			w.edit = tt.edit
			for range max(tt.nights, 1) {
				now = now.Add(26 * time.Hour)
				w.export(t, tt.code)
			}
			for name, text := range textOf(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink)) {
				if at := strings.Index(strings.ToLower(text), "zqf"); at >= 0 || strings.Contains(text, "zqsecond") {
					t.Errorf("%s: %q", name, text[max(0, at-60):min(len(text), max(0, at)+40)])
				}
			}
			w.edit = nil
			w.export(t, exit.Complete)
		})
	}
}
