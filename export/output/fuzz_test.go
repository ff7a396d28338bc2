package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agc-export/export/exit"
	"agc-export/render/markdown"
)

// rootWith is a folder with one file.
func rootWith(t *testing.T, name string, data []byte) *os.Root {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// FuzzSums: whatever SHA256SUMS holds, its own checksum is told, so that a change shows;
// and all well-formed lines are read.
func FuzzSums(f *testing.F) {
	for _, s := range []string{"", "ab  c\n", "ab  c", "  \n\n", "ab  ../x\r\nab c", strings.Repeat("x", 1<<17)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		sums, sum, err := readSums(rootWith(t, SumsFile, data), SumsFile)
		want := sha256.Sum256(data)
		if err != nil || sum != hex.EncodeToString(want[:]) {
			t.Errorf("%q, %v", sum, err)
		}
		for p, s := range sums {
			if s != (digest{}) && !bytes.Contains(data, []byte(s.String()+"  "+p)) {
				t.Errorf("%q of %q is in no line", s, p)
			}
		}
		if _, err := readCarried(rootWith(t, carriedFile, data)); err != nil {
			t.Error(err)
		}
	})
}

// FuzzHoldings: a manifest that cannot be read is told from one that holds nothing.
func FuzzHoldings(f *testing.F) {
	for _, s := range []string{"", "{}", "null", `{"site":{"cloud_id":"x"},"pages":[{"id":"1"}]}`, `{"pages":{"id":1}}`,
		`{"pages":[{"id":1}]}`, `[]`, "{}x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root := rootWith(t, ManifestFile, data)
		h, ok := ReadHoldings(root, ".")
		if !ok && (h.Site != "" || len(h.Contents)+len(h.Files)+len(h.Spaces) > 0) {
			t.Errorf("it holds %+v, and cannot be read", h)
		}
		if _, err := publishedMarkdown(root); err != nil && exit.Code(err) != exit.Corrupt {
			t.Error(err)
		}
	})
}

// FuzzFrontMatter: the id of a page is found in the Markdown that is written for it,
// whatever its title and text, also where line ends were changed on the way.
func FuzzFrontMatter(f *testing.F) {
	f.Add("1", "T", "x")
	f.Add("att1", "a: b # c\n---\nid: 7", "---\nid: 8\n---")
	f.Add("\"", strings.Repeat("long ", 200), "")
	f.Fuzz(func(t *testing.T, id, title, text string) {
		document, _ := markdown.Appendix{}.Document(
			markdown.Meta{ID: id, Title: title, Labels: []string{title, text}}, []byte(text))
		want := FrontMatterID(document)
		if digits := strings.Trim(id, "0123456789") == ""; digits && id != "" && want != id {
			t.Errorf("the id %q is read as %q in %.300q", id, want, document)
		}
		if got := FrontMatterID(bytes.ReplaceAll(document, []byte("\n"), []byte("\r\n"))); got != want &&
			!strings.ContainsAny(id+title+text, "\r") {
			t.Errorf("with other line ends %q is %q", want, got)
		}
		FrontMatterID([]byte(text))
	})
}
