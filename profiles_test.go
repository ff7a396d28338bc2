//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	markup "golang.org/x/net/html"
	"golang.org/x/tools/txtar"

	"agc-export/export/exporttest"
)

// TestProfiles builds the demo tenant, and the corpus where AGC_CORPUS names one, with the program that each
// profile is for: without a warning, with the words and headings of our site, and with no link that leads
// nowhere. What is not installed is skipped; AGC_LONG=1 tries it at all.
func TestProfiles(t *testing.T) {
	if os.Getenv("AGC_LONG") == "" {
		t.Skip("AGC_LONG=1 builds what is written for Hugo, MkDocs, Docusaurus and Obsidian with each of them")
	}
	own := filepath.Join(t.TempDir(), "agc-export")
	goTool(t, nil, "build", "-o", own, ".")
	tenants := map[string]string{"demo": "", "older": olderFolder(t)}
	if corpus := os.Getenv("AGC_CORPUS"); corpus != "" {
		tenants["corpus"] = corpus
	}
	for _, b := range builders {
		for name, dir := range tenants {
			if long := variable(t, "AGC_LONG", 1); b.profile == "docusaurus" && name == "corpus" && long < 2 {
				continue // it takes minutes: AGC_LONG=2
			}
			t.Run(b.profile+"/"+name, func(t *testing.T) {
				if b.missing != nil {
					if why := b.missing(); why != "" {
						t.Skip(why)
					}
				}
				newBuilt(t, own, b, dir).check(t)
			})
		}
	}
}

// builder is the program that a profile is for.
type builder struct {
	profile string
	missing func() string                            // why it cannot be tried
	build   func(t *testing.T, markdown, out string) // from one folder into another
	page    func(b *built, file string) string       // of what it built, by the Markdown
	text    func(n *markup.Node) bool                // the element that holds the text
}

var builders = []builder{
	{"hugo", noHugo, buildHugo, hugoPage, isElement("main", "")},
	{"mkdocs", noMkDocs, buildMkDocs, mkdocsPage, isElement("div", "main")},
	{"docusaurus", noDocusaurus, buildDocusaurus, docusaurusPage, isElement("div", "markdown")},
	{"obsidian", nil, buildObsidian, obsidianPage, isElement("body", "")},
}

// isElement matches an element by name, and by role or class.
func isElement(name, is string) func(*markup.Node) bool {
	return func(n *markup.Node) bool {
		return n.Data == name && (is == "" || exporttest.Attribute(n, "role") == is ||
			slices.Contains(strings.Fields(exporttest.Attribute(n, "class")), is))
	}
}

// built is what a program made of a tenant.
type built struct {
	builder
	current, out string
	pages        []struct{ HTML, Markdown, Title string }
}

func newBuilt(t *testing.T, own string, b builder, tenant string) *built {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command(own, "demo", "--dir", dir)
	if tenant != "" {
		cmd.Args = append(cmd.Args, "--tenant", tenant)
	}
	cmd.Env = append(os.Environ(), "AGC_EXPORT_MARKDOWN_PROFILE="+b.profile, "AGC_EXPORT_EXPORT_RESTRICTED=include",
		"AGC_EXPORT_EXPORT_HISTORY=bodies", "AGC_EXPORT_EXPORT_ATTACHMENT_VERSIONS=all",
		"AGC_EXPORT_EXPORT_HISTORY_PUBLISHED=true")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("demo: %v: %s", err, out)
	}
	made := &built{builder: b, current: filepath.Join(dir, "out", "current"), out: filepath.Join(dir, "built")}
	data, err := os.ReadFile(filepath.Join(made.current, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Pages, Versions []struct{ HTML, Markdown, Title string }
	}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	made.pages = append(m.Pages, m.Versions...)
	// Docusaurus looks for its pages where they are, beyond all links.
	markdown, err := filepath.EvalSymlinks(filepath.Join(made.current, "markdown"))
	if err != nil {
		t.Fatal(err)
	}
	b.build(t, markdown, made.out)
	return made
}

// olderFolder is the tenant with older versions, as a folder.
func olderFolder(t *testing.T) string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("export", "testdata", "older.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir, files := t.TempDir(), map[string]string{}
	pictures := strings.NewReplacer(`"a map of old"`, `"GIF89a\u0001\u0000\u0001\u0000"`,
		"The map of today.\n", "GIF89a\x01\x00\x01\x00")
	for _, f := range archive.Files {
		files[f.Name] = pictures.Replace(string(f.Data))
	}
	write(t, dir, files)
	return dir
}

