package site

import (
	"agc-export/render/change"
	"agc-export/render/fill"
	"agc-export/render/unprintable"
	"bytes"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"agc-export/templates"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func newSite(t testing.TB, cfg Config) *Site {
	t.Helper()
	s, err := New(cfg, templates.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// render and renderComment are the methods of a site in English.
func render(md []byte, title string, rewrite Rewrite) Body {
	return english().Render(md, Setting{Title: title, Rewrite: rewrite})
}

func renderComment(md []byte, id string, rewrite Rewrite) Body {
	return english().RenderComment(md, id, Setting{Rewrite: rewrite})
}

var english = sync.OnceValue(func() *Site {
	s, err := New(testConfig, templates.FS, nil)
	if err != nil {
		panic(err)
	}
	return s
})

var testConfig = Config{Title: "Harbor Safety & Co", SourceURL: "https://harbor.example"}

// fullPage has something in each field.
func fullPage() Page {
	md := "Intro with a [link](2.html).\n\n> [!NOTE]\n> Careful.\n\n## One\n\n### Two\n\n| a | b |\n|---|---|\n| 1 | " +
		"2 |\n\n## Three\n\n```sh\nls\n```\n\n- [x] done\n"
	return Page{
		Path: "pages/1.html", Type: "page", Status: "current", Lang: "en-GB", Title: "Rotate <certificates>",
		Emoji:      "🔐",
		Space:      Link{"Engineering", "spaces/ENG/index.html"},
		Breadcrumb: []Link{{"Engineering", "spaces/ENG/index.html"}, {"Home", "pages/9.html"}},
		Tree: []Node{{Link: Link{"Home", "pages/9.html"}, Open: true, Children: []Node{
			{Link: Link{"Rotate <certificates>", "pages/1.html"}, Current: true, Open: true,
				Children: []Node{{Link: Link{"Sketch", "pages/3.html"}, Type: "whiteboard"}}},
			{Link: Link{"Teams", "pages/4.html"}, Type: "folder", More: true},
			{Link: Link{Text: "Not exported"}},
			{Link: Link{Href: "spaces/ENG/pages-2.html"}, Place: "#agc-77", Rest: 12},
		}}},
		Previous: Link{"Before", "pages/8.html"}, Next: Link{"After", "pages/7.html"},
		Body: render([]byte(md), "Rotate <certificates>", nil),
		Children: []Entry{{Link: Link{"Sketch", "pages/3.html"}},
			{Link: Link{"Board", "pages/6.html"}, Leads: "https://board.example/a?b=c&d"}},
		Labels: []Link{{"tls", "labels/tls.html"}, {Text: "run-book"}},
		Ways:   testWays, Nav: "nav/ENG.js", Linked: []Link{{"Sketch", "pages/3.html"}, {"… 8 more", "links/1.html"}},
		State: State{"In <review>", "#8777d9"}, Owner: "Kenji Mori", OwnerPage: "people/kenji.html",
		Cover:  Link{"pictures.example", "https://pictures.example/a.png"},
		Author: "Dana Whitfield", Created: "2026-02-01T09:00:00.000Z", Editor: "José Álvarez",
		Updated: "2026-05-04T23:30:00.000-05:00",
		Version: 4, Message: "clearer", Source: "https://harbor.example/wiki/1?a=b&c",
		Markdown: "../markdown/ENG/rotate.md",
		History: []Version{{Number: 4, Date: "2026-05-04T23:30:00.000-05:00", Changes: "versions/1/4-changes.html"},
			{Number: 2, Date: "2026-02-01T09:00:00.000Z", Author: "José Álvarez", Page: "versions/1/2.html"},
			{Number: 1}},
		Attachments: []Attachment{
			{Link: Link{"plan #4 50%.pdf", "attachments/1/plan #4 50%.pdf"}, MediaType: "application/pdf",
				Size: 1234567, Author: "Dana Whitfield", Updated: "2026-05-04T10:00:00Z", Comment: "The plan",
				Older: []FileVersion{{Link: Link{"plan #4.pdf", "attachments/1/plan #4-v1.pdf"}, Number: 1, Size: 12,
					Author: "Kenji Mori", Date: "2026-05-01T10:00:00Z", Comment: "a <draft>"}, {Number: 0}}},
			{Link: Link{Text: "notes"}, MediaType: "text/plain", Size: 12},
		},
		Comments: []Comment{
			{ID: "7", Kind: "footer", Author: "Kenji Mori", Created: "2026-05-05T10:00:00Z",
				Body:    renderComment([]byte("Thanks\n\n## Why\n"), "7", nil),
				Replies: []Comment{{ID: "8", Kind: "footer", Body: renderComment([]byte("Yes"), "8", nil)}}},
			{ID: "9", Kind: "inline", Author: "Kenji Mori", Created: "2026-05-05T10:00:00Z", Resolution: "resolved",
				Selection: "a <marked> text", Body: renderComment([]byte("Hm"), "9", nil)},
		},
	}
}

// olderPage and changesPage have something in each field too.
func olderPage() Older {
	return Older{Version: Version{Number: 2, Date: "2026-02-01T09:00:00.000Z", Author: "Dana Whitfield",
		Message: "said <by> whom", Page: "versions/1/2.html", Changes: "versions/1/2-changes.html"}, Newest: 4,
		Now: "pages/1.html", Title: "Rotate <certificates>", Space: Link{"Engineering", "spaces/ENG/index.html"},
		Breadcrumb: []Link{{"Engineering", "spaces/ENG/index.html"}, {Text: "…"}, {"Rotate", "pages/1.html"}},
		Ways:       testWays, Wide: true, Before: Link{"Version 1", "versions/1/1.html"},
		After: Link{"Version 4", "pages/1.html"}, Markdown: "../markdown/versions/1/2.md", Readers: "few",
		Body: render([]byte("Short.\n\n## One\n"), "Rotate", nil)}
}

func changesPage() Changes {
	o := olderPage()
	return Changes{Path: o.Changes, Title: o.Title, Space: o.Space, Breadcrumb: o.Breadcrumb, Ways: o.Ways,
		From: Version{Number: 1, Page: "versions/1/1.html"}, To: o.Version, Before: o.Before,
		After: Link{"Version 4", "versions/1/4-changes.html"}, Difference: change.Difference{Added: 3, Gone: 2, Rest: 7,
			Parts: []change.Part{{Pieces: []change.Piece{{Op: change.Kept, Text: "a < b"}}}, {Folded: 12},
				{Kind: change.Heading, Pieces: []change.Piece{{Op: change.Kept, Text: "On"},
					{Op: change.Gone, Text: " & off"},
					{Op: change.Added, Text: " <again>"}, {Op: change.Kept, Text: "."}}},
				{Kind: change.Code, Pieces: []change.Piece{{Op: change.Gone, Text: "if  x {"}}},
				{Pieces: []change.Piece{{Op: change.Added, Text: "new"}}}}}}
}

var testWays = []Way{{Link{"Overview", "spaces/ENG/index.html"}, false}, {Link{"A–Z", "spaces/ENG/a-z.html"}, true}}

// pages are all kinds of pages, by the name of their golden file.
func pages(t testing.TB) map[string][]byte { return pagesOf(t, newSite(t, testConfig)) }

func pagesOf(t testing.TB, s *Site) map[string][]byte {
	archived := Page{Path: "pages/2.html", Type: "page", Status: "archived", Title: "Old",
		Body: render([]byte("Short."), "Old", nil)}
	blogpost := Page{Path: "pages/5.html", Type: "blogpost", Status: "current", Title: "News",
		Space: Link{"Engineering", "spaces/ENG/index.html"}, Created: "2026-01-01T00:00:00Z"}
	space := Space{Path: "spaces/ENG/index.html", Key: "ENG", Name: "Engineering", Description: "How & why",
		Status: "archived", Homepage: Link{"Home", "pages/9.html"},
		Tree: fullPage().Tree, Blog: []Entry{{Link: Link{"News", "pages/5.html"}, Note: "Dana Whitfield",
			Date: "2026-01-01T00:00:00Z"}},
		Ways: testWays, Nav: "nav/ENG.js",
		Recent: []Entry{{Link: Link{"Sketch", "pages/3.html"}, Type: "whiteboard", Emoji: "🔐"}},
		Feeds:  []Link{{"Recent", "spaces/ENG/recent.xml"}}, Source: "https://harbor.example/wiki/ENG"}
	arabic := Page{Path: "pages/6.html", Type: "page", Status: "current", Title: "مرحبا",
		Body:     english().Render([]byte("السلامة في الميناء `make`.\n"), Setting{Title: "مرحبا"}),
		Comments: []Comment{{ID: "8", Body: renderComment([]byte("港の安全について説明します。"), "8", nil)}}}
	list := ListPage{Path: "spaces/ENG/a-z-2.html", Title: "Engineering from A to Z",
		Space: Link{"Engineering", "spaces/ENG/index.html"}, Ways: testWays,
		Jump: []Link{{"A", "spaces/ENG/a-z.html#agc-at-a"}, {"Б", "spaces/ENG/a-z-2.html#agc-at-б"}},
		Groups: []Group{{Title: "A, continued", Entries: []Entry{{Link: Link{"Ant", "pages/1.html"}}}},
			{Title: "Б", ID: "agc-at-б", Link: "index.html",
				Entries: []Entry{{Link: Link{"Бук", "pages/2.html"}, Type: "folder", Emoji: "🌳",
					Date: "2026-01-01T00:00:00Z", Note: "Engineering", Excerpt: "Beeches & <oaks> …"}}}},
		Part: 2, Parts: []Link{{"1", "spaces/ENG/a-z.html"}, {"2", ""}}, Previous: Link{"", "spaces/ENG/a-z.html"},
		Feed: "spaces/ENG/recent.xml", FeedTitle: "Changes"}
	outline := ListPage{Path: "spaces/ENG/pages.html", Title: "All pages", Outline: true, Parts: []Link{{"1", ""}},
		Groups: []Group{{Entries: []Entry{
			{Link: Link{"Deep", "pages/1.html"}, Depth: 2, ID: "agc-1"},
			{Link: Link{"Deeper", "pages/2.html"}, Depth: 3},
			{Link: Link{"Up", "pages/3.html"}, Depth: 0, Type: "folder"}, {Link: Link{"Beside", "pages/4.html"}}}}}}
	home := Home{Path: "index.html", Ways: testWays, Recent: space.Recent, Spaces: []SpaceLink{
		{Link: Link{"Engineering", "spaces/ENG/index.html"}, Key: "ENG", Description: "How & why", Pages: 1},
		{Link: Link{"Old", "spaces/OLD/index.html"}, Key: "OLD", Status: "archived", Pages: 2}}}
	results := Search{Path: "search.html",
		Spaces: []SearchSpace{{Link: Link{"Engineering", "spaces/ENG/index.html"}, Key: "ENG",
			Ways: []Link{{"A–Z", "spaces/ENG/a-z.html"}}}}}
	write := map[string]func(io.Writer) error{
		"page":     func(w io.Writer) error { return s.Page(w, fullPage()) },
		"archived": func(w io.Writer) error { return s.Page(w, archived) },
		"arabic":   func(w io.Writer) error { return s.Page(w, arabic) },
		"blogpost": func(w io.Writer) error { return s.Page(w, blogpost) },
		"space":    func(w io.Writer) error { return s.SpaceHome(w, space) },
		"home":     func(w io.Writer) error { return s.Home(w, home) },
		"list":     func(w io.Writer) error { return s.List(w, list) },
		"outline":  func(w io.Writer) error { return s.List(w, outline) },
		"search":   func(w io.Writer) error { return s.Search(w, results) },
		"404":      func(w io.Writer) error { return s.NotFound(w, 3) },
		"older":    func(w io.Writer) error { return s.Older(w, olderPage()) },
		"changes":  func(w io.Writer) error { return s.Changes(w, changesPage()) },
	}
	for typ := range kinds {
		p := Page{Path: "pages/3.html", Type: typ, Status: "current", Title: "Sketch",
			Source: "https://harbor.example/wiki/3", Children: []Entry{{Link: Link{"Below", "pages/4.html"}}}}
		write[typ] = func(w io.Writer) error { return s.Page(w, p) }
	}
	out := map[string][]byte{}
	for name, f := range write {
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Fatal(name, err)
		}
		out[name] = b.Bytes()
	}
	return out
}

// TestPages compares a page of each kind with testdata/pages; the hashes in asset
// names do not count.
func TestPages(t *testing.T) {
	hash := regexp.MustCompile(`(assets/[a-z]+)-[0-9a-f]{10}\.`)
	for name, got := range pages(t) {
		golden(t, "testdata/pages/"+name+".html", hash.ReplaceAll(got, []byte("$1-HASH.")))
	}
}

// TestFrame checks what every page must be for its readers and for their safety.
func TestFrame(t *testing.T) {
	for name, page := range pages(t) {
		t.Run(name, func(t *testing.T) {
			doc, err := html.Parse(bytes.NewReader(page))
			if err != nil {
				t.Fatal(err)
			}
			count, ids := map[string]int{}, map[string]bool{}
			for n := range doc.Descendants() {
				if n.Type == html.ElementNode {
					count[n.Data]++
					checkElement(t, n, ids, name == "404")
				}
			}
			for el, want := range map[string]int{"main": 1, "h1": 1, "header": 1, "footer": 1, "title": 1, "style": 0,
				"base": 0, "form": 1} {
				if count[el] != want {
					t.Errorf("%d elements %s, want %d", count[el], el, want)
				}
			}
			for _, must := range []string{`<html lang="en">`, `href="#agc-main"`,
				`<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; ` +
					`script-src &#39;self&#39;; style-src &#39;self&#39;;`} {
				if !strings.Contains(string(page), must) &&
					!strings.Contains(string(page), strings.ReplaceAll(must, "&#39;", "'")) {
					t.Errorf("no %s", must)
				}
			}
		})
	}
}

// checkElement fails on what could run, on links that do not work from file://, on
// text outside landmarks and on identifiers that might be those of a body.
func checkElement(t *testing.T, n *html.Node, ids map[string]bool, absolute bool) {
	t.Helper()
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			t.Errorf("attribute %s on %s", a.Key, n.Data)
		case a.Key == "id":
			if ids[a.Val] || !within(n, "main") && !strings.HasPrefix(a.Val, reserved) {
				t.Errorf("id %q of %s", a.Val, n.Data)
			}
			ids[a.Val] = true
		case a.Key == "href" || a.Key == "src" || a.Key == "action":
			outside := strings.HasPrefix(a.Val, "https://") && n.Data == "a"
			if a.Val == "data:," && get(n, "rel") == "icon" {
				continue // no picture: else browsers ask the server's root for one
			}
			if a.Val == "" || strings.HasPrefix(a.Val, "/") && !absolute || strings.HasSuffix(a.Val, "/") ||
				strings.Contains(a.Val, ":") && !outside {
				t.Errorf("%s=%q on %s", a.Key, a.Val, n.Data)
			}
		}
	}
	if n.Data == "nav" && get(n, "aria-label") == "" && get(n, "aria-labelledby") == "" {
		t.Error("nav without a name")
	}
	if n.Data == "script" && n.FirstChild != nil {
		t.Error("inline script")
	}
	landmark := func(n *html.Node) bool {
		return slices.Contains([]string{"main", "nav", "header", "footer", "aside", "section", "body", "head"}, n.Data)
	}
	if n.Data == "p" || n.Data == "li" {
		a := n.Parent
		for !landmark(a) {
			a = a.Parent
		}
		if a.Data == "body" {
			t.Errorf("outside of all landmarks: %q", textOf(n))
		}
	}
}

