package sitetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// replayer is the program that replays web archives, as .ci/run installs it.
const replayer = ".ci/tools/node_modules/@webrecorder/wabac/dist/sw.js"

// The web archive of a package replays in a browser: its first page is found, the style sheet holds, a link leads on
// a page is found by its address, and the site's own search finds some.
func TestReplay(t *testing.T) {
	program := inRepository(replayer)
	if _, err := os.Stat(program); err != nil {
		t.Skip("wabac is not installed: npm ci --prefix .ci/tools")
	}
	demoSite(t)
	dir, err := published()
	if err != nil {
		t.Fatal(err)
	}
	made := filepath.Join(t.TempDir(), "package")
	if err := run("package", "--quiet", "--config", filepath.Join(dir, "agc-export.toml"), "--wacz", made); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t)
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<title>replay</title>")
	})
	mux.HandleFunc("/sw.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, program) })
	mux.HandleFunc("/site.wacz", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(made, "data", "site.wacz"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	ctx, end := chromedp.NewContext(b.ctx)
	t.Cleanup(end)
	p := &tab{t: t, ctx: ctx, base: server.URL}
	p.do(chromedp.Navigate(server.URL + "/"))
	script := func(text string) {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](text+"; true")); err != nil {
			t.Fatal(err)
		}
	}
	script(`navigator.serviceWorker.register("/sw.js", {scope: "/"})`)
	p.wait(`navigator.serviceWorker.controller`)
	script(`navigator.serviceWorker.addEventListener("message", e => {
	window.added ||= e.data.msg_type === "collAdded";
});
navigator.serviceWorker.startMessages();
navigator.serviceWorker.controller.postMessage({msg_type: "addColl", name: "coll",
	file: {sourceUrl: location.origin + "/site.wacz"}})`)
	p.wait(`window.added`)
	// A replayed page stands in a frame: by itself it would lead to the frame around it.
	script(`const f = document.createElement("iframe");
f.id = "f"; f.src = "/w/coll/mp_/https://site.invalid/index.html";
document.body.append(f)`)
	shown := func(expr string) {
		t.Helper()
		p.wait(`(d => ` + expr + `)(document.querySelector("#f").contentDocument)`)
	}
	shown(`d.querySelector("h1") && d.body.innerText.includes("Engineering Handbook")`)
	shown(`[...d.styleSheets].some(s => s.cssRules.length > 50)`)
	script(`[...f.contentDocument.querySelectorAll("main a")].find(
	a => a.textContent.includes("Engineering Handbook")).click()`)
	shown(`d.location.href.includes("/spaces/ENG/") || d.location.href.includes("/pages/")`)
	script(`f.src = "/w/coll/mp_/https://site.invalid/pages/98561.html"`)
	shown(`d.body.innerText.includes("This handbook says")`)
	script(`f.src = "/w/coll/mp_/https://site.invalid/search.html"`)
	shown(`d.location.href.includes("search.html") && d.readyState === "complete" && d.getElementById("agc-q")`)
	script(`(d => { const q = d.getElementById("agc-q"); q.value = "notices"; q.dispatchEvent(new Event("input")) })
	(f.contentDocument)`)
	shown(`d.querySelectorAll("#agc-results a").length > 0`)
}
