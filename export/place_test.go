package export

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/exit"
	"agc-export/export/output"
)

// edited changes each object of an id in all answers whose address holds a text.
func editedObject(id, path string, change func(map[string]any)) func(*http.Request, []byte) []byte {
	return func(r *http.Request, body []byte) []byte {
		v, ok := decodeAny(body)
		if !ok || !strings.Contains(r.URL.String(), path) {
			return body
		}
		visit(v, "", "", func(_, _ string, v any) {
			if m, ok := v.(map[string]any); ok && m["id"] == id {
				change(m)
			}
		})
		data, err := json.Marshal(v)
		if err != nil {
			return body
		}
		return data
	}
}

// both makes one change of two.
func both(a, b func(*http.Request, []byte) []byte) func(*http.Request, []byte) []byte {
	return func(r *http.Request, body []byte) []byte { return b(r, a(r, body)) }
}

// under puts a content below another, in the listing and in the search.
func under(id, parent, typ string) func(*http.Request, []byte) []byte {
	return editedObject(id, "", func(m map[string]any) {
		if _, ok := m["parentId"]; ok {
			m["parentId"], m["parentType"] = parent, typ
		}
		if _, ok := m["ancestors"]; ok {
			m["ancestors"] = []any{map[string]any{"id": parent, "type": typ}}
		}
	})
}

// Whatever a page is said to stand below, the site is published; the page too, at the top of
// its space, unless nobody knows who may see it there.
func TestOddParents(t *testing.T) {
	files := size{pages: 24, attachments: 4, comments: 4, spaces: 2}.tenant()
	files["GEN0/posts.json"] = &fstest.MapFile{Data: []byte(
		`[{"id": "200000", "type": "blogpost", "title": "A post", "body": "<p>News.</p>"}]`)}
	fresh := freshTree(t, files)
	for name, c := range map[string]struct {
		edit   func(*http.Request, []byte) []byte
		closed []string // not published, and told
	}{
		"a blog post":           {under("100005", "200000", "blogpost"), nil},
		"a blog post as a page": {under("100005", "200000", "page"), nil},
		"a blog post, and below": {both(under("100001", "200000", "blogpost"), under("100002", "100001", "page")),
			nil},
		"a blog post below it": {both(under("200000", "100005", "page"), under("100005", "200000", "blogpost")),
			nil},
		"a blog post has one":     {under("200000", "100005", "page"), nil},
		"an attachment":           {under("100005", "att9000000", "attachment"), []string{"100005"}},
		"a comment":               {under("100005", "5000000", "comment"), []string{"100005"}},
		"nothing that is there":   {under("100005", "77", "page"), []string{"100005"}},
		"itself":                  {under("100005", "100005", "page"), nil},
		"a cycle of two":          {both(under("100005", "100006", "page"), under("100006", "100005", "page")), nil},
		"a cycle with the home":   {both(under("100000", "100005", "page"), under("100005", "100000", "page")), nil},
		"a page of another space": {under("100005", "100013", "page"), nil},
		"an app's type":           {under("100005", "100001", "com.example:board"), nil},
		"a slide":                 {under("100005", "100001", "slide"), nil},
		"capitals":                {under("100005", "100001", "PAGE"), nil},
		"FOLDER":                  {under("100005", "100001", "FOLDER"), nil},
		"the space":               {under("100005", "9001", "space"), []string{"100005"}},
	} {
		if variant(name, "a blog post as a page", "a blog post below it", "a comment", "a cycle of two", "a slide",
			"capitals", "FOLDER", "a blog post has one") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, files)
			w.edit = c.edit
			code := exit.Complete
			if len(c.closed) > 0 {
				code = exit.Incomplete
			}
			said := w.export(t, code)
			pages := w.site(t)
			if len(pages) != 25-len(said.Failures) {
				t.Errorf("%d contents are published, failed %v", len(pages), said.Failures)
			}
			if pages["100005"] == slices.Contains(c.closed, "100005") {
				t.Errorf("the page is published: %v, failed %v", pages["100005"], said.Failures)
			}
			if found, _ := w.verifyFinds(t); len(found) > 0 {
				t.Error(found)
			}
			w.edit = nil
			w.export(t, exit.Complete)
			w.sameAs(t, fresh, "once it stands as others do")
		})
	}
}

