package storage

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// sketch writes a tree in one line: elements as name[attr=value](children), text quoted.
func sketch(n *Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.IsText() {
			fmt.Fprintf(&b, "%q", c.Text)
			continue
		}
		b.WriteString(c.Name)
		for _, a := range c.Attr {
			fmt.Fprintf(&b, "[%s=%s]", a.Name, a.Value)
		}
		b.WriteString("(" + sketch(c) + ")")
	}
	return b.String()
}

func classes(notes []Note) string {
	var s []string
	for _, n := range notes {
		s = append(s, fmt.Sprintf("%s×%d@%d", n.Class, n.Count, n.Offset))
	}
	return strings.Join(s, " ")
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, want, notes string }{
		{"text", "a <b>c</b> d", `"a "b("c")" d"`, ""},
		{"value on lines", "<ri:page ri:content-title=\"Pump\n   station  A\" ri:space-key=\"\r\n A\n\"/>",
			`ri:page[ri:content-title=Pump station  A][ri:space-key=A]()`, ""},
		{"many roots", "<p>a</p>b<p/>", `p("a")"b"p()`, ""},
		{"self-closing", `<ac:link><ri:page ri:content-title="T" /><ac:link-body>x</ac:link-body></ac:link>`,
			`ac:link(ri:page[ri:content-title=T]()ac:link-body("x"))`, ""},
		{"cdata", "<ac:plain-text-body><![CDATA[if a < b && c > d {\r\n}]]></ac:plain-text-body>",
			`ac:plain-text-body("if a < b && c > d {\n}")`, ""},
		{"cdata split", "<x><![CDATA[a]]]]><![CDATA[>b]]></x>", `x("a]]"">b")`, ""},
		{"cdata of an export", "<ac:plain-text-body><![CDATA[[[ a ]] > b]] ></ac:plain-text-body><p>c</p>",
			`ac:plain-text-body("[[ a ]] > b")p("c")`, ""},
		{"cdata without end", "<ac:plain-text-body><![CDATA[a</ac:plain-text-body><p>b</p>",
			`ac:plain-text-body("a")p("b")`, "tag×1@20"},
		{"entities", "&nbsp;&lt;&eacute;&#8203;&#x1f642;&CounterClockwiseContourIntegral;", `"\u00a0<é\u200b🙂∳"`, ""},
		{"unknown entities", "&notarealentity; &notit; AT&T; a & b", `"&notarealentity; &notit; AT&T; a & b"`,
			"entity×3@0"},
		{"windows reference", "&#150;", `"–"`, ""},
		{"forbidden", "a\x02b\x1cc\ufffed&#2;&#xffff;&#0;e", `"abcde"`, "character×3@1"},
		{"not utf-8", "a\xffb", `"a�b"`, "character×1@1"},
		{"comment", "a<!-- b <p> -->c<!-- d", `"a""c"" d"`, "tag×1@16"},
		{"doctype", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><p>d</p>`, `p("d")`, ""},
		{"bom", "\ufeff<p>a</p>", `p("a")`, ""},
		{"unclosed", "<p>a<strong>b</p><p>c", `p("a"strong("b"))p("c")`, "unclosed×2@13"},
		{"mis-nested", "<b>a<i>b</b>c</i>d", `b("a"i("b"))"c""d"`, "unclosed×1@8 stray×1@13"},
		{"items and cells unclosed", "<ul><li>a<li>b</ul><table><colgroup><col><tbody><tr><td>c<th>d<tr><td>e</table>" +
			"<dl><dt>f<dd>g</dl>",
			`ul(li("a")li("b"))table(colgroup(col())tbody(tr(td("c")th("d"))tr(td("e"))))dl(dt("f")dd("g"))`,
			"unclosed×11@9"},
		{"parameter unclosed", `<ac:macro><ac:parameter ac:name="t">a<ac:rich-text-body>b</ac:rich-text-body>` +
			`</ac:macro>`,
			`ac:macro(ac:parameter[ac:name=t]("a")ac:rich-text-body("b"))`, "unclosed×1@37"},
		{"stray", "a</p>b", `"a""b"`, "stray×1@1"},
		{"void", "a<br>b<hr></hr>c<BR/>", `"a"br()"b"hr()"c"br()`, ""},
		{"identifier unclosed", `<ac:link><ri:user ri:userkey="k">text</ac:link>`,
			`ac:link(ri:user[ri:userkey=k]()"text")`, "unclosed×1@33"},
		{"identifier nested", `<ri:attachment ri:filename="f"><ri:page ri:content-title="t"/></ri:attachment>`,
			`ri:attachment[ri:filename=f](ri:page[ri:content-title=t]())`, ""},
		{"text like tags", "a < b <3 <> </ x <=", `"a ""<"" b ""<""3 ""<""> ""<""/ x ""<""="`, ""},
		{"tag cut off", "a<p b", `"a""<p b"`, "tag×1@1"},
		{"tag in a tag", "<b <i>a</i>", `"<b "i("a")`, "tag×1@0"},
		{"attributes", `<p a=1 b c='2"' d = "&lt;3&#10;" a="4" e="x<y">t</p>`,
			`p[a=1][b=][c=2"][d=<3` + "\n" + `][e=x<y]("t")`, ""},
		{"quote missing", `<a href="x>t</a> <b c="y">u</b>`, `a[href=x]("t")" "b[c=y]("u")`, "tag×1@8"},
		{"case", `<P CLASS="a">b</p>`, `p[class=a]("b")`, ""},
		{"case of an end tag", `<a><a></A>b</A>`, `a(a()"b")`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, notes := Parse(c.in)
			if d := cmp.Diff(c.want, sketch(root)); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(c.notes, classes(notes)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestOffsets(t *testing.T) {
	src := `<p>a&amp;b<ac:link ac:anchor="x"/></p>`
	root, _ := Parse(src)
	for n := range root.All() {
		if !n.IsText() && !strings.HasPrefix(src[n.Offset:], "<"+n.Name) || n.IsText() && n.Text[0] != src[n.Offset] {
			t.Errorf("%s%q at %d", n.Name, n.Text, n.Offset)
		}
	}
}

// TestEnds cuts each element out of its source.
func TestEnds(t *testing.T) {
	src := `<p>a<b>c</b><br/></p><ul><li>d<li>e</ul><i>f`
	root, _ := Parse(src)
	var got []string
	for n := range root.All() {
		if !n.IsText() {
			got = append(got, src[n.Offset:n.End])
		}
	}
	want := []string{"<p>a<b>c</b><br/></p>", "<b>c</b>", "<br/>", "<ul><li>d<li>e</ul>", "<li>d", "<li>e", "<i>f"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestDepth(t *testing.T) {
	root, notes := Parse(strings.Repeat("<b>", 10_000) + "x" + strings.Repeat("</b>", 10_000) + "<i>y</i>")
	depth, deepest := 0, root
	for deepest.FirstChild != nil && !deepest.FirstChild.IsText() {
		deepest, depth = deepest.FirstChild, depth+1
	}
	if depth != MaxDepth || deepest.TextContent() != "x" || root.LastChild.Name != "i" {
		t.Errorf("depth %d, innermost text %q, last %q", depth, deepest.TextContent(), root.LastChild.Name)
	}
	if got := classes(notes); got != "depth×9800@600" {
		t.Error(got)
	}
}

// TestLinear reads inputs on which a careless reader takes time in the square of
// their length. Each takes milliseconds; the limit only tells minutes from them.
func TestLinear(t *testing.T) {
	for _, piece := range []string{
		"<a>", "<a></b>", "<a x=\"", "<a x=\"<a\" ", "<a x='<>\"", "<![CDATA[", "<![CDATA[</ac:p", "<![CDATA[x]]>",
		"<!--", "<!DOCTYPE [", "<?",
		"&", "&amp", "</a", "<a b=\"c\" ", "<ri:a>", "]] ></ac:p<![CDATA[", "<p>a</p>", "<a href=\"x\n",
	} {
		start := time.Now()
		root, _ := Parse(strings.Repeat(piece, 2_000_000/len(piece)))
		_ = root.TextContent()
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%q: %v", piece, d)
		}
	}
}

// TestHeld reads a body in many parts: none is held by those behind it.
func TestHeld(t *testing.T) {
	src := strings.Repeat(`<p>a<b>b</b><i><u>c</u>d</i></p>`, 100_000)
	var held [20]uint64
	n := 0
	Parts(src, 100<<10, func(*Node) {
		var m runtime.MemStats
		if n == 1 || n == len(held)-1 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			held[n] = m.HeapAlloc
		}
		n++
	})
	if more := int64(held[len(held)-1]) - int64(held[1]); n < len(held) || more > 2<<20 {
		t.Errorf("of %d parts of 100 KB the twentieth holds %d KB more than the second", n, more>>10)
	}
}

// TestAgain reads bodies one after the other: nothing of one stands in another, though their trees take each other's
// memory, and those that Parse returns stay as they are.
func TestAgain(t *testing.T) {
	long := strings.Repeat(`<p class="a" id="b">c<i>d</i>`, 3*MaxDepth)
	sources := []string{`<p class="a">b</p>`, `c<ri:user ri:userkey="d"/>`, `<P><Em style="e">f</eM></p>`, long,
		`<unheard a="1" b="2" c="3"><x/>y`, "", `g</unheard>h`, `<table><tr><td>a<td>b<tr><td>c</table>`}
	parts := func(src string) (s string) {
		notes := Parts(src, 1, func(part *Node) { s += sketch(part) })
		return s + classes(notes)
	}
	var want, alone []string
	var trees []*Node
	var allNotes [][]Note
	for _, src := range sources {
		parsers = sync.Pool{New: parsers.New}
		root, notes := Parse(src)
		want = append(want, sketch(root)+classes(notes))
		parsers = sync.Pool{New: parsers.New}
		alone = append(alone, parts(src))
	}
	for _, src := range sources {
		root, notes := Parse(src)
		trees, allNotes = append(trees, root), append(allNotes, notes)
	}
	for i := range 3 * len(sources) {
		i = i * 5 % len(sources)
		root, notes := Parse(sources[i])
		if d := cmp.Diff(want[i], sketch(root)+classes(notes)); d != "" {
			t.Errorf("body %d alone and (+) after others:\n%s", i, d)
		}
		if d := cmp.Diff(alone[i], parts(sources[i])); d != "" {
			t.Errorf("body %d in parts alone and (+) after others:\n%s", i, d)
		}
	}
	for i, root := range trees {
		if got, notes := sketch(root), classes(allNotes[i]); got+notes != want[i] {
			t.Errorf("the tree of body %d became %s", i, got)
		}
	}
}

// seeds gives the distilled cases below testdata to a fuzz target.
func seeds(f *testing.F) {
	names, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(names) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
}

// FuzzParse compares the reader with encoding/xml on what that takes for
// well-formed, and checks on everything that no letter outside markup gets lost.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		root, notes := Parse(src)
		for n := range root.All() {
			if !n.IsText() && !strings.HasPrefix(strings.ToLower(src[n.Offset:]), "<"+n.Name) {
				t.Fatalf("%q is not at its offset %d", n.Name, n.Offset)
			}
		}
		if plain := letters(src); !strings.ContainsAny(src, "<&") {
			broken, _ := Parse("<p>" + src + "<b x=\"y\">" + src + "</i></p><![CDATA[" + src)
			if got := letters(broken.TextContent()); got != plain+plain+plain {
				t.Fatalf("%q three times became %q", plain, got)
			}
		}
		want, ok := reference(src)
		if ok && len(notes) == 0 {
			if d := cmp.Diff(want, flat(root)); d != "" {
				t.Fatal(d)
			}
		}
	})
}

// letters leaves of a text what no reader may change.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// flat writes a tree as tags and text.
func flat(root *Node) string {
	var b strings.Builder
	var walk func(n *Node)
	walk = func(n *Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.IsText() {
				b.WriteString(c.Text)
				continue
			}
			b.WriteString("<" + c.Name)
			for _, a := range c.Attr {
				fmt.Fprintf(&b, " %s=%q", a.Name, a.Value)
			}
			b.WriteString(">")
			walk(c)
			b.WriteString("</" + c.Name + ">")
		}
	}
	walk(root)
	return b.String()
}

// reference writes src the same way from encoding/xml's tokens. It is not ok for
// what that rejects, and for what the two are meant to read differently.
func reference(src string) (string, bool) {
	if strings.ContainsAny(src, "\ufeff") || strings.Contains(src, "&#") ||
		strings.Contains(src, "<!") && !strings.Contains(src, "<![CDATA[") {
		return "", false
	}
	d := xml.NewDecoder(strings.NewReader("<x>" + src + "</x>"))
	d.Entity = xml.HTMLEntity
	var b strings.Builder
	depth := 0
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return strings.TrimSuffix(strings.TrimPrefix(b.String(), "<x>"), "</x>"), depth == 0
		}
		if err != nil {
			return "", false
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := qualified(token.Name)
			if depth++; depth > MaxDepth || name != strings.ToLower(name) || void[name] {
				return "", false
			}
			b.WriteString("<" + name)
			seen := map[string]bool{}
			for _, a := range token.Attr {
				n := qualified(a.Name)
				if seen[n] || n != strings.ToLower(n) {
					return "", false
				}
				seen[n] = true
				fmt.Fprintf(&b, " %s=%q", n, a.Value)
			}
			b.WriteString(">")
		case xml.EndElement:
			depth--
			name := qualified(token.Name)
			if name != strings.ToLower(name) { // RawToken does not compare it with the start tag's
				return "", false
			}
			b.WriteString("</" + name + ">")
		case xml.CharData:
			b.Write(token)
		case xml.Directive, xml.ProcInst:
			return "", false
		}
	}
}

