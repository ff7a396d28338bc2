package sitetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"

	"agc-export/render/search"
)

// The limits of the search at 100,000 pages: what 95 of 100 queries may load, and how
// long they may take once that is there.
const (
	mostBytes = 400_000
	mostTime  = 150 // milliseconds
)

// bulkQueries are 50 queries as readers type them, in words of the generated documents:
// frequent and rare ones, several, beginnings, names, labels, files and identifiers.
func bulkQueries() []string {
	w := func(rank uint64) string { return bulkWord(rank) }
	queries := []string{
		"the", "page", "use", "you", "can", w(60), w(100), w(150), w(220), w(400), // frequent
		w(900), w(2500), w(7000), w(20000), w(60000), w(90000), // rarer
		"page " + w(70), "use " + w(300), w(80) + " " + w(90), w(120) + " " + w(500), w(300) + " " + w(3000),
		w(2000) + " " + w(40), w(1500) + " " + w(1600), "new " + w(8000),
		"the page of " + w(200), "how to use " + w(250), w(60) + " " + w(70) + " " + w(80),
		w(100) + " " + w(1000) + " " + w(5000), "all the " + w(33) + " with " + w(66),
		"which one will you use for " + w(800), "that the from it be are " + w(50),
		w(60)[:2], w(150)[:3], w(400)[:3], w(2500)[:4], w(700)[:2], w(90) + " " + w(700)[:3], // beginnings
		"ENG-123", "ENG-4567", "ENG-19999", "ENG-1", "report-2004-1236.pdf", "report-2010", "2017", // identifiers
		bulkPerson(17), bulkPerson(1234), strings.Fields(bulkPerson(2222))[1], w(1100), // people and labels
		"zzzznothing", w(61) + " zzzznothing",
	}
	return queries
}

// TestSearchLarge measures building and searching an index of 100,000 documents, or as
// many as AGC_DOCUMENTS says, in the browser, from a disk and from a server.
func TestSearchLarge(t *testing.T) {
	if !long {
		t.Skip("AGC_LONG=1 measures the search at 100,000 documents")
	}
	docs := 100_000
	if n, err := strconv.Atoi(os.Getenv("AGC_DOCUMENTS")); err == nil {
		docs = n
	}
	dir := searchSite(t)
	buildBulk(t, filepath.Join(dir, "search"), bulk{docs, 400})
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()
	b := newBrowser(t)
	for _, base := range []string{"file://" + filepath.ToSlash(dir) + "/", server.URL + "/"} {
		measureQueries(t, b.tab(t, base), base, dir)
	}
}

// searchSite is a folder with the page of results and all it needs but an index.
func searchSite(t *testing.T) string {
	t.Helper()
	demo, dir := demoSite(t), t.TempDir()
	files, err := filepath.Glob(filepath.Join(demo, "assets/*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, filepath.Join(demo, "search.html")) {
		rel, err := filepath.Rel(demo, file)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, rel)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, rel), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// buildBulk writes the index of generated documents into a folder and reports how long
// it took, how much memory it needed at the most, and how large it is.
func buildBulk(t *testing.T, dir string, b bulk) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	files, size := 0, 0
	x := search.New(func(name string, data []byte) error {
		files++
		size += len(data)
		return os.WriteFile(filepath.Join(dir, name), data, 0o644)
	})
	debug.FreeOSMemory()
	before, most := heap(), uint64(0)
	cpu := processTime()
	spent, n := time.Duration(0), 0
	for d := range b.all() {
		begun := processTime()
		if err := x.Add(d); err != nil {
			t.Fatal(err)
		}
		spent += processTime() - begun
		if n++; n%500 == 0 {
			most = max(most, heap())
		}
	}
	begun := processTime()
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	most = max(most, heap())
	spent += processTime() - begun
	t.Logf("%d documents of %d words: index built in %.1f s of processor time (%.1f s with making them up), %d MB of "+
		"memory at the most, %d files, %.1f MB",
		b.docs, b.words, spent.Seconds(), (processTime() - cpu).Seconds(), (most-before)>>20, files, float64(size)/1e6)
}

// heap is the memory that the program holds.
func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// answer is what one query took: milliseconds until titles and until excerpts were
// there, and once more when all was loaded.
type answer struct{ Titles, Texts, Again, Total float64 }

// askFor asks a query twice.
const askFor = `(async q => {
	const s = AGC.search, now = () => performance.now(), begun = now();
	const found = await s.find(q, {}, 10);
	await Promise.all(found.hits.map(s.row));
	const titles = now() - begun;
	await Promise.all(found.hits.map(s.text));
	const texts = now() - begun, second = now(), again = await s.find(q, {}, 10);
	await Promise.all(again.hits.map(hit => s.row(hit).then(s.text)));
	return { Titles: titles, Texts: texts, Again: now() - second, Total: found.total };
})`

// measureQueries asks each query on a page that was just opened, without a cache.
func measureQueries(t *testing.T, p *tab, base, dir string) {
	t.Helper()
	send(p, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	var sizes, cold, warm []float64
	for _, q := range bulkQueries() {
		p.open(base + "search.html")
		p.requests()
		a := eval[answer](p, fmt.Sprintf("%s(%q)", askFor, q))
		loaded := 0.0
		asked := p.requests()
		for _, url := range asked {
			if !strings.Contains(url, "/search/") {
				continue // the site's sign, which a browser asks for when it likes
			}
			info, err := os.Stat(filepath.Join(dir, "search", path.Base(url)))
			if err != nil {
				t.Fatal(err)
			}
			loaded += float64(info.Size())
		}
		sizes, cold, warm = append(sizes, loaded), append(cold, a.Texts), append(warm, a.Again)
		t.Logf("%-40q %7.0f found %3d files %4.0f kB %4.0f ms to titles %4.0f ms to excerpts %4.0f ms again", q,
			a.Total, len(asked), loaded/1000, a.Titles, a.Texts, a.Again)
	}
	scheme, _, _ := strings.Cut(base, ":")
	t.Logf("%s: kB loaded %s; ms with loading %s; ms when all is loaded %s", scheme, spread(sizes, 1000),
		spread(cold, 1), spread(warm, 1))
	if n := over(sizes, mostBytes); n > len(sizes)/20 {
		t.Errorf("%s: %d of %d queries load more than %d bytes", scheme, n, len(sizes), mostBytes)
	}
	if n := over(warm, mostTime); n > len(warm)/20 {
		t.Errorf("%s: %d of %d queries take more than %d ms", scheme, n, len(warm), mostTime)
	}
}

// spread is the median, the 95th percentile and the greatest of some figures.
func spread(figures []float64, unit float64) string {
	s := slices.Sorted(slices.Values(figures))
	return fmt.Sprintf("p50 %.0f p95 %.0f max %.0f", s[len(s)/2]/unit, s[len(s)*95/100]/unit, s[len(s)-1]/unit)
}

func over(figures []float64, limit float64) int {
	n := 0
	for _, f := range figures {
		if f > limit {
			n++
		}
	}
	return n
}
