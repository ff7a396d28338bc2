package export

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/exit"
	"agc-export/fetch/faketenant"
)

// shelves are folders, whiteboards, databases and Smart Links: closed ones below a page that
// few may see or below a whiteboard that few may see, with pages below them and without,
// and open ones.
func shelves() fstest.MapFS {
	files := aviary("group:few")
	node := func(name, id, title, typ, more string) {
		files[name+".xml"] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"+++\nid = %q\ntitle = %q\ntype = %q\n%s\n+++\n", id, title, typ, more)}
	}
	page := func(name, id, title, more string) {
		files[name+".xml"] = &fstest.MapFile{Data: fmt.Appendf(nil, "+++\nid = %q\ntitle = %q\n%s\n+++\n<p>Text.</p>",
			id, title, more)}
	}
	node("OPEN/home/one/closet", "7700320", "zqcloset", "folder", "")
	page("OPEN/home/one/closet/coat", "7700321", "zqcoat", "")
	node("OPEN/home/one/empty", "7700322", "zqempty", "folder", "")
	node("OPEN/home/one/outer", "7700323", "zqouter", "folder", "")
	node("OPEN/home/one/outer/inner", "7700324", "zqinner", "folder", "")
	node("OPEN/home/one/wall", "7700325", "zqwall", "whiteboard", "")
	node("OPEN/home/one/outer/table", "7700326", "zqtable", "database", "")
	node("OPEN/home/one/link", "7700327", "zqlink", "embed", "embed_url = \"https://example.gov/zqboard\"")
	node("OPEN/home/vault", "7700328", "zqvault", "whiteboard", `readers = ["group:few"]`)
	node("OPEN/home/vault/drawer", "7700329", "zqdrawer", "folder", "")
	page("OPEN/home/vault/drawer/key", "7700330", "zqkey", "")
	node("OPEN/home/one/attic", "7700331", "zqattic", "folder", "")
	page("OPEN/home/one/attic/past", "7700332", "zqpast", "status = \"archived\"")
	node("OPEN/home/shelf", "6020", "Shelf", "folder", "")
	page("OPEN/home/shelf/book", "6021", "Book", "")
	node("OPEN/home/shelf/bare", "6022", "Bare", "folder", "")
	node("OPEN/home/board", "6023", "Board", "whiteboard", "")
	return files
}

// shelved are the closed nodes of it.
var shelved = []string{"7700320", "7700322", "7700323", "7700324", "7700325", "7700326", "7700327", "7700328",
	"7700329", "7700331"}

// lie changes the ancestors that the search for nodes tells of some of them.
func lie(change func(chain []any) any, ids ...string) func(*http.Request, []byte) []byte {
	return func(r *http.Request, body []byte) []byte {
		v, ok := decodeAny(body)
		if !ok || !strings.Contains(r.URL.Query().Get("cql"), "type in (folder") {
			return body
		}
		visit(v, "", "", func(_, _ string, v any) {
			m, ok := v.(map[string]any)
			if id, _ := m["id"].(string); !ok || !slices.Contains(ids, id) {
				return
			}
			if chain, ok := m["ancestors"].([]any); ok {
				if m["ancestors"] = change(chain); m["ancestors"] == "missing" {
					delete(m, "ancestors")
				}
			}
		})
		data, err := json.Marshal(v)
		if err != nil {
			return body
		}
		return data
	}
}

// lies are the ancestors that a node may be said to have in the place of its own.
func lies() map[string]func(chain []any) any {
	at := func(id, typ string) any { return map[string]any{"id": id, "type": typ} }
	home := at("5001", "page")
	return map[string]func([]any) any{
		"another's":         func([]any) any { return []any{home} },
		"an open folder's":  func([]any) any { return []any{home, at("6020", "folder")} },
		"of another space":  func([]any) any { return []any{at("5003", "page")} },
		"of a closed home":  func([]any) any { return []any{at("7700306", "page"), at("5003", "page")} },
		"without the last":  func(chain []any) any { return chain[:len(chain)-1] },
		"the first alone":   func(chain []any) any { return chain[:1] },
		"the last alone":    func(chain []any) any { return chain[len(chain)-1:] },
		"ending in null":    func(chain []any) any { return append(slices.Clone(chain), nil) },
		"null for the last": func(chain []any) any { return append(slices.Clone(chain[:len(chain)-1]), nil) },
		"in reverse":        func(chain []any) any { c := slices.Clone(chain); slices.Reverse(c); return c },
		"another at the end": func(chain []any) any {
			return append(slices.Clone(chain[:len(chain)-1]), at("5002", "page"))
		},
		"another in the middle": func(chain []any) any {
			c := slices.Clone(chain)
			c[len(c)/2] = at("5002", "page")
			return c
		},
		"one more at the end":    func(chain []any) any { return append(slices.Clone(chain), at("5002", "page")) },
		"the home twice":         func([]any) any { return []any{home, home} },
		"none":                   func([]any) any { return []any{} },
		"null":                   func([]any) any { return nil },
		"missing":                func([]any) any { return "missing" },
		"an id of a blog post":   func([]any) any { return []any{home, at("7700305", "blogpost")} },
		"without types":          func([]any) any { return []any{map[string]any{"id": "5001"}} },
		"a folder that is not":   func([]any) any { return []any{home, at("99", "folder")} },
		"text that is no number": func([]any) any { return []any{home, at("x y", "folder")} },
	}
}