// check compares each page with that of our site, and follows all links.
func (b *built) check(t *testing.T) {
	words, headings := 0, 0
	for _, p := range b.pages {
		ours := find(b.read(t, filepath.Join(b.current, p.HTML)), isElement("main", ""))
		file := b.page(b, strings.TrimPrefix(p.Markdown, "markdown/"))
		theirs := find(b.read(t, filepath.Join(b.out, file)), b.text)
		if theirs == nil {
			t.Errorf("%s has no text", file)
			continue
		}
		want, got := pageOf(ours), pageOf(theirs)
		words, headings = words+len(want.words), headings+len(want.headings)
		if n := len(want.words); len(got.words) < n || !slices.Equal(want.words, got.words[:n]) {
			t.Errorf("%s has other words than %s:\n%s", p.Markdown, p.HTML, firstDifference(want.words, got.words))
		}
		if n := len(want.headings); len(got.headings) < n || !slices.Equal(want.headings, got.headings[:n]) {
			t.Errorf("%s has other headings than %s:\n%s", p.Markdown, p.HTML, cmp.Diff(want.headings, got.headings))
		}
		for what, n := range want.counts {
			if got.counts[what] < n {
				t.Errorf("%s has %d %s, %s has %d", p.Markdown, got.counts[what], what, p.HTML, n)
			}
		}
	}
	links, broken := b.links(t)
	for _, s := range broken {
		t.Error(s)
	}
	t.Logf(
		"%d pages, %d words, %d headings and %d links of them as on our site",
		len(b.pages),
		words,
		headings,
		links,
	)
}

func (b *built) read(t *testing.T, file string) *markup.Node {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Error(err)
		return &markup.Node{}
	}
	defer f.Close()
	doc, err := markup.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// seen is what a reader finds on a page, less its title.
type seen struct {
	words, headings []string
	counts          map[string]int
}

// hidden are the elements that are no part of the text, or that only we set: formulas.
var hidden = []string{"h1", "math", "script", "style", "button", "svg"}

// flows are the elements within a line.
var flows = strings.Fields(`a abbr b bdi bdo cite code del em font i ins kbd mark math q s samp small span strong sub
	sup time u var img annotation`)

func pageOf(n *markup.Node) seen {
	s := seen{counts: map[string]int{}}
	var text strings.Builder
	var walk func(n *markup.Node)
	walk = func(n *markup.Node) {
		if p := n.PrevSibling; p != nil && isElement("img", "missing")(p) &&
			strings.HasPrefix(exporttest.Attribute(p, "src"), "data:") {
			return // what our site says of a picture of another site, which it does not load
		}
		if n.Type == markup.TextNode {
			text.WriteString(n.Data)
			return
		}
		if slices.Contains(hidden, n.Data) || isElement(n.Data, "language-math")(n) || isFormula(n) {
			return
		}
		if day := exporttest.Attribute(n, "datetime"); n.Data == "time" && day != "" {
			text.WriteString(day) // which our site writes as its readers do
			return
		}
		if c := n.Data; slices.Contains([]string{"li", "tr", "img", "pre"}, c) {
			s.counts[c]++
		}
		from := text.Len()
		if !slices.Contains(flows, n.Data) {
			text.WriteByte('\n')
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '2' && n.Data[1] <= '6' {
			s.headings = append(s.headings, strings.Join(wordsOf(text.String()[from:]), " "))
		}
		if !slices.Contains(flows, n.Data) {
			text.WriteByte('\n')
		}
	}
	if n != nil {
		walk(n)
	}
	s.words = wordsOf(text.String())
	return s
}

// isFormula tells the code that GitHub takes for one, between dollars.
func isFormula(n *markup.Node) bool {
	before, after := n.PrevSibling, n.NextSibling
	return n.Data == "code" && before != nil && after != nil && strings.HasSuffix(before.Data, "$") &&
		strings.HasPrefix(after.Data, "$")
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(
		strings.ToLower(s),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) },
	)
}