// TestMainHoldsContentOnly: what stands around a page's own content is not in <main>.
func TestMainHoldsContentOnly(t *testing.T) {
	_, rest, _ := strings.Cut(string(pages(t)["page"]), "<main")
	content, around, _ := strings.Cut(rest, "</main>")
	want := fullPage()
	if !strings.HasSuffix(content, "</h1>\n"+string(want.Body.HTML)+"\n") {
		t.Errorf("main does not end with the body: %s", content)
	}
	for _, s := range []string{"plan #4", "Kenji Mori", "run-book", "clearer"} {
		if strings.Contains(content, s) || !strings.Contains(around, s) {
			t.Errorf("%q must stand behind main", s)
		}
	}
}

// TestChromeSize: what a page has beside its content stays under 12 kB when the tree
// is as large as a page may carry.
func TestChromeSize(t *testing.T) {
	p := fullPage()
	p.Body, p.Comments, p.Attachments = Body{}, nil, nil
	for i := range 60 {
		p.Tree = append(p.Tree, Node{Link: Link{fmt.Sprintf("A page with a title %d", i),
			fmt.Sprintf("pages/%d.html", 100000000+i)}, More: i%2 == 0})
	}
	var b bytes.Buffer
	if err := newSite(t, testConfig).Page(&b, p); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", b.Len())
	if b.Len() > 12000 {
		t.Errorf("a page without content has %d bytes", b.Len())
	}
}

