package sitetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// window is a way in which a reader looks at the site.
type window struct {
	name          string
	width, height int64
	scheme        string
}

// windows are those that are tested: the first two have both themes and both layouts.
var windows = []window{
	{"desktop light", 1280, 800, "light"},
	{"mobile dark", 320, 640, "dark"},
	{"desktop dark", 1280, 800, "dark"},
	{"mobile light", 320, 640, "light"},
	{"on paper", 720, 960, "print"}, // a letter with the margins of browsers
	{"forced colours", 1280, 800, "forced"},
}

// violation is a rule of axe that a page breaks, with the elements that do.
type violation struct {
	ID, Help string
	Nodes    []struct {
		HTML           string
		FailureSummary string
	}
}

// runAxe holds a page against WCAG 2.0 to 2.2, levels A and AA, and axe's best practices.
const runAxe = `axe.run(document, { resultTypes: ["violations"], runOnly: { type: "tag",
	values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"] } })
	.then(r => r.violations)`

// TestAxe: axe-core finds nothing on any kind of page, and no page is wider than its
// window. The long suite looks through all windows at pages with all that authors can
// write, the other through one of the first two at each template.
func TestAxe(t *testing.T) {
	axe := readAxe(t)
	dir := demoSite(t)
	b := newBrowser(t)
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	p := b.tab(t, server.URL)
	pages := pageShapes(t, dir)
	if long {
		pages = pageKinds(t, dir)
	}
	t.Logf("%d pages: %s", len(pages), pages)
	for _, kind := range []string{`^versions/\d+/\d+\.html$`, `^versions/\d+/\d+-changes\.html$`} {
		if !slices.ContainsFunc(pages, regexp.MustCompile(kind).MatchString) {
			t.Errorf("no page %s", kind)
		}
	}
	if !slices.ContainsFunc(pages, func(p string) bool { return holds(t, dir, p, ">Older versions: ") }) {
		pages = append(pages, pageWith(t, dir, ">Older versions: "))
	}
	for i, page := range pages {
		tried := windows[i%2 : i%2+1]
		if long {
			tried = windows
		}
		p.look(windows[0].width, windows[0].height, windows[0].scheme)
		p.open(server.URL + "/" + page)
		p.examine(axe, page, tried)
	}
	for i, search := range [][2]string{{"search.html?q=notices+backup", ".hit-text mark"},
		{"spaces/ENG/index.html", ".finder .place"}} {
		tried := windows[i : i+1]
		if long {
			tried = windows
		}
		p.look(windows[0].width, windows[0].height, windows[0].scheme)
		p.open(server.URL + "/" + search[0])
		if !strings.Contains(search[0], "?") {
			p.shortcut("k", "KeyK", 75, control)
			p.wait(`document.activeElement === document.querySelector(".finder[open] input")`)
			p.press("backup")
		}
		p.wait(`document.querySelector("` + search[1] + `")`)
		p.examine(axe, "found at "+search[0], tried)
	}
}

// examine holds what the tab shows against axe in several windows.
func (p *tab) examine(axe, page string, tried []window) {
	t := p.t
	p.do(chromedp.Evaluate[chromedp.Void](axe))
	for _, w := range tried {
		p.look(w.width, w.height, w.scheme)
		for _, v := range eval[[]violation](p, runAxe) {
			if w.scheme == "print" && v.ID == "target-size" {
				continue // nobody points at paper
			}
			t.Errorf("%s, %s: %s (%s)%s", page, w.name, v.Help, v.ID, v.where())
		}
		if wide := eval[int](p, "document.documentElement.scrollWidth"); wide > int(w.width) {
			t.Errorf("%s, %s: %d pixels wide", page, w.name, wide)
		}
	}
}

// holds tells whether a page has a text in its source.
func holds(t *testing.T, dir, page, text string) bool {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, page))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(data), text)
}

// pageWith is the first page that has a text in its source.
func pageWith(t *testing.T, dir, text string) string {
	t.Helper()
	for _, page := range sitePages(t, dir) {
		if holds(t, dir, page, text) {
			return page
		}
	}
	t.Fatalf("no page has %q", text)
	return ""
}

// readAxe returns the script of axe-core, without the statements around it.
func readAxe(t *testing.T) string {
	t.Helper()
	file := os.Getenv("AGC_AXE")
	if file == "" {
		file = inRepository(axeFile)
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("ACCESSIBILITY NOT TESTED: %v; run `npm ci --prefix .ci/tools`, or name axe.min.js in AGC_AXE", err)
	}
	return string(axe)
}

// where lists the first elements that break a rule.
func (v violation) where() string {
	var b strings.Builder
	for i, n := range v.Nodes {
		if i == 3 {
			fmt.Fprintf(&b, "\n\tand %d more", len(v.Nodes)-i)
			break
		}
		fmt.Fprintf(&b, "\n\t%.200s\n\t%.300s", n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", " "))
	}
	return b.String()
}

// screenshots is where pictures of the site go, to be looked at; git ignores it.
var screenshots = inRepository("testdata/screenshots")

// TestScreenshots leaves pictures of the site in testdata/screenshots, to be looked at.
func TestScreenshots(t *testing.T) {
	if !long {
		t.Skip("AGC_LONG=1 makes them")
	}
	dir := demoSite(t)
	p := newBrowser(t).tab(t, "file://")
	most, wide := longestPage(t, dir), window{"wide", 1920, 1080, "light"}
	for name, shot := range map[string]struct {
		page   string
		window window
	}{
		"home": {"index.html", windows[0]}, "space": {"spaces/ENG/index.html", windows[0]},
		"page": {"pages/1343503.html", windows[0]}, "long": {most, wide},
		"blocks": {"pages/1409081.html", windows[0]}, "tables": {"pages/1409067.html", windows[0]},
		"formulas": {"pages/1376285.html#Units-and-datums", windows[0]},
		"tree":     {"spaces/ENG/pages.html", windows[0]}, "a-z": {"spaces/ENG/a-z.html", windows[0]},
		"blog": {"spaces/ENG/blog.html", windows[0]}, "dark": {most, windows[2]},
		"mobile": {"pages/1343503.html", windows[3]}, "mobile-dark": {"pages/1409067.html", windows[1]},
		"mobile-home":    {"index.html", windows[1]},
		"version":        {"versions/1343503/11.html", windows[0]},
		"version-mobile": {"versions/1343503/11.html", windows[1]},
		"changes":        {"versions/1343503/12-changes.html", windows[0]},
		"changes-mobile": {"versions/1343503/12-changes.html", windows[1]},
		"changes-dark":   {"versions/1343503/12-changes.html", windows[2]},
		"changes-print":  {"versions/1343503/12-changes.html", windows[4]},
		"versions":       {"pages/1343503.html#agc-about", windows[0]},
		"files-mobile":   {"pages/1343503.html#agc-attachments", windows[1]},
		"4K":             {most, window{"4K", 3840, 2160, "light"}},
	} {
		p.look(shot.window.width, shot.window.height, shot.window.scheme)
		p.open("file://" + filepath.Join(dir, shot.page))
		p.picture(name + ".png")
	}
	p.look(1280, 800, "light")
	p.open("file://" + filepath.Join(dir, most))
	pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF())
	if err == nil {
		err = os.WriteFile(filepath.Join(screenshots, "print.pdf"), pdf, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// picture saves what the window shows.
func (p *tab) picture(name string) {
	p.t.Helper()
	data, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(screenshots, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(screenshots, name), data, 0o644)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
