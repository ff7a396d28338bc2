package sitetest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"golang.org/x/net/html"

	"agc-export/export/output"
)

// question is a line of testdata/questions.txt.
type question struct {
	kind, words string
	answers     []string // ends of the titles of the pages that answer it
}

// engine is a search that is compared: a page of the server, and an expression that gives the titles
// of the first five pages for the words %q.
type engine struct{ name, page, ask string }

// engines are ours and two from npm.
var engines = []engine{
	{"agc-export", "site/search.html", `AGC.search.find(%q, {}, 5).then(async f => {
		await Promise.all(f.hits.map(AGC.search.text));
		return f.hits.map(h => h.row.t);
	})`},
	{"pagefind", "blank.html", `import("/pagefind/pagefind.js").then(async p => {
		const found = await p.search(%q);
		const data = await Promise.all(found.results.slice(0, 5).map(r => r.data()));
		return data.map(d => d.meta.title);
	})`},
	{"minisearch", "blank.html", `(async q => {
		await new Promise((done, failed) => { const s = document.createElement("script"); s.src = "/minisearch.js";
			s.onload = done; s.onerror = failed; document.head.append(s); });
		const docs = await (await fetch("/docs.json")).json();
		const m = new MiniSearch({ fields: ["title", "headings", "text"], storeFields: ["title"],
			searchOptions: { boost: { title: 3, headings: 1.5 }, fuzzy: 0.2, prefix: true } });
		m.addAll(docs);
		return m.search(q).slice(0, 5).map(r => r.title);
	})(%q)`},
}

// TestSearchQuality asks the questions of testdata/questions.txt of our search and of two others, on the
// pages of the corpus and of the demo, and compares how often the page that answers is the first, or
// among the first five; and what each loads and takes on a page that was just opened.
func TestSearchQuality(t *testing.T) {
	corpus := os.Getenv("AGC_CORPUS")
	if !long || corpus == "" {
		t.Skip("AGC_LONG=1 and AGC_CORPUS compare the search with others")
	}
	bin := inRepository(".ci/tools/node_modules/pagefind/lib/runner/bin.cjs")
	if _, err := os.Stat(bin); err != nil {
		t.Skipf("SEARCH NOT COMPARED: %v; install Node 20 and run `npm ci --prefix .ci/tools`", err)
	}
	dir := t.TempDir()
	tenant, site := library(t, corpus), filepath.Join(dir, "out", output.CurrentLink, output.SiteDir)
	if err := run("demo", "--quiet", "--dir", dir, "--tenant", tenant); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "pagefind")
	index := exec.Command("node", bin, "--site", filepath.Join(site, "pages"), "--root-selector", "main",
		"--output-path", out, "--quiet")
	if said, err := index.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	server := httptest.NewServer(shelves(t, site, out))
	defer server.Close()
	asked, b := questions(t), newBrowser(t)
	best := map[string][2]int{}
	for _, e := range engines {
		p := b.tab(t, server.URL)
		best[e.name] = e.try(t, p, server.URL, asked)
	}
	for name, r := range best {
		if ours := best["agc-export"]; ours[0] < r[0] || ours[1] < r[1] {
			t.Errorf("%s answers %d at once and %d among five, and ours %d and %d", name, r[0], r[1], ours[0], ours[1])
		}
	}
}

