package export

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/output"
)

// formerTenant has a page of links to sites that the wiki was before, pages that they lead to
// and one that nobody may see.
func formerTenant(links string) fstest.MapFS {
	page := func(id, title, more, body string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("+++\nid = \"" + id + "\"\ntitle = \"" + title + "\"\n" + more + "+++\n" +
			body)}
	}
	return fstest.MapFS{
		"tenant.toml": {Data: []byte(formHead +
			"name = \"T\"\n[[spaces]]\nid = \"2\"\nkey = \"O\"\nname = \"Other\"\n")},
		"T/links.xml": page("7", "Links", "", links), "T/links.files/own.png": {Data: []byte("\x89PNG\r\n\x1a\n")},
		"T/a.xml":         page("8", "Q&A: the plan (2026)?", "", "<h2>Part one</h2>"),
		"T/a.files/p.png": {Data: []byte("\x89PNG\r\n\x1a\n")},
		"T/s.xml":         page("9", "Zanzibar: the raid", "readers = [\"user:712020:1\"]\n", "<p>x</p>"),
		"T/d.xml":         page("10", "Twin 1", "", "<p>x</p>"), "T/e.xml": page("11", "Twin-1", "", "<p>x</p>"),
		"O/o.xml":      page("12", "Elsewhere", "", "<p>x</p>"),
		"O/blog/b.xml": page("13", "News", "type = \"blogpost\"\n", "<p>x</p>"),
	}
}

// publishedLinks returns the Markdown of the page of links, without title and front matter.
func publishedLinks(t *testing.T, w *world) string {
	t.Helper()
	md := readFile(t, filepath.Join(w.Config.Output.Dir, output.CurrentLink, "markdown", "T", "links.md"))
	_, body, _ := strings.Cut(md, "# Links\n\n")
	return body
}

