package site

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"agc-export/templates"
)

var oldAddresses = []Old{
	{"/display/ENG/Rotate certificates", "pages/1.html"},
	{"/display/ENG/\"Push/pull\" <sync> \\ $x;", "pages/2.html"},
	{"/display/ENG/当直", "pages/3.html"},
	{"/spaces/ENG", "spaces/ENG/index.html"},
	{"/x/AQAB", "pages/4.html"}, {"/x/aQAB", "pages/5.html"}, {"/x/BQ", "pages/6.html"},
	{"/display/ENG/two\nlines", "pages/7.html"},
}

// TestRedirects reads the lines for each server: spellings with spaces and plus signs,
// quoting, and short addresses in which case counts.
func TestRedirects(t *testing.T) {
	s := newSite(t, Config{Title: "T", BaseURL: "https://docs.example/hand book/"})
	files, shards := s.Redirects(oldAddresses)
	text := written(t, files)
	for file, want := range map[string][]string{
		"server/redirects.nginx.map": {
			`"/display/ENG/Rotate+certificates" "/hand%20book/pages/1.html";`,
			`"/display/ENG/Rotate certificates" "/hand%20book/pages/1.html";`,
			`"/display/ENG/\"Push/pull\" <sync> \\ $x;" "/hand%20book/pages/2.html";`,
			`"~^/x/AQAB$" "/hand%20book/pages/4.html";`, `"~^/x/aQAB$" "/hand%20book/pages/5.html";`,
			`"/x/BQ" "/hand%20book/pages/6.html";`},
		"server/redirects.apache.txt": {
			"/display/eng/rotate+certificates /hand%20book/pages/1.html",
			"/display/eng/rotate%20certificates /hand%20book/pages/1.html",
			"/x/AQAB /hand%20book/pages/4.html", "/x/aQAB /hand%20book/pages/5.html",
			"/display/eng/%e5%bd%93%e7%9b%b4 /hand%20book/pages/3.html"},
		"site/_redirects": {
			"/display/ENG/%E5%BD%93%E7%9B%B4 /hand%20book/pages/3.html 301",
			"/display/ENG/two%0Alines /hand%20book/pages/7.html 301",
			"/wiki/spaces/:space/:kind/4/* /hand%20book/pages/4.html 301",
			"/wiki/x/AQAB /hand%20book/pages/4.html 301"},
		"site/redirects/0.js": {`"ENG/rotate certificates":"pages/1.html"`, `"ENG/当直":"pages/3.html"`},
	} {
		for _, line := range want {
			if !strings.Contains(text[file], line) {
				t.Errorf("%s lacks %s", file, line)
			}
		}
	}
	if strings.Contains(text["server/redirects.nginx.map"], "two\nlines") {
		t.Error("a line for nginx is broken in two")
	}
	if shards != 1 {
		t.Errorf("%d files for 404.html, want 1", shards)
	}
}

// written are the texts of files.
func written(t *testing.T, files []Stream) map[string]string {
	t.Helper()
	text := map[string]string{}
	for _, f := range files {
		var b strings.Builder
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		text[f.Path] = b.String()
	}
	return text
}

// TestNetlify reads _redirects as its servers do and follows each kind of old address.
func TestNetlify(t *testing.T) {
	s := newSite(t, Config{Title: "T"})
	files, _ := s.Redirects(append(oldAddresses, Old{"/display/ENG/:a *b/c", "pages/8.html"},
		Old{"/download/attachments/12/a b.html", "attachments/12/a b.html.txt"}))
	rules := written(t, files)["site/_redirects"]
	for from, want := range map[string]string{
		"/wiki/spaces/ENG/pages/4/Rotate+certificates": "/pages/4.html", "/wiki/spaces/ENG/pages/4": "/pages/4.html",
		"/wiki/spaces/ENG/pages/12": "", "/wiki/spaces/ENG/folder/4": "/pages/4.html",
		"/wiki/spaces/ENG/blog/2026/01/31/4/x": "/pages/4.html",
		"/wiki/pages/viewpage.action?pageId=4": "/pages/4.html", "/wiki/pages/viewpage.action?title=a": "",
		"/wiki/pages/viewpage.action?pageId=%0d%0aX:y": "",
		"/wiki/x/AQAB": "/pages/4.html", "/x/aQAB": "/pages/5.html",
		"/wiki/display/ENG/Rotate+certificates": "/pages/1.html", "/display/ENG/Rotate%20certificates": "/pages/1.html",
		"/wiki/display/ENG/%E5%BD%93%E7%9B%B4": "/pages/3.html", "/display/ENG/%3Aa+%2Ab/c": "/pages/8.html",
		"/display/ENG/:a+*b/c": "/pages/8.html", "/display/ENG/x+yb/c": "",
		"/wiki/spaces/ENG": "/spaces/ENG/index.html", "/wiki": "/index.html",
		"/wiki/download/attachments/12/a%20b.html": "/attachments/12/a%20b.html.txt",
		"/download/attachments/12/a+b.html":        "/attachments/12/a%20b.html.txt",
		"/wiki/nothing":                            "", "/wiki//host/x": "", "/wiki/display/ENG/none": "",
	} {
		if got := follow(t, rules, from); got != want {
			t.Errorf("%s leads to %q, want %q", from, got, want)
		}
	}
}