func firstDifference(want, got []string) string {
	i := 0
	for i < len(want) && i < len(got) && want[i] == got[i] {
		i++
	}
	from := max(0, i-4)
	return fmt.Sprintf(
		"- %q\n+ %q",
		want[min(from, len(want)):min(i+8, len(want))],
		got[min(from, len(got)):min(i+8, len(got))],
	)
}

// links follows the links and pictures of all pages that were built: how many, and which lead nowhere.
func (b *built) links(t *testing.T) (count int, broken []string) {
	ids := map[string]map[string]bool{}
	type led struct{ from, to string }
	var all []led
	err := filepath.WalkDir(b.out, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != ".html" {
			return err
		}
		name, _ := filepath.Rel(b.out, p)
		if strings.HasPrefix(name, "attachments/") {
			return nil
		}
		ids[name] = map[string]bool{"": true}
		for n := range b.read(t, p).Descendants() {
			ids[name][exporttest.Attribute(n, "id")], ids[name][exporttest.Attribute(n, "name")] = true, true
			to := exporttest.Attribute(n, "href") + exporttest.Attribute(n, "src")
			if to != "" && (n.Data == "a" || n.Data == "img") {
				all = append(all, led{name, to})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		u, err := url.Parse(l.to)
		if err != nil || u.Scheme != "" || u.Host != "" {
			continue
		}
		count++
		to := path.Join(path.Dir(l.from), u.Path)
		if strings.HasPrefix(u.Path, "/") {
			to = strings.TrimPrefix(strings.TrimPrefix(u.Path, "/base"), "/")
		}
		if u.Path == "" {
			to = l.from
		}
		if info, err := os.Stat(filepath.Join(b.out, to)); err == nil && info.IsDir() {
			to = path.Join(to, "index.html")
		} else if err != nil && ids[to+".html"] != nil {
			to += ".html"
		}
		_, err = os.Stat(filepath.Join(b.out, to))
		if known := ids[to]; err != nil || known != nil && !known[u.Fragment] && u.Fragment != "top" {
			broken = append(broken, fmt.Sprintf("%s: a link to %s leads nowhere", l.from, l.to))
		}
	}
	return count, broken
}

func find(n *markup.Node, is func(*markup.Node) bool) *markup.Node {
	for d := range n.Descendants() {
		if d.Type == markup.ElementNode && is(d) {
			return d
		}
	}
	return nil
}

// quietly runs a program that is to say nothing of warnings.
func quietly(t *testing.T, dir string, vars []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), vars...)
	out, err := cmd.CombinedOutput()
	if err != nil || regexp.MustCompile(`(?i)\bwarn(ing)?\b`).Match(out) {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, tail(out))
	}
}

func tail(b []byte) []byte { return b[max(0, len(b)-6000):] }

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func noHugo() string {
	if os.Getenv("AGC_HUGO") == "" {
		return "AGC_HUGO names no Hugo (1 builds one)"
	}
	return ""
}

func buildHugo(t *testing.T, markdown, out string) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"hugo.toml": "baseURL = \"https://example.org/base/\"\ntitle = \"Made up\"\n" +
			"disableKinds = [\"rss\", \"sitemap\"]\n[" +
			"markup.goldmark.renderer]\nunsafe = true\n",
		"layouts/_default/baseof.html": `<!doctype html><html><head><meta charset="utf-8"><title>{{ .Title }}</title>
</head><body><main><h1>{{ .Title }}</h1>{{ .Content }}</main>
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></body></html>
`,
		"layouts/_default/single.html": `{{ define "main" }}{{ end }}`,
		"layouts/_default/list.html":   `{{ define "main" }}{{ end }}`,
	})
	if err := os.CopyFS(filepath.Join(dir, "content"), os.DirFS(filepath.Join(markdown, "content"))); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "static"), os.DirFS(filepath.Join(markdown, "static"))); err != nil {
		t.Fatal(err)
	}
	quietly(t, dir, nil, hugoProgram(t), "--printPathWarnings", "--panicOnWarning", "--destination", out)
}

func hugoPage(_ *built, file string) string {
	file = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(file, "content/"), ".md"))
	return path.Join(strings.TrimSuffix(file, "_index"), "index.html")
}

func noMkDocs() string {
	if _, err := exec.LookPath("mkdocs"); err != nil {
		return "mkdocs is not installed"
	}
	return ""
}

