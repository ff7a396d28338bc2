package site

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// printed is a Print of two pages and one below the first.
func printed() Print {
	return Print{Path: "spaces/ENG/print.html", Space: Link{"Engineering", "spaces/ENG/index.html"},
		Source: "https://x.example/wiki/spaces/ENG", Changed: "2026-03-01T02:17:00Z",
		Entries: []PrintedPage{
			{Link: Link{"One (CUI)", "pages/1.html"}, ID: "1", Source: "https://x.example/1", Marking: "CUI",
				Fetched: "2026-03-01T02:17:00Z"},
			{Link: Link{"Below <one>", "pages/2.html"}, ID: "2", Depth: 1},
			{Link: Link{"Three", "blog/3.html"}, ID: "3"}}}
}

// TestPrint: pages stand one after the other under identifiers of their own, and what leads from one to another leads
// to its place there.
func TestPrint(t *testing.T) {
	s := newSite(t, testConfig)
	pages := map[string]string{
		"1": `<h1>One</h1><h2 id="a">A</h2><p id="x" class="q" title="&lt;">To <a href="#a">a</a>, ` +
			`<a href="2.html">two</a>, <a href="../blog/3.html#b%20c">three</a>, <a href="9.html#d">nine</a>, ` +
			`<a href="https://e.org/#a">away</a>, <a href="#agc-comment-7">said</a> ` +
			`<img src="../attachments/1/a%20b.png" alt=""></p><h6 id="h">H</h6>`,
		"2": `<h1>Two</h1><div aria-labelledby="a b"><h2 id="a">A</h2><b id="b">&amp;</b></div>`,
		"3": `<h1>Three</h1><h2 id="b c">B</h2>`,
	}
	var out strings.Builder
	err := s.Print(&out, printed(), func(p PrintedPage) ([]byte, error) {
		return []byte(`<body><main id="agc-main" tabindex="-1">` + pages[p.ID] + "</main><p>Around</p></body>"), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `<section class="printed" id="agc-p1">
<h2>One</h2><h3 id="agc-p1-a">A</h3><p id="agc-p1-x" class="q" title="&lt;">To <a href="#agc-p1-a">a</a>, ` +
		`<a href="#agc-p2">two</a>, <a href="#agc-p3-b%20c">three</a>, <a href="../../pages/9.html#d">nine</a>, ` +
		`<a href="https://e.org/#a">away</a>, <a href="../../pages/1.html#agc-comment-7">said</a> ` +
		`<img src="../../attachments/1/a%20b.png" alt=""></p><h6 id="agc-p1-h">H</h6>` +
		`<p class="quiet"><strong>CUI</strong> · <a href="https://x.example/1" rel="noopener noreferrer">` +
		`https://x.example/1</a> · Copy fetched <time datetime="2026-03-01T02:17:00Z">1 March 2026</time></p>
</section>
<section class="printed" id="agc-p2">
<h2>Two</h2><div aria-labelledby="agc-p2-a agc-p2-b"><h3 id="agc-p2-a">A</h3><b id="agc-p2-b">&amp;</b></div>` +
		`<p class="quiet"></p>
</section>
<section class="printed" id="agc-p3">
<h2>Three</h2><h3 id="agc-p3-b c">B</h3><p class="quiet"></p>
</section>
`
	got := out.String()
	if i := strings.Index(got, "<section"); i < 0 || !strings.HasPrefix(got[i:], want) {
		t.Error(cmp.Diff(want, got[max(i, 0):]))
	}
	for _, must := range []string{`<meta name="robots" content="noindex">`,
		"<ul>\n<li><a href=\"#agc-p1\">One (CUI)</a><ul>\n<li><a href=\"#agc-p2\">Below &lt;one&gt;</a></li></ul>" +
			"</li>\n<li><a href=\"#agc-p3\">Three</a></li></ul>",
		"This copy last changed on "} {
		if !strings.Contains(got, must) {
			t.Errorf("the page lacks %q", must)
		}
	}
	if strings.Contains(got, "Around") || strings.Contains(got, printMark) {
		t.Error("the page holds what it should not")
	}
}

// TestPrintIsFlat: a page of pages needs the memory of one of them.
func TestPrintIsFlat(t *testing.T) {
	s, p := newSite(t, testConfig), printed()
	for i := range 100 {
		p.Entries = append(p.Entries, PrintedPage{Link: Link{"P", fmt.Sprintf("pages/9%d.html", i)},
			ID: fmt.Sprint(9, i)})
	}
	body := []byte("<main>" + strings.Repeat(`<p>Words with <a href="1.html">a link</a>.</p>`, 5000) + "</main>")
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	read, most := 0, uint64(0)
	err := s.Print(io.Discard, p, func(PrintedPage) ([]byte, error) {
		if read++; read%20 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
		}
		return bytes.Clone(body), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if grown := int64(most) - int64(before.HeapAlloc); grown > 6<<20 {
		t.Errorf("%d pages of %d bytes took %d bytes", read, len(body), grown)
	}
}