// Titles that are called like what lies in the output, or like each other where case folds or
// Unicode is normalised, with pages below each: every page has a file of its own.
func TestTitlesLikeNames(t *testing.T) {
	titles := []string{"markdown", "site", "attachments", "_files", "index", "INDEX", "Index.md", "index md", "blog",
		"Blog",
		"2024", "pages", "assets", "search", "manifest.json", "report.json", "SHA256SUMS", "CARRIED", "current",
		".building",
		"..", ".", "/", "a/b", "a b", "A-B", "a_b", "CON", "nul.txt", "straße", "STRASSE", "strasse", "é", "e\u0301",
		"ﬁle",
		"file", "FILE", "", " ", "\u200b", "page", "Page", "ID", "id", "ıd", "missing", "missing.png", "404",
		"404.html",
		strings.Repeat("long ", 60), strings.Repeat("long ", 60) + "x", "_100003", "100003", "-", "--", "%2e%2e",
		"con-100007"}
	z := size{pages: 2 * len(titles), attachments: len(titles), spaces: 1}
	files := z.edited(t, func(_, n int, p *generatedPage) {
		if n == 0 {
			return
		}
		p.Title = titles[(n-1)%len(titles)]
		if p.Parent = "100000"; n > len(titles) {
			p.Parent = fmt.Sprint(100000 + n - len(titles))
		}
	})
	w := newWorld(t, files)
	w.export(t, exit.Complete)
	seen := map[string]string{}
	var m output.Manifest
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join(w.Config.Output.Dir, "current", "manifest.json"))),
		&m); err != nil {
		t.Fatal(err)
	}
	if len(m.Pages) != 2*len(titles) {
		t.Errorf("%d pages are published of %d", len(m.Pages), 2*len(titles))
	}
	for _, p := range m.Pages {
		for _, name := range []string{p.HTML, p.Markdown} {
			key := strings.ToLower(name)
			if seen[key] != "" && seen[key] != p.ID {
				t.Errorf("%s is the file of %s and of %s", name, seen[key], p.ID)
			}
			seen[key] = p.ID
			if _, err := os.Stat(filepath.Join(w.Config.Output.Dir, "current", name)); err != nil {
				t.Error(err)
			}
		}
	}
	for name := range seen { // no file is a folder of another file system's eyes
		for dir := filepath.Dir(name); dir != "."; dir = filepath.Dir(dir) {
			if seen[dir] != "" {
				t.Errorf("%s is a file and a folder", dir)
			}
		}
	}
}

// A space that is called like what lies beside it, in whatever case.
func TestSpaceKeysLikeNames(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"ATTACHMENTS", "attachments", "index", "README", "site", "markdown", "CON", "SEARCH",
		"people",
		"labels", "_files", "404"} {
		if variant(key, "index", "markdown", "SEARCH", "labels", "404", "site") {
			continue
		}
		t.Run(key, func(t *testing.T) {
			files := size{pages: 4, attachments: 4, spaces: 2}.tenant()
			files["tenant.toml"].Data = []byte(strings.ReplaceAll(string(files["tenant.toml"].Data), `"GEN1"`,
				fmt.Sprintf("%q", key)))
			files[key+"/pages.json"] = files["GEN1/pages.json"]
			delete(files, "GEN1/pages.json")
			w := newWorld(t, files)
			w.export(t, exit.Complete)
			if n := len(w.site(t)); n != 4 {
				t.Errorf("%d pages are published", n)
			}
		})
	}
}