func buildMkDocs(t *testing.T, markdown, out string) {
	quietly(t, markdown, nil, "mkdocs", "build", "--strict", "-f", filepath.Join(markdown, "mkdocs.yml"), "-d", out)
}

func mkdocsPage(_ *built, file string) string {
	file = strings.TrimSuffix(strings.TrimPrefix(file, "docs/"), ".md")
	if path.Base(file) == "index" {
		return file + ".html"
	}
	return file + "/index.html"
}

// docusaurusTools is where the gate puts Docusaurus.
var docusaurusTools = filepath.Join(".ci", "tools", "docusaurus")

func noDocusaurus() string {
	if _, err := os.Stat(filepath.Join(docusaurusTools, "node_modules", "@docusaurus")); err != nil {
		return "Docusaurus is not installed (npm ci --prefix " + docusaurusTools + ")"
	}
	return ""
}

func buildDocusaurus(t *testing.T, markdown, out string) {
	tools, err := filepath.Abs(docusaurusTools)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(tools, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	write(t, dir, map[string]string{"package.json": `{"private": true}`, "docusaurus.config.js": `module.exports = {
  title: "Made up", url: "https://example.org", baseUrl: "/base/",
  onBrokenLinks: "throw", onBrokenAnchors: "throw", onDuplicateRoutes: "throw",
  markdown: {hooks: {onBrokenMarkdownLinks: "throw", onBrokenMarkdownImages: "throw"}},
  staticDirectories: [process.env.AGC_MARKDOWN + "/static"],
  presets: [["classic", {docs: {path: process.env.AGC_MARKDOWN + "/docs", routeBasePath: "/"}, blog: false,
    pages: false}]],
};
`})
	quietly(t, dir, []string{"AGC_MARKDOWN=" + markdown, "CI=true", "DOCUSAURUS_NO_PERSISTENT_CACHE=1",
		"SKIP_HTML_MINIFICATION=true"}, "node",
		filepath.Join(tools, "node_modules", "@docusaurus", "core", "bin", "docusaurus.mjs"), "build", "--no-minify",
		"--out-dir", out)
}

func docusaurusPage(b *built, file string) string {
	data, _ := os.ReadFile(filepath.Join(b.current, "markdown", file))
	slug := regexp.MustCompile(`(?m)^slug: "/(.*)"$`).FindSubmatch(data)
	if slug == nil {
		return file
	}
	return path.Join(string(slug[1]), "index.html")
}

// Obsidian builds nothing: what it would show is what its links say, in the Markdown that it reads.
func buildObsidian(t *testing.T, markdown, out string) {
	vault := os.DirFS(markdown)
	convert := func(page string, text string, out *bytes.Buffer) error {
		return goldmark.New(goldmark.WithExtensions(extension.GFM, wikilinks{t, vault, page}),
			goldmark.WithRendererOptions(html.WithUnsafe())).
			Convert([]byte(obsidianText(text)), out)
	}
	err := fs.WalkDir(vault, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != ".md" || strings.HasPrefix(p, "attachments/") {
			return err
		}
		data, err := fs.ReadFile(vault, p)
		if err != nil {
			return err
		}
		_, text, _ := strings.Cut(strings.TrimPrefix(string(data), "---\n"), "\n---\n")
		var page bytes.Buffer
		page.WriteString("<!doctype html><meta charset=utf-8><body>")
		if err := convert(p, text, &page); err != nil {
			return err
		}
		doc, err := markup.Parse(&page)
		if err != nil {
			return err
		}
		for n := range doc.Descendants() {
			i := slices.IndexFunc(n.Attr, func(a markup.Attribute) bool { return a.Key == "href" })
			if i < 0 {
				continue
			}
			// Obsidian follows links in HTML that say they are its own, and leads others to headings by their words.
			to, within := n.Attr[i].Val, exporttest.Attribute(n, "class") == "internal-link"
			if u, err := url.Parse(to); !within && err == nil && u.Scheme == "" && u.Host == "" && u.Fragment != "" {
				to, within = u.Fragment, true
				if u.Path != "" {
					to = path.Join(path.Dir(p), u.Path) + "#" + to
				} else {
					to = "#" + to
				}
			}
			if within {
				wikilinks{t, vault, p}.follow(to)
				n.Attr = slices.Delete(n.Attr, i, i+1)
			}
		}
		var shown strings.Builder
		if err := markup.Render(&shown, doc); err != nil {
			return err
		}
		write(t, out, map[string]string{p + ".html": shown.String()})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(
		filepath.Join(out, "attachments"),
		os.DirFS(filepath.Join(markdown, "attachments")),
	); err != nil {
		t.Fatal(err)
	}
}

func obsidianPage(_ *built, file string) string { return file + ".html" }

// formulas matches code, and formulas as Obsidian reads them.
var formulas = regexp.MustCompile("(?ms)^[ >]*```.*?^[ >]*```|`[^`\n]+`|" +
	`(^[ >]*)\$\$\n(.*?)\n[ >]*\$\$$|\\\$|\$([^$\n]+)\$`)

// obsidianText is a text without what Obsidian does not show: identifiers of blocks, and that a box opens. Formulas
// are as GitHub has them.
func obsidianText(text string) string {
	text = formulas.ReplaceAllStringFunc(text, func(s string) string {
		m := formulas.FindStringSubmatch(s)
		switch {
		case m[2] != "":
			return m[1] + "```math\n" + m[2] + "\n" + m[1] + "```"
		case m[3] != "":
			return "$`" + m[3] + "`$"
		}
		return s
	})
	text = regexp.MustCompile(`(?m)(^[ \t>]*| )\^[\pL\pN-]+$`).ReplaceAllString(text, "")
	return opens.ReplaceAllString(text, "$1")
}

// opens matches what opens a box of Obsidian's: it shows what stands behind it, and its kind by a sign.
var opens = regexp.MustCompile(`(?m)^([ >]*)\[!(?:example|note|tip|important|warning|caution)\]-? `)

// wikilinks reads those of a vault, and tells of those that lead nowhere.
type wikilinks struct {
	t     *testing.T
	vault fs.FS
	page  string
}

func (w wikilinks) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(w, 150)))
}

