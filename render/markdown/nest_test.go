package markdown

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// containers are what a page's content can stand in: what comes before, what behind.
var containers = []struct{ name, before, behind string }{
	{"page", "", ""},
	{"paragraph", "<p>", "</p>"},
	{"item", "<ul><li>", "</li></ul>"},
	{"item's paragraph", "<ol><li><p>", "</p></li></ol>"},
	{"cell", "<table><tbody><tr><th>h</th><th>i</th></tr><tr><td>", "</td><td>c</td></tr></tbody></table>"},
	{"cell's paragraph", "<table><tbody><tr><th><p>h</p></th></tr><tr><td><p>", "</p></td></tr></tbody></table>"},
	{"head cell", "<table><tbody><tr><th>", "</th></tr><tr><td>c</td></tr></tbody></table>"},
	{"panel", `<ac:structured-macro ac:name="info"><ac:rich-text-body>`, "</ac:rich-text-body></ac:structured-macro>"},
	{"own panel", `<ac:structured-macro ac:name="panel"><ac:parameter ac:name="title">t</ac:parameter><ac:rich-text-body>`, "</ac:rich-text-body></ac:structured-macro>"},
	{"expand", `<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">t</ac:parameter><ac:rich-text-body>`, "</ac:rich-text-body></ac:structured-macro>"},
	{"excerpt", `<ac:structured-macro ac:name="excerpt"><ac:rich-text-body>`,
		"</ac:rich-text-body></ac:structured-macro>"},
	{"unknown macro", `<ac:structured-macro ac:name="nobody-knows"><ac:rich-text-body>`,
		"</ac:rich-text-body></ac:structured-macro>"},
	{"layout cell", `<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell>`,
		"</ac:layout-cell><ac:layout-cell><p>c</p></ac:layout-cell></ac:layout-section></ac:layout>"},
	{"quote", "<blockquote>", "</blockquote>"},
	{"quote's paragraph", "<blockquote><p>", "</p></blockquote>"},
	{"task", "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>", "</ac:task-body></ac:task></ac:task-list>"},
	{"task's span", `<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body><span class="placeholder-inline-tasks">`, "</span></ac:task-body></ac:task></ac:task-list>"},
	{"heading", "<h2>", "</h2>"},
	{"link body", `<ac:link><ri:page ri:content-title="Runbook"/><ac:link-body>`, "</ac:link-body></ac:link>"},
	{"link", `<a href="https://example.com/x">`, "</a>"},
	{"caption", `<ac:image><ri:attachment ri:filename="view.png"/><ac:caption><p>`, "</p></ac:caption></ac:image>"},
	{"strong", "<strong>", "</strong>"},
	{"emphasis", "<p><em>", "</em></p>"},
	{"colour", `<p><span style="color: rgb(255,0,0);">`, "</span></p>"},
	{"comment", `<p><ac:inline-comment-marker ac:ref="r">`, "</ac:inline-comment-marker></p>"},
	{"division", `<div class="content-wrapper">`, "</div>"},
	{"definition", "<dl><dt>t</dt><dd>", "</dd></dl>"},
	{"adf panel", `<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute><ac:adf-content>`, "</ac:adf-content></ac:adf-node><ac:adf-fallback><p>twice</p></ac:adf-fallback></ac:adf-extension>"},
	{"decision", `<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute><ac:adf-content>`, "</ac:adf-content></ac:adf-node></ac:adf-node></ac:adf-extension>"},
}