// TestMarkdownLink: a Markdown file outside the site is told to programs only.
func TestMarkdownLink(t *testing.T) {
	for file, want := range map[string]int{"../markdown/ENG/a.md": 1, "pages/1.md": 2} {
		p := fullPage()
		p.Markdown = file
		var b bytes.Buffer
		if err := newSite(t, testConfig).Page(&b, p); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), `.md"`); n != want {
			t.Errorf("%s: %d links, want %d", file, n, want)
		}
	}
}

func TestConcurrent(t *testing.T) {
	s := newSite(t, testConfig)
	p := fullPage()
	var want bytes.Buffer
	if err := newSite(t, testConfig).Page(&want, p); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				var b bytes.Buffer
				if err := s.Page(&b, p); err != nil || !bytes.Equal(b.Bytes(), want.Bytes()) {
					t.Error("another page", err)
				}
			}
		})
	}
	wg.Wait()
}

func TestBaseURL(t *testing.T) {
	s := newSite(t, Config{Title: "T", BaseURL: "https://docs.example/hand book/"})
	var page, missing bytes.Buffer
	if err := s.Page(&page, fullPage()); err != nil {
		t.Fatal(err)
	}
	want := `<link rel="canonical" href="https://docs.example/hand%20book/pages/1.html">`
	if !strings.Contains(page.String(), want) {
		t.Errorf("no %s", want)
	}
	if err := s.NotFound(&missing, 0); err != nil {
		t.Fatal(err)
	}
	if want := `href="/hand%20book/assets/site-`; !strings.Contains(missing.String(), want) {
		t.Errorf("no %s", want)
	}
}

