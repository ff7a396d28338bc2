package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/sys/unix"

	"agc-export/export/output"
)

// boundless are bodies that cost a careless program time or memory out of proportion.
// n is how far to go.
func boundless(n int) map[string]string {
	run := func(s string) string { return "<p>" + strings.Repeat(s, n) + "</p>" }
	macro := func(name, parameters, body string) string {
		return `<ac:structured-macro ac:name="` + name + `">` + parameters + body + `</ac:structured-macro>`
	}
	cdata := func(s string) string { return "<ac:plain-text-body><![CDATA[" + s + "]]></ac:plain-text-body>" }
	bodies := map[string]string{
		"nested divs":   strings.Repeat("<div>", n) + "x" + strings.Repeat("</div>", n),
		"nested lists":  strings.Repeat("<ul><li>", n/2) + "x" + strings.Repeat("</li></ul>", n/2),
		"nested quotes": strings.Repeat("<blockquote><p>", n/2) + "x" + strings.Repeat("</p></blockquote>", n/2),
		"nested tables": strings.Repeat("<table><tbody><tr><td>", n/20) + "x" +
			strings.Repeat("</td></tr></tbody></table>", n/20),
		"nested spans": "<p>" + strings.Repeat("<strong><em>", n/2) + "x" + strings.Repeat("</em></strong>", n/2) +
			"</p>",
		"nested panels": strings.Repeat(`<ac:structured-macro ac:name="panel"><ac:rich-text-body>`, n/10) + "x" +
			strings.Repeat(`</ac:rich-text-body></ac:structured-macro>`, n/10),
		"unclosed": strings.Repeat("<b><i><p><td>", n),
		"wide spans": `<table><tbody><tr><td colspan="100000000" rowspan="100000000">x</td></tr>` +
			strings.Repeat(`<tr><td colspan="100000000">y</td><td rowspan="99999999">z</td></tr>`, 50) +
			"</tbody></table>",
		"long table":  "<table><tbody>" + strings.Repeat("<tr><td>a</td><td>b</td></tr>", n) + "</tbody></table>",
		"wide table":  "<table><tbody><tr>" + strings.Repeat("<td>a</td>", n) + "</tr></tbody></table>",
		"attributes":  "<p " + manyAttributes(n) + ">x</p>",
		"headings":    strings.Repeat("<h2>same</h2>", n/2) + macro("toc", "", ""),
		"paragraphs":  strings.Repeat("<p>x</p>", n),
		"line breaks": "<p>" + strings.Repeat("<br/>", n) + "</p>",
		"entities":    run("&nbsp;&amp;"),
		"a huge query": macro("contentbylabel",
			`<ac:parameter ac:name="cql">`+strings.Repeat(`label = "x" or `, n)+`label = "y"</ac:parameter>`, ""),
		"a deep query": macro("contentbylabel",
			`<ac:parameter ac:name="cql">`+strings.Repeat("(", n)+`label = "x"`+strings.Repeat(")", n)+
				`</ac:parameter>`, ""),
		"a query of nots": macro("contentbylabel",
			`<ac:parameter ac:name="cql">`+strings.Repeat("not ", n)+`label = "x"</ac:parameter>`, ""),
		"a query of quotes": macro("contentbylabel",
			`<ac:parameter ac:name="cql">`+strings.Repeat(`"`, n)+`</ac:parameter>`, ""),
		"long code":   macro("code", "", cdata(strings.Repeat("`", n)+strings.Repeat("x\n", n))),
		"many macros": strings.Repeat(macro("status", `<ac:parameter ac:name="title">x</ac:parameter>`, ""), n/4),
		"many children": strings.Repeat(macro("children", `<ac:parameter ac:name="all">true</ac:parameter>`, ""),
			500),
		"many tocs":     strings.Repeat("<h2>h</h2>"+macro("toc", "", ""), 500),
		"many links":    strings.Repeat(`<ac:link><ri:page ri:content-title="nested divs"/></ac:link> `, n/4),
		"many pictures": strings.Repeat(`<ac:image><ri:attachment ri:filename="none.png"/></ac:image>`, n/4),
		"bad pattern": macro("toc",
			`<ac:parameter ac:name="include">`+strings.Repeat("(a+)+", 200)+`$</ac:parameter>`, "") + "<h1>" +
			strings.Repeat("a", 3000) + "!</h1>",
	}
	for _, s := range []string{"*", "_", "[", "]", "![", "](", "`", "<", ">", "&", "\\", "#", "~", "|", "- ", "1. ",
		"a*", "*a", "[a](", "<!--", "http://", "x@x.", "$", "{{", "\u00a0", "(c)", ":a:", "\"'", "<a ", "[^1]"} {
		text := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
		bodies["run of "+s] = run(text)
		bodies["markdown of "+s] = macro("markdown", "", cdata(strings.Repeat(s, n)))
	}
	return bodies
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `a%d="x" `, i)
	}
	return b.String()
}

