package site

import (
	"bytes"
	"encoding/json"
	"errors"
	"html"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"agc-export/render/markdown"
)

// The texts of TestGrammars are made of these: words, signs that mean something in Markdown
// or HTML, addresses, and beginnings of lines.
var (
	plainWords = []string{"word", "a", "Z9", "é", "한", "“so”", "x,", "end."}
	signs      = []string{
		`\`, `\`, `\\`, `*`, `**`, `*x*`, `_`, `__`, `_x_`, `~`, `~~`, "`", "``", "```", `[`, `]`, `](`, `](x)`, `[x]`,
		`[x]: y`, `[^1]`, `[^1]:`, `[!NOTE]`, `!`, `![`,
		`<b>`, `<script>`, `</script>`, `</p>`, `<!--`, `-->`, `<?`, `<!X`, `<![CDATA[`, `<textarea>`, `<title>`,
		`<plaintext>`, `<img src=x onerror=y>`, `<div>`, `<x-y`, `<a@b.c>`, `<http://x.y>`, `<`, `>`, `">`,
		`&`, `&lt;`, `&#42;`, `&copy`, `&amp;amp;`, `|`, `\|`, `$`, `$x$`, `==x==`, `:smile:`, `@who`, `#123`, `{#id}`,
		`{.c}`, `(`, `)`, `:`, `;`, `'`, `"`,
	}
	addresses = []string{
		`http://x.y/a`, `http://host/`, `https://x.gov/a_b`, `http://x.gov/a*b*c`, `https://x.gov/?a=1&b=2`,
		`http://x.y/a_(b)`, `www.x.gov/a_b`, `www.x.y`, `WWW.X.Y/a`, `ftp://x.y/a`, `mailto:a@b.c`,
		`a@b.c`, `a_b@c.d_e`, `xmpp:a@b.c/d`, `HTTP://X.Y/a`, `http://x.y/&amp;z`, `http://x.y/a|b`, `http://x.y/ä`,
		`http://localhost:8080/x`, `http://`, `www.`, `xhttp://y.z/`, `//x.y`, `http:`, `https://x.y/$a$`,
		`http://x.y/a~b~`, `http://x.y/~a`, "http://x.y/`a`", `http://x.y/[a]`, `file:///c/a`, `www.x`, `http://_x.y_`,
		`http://x_y.z_a/_b_`,
	}
	beginnings = []string{
		`:-:`, `===`, `---`, `|---|`, `-`, `- x`, `1.`, `1)`, `12. x`, `#`, `## x`, `>`, `> x`, `~~~`, "```x", `+`,
		`+ x`, `***`, `* x`, `: x`, `:--|--:`, `a | b`, `--- | ---`, `--|--`, `=`, `* * *`, `_ _ _`, `- - -`, `:::`,
		`[x]: y`, `[^1]: x`, `[ ] x`, `<div>`, `<pre`, `<!--`, `</div>`, `<script`, `<x>`, `|`, `|a|`, `-:`, `:-`,
		`[!NOTE]`, `\`, `1`, `100000000.`, `#x`, `-x`,
	}
	betweens = []string{"", "", "", " ", " ", "<br/>", "<br/>", " <br/> ", "&nbsp;", "\u200b", "\u2028", "\u3000", "\t",
		"\n"}
	marks = [][2]string{
		{"<strong>", "</strong>"}, {"<em>", "</em>"}, {"<del>", "</del>"}, {"<code>", "</code>"}, {"<u>", "</u>"},
		{"<sub>", "</sub>"}, {`<a href="https://e.com/z">`, "</a>"},
		{`<span style="color: rgb(255,0,0);">`, "</span>"}, {"<span>", "</span>"},
		{`<ac:inline-comment-marker ac:ref="r">`, "</ac:inline-comment-marker>"},
	}
	// around are what a text can stand in.
	around = [][2]string{
		{"<p>", "</p>"}, {"<p>", "</p>"}, {"<ul><li>", "</li></ul>"}, {"<ol><li><p>", "</p><p>more</p></li></ol>"},
		{"<ul><li>one</li><li>", "<ol><li>two</li></ol></li></ul>"},
		{"<table><tbody><tr><th>h</th><th>i</th></tr><tr><td>", "</td><td>c</td></tr></tbody></table>"},
		{"<table><tbody><tr><th>", "</th></tr><tr><td>c</td></tr></tbody></table>"},
		{`<table><tbody><tr><td colspan="2">`, "</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>"},
		{"<table><tbody><tr><td>", "</td></tr><tr><td>d</td></tr></tbody></table>"},
		{"<table><tbody><tr><td><p>", "</p><p>e</p><ul><li>f</li></ul></td><td>c</td></tr></tbody></table>"},
		{"<table><tbody><tr><th>h</th></tr><tr><td><ol><li>", "</li><li>g</li></ol>k</td></tr></tbody></table>"},
		{"<table><tbody><tr><td><ul><li>e<ul><li>", "</li></ul></li></ul></td></tr></tbody></table>"},
		{"<blockquote><p>", "</p></blockquote>"}, {"<blockquote>", "</blockquote>"}, {"<h2>", "</h2>"},
		{`<ac:structured-macro ac:name="note"><ac:rich-text-body><p>`,
			"</p></ac:rich-text-body></ac:structured-macro>"},
		{`<ac:structured-macro ac:name="tip"><ac:rich-text-body>`, "</ac:rich-text-body></ac:structured-macro>"},
		{`<ac:structured-macro ac:name="panel"><ac:rich-text-body><p>`,
			"</p></ac:rich-text-body></ac:structured-macro>"},
		{`<ac:structured-macro ac:name="expand"><ac:rich-text-body><p>`,
			"</p></ac:rich-text-body></ac:structured-macro>"},
		{"<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>",
			"</ac:task-body></ac:task></ac:task-list>"}, {"<div>", "</div>"},
	}
)

// passage makes a text of n pieces. Each line of it has a word, for breaks are counted.
func passage(r *rand.Rand, n int, nested bool) string {
	var b strings.Builder
	begins := true
	for range n {
		lists := [][]string{plainWords, signs, signs, addresses}
		if begins {
			lists = append(lists, beginnings, beginnings)
		}
		list := lists[r.IntN(len(lists))]
		piece := html.EscapeString(list[r.IntN(len(list))])
		if !nested && r.IntN(5) == 0 {
			m := marks[r.IntN(len(marks))]
			piece = m[0] + strings.ReplaceAll(passage(r, 1+r.IntN(3), true), "<br/>", " ") + m[1]
		}
		b.WriteString(piece)
		between := betweens[r.IntN(len(betweens))]
		if b.WriteString(between); strings.Contains(between, "<br/>") {
			begins = true
			continue
		}
		begins = false
	}
	return b.String()
}

// grammarBody makes a body of one text in one container, with a page behind it.
func grammarBody(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 29))
	in := around[r.IntN(len(around))]
	return in[0] + passage(r, 1+r.IntN(7), false) + in[1] + "<h2>Next</h2><p>after <strong>all</strong> of it</p>"
}