func TestAssets(t *testing.T) {
	s := newSite(t, testConfig)
	name := regexp.MustCompile(`^assets/(site|search|lost|favicon)-[0-9a-f]{10}\.(css|js|svg)$`)
	if len(s.Assets()) != 5 {
		t.Fatalf("%d assets", len(s.Assets()))
	}
	scripts := 0
	for _, a := range s.Assets() {
		if path.Ext(a.Path) == ".js" {
			scripts += len(a.Data)
		}
		if !name.MatchString(a.Path) || len(a.Data) == 0 {
			t.Errorf("asset %s of %d bytes", a.Path, len(a.Data))
		}
		if limit := map[string]int{".js": 22_500, ".css": 40_000, ".svg": 300}[path.Ext(a.Path)]; len(a.Data) > limit {
			t.Errorf("%s has %d bytes, more than %d", a.Path, len(a.Data), limit)
		}
		if regexp.MustCompile(`url\("?(https?:|//)|@import|@font-face`).Match(a.Data) {
			t.Errorf("%s loads from elsewhere", a.Path)
		}
	}
	if scripts > 32_000 {
		t.Errorf("the scripts have %d bytes together", scripts)
	}
}

// TestSettledWords: words that stand in templates as their text are those that the templates
// would write, whatever they are.
func TestSettledWords(t *testing.T) {
	strange := "" // every word of ours, with all that HTML escapes
	for name, text := range english().words {
		if name != "months" && name != "date" {
			strange += name + " = " + strconv.Quote(text+` <b>&amp;</b> "'+${}`+"`\u00e9\u0001") + "\n"
		}
	}
	settled, err := New(testConfig, templates.FS, fstest.MapFS{wordsFile: {Data: []byte(strange)}})
	if err != nil {
		t.Fatal(err)
	}
	asked, err := New(testConfig, templates.FS, fstest.MapFS{wordsFile: {Data: []byte(strange)}})
	if err != nil {
		t.Fatal(err)
	}
	asked.tmpl = template.Must(template.New("site").Funcs(funcs).ParseFS(templates.FS, "*.tmpl"))
	asked.filled = fill.New(template.New("none"), nil, nil)
	want := pagesOf(t, asked)
	for name, page := range pagesOf(t, settled) {
		if d := cmp.Diff(string(want[name]), string(page)); d != "" {
			t.Errorf("%s: asked for and (+) settled:\n%s", name, d)
		}
	}
	if s := settled.tmpl.Lookup("page").Tree.Root.String(); strings.Contains(s, `{{.T "`) {
		t.Errorf("words are left: %s", s)
	}
}

