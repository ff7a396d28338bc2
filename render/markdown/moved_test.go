package markdown

import (
	"os"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	profiles "agc-export/render/profile"
	"agc-export/render/relative"
)

// standing is the fake tenant with a place for all that it has: its ways lead there from the page.
type standing struct{ fake }

// Resolve is that of the fake, with ways from the page.
func (s standing) Resolve(from Page, t Target) Ref {
	return placed(from, s.fake.Resolve(from, t))
}

// Find is that of the fake, with ways from the page.
func (s standing) Find(q Query) ([]Ref, error) {
	all, err := s.fake.Find(q)
	for i := range all {
		all[i] = placed(q.From, all[i])
	}
	return all, err
}

func placed(from Page, ref Ref) Ref {
	if ref.Page.Path != "" {
		_, fragment, _ := strings.Cut(ref.Href, "#")
		ref.Href = strings.TrimRight(ref.Page.Path+"#"+fragment, "#")
	}
	for _, href := range []*string{&ref.Href, &ref.Picture} {
		first, _, _ := strings.Cut(*href, "/")
		if *href == "" || strings.Contains(first, ":") || (*href)[0] == '#' {
			continue
		}
		place, fragment, _ := strings.Cut(*href, "#")
		*href = relative.Path(from.Path, strings.TrimLeft(path.Clean("/"+place), "/"))
		if fragment != "" {
			*href += "#" + fragment
		}
	}
	return ref
}

// places are where a page may stand.
var places = []string{"ENG/test-page.md", "top.md", "OPS/a/b/c.md", "attachments/2_pictures/x.md"}

// checkMoved converts a body for one place and for others: moving the one gives the others.
func checkMoved(t *testing.T, name string, body []byte) (moved int) {
	t.Helper()
	const at = "versions/2/7.md"
	page := testPage
	page.Path = at
	first, _ := Convert(body, page, standing{newFake()})
	for _, to := range places {
		page.Path = to
		want, _ := Convert(body, page, standing{newFake()})
		got := Moved(first, Move{From: at, To: to})
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s: moved to %s (-converted there +moved):\n%.3000s", name, to, diff)
			break
		}
		if string(got) != string(first) {
			moved++
		}
	}
	return moved
}

// A document that is moved is what the conversion gives at its new place: links, pictures, those in tables and raw
// HTML; and what stands in code, or only looks like a link, stays as it is.
func TestMoved(t *testing.T) {
	link := `<ac:link><ri:page ri:content-title="Runbook"/></ac:link>`
	file := `<ac:image><ri:attachment ri:filename="a.png"/></ac:image>`
	literal := "[x](../../ENG/runbook.md) <a href=\"../../ENG/runbook.md\">"
	code := strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(literal)
	for name, body := range map[string]string{
		"link":    "<p>" + link + "</p>",
		"text":    "<p>a](../../ENG/x.md) and " + code + " " + link + "</p>",
		"bracket": "<p>[ one</p><p>two](../../ENG/x.md) " + link + " [" + link + "](../../ENG/x.md)</p>",
		"picture": "<p><ac:link><ri:page ri:content-title=\"Runbook\"/><ac:link-body>" + file +
			"</ac:link-body></ac:link></p>",
		"code": "<p><code>" + code + "</code> " + link + "</p><ac:structured-macro ac:name=\"code\">" +
			"<ac:plain-text-body><![CDATA[" + literal + "\n```\n" + literal +
			"]]></ac:plain-text-body></ac:structured-macro><p>" + link + "</p>",
		"in a list": "<ul><li><p>one</p><pre>" + code + "\n~~~\n" + code + "</pre></li><li>" + link + "</li></ul>",
		"in a quote": "<blockquote><pre>" + code + "</pre><p>" + link + "</p></blockquote>" +
			"<p>`one " + link + " two</p><p>`` " + link + "</p>",
		"in a table": "<table><tbody><tr><td rowspan=\"2\"><ul><li>" + link + "</li></ul><pre>" + code +
			link + "</pre></td><td><code>" + code + "</code>" + file + "</td></tr><tr><td>" + code + link +
			"</td></tr></tbody></table>",
		"marks":     "<p><strong>" + link + "</strong><code>`</code>" + link + "<code>``</code> \\[" + link + "</p>",
		"own":       "<p><ac:link ac:anchor=\"x\"><ac:link-body>here</ac:link-body></ac:link></p>",
		"tag":       "<p>a &lt;b href=\"../../ENG/x.md\" and " + link + " &lt; " + link + "</p>",
		"no ending": "<p>``` " + code + "</p><p>" + link + "</p>",
	} {
		t.Run(name, func(t *testing.T) {
			if checkMoved(t, name, []byte(body)) == 0 && name != "own" {
				t.Error("nothing was moved")
			}
		})
	}
	moved := 0
	for file, body := range storageFiles(t) {
		moved += checkMoved(t, file, []byte(body))
	}
	if moved == 0 {
		t.Error("no page with a way to another")
	}
	t.Log(moved, "documents moved")
}