// nowhere is a mirror without a page.
type nowhere struct{}

func (nowhere) Resolve(_ markdown.Page, t markdown.Target) markdown.Ref {
	if t.Kind == markdown.TargetURL {
		return markdown.Ref{Type: "url", Href: t.URL}
	}
	return markdown.Ref{Missing: "not exported"}
}

func (nowhere) Find(markdown.Query) ([]markdown.Ref, error) { return nil, errors.New("no pages") }

// checkOwn holds a body against our HTML and returns its Markdown.
func checkOwn(t *testing.T, src string) (md, page string) {
	t.Helper()
	b, _ := markdown.Convert([]byte(src), markdown.Page{ID: "1", Title: "T"}, nowhere{})
	body := render(b, "T", nil)
	if diff := difference(boldCells(bodyTrace(src)), boldCells(pageTrace(string(body.HTML)))); diff != "" {
		t.Errorf("our HTML is not what the body says: %s\nbody: %q\nMarkdown: %q\nHTML: %s", diff, src, b, body.HTML)
	}
	if len(body.Removed) > 0 {
		t.Errorf("taken away: %v\nbody: %q\nMarkdown: %q", body.Removed, src, b)
	}
	return string(b), string(body.HTML)
}

// boldCells takes bold cells and headings for one: a first column that its author made bold all
// through heads its rows, see cells.
func boldCells(trace []string) []string {
	for i, c := range trace {
		trace[i] = strings.Replace(c, "strong,th", "strong,td", 1)
	}
	return trace
}

// tags matches the elements of a body.
var tags = regexp.MustCompile(`<[^>]*>`)

// checkTitle holds a plain text, as lists of pages write it, against our HTML: in a link, in
// a line, in a heading. It returns the storage body that says the same.
func checkTitle(t *testing.T, seed uint64) (src, md, page string) {
	t.Helper()
	title := tags.ReplaceAllString(passage(rand.New(rand.NewPCG(seed, 31)), 1+int(seed%5), false), " ")
	text := markdown.Text(html.UnescapeString(title))
	md = "- [" + text + "](https://e.com/z) and " + text + "\n\n## " + text + "\n\n" + text + "\n"
	src = `<ul><li><a href="https://e.com/z">` + title + "</a> and " + title + "</li></ul><h2>" + title + "</h2><p>" +
		title + "</p>"
	page = string(render([]byte(md), "T", nil).HTML)
	if diff := difference(bodyTrace(src), pageTrace(page)); diff != "" {
		t.Errorf("our HTML is not what a title says: %s\ntitle: %q\nMarkdown: %q\nHTML: %s", diff, title, md, page)
	}
	return src, md, page
}

// difference tells where two traces part, or "".
func difference(want, got []string) string {
	if slices.Equal(want, got) {
		return ""
	}
	i := 0
	for i < len(want) && i < len(got) && want[i] == got[i] {
		i++
	}
	return "at " + strings.Join(want[max(0, i-8):i], "|") + "\n\twant " +
		strings.Join(want[i:min(len(want), i+12)], "|") + "\n\tgot  " + strings.Join(got[i:min(len(got), i+12)], "|")
}

