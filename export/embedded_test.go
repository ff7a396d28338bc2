package export

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/output"
	"agc-export/export/picture"
)

// onePixel is a picture of one pixel.
const onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// embeddedTenant has pages with pictures in their text.
func embeddedTenant(body string) fstest.MapFS {
	return fstest.MapFS{
		"tenant.toml": {Data: []byte(formHead + "name = \"T\"\n")},
		"T/a.xml": {Data: []byte("+++\nid = \"5\"\ntitle = \"A\"\n[[comments]]\nid = \"77\"\nbody = '''<p>See <img " +
			"alt=\"c\" src=\"" +
			"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"/></p>'''\n+++\n" + body)},
		"T/b.xml": {Data: []byte("+++\nid = \"6\"\ntitle = \"B\"\n+++\n" +
			`<ac:structured-macro ac:name="include"><ac:parameter ` +
			`ac:name=""><ac:link><ri:page ri:content-title="A"/></ac:link></ac:parameter></ac:structured-macro>` +
			`<p><img alt="again" src="data:image/png;base64,` + onePixel + `"/></p>`)},
		"T/s.xml": {Data: []byte("+++\nid = \"7\"\ntitle = \"S\"\nreaders = [\"user:712020:1\"]\n+++\n" +
			`<p><img src="data:image/gif;base64,R0lGODlhAgACAAAAACw="/></p>`)},
	}
}

// Pictures whose bytes stand in pages and comments become files, by their bytes and beside those
// of their page, with the form that is safe of drawings; nothing else does.
func TestEmbeddedPictures(t *testing.T) {
	svg := `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><script>alert(1)</script>` +
		`<rect width="8" height="4"/></svg>`
	w := newWorld(t, embeddedTenant(`<p>One <img alt="dot" src="data:image/jpeg;base64,`+onePixel+`"/> two</p>`+
		`<ac:image ac:alt="drawn"><ri:url ri:value="data:image/svg+xml;base64,`+
		base64.StdEncoding.EncodeToString([]byte(svg))+
		`"/></ac:image><p><img alt="evil" src="data:text/html;base64,`+
		base64.StdEncoding.EncodeToString([]byte("<script>alert(1)</script>"))+`"/></p>`))
	w.export(t, 0)
	root := filepath.Join(w.Config.Output.Dir, output.CurrentLink)

	var m output.Manifest
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join(root, output.ManifestFile))), &m); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range m.Pictures {
		for _, place := range []string{p.Path, strings.Replace(p.Path, "site/", "markdown/", 1)} {
			if info, err := os.Stat(filepath.Join(root, place)); err != nil || info.Size() != p.Size {
				t.Errorf("%s: %v", place, err)
			}
		}
		got = append(got, p.PageID+" "+filepath.Dir(p.Path)+" *"+
			strings.TrimPrefix(p.Path[len(filepath.Dir(p.Path)):], "/"+p.SHA256[:32]))
	}
	if diff := cmp.Diff([]string{"5 site/attachments/5_pictures *.gif", "5 site/attachments/5_pictures *.png",
		"5 site/attachments/5_pictures *.svg.txt", "6 site/attachments/6_pictures *.png"}, got); diff != "" {
		t.Errorf("pictures (-want +got):\n%s", diff)
	}
	md := readFile(t, filepath.Join(root, "markdown", "T", "a.md"))
	for _, want := range []string{"One ![dot](../attachments/5_pictures/", "![drawn](../attachments/5_pictures/",
		".svg)",
		"evil (picture: not one that can be shown)"} {
		if !strings.Contains(md, want) {
			t.Errorf("the page has no %q:\n%s", want, md)
		}
	}
	page := readFile(t, filepath.Join(root, "site", "pages", "6.html"))
	for _, want := range []string{`src="../attachments/5_pictures/`, `src="../attachments/6_pictures/`,
		`width="1" height="1"`,
		`width="8" height="4"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page that includes it has no %q", want)
		}
	}
	if page := readFile(t, filepath.Join(root, "site", "pages", "5.html")); !strings.Contains(page, `alt="c"`) {
		t.Error("the comment has lost its picture")
	}
	if found := grep(t, w.Config.Output.Dir,
		[]string{"data:image/g", "data:image/j", "data:text", "alert(1)"}); len(found) != 2 {
		t.Errorf("bytes of the pages stand in %q; only the drawing itself may have them, twice", found)
	}
}

// A picture beyond the bound is told, and what is in a page is in proportion to it.
func TestEmbeddedPicturesAreBounded(t *testing.T) {
	var many strings.Builder
	for i := range 1200 {
		many.WriteString(`<p><img src="data:image/gif;base64,` +
			base64.StdEncoding.EncodeToString([]byte("GIF89a"+strings.Repeat("x", i))) + `"/></p>`)
	}
	w := newWorld(t, embeddedTenant(many.String()+
		`<p><img alt="last" src="data:image/gif;base64,R0lGODlhAgACAAAAACw="/></p>`))
	w.export(t, 0)
	root := filepath.Join(w.Config.Output.Dir, output.CurrentLink)
	files, err := os.ReadDir(filepath.Join(root, "site", "attachments", "5_pictures"))
	if err != nil || len(files) != 1000+1 { // and one of a comment
		t.Errorf("%d files, %v", len(files), err)
	}
	if md := readFile(t, filepath.Join(root, "markdown", "T", "a.md")); !strings.Contains(md,
		"last (picture: too many for one page)") {
		t.Error("the last picture is not told")
	}
	big := base64.StdEncoding.EncodeToString(append([]byte("GIF89a"), make([]byte, picture.Most)...))
	w = newWorld(t, embeddedTenant(`<p><img alt="big" src="data:image/gif;base64,`+big+`"/></p>`))
	w.export(t, 0)
	root = filepath.Join(w.Config.Output.Dir, output.CurrentLink)
	if md := readFile(t, filepath.Join(root, "markdown", "T", "a.md")); !strings.Contains(md,
		"big (picture: too large)") {
		t.Errorf("the large picture is not told: %.300s", md)
	}
}