// boundlessTenant has such bodies, cycles and bombs of includes, cycles of parents, a
// page with very many labels and a thread of replies that goes very deep.
func boundlessTenant(t testing.TB, n int) fstest.MapFS {
	t.Helper()
	z := size{pages: 1, spaces: 1}
	files := z.tenant()
	var all []map[string]any
	add := func(title, body string) map[string]any {
		p := map[string]any{"id": fmt.Sprint(200000 + len(all)), "title": title, "body": body}
		all = append(all, p)
		return p
	}
	for _, title := range slices.Sorted(maps.Keys(boundless(n))) {
		add(title, boundless(n)[title])
	}
	include := func(title string) string {
		return `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="` +
			title + `"/></ac:link></ac:parameter></ac:structured-macro>`
	}
	for i := range 40 {
		add(fmt.Sprint("bomb ", i), "<p>boom</p>"+strings.Repeat(include(fmt.Sprint("bomb ", i+1)), 4))
	}
	add("loop 0", include("loop 1")+include("loop 0"))
	add("loop 1", include("loop 0")+strings.Repeat(include("loop 1"), 100))
	a, b, c := add("parent a", "<p>a</p>"), add("parent b", "<p>b</p>"), add("its own parent", "<p>c</p>")
	a["parent"], b["parent"], c["parent"] = b["id"], a["id"], c["id"]
	var labels []string
	for i := range n {
		labels = append(labels, fmt.Sprint("label-", i))
	}
	add("labels", "<p>x</p>")["labels"] = labels
	var thread []any
	for i := range n / 10 {
		comment := map[string]any{"id": fmt.Sprint(900000 + i), "kind": "footer", "body": "<p>re</p>"}
		if i > 0 {
			comment["parent"] = fmt.Sprint(900000 + i - 1)
		}
		thread = append(thread, comment)
	}
	add("thread", "<p>x</p>")["comments"] = thread
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	files["GEN0/pages.json"].Data = data
	return files
}

// Time and memory are bounded on any input: a child with little memory exports them all
// before its time is over, and shows every page.
func TestBounds(t *testing.T) {
	n, limit := 300, 2*time.Minute
	if os.Getenv("AGC_LONG") != "" {
		n, limit = 4000, 10*time.Minute
	}
	w := newWorld(t, boundlessTenant(t, n))
	bounded(t, w, limit, 2000)
	pages := len(readLines(t, w.Config.Output.Dir+"/"+output.CurrentLink+"/"+output.SumsFile))
	if pages < len(boundless(n)) {
		t.Errorf("only %d files were published", pages)
	}
}

// enormous are bodies of a size at which a program fails that holds many copies of them,
// or looks at each part once for each other.
func enormous() map[string]string {
	nested := func(open, close string, n int) string {
		return strings.Repeat(open, n) + "x" + strings.Repeat(close, n)
	}
	sentence := "<p>Rotate the <strong>certificates</strong> every ninety days, as <em>the plan</em> of the agency " +
		"says it.</p>\n"
	return map[string]string{
		"fifty megabytes": strings.Repeat(sentence, 50_000_000/len(sentence)),
		"a million cells": "<table><tbody>" + strings.Repeat("<tr>"+strings.Repeat("<td>x</td>", 1000)+"</tr>", 1000) +
			"</tbody></table>",
		"twenty thousand deep": nested("<div>", "</div>", 20_000) + nested("<ul><li>", "</li></ul>",
			20_000) + nested("<blockquote>", "</blockquote>", 20_000) +
			nested("<ac:structured-macro ac:name=\"panel\"><ac:rich-text-body>",
				"</ac:rich-text-body></ac:structured-macro>", 20_000) +
			nested("<table><tbody><tr><td>", "</td></tr></tbody></table>", 20_000),
		"wide spans": `<table><tbody>` +
			strings.Repeat(`<tr><td colspan="100000000" rowspan="100000000">y</td><td rowspan="99999999">z</td></tr>`,
				1000) + "</tbody></table>",
	}
}