// constructs are the contents that stand in them: # stands for a word of their own.
var constructs = []struct{ name, src string }{
	{"rule first", "<hr/><p>#</p>"},
	{"list of another number", `<ol start="7"><li>#</li></ol>`},
	{"text", "#"},
	{"paragraph", "<p>#</p>"},
	{"paragraphs", "<p>#</p><p>#</p>"},
	{"break", "#<br/>#"},
	{"heading", "<h3>#</h3>"},
	{"list", "<ul><li>#</li><li>#<ol><li>#</li></ol></li></ul>"},
	{"loose list", `<ol start="3"><li><p>#</p><p>#</p></li><li><p>#</p></li></ol>`},
	{"table", "<table><tbody><tr><th>#</th><th>#</th></tr><tr><td>#</td><td>#</td></tr></tbody></table>"},
	{"merged table", `<table><colgroup><col style="width: 40px;"/></colgroup><tbody><tr><td colspan="2">#</td></tr><tr><td><ul><li>#</li></ul></td><td><p>#</p><p>#</p></td></tr></tbody></table>`},
	{"code", `<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">go</ac:parameter><ac:plain-text-body><![CDATA[#` + "\n\n" + `  # | ` + "```" + ` <b>]]></ac:plain-text-body></ac:structured-macro>`},
	{"code of entities", `<ac:structured-macro ac:name="code"><ac:plain-text-body>a &lt; # &amp;&amp; b</ac:plain-text-body></ac:structured-macro>`},
	{"titled code", `<ac:structured-macro ac:name="code"><ac:parameter ac:name="title">#</ac:parameter><ac:parameter ac:name="collapse">true</ac:parameter><ac:plain-text-body><![CDATA[#]]></ac:plain-text-body></ac:structured-macro>`},
	{"literal", "<pre>#\n\n#</pre>"},
	{"panel", `<ac:structured-macro ac:name="note"><ac:parameter ac:name="title">#</ac:parameter><ac:rich-text-body><p>#</p></ac:rich-text-body></ac:structured-macro>`},
	{"bare panel", `<ac:structured-macro ac:name="tip"><ac:rich-text-body>#</ac:rich-text-body></ac:structured-macro>`},
	{"own panel", `<ac:structured-macro ac:name="panel"><ac:parameter ac:name="title">#</ac:parameter><ac:parameter ac:name="bgColor">rgb(234,230,255)</ac:parameter><ac:rich-text-body><p>#</p><ul><li>#</li></ul></ac:rich-text-body></ac:structured-macro>`},
	{"expand", `<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">#</ac:parameter><ac:rich-text-body><p>#</p></ac:rich-text-body></ac:structured-macro>`},
	{"status", `# <ac:structured-macro ac:name="status"><ac:parameter ac:name="title">#</ac:parameter><ac:parameter ac:name="colour">Green</ac:parameter></ac:structured-macro> #`},
	{"status alone", `<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">#</ac:parameter></ac:structured-macro>`},
	{"tasks", "<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>#</ac:task-body></ac:task><ac:task><ac:task-body><p>#</p></ac:task-body></ac:task></ac:task-list>"},
	{"quote", "<blockquote><p>#</p><p>#</p></blockquote>"},
	{"marks", "<strong>#</strong> <em>#</em><u>#</u> x<sup>#</sup><sub>#</sub> <del>#</del> <code>#</code>"},
	{"marks glued", "a<strong>#</strong>b<em>(#)</em>c<strong> # </strong>d"},
	{"link", `# <a href="https://example.com/a_b">#</a> #`},
	{"page link", `<ac:link><ri:page ri:content-title="Runbook"/><ac:plain-text-link-body><![CDATA[#]]></ac:plain-text-link-body></ac:link>`},
	{"rich link", `<ac:link><ri:page ri:content-title="Nowhere"/><ac:link-body>#<strong>#</strong></ac:link-body></ac:link> #`},
	{"picture", `#<ac:image ac:width="20"><ri:attachment ri:filename="view.png"/></ac:image>#`},
	{"figure", `<ac:image ac:alt="alt"><ri:attachment ri:filename="view.png"/><ac:caption><p>#</p></ac:caption></ac:image>`},
	{"date", `# <time datetime="2026-05-04"/> #`},
	{"emoji", `# <ac:emoticon ac:name="tick"/> #`},
	{"rule", "<p>#</p><hr/><p>#</p>"},
	{"layout", `<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>#</p></ac:layout-cell><ac:layout-cell><p>#</p></ac:layout-cell></ac:layout-section></ac:layout>`},
	{"columns", `<ac:structured-macro ac:name="section"><ac:rich-text-body><ac:structured-macro ac:name="column"><ac:rich-text-body><p>#</p></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="column"><ac:rich-text-body><p>#</p></ac:rich-text-body></ac:structured-macro></ac:rich-text-body></ac:structured-macro>`},
	{"excerpt", `<ac:structured-macro ac:name="excerpt"><ac:parameter ac:name="atlassian-macro-output-type">INLINE</ac:parameter><ac:rich-text-body><p>#</p></ac:rich-text-body></ac:structured-macro>`},
	{"unknown macro", `<ac:structured-macro ac:name="nobody-knows"><ac:parameter ac:name="x">y</ac:parameter><ac:rich-text-body><p>#</p></ac:rich-text-body></ac:structured-macro>`},
	{"unknown literal macro", `<ac:structured-macro ac:name="nobody-knows"><ac:plain-text-body><![CDATA[#]]></ac:plain-text-body></ac:structured-macro>`},
	{"anchor", `#<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">x</ac:parameter></ac:structured-macro>#`},
	{"formula", `# <ac:structured-macro ac:name="mathinline"><ac:parameter ac:name="body">a_b</ac:parameter></ac:structured-macro> #`},
	{"markdown", "<ac:structured-macro ac:name=\"markdown\"><ac:plain-text-body><![CDATA[## #\n\n- #\n\n| # |\n| --- " +
		"|\n| # |\n]]></ac:plain-text-body></ac:structured-macro>"},
	{"mermaid", `<ac:structured-macro ac:name="mermaid-macro"><ac:plain-text-body><![CDATA[graph TD` + "\n\n" +
		` # --> #]]></ac:plain-text-body></ac:structured-macro>`},
	{"adf panel", `<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">custom</ac:adf-attribute><ac:adf-content><p>#</p></ac:adf-content></ac:adf-node><ac:adf-fallback><p>twice</p></ac:adf-fallback></ac:adf-extension>`},
	{"decisions", `<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-node type="decision-item"><ac:adf-content>#</ac:adf-content></ac:adf-node><ac:adf-node type="decision-item"><ac:adf-content>#</ac:adf-content></ac:adf-node></ac:adf-node></ac:adf-extension>`},
	{"definitions", "<dl><dt>#</dt><dd>#</dd><dd><p>#</p></dd></dl>"},
	{"signs", "1. # - # + * # _ # [x] # | # &lt;b&gt; # ~~ # `` # $ # \\ # #"},
}

