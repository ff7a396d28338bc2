package site

import (
	"bytes"
	"reflect"
	"testing"
	"testing/fstest"

	"agc-export/templates"

	"github.com/google/go-cmp/cmp"
)

// hostileTexts stand in the place of every text that a page shows.
var hostileTexts = []string{`<script>alert("1")</script>`, "</title></main>", `" onclick="x' onclick='x`,
	"a & b &amp; +1",
	"a\x00b\xff\u2028", "javascript:alert(1)", "https://a.example:80/b c?d=e&f#g'", "%zz%41 Ünï 漢字 😀",
	"{{.}} `${x}` <!-- -->",
	"#a:b", "\t\n", ""}

// told is a copy of a value, with another text in the place of each, and numbers and slices as they are.
func told(v reflect.Value, text string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		if v.Len() > 0 || text == "" {
			out.SetString(text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "Op" && f.Name != "Kind" {
				out.Field(i).Set(told(v.Field(i), text))
			}
		}
	case reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(told(v.Index(i), text))
		}
	}
	return out
}

// TestFilled: each of our templates is filled in, and is then what html/template makes of it, byte for byte,
// whatever stands in the texts.
func TestFilled(t *testing.T) {
	space := Space{Path: "spaces/ENG/index.html", Key: "ENG", Name: "Engineering", Description: "How & why",
		Status: "archived", Homepage: Link{"Home", "pages/9.html"}, Tree: fullPage().Tree, Ways: testWays,
		Nav: "nav/ENG.js",
		Recent: []Entry{{Link: Link{"Sketch", "pages/3.html"}, Type: "whiteboard", Emoji: "🔐", ID: "a", Note: "b",
			Date: "2026-01-01T00:00:00Z", Excerpt: "c", State: State{"Done", "#8777d9"}, Leads: "https://a.example"},
			{}},
		Feeds: []Link{{"Recent", "spaces/ENG/recent.xml"}}, Source: "https://harbor.example/wiki/ENG",
		Print:   "print.html",
		Changed: "2026-01-01T00:00:00Z"}
	space.Blog = space.Recent
	group := Group{Title: "A, continued", ID: "a", Link: "index.html", Entries: space.Recent}
	list := ListPage{Path: "spaces/ENG/a-z-2.html", Title: "A to Z",
		Space: Link{"Engineering", "spaces/ENG/index.html"},
		Ways:  testWays, Jump: []Link{{"A", "spaces/ENG/a-z.html#agc-at-a"}},
		Groups: []Group{group, {Entries: group.Entries}},
		Part:   2, Parts: []Link{{"1", "spaces/ENG/a-z.html"}, {"2", ""}}, Previous: Link{"p", "spaces/ENG/a-z.html"},
		Next: Link{"n", "spaces/ENG/a-z.html"}, Feed: "spaces/ENG/recent.xml", FeedTitle: "Changes", Lead: "All"}
	outline := list
	outline.Outline, outline.Space = true, Link{}
	folder := Page{Path: "pages/3.html", Type: "folder", Status: "archived", Title: "Sketch", Readers: "few",
		Wide:   true,
		Source: "https://harbor.example/wiki/3", Children: []Entry{{Link: Link{"Below", "pages/4.html"}}}}
	shown := map[string][]any{
		"page": {fullPage(), folder, Page{}}, "space": {space, Space{}}, "index": {list, outline, ListPage{}},
		"home": {Home{Path: "index.html", Ways: testWays, Recent: space.Recent, Changed: space.Changed,
			Spaces: []SpaceLink{{Link: space.Homepage, Key: "ENG", Description: "a", Pages: 2}}}, Home{}},
		"results": {Search{Path: "search.html", Spaces: []SearchSpace{{Link: space.Homepage, Key: "ENG",
			Ways: []Link{{"A–Z", "spaces/ENG/a-z.html"}}}}}},
		"notfound": {3}, "older": {olderPage(), Older{}}, "changes": {changesPage(), Changes{}},
		"print": {printed(), Print{}}, "printed": {printed().Entries[0], PrintedPage{}},
	}
	sites := []*Site{newSite(t, testConfig), newSite(t, Config{Title: `<&"'+`, BaseURL: "https://a.example/b c/",
		SourceURL: "https://a.example/'", Banner: "<b>", Markings: []Marking{{"<i>&", "red"}}})}
	for name, all := range shown {
		for _, x := range all {
			for i, text := range append(hostileTexts, "\x00") {
				to := x
				if i < len(hostileTexts) {
					to = told(reflect.ValueOf(x), text).Interface()
				}
				for rank, s := range sites {
					sameFilled(t, s, name, view{site: s, Path: "a/b.html", Title: text, X: to, rank: rank})
					sameFilled(t, s, name, view{site: s, Path: notFound, X: to})
				}
			}
		}
	}
}

// sameFilled holds a page that is filled in against what html/template makes.
func sameFilled(t *testing.T, s *Site, name string, v view) {
	t.Helper()
	var filled, whole bytes.Buffer
	ok := s.filled.Fill(&filled, name, v)
	if err := s.tmpl.ExecuteTemplate(&whole, name, v); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(whole.String(), filled.String()); d != "" || !ok {
		t.Errorf("%s of %q: filled in %v; whole and (+) filled in:\n%s", name, v.Title, ok, d)
	}
}

// TestNotFilled: templates of an agency's own may ask for what is never filled in, and their errors are told.
func TestNotFilled(t *testing.T) {
	own := fstest.MapFS{"home.tmpl": {Data: []byte(`{{define "home"}}{{printf "%03d" (len .X.Spaces)}}{{end}}` +
		`{{define "space"}}{{.T "none"}}{{end}}`)}}
	s, err := New(testConfig, templates.FS, own)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.Home(&b, Home{Path: "index.html", Spaces: make([]SpaceLink, 7)}); err != nil || b.String() != "007" {
		t.Errorf("%q: %v", &b, err)
	}
	b.Reset()
	if err := s.SpaceHome(&b, Space{Path: "a.html"}); err == nil || b.Len() > 0 {
		t.Errorf("%q: %v", &b, err)
	}
}
