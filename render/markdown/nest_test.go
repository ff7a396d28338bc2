package markdown

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"agc-export/render/storage"

	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"
)

//go:embed testdata/nest/nest.txtar
var nest []byte

// containers are what a page's content can stand in, constructs the contents that stand in
// them, where # stands for a word of their own, and macroBodies the forms in which a macro
// can hold words.
var containers, constructs, macroBodies = nestings()

// container is what comes before a content, and what behind.
type container struct{ name, before, behind string }

// construct is a content.
type construct struct{ name, src string }

// nestings reads them from their archive.
func nestings() (around []container, within []construct, bodies []string) {
	for _, f := range txtar.Parse(nest).Files {
		kind, name, _ := strings.Cut(f.Name, "/")
		src := strings.TrimSuffix(string(f.Data), "\n")
		switch before, behind, _ := strings.Cut(src, "…"); kind {
		case "container":
			around = append(around, container{name, before, behind})
		case "construct":
			within = append(within, construct{name, src})
		case "macro":
			bodies = append(bodies, src)
		}
	}
	return around, within, bodies
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
					if turn++; !long && turn%11 != 0 {
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
				if turn++; !long && turn%11 != 0 {
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
	plainAttr = regexp.MustCompile(`( (?:style|ac:width|ac:height|ac:alt|start|colspan|ac:type|datetime|class` +
		`|ac:schema-version))="[^"]*"`)
	cdataSection = regexp.MustCompile(`(?s)<!\[CDATA\[.*?\]\]>`)
	wordText     = regexp.MustCompile(`>([^<#]*)(#)`)
)

// TestOdd changes every construct in all ways of oddities, in every container.
func TestOdd(t *testing.T) {
	long, turn := os.Getenv("AGC_LONG") != "", 0
	for i := range containers {
		for _, c := range constructs {
			for _, o := range oddities {
				if turn++; !long && turn%3 != 0 {
					continue
				}
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

// TestMacroBodies gives every macro of the table, and one that it does not have, bodies of
// all forms, whether they have bodies by design or not: no word may be lost.
func TestMacroBodies(t *testing.T) {
	for _, name := range append(slices.Sorted(maps.Keys(macros)), "nobody-knows") {
		for i, form := range macroBodies {
			checkWords(t, fmt.Sprintf("%s, form %d", name, i), fmt.Sprintf(form, name), []string{"w0w", "w1w", "w2w"})
		}
	}
}
