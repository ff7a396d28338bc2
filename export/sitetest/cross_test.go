package sitetest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// thief is a page of another site. It loads what it is given in every way there is, and
// tells what came of each: a script that has called us, a file that is there, a text.
const thief = `<!doctype html><title>thief</title><body><script>
window.got = [];
const note = what => { got.push(what); };
const called = (_, name) => (...args) => note("a script calls " + String(name));
const trap = new Proxy(function () {}, { get: called, set: () => true });
Object.defineProperty(window, "AGC", { get: () => trap, set: () => {} });
function load(element, url, attribute, kind) {
	return new Promise(done => {
		const e = document.createElement(element);
		if (kind) e.rel = kind;
		e.onload = () => {
			const frame = element === "iframe" || element === "embed";
			if (!frame) note("<" + element + " " + (kind || "") + "> loads " + url);
			done();
		};
		e.onerror = () => done();
		e.onloadedmetadata = () => { note("<" + element + "> plays " + url); done(); };
		e[attribute] = url;
		document.body.append(e);
		setTimeout(done, 3000);
	});
}
async function fetches(url, options) {
	try {
		const r = await fetch(url, options);
		note("fetch " + JSON.stringify(options) + " gets " + r.type + " " + r.status + " of " + url);
	} catch (e) {}
}
async function steal(urls) {
	await Promise.all(urls.flatMap(u => [
		load("script", u, "src"), load("img", u, "src"), load("iframe", u, "src"),
		load("link", u, "href", "stylesheet"), load("link", u, "href", "prefetch"),
		load("object", u, "data"), load("embed", u, "src"), load("video", u, "src"),
		import(u).then(() => note("import of " + u), () => {}),
		fetches(u, { mode: "no-cors" }), fetches(u, { mode: "no-cors", credentials: "include" }),
		fetches(u, { mode: "cors" }), fetches(u, { mode: "cors", method: "POST" }),
		fetches(u, { mode: "cors", headers: { "X-A": "b" } }),
	]));
	return got.length;
}
</script>`

// readable are files of a site of each kind that another site could use: the index, the
// tree and the old addresses, which are scripts, and what is a picture, a page or a text.
func readable(t *testing.T, dir string) []string {
	t.Helper()
	files := []string{"index.html", "llms.txt", "attachments/1343503/chain.png", "attachments/1343503/hosts.csv",
		"spaces/ENG/recent.xml"}
	for _, pattern := range []string{"search/index.js", "search/*.js", "redirects/*.js", "nav/*.js", "nav/*/*.js",
		"assets/site-*.js", "assets/site-*.css", "attachments/*/fog-horn.wav", "attachments/*/*.pdf"} {
		found, err := fs.Glob(os.DirFS(dir), pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found[:min(len(found), 2)]...)
	}
	if len(files) < 12 {
		t.Fatalf("only %q", files)
	}
	return files
}

// A page of another site that a reader visits gets nothing of this one: no title out of the
// index, the tree or the old addresses, no picture, no text, no frame. That it gets all of
// a server without our headers shows that it would.
func TestOtherSites(t *testing.T) {
	dir := demoSite(t)
	b := newBrowser(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, thief)
	}))
	t.Cleanup(elsewhere.Close)
	plain := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(plain.Close)
	for _, name := range append([]string{"plain"}, shownBy...) {
		if (name == "apache2" || name == "nginx") && !long {
			continue // TestServersAgree wants the same headers of all
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel() // it waits for what never loads
			base := plain.URL
			if name != "plain" {
				base = startServer(t, name, dir)
			}
			from := []string{elsewhere.URL} // of another port, of which the browser shows us the frames
			if long && name != "plain" {
				from = append(from, strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1))
			}
			for _, from := range from {
				got, frames := steal(t, b, from, base, readable(t, dir))
				if open := len(got) > 20 && len(frames) > 10; name == "plain" && !open {
					t.Errorf("the test has lost its point: it gets %d things and %d frames of an open server", len(got),
						len(frames))
				} else if name != "plain" && (len(got) > 0 || len(frames) > 0) {
					t.Errorf("%s gets %.2000q, and frames with %.2000q", from, got, frames)
				}
			}
		})
	}
}

// steal opens the page of another site, and returns what that gets, with what
// its frames show.
func steal(t *testing.T, b *browser, from, base string, files []string) (got, frames []string) {
	t.Helper()
	p := b.tab(t, "http://")
	p.do(chromedp.Navigate(from))
	var urls []string
	for _, f := range files {
		urls = append(urls, base+"/"+f)
	}
	list, err := json.Marshal(urls)
	if err != nil {
		t.Fatal(err)
	}
	eval[int](p, fmt.Sprintf("steal(%s)", list))
	got = eval[[]string](p, "got")
	for _, child := range send(p, page.GetFrameTree, cdp.Empty{}).FrameTree.ChildFrames {
		if u := child.Frame.URL; child.Frame.UnreachableURL == "" && u != "" && u != "about:blank" &&
			!strings.HasPrefix(u, "chrome-error:") {
			frames = append(frames, u)
		}
	}
	p.do(chromedp.Navigate("about:blank"))
	p.mu.Lock()
	p.trouble = nil // what was refused is told on the console
	p.mu.Unlock()
	return got, frames
}

// The site's own pages lose nothing by it: the index, the tree, pictures and sounds load, and
// pictures, sounds and PDFs that are opened by themselves are shown.
func TestServedPages(t *testing.T) {
	dir := demoSite(t)
	b := newBrowser(t)
	for _, name := range shownBy {
		if name == "apache2" && !long {
			continue // TestServersAgree wants the same headers of all
		}
		t.Run(name, func(t *testing.T) {
			base := startServer(t, name, dir)
			p := b.tab(t, base)
			p.look(1280, 800, "light")
			p.open(base + "/search.html?q=notices")
			p.wait(`document.querySelectorAll(".hit-where").length > 1`)
			p.open(base + "/pages/1343503.html")
			p.wait(`document.querySelector("#agc-nav [aria-current]") && document.querySelector("main img")` +
				`.naturalWidth > 0`)
			p.open(base + "/pages/1736719.html")
			p.do(chromedp.Navigate(base + "/attachments/1343503/chain.png"))
			p.wait(`document.contentType === "image/png" && document.images[0].naturalWidth > 0`)
			for pattern, shows := range map[string]string{
				"attachments/*/fog-horn.wav": `document.querySelector("video, audio").duration > 0`,
				"attachments/*/*.pdf":        `document.contentType === "application/pdf"`,
			} {
				found, err := fs.Glob(os.DirFS(dir), pattern)
				if err != nil || len(found) == 0 {
					t.Fatal(pattern, err)
				}
				p.do(chromedp.Navigate(base + "/" + found[0]))
				p.wait(shows)
			}
			p.mu.Lock()
			for i := 0; i < len(p.trouble); i++ {
				if strings.Contains(p.trouble[i], "favicon.ico") ||
					strings.Contains(p.trouble[i], "chrome-extension:") {
					p.trouble = append(p.trouble[:i], p.trouble[i+1:]...) // of the viewers
					i--
				}
			}
			p.mu.Unlock()
			p.quiet()
		})
	}
}