// TestEncoded: a path that is an address already is what net/url makes of it.
func TestEncoded(t *testing.T) {
	paths := []string{"", ".", "..", "../", "a/b", "../../a-b_c.html", "a//b", "A9/./b", "%41", "a+b", "a~b", "a,b",
		"a b"}
	for c := range 256 {
		paths = append(paths, string([]byte{byte(c)}), "a/"+string([]byte{byte(c)})+"b",
			string([]byte{'a', byte(c), 'b'}))
	}
	for _, p := range paths {
		u := url.URL{Path: p}
		if encoded(p) != u.String() {
			t.Errorf("%q becomes %q, want %q", p, encoded(p), u.String())
		}
	}
}

// TestShown: a page is copied only where it holds what none may.
func TestShown(t *testing.T) {
	texts := []string{"", "a\nb\tc", "a\xffb", "\xc2", "\xc2a", "a\xc3", "\xed\xa0\x80", "\U0001f600"}
	for r := range rune(0x300) {
		texts = append(texts, "a"+string(r)+"b")
	}
	for _, s := range texts {
		if got, want := !unprintable.In([]byte(s)), string(bytes.Map(shown, []byte(s))) == s; got != want {
			t.Errorf("%q is shown as it is: %v, want %v", s, got, want)
		}
	}
}

func BenchmarkPage(b *testing.B) {
	s, p := newSite(b, testConfig), fullPage()
	for i := range 60 {
		p.Tree = append(p.Tree, Node{Link: Link{fmt.Sprintf("A page with a title %d", i),
			fmt.Sprintf("pages/%d.html", i)}})
	}
	for b.Loop() {
		if err := s.Page(io.Discard, p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	md := []byte(strings.Repeat("## Heading\n\nA paragraph with *words*, `code` and a [link](x.md). It goes on for a "+
		"while.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n", 20))
	b.SetBytes(int64(len(md)))
	for b.Loop() {
		render(md, "t", nil)
	}
}