// numberedWords puts a word of its own in the place of each # and returns how many.
func numberedWords(src string) (string, int) {
	parts := strings.Split(src, "#")
	var b strings.Builder
	b.WriteString(parts[0])
	for n, p := range parts[1:] {
		fmt.Fprintf(&b, "w%dw%s", n, p)
	}
	return b.String(), len(parts) - 1
}

// rings are the words around a construct: none, before it, behind it, both.
var rings = [][2]string{{"", ""}, {"w100w ", ""}, {"", " w101w"}, {"w100w ", " w101w"}}

// nested returns a construct between two words within two containers, and the words
// that a reader of it must see.
func nested(outer, inner int, construct string, ring [2]string) (src string, want []string) {
	body, n := numberedWords(construct)
	o, i := containers[outer], containers[inner]
	want = append(want, strings.Fields(ring[0])...)
	for k := range n {
		want = append(want, fmt.Sprintf("w%dw", k))
	}
	want = append(want, strings.Fields(ring[1])...)
	return o.before + i.before + ring[0] + body + ring[1] + i.behind + o.behind, want
}

// checkWords converts a body and compares the numbered words of its Markdown.
func checkWords(t *testing.T, what, src string, want []string) {
	t.Helper()
	md, _ := Convert([]byte(src), testPage, newFake())
	checkMarkdown(t, what, md)
	var got []string
	for _, s := range markdownWords(t, md) {
		got = append(got, numbered.FindAllString(s, -1)...)
	}
	if !slices.Equal(want, got) || bytes.Contains(md, []byte("twice")) {
		t.Errorf("%s: %q became %q\nin:  %s\nout: %s", what, want, got, src, md)
	}
}

// TestNesting puts every construct into every container, and that into every other:
// alone, behind text, before text and between. Each word must be read once and in order.
// One in seven is taken by turns unless AGC_LONG is set.
func TestNesting(t *testing.T) {
	long, turn := os.Getenv("AGC_LONG") != "", 0
	for i := range containers {
		for j := range containers {
			for _, c := range constructs {
				for k, ring := range rings {
					if turn++; !long && turn%7 != 0 {
						continue
					}
					src, want := nested(i, j, c.src, ring)
					checkWords(t, fmt.Sprintf("%s in %s in %s, form %d", c.name, containers[j].name, containers[i].name,
						k), src, want)
				}
			}
		}
	}
}

