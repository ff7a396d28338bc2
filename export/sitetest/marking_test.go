package sitetest

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"agc-export/render/search"
	"agc-export/render/site"
	"agc-export/templates"
)

// TestPrintMarkings: on paper each sheet has the marking of its page at its top and at its bottom, in its color, and
// that of no other page.
func TestPrintMarkings(t *testing.T) {
	dir, s := markedSite(t)
	body := template.HTML(strings.Repeat("<p>"+strings.Repeat("Words on paper. ", 60)+"</p>", 10))
	p := newBrowser(t).tab(t, "file://")
	for rank, color := range map[int]string{1: "0 1 0 rg", 2: "1 0 0 rg"} {
		var page bytes.Buffer
		if err := s.Page(&page, site.Page{Path: "pages/1.html", Title: "T", Marked: site.Marked{Rank: rank},
			Body: site.Body{HTML: body}}); err != nil {
			t.Fatal(err)
		}
		put(t, dir, "pages/1.html", page.Bytes())
		p.open("file://" + filepath.Join(dir, "pages/1.html"))
		pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF())
		if err != nil {
			t.Fatal(err)
		}
		sheets, want := sheetsOf(pdf), []string{"MARKED LOW", "MARKED HIGH"}[rank-1]
		if len(sheets) < 3 {
			t.Fatalf("only %d sheets", len(sheets))
		}
		for i, sheet := range sheets {
			top, bottom := sheet.texts[0], sheet.texts[len(sheet.texts)-1]
			if top != want || bottom != want || !strings.Contains(sheet.drawn, " RG "+color) {
				t.Errorf("sheet %d of %d begins with %q and ends with %q, want %q on %s", i+1, len(sheets), top, bottom,
					want, color)
			}
		}
	}
}

