package sitetest

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

// published is the folder of a demo, exported once for all tests that look at it.
// TestMain removes it.
var published = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "agc-export-site-")
	if err != nil {
		return "", err
	}
	atEnd = append(atEnd, func() { os.RemoveAll(dir) })
	err = run("demo", "--quiet", "--dir", dir, "--export-history", "bodies", "--export-attachment-versions", "all",
		"--export-history-published", "true")
	return dir, err
})

// demoSite is the folder of the demo's site.
func demoSite(t *testing.T) string {
	t.Helper()
	dir, err := published()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "out", "current", "site")
}

// sitePages lists the pages of a site, as paths with slashes, sorted.
func sitePages(t *testing.T, dir string) []string {
	t.Helper()
	var pages []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(p, ".html") &&
			!strings.HasPrefix(p, "attachments/") {
			pages = append(pages, p)
		}
		return err
	})
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d pages in %s: %v", len(pages), dir, err)
	}
	return pages
}

// long tells whether the long suite runs, which spares no page.
var long = os.Getenv("AGC_LONG") != ""

// pageShapes picks a page for each shape of an address: all of a folder are of one
// shape, and so are those of two spaces that are called alike but for numbers. So a new
// template is looked at without a change here.
func pageShapes(t *testing.T, dir string) []string {
	t.Helper()
	return cover(t, dir, func([]byte) []string { return nil })
}

// pageKinds picks few pages that together show all that a site has: each shape of an
// address, and each class name.
func pageKinds(t *testing.T, dir string) []string {
	t.Helper()
	return cover(t, dir, classNames)
}

// cover picks pages until each shape of an address and each mark of a page is seen.
func cover(t *testing.T, dir string, marksOf func(page []byte) []string) []string {
	t.Helper()
	shape := regexp.MustCompile(`^(spaces)/[^/]+|^(\w+)/[^/]+$|[0-9]+`)
	marks := map[string][]string{}
	for _, p := range sitePages(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, p))
		if err != nil {
			t.Fatal(err)
		}
		marks[p] = append(marksOf(data), "address "+shape.ReplaceAllString(p, "$1$2*"))
	}
	var kinds []string
	seen := map[string]bool{}
	for {
		best, most := "", 0
		for _, p := range sitePages(t, dir) {
			fresh := slices.DeleteFunc(slices.Clone(marks[p]), func(m string) bool { return seen[m] })
			if len(fresh) > most {
				best, most = p, len(fresh)
			}
		}
		if most == 0 {
			return kinds
		}
		kinds = append(kinds, best)
		for _, m := range marks[best] {
			seen[m] = true
		}
	}
}