// things counts what a reader of the Markdown sees beside words.
func things(t *testing.T, md []byte) map[string]int {
	var out bytes.Buffer
	if err := reader.Convert(md, &out); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for d := range root.Descendants() {
		switch name := d.Data; {
		case d.Type == html.TextNode && strings.Contains(name, "[!"), strings.HasPrefix(attr(d, "class"), "panel"):
			n["panel"]++
		case d.Type == html.TextNode && strings.ContainsAny(name, "☑☐"):
			n["input"]++
		case d.Type != html.ElementNode:
		case isHeading(d):
			n["heading"]++
		case slices.Contains([]string{"li", "table", "tr", "td", "th", "pre", "a", "img", "input", "details", "hr",
			"strong", "em", "del", "code", "sup", "sub", "u", "time"}, name):
			n[name]++
		}
	}
	n["td"], n["th"] = n["td"]+n["th"], 0 // GFM's head is one by its place alone
	return n
}

// unlike tells the nestings whose inner thing cannot be there once more.
func unlike(thing, container string) bool {
	switch thing {
	case "heading":
		return container == "heading"
	case "a":
		return container == "link" || container == "link body"
	case "strong":
		return container == "strong"
	case "em":
		return container == "emphasis"
	}
	return false
}

// TestNestedThings checks that what is a list, a table, a picture or the like by itself
// is one in every container within every other.
func TestNestedThings(t *testing.T) {
	long, turn := os.Getenv("AGC_LONG") != "", 0
	for i := range containers {
		for j := range containers {
			around, _ := nested(i, j, "#", rings[0])
			md, _ := Convert([]byte(around), testPage, newFake())
			frame := things(t, md)
			for _, c := range constructs {
				if turn++; !long && turn%7 != 0 {
					continue
				}
				alone, _ := nested(0, 0, c.src, rings[0])
				md, _ = Convert([]byte(alone), testPage, newFake())
				want := things(t, md)
				src, _ := nested(i, j, c.src, rings[0])
				md, _ = Convert([]byte(src), testPage, newFake())
				got := things(t, md)
				for thing, n := range want {
					if got[thing] < n+frame[thing] && !unlike(thing, containers[i].name) &&
						!unlike(thing, containers[j].name) {
						t.Errorf("%s in %s in %s: %d %s, not %d\nin:  %s\nout: %s", c.name, containers[j].name,
							containers[i].name, got[thing], thing, n+frame[thing], src, md)
					}
				}
			}
		}
	}
}

// oddities are what editors, imports and hands make of well-known constructs.
var oddities = []struct {
	name   string
	change func(string) string
}{
	{"no attributes", func(s string) string { return plainAttr.ReplaceAllString(s, "") }},
	{"empty attributes", func(s string) string { return plainAttr.ReplaceAllString(s, `$1=""`) }},
	{"odd attributes", func(s string) string {
		return plainAttr.ReplaceAllString(s, `$1="&quot;&gt;&lt;b x=&apos; [](|) &NewLine; 999999999999 ; : %zz"`)
	}},
	{"entities for CDATA", func(s string) string {
		return cdataSection.ReplaceAllStringFunc(s, func(m string) string {
			return html.EscapeString(strings.TrimSuffix(strings.TrimPrefix(m, "<![CDATA["), "]]>"))
		})
	}},
	{"CDATA for text", func(s string) string { return wordText.ReplaceAllString(s, ">$1<![CDATA[$2]]>") }},
	{"split CDATA", func(s string) string { return cdataSection.ReplaceAllString(s, "$0<![CDATA[]]>") }},
	{"comments", func(s string) string { return strings.ReplaceAll(s, "><", "><!-- no -->\n<") }},
	{"markers", func(s string) string {
		return wordText.ReplaceAllString(s, `>$1<ac:inline-comment-marker ac:ref="r">$2</ac:inline-comment-marker>`)
	}},
	{"spans", func(s string) string {
		return wordText.ReplaceAllString(s, `>$1<span class="x"><span>$2</span></span>`)
	}},
	{"no-break spaces", func(s string) string { return wordText.ReplaceAllString(s, `>$1&nbsp;$2&nbsp;`) }},
	{"old macros", func(s string) string { return strings.ReplaceAll(s, "ac:structured-macro", "ac:macro") }},
	{"local ids", func(s string) string {
		return strings.NewReplacer("<p>", `<p local-id="1"/><p local-id="2">`, "<li>", `<li local-id="3">`).Replace(s)
	}},
	{"upper case", func(s string) string {
		return strings.NewReplacer("<p>", "<P>", "</p>", "</P>", "<li>", "<LI>", "<td>", "<TD>").Replace(s)
	}},
}

