package faketenant

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// manifestText is the least tenant.toml there can be.
const manifestText = `
[site]
name = "S"
url = "https://s.atlassian-us-gov-mod.net"
cloud_id = "c"
[[users]]
id = "u"
[[spaces]]
id = "1"
key = "K"
`

// files makes a file system of pairs of name and content.
func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

// TestLoadErrors: a tenant that is not right says where.
func TestLoadErrors(t *testing.T) {
	page := func(id string) string { return "+++\nid = \"" + id + "\"\n+++\n<p/>" }
	for _, tc := range []struct {
		want  string
		files fstest.MapFS
	}{
		{"tenant.toml: toml", files("tenant.toml", "[")},
		{"unknown key site.colour", files("tenant.toml",
			strings.Replace(manifestText, "[site]", "[site]\ncolour = 1", 1))},
		{"must be a user", files("tenant.toml", "[site]\nurl=\"u\"\ncloud_id=\"c\"")},
		{"are required", files("tenant.toml", "[site]\nurl=\"u\"")},
		{"numeric id", files("tenant.toml", manifestText+"[[spaces]]\nkey=\"X\"\nid=\"x\"")},
		{"K/a.xml: needs a numeric id", files("tenant.toml", manifestText, "K/a.xml", "<p/>")},
		{"K/a.xml: the front matter has no end", files("tenant.toml", manifestText, "K/a.xml", "+++\nid=\"1\"\n")},
		{"K/a.xml: unknown key colour", files("tenant.toml", manifestText, "K/a.xml", "+++\ncolour=\"1\"\n+++\n")},
		{"K/a.json: json: unknown field", files("tenant.toml", manifestText, "K/a.json", `{"id":"1","colour":1}`)},
		{"no space \"X\"", files("tenant.toml", manifestText, "X/a.xml", page("1"))},
		{"id 7 is there twice", files("tenant.toml", manifestText, "K/a.xml", page("7"), "K/b.xml", page("7"))},
		{"same place", files("tenant.toml", manifestText, "K/a.xml", page("7"), "K/a.json", `{"id":"8"}`)},
		{"no K/a.xml to be its parent", files("tenant.toml", manifestText, "K/a/b.xml", page("7"))},
		{"there is no parent 9", files("tenant.toml", manifestText, "K/a.json", `{"id":"1","parent":"9"}`)},
		{"there is no K/b.xml", files("tenant.toml", manifestText, "K/a.xml", page("7"), "K/b.files/x.png", "x")},
		{"no file for the attachment \"x.png\"",
			files("tenant.toml", manifestText, "K/a.json", `{"id":"1","attachments":[{"name":"x.png"}]}`)},
		{"there is no K/h.xml", files("tenant.toml",
			strings.Replace(manifestText, `key = "K"`, "key = \"K\"\nhomepage = \"K/h.xml\"", 1))},
		{"no page has the file K/i.png", files("tenant.toml", manifestText+"icon = \"K/i.png\"")},
		{"an issue has no key", files("tenant.toml", manifestText+"[[issues]]\nsummary = \"x\"")},
		{"unknown type \"poem\"", files("tenant.toml", manifestText, "K/a.json", `{"id":"1","type":"poem"}`)},
		{"unknown status \"lost\"", files("tenant.toml", manifestText, "K/a.json", `{"id":"1","status":"lost"}`)},
		{"neither user:ID nor group:NAME",
			files("tenant.toml", manifestText, "K/a.json", `{"id":"1","readers":["me"]}`)},
		{"a comment needs", files("tenant.toml", manifestText, "K/a.json", `{"id":"1","comments":[{"id":"x"}]}`)},
	} {
		_, err := New(tc.files)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("error %v, want one with %q", err, tc.want)
		}
	}
}

// TestPlain: pages by name, or by path where two have one name, folders as parents, ids that stay.
func TestPlain(t *testing.T) {
	load := func(fsys fs.FS) string {
		w, err := load(fsys)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		titles := map[string]string{"": "-"}
		for _, n := range w.nodes {
			titles[n.ID] = n.Title
		}
		for _, n := range w.nodes {
			fmt.Fprintf(&b, "%s|%s|%d|%s|%d\n", n.Title, titles[n.Parent], n.position, n.Body, n.Version)
		}
		return b.String()
	}
	ids := func(fsys fs.FS) map[string]string {
		w, err := load2(fsys)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	first := files("a.xml", "<p>a</p>", "a/b.xhtml", "b", "c/d/e.storage", "e", "note.txt", "-", "c/x.md", "-")
	got := load(first)
	for _, want := range []string{
		"Documents|-|0||1\n", "a|Documents|0|<p>a</p>|", "b|a|0|b|", "c|Documents|1||1\n", "d|c|0||1\n",
		"e|d|0|e|",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "\n"); n != 6 {
		t.Errorf("%d pages, want 6:\n%s", n, got)
	}
	before, after := ids(first), ids(files("a/b.xhtml", "changed", "c/d/e.storage", "e", "z.xml", "z"))
	for _, title := range []string{"b", "e", "d", "c", "Documents"} {
		if before[title] != after[title] || before[title] == "" {
			t.Errorf("%s has the id %q, then %q", title, before[title], after[title])
		}
	}
	if strings.Contains(load(files("a/b.xhtml", "changed")),
		strings.Split(strings.Split(got, "\nb|a|0|b|")[1], "\n")[0]) {
		t.Error("a changed page has its old version number")
	}
	got = load(files("a/one.xml", "1", "b/One.xml", "1", "c.xml", "c"))
	if want := "\na/one|a|0|"; !strings.Contains(got, want) || !strings.Contains(got, "\nb/One|b|0|") {
		t.Errorf("no %q in:\n%s", want, got)
	}
}

// load2 returns the ids of a tenant's contents by title.
func load2(fsys fs.FS) (map[string]string, error) {
	w, err := load(fsys)
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, n := range w.nodes {
		ids[n.Title] = n.ID
	}
	return ids, nil
}

// TestDemoTenant: the tenant of the demo is right.
func TestDemoTenant(t *testing.T) {
	dir := os.DirFS("../../testdata/tenant")
	if _, err := fs.Stat(dir, "tenant.toml"); err != nil {
		t.Skip("there is no demo tenant yet")
	}
	ten, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(ten.world.nodes) < 10 {
		t.Errorf("the demo tenant has %d contents", len(ten.world.nodes))
	}
}

// TestCorpus loads the folder that AGC_CORPUS names.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("AGC_CORPUS")
	if dir == "" {
		t.Skip("NOT LOADED: AGC_CORPUS does not name a folder of storage files")
	}
	start := time.Now()
	w, err := load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pages in %v", len(w.nodes), time.Since(start))
}
