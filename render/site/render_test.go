package site

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// testRewrite does what a caller does: Markdown files become pages, what is not
// there goes, all else stays.
func testRewrite(dest string, _ bool) string {
	if strings.HasPrefix(dest, "gone") {
		return ""
	}
	return strings.Replace(dest, ".md", ".html", 1)
}

// TestRender compares the Markdown of testdata/render/*.txtar with its HTML and with
// what the allow-list took away. Each archive holds pairs NAME.md and NAME.html, and
// NAME.removed where something was. UPDATE=1 rewrites all but the Markdown.
func TestRender(t *testing.T) {
	files, err := filepath.Glob("testdata/render/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := &txtar.Archive{Comment: ar.Comment}
		for _, f := range ar.Files {
			name, ok := strings.CutSuffix(f.Name, ".md")
			if !ok {
				continue
			}
			render := render
			if strings.HasPrefix(name, "comment") {
				render = func(md []byte, _ string, r Rewrite) Body { return renderComment(md, "7", r) }
			}
			body := render(f.Data, "The title", testRewrite)
			scan(t, string(body.HTML))
			html := strings.TrimSuffix(string(body.HTML), "\n") + "\n"
			got.Files = append(got.Files, f, txtar.File{Name: name + ".html", Data: []byte(html)})
			if len(body.Removed) > 0 {
				var removed strings.Builder
				for _, r := range body.Removed {
					fmt.Fprintf(&removed, "%s: %d\n", r.What, r.Count)
				}
				got.Files = append(got.Files, txtar.File{Name: name + ".removed", Data: []byte(removed.String())})
			}
		}
		golden(t, file, txtar.Format(got))
	}
}

// golden compares with a file, or rewrites it where UPDATE is set.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestHeadings(t *testing.T) {
	md := "## The title\n\n## Two *words*\n\n<h3>Raw</h3>\n\n###### Six\n\n# One\n\n## Two words\n"
	want := []Heading{
		{2, "the-title-1", "The title"}, {2, "two-words", "Two words"}, {3, "raw", "Raw"},
		{4, "six", "Six"}, {2, "one", "One"}, {3, "two-words-1", "Two words"},
	}
	if diff := cmp.Diff(want, render([]byte(md), "The title", nil).Headings); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
}

// TestRewriteAsked checks which destinations a caller is asked about, and how they
// are told.
func TestRewriteAsked(t *testing.T) {
	md := "[a](b%20c.md#d) ![e](f.png) [g](#h) [i](javascript:j) <https://k.example/> <img " +
		"src=\"data:image/gif;base64,AAAA\"> <a href=\"l&amp;m\">n</a>"
	var got []string
	render([]byte(md), "", func(dest string, image bool) string {
		if image {
			dest += " image"
		}
		got = append(got, dest)
		return dest
	})
	want := []string{"b%20c.md#d", "f.png image", "https://k.example/", "l&m"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

// TestTooDeep: the HTML parser gives up above 512 open elements, and then readers
// get the Markdown itself.
func TestTooDeep(t *testing.T) {
	md := strings.Repeat("<div>", 600) + "<script>x</script> end"
	body := render([]byte(md), "", nil)
	if diff := cmp.Diff([]Removal{{"nesting too deep for HTML", 1}}, body.Removed); diff != "" {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
	if !strings.HasSuffix(string(body.HTML), "&lt;script&gt;x&lt;/script&gt; end</pre>") {
		t.Errorf("no plain text: %s", body.HTML)
	}
	scan(t, string(body.HTML))
}

func TestRel(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"index.html", "index.html", "index.html"},
		{"index.html", "pages/1.html", "pages/1.html"},
		{"pages/1.html", "index.html", "../index.html"},
		{"pages/1.html", "pages/2.html", "2.html"},
		{"spaces/ENG/index.html", "spaces/OPS/index.html", "../OPS/index.html"},
		{"spaces/ENG/index.html", "assets/a.css", "../../assets/a.css"},
		{"pages/1.html", "../markdown/ENG/a.md", "../../markdown/ENG/a.md"},
		{"pages/1.html", "attachments/1/a b#c?d%e.png", "../attachments/1/a%20b%23c%3Fd%25e.png"},
		{"pages/1.html", "attachments/1/grün 図.png", "../attachments/1/gr%C3%BCn%20%E5%9B%B3.png"},
		{"index.html", "javascript:alert(1)", "./javascript:alert%281%29"},
		{"pages/1.html", "pages", "../pages"},
	} {
		if got := Rel(c.from, c.to); got != c.want {
			t.Errorf("Rel(%q, %q) = %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

// TestPictureSize: a picture has the size that it will have, and leads to the whole one
// where it is shown smaller; but not where it stands in a link already.
func TestPictureSize(t *testing.T) {
	at := Setting{Picture: func(href string) (int, int) {
		switch href {
		case "big.png":
			return 2000, 1000
		case "small.png":
			return 40, 20
		}
		return 0, 0
	}}
	for md, want := range map[string]string{
		"![a](big.png)": `<a class="enlarge" href="big.png">` +
			`<img src="big.png" alt="a" loading="lazy" decoding="async" width="2000" height="1000"/></a>`,
		"![a](small.png)": `` +
			`<img src="small.png" alt="a" loading="lazy" decoding="async" width="40" height="20"/>`,
		"[![a](big.png)](x.html)": `<a href="x.html">` +
			`<img src="big.png" alt="a" loading="lazy" decoding="async" width="2000" height="1000"/></a>`,
		`<img src="big.png" alt="a" width="300">`:  `width="300" loading="lazy" decoding="async" height="150"/></a>`,
		`<img src="small.png" alt="a" height="5">`: `height="5" loading="lazy" decoding="async" width="10"/></a>`,
		"![a](other.png)":                          `<img src="other.png" alt="a" loading="lazy" decoding="async"/>`,
	} {
		if got := string(english().Render([]byte(md), at).HTML); !strings.Contains(got, want) {
			t.Errorf("%s: no %s in %s", md, want, got)
		}
	}
}

// TestMarked: text on which somebody commented leads to the comment, once; an identifier
// of that form that no comment has stays one.
func TestMarked(t *testing.T) {
	at := Setting{Marked: map[string]string{"7": "Mei & Co"}}
	body := english().Render([]byte(`A <span id="comment-7">text</span>, <span id="comment-7">again</span>, `+
		`<span id="comment-8">other</span>.`), at)
	want := `<p>A <span id="comment-7" class="marked">text<a class="marked-by" href="#agc-comment-7" ` +
		`aria-label="Comment by Mei &amp; Co"></a></span>, <span>again</span>, ` +
		`<span id="comment-8">other</span>.</p>` + "\n"
	if string(body.HTML) != want || !body.Marked["7"] || len(body.Marked) != 1 {
		t.Errorf("got %v %s", body.Marked, body.HTML)
	}
	in := english().Render([]byte(`<a href="x.html"><span id="comment-7">text</span></a>`), at)
	if strings.Contains(string(in.HTML), "marked-by") || !in.Marked["7"] {
		t.Errorf("a link in a link: %s", in.HTML)
	}
}
