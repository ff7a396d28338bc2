package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/output"
)

// formHead is the beginning of tenant.toml: a site with one space, whose name follows.
const formHead = `[site]
name = "F"
url = "https://f.atlassian-us-gov-mod.net"
cloud_id = "33333333-aaaa-4bbb-8ccc-444444444444"
[[users]]
id = "712020:1"
name = "Reader"
[[spaces]]
id = "1"
key = "T"
`

// Addresses of the site lead into the export in whatever form they are written, and those
// that name nothing of it stay what they are.
func TestAddressesOfEveryForm(t *testing.T) {
	const body = `<p><a href="viewpage.action?pageId=2601">A</a></p>` +
		`<p><a href="/pages/viewpage.action?pageId=2601">B</a></p>` +
		`<p><a href="/display/T/2026+Plan#Part">C</a></p><p><a href="/download/attachments/2601/a+b.pdf">D</a></p>` +
		`<p><img src="/download/attachments/2601/p.png" alt="own"/></p><p><a href="?pageId=2601#Part">E</a></p>` +
		`<p><a href="https://f.atlassian-us-gov-mod.net/display/T/2026+Plan">F</a></p>` +
		`<p><a href="../../display/T/2026+Plan">G</a></p>` +
		`<p><a href="pages/viewpage.action?spaceKey=T&amp;title=2026+Plan">H</a></p>` +
		`<p><a href="/wiki/download/thumbnails/2601/p.png?api=v2">I</a></p>` +
		`<p><ac:image><ri:url ri:value="https://f.atlassian-us-gov-mod.net/wiki/download/thumbnails/2601/p.png"/>` +
		`</ac:image></p>` +
		`<p><a href="/rest/api/content/2601/child/attachment/att9/download">J</a></p>` +
		`<p><a href="/download/attachments/embedded-page/T/2026%20Plan/p.png">K</a></p>` +
		`<p><a href="/display/T/Gone">L</a></p><p><a href="display/X">M</a></p><p><a href="x/AQAU">N</a></p>` +
		`<p><a href="spaces/list.html">O</a></p><p><a href="/secure/Dashboard.jspa">P</a></p>` +
		`<p><a href="https://other.example/display/T/2026+Plan">Q</a></p>` +
		`<p><a href="https://f.atlassian-us-gov-mod.net/browse/OPS-1" data-card-appearance="inline">` +
		`https://f.atlassian-us-gov-mod.net/browse/OPS-1</a></p>` +
		`<p><a href="/browse/OPS-1">R</a></p><p><a href="https://f.atlassian-us-gov-mod.net/browse/OPS-9">S</a></p>` +
		`<p><a href="https://F.atlassian-us-gov-mod.net:443/wiki/spaces/T/pages/2601">T</a></p>` +
		`<p><a href="/download/attachments/2601/a%2520b.pdf">U</a></p>` +
		`<p><a href="/wiki/display/T/2026%2520Plan#Part">V</a></p>` +
		`<h2>Part</h2>`
	const want = `[A](2026-plan.md)

[B](2026-plan.md)

[C](2026-plan.md#part)

[D](../attachments/2601/a%20b.pdf)

![own](../attachments/2601/p.png)

[E](2026-plan.md#part)

[F](2026-plan.md)

[G](2026-plan.md)

[H](2026-plan.md)

[I](../attachments/2601/p.png)

![](../attachments/2601/p.png)

[J](../attachments/2601/p.png)

[K](../attachments/2601/p.png)

[L](https://f.atlassian-us-gov-mod.net/wiki/display/T/Gone) (no such page)

M (display/X)

N (x/AQAU)

O (spaces/list.html)

P (/secure/Dashboard.jspa)

[Q](https://other.example/display/T/2026+Plan)

[OPS-1: one](https://f.atlassian-us-gov-mod.net/browse/OPS-1) <span class="status">Done</span>

[R](https://f.atlassian-us-gov-mod.net/browse/OPS-1) <span class="status">Done</span>

[S](https://f.atlassian-us-gov-mod.net/browse/OPS-9)

[T](2026-plan.md)

[U](../attachments/2601/a%20b.pdf)

[V](2026-plan.md#part)

## Part
`
	files := fstest.MapFS{
		"tenant.toml": {Data: []byte(formHead + `name = "T"
[[issues]]
key = "OPS-1"
summary = "one"
status = "Done"
`)},
		"T/a.xml": {Data: []byte(`+++
id = "2601"
title = "2026 Plan"
[[attachments]]
name = "p.png"
id = "att9"
+++
` + body)},
		"T/a.files/p.png":   {Data: []byte("\x89PNG\r\n\x1a\n")},
		"T/a.files/a b.pdf": {Data: []byte("%PDF")},
	}
	w := newWorld(t, files)
	w.Config.Markdown.Attachments = false
	w.Config.Export.Jira = true
	w.export(t, 0)
	md := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, "markdown", "T", "2026-plan.md"))
	_, got, _ := strings.Cut(md, "# 2026 Plan\n\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What is a picture is what the API calls one, not what its name ends with.
func TestPicturesByTheirKind(t *testing.T) {
	image := func(name string) string {
		return `<p><ac:image ac:alt="` + name + `"><ri:attachment ri:filename="` + name + `"/></ac:image></p>`
	}
	files := fstest.MapFS{
		"tenant.toml": {Data: []byte(formHead + `name = "T"
`)},
		"T/a.xml": {Data: []byte(`+++
id = "2601"
title = "Pictures"
[[attachments]]
name = "scan"
media_type = "image/png"
[[attachments]]
name = "plan.v2"
media_type = "image/jpeg; charset=binary"
[[attachments]]
name = "letter.png"
media_type = "application/pdf"
[[attachments]]
name = "raw.png"
media_type = "application/octet-stream"
+++
` + image("scan") + image("plan.v2") + image("letter.png") + image("raw.png"))},
		"T/a.files/scan":       {Data: []byte("\x89PNG\r\n\x1a\n")},
		"T/a.files/plan.v2":    {Data: []byte("\xff\xd8\xff")},
		"T/a.files/letter.png": {Data: []byte("%PDF")},
		"T/a.files/raw.png":    {Data: []byte("\x89PNG\r\n\x1a\n")},
	}
	w := newWorld(t, files)
	w.Config.Markdown.Attachments = false
	w.export(t, 0)
	md := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, "markdown", "T", "pictures.md"))
	_, got, _ := strings.Cut(md, "# Pictures\n\n")
	want := `![scan](../attachments/2601/scan)

![plan.v2](../attachments/2601/plan.v2)

[letter.png](../attachments/2601/letter.png)

![raw.png](../attachments/2601/raw.png)
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A page whose title nobody can see is "Untitled" wherever a title stands.
func TestUntitled(t *testing.T) {
	files := fstest.MapFS{
		"tenant.toml": {Data: []byte(formHead + `name = "\u200b"