func (w wikilinks) Trigger() []byte { return []byte{'!', '['} }

var wikilink = regexp.MustCompile(`^(!?)\[\[([^\[\]\n]+)\]\]`)

func (w wikilinks) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	m := wikilink.FindSubmatch(line)
	if m == nil {
		return nil
	}
	block.Advance(len(m[0]))
	to, shown, _ := strings.Cut(strings.ReplaceAll(string(m[2]), `\|`, "|"), "|")
	w.follow(to)
	s := "<a>" + markup.EscapeString(shown) + "</a>"
	if len(m[1]) > 0 {
		s = "<img>"
	}
	n := ast.NewString([]byte(s))
	n.SetCode(true)
	return n
}

// follow tells of a link that leads to no file, or to no heading or block of it.
func (w wikilinks) follow(to string) {
	name, place, _ := strings.Cut(to, "#")
	if name == "" {
		name = strings.TrimSuffix(w.page, ".md")
	}
	data, err := fs.ReadFile(w.vault, name+".md")
	if err != nil {
		data, err = fs.ReadFile(w.vault, name)
	}
	if err != nil {
		w.t.Errorf("%s: [[%s]] leads to no file", w.page, to)
		return
	}
	if id, ok := strings.CutPrefix(place, "^"); ok {
		if !regexp.MustCompile(`(?m)(^|[ >]|<br>)\^` + regexp.QuoteMeta(id) + `$`).Match(data) {
			w.t.Errorf("%s: [[%s]] leads to no block", w.page, to)
		}
		return
	}
	parts, level := strings.Split(place, "#"), 0
	for _, m := range regexp.MustCompile(`(?m)^[> \t]*(?:[-0-9.]+[ \t]+)?(#{1,6}) (.*)$`).FindAllSubmatch(data, -1) {
		if len(m[1]) > level && bare(string(m[2])) == bare(parts[0]) {
			if parts, level = parts[1:], len(m[1]); len(parts) == 0 {
				return
			}
		}
	}
	if place != "" {
		w.t.Errorf("%s: [[%s]] leads to no heading", w.page, to)
	}
}

// bare leaves of Markdown its letters and digits.
func bare(s string) string {
	s = regexp.MustCompile(`<[^<>]*>|\]\([^()]*\)|&\w+;`).ReplaceAllString(s, "")
	return strings.Join(wordsOf(s), "")
}
