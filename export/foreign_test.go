package export

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/exit"
)

// An answer that bears another id than the one that was asked for, or an id in a list where it
// does not belong, changes nothing of the object that has that id. The page that was asked for
// is told.
func TestForeignIDs(t *testing.T) {
	t.Parallel()
	before := size{pages: 12, attachments: 3, comments: 3, spaces: 1}.tenant()
	before["GEN0/more.json"] = &fstest.MapFile{Data: []byte(`[
		{"id": "200000", "type": "blogpost", "title": "A post", "body": "<p>News.</p>"},
		{"id": "300000", "type": "folder", "title": "A folder"}]`)}
	after := fstest.MapFS{}
	for name, f := range before {
		after[name] = &fstest.MapFile{Data: f.Data}
	}
	after["GEN0/pages.json"].Data = edited(t, before["GEN0/pages.json"].Data, map[string]map[string]any{
		"100007": {"version": 2, "body": "<p>Other words.</p>"}})
	victim := filepath.Join("site", "pages", "100003.html")
	rename := func(from, to, path string) func(*http.Request, []byte) []byte {
		return func(r *http.Request, body []byte) []byte {
			if !strings.Contains(r.URL.String(), path) {
				return body
			}
			return editedObject(from, path, func(m map[string]any) {
				m["id"] = to
				if links, ok := m["_links"].(map[string]any); ok {
					delete(links, "webui")
				}
			})(r, body)
		}
	}
	for name, edit := range map[string]func(*http.Request, []byte) []byte{
		"a body by id":            rename("100007", "100003", "body-format"),
		"a blog post in its list": rename("200000", "100003", "/blogposts"),
		"a folder of the search":  rename("300000", "100003", "/search"),
		"a folder by id":          rename("300000", "100003", "/folders/"),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, before)
			w.begin(t)
			entry := w.entryOf(t, "100003")
			w.serve(t, after)
			w.edit = edit
			said, err := w.Export(t.Context())
			if code := exit.Code(err); code != exit.Incomplete && code != exit.Complete {
				t.Errorf("exit code %d: %v", code, err)
			}
			if exit.Code(err) == exit.Complete && name != "a folder by id" {
				t.Errorf("nobody tells of it: %v", said.Failures)
			}
			now, err := os.ReadFile(filepath.Join(w.Config.Output.Dir, "current", victim))
			if err != nil || !strings.Contains(string(now), "Text of page 3 ") {
				t.Errorf("the page has lost its words, %v", err)
			}
			if e := w.entryOf(t, "100003"); e.Sum != entry.Sum || e.Type != "page" {
				t.Errorf("the mirror has %s %q now", e.Type, e.Title)
			}
			w.edit = nil
			w.export(t, exit.Complete)
			w.sameAsFresh(t, after, "after it")
		})
	}
}

// A user whose account was not asked for gets no other name by an answer about others, and one who has two names in
// an answer gets neither.
func TestForeignUser(t *testing.T) {
	for _, c := range []struct {
		account string
		code    int
	}{{"712020:999", exit.Complete}, {"712020:1", exit.Incomplete}} {
		w := newWorld(t, size{pages: 4, comments: 3, spaces: 1}.tenant())
		w.edit = func(r *http.Request, body []byte) []byte {
			if !strings.Contains(r.URL.Path, "users-bulk") {
				return body
			}
			v, _ := decodeAny(body)
			list := v.(map[string]any)["results"].([]any)
			v.(map[string]any)["results"] = append(list, map[string]any{"accountId": c.account,
				"displayName": "Somebody else"})
			data, _ := json.Marshal(v)
			return data
		}
		w.export(t, c.code)
		users, err := w.opened(t).Users(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if u := users[c.account]; u.DisplayName != "" || c.code == exit.Complete && len(users) == 0 {
			t.Errorf("users: %v", users)
		}
	}
}