// Whatever the search says of where folders and the like stand, of one or of all of them, in a
// first run or a later one, nothing of them is published while they stand in a restricted
// place; and once it tells the truth, all is as if it always had.
func TestAncestorsOfNodes(t *testing.T) {
	files := shelves()
	fresh := freshTree(t, files)
	type trial struct {
		name string
		edit func(*http.Request, []byte) []byte
	}
	var trials []trial
	for name, change := range lies() {
		if !variant(name, "an open folder's", "of a closed home", "the first alone", "ending in null", "in reverse",
			"another in the middle", "one more at the end", "the home twice", "null", "an id of a blog post",
			"text that is no number") {
			trials = append(trials, trial{name + ", of all", lie(change, shelved...)})
		}
		for _, id := range shelved {
			alone := name == "another's" && slices.Contains([]string{"7700320", "7700325", "7700329"}, id) ||
				name == "without the last" && id == "7700326" // of each kind: with a page, bare, within a closed one
			if alone || os.Getenv("AGC_LONG") != "" {
				trials = append(trials, trial{name + ", of " + id, lie(change, id)})
			}
		}
	}
	for _, c := range trials {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, files)
			w.edit = c.edit
			for _, run := range []string{"first", "second"} {
				said, err := w.Export(t.Context())
				if code := exit.Code(err); code != exit.Complete && code != exit.Incomplete {
					t.Fatalf("%s run: exit code %d: %v", run, code, err)
				}
				if found, _ := leaks(t, w.Config.Output.Dir); len(found) > 0 {
					t.Errorf("%s run: %d places, %s; failures %v", run, len(found), found[0], said.Failures)
				}
				for _, id := range []string{"6020", "6021", "6022", "6023", "5002"} {
					if !w.site(t)[id] {
						t.Errorf("%s run: %s is not published, failures %v", run, id, said.Failures)
					}
				}
			}
			w.edit = nil
			w.export(t, exit.Complete)
			w.sameAs(t, fresh, "once the truth is told")
		})
	}
}

// What a node says of itself is asked for where nothing else confirms the search, once; where
// it gives no answer, the node is not published, until it does.
func TestNodesAskedThemselves(t *testing.T) {
	t.Parallel()
	files := shelves()
	asked := func(w *world) (n int) {
		counts := w.fake.Load().Counts()
		return counts["folders"] + counts["whiteboards"] + counts["databases"] + counts["embeds"]
	}
	w := newWorld(t, files)
	w.export(t, exit.Complete)
	// Of fourteen nodes: what the ancestors of a page name costs nothing.
	first := asked(w)
	if first != 10 {
		t.Errorf("a first run asks %d nodes: %v", first, w.fake.Load().Counts())
	}
	w.export(t, exit.Complete)
	if n := asked(w) - first; n != 0 {
		t.Errorf("an unchanged night asks %d nodes", n)
	}
	for status, code := range map[int]int{403: exit.Complete, 404: exit.Complete, 500: exit.Incomplete} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			w := newWorld(t, files, faketenant.Fault{Op: "whiteboards", Times: -1, Status: status,
				Body: fmt.Sprintf(`{"errors":[{"status":%d,"code":"X","title":"No"}]}`, status)})
			said := w.export(t, code)
			if site := w.site(t); site["6023"] || !site["6022"] || !site["6020"] {
				t.Errorf("on the site: %v", site)
			}
			told := strings.Join(said.Missing, "\n")
			for _, f := range said.Failures {
				told += "\n" + f.Kind + " " + f.ID + ": " + f.Reason
			}
			if !strings.Contains(told, "whiteboard 6023: ") {
				t.Errorf("nobody tells of it: %s", told)
			}
			w.serve(t, files)
			w.export(t, exit.Complete)
			w.sameAsFresh(t, files, "once it answers")
		})
	}
}

// What the search says of the place of a content takes effect although no row of the mirror
// changed, and so does its taking it back.
func TestPlacesOfUnchangedNights(t *testing.T) {
	files := shelves()
	fresh := freshTree(t, files)
	for name, ancestors := range map[string]any{
		"below a closed page":       []any{map[string]any{"id": "5001"}, map[string]any{"id": "7700301"}},
		"below a closed whiteboard": []any{map[string]any{"id": "7700328"}, map[string]any{"id": "5001"}},
		"null":                      nil,
		"below what no list holds":  []any{map[string]any{"id": "5001"}, map[string]any{"id": "99"}},
		"half told":                 []any{nil, map[string]any{"id": "5001"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, files)
			truth := editedObject("5002", "/search", func(map[string]any) {}) // the same bytes but for the ancestors
			w.edit = truth
			w.export(t, exit.Complete)
			w.edit = editedObject("5002", "/search", func(m map[string]any) { m["ancestors"] = ancestors })
			w.export(t, exit.Incomplete)
			if site := w.site(t); site["5002"] || !site["6021"] {
				t.Errorf("on the site: %v", site)
			}
			w.edit = truth
			w.export(t, exit.Complete)
			w.sameAs(t, fresh, "once it takes that back")
		})
	}
}

// A restriction that was told takes effect although nodes could not be asked where they stand.
func TestWithdrawalBeforePlaces(t *testing.T) {
	w := momentWorld(t, archivedTenant(""))
	w.export(t, exit.Complete)
	after := archivedTenant(`readers = ["group:few"]`)
	after["OPEN/home/zoo.xml"] = &fstest.MapFile{Data: []byte( // after the others, which stay as they are
		"+++\nid = \"6024\"\ntitle = \"Board\"\ntype = \"whiteboard\"\n+++\n")}
	w.serve(t, after, faketenant.Fault{Op: "whiteboards", Times: -1, Status: 401, Body: `{"message":"Unauthorized"}`})
	if _, err := w.Export(t.Context()); err == nil {
		t.Error("the run has not failed: the test has lost its point")
	}
	if site := w.site(t); site["6007"] || site["6008"] || site["6024"] || !site["5001"] {
		t.Errorf("on the site: %v", site)
	}
}
