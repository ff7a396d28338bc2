package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/config"
	"agc-export/export/exit"
)

// versionedTenant has pages, posts and files of three versions each.
func versionedTenant() fstest.MapFS {
	files := size{pages: 1, spaces: 1}.tenant()
	older := func(field, text string) (all []map[string]any) {
		for n := range 2 {
			all = append(all, map[string]any{"version": n + 1, "modified": fmt.Sprintf("2026-02-0%dT08:00:00Z", n+1),
				field: text})
		}
		return all
	}
	var all []any
	for i := range 4 {
		o := map[string]any{"id": fmt.Sprint(100000 + i), "type": "page", "title": fmt.Sprintf("Title %d", i),
			"version": 3,
			"created": "2026-02-01T08:00:00Z", "modified": "2026-03-01T08:00:00Z", "body": "<p>Now.</p>",
			"history": older("body", "<p>An old text.</p>")}
		if i == 3 {
			o["type"] = "blogpost"
		}
		o["attachments"] = []any{map[string]any{"name": "f.txt", "id": fmt.Sprintf("att%d", 9000000+i), "version": 3,
			"created": "2026-02-01T08:00:00Z", "size": 9, "history": older("text", "An old file.")}}
		all = append(all, o)
	}
	data, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	files["GEN0/pages.json"] = &fstest.MapFile{Data: data}
	return files
}

// oddVersions changes the answers to the question for the versions of an object.
func oddVersions(path string, change func(list []any) []any) func(*http.Request, []byte) []byte {
	return func(r *http.Request, body []byte) []byte {
		var o map[string]any
		if !strings.Contains(r.URL.Path, path+"/versions") || json.Unmarshal(body, &o) != nil {
			return body
		}
		o["results"] = change(o["results"].([]any))
		out, err := json.Marshal(o)
		if err != nil {
			return body
		}
		return out
	}
}

// One odd answer among older versions is a failure of the object whose versions they are, under
// its id; all others have theirs, and what else it has is kept. It is asked for again.
func TestOddVersions(t *testing.T) {
	second := func(change func(map[string]any)) func([]any) []any {
		return func(list []any) []any {
			change(list[1].(map[string]any))
			return list
		}
	}
	changes := map[string]func([]any) []any{
		"null":           func(list []any) []any { list[1] = nil; return list },
		"no object":      func(list []any) []any { list[1] = []any{"x"}; return list },
		"a word":         func(list []any) []any { list[1] = "x"; return list },
		"empty":          second(func(m map[string]any) { clear(m) }),
		"no number":      second(func(m map[string]any) { delete(m, "number") }),
		"null number":    second(func(m map[string]any) { m["number"] = nil }),
		"zero":           second(func(m map[string]any) { m["number"] = 0 }),
		"below zero":     second(func(m map[string]any) { m["number"] = -4 }),
		"no number, 'x'": second(func(m map[string]any) { m["number"] = "x" }),
		"twice":          second(func(m map[string]any) { m["number"] = 1 }),
		"no list":        func([]any) []any { return nil },
	}
	for k, of := range []struct{ kind, id, path string }{
		{"attachment", "att9000001", "/attachments/att9000001"},
		{"page", "100001", "/pages/100001"},
		{"blogpost", "100003", "/blogposts/100003"},
	} {
		for i, name := range slices.Sorted(maps.Keys(changes)) {
			change := changes[name]
			if i%3 != k && os.Getenv("AGC_LONG") == "" {
				continue // by turns: each form is met once
			}
			t.Run(of.kind+", "+name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, versionedTenant())
				w.Config.Export.History, w.Config.Export.AttachmentVersions = config.HistoryBodies, config.VersionsAll
				w.edit = oddVersions(of.path, change)
				for range 2 {
					w.failsAlone(t, of.kind, of.id)
				}
				w.edit = nil
				w.sync(t, exit.Complete)
				w.wantOlder(t, "")
			})
		}
	}
}

// failsAlone wants a run to fail for one object, and to have the older versions of all others.
func (w *world) failsAlone(t *testing.T, kind, id string) {
	t.Helper()
	said := w.sync(t, exit.Incomplete)
	if len(said.Failures) != 1 || said.Failures[0].Kind != kind || said.Failures[0].ID != id {
		t.Fatalf("failures %v, missing %q", said.Failures, said.Missing)
	}
	w.wantOlder(t, id)
}

// wantOlder wants all versions of all objects but one in the mirror.
func (w *world) wantOlder(t *testing.T, but string) {
	t.Helper()
	m := w.opened(t)
	defer m.Close()
	for i := range 4 {
		id, file := fmt.Sprint(100000+i), fmt.Sprintf("att%d", 9000000+i)
		all, err := m.Versions(t.Context(), id)
		if err != nil || len(all) != 3 && id != but {
			t.Errorf("%d versions of %s: %v", len(all), id, err)
		}
		files, err := m.AttachmentVersions(t.Context(), file)
		if err != nil || len(files) != 3 && file != but {
			t.Errorf("%d versions of %s: %v", len(files), file, err)
		}
		for _, f := range files {
			if f.Blob.Sum == "" && file != but {
				t.Errorf("version %d of %s has no bytes", f.Version.Number, file)
			}
		}
	}
}

// So is an odd answer to the question for one version of a file, or of a page whose list
// tells another page's text.
func TestOddVersion(t *testing.T) {
	changes := map[string]func(map[string]any) any{
		"null":            func(map[string]any) any { return nil },
		"empty":           func(map[string]any) any { return map[string]any{} },
		"another id":      func(m map[string]any) any { m["id"] = "100002"; return m },
		"no id":           func(m map[string]any) any { delete(m, "id"); return m },
		"another version": func(m map[string]any) any { m["version"] = map[string]any{"number": 3}; return m },
		"no version":      func(m map[string]any) any { delete(m, "version"); return m },
		"a list":          func(m map[string]any) any { return []any{m} },
		"as it should be": nil,
	}
	for _, of := range []struct{ kind, id, path string }{
		{"attachment", "att9000001", "/attachments/att9000001"}, {"page", "100001", "/pages/100001"},
	} {
		foreign := oddVersions(of.path, func(list []any) []any {
			if m, ok := list[1].(map[string]any)["page"].(map[string]any); ok {
				m["id"], m["body"] = "100002", map[string]any{"storage": map[string]any{"value": "<p>Another's.</p>"}}
			}
			return list
		})
		for name, change := range changes {
			if of.kind == "page" && variant(name, "empty", "no id", "no version", "a list") {
				continue
			}
			t.Run(of.kind+", "+name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, versionedTenant())
				w.Config.Export.History, w.Config.Export.AttachmentVersions = config.HistoryBodies, config.VersionsAll
				w.edit = both(foreign, func(r *http.Request, body []byte) []byte {
					var o map[string]any
					if change == nil || !strings.HasSuffix(r.URL.Path, of.path) ||
						r.URL.Query().Get("version") != "2" ||
						json.Unmarshal(body, &o) != nil {
						return body
					}
					out, err := json.Marshal(change(o))
					if err != nil {
						return body
					}
					return out
				})
				if change != nil {
					w.failsAlone(t, of.kind, of.id)
				}
				w.edit = foreign
				w.sync(t, exit.Complete)
				w.wantOlder(t, "")
				m := w.opened(t)
				defer m.Close()
				if body, err := m.VersionBody(t.Context(), "100001", 2); err != nil || body != "<p>An old text.</p>" {
					t.Errorf("the old text is %q: %v", body, err)
				}
			})
		}
	}
}