homepage = "T/home.xml"
`)},
		"T/home.xml": {Data: []byte("+++\nid = \"10\"\ntitle = \"Home\"\n+++\n<ac:structured-macro " +
			"ac:name=\"children\"/>" +
			`<p><ac:link><ri:content-entity ri:content-id="11"/></ac:link></p>`)},
		"T/home/a.xml": {Data: []byte("+++\nid = \"11\"\ntitle = \"\\u200b\"\n+++\n<p>a</p>")},
		"T/home/b.xml": {Data: []byte("+++\nid = \"12\"\ntitle = \"\\u00a0\\u3164\"\n+++\n<h2>b</h2>")},
	}
	w := newWorld(t, files)
	w.Config.Markdown.Attachments = false
	w.export(t, 0)
	root := filepath.Join(w.Config.Output.Dir, output.CurrentLink)
	for name, parts := range map[string][]string{
		"markdown/T/index.md": {"- [Untitled](untitled.md)\n- " +
			"[Untitled](untitled-12.md)\n\n[Untitled](untitled.md)\n"},
		"markdown/T/untitled-12.md": {"\n# Untitled\n", "title: Untitled\n"},
		"site/pages/11.html":        {"<h1>Untitled</h1>", "<title>Untitled"},
		"site/spaces/T/index.html":  {">Untitled</a>", "<h1>T</h1>"},
		"site/index.html":           {">T</a>"},
		"site/recent.html":          {">Untitled</a>"},
	} {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, part := range parts {
			if !strings.Contains(string(data), part) {
				t.Errorf("%s lacks %q:\n%s", name, part, data)
			}
		}
	}
}