// markedSite is a folder with what all pages of a site with two markings need.
func markedSite(t *testing.T) (dir string, s *site.Site) {
	t.Helper()
	s, err := site.New(site.Config{Title: "S", Markings: []site.Marking{{Text: "MARKED LOW", Color: "#00ff00"},
		{Text: "MARKED HIGH", Color: "#ff0000"}}}, templates.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for _, a := range s.Assets() {
		put(t, dir, a.Path, a.Data)
	}
	return dir, s
}

// put writes a file of a site.
func put(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestFoundMarkings: what is found says its marking, on the page of results and in the dialog.
func TestFoundMarkings(t *testing.T) {
	dir, s := markedSite(t)
	foundMarked(t, dir, s)
	p := newBrowser(t).tab(t, "file://")
	p.open("file://" + filepath.Join(dir, "search.html?q=harbor"))
	const said = `[...document.querySelectorAll("%s .hit-where")].map(e => e.textContent.split(" · ")[0]).sort().join()`
	p.wait(fmt.Sprintf(said, "#agc-results") + ` === "MARKED HIGH,MARKED LOW"`)
	eval[bool](p, `(AGC.open("harbor"), true)`)
	p.wait(fmt.Sprintf(said, ".finder[open]") + ` === "MARKED HIGH,MARKED LOW"`)
}

// foundMarked puts a page of results into a folder, and what it searches.
func foundMarked(t *testing.T, dir string, s *site.Site) {
	t.Helper()
	index := search.New(func(name string, data []byte) error {
		put(t, dir, "search/"+name, data)
		return nil
	})
	for _, d := range []search.Document{{Title: "Harbor", Href: "pages/1.html", Kind: "page", Marking: "MARKED LOW"},
		{Title: "Harbor lights", Href: "pages/2.html", Kind: "page", Marking: "MARKED HIGH", Text: "A harbor."}} {
		if err := index.Add(d); err != nil {
			t.Fatal(err)
		}
	}
	var page bytes.Buffer
	err := errors.Join(index.Close(), s.Search(&page, site.Search{Path: "search.html", Marked: site.Marked{Rank: 2}}))
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "search.html", page.Bytes())
}

// TestAxeOfMarkings: axe-core finds nothing on marked pages of each kind: a page, a home, a list, a space as one page
// and the results of a search.
func TestAxeOfMarkings(t *testing.T) {
	axe := readAxe(t)
	dir, s := markedSite(t)
	const day = "2026-03-01T02:17:00Z"
	low, high := site.Marked{Rank: 1}, site.Marked{Rank: 2}
	one, space := site.Link{Text: "Harbor (MARKED LOW)", Href: "pages/1.html"}, site.Link{Text: "E", Href: "e.html"}
	entries := []site.Entry{{Link: one, Rank: 1},
		{Link: site.Link{Text: "Lights (MARKED HIGH)", Href: "pages/2.html"}, Rank: 2}}
	pages := map[string]func(io.Writer) error{
		"pages/1.html": func(w io.Writer) error {
			return s.Page(w, site.Page{Path: "pages/1.html", Title: "Harbor", Marked: low, Space: space,
				Fetched: day, Updated: "2026-02-01T02:17:00Z", Source: "https://x.example/1",
				Body: site.Body{HTML: "<h2 id=\"a\">A</h2><p>A harbor.</p>"}})
		},
		"index.html": func(w io.Writer) error {
			return s.Home(w, site.Home{Path: "index.html", Marked: high, Changed: day, Recent: entries,
				Spaces: []site.SpaceLink{{Link: space, Key: "E", Pages: 2}}})
		},
		"recent.html": func(w io.Writer) error {
			return s.List(w, site.ListPage{Path: "recent.html", Title: "Recent",
				Groups: []site.Group{{Entries: entries}}})
		},
		"print.html": func(w io.Writer) error {
			return s.Print(w, site.Print{Path: "print.html", Marked: high, Space: space,
				Entries: []site.PrintedPage{{Link: one, ID: "1", Marking: "MARKED LOW", Source: "https://x.example"}}},
				func(site.PrintedPage) ([]byte, error) { return os.ReadFile(filepath.Join(dir, "pages/1.html")) })
		},
	}
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	p := newBrowser(t).tab(t, server.URL)
	for _, name := range []string{"pages/1.html", "index.html", "recent.html", "print.html"} {
		var page bytes.Buffer
		if err := pages[name](&page); err != nil {
			t.Fatal(err)
		}
		put(t, dir, name, page.Bytes())
		tried := windows[:2]
		if long {
			tried = windows
		}
		p.open(server.URL + "/" + name)
		p.examine(axe, name, tried)
	}
	foundMarked(t, dir, s)
	p.open(server.URL + "/search.html?q=harbor")
	p.wait(`document.querySelector("#agc-results .hit-where")`)
	p.examine(axe, "what was found", windows[:1])
}

// sheet is a page of a PDF: how it is drawn, and its runs of text in their order.
type sheet struct {
	drawn string
	texts []string
}

var (
	stream = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	runs   = regexp.MustCompile(`(?s)\bBT\n(.*?)\bET\b`)
	glyphs = regexp.MustCompile(`<([0-9A-Fa-f]+)> ?Tj`)
	named  = regexp.MustCompile(`<([0-9A-F]{4})> (?:<([0-9A-F]{4})> )?<([0-9A-F]{4})>`)
)

// sheetsOf reads the sheets of a PDF as Chromium writes them. What a run says is read by the names of glyphs of the
// first font that has them all.
func sheetsOf(pdf []byte) (all []sheet) {
	var fonts []map[uint64]rune
	for _, data := range streamsOf(pdf) {
		if strings.Contains(data, "begincmap") {
			fonts = append(fonts, namesOf(data))
		}
	}
	for _, data := range streamsOf(pdf) {
		s := sheet{drawn: data}
		for _, text := range runs.FindAllStringSubmatch(data, -1) {
			s.texts = append(s.texts, read(text[1], fonts))
		}
		if len(s.texts) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// namesOf are the characters that glyphs of a font stand for, by its ToUnicode map.
func namesOf(data string) map[uint64]rune {
	font := map[uint64]rune{}
	number := func(hex string) uint64 { n, _ := strconv.ParseUint(hex, 16, 32); return n }
	for _, m := range named.FindAllStringSubmatch(data, -1) {
		from, to := number(m[1]), number(m[1])
		if m[2] != "" {
			to = number(m[2])
		}
		for g := from; g <= to; g++ {
			font[g] = rune(number(m[3]) + g - from)
		}
	}
	return font
}

// read is what a run of glyphs says.
func read(run string, fonts []map[uint64]rune) string {
	hex := ""
	for _, m := range glyphs.FindAllStringSubmatch(run, -1) {
		hex += m[1]
	}
	for _, font := range fonts {
		said, whole := "", true
		for i := 0; i+4 <= len(hex); i += 4 {
			g, _ := strconv.ParseUint(hex[i:i+4], 16, 32)
			said, whole = said+string(font[g]), whole && font[g] != 0
		}
		if whole {
			return said
		}
	}
	return ""
}

// streamsOf are the packed streams of a PDF that can be read.
func streamsOf(pdf []byte) (all []string) {
	for _, m := range stream.FindAllSubmatch(pdf, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		if data, err := io.ReadAll(z); err == nil {
			all = append(all, string(data))
		}
	}
	return all
}