// profiled is a body as a profile writes it of a page, with its file.
func profiled(p *profiles.Profile, body []byte, at string, older bool) (file string, document []byte) {
	page := testPage
	page.Path = at
	text, _ := Convert(body, page, standing{newFake()})
	meta := Meta{ID: page.ID, Title: "T", Status: "current"}
	front, _ := Appendix{}.Document(meta, text)
	return p.Page(at, false), p.Write(profiles.Page{Path: at, Title: "T", Older: older}, front,
		func(string) string { return "" })
}

// The same in the form of a program: what an older version says in its own file is what its page would have said.
// AGC_LONG=1 tries all programs.
func TestMovedProfiles(t *testing.T) {
	bodies := storageFiles(t)
	link := `<ac:link><ri:page ri:content-title="Runbook"/></ac:link>`
	pre := `<pre>[x](../../ENG/runbook.md) &lt;a href="../../ENG/runbook.md"&gt;</pre>`
	bodies["cells"] = "<table><tbody><tr><td rowspan=\"2\"><ul><li>" + link + "</li></ul>" + pre + link +
		"</td><td>" +
		`<ac:image><ri:attachment ri:filename="a.png"/></ac:image></td></tr><tr><td>` +
		link + "</td></tr></tbody></table>"
	bodies["top"] = `<p><a href="#top">up</a></p>`
	all := profiles.Names()[1:]
	if os.Getenv("AGC_LONG") == "" {
		all = []string{"docusaurus"}
	}
	for _, name := range all {
		p, moved := profiles.Named(name), 0
		for file, body := range bodies {
			from, first := profiled(p, []byte(body), "versions/2/7.md", true)
			at := append(places[:3:3], "ENG/index.md", "OPS/a/index.md")
			if file != "cells" { // for one place of these
				at = at[len(body)%len(at):][:1]
			}
			for _, at := range at {
				to, want := profiled(p, []byte(body), at, false)
				got := Moved(profiles.Present(first, from, to), Move(profiles.StandingOf(from, to)))
				if name == "obsidian" { // whose older versions have no other name
					want = []byte(strings.Replace(string(want), "aliases:\n  - \"T\"\n", "", 1))
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("%s: %s: moved to %s (-written there +moved):\n%.3000s", name, file, to, diff)
					break
				}
				if string(got) != string(first) {
					moved++
				}
			}
		}
		if moved == 0 && name != "obsidian" { // where ways lead from the root of the vault
			t.Error(name, "moves nothing")
		}
	}
}

// Front matter stays, and one without an end is text.
func TestMovedFront(t *testing.T) {
	const document = "---\ntitle: \"[x](../../A/b.md)\"\n---\n\n# [x](../../A/b.md)\n"
	want := "---\ntitle: \"[x](../../A/b.md)\"\n---\n\n# [x](b.md)\n"
	if got := string(Moved([]byte(document), Move{From: "versions/1/2.md", To: "A/c.md"})); got != want {
		t.Error(cmp.Diff(want, got))
	}
}
