package site

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// bodiesAsHTML are what bodies are made of, and what they are never made of.
var bodiesAsHTML = []string{"", "a & b < c > d \"e\" 'f'", `<p title="a &amp; &quot;b&quot; 'c' &#13;">x<br>y<hr></p>`,
	"<pre>\n\na</pre><pre>\na</pre><pre></pre><pre><code>\n</code></pre>", "<ul><li>a<li>b</ul>",
	"<img src=a alt=\"\">",
	"<table><colgroup><col width=3></colgroup><tr><td>a</table>", "<script>a<b</script>", "<style>a>b</style>",
	"<textarea>\n\na</textarea>", "<listing>\n\na</listing>", "<xmp><b></xmp>", "<!-- a -->", "<plaintext>a",
	"<noscript><p>",
	`<svg xlink:href="a"><path></svg>`, `<math><mi>x</mi><annotation encoding="a">y</annotation></math>`,
	"<area><embed><wbr>",
	"<input type=checkbox checked disabled>", "<video><source src=a></video>", "<a href=\"javascript:x\">é漢😀\u00a0</a>"}

// sameMarkup holds HTML against that of the library, and tells whether it is written here.
func sameMarkup(t *testing.T, src string) (ours bool) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return false
	}
	body := doc.FirstChild
	for body != nil && body.Type != html.ElementNode { // a doctype
		body = body.NextSibling
	}
	for body = body.FirstChild; body != nil && body.Data != "body"; {
		body = body.NextSibling
	}
	if body == nil { // frames
		return false
	}
	got, ok := appendHTML(nil, body)
	if !ok {
		return false
	}
	var want bytes.Buffer
	if err := html.Render(&want, body); err != nil || want.String() != string(got) {
		t.Errorf("%q: written\n%s\nwant (%v)\n%s", src, got, err, &want)
	}
	return true
}

// TestMarkup: what is written here is what the library writes; what it writes in a way of its own is left to it.
func TestMarkup(t *testing.T) {
	ours := 0
	for _, src := range bodiesAsHTML {
		if sameMarkup(t, "<body>"+src) {
			ours++
		}
	}
	if ours != 11 {
		t.Errorf("%d are written here", ours)
	}
	for name := range elements {
		n := element(name, html.Attribute{Key: "a", Val: "b"})
		got, ok := appendHTML(nil, n)
		var want bytes.Buffer
		if err := html.Render(&want, n); err != nil || !ok || want.String() != string(got) {
			t.Errorf("%s is written as %s (%v), want %s", name, got, ok, &want)
		}
		if n.AppendChild(element("b")); html.Render(&want, n) != nil { // it has no end tag
			if _, ok := appendHTML(nil, n); ok {
				t.Errorf("%s is written with what is in it", name)
			}
		}
	}
}

func FuzzMarkup(f *testing.F) {
	for _, src := range bodiesAsHTML {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) { sameMarkup(t, src) })
}