func qualified(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

// A parser holds no long names of a body that it has read, nor very many.
func TestNamesHeld(t *testing.T) {
	for _, src := range []string{"<p><" + strings.Repeat("a", 1<<20) + ">b</p>", names(10_000)} {
		p := newParser(src, MaxDepth)
		p.parts(len(src)+1, func(*Node) {})
		p.close()
		held := 0
		for _, k := range p.kinds {
			held += len(k.name)
		}
		if held > 1000 || len(p.kindOf) != len(p.kinds) || p.src != "" || p.root != nil {
			t.Errorf("%d bytes of names are held of %.20s…", held, src)
		}
	}
}

// names are elements of so many names.
func names(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<a%d>b</a%d>", i, i)
	}
	return b.String()
}

// What a fallback repeats is looked for right before it: a body may have very many of them, each of which would look at
// all before it.
func TestRepeatsADF(t *testing.T) {
	const node = `<ac:adf-node><ac:adf-attribute key="a">b</ac:adf-attribute><ac:adf-content>c</ac:adf-content>` +
		"</ac:adf-node>"
	for _, c := range []struct {
		before string
		want   bool
	}{
		{node, true},
		{node + strings.Repeat("<ac:adf-node/>", 100), true},
		{"<ac:adf-node/>", false},
		{node + strings.Repeat("<ac:adf-node/>", 100_000), false},
		{node + "<ac:adf-node>" + strings.Repeat("<a></a>", 100_000) + "</ac:adf-node>", false},
	} {
		tree, _ := Parse("<x>" + c.before + "<ac:adf-fallback>c</ac:adf-fallback></x>")
		if got := tree.FirstChild.LastChild.RepeatsADF(); got != c.want {
			t.Errorf("%.150s…: %t", c.before, got)
		}
	}
}