// follow is where the rules of a file lead from an address, or "".
func follow(t *testing.T, rules, address string) string {
	t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for rule := range strings.Lines(rules) {
		fields := strings.Fields(rule)
		if n := len(fields); n < 3 || n > 4 || fields[n-1] != "301" || strings.Contains(rule, "#") {
			t.Fatalf("no rule: %q", rule)
		}
		to, values, ok := fields[len(fields)-2], map[string]string{}, true
		if len(fields) == 4 {
			name, value, _ := strings.Cut(fields[1], "=")
			if ok = at.Query().Get(name) == value; strings.HasPrefix(value, ":") {
				values[value] = at.Query().Get(name)
				ok = values[value] != ""
			}
		}
		if ok && matchesRule(t, strings.Split(fields[0], "/"), strings.Split(strings.TrimSuffix(at.Path, "/"), "/"),
			values) {
			for name, value := range values {
				to = strings.ReplaceAll(to, name, value)
			}
			return to
		}
	}
	return ""
}

// matchesRule holds the parts of a path against those of a rule and notes what stands for what.
func matchesRule(t *testing.T, rule, path []string, values map[string]string) bool {
	t.Helper()
	for i, r := range rule {
		if r == "*" {
			values[":splat"] = strings.Join(path[min(i, len(path)):], "/")
			return i <= len(path)
		}
		plain, err := url.PathUnescape(r)
		switch {
		case err != nil:
			t.Fatal(err)
		case i >= len(path):
			return false
		case strings.HasPrefix(r, ":"):
			values[r] = path[i]
		case plain != path[i]:
			return false
		}
	}
	return len(rule) == len(path)
}

func TestOldKey(t *testing.T) {
	for path, want := range map[string]string{
		"/display/eng/Rotate  Certificates ": "ENG/rotate certificates", "/display/ENG": "ENG/",
		"/display/~712:a/ÄÖ": "~712:A/äö",
		"/display/ENG/ΣΑΣ":   "ENG/σασ", "/display/ENG/ﬁle İ": "ENG/file i", "/x/AQAB": "", "/spaces/ENG": "",
		"/download/attachments/12/a+B.html": "download/12/a B.html",
	} {
		if got, ok := OldKey(path); got != want || ok != (want != "") {
			t.Errorf("OldKey(%q) = %q, want %q", path, got, want)
		}
	}
}

// TestServers: no sample keeps a mark that it should have replaced.
func TestServers(t *testing.T) {
	s := newSite(t, testConfig)
	files, err := s.Servers(templates.FS)
	if err != nil || len(files) != 4 {
		t.Fatalf("%d samples: %v", len(files), err)
	}
	for _, f := range files {
		if mark := regexp.MustCompile(`@[A-Z.]+@`).Find(f.Data); mark != nil {
			t.Errorf("%s holds %s", f.Path, mark)
		}
		for _, must := range []string{"default-src 'none'; script-src 'self'", "nosniff", "sandbox",
			"Cross-Origin-Resource-Policy", "same-origin", "frame-ancestors 'none'", "DENY"} {
			if !strings.Contains(string(f.Data), must) {
				t.Errorf("%s lacks %s", f.Path, must)
			}
		}
	}
}

// TestFeed: a feed has the time of its newest entry, whatever their order and zones, and
// whole addresses where that of the site is known.
func TestFeed(t *testing.T) {
	f := Feed{Path: "spaces/ENG/recent.xml", Title: "Recent & new", ID: "tag:x,2020:a", Page: "spaces/ENG/recent.html",
		Entries: []FeedEntry{
			{Link: Link{"One <b> \x01", "pages/1.html"}, ID: "tag:x,2020:1", Updated: "2026-05-04T23:30:00.000-05:00",
				Labels: []string{"a&b"}},
			{Link: Link{"Two", "pages/2.html"}, ID: "tag:x,2020:2", Author: "Dana", Published: "never",
				Updated: "2026-05-05T04:00:00Z"}}}
	plain := string(newSite(t, testConfig).Feed(f))
	for _, must := range []string{"<title>Recent &amp; new</title>",
		" <updated>2026-05-05T04:30:00.000Z</updated>\n <entry>", "<title>One &lt;b&gt; </title>",
		`href="../../pages/1.html"`, `term="a&amp;b"`, "<name>Dana</name>"} {
		if !strings.Contains(plain, must) {
			t.Errorf("no %s in %s", must, plain)
		}
	}
	if strings.Contains(plain, "never") || strings.Contains(plain, "published") {
		t.Error("what is no time is told as one")
	}
	if whole := string(newSite(t, Config{BaseURL: "https://docs.example/a"}).Feed(f)); !strings.Contains(whole,
		`href="https://docs.example/a/pages/1.html"`) || !strings.Contains(whole, `rel="self"`) {
		t.Errorf("no whole addresses in %s", whole)
	}
}

// TestSitemap: more pages than one file may hold make several and an index of them.
func TestSitemap(t *testing.T) {
	s := newSite(t, Config{BaseURL: "https://docs.example/"})
	places := make([]Place, sitemapSize+1)
	for i := range places {
		places[i] = Place{"pages/1.html", "2026-05-04T00:00:00Z"}
	}
	if n := len(newSite(t, testConfig).Sitemap(places)); n != 0 {
		t.Errorf("%d files without an address of the site", n)
	}
	one := s.Sitemap(places[:1])
	if len(one) != 1 || !strings.Contains(string(one[0].Data),
		"<loc>https://docs.example/pages/1.html</loc>\n  <lastmod>2026-05-04T00:00:00.000Z</lastmod>") {
		t.Errorf("one page: %q", one)
	}
	files := s.Sitemap(places)
	if len(files) != 3 || files[2].Path != "sitemap.xml" ||
		strings.Count(string(files[0].Data), "<url>") != sitemapSize ||
		strings.Count(string(files[2].Data), "<loc>https://docs.example/sitemap-") != 2 {
		t.Errorf("%d files", len(files))
	}
}