// classNames lists the class names in a page, each once.
func classNames(page []byte) []string {
	var names []string
	z := html.NewTokenizer(bytes.NewReader(page))
	for z.Next() != html.ErrorToken {
		for _, a := range z.Token().Attr {
			if a.Key == "class" {
				names = append(names, strings.Fields(a.Val)...)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// The ways in which a site is opened: from a disk, and from a server.
const (
	fromDisk   = "file"
	fromServer = "http"
)

// overBoth opens a tab on the demo's site as from a disk, and one as from a server,
// and runs a test in each; the short suite in the one of them that is named. base ends with a slash.
func overBoth(t *testing.T, short string, test func(t *testing.T, p *tab, base string)) {
	dir := demoSite(t)
	b := newBrowser(t)
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	for scheme, base := range map[string]string{fromDisk: "file://" + filepath.ToSlash(dir) + "/",
		fromServer: server.URL + "/"} {
		if long || short == scheme {
			t.Run(scheme, func(t *testing.T) { test(t, b.tab(t, base), base) })
		}
	}
}

// Every page opens without an error, a breach of its security policy, or a request to
// anywhere but the site itself. Without AGC_LONG some stand for all.
func TestPagesOpen(t *testing.T) {
	overBoth(t, fromDisk, func(t *testing.T, p *tab, base string) { // the short suite's other tests open from a server
		pages := pageShapes(t, demoSite(t))
		if long {
			pages = sitePages(t, demoSite(t))
		}
		for _, page := range pages {
			if page == "404.html" && strings.HasPrefix(base, "file:") {
				continue // only servers show it, so its links begin at the server's root
			}
			p.open(base + page)
			if n := eval[int](p, "document.querySelectorAll('main').length"); n != 1 {
				t.Errorf("%s has %d <main>", page, n)
			}
			if t.Failed() {
				t.Fatalf("above: %s", page)
			}
		}
	})
}

// A reader goes from the site's home to a space, to a page, and down its tree.
func TestWalkTree(t *testing.T) {
	overBoth(t, fromDisk, func(t *testing.T, p *tab, base string) {
		p.look(1280, 800, "light")
		p.open(base + "index.html")
		follow(p, `main a[href*="spaces/ENG/index.html"]`)
		follow(p, `main a[href*="pages/"]`)
		for range 3 {
			here := eval[string](p, `document.querySelector("#agc-nav [aria-current]").textContent.trim()`)
			if title := eval[string](p, `document.querySelector("h1").textContent`); !strings.Contains(title, here) {
				t.Errorf("the tree marks %q on the page %q", here, title)
			}
			if !eval[bool](p, `(() => {
				const n = document.querySelector("#agc-nav").getBoundingClientRect();
				const a = document.querySelector("#agc-nav [aria-current]").getBoundingClientRect();
				return a.top >= n.top && a.bottom <= n.bottom && a.bottom <= innerHeight })()`) {
				t.Errorf("%q is not in view in the tree", here)
			}
			if !eval[bool](p, `!!document.querySelector("#agc-nav li:has(> a[aria-current], `+
				`> details > [aria-current], > [aria-current]) ul a")`) {
				break
			}
			follow(p, `#agc-nav li:has(> a[aria-current], > details > [aria-current], > [aria-current]) ul a`)
		}
		if depth := eval[int](p, `document.querySelectorAll("nav[aria-label=Breadcrumb] li").length`); depth < 2 {
			t.Errorf("only %d steps in the breadcrumb at the end of the walk", depth)
		}
		follow(p, `nav[aria-label=Breadcrumb] a`)
		p.quiet()
	})
}

// follow clicks the first link that a selector finds, and waits for the other page.
func follow(p *tab, selector string) {
	p.t.Helper()
	to := eval[string](p, fmt.Sprintf("document.querySelector(%q)?.href", selector))
	if to == "" {
		p.t.Fatalf("no %s on %s", selector, eval[string](p, "location.href"))
	}
	if _, err := chromedp.Run(p.ctx, chromedp.WaitEvent(page.LoadEventFired, nil,
		chromedp.Click(selector))); err != nil {
		p.t.Fatalf("click %s: %v", selector, err)
	}
	// Some servers lead from .../index.html to the folder.
	if at := eval[string](p, "location.href"); at != to && at+"index.html" != to {
		p.t.Fatalf("a click on %s leads to %s, want %s", selector, at, to)
	}
}

// The theme is the system's until the reader chooses, and may be again; a choice over HTTP lasts.
func TestDark(t *testing.T) {
	overBoth(t, fromServer, func(t *testing.T, p *tab, base string) {
		const ground = "getComputedStyle(document.body).backgroundColor"
		p.look(1280, 800, "light")
		p.open(base + "index.html")
		light := eval[string](p, ground)
		p.look(1280, 800, "dark")
		dark := eval[string](p, ground)
		if light == dark {
			t.Fatalf("light and dark have the ground %s", light)
		}
		p.do(chromedp.Click("#agc-theme"))
		if got := eval[string](p, ground); got != light {
			t.Errorf("the ground is %s after the switch to light, want %s", got, light)
		}
		const said = `document.getElementById("agc-theme").ariaLabel`
		if got := eval[string](p, said); got != "Colours: light" {
			t.Errorf("the switch says %q of the colours", got)
		}
		p.open(base + "spaces/ENG/index.html")
		if got := eval[string](p, ground); got != light {
			t.Errorf("the ground is %s on the next page, want %s", got, light)
		}
		for _, want := range [][2]string{{dark, "Colours: dark"}, {dark, "Colours: automatic"}} {
			p.do(chromedp.Click("#agc-theme"))
			if got := [2]string{eval[string](p, ground), eval[string](p, said)}; got != want {
				t.Errorf("the switch leads to %s, want %s", got, want)
			}
		}
		p.look(1280, 800, "light")
		if got := eval[string](p, ground); got != light {
			t.Errorf("the ground does not follow the system any more: %s", got)
		}
		eval[bool](p, "localStorage.clear() ?? true")
		p.quiet()
	})
}

// Printing shows the page's own content, on more sheets if there is more of it.
func TestPrint(t *testing.T) {
	dir := demoSite(t)
	p := newBrowser(t).tab(t, "file://")
	sheets := regexp.MustCompile(`/Type\s*/Page\b[^s]`)
	for page, least := range map[string]int{"index.html": 1, longestPage(t, dir): 2} {
		p.open("file://" + filepath.Join(dir, page))
		pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF())
		if err != nil {
			t.Fatal(err)
		}
		if n := len(sheets.FindAll(pdf, -1)); n < least || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			t.Errorf("%s prints on %d sheets, in %d bytes; want %d or more", page, n, len(pdf), least)
		}
	}
}

// The agency's marking is printed at the top and the bottom of each sheet: browsers do so
// with the head and the foot of what is laid out as a table.
func TestPrintBanner(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.open("file://" + filepath.Join(demoSite(t), "index.html"))
	send(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	got := eval[string](p, `(() => {
		document.body.insertAdjacentHTML("afterbegin", '<div class="banner">X</div>');
		document.body.insertAdjacentHTML("beforeend", '<div class="banner banner-low">X</div>');
		return [document.body, ...document.querySelectorAll(".banner, .side")]
			.map(e => getComputedStyle(e).display).join();
	})()`)
	if got != "table,table-header-group,table-footer-group" {
		t.Errorf("on paper the body and its banners are laid out as %s", got)
	}
}

// longestPage is the content whose page has most bytes.
func longestPage(t *testing.T, dir string) string {
	t.Helper()
	longest, size := "", int64(0)
	for _, page := range sitePages(t, dir) {
		info, err := os.Stat(filepath.Join(dir, page))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(page, "pages/") && info.Size() > size {
			longest, size = page, info.Size()
		}
	}
	return longest
}

// The keyboard alone reaches all that a mouse does, and one sees where it is.
func TestKeyboard(t *testing.T) {
	dir := demoSite(t)
	p := newBrowser(t).tab(t, "file://")
	p.look(1280, 800, "light")
	pages := []string{"index.html", "search.html", "spaces/ENG/index.html", longestPage(t, dir)}
	if long {
		pages = pageKinds(t, dir)
	}
	for _, page := range pages {
		if page == "404.html" {
			continue // see TestPagesOpen
		}
		p.open("file://" + filepath.Join(dir, page))
		want := eval[int](p, watchFocus)
		p.press(strings.Repeat("\t", min(want, 150)))
		for _, fault := range eval[[]string](p, "agcFaults") {
			t.Errorf("%s: %s", page, fault)
		}
		left := eval[[]string](p, "[...agcWanted].map(e => e.outerHTML.slice(0, 120))")
		if want <= 150 && len(left) > 0 {
			t.Errorf("%s: the keyboard does not reach %d of %d elements: %.300q", page, len(left), want, left)
		}
	}
}

// watchFocus counts the elements that the keyboard must reach, as far as they are
// shown, and from then on crosses off those that it does, noting what is wrong there.
const watchFocus = `(() => {
	window.agcFaults = [];
	const reached = "a[href], button, input, select, textarea, summary, [tabindex='0']";
	window.agcWanted = new Set([...document.querySelectorAll(reached)]
		.filter(e => !e.disabled && e.checkVisibility({ visibilityProperty: true }) && !e.closest("[inert]")));
	document.addEventListener("focusin", event => {
		const e = event.target, s = getComputedStyle(e), r = e.getBoundingClientRect();
		const fault = r.width < 1 || r.height < 1 ? "no size"
			: r.bottom < 0 || r.top > innerHeight || r.right < 0 || r.left > innerWidth ? "out of view"
			: s.outlineStyle === "none" || parseFloat(s.outlineWidth) < 1 ? "focus not seen" : "";
		if (fault) agcFaults.push(fault + ": " + e.outerHTML.slice(0, 120));
		agcWanted.delete(e);
	});
	const size = agcWanted.size;
	agcWanted.delete(document.activeElement);
	return size;
})()`
