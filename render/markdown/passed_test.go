package markdown

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWordsOfHeadings finds headings that hold blocks.
func TestWordsOfHeadings(t *testing.T) {
	src := `<h1><p>a</p></h1><h2><ul><li>b</li></ul> c</h2><h3>d <ac:structured-macro ac:name="panel">` +
		`<ac:rich-text-body><p>e</p></ac:rich-text-body></ac:structured-macro></h3><p>f</p>`
	var got []string
	for _, h := range Anchors([]byte(src), testPage, newFake()).headings {
		got = append(got, h.text)
	}
	if diff := cmp.Diff([]string{"a", "c", "d"}, got); diff != "" {
		t.Error("headings (-want +got):\n", diff)
	}
}

// TestPassedOver finds the places of bodies with and without passing over what can have none.
func TestPassedOver(t *testing.T) {
	bodies := []string{
		`<h1><p>a</p></h1><h2><ul><li>b</li></ul> c</h2><p>d</p>`,
		`<ul><li><h3>a</h3></li></ul><table><tr><td><h2>b</h2></td></tr></table><p><h4>c</h4></p>`,
		`<p><a id="a">b</a></p><ul><li><a name="c"></a></li></ul><p><a href="d">e</a></p>`,
		`<p>a<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">b</ac:parameter></ac:structured-macro></p>`,
		`<ac:structured-macro ac:name="panel"><ac:rich-text-body><p>a</p>` +
			`<h1>b</h1></ac:rich-text-body></ac:structured-macro>`,
		`<h2>a <ac:structured-macro ac:name="panel"><ac:rich-text-body>` +
			`<p>b</p></ac:rich-text-body></ac:structured-macro></h2>`,
		`<ac:image><ri:url ri:value="a"/><ac:caption><p id="b">c</p><h2>d</h2></ac:caption></ac:image>` +
			`<h2>e <ac:image ac:alt="f"><ri:attachment ri:filename="g.png"/></ac:image></h2>`,
		`<p><ac:link><ri:page ri:content-title="a"/><ac:link-body>b<a id="c"></a></ac:link-body></ac:link></p>` +
			`<h2>d <ac:link><ri:page ri:content-title="e"/></ac:link> <a href="f">g</a></h2><a href="h" id="i">j</a>`,
	}
	err := filepath.WalkDir("../../testdata/tenant", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		src, err := os.ReadFile(path)
		bodies = append(bodies, string(src))
		return err
	})
	if err != nil || len(bodies) < 20 {
		t.Fatal(len(bodies), "bodies", err)
	}
	for _, src := range bodies {
		all := newResolver(testPage, newFake())
		all.titled = true // nothing is passed over in a heading
		want, got := all.findAnchors(src), Anchors([]byte(src), testPage, newFake())
		want.enter()
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(Places{}, headingRef{}, authored{})); diff != "" {
			t.Errorf("%.200s: places with all of it, and with some passed over (-want +got):\n%s", src, diff)
		}
	}
}
