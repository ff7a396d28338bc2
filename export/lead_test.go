package export

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/export/exit"
	"agc-export/export/output"
)

// TestSmartLinks: where a Smart Link of the tree leads stands in its Markdown, in the front matter, on its
// page and in the lists; only what a browser may open is a link, an address of the site leads to the page
// that is here, and one of a page that not every reader may see is told nowhere.
func TestSmartLinks(t *testing.T) {
	const site = "https://s.atlassian-us-gov-mod.net/wiki/spaces/S/pages/"
	links := map[string]struct{ address, front, markdown, page string }{
		"201": {"https://x.example/a?b=1&c=<2>#d", `address: "https://x.example/a?b=1&c=<2>#d"`,
			"(https://x.example/a?b=1&c=%3C2%3E#d)", `href="https://x.example/a?b=1&amp;c=%3C2%3E#d"`},
		"202": {" HTTP://X.example/ ", `address: "HTTP://X.example/"`, "(HTTP://X.example/)",
			`href="HTTP://X.example/"`},
		"203": {"javascript:alert(1)", `address: "javascript:alert(1)"`, "\njavascript:alert(1)\n",
			"<p>javascript:alert(1)</p>"},
		"204": {"mailto:a@x.example", `address: "mailto:a@x.example"`, "mailto:", "<p>mailto:"},
		"205": {"", "", "# Link 205\n", ""},
		"206": {site + "101/Whatever", `address: "` + site, "[Open](open.md)", `<a href="101.html">Open</a>`},
		"207": {site + "102/zqtitle", "", "\nrestricted page (restricted)\n", "<p>restricted page (restricted)</p>"},
		"208": {"http://", `address: "http://"`, "http://", "<p>http://</p>"},
		"209": {"<b>no</b>&amp;", `address: "<b>no</b>`, `\<b`, "<p>&lt;b&gt;no&lt;/b&gt;"},
	}
	files := anewTenant(map[string]*anewPage{})
	page := func(id, title, more string) {
		files["S/"+id+".xml"] = &fstest.MapFile{Data: []byte("+++\nid = \"" + id + "\"\ntitle = \"" + title + "\"\n" +
			more + "\n+++\n")}
	}
	delete(files, "S/pages.json")
	page("101", "Open", "")
	page("102", "zqtitle", `readers = ["group:few"]`)
	for id, l := range links {
		page(id, "Link "+id, "type = \"embed\"\nembed_url = "+strconv.QuoteToASCII(l.address))
	}
	w := newWorld(t, files)
	w.export(t, exit.Complete)
	root := filepath.Join(w.Config.Output.Dir, output.CurrentLink)
	for id, l := range links {
		text := readFile(t, filepath.Join(root, output.MarkdownDir, "S/link-"+id+".md"))
		front, body, _ := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
		if !strings.Contains(front, l.front) || l.front == "" && strings.Contains(front, "address:") {
			t.Errorf("%s: front matter without %q:\n%s", id, l.front, front)
		}
		if !strings.Contains(body, l.markdown) {
			t.Errorf("%s: Markdown without %q:\n%s", id, l.markdown, body)
		}
		html := readFile(t, filepath.Join(root, output.SiteDir, "pages", id+".html"))
		if _, main, _ := strings.Cut(html, "<main"); !strings.Contains(main, l.page) {
			t.Errorf("%s: page without %q:\n%s", id, l.page, main)
		}
	}
	for _, name := range []string{"spaces/S/pages.html", "spaces/S/a-z.html", "spaces/S/recent.html"} {
		html := readFile(t, filepath.Join(root, output.SiteDir, name))
		if n := strings.Count(html, ` class="leads" href=`); n != 2 || !strings.Contains(html, ">x.example</a>") {
			t.Errorf("%s: %d addresses", name, n)
		}
	}
	each(t, root, func(path, text string) {
		if strings.Contains(strings.ToLower(text), "zqtitle") {
			t.Errorf("%s tells a title that few may see", path)
		}
	})
}
