package sitetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// shifts is how much of the window has moved by itself since the page was opened, as
// https://wicg.github.io/layout-instability/ reckons it: nothing below 0.1 is noticed.
const shifts = `new Promise(done => {
	let sum = 0;
	new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value; }))
		.observe({ type: "layout-shift", buffered: true });
	setTimeout(() => done(sum), 150);
})`

// widest is the width of the longest line of text in letters, and how far the page
// can be scrolled sideways.
const widest = `(() => {
	const em = e => parseFloat(getComputedStyle(e).fontSize);
	const text = [...document.querySelectorAll("main > p:not(.quiet), main > ul > li, main > h2")];
	return { Line: Math.max(0, ...text.map(e => e.clientWidth / em(e))),
		Over: document.documentElement.scrollWidth - innerWidth };
})()`

// Pages do not move under the reader's eyes, are never wider than the window, from the
// smallest telephone to the largest screen, and their lines stay short enough to read.
func TestLook(t *testing.T) {
	dir := demoSite(t)
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	p := newBrowser(t).tab(t, server.URL)
	pages := []string{longestPage(t, dir)}
	if long {
		pages = pageKinds(t, dir)
	}
	for _, w := range []window{{"telephone", 320, 640, "light"}, {"desktop", 1280, 800, "dark"},
		{"4K", 3840, 2160, "light"}} {
		p.look(w.width, w.height, w.scheme)
		for _, page := range pages {
			p.open(server.URL + "/" + page)
			if moved := eval[float64](p, shifts); moved >= 0.01 {
				t.Errorf("%s, %s: what is seen moves by %.3f", page, w.name, moved)
			}
			most := 48.
			if eval[bool](p, `!!document.querySelector("main.wide")`) {
				most = 90 // as its author wanted it
			}
			if at := eval[struct{ Line, Over float64 }](p, widest); at.Line > most || at.Over > 0 {
				t.Errorf("%s, %s: a line of %.0f em, %.0f pixels wider than the window", page, w.name, at.Line, at.Over)
			}
		}
	}
}

// Titles that cannot be broken between words, as of files and programs, make no page wider
// than a telephone.
func TestLongWords(t *testing.T) {
	p := newBrowser(t).tab(t, "file://")
	p.look(320, 640, "light")
	for _, page := range []string{"index.html", "spaces/ENG/index.html", "spaces/ENG/a-z.html", "spaces/ENG/pages.html",
		"pages/1343503.html"} {
		p.open("file://" + filepath.Join(demoSite(t), page))
		eval[bool](p, `document.querySelectorAll("h1, h2, .crumbs a, .when a, main > p a, .entries a, .outline a, `+
			`.whole li > a, .spaces a, .turn a, .labels a, .toc a")`+
			`.forEach(e => { e.textContent = "release_of_the_harbor_program".repeat(4); }) ?? true`)
		if at := eval[struct{ Line, Over float64 }](p, widest); at.Over > 0 {
			t.Errorf("%s is %.0f pixels wider than the window", page, at.Over)
		}
	}
}

// Where there is no page, at whatever depth, 404.html has its style and leads home.
func TestLostPage(t *testing.T) {
	dir := demoSite(t)
	lost, err := os.ReadFile(filepath.Join(dir, "404.html"))
	if err != nil {
		t.Fatal(err)
	}
	files := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(r.URL.Path))); err == nil {
			files.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		w.Write(lost)
	}))
	t.Cleanup(server.Close)
	p := newBrowser(t).tab(t, server.URL)
	for _, page := range []string{"/nothing", "/pages/nothing.html", "/a/b/c/d/nothing/"} {
		p.do(chromedp.Navigate(server.URL + page))
		p.missed(t, page)
		words := eval[string](p, `document.querySelector("#agc-lost:not([hidden]) a").textContent + `+
			`document.querySelector("#agc-lost a").search`)
		if words != "nothing?q=nothing" {
			t.Errorf("%s: offers to search for %s", page, words)
		}
		if !eval[bool](p, `getComputedStyle(document.querySelector(".bar")).display === "flex" && `+
			`document.querySelector("h1").textContent === "Page not found"`) {
			t.Errorf("%s: without style", page)
		}
	}
	follow(p, "main a.enter")
	p.wait(`document.querySelector(".spaces")`)
	// Addresses of the old wiki that no server leads on.
	for old, want := range map[string]string{
		"/wiki/display/ENG/Rotate+certificates":                 "/pages/1343503.html",
		"/wiki/spaces/ENG/pages/edit-v2/1343503":                "/pages/1343503.html",
		"/pages/viewpage.action?pageId=1343503":                 "/pages/1343503.html",
		"/wiki/download/attachments/1376285/tide-curve.svg":     "/attachments/1376285/tide-curve.svg.txt",
		"/wiki/download/thumbnails/1343503/chain.png?x=1":       "/attachments/1343503/chain.png",
		"/wiki/spaces/ENG/pages/1343503/R?focusedCommentId=7#x": "/pages/1343503.html?focusedCommentId=7#x",
		"/wiki/search?text=tide%20curve":                        "/search.html?q=tide+curve",
		"/wiki/dosearchsite.action?queryString=tide":            "/search.html?q=tide",
		"/wiki/label/ENG/tls":                                   "/search.html?space=ENG&label=tls",
		"/wiki/label/tls":                                       "/search.html?label=tls",
		"/wiki/people/712020:1f6e":                              "/people/",
		"/wiki/spaces/viewspace.action?key=ENG":                 "/spaces/ENG/",
		"/wiki/home":                                            "/",
	} {
		p.do(chromedp.Navigate(server.URL + old))
		p.wait(fmt.Sprintf("location.pathname + location.search + location.hash === %q", want))
		old, _, _ = strings.Cut(old, "#")
		p.missed(t, old)
	}
	// A page that was not kept: the words of its address are offered from where the address led.
	p.do(chromedp.Navigate(server.URL + "/wiki/spaces/ENG/pages/999/Tide+tables_2"))
	p.wait(`location.pathname === "/pages/999.html" &&
		document.querySelector("#agc-lost a")?.textContent === "Tide tables 2"`)
	p.missed(t, "/pages/999.html")
	// From a disk it has its style too.
	disk := newBrowser(t).tab(t, "file://")
	disk.lacks = "file:///" // all other addresses of the page begin at the root of a server
	disk.do(chromedp.Navigate("file://" + filepath.ToSlash(filepath.Join(dir, "404.html"))))
	disk.wait(`getComputedStyle(document.querySelector(".bar")).display === "flex"`)
}