// try asks all questions, and returns how many the first page answers, and how many one of five.
func (e engine) try(t *testing.T, p *tab, base string, asked []question) (right [2]int) {
	send(p, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	var bytes, times []float64
	for _, q := range asked {
		p.open(base + "/" + e.page)
		a := eval[struct {
			Titles []string
			Time   float64
			Bytes  float64
		}](p, `(async () => { const begun = performance.now(), titles = await `+fmt.Sprintf(e.ask, q.words)+`;
			const sizes = performance.getEntriesByType("resource").filter(r => !/\.css|site-/.test(r.name));
			return { Titles: titles, Time: performance.now() - begun,
				Bytes: sizes.reduce((sum, r) => sum + r.encodedBodySize, 0) }; })()`)
		at := slices.IndexFunc(a.Titles, func(title string) bool {
			return slices.ContainsFunc(q.answers, func(end string) bool { return strings.HasSuffix(title, end) })
		})
		if at == 0 {
			right[0]++
		} else {
			t.Logf("%s, %s: %q has %d: %q", e.name, q.kind, q.words, at, a.Titles)
		}
		if at >= 0 {
			right[1]++
		}
		bytes, times = append(bytes, a.Bytes), append(times, a.Time)
	}
	t.Logf("%-10s of %d: %d first, %d of five; kB %s; ms %s", e.name, len(asked), right[0], right[1],
		spread(bytes, 1000), spread(times, 1))
	return right
}

// questions reads testdata/questions.txt.
func questions(t *testing.T) (all []question) {
	data, err := os.ReadFile("testdata/questions.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		words, answers, ok := strings.Cut(strings.TrimSpace(line), " => ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		q := question{answers: strings.Split(answers, " | ")}
		q.kind, q.words, _ = strings.Cut(words, ": ")
		all = append(all, q)
	}
	return all
}

// library is a tenant of the demo's pages and those of the corpus, which are called by their paths.
func library(t *testing.T, corpus string) string {
	t.Helper()
	dir, n := t.TempDir(), 5_000_000
	if err := os.CopyFS(dir, os.DirFS(inRepository("testdata/tenant"))); err != nil {
		t.Fatal(err)
	}
	add := func(title, body string) {
		n++
		text := fmt.Sprintf("+++\nid = \"%d\"\ntitle = %s\n+++\n%s", n, strconv.Quote(title), body)
		file := filepath.Join(dir, "CORPUS", fmt.Sprintf("p%d.xml", n))
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	toml, err := os.ReadFile(filepath.Join(dir, "tenant.toml"))
	if err == nil {
		toml = append(toml, "\n[[spaces]]\nid = \"990000\"\nkey = \"CORPUS\"\nname = \"C\"\ntype = \"global\"\n"...)
		err = os.WriteFile(filepath.Join(dir, "tenant.toml"), toml, 0o644)
	}
	if err == nil {
		err = os.Mkdir(filepath.Join(dir, "CORPUS"), 0o755)
	}
	if err == nil {
		err = fs.WalkDir(os.DirFS(corpus), ".", func(p string, d fs.DirEntry, err error) error {
			if ext := filepath.Ext(p); err != nil || ext != ".xml" && ext != ".xhtml" && ext != ".storage" {
				return err
			}
			data, err := os.ReadFile(filepath.Join(corpus, p))
			add(strings.TrimSuffix(p, filepath.Ext(p)), string(data))
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	add("Thai", "<p>คู่มือความปลอดภัยของระบบท่าเรือ เจ้าหน้าที่ต้องตรวจสอบอุปกรณ์ทุกวัน</p>")
	return dir
}

// shelves serves a site below site/, the index of Pagefind, what MiniSearch makes its own of, and a page
// without a policy, for Pagefind needs one that ours forbids.
func shelves(t *testing.T, site, pagefind string) http.Handler {
	t.Helper()
	docs, err := json.Marshal(documents(t, filepath.Join(site, "pages")))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/site/", http.StripPrefix("/site/", http.FileServer(http.Dir(site))))
	mux.Handle("/pagefind/", http.StripPrefix("/pagefind/", http.FileServer(http.Dir(pagefind))))
	mux.HandleFunc("/minisearch.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, inRepository(".ci/tools/node_modules/minisearch/dist/umd/index.js"))
	})
	mux.HandleFunc("/docs.json", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(docs) })
	mux.HandleFunc("/blank.html", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<!doctype html><title>-</title><link rel="icon" href="data:,">`))
	})
	return mux
}

// blanks are what stands between words.
var blanks = regexp.MustCompile(`\s+`)

// documents are the pages as MiniSearch takes them.
func documents(t *testing.T, dir string) (all []map[string]any) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(files) < 100 {
		t.Fatalf("%d pages: %v", len(files), err)
	}
	for i, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		root, err := html.Parse(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		d := map[string]string{}
		for n := range root.Descendants() {
			switch n.Data {
			case "main":
				d["text"] = said(n)
			case "h1":
				d["title"] = said(n)
			case "h2", "h3", "h4":
				d["headings"] += said(n) + " "
			}
		}
		all = append(all, map[string]any{"id": i, "title": d["title"], "headings": d["headings"], "text": d["text"]})
	}
	return all
}

// said is the text of an element.
func said(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.TrimSpace(blanks.ReplaceAllString(b.String(), " "))
}
