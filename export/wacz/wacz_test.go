package wacz

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// files are a small site.
var files = map[string]string{"site/index.html": "<main><h1>Tides &amp; ebbs</h1><script>x</script></main><p>foot",
	"site/pages/1.html": "<nav>n</nav><main>Low <b>water</b></main>",
	"site/a b.png":      "\x89PNG", "site/labels/ä.html": "<main>"}

func archived(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	err = Write(t.Context(), root, "site.wacz", Site{Dir: "site", Base: "https://docs.Agency.example/wiki/",
		Title: "Agency", Software: "test", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Pages: []Page{{"index.html", "Home"}, {"pages/1.html", "One"}}})
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("beside it: %v, %v", left, err)
	}
	return dir
}

// Each line of the index leads to the record of a file, whose bytes are those of the file; a second archive is the
// same.
func TestIndex(t *testing.T) {
	dir := archived(t)
	again := archived(t)
	one, err := os.ReadFile(filepath.Join(dir, "site.wacz"))
	two, wrong := os.ReadFile(filepath.Join(again, "site.wacz"))
	if err != nil || wrong != nil || !bytes.Equal(one, two) {
		t.Errorf("two archives of one site differ, or %v, %v", err, wrong)
	}
	z, err := zip.NewReader(bytes.NewReader(one), int64(len(one)))
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]string{}
	for _, f := range z.File {
		if f.Method != zip.Store || f.Flags&8 != 0 {
			t.Errorf("%s is compressed, or its sizes stand behind it", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		in[f.Name] = string(data)
	}
	lines := strings.Split(strings.TrimSpace(in[indexFile]), "\n")
	if len(lines) != len(files) {
		t.Fatalf("%d lines in the index", len(lines))
	}
	got := map[string]string{}
	for _, line := range lines {
		part := strings.SplitN(line, " ", 3)
		var at struct{ URL, Offset, Length string }
		if err := json.Unmarshal([]byte(part[2]), &at); err != nil {
			t.Fatal(err)
		}
		from, _ := strconv.Atoi(at.Offset)
		length, _ := strconv.Atoi(at.Length)
		r, err := gzip.NewReader(strings.NewReader(in[archiveFile][from : from+length]))
		if err != nil {
			t.Fatal(err)
		}
		record, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		head, body, _ := strings.Cut(string(record), "\r\n\r\n")
		if !strings.Contains(head, "WARC-Target-URI: "+at.URL+"\r\n") || part[1] != "20260102030405" {
			t.Errorf("%s: %s", line, head)
		}
		got[part[0]] = strings.TrimSuffix(body, "\r\n\r\n")
	}
	want := map[string]string{"example,agency,docs)/wiki/index.html": files["site/index.html"],
		"example,agency,docs)/wiki/pages/1.html":       files["site/pages/1.html"],
		"example,agency,docs)/wiki/a%20b.png":          files["site/a b.png"],
		"example,agency,docs)/wiki/labels/%c3%a4.html": files["site/labels/ä.html"]}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if pages := in[pagesFile]; !strings.Contains(pages, `"title":"Home","text":"Tides & ebbs"`) ||
		!strings.Contains(pages, `"text":"Low water"`) {
		t.Errorf("pages: %s", pages)
	}
}

// A reader of others finds the records, each with the bytes of which it tells the checksum.
func TestWarcio(t *testing.T) {
	tools, err := filepath.Abs("../../.ci/tools")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(tools, "node_modules", "warcio")); err != nil {
		t.Skip("warcio is not installed: npm ci --prefix .ci/tools")
	}
	z, err := zip.OpenReader(filepath.Join(archived(t), "site.wacz"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	r, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", `
import {WARCParser} from "warcio"; import {createHash} from "node:crypto";
const all = [];
for await (const r of new WARCParser(process.stdin)) {
	const sum = createHash("sha256").update(await r.readFully(false)).digest("hex");
	all.push([r.warcType, r.warcTargetURI, r.warcHeader("WARC-Block-Digest") === "sha256:" + sum].join(" "));
}
console.log(all.join("\n"));`)
	cmd.Dir, cmd.Stdin = tools, r
	out, err := cmd.CombinedOutput()
	want := `warcinfo  true
resource https://docs.Agency.example/wiki/a%20b.png true
resource https://docs.Agency.example/wiki/index.html true
resource https://docs.Agency.example/wiki/labels/%C3%A4.html true
resource https://docs.Agency.example/wiki/pages/1.html true
`
	if diff := cmp.Diff(want, string(out)); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