var (
	plainAttr    = regexp.MustCompile(`( (?:style|ac:width|ac:height|ac:alt|start|colspan|ac:type|datetime|class|ac:schema-version))="[^"]*"`)
	cdataSection = regexp.MustCompile(`(?s)<!\[CDATA\[.*?\]\]>`)
	wordText     = regexp.MustCompile(`>([^<#]*)(#)`)
)

// TestOdd changes every construct in all ways of oddities, in every container.
func TestOdd(t *testing.T) {
	for i := range containers {
		for _, c := range constructs {
			for _, o := range oddities {
				src, want := nested(0, i, o.change(c.src), rings[3])
				checkWords(t, fmt.Sprintf("%s in %s with %s", c.name, containers[i].name, o.name), src, want)
			}
		}
	}
}

// TestCorpusNested puts the pages below AGC_CORPUS into containers: their words must be
// read in the same order as on pages of their own.
func TestCorpusNested(t *testing.T) {
	folder := os.Getenv("AGC_CORPUS")
	if folder == "" {
		t.Skip("SKIPPED: no corpus. Set AGC_CORPUS to a folder of storage files (*.xml) to run this test.")
	}
	long, turn := os.Getenv("AGC_LONG") != "", 0
	sources := bodies(t, folder)
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		src := string(sources[name])
		if _, notes := storage.Parse(src); len(notes) > 0 {
			continue // what is not closed would swallow what stands behind it
		}
		alone := missing(storageWords([]byte(src)), readWords(t, src))
		for i, c := range containers {
			if turn++; !long && turn%5 != 0 {
				continue
			}
			got := readWords(t, c.before+src+c.behind)
			if lost := missing(storageWords([]byte(src)), got); len(lost) > len(alone) {
				t.Errorf("%s in %s: missing or out of order: %.10q", name, containers[i].name, lost)
			}
		}
	}
}

// readWords returns the words that a reader of a body's Markdown sees.
func readWords(t *testing.T, src string) []string {
	md, _ := Convert([]byte(src), testPage, newFake())
	return markdownWords(t, md)
}

// macroBodies are the forms in which a macro can hold words.
var macroBodies = []string{
	`<ac:structured-macro ac:name="%s"><ac:rich-text-body><p>w0w <strong>w1w</strong></p><p>w2w</p></ac:rich-text-body></ac:structured-macro>`,
	`<ac:structured-macro ac:name="%s"><ac:rich-text-body>w0w <em>w1w</em> w2w</ac:rich-text-body></ac:structured-macro>`,
	`<p>w0w <ac:structured-macro ac:name="%s"><ac:rich-text-body><p>w1w</p></ac:rich-text-body></ac:structured-macro> w2w</p>`,
	`<p>w0w <ac:macro ac:name="%s"><ac:rich-text-body><table><tbody><tr><td>w1w</td></tr></tbody></table></ac:rich-text-body></ac:macro> w2w</p>`,
	`<ac:structured-macro ac:name="%s"><ac:plain-text-body><![CDATA[w0w w1w` + "\n\n" +
		`w2w]]></ac:plain-text-body></ac:structured-macro>`,
	`<p>w0w <ac:structured-macro ac:name="%s"><ac:plain-text-body><![CDATA[w1w]]></ac:plain-text-body></ac:structured-macro> w2w</p>`,
	`<ac:structured-macro ac:name="%s"><ac:parameter ac:name="title">t</ac:parameter><ac:parameter ac:name="url">https://example.com/x</ac:parameter><ac:plain-text-body>w0w &lt;b&gt; w1w w2w</ac:plain-text-body></ac:structured-macro>`,
	`<ac:structured-macro ac:name="%s"><ac:parameter ac:name="title">t</ac:parameter><ac:parameter ac:name="page">Runbook</ac:parameter><ac:rich-text-body><ul><li>w0w</li><li><p>w1w</p><p>w2w</p></li></ul></ac:rich-text-body></ac:structured-macro>`,
}

// TestMacroBodies gives every macro of the table, and one that it does not have, bodies of
// all forms, whether they have bodies by design or not: no word may be lost.
func TestMacroBodies(t *testing.T) {
	for _, name := range append(slices.Sorted(maps.Keys(macros)), "nobody-knows") {
		for i, form := range macroBodies {
			checkWords(t, fmt.Sprintf("%s, form %d", name, i), fmt.Sprintf(form, name), []string{"w0w", "w1w", "w2w"})
		}
	}
}
