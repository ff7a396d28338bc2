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

	"github.com/google/go-cmp/cmp"

	"agc-export/export/exit"
	"agc-export/export/report"
)

// nullBodies are the forms of a body that is not there.
var nullBodies = map[string]func(m map[string]any){
	"no body":      func(m map[string]any) { delete(m, "body") },
	"null":         func(m map[string]any) { m["body"] = nil },
	"empty":        func(m map[string]any) { m["body"] = map[string]any{} },
	"null storage": func(m map[string]any) { m["body"] = map[string]any{"storage": nil} },
	"no value":     func(m map[string]any) { m["body"] = map[string]any{"storage": map[string]any{}} },
	"null value":   func(m map[string]any) { m["body"] = map[string]any{"storage": map[string]any{"value": nil}} },
	"another form": func(m map[string]any) {
		m["body"] = map[string]any{"atlas_doc_format": map[string]any{"value": "{}"}}
	},
}

// A body that is not there is a failure of what should have one, a page or a comment, in every
// run until it is there. Of what the mirror has an older text, that stays.
func TestNullBodies(t *testing.T) {
	tenant := func(version int, text string) fstest.MapFS {
		return size{pages: 12, comments: 6, spaces: 1}.edited(t, func(_, n int, p *generatedPage) {
			if n == 5 {
				p.Version, p.Modified, p.Body = version, day(900+version), "<p>"+text+" of the page.</p>"
			}
			for i := range p.Comments {
				if p.Comments[i].ID == "5000003" {
					p.Comments[i].Version, p.Comments[i].Modified = version, day(900+version)
					p.Comments[i].Body = "<p>" + text + " of the comment.</p>"
				}
			}
		})
	}
	for _, of := range []struct{ kind, id, page, words string }{
		{"page", "100005", "100005", " of the page."}, {"comment", "5000003", "100003", " of the comment."},
	} {
		for i, name := range slices.Sorted(maps.Keys(nullBodies)) {
			if variant(name, "null", "null storage", "no value") {
				continue
			}
			change := nullBodies[name]
			for _, known := range []bool{false, true} {
				if turn := (i%2 == 0) == (of.kind == "page"); known != turn && os.Getenv("AGC_LONG") == "" {
					continue // by turns, so that both kinds meet some of the forms either way
				}
				t.Run(fmt.Sprintf("%s, %s, known is %v", of.kind, name, known), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t, tenant(1, "Old words"))
					if known {
						w.begin(t)
						w.serve(t, tenant(2, "New words"))
					}
					w.edit = editedObject(of.id, "", func(m map[string]any) {
						if _, ok := m["body"]; ok {
							change(m)
						}
					})
					for night := range 2 {
						said := w.export(t, exit.Incomplete)
						if !slices.ContainsFunc(said.Failures, func(f report.Failure) bool { return f.ID == of.id }) {
							t.Errorf("failures %v", said.Failures)
						}
						if !known && of.kind == "page" {
							if w.site(t)[of.id] {
								t.Errorf("night %d: a page without a text is published", night)
							}
							continue
						}
						md, html := w.shown(t, of.page)
						if strings.Contains(md+html, "Old words"+of.words) != known {
							t.Errorf("night %d: the old text is there: %v", night, !known)
						}
					}
					w.edit = nil
					w.export(t, exit.Complete)
					want := "Old words"
					if known {
						want = "New words"
					}
					if md, html := w.shown(t, of.page); !strings.Contains(md+html, want+of.words) {
						t.Errorf("the text is not there:\n%s", md)
					}
				})
			}
		}
	}
}

// Where all objects of a kind are odd at once, each is named, and what is published stays as long
// as it is known who may see it; a first run publishes what is not odd.
func TestOddAtOnce(t *testing.T) {
	files := size{pages: 24, attachments: 12, comments: 6, spaces: 2}.tenant()
	always := freshTree(t, files)
	pages := func(change func(map[string]any)) func(map[string]any) {
		return func(m map[string]any) {
			if m["spaceId"] == "9001" {
				change(m)
			}
		}
	}
	for name, c := range map[string]struct {
		path  string
		edit  func(map[string]any)
		odd   int  // objects that a first run names
		quiet bool // one that has them already asks for nothing that is odd
		taken bool // nobody knows who may see them: they leave
	}{
		"null status": {path: "/pages", odd: 12, edit: pages(func(m map[string]any) { m["status"] = nil })},
		"no status":   {path: "/pages", odd: 12, edit: pages(func(m map[string]any) { delete(m, "status") })},
		"published": {path: "/pages", odd: 12,
			edit: pages(func(m map[string]any) { m["status"] = "published" })},
		"status and space": {path: "/pages", odd: 12,
			edit: pages(func(m map[string]any) { m["status"], m["spaceId"] = nil, nil })},
		"another's space": {path: "/pages", odd: 12, taken: true,
			edit: pages(func(m map[string]any) { m["spaceId"] = "9002" })},
		"nobody's space": {path: "/pages", edit: pages(func(m map[string]any) { m["spaceId"] = "7" })},
		"null space":     {path: "/pages", edit: pages(func(m map[string]any) { m["spaceId"] = nil })},
		"no bodies": {path: "/pages", odd: 12, quiet: true,
			edit: pages(func(m map[string]any) { delete(m, "body") })},
		"no parents": {path: "/pages", odd: 12, taken: true,
			edit: pages(func(m map[string]any) { delete(m, "parentId"); delete(m, "parentType") })},
		"files of nothing": {path: "/attachments", odd: 12, edit: holderless},
	} {
		if variant(name, "null status", "published", "status and space", "null space") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, fresh := newWorld(t, files), newWorld(t, files)
			w.begin(t)
			was := w.site(t)
			w.edit = func(r *http.Request, body []byte) []byte { return editedAll(r, body, c.path, c.edit) }
			fresh.edit = w.edit
			said, err := w.Export(t.Context())
			if odd := c.odd > 0 && !c.quiet; odd != (exit.Code(err) != exit.Complete) ||
				odd && len(said.Failures) != c.odd {
				t.Errorf("%d failures: %v", len(said.Failures), err)
			}
			if diff := cmp.Diff(was, w.site(t)); diff != "" != c.taken {
				t.Errorf("published (-before +now):\n%s", diff)
			}
			said, err = fresh.Export(t.Context())
			if len(said.Failures) != c.odd || exit.Code(err) != exit.Complete && exit.Code(err) != exit.Incomplete {
				t.Errorf("a first run names %d: %v", len(said.Failures), err)
			}
			want := 24
			if c.path == "/pages" {
				want -= c.odd
			}
			if said.Published.Pages != want {
				t.Errorf("a first run publishes %d pages", said.Published.Pages)
			}
			w.edit = nil
			w.export(t, exit.Complete)
			w.sameAs(t, always, "once it is told again")
		})
	}
}

// holderless takes from a file all that tells on what it stands.
func holderless(m map[string]any) {
	if _, ok := m["pageId"]; ok {
		m["pageId"], m["downloadLink"], m["_links"] = nil, "/x", map[string]any{}
	}
}

// editedAll changes all objects in the answers whose address holds a text.
func editedAll(r *http.Request, body []byte, path string, change func(map[string]any)) []byte {
	v, ok := decodeAny(body)
	if !ok || !strings.Contains(r.URL.String(), path) {
		return body
	}
	visit(v, "", "", func(_, _ string, v any) {
		if m, ok := v.(map[string]any); ok {
			change(m)
		}
	})
	data, err := json.Marshal(v)
	if err != nil {
		return body
	}
	return data
}