// So they are at sizes that no editor makes, one after the other.
func TestBoundsOfEnormousPages(t *testing.T) {
	if os.Getenv("AGC_LONG") == "" {
		t.Skip("AGC_LONG=1 exports pages of 50 MB, a million cells and 20,000 levels")
	}
	for title, body := range enormous() {
		t.Run(title, func(t *testing.T) {
			files := size{pages: 1, spaces: 1}.tenant()
			files["GEN0/pages.json"].Data = edited(t, files["GEN0/pages.json"].Data,
				map[string]map[string]any{"100000": {"title": title, "body": body}})
			w := newWorld(t, files)
			bounded(t, w, 5*time.Minute, 1500)
		})
	}
}

// No body under a megabyte takes the whole program over 500 MB, whatever it multiplies, see
// TestGrowth.
func TestBoundsOfGrowth(t *testing.T) {
	n, limit := 5_000, 2*time.Minute
	if os.Getenv("AGC_LONG") != "" {
		n, limit = 60_000, 10*time.Minute
	}
	var all []map[string]any
	bodies := growing(n)
	for _, title := range slices.Sorted(maps.Keys(bodies)) {
		all = append(all, map[string]any{"id": fmt.Sprint(200000 + len(all)), "title": title, "body": bodies[title]})
	}
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	files := size{pages: 1, spaces: 1}.tenant()
	files["GEN0/pages.json"].Data = data
	bounded(t, newWorld(t, files), limit, 500)
}

// And of a mirror that holds very many small pages.
func TestBoundsOfManyPages(t *testing.T) {
	if os.Getenv("AGC_LONG") == "" {
		t.Skip("AGC_LONG=1 exports 30,000 pages")
	}
	w := newWorld(t, size{pages: 30_000, spaces: 5}.tenant())
	bounded(t, w, 20*time.Minute, 1000)
}

// cost is what a child took: the processor's time, and MB of memory at the most.
type cost struct {
	work time.Duration
	peak int64
}

// bounded exports a tenant in a child that has little memory, and must be ready before its
// time is over and have used so many MB at most.
func bounded(t *testing.T, w *world, limit time.Duration, most int64) {
	t.Helper()
	start := time.Now()
	c := measured(t, w, limit, 6<<30, "GOMEMLIMIT=512MiB")
	t.Logf("%v, %v of a core, %d MB at the most", time.Since(start).Round(time.Millisecond), c.work, c.peak)
	if c.peak > most {
		t.Errorf("%d MB were used, %d are allowed", c.peak, most)
	}
}

// measured exports a tenant in a child that cannot take more than so many bytes and ends
// before its time is over.
func measured(t *testing.T, w *world, limit time.Duration, bytes uint64, env ...string) cost {
	t.Helper()
	o := childOrder{Config: w.Config, Command: "export", Peak: true, Limits: []limits{{unix.RLIMIT_AS, bytes}}}
	cmd := o.command(t)
	cmd.Env = append(cmd.Env, env...)
	var said strings.Builder
	cmd.Stderr = &said
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(limit, func() { cmd.Process.Signal(unix.SIGQUIT) })
	err := cmd.Wait()
	late.Stop()
	if err != nil {
		t.Fatalf("after %v: %v: %.6000s", time.Since(start), err, said.String())
	}
	c := cost{work: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Round(time.Millisecond)}
	for line := range strings.Lines(said.String()) {
		if _, kB, ok := strings.Cut(strings.TrimSpace(line), "VmHWM:"); ok {
			c.peak, _ = strconv.ParseInt(strings.TrimSpace(kB), 10, 64)
			c.peak /= 1000
		}
	}
	if c.peak == 0 {
		t.Error("the child did not say how much memory it used")
	}
	return c
}
