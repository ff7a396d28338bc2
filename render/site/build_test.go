package site

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agc-export/render/gfm"

	"github.com/google/go-cmp/cmp"
)

// builtSeeds are Markdown of each kind of node, and what HTML must be written of.
var builtSeeds = []string{
	"a *b* **c** ~~d~~ `e` \\*f\\* &amp; &copy; &#10; &lt;\ng  \nh\\\ni",
	"# a\n\nb\n=\n\n---\n\n> c\n>\n> d\n\n> [!NOTE]\n> e\n\n    f <g>\n\n```go <x> &amp; \\*\nh\n\ni\n```\n\n```\n```",
	"- a\n- b\n\n  c\n- - d\n    - e\n\n3. f\n4. g\n\n1) h\n\n- [ ] i\n- [x] j",
	"| a | b | c |\n|:--|:-:|---|\n| `d\\|e` | **f** |\n| <br> | | g |\n\n| h |\n|---|",
	"[a](b \"c &quot; \\\" d\") [e][f] <https://g.h/?i&j> <k@l.m> https://n.o/p www.q.r [](s) [t](<u v>)\n\n[f]: w 'x'",
	"![a *b* `c`\nd](e \"f\") ![](g) [![h](i)](j) ![k <b>l</b> m&amp;](n%20o&amp;p)",
	"a[^b] c[^b] d[^e]\n\n[^b]: f\n\n    g\n[^e]: h `i`",
	"$`a^2`$ b\n\n```math\nc\n```",
	"<div class=\"panel panel-note\">\n\na *b*\n\n</div>\n\nc <sup>d</sup> <span title=\"&amp;e\">*f*</span> <!-- -->",
	"<table>\n<tr><td>\n\n- a\n\n</td></tr>\n</table>\n\n<details open><summary>b</summary>\n\nc\n</details>",
	"<p>a <b>b</b> &amp; c</p> d\n\n<ul><li>e</li></ul>\n<!-- -->\n<ul><li>f</li></ul>",
	"a\n<!-- -->\nb <br> c<br/>d\n\n- e <em>f</em>\n  <!-- -->\n- g",
	"- <div>a</div>\n- b\n\n<pre>\n\nc</pre>\n\n<blockquote>\n\nd\n</blockquote>",
	"a\r\nb", "a <3 <", "[a](b&#13;c)",
	strings.Repeat("> ", 140) + strings.Repeat("- ", 120) + "a",
	// what is written and read
	"a <script>b</script>", "<svg></svg>",
	"![a  \nb](c)", "a &#13; b", "a\x00b", "<p>a\n\n<p>b", "<b>a *b</b> c*", "<ruby>a<rt>b</rt></ruby>",
	"<a href=\"b\">[c](d)</a>", strings.Repeat("<div>\n\n", 210) + strings.Repeat("</div>\n\n", 210), "a <!-- b -->",
	"<span a='b'>c</span>", "![&#13;](c)", "<b>a\n\nb</b>", "<table>\n\na\n\n</table>",
}

// sameBuilt compares the tree that is built of Markdown with that of the HTML which goldmark writes.
func sameBuilt(t *testing.T, s *Site, md []byte) (built bool) {
	t.Helper()
	doc, _ := reader.Parse(md)
	r := s.trees.Get().(*strict)
	defer s.trees.Put(r)
	got, ok := buildTree(r, doc, md)
	if !ok {
		return false
	}
	p := s.newPass(Setting{})
	doc, md, _ = p.mended(doc, md, nil)
	want, why := writtenTree(doc, md)
	if len(p.removed) > 0 {
		t.Errorf("%q: a tree is built of what is not whole: %v", md, p.removed)
	}
	if why != "" {
		t.Fatalf("%q: a tree is built of what cannot be read: %s", md, why)
	}
	if diff := cmp.Diff(flat(want), flat(got)); diff != "" {
		t.Fatalf("%q: the tree of goldmark's HTML and ours (-want +got):\n%s", md, diff)
	}
	return true
}

// TestBuilt compares trees of each kind of node.
func TestBuilt(t *testing.T) {
	s := newSite(t, testConfig)
	for i, src := range builtSeeds {
		if built := sameBuilt(t, s, []byte(src)); built != (i < 17) {
			t.Errorf("%q: built %v", src, built)
		}
	}
	// HTML out of proportion to its Markdown is no tree, by whatever way.
	long := "[a]: /" + strings.Repeat("\"", 30_000) + "\n\n" + strings.Repeat("[a]", 100)
	doc, _ := reader.Parse([]byte(long))
	if _, ok := buildTree(newStrict(), doc, []byte(long)); ok {
		if _, why := writtenTree(doc, []byte(long)); why != "" {
			t.Error("a tree is built of what is out of proportion")
		}
	}
}

// TestBuiltMade does so with texts of random pieces, and with all Markdown of the tests.
func TestBuiltMade(t *testing.T) {
	s := newSite(t, testConfig)
	random := rand.New(rand.NewPCG(3, 4))
	pieces := strings.Split(strings.Join(builtSeeds, "\x01")+"\x01*\x01**\x01`\x01[\x01](b)\x01\n\n\x01\n> "+
		"\x01\n- \x01\n1. \x01\n    \x01<b>\x01</b>\x01&amp;\x01\\\x01|\x01\n|---|\n\x01"+
		"[^a]\x01\n[^a]: b\n\x01\n<div>\n\n\x01\n\n</div>\n\n"+
		"\x01<!-- -->\x01\n# \x01~~\x01<br>\x01  \n\x01www.a.b\x01<\x01>", "\x01")
	built := 0
	for range 6000 / sparing(2) {
		var b strings.Builder
		for range 1 + random.IntN(9) {
			piece := pieces[random.IntN(len(pieces))]
			from := random.IntN(len(piece) + 1)
			if random.IntN(3) > 0 {
				from = 0
			}
			b.WriteString(piece[from:])
			b.WriteString([]string{"", "", " ", "\n", "\n\n"}[random.IntN(5)])
		}
		if sameBuilt(t, s, []byte(b.String())) {
			built++
		}
	}
	if built < 500 {
		t.Errorf("only %d were built", built)
	}
	files, _ := filepath.Glob("../*/testdata/*.txtar")
	for _, file := range files {
		md, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for part := range bytes.SplitSeq(md, []byte("\n-- ")) {
			sameBuilt(t, s, part)
		}
	}
	if len(files) == 0 {
		t.Error("there is no Markdown of the tests")
	}
}

// FuzzBuilt does so with any text.
func FuzzBuilt(f *testing.F) {
	for _, src := range builtSeeds {
		f.Add([]byte(src))
	}
	s := newSite(f, testConfig)
	f.Fuzz(func(t *testing.T, md []byte) { sameBuilt(t, s, md) })
}

// What takes more than mostEscaped bytes for one, or tags longer than mostTag, would be counted too
// low.
func TestSpend(t *testing.T) {
	for name, how := range rules {
		if how != 0 && len("<></>")+2*len(name) > mostTag {
			t.Errorf("<%s> takes more than %d bytes", name, mostTag)
		}
	}
	var b bytes.Buffer
	doc, _ := reader.Parse([]byte("\"<>&'"))
	if err := reader.Render(&b, []byte("\"<>&'"), doc); err != nil || b.Len() > len("<p></p>\n")+5*mostEscaped {
		t.Error(b.String(), err, gfm.Most)
	}
}

// sparing is n, and 1 where nothing is to be spared.
func sparing(n int) int {
	if os.Getenv("AGC_LONG") != "" {
		return 1
	}
	return n
}