// TestGrammars makes texts of escapes, addresses, line ends, containers and what follows
// them, and holds what other programs than goldmark make of their Markdown against the
// bodies: micromark, which has GitHub's grammar, must show each character in the same
// elements, and marked may make no element that our pages do not have.
func TestGrammars(t *testing.T) {
	n := uint64(1000)
	if os.Getenv("AGC_LONG") != "" {
		n = 60_000
	}
	var bodies, texts, pages []string
	for seed := range n {
		src := grammarBody(seed)
		md, page := checkOwn(t, src)
		if seed%10 == 0 {
			src, md, page = checkTitle(t, seed)
		}
		bodies, texts, pages = append(bodies, src), append(texts, md), append(pages, page)
	}
	for i, other := range otherReaders(t, texts, "") {
		if diff := difference(bodyTrace(bodies[i]), pageTrace(other.Micromark)); diff != "" {
			t.Errorf("seed %d: GitHub's grammar reads it otherwise: %s\nbody: %q\nMarkdown: %q\nHTML: %s", i, diff,
				bodies[i], texts[i], other.Micromark)
		}
		if names := alive(other.Marked, pages[i]); len(names) > 0 {
			t.Errorf("seed %d: marked makes %q of it\nbody: %q\nMarkdown: %q\nHTML: %s", i, names, bodies[i], texts[i],
				other.Marked)
		}
	}
}

// TestGrammarsOfCorpus does the same with the bodies below the folder that AGC_CORPUS names, and
// with remark and markdown-it, on which many programs are built: every word in the same elements as on our site.
// Formulas are left out: they are our own form.
func TestGrammarsOfCorpus(t *testing.T) {
	folder := os.Getenv("AGC_CORPUS")
	if folder == "" {
		t.Skip("SKIPPED: no corpus. Set AGC_CORPUS to a folder of storage files (*.xml) to run this test.")
	}
	var names, texts, pages []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		src, err := os.ReadFile(path)
		md, _ := markdown.Convert(src, markdown.Page{ID: "1", Title: "T"}, nowhere{})
		if bytes.Contains(md, []byte("$`")) || bytes.Contains(md, []byte("```math")) {
			return err
		}
		body := render(md, "T", nil)
		if len(body.Removed) > 0 {
			t.Errorf("%s: taken away: %v", path, body.Removed)
		}
		names, texts, pages = append(names, path), append(texts, string(md)), append(pages, string(body.HTML))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, other := range otherReaders(t, texts, "remark") {
		if diff := difference(pageTrace(pages[i]), otherTrace(other.Micromark)); diff != "" {
			t.Errorf("%s: GitHub's grammar reads it otherwise: %s", names[i], diff)
		}
		if diff := difference(pageTrace(pages[i]), otherTrace(other.Remark)); diff != "" {
			t.Errorf("%s: remark reads it otherwise: %s", names[i], diff)
		}
		if diff := difference(pageTrace(pages[i]), otherTrace(other.It)); diff != "" {
			t.Errorf("%s: markdown-it reads it otherwise: %s", names[i], diff)
		}
		if alive := alive(other.Marked, pages[i]); len(alive) > 0 {
			t.Errorf("%s: marked makes %q of it", names[i], alive)
		}
	}
	t.Logf("%d bodies", len(texts))
}

// FuzzGrammars holds bodies of any such texts against our HTML.
func FuzzGrammars(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed+1_000_000, "")
	}
	for i, piece := range slices.Concat(signs, addresses, beginnings) {
		f.Add(uint64(i), piece)
	}
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		if text == "" {
			checkOwn(t, grammarBody(seed))
			return
		}
		// The words around the text keep its ends, where blanks and breaks are dropped.
		in := around[seed%uint64(len(around))]
		checkOwn(t, in[0]+"word "+html.EscapeString(strings.ToValidUTF8(text, ""))+" word"+in[1]+
			"<h2>Next</h2><p>after</p>")
	})
}

// reading is what other programs make of a text.
type reading struct{ Micromark, Marked, It, Remark string }

// otherReaders asks node for them, in one process; more names what it is to ask beside those that
// it asks always.
func otherReaders(t *testing.T, texts []string, more string) []reading {
	t.Helper()
	const tools = "../../.ci/tools"
	if _, err := os.Stat(tools + "/node_modules/unified"); err != nil {
		t.Skipf("GITHUB'S GRAMMAR NOT TESTED: %v; run `npm ci --prefix .ci/tools`", err)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skipf("GITHUB'S GRAMMAR NOT TESTED: %v", err)
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "testdata/grammar.mjs", tools, more)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []reading
	if err := json.Unmarshal(out, &all); err != nil || len(all) != len(texts) {
		t.Fatal(len(all), "answers to", len(texts), "texts", err)
	}
	return all
}