// Addresses of former sites lead into the export by space and title, and files by their names;
// what they do not tell they do not lead to.
func TestFormerSites(t *testing.T) {
	const cloud, center = "https://agency.atlassian.net/wiki", "https://confluence.agency.gov"
	rows := []struct{ name, storage, want string }{
		{"title in its address form", `<a href="` + cloud + `/spaces/T/pages/555/Q+A+the+plan+2026">A</a>`,
			"[A](q-a-the-plan-2026.md)"},
		{"title as it is", `<a href="` + center + `/display/T/Q%26A%3A+the+plan+%282026%29%3F#Nowhere">B</a>`,
			"[B](q-a-the-plan-2026.md)"},
		{"anchor", `<a href="` + center + `/display/T/Q%26A%3A+the+plan+%282026%29%3F#Part-one">C</a>`,
			"[C](q-a-the-plan-2026.md#part-one)"},
		{"by query", `<a href="` + center + `/pages/viewpage.action?spaceKey=o&amp;title=Elsewhere">D</a>`,
			"[D](../O/elsewhere.md)"},
		{"space", `<a href="` + center + `/display/O">E</a>`, "[E](../O/elsewhere.md)"},
		{"post", `<a href="` + cloud + `/spaces/O/blog/2026/05/04/99/News">F</a>`, "[F](../O/blog/2025/news.md)"},
		{"smart link", `<a href="` + cloud + `/spaces/O/pages/1/Elsewhere" data-card-appearance="inline">` + cloud +
			`/spaces/O/pages/1/Elsewhere</a>`, "[Elsewhere](../O/elsewhere.md)"},
		{"own file", `<ac:image><ri:url ri:value="` + cloud + `/download/thumbnails/5/own.png?api=v2"/></ac:image>`,
			"![](../attachments/7/own.png)"},
		{"file of a titled page", `<img alt="" src="` + center +
			`/download/attachments/embedded-page/T/Q+A+the+plan+2026/p.png"/>`,
			"![](../attachments/8/p.png)"},
		{"file of another page", `<a href="` + center + `/download/attachments/5/p.png">G</a>`,
			"[G](" + center + "/download/attachments/5/p.png)"},
		{"number alone", `<a href="` + center + `/pages/viewpage.action?pageId=8">H</a>`,
			"[H](" + center + "/pages/viewpage.action?pageId=8)"},
		{"tiny", `<a href="` + center + `/x/CAAB">I</a>`, "[I](" + center + "/x/CAAB)"},
		{"two titles", `<a href="` + cloud + `/spaces/T/pages/1/Twin1">J</a>`,
			"[J](" + cloud + "/spaces/T/pages/1/Twin1)"},
		{"no such title", `<a href="` + cloud + `/spaces/T/pages/1/Gone">K</a>`,
			"[K](" + cloud + "/spaces/T/pages/1/Gone)"},
		{"no such space", `<a href="` + center + `/display/XX">L</a>`, "[L](" + center + "/display/XX)"},
		{"another host", `<a href="https://other.agency.gov/display/O/Elsewhere">M</a>`,
			"[M](https://other.agency.gov/display/O/Elsewhere)"},
		{"restricted", `<a href="` + cloud + `/spaces/T/pages/9/Zanzibar+the+raid">` + cloud +
			`/spaces/T/pages/9/Zanzibar+the+raid</a>`,
			"restricted page (restricted)"},
		{"restricted, by its title", `<a href="` + center + `/display/T/Zanzibar%3A+the+raid">N</a>`, "N (restricted)"},
		{"restricted, encoded twice", `<a href="` + center + `/display/T/%255AAnzibar%253A%2520the%2520raid">P</a>`,
			"P (restricted)"},
		{"file of a restricted page", `<a href="` + center +
			`/download/attachments/embedded-page/T/Zanzibar+the+raid/x.pdf">O</a>`,
			"O (restricted)"},
	}
	var body, want strings.Builder
	for _, row := range rows {
		body.WriteString("<p>" + row.storage + "</p>")
		want.WriteString("\n" + row.want + "\n")
	}
	w := newWorld(t, formerTenant(body.String()))
	w.Config.Markdown.Attachments = false
	w.Config.Confluence.FormerURLs = []string{cloud, center}
	w.export(t, 0)
	if diff := cmp.Diff(strings.TrimPrefix(want.String(), "\n"), publishedLinks(t, w)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if found := grep(t, w.Config.Output.Dir, []string{"Zanzibar"}); len(found) > 0 {
		t.Errorf("the title of a restricted page stands in %v", found)
	}
}

// A change of the setting alone is a reason to build anew.
func TestFormerSitesChange(t *testing.T) {
	w := newWorld(t, formerTenant(`<p><a href="https://confluence.agency.gov/display/O/Elsewhere">A</a></p>`))
	w.Config.Markdown.Attachments = false
	w.export(t, 0)
	if got := publishedLinks(t, w); got != "[A](https://confluence.agency.gov/display/O/Elsewhere)\n" {
		t.Error(got)
	}
	w.Config.Confluence.FormerURLs = []string{"https://confluence.agency.gov"}
	w.export(t, 0)
	if got := publishedLinks(t, w); got != "[A](../O/elsewhere.md)\n" {
		t.Error(got)
	}
}

// Links in an author's own Markdown lead into the export as all others do, from the site's own
// host and from former ones, and say no more of what may not be read.
func TestFormerInMarkdown(t *testing.T) {
	const cloud, center = "https://agency.atlassian.net/wiki", "https://confluence.agency.gov"
	plan, raid := cloud+"/spaces/T/pages/555/Q+A+the+plan+2026", cloud+"/spaces/T/pages/9/Zanzibar+the+raid"
	rows := []struct{ name, source, want string }{
		{"link", "See [the plan](" + plan + ") now.", "See [the plan](q-a-the-plan-2026.md) now."},
		{"title", "[the plan](" + plan + ` "why")`, `[the plan](q-a-the-plan-2026.md "why")`},
		{"brackets", "[the plan](<" + plan + ">)", "[the plan](q-a-the-plan-2026.md)"},
		{"parentheses", "[B](" + center + "/display/T/Q%26A:+the+plan+(2026)%3F)", "[B](q-a-the-plan-2026.md)"},
		{"anchor", "[C](" + center + "/display/T/Q%26A%3A+the+plan+%282026%29%3F#Part-one)",
			"[C](q-a-the-plan-2026.md#part-one)"},
		{"name", "[the plan][p]\n\n[p]: " + plan, "[the plan][p]\n\n[p]: q-a-the-plan-2026.md"},
		{"HTML", `<a href="` + center + `/display/O">E</a>`, `<a href="../O/elsewhere.md">E</a>`},
		{"angle brackets", "<" + center + "/display/O>", "[" + center + "/display/O](../O/elsewhere.md)"},
		{"bare", "At " + center + "/display/O.", "At [" + center + "/display/O](../O/elsewhere.md)."},
		{"its own text", "[" + center + "/display/O](" + center + "/display/O)",
			"[" + center + "/display/O](../O/elsewhere.md)"},
		{"picture", "![p](" + center + "/download/attachments/5/own.png)", "![p](../attachments/7/own.png)"},
		{"own host", "[A](https://f.atlassian-us-gov-mod.net/wiki/spaces/T/pages/8/x)",
			"[A](q-a-the-plan-2026.md)"},
		{"no host",
			"[A](/wiki/spaces/T/pages/8/x) [B](</display/O>)", "[A](q-a-the-plan-2026.md) [B](../O/elsewhere.md)"},
		{"no host, by name",
			"[the plan][p]\n\n[p]: /wiki/spaces/T/pages/8", "[the plan][p]\n\n[p]: q-a-the-plan-2026.md"},
		{"no host, HTML", `<a href="/pages/viewpage.action?pageId=8">E</a>`, `<a href="q-a-the-plan-2026.md">E</a>`},
		{"no host, picture", "![p](/wiki/download/attachments/7/own.png)", "![p](../attachments/7/own.png)"},
		{"no host, restricted", "[it](/display/T/Zanzibar:+the+raid)", "it (restricted)"},
		{"no host, unknown", "[A](/wiki/label/x) [B](/docs/x)",
			"[A](https://f.atlassian-us-gov-mod.net/wiki/label/x) [B](/docs/x)"},
		{"no host, gone", "[A](/display/T/Gone)", "[A](https://f.atlassian-us-gov-mod.net/wiki/display/T/Gone)"},
		{"in code", "`" + plan + "`", "`" + plan + "`"},
		{"in a block of code", "```\n[x](" + plan + ")\n```", "```\n[x](" + plan + ")\n```"},
		{"number alone", "[H](" + center + "/x/CAAB)", "[H](" + center + "/x/CAAB)"},
		{"another host", "[M](https://other.agency.gov/display/O)", "[M](https://other.agency.gov/display/O)"},
		{"restricted", "Of [it [2]](" + raid + ` "x") too`, "Of it [2] (restricted) too"},
		{"restricted, bare", "At " + raid + " too", "At (restricted) too"},
		{"restricted, by name", "[r]\n\n[r]: " + raid, "[r]\n\n[r]: #"},
	}
	for _, row := range rows {
		if variant(row.name, "title", "brackets", "angle brackets", "bare", "own host", "no host, by name",
			"no host, HTML", "no host, picture", "no host, gone", "in code", "another host") {
			continue
		}
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, formerTenant(`<ac:structured-macro ac:name="markdown"><ac:plain-text-body><![CDATA[`+
				row.source+`]]></ac:plain-text-body></ac:structured-macro>`))
			w.Config.Markdown.Attachments = false
			w.Config.Confluence.FormerURLs = []string{cloud, center}
			w.export(t, 0)
			if got := strings.TrimSpace(publishedLinks(t, w)); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			if strings.HasPrefix(row.name, "restricted") {
				if found := grep(t, w.Config.Output.Dir, []string{"Zanzibar"}); len(found) > 0 {
					t.Error(found)
				}
			}
		})
	}
}
