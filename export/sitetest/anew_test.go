package sitetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"agc-export/export/exporttest"
)

// searchFor types a query into the page of results.
const searchFor = `(q => { const box = document.getElementById("agc-q"); box.value = q; ` +
	`box.dispatchEvent(new Event("input")); return true; })(%q)`

// unfold opens the first closed part of the tree, and keeps it as window.part.
const unfold = `(() => { window.part = [...document.querySelectorAll("#agc-nav details:not([open])")].find(d => ` +
	`!d.querySelector("a")); part.querySelector("summary").click(); return part.open || true; })()`

// A reader who is in the middle of a page when the site is published anew goes on with
// the new one: the search and the tree find that their files are gone, look for the new
// ones, and show what these say. Where even those are not to be had they say what to do.
func TestSearchAnew(t *testing.T) {
	if !long {
		t.Skip("AGC_LONG=1 publishes a site twice")
	}
	tenant, dir := t.TempDir(), t.TempDir()
	if err := os.CopyFS(tenant, exporttest.Tenant()); err != nil {
		t.Fatal(err)
	}
	publish(t, tenant, dir)
	var broken atomic.Bool
	files := http.FileServer(http.Dir(filepath.Join(dir, "out", "current", "site")))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() && (strings.HasPrefix(r.URL.Path, "/search/") || strings.HasPrefix(r.URL.Path, "/nav/")) {
			http.NotFound(w, r)
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	b := newBrowser(t)
	results, other, page := b.tab(t, server.URL), b.tab(t, server.URL), b.tab(t, server.URL)
	other.open(server.URL + "/search.html")
	eval[int](other, `AGC.search.find("", "", 10).then(f => f.total)`) // the index alone
	results.open(server.URL + "/search.html")
	eval[int](results, `AGC.search.find("notices", "", 200).then(f => f.total)`) // all but the texts
	page.open(server.URL + "/pages/1343503.html")
	// as in a space of many files, of which it has used none
	eval[bool](page, `AGC.nav("ENG", [["0", "ENG-0123456789.js"]]) ?? true`)

	changeAll(t, tenant)
	publish(t, tenant, dir)
	eval[bool](results, fmt.Sprintf(searchFor, "notices"))
	results.wait(`document.querySelector("#agc-results .hit-text mark")`)
	results.missed(t, "/search/x-")
	eval[bool](other, fmt.Sprintf(searchFor, "zephyrlight"))
	other.wait(`document.querySelectorAll("#agc-results .hit-text mark").length >= 10`)
	other.missed(t, "/search/t-")
	eval[bool](page, unfold)
	page.wait(`part.textContent.includes("anew")`)
	page.missed(t, "/nav/ENG-")

	results.open(server.URL + "/search.html")
	page.open(server.URL + "/pages/1343503.html")
	broken.Store(true)
	eval[bool](results, fmt.Sprintf(searchFor, "notices"))
	results.wait(`document.getElementById("agc-count").textContent.includes("Load this page again")`)
	if !eval[bool](results, `document.getElementById("agc-browse").checkVisibility() && `+
		`!document.querySelector("#agc-results li")`) {
		t.Error("without an index the lists of all pages are not shown")
	}
	results.missed(t, "/search/index.js")
	eval[bool](page, unfold)
	page.wait(`part.querySelector("[role=alert]")?.textContent.includes("Load the page again")`)
	page.missed(t, "/nav/ENG.js")

	broken.Store(false)
	eval[bool](results, fmt.Sprintf(searchFor, "notices outage"))
	results.wait(`document.querySelector("#agc-results .hit-text mark")`)
	eval[bool](page, `part.querySelector("summary").click() ?? true`)
	page.wait(`!part.open`)
	eval[bool](page, `part.querySelector("summary").click() ?? true`)
	page.wait(`part.querySelector("a")`)
}

// publish exports a tenant into a folder.
func publish(t *testing.T, tenant, dir string) {
	t.Helper()
	err := run("demo", "--quiet", "--tenant", tenant, "--dir", dir)
	if err != nil {
		t.Fatal(err)
	}
}

// changeAll changes most pages of a tenant and their titles.
func changeAll(t *testing.T, tenant string) {
	t.Helper()
	version, title := regexp.MustCompile(`(?m)^version = (\d+)\n`), regexp.MustCompile(`(?m)^title = "(.*)"\n`)
	files, err := filepath.Glob(filepath.Join(tenant, "ENG", "*", "*", "*.xml"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, body, ok := strings.Cut(string(data), "\n+++\n")
		if !ok {
			continue
		}
		head = version.ReplaceAllStringFunc(head+"\n", func(s string) string {
			n, _ := strconv.Atoi(strings.Fields(s)[2])
			return fmt.Sprintf("version = %d\n", n+1)
		})
		head = title.ReplaceAllString(head, "title = \"$1 anew\"\n")
		if err := os.WriteFile(file, []byte(head+"+++\n"+body+"<p>zephyrlight</p>"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// missed wants that the page has asked in vain for a file whose address holds a text, and
// forgets that it complained of this and nothing else.
func (p *tab) missed(t *testing.T, file string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	missed := false
	for _, what := range p.trouble {
		if !strings.Contains(what, "404") && !strings.Contains(what, "not executable") {
			t.Errorf("the page %s", what)
		}
		missed = missed || strings.Contains(what, file)
	}
	if !missed {
		t.Errorf("no file %s… was missed: the test shows nothing", file)
	}
	p.trouble = nil
}
