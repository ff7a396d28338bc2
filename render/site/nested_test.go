package site

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"agc-export/render/gfm"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// nestedSeeds are HTML as programs write it, and what comes near it.
var nestedSeeds = []string{
	"<p>a <em>b</em> &amp; c<br>d</p>\n<ul>\n<li>e\n<ul>\n<li>f</li>\n</ul>\n</li>\n</ul>\n",
	"<table>\n<thead>\n<tr>\n<th align=\"left\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>" +
		"<td>b<p>c</p></td></tr>\n</tbody>\n</table>",
	"<table>\n<tr><td><table><tr><td>a</td></tr></table></td></tr>\n<tr></tr></table> b",
	"<table><colgroup><col width=\"20\"> <col></colgroup>\n<caption>a</caption><tr><td></td></tr></table>",
	"<pre>\n\na</pre><pre>&#10;b</pre><pre><code>\nc</code></pre>",
	"<a title=\"x &amp; y\" href=\"z\" class=\"m\">a</a><a id=\"b\"></a><a href=\"c\"><p>d</p></a>",
	"<b><b><b><b><b class=\"x\">a</b></b></b></b></b>c<h1><span><h2>d</h2></span></h1>",
	"<details open><summary>a</summary>\n<div dir=\"rtl\"><p>b</p></div></details><hr /><img src=\"a\" alt=\"\"/>",
	"<dl><dt>a</dt><dd>b<dl><dd>c</dd></dl></dd></dl><input checked=\"\" disabled=\"\" type=\"checkbox\"> d",
	"<ul>\n<li>a</li>\n</ul>\n<!-- -->\n<ul><!-- --></ul><pre><!-- -->\n</pre><table><!-- --><tr><!-- --></tr></table>",
	// what only browsers' rules can tell
	"<p>a<p>b</p></p>", "<p><div>a</div></p>", "<a href=\"b\">c<a href=\"d\">e</a></a>", "<h1>a<h2>b</h2></h1>",
	"<li>a<li>b</li></li>", "<ul><li><div><li>a</li></div></li></ul>", "<table>a<tr><td>b</td></tr></table>",
	"<table><td>a</td></table>", "<table><tbody></tbody><td>a</td></table>", "<b>a<p>b</b>c</p>", "<div>a", "a</div>",
	"<p a=\"&notit;\" b='c' d=e f g=\"h\" g=\"i\">j</p>", "<P>a</P>", "<svg><p>a</p></svg>", "<!-- a --><p>b</p>",
	"<table><tr><td>a</td></tr><tbody><tr></tr></tbody></table>", "<p>a\r\nb\x00&#13;&#0;c</p>", "a < b <3 </3 <",
	"<select><p>a</p></select>", "<nobr>a<nobr>b</nobr></nobr>", "<ruby>a<rt>b</rt></ruby>", "<button>a</button>",
	"<p><table><tr><td><p>a</p></td></tr></table></p>", "<table><tr><td><li>a</li></td></tr></table>",
	"<p title=\"&ampx\" lang=\"&lt\">&notit;&ampx &copy</p>", "<span\n a=\"b\">c</span\n>", "<br></br>",
}

// readNested makes a tree of HTML, and tells whether it could.
func readNested(src string) (*html.Node, bool) {
	r := newStrict()
	r.begin()
	return r.root, r.read(src) && r.done()
}

// sameTree compares what readNested makes of HTML with what the parser of the standard does, where
// it reads it at all.
func sameTree(t *testing.T, src string) (read bool) {
	t.Helper()
	got, ok := readNested(src)
	if !ok {
		return false
	}
	if gfm.Reopens([]byte(src)) {
		t.Errorf("readNested reads what browsers would open again")
	}
	want, err := readAny(strings.NewReader(src))
	if err != nil {
		t.Errorf("readNested reads what the parser does not: %v", err)
	}
	if diff := cmp.Diff(flat(want), flat(got)); diff != "" {
		t.Errorf("%q: the standard's tree and ours (-want +got):\n%s", src, diff)
	}
	return true
}

// flat lists the nodes of a tree with all that they hold.
func flat(root *html.Node) (all []html.Node) {
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		c := html.Node{Type: n.Type, Data: strings.Repeat(" ", depth) + n.Data, DataAtom: n.DataAtom,
			Namespace: n.Namespace}
		c.Attr = append(c.Attr, n.Attr...)
		all = append(all, c)
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Parent != n || c.NextSibling == nil && n.LastChild != c || c.PrevSibling == nil && n.FirstChild != c ||
				c.PrevSibling != nil && c.PrevSibling.NextSibling != c {
				all = append(all, html.Node{Data: "wrong link"})
			}
			walk(c, depth+1)
		}
	}
	walk(root, 0)
	return all
}

// TestNested compares the trees of HTML as programs write it, and of what is near it.
func TestNested(t *testing.T) {
	for i, src := range nestedSeeds {
		if read := sameTree(t, src); read != (i < 10) {
			t.Errorf("%q: read %v", src, read)
		}
	}
	deep := strings.Repeat("<div>", mostNested+1) + strings.Repeat("</div>", mostNested+1)
	many := "<b><i>" + strings.Repeat("<br>", 30_000) + "</i></b>"
	for _, src := range []string{deep, many} {
		if sameTree(t, src) {
			t.Errorf("%.20s… was read", src)
		}
	}
}

// TestNestedMade does so with HTML of random elements that are mostly closed in order.
func TestNestedMade(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	names := append(slices.Sorted(maps.Keys(rules)), "table", "tr", "td", "ul", "li", "p", "a", "div", "b", "b", "font")
	texts := []string{"a", " ", listsApart, "\n", "&amp;", "&#10;", "\nb "}
	marks := []string{"", "", "", ` id="a"`, ` title="&lt;" class="b"`, " open", ` class="b" title="c"`}
	read := 0
	for range 30_000 / sparing(2) {
		var b strings.Builder
		var stack []string
		for range 2 + random.IntN(14) {
			name := names[random.IntN(len(names))]
			if len(stack) > 0 && len(holders) > 0 && random.IntN(3) > 0 { // one that may stand there
				for _, part := range slices.Sorted(maps.Keys(holders)) {
					if slices.Contains(holders[part], stack[len(stack)-1]) && random.IntN(2) == 0 {
						name = part
					}
				}
			}
			switch random.IntN(5) {
			case 0:
				b.WriteString(texts[random.IntN(len(texts))])
			case 1:
				if len(stack) > 0 {
					b.WriteString("</" + stack[len(stack)-1] + ">")
					stack = stack[:len(stack)-1]
				}
			default:
				b.WriteString("<" + name + marks[random.IntN(len(marks))] + ">")
				if how := rules[name]; how != ruleVoid && how != ruleBreak && name != "col" {
					stack = append(stack, name)
				}
			}
		}
		for _, name := range slices.Backward(stack) {
			b.WriteString("</" + name + ">")
		}
		if sameTree(t, b.String()) {
			read++
		}
		if t.Failed() {
			return
		}
	}
	if read < 2500 {
		t.Errorf("only %d were read", read)
	}
}

// FuzzNested does so with any HTML.
func FuzzNested(f *testing.F) {
	for _, src := range nestedSeeds {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) { sameTree(t, src) })
}
