package sitetest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"agc-export/export/exporttest"
)

// spacing sets text as wide as WCAG 1.4.12 lets readers set it. A sheet of the script's own is not held up by the
// policy of the page.
const spacing = `(() => {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; " +
		"word-spacing: .16em !important; } p { margin-bottom: 2em !important; }");
	document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
	return new Promise(done => setTimeout(() => done(true), 50)); // tables see whether they must scroll now
})()`

// clipped are elements of whose own text a part cannot be seen, and cannot be scrolled to either.
const clipped = `[...document.querySelectorAll("body *")].filter(e => {
	const s = getComputedStyle(e), own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
	const cut = s.overflowX === "hidden" && e.scrollWidth > e.clientWidth + 1 ||
		s.overflowY === "hidden" && e.scrollHeight > e.clientHeight + 1;
	return own && cut && e.clientWidth > 1 && e.checkVisibility({ visibilityProperty: true });
}).map(e => e.outerHTML.slice(0, 120))`

// Where readers set text wider, nothing is lost and no page grows wider than its window.
func TestTextSpacing(t *testing.T) {
	dir := demoSite(t)
	p := newBrowser(t).tab(t, "file://")
	pages := []string{"index.html", "search.html", "spaces/ENG/index.html", longestPage(t, dir)}
	if long {
		pages = pageKinds(t, dir)
	}
	for _, w := range []window{{"telephone", 320, 640, "light"}, {"desktop", 1280, 800, "light"}} {
		p.look(w.width, w.height, w.scheme)
		for _, page := range pages {
			if page == "404.html" {
				continue // see TestPagesOpen
			}
			p.open("file://" + filepath.Join(dir, page))
			eval[bool](p, spacing)
			if at := eval[struct{ Line, Over float64 }](p, widest); at.Over > 0 {
				t.Errorf("%s, %s: %.0f pixels wider than the window", page, w.name, at.Over)
			}
			for _, cut := range eval[[]string](p, clipped) {
				t.Errorf("%s, %s: cut off: %s", page, w.name, cut)
			}
		}
	}
}

// disorder are elements that a reader meets before what stands above them: blocks of text and what the keyboard
// reaches, in a window of one column; and elements that name a place of their own in the order of the keyboard. The
// switch of colours, which stands alone, follows the search and is shown above it there.
const disorder = `(() => {
	const faults = [...document.querySelectorAll("[tabindex]")].filter(e => e.tabIndex > 0);
	let last = 0;
	for (const e of document.querySelectorAll("h1, h2, h3, p, li, a[href], button, input, select, summary")) {
		if (!e.checkVisibility({ visibilityProperty: true })) continue;
		const r = e.getBoundingClientRect(), top = r.top + scrollY;
		if (r.height < 2 || e.closest(".skip, .theme, table, [class*=layout], pre, dialog")) continue;
		if (r.bottom + scrollY < last - 2) faults.push(e);
		last = Math.max(last, top);
	}
	return faults.map(e => e.outerHTML.slice(0, 120));
})()`

// What is read and what the keyboard reaches come in the order in which they are seen.
func TestOrder(t *testing.T) {
	dir := demoSite(t)
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	p := newBrowser(t).tab(t, server.URL)
	p.look(320, 640, "light")
	pages := pageShapes(t, dir)
	if long {
		pages = pageKinds(t, dir)
	}
	for _, page := range pages {
		p.open(server.URL + "/" + page)
		for _, fault := range eval[[]string](p, disorder) {
			t.Errorf("%s: out of order: %s", page, fault)
		}
	}
}

// Ways through the site beside the text stand in the same order and the parts of the frame have the same names on all
// pages, and what has both a name for readers and a text has the text in its name, so that one who speaks it is
// understood.
func TestSameWays(t *testing.T) {
	dir := demoSite(t)
	before := map[[2]string]string{} // a way and one after it: a page that has them so
	names := map[string]string{}     // id of a part of the frame: its name
	for _, page := range sitePages(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, page))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		var ways []string
		for n := range doc.Descendants() {
			name := strings.TrimSpace(exporttest.Attribute(n, "aria-label"))
			text := strings.Join(strings.Fields(text(n)), " ")
			if name != "" && text != "" && (n.Data == "a" || n.Data == "button") && !strings.Contains(name, text) {
				t.Errorf("%s: %q is called %q", page, text, name)
			}
			id := exporttest.Attribute(n, "id")
			if strings.HasPrefix(id, "agc-") && (n.Data == "button" || n.Data == "input") {
				if was, ok := names[id]; ok && was != n.Data+" "+name {
					t.Errorf("%s: %s is %q, elsewhere %q", page, id, name, was)
				}
				names[id] = n.Data + " " + name
			}
			if slices.Contains([]string{"header", "nav", "main", "footer"}, n.Data) && !inMain(n) {
				ways = append(ways, n.Data+" "+name+exporttest.Attribute(n, "aria-labelledby"))
			}
		}
		for i, a := range ways {
			for _, b := range ways[i+1:] {
				before[[2]string{a, b}] = page
			}
		}
	}
	for pair, page := range before {
		if other, ok := before[[2]string{pair[1], pair[0]}]; ok && pair[0] < pair[1] {
			t.Errorf("%s stands before %s on %s, and after it on %s", pair[0], pair[1], page, other)
		}
	}
	if len(before) < 3 || len(names) < 3 {
		t.Errorf("%d pairs of ways, %d names", len(before), len(names))
	}
}

// inMain tells whether a node stands within the text of its page.
func inMain(n *html.Node) bool {
	for a := range n.Ancestors() {
		if a.Data == "main" {
			return true
		}
	}
	return false
}

// text is the text within a node.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
