package markdown

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"agc-export/render/storage"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
)

// unseen are the elements whose text readers of Confluence never see.
var unseen = map[string]bool{
	"ac:parameter": true, "ac:default-parameter": true, "ac:task-id": true, "ac:task-uuid": true,
	"ac:task-status": true, "ac:placeholder": true,
	"ac:adf-attribute": true, "ac:adf-fallback": true, "ac:adf-mark": true, "ac:adf-parameter": true,
	"ac:adf-parameter-value": true,
	"ac:property":            true, "at:declarations": true, "fab:display-type": true, "fab:placeholder-url": true,
	"head":   true,
	"script": true, "style": true,
}

// flowing are the elements that do not part words.
var flowing = map[string]bool{
	"a": true, "abbr": true, "b": true, "i": true, "u": true, "s": true, "em": true, "strong": true, "span": true,
	"sub": true, "sup": true, "code": true, "del": true,
	"ins": true, "small": true, "big": true, "font": true, "mark": true, "kbd": true, "tt": true, "cite": true,
	"samp": true, "var": true, "strike": true,
	"dfn": true, "wbr": true, "label": true, "ac:inline-comment-marker": true, "ac:-comment-marker": true,
	"ac:link": true, "ac:link-body": true, "ac:plain-text-link-body": true,
}

// wordsOf cuts a text into words: runs of letters, digits and marks.
func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) &&
			!unicode.IsMark(r)
	})
}

// storageWords are the words that a reader of Confluence sees of a body.
func storageWords(src []byte) []string {
	root, _ := storage.Parse(string(src))
	var b strings.Builder
	var walk func(n *storage.Node)
	walk = func(n *storage.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.IsText():
				b.WriteString(c.Text)
			case unseen[c.Name]:
			case flowing[c.Name]:
				walk(c)
			default:
				b.WriteByte(' ')
				walk(c)
				b.WriteByte(' ')
			}
		}
	}
	walk(root)
	return wordsOf(b.String())
}

// reader is goldmark as the site runs it.
var reader = goldmark.New(
	goldmark.WithExtensions(extension.GFM, extension.Footnote),
	goldmark.WithRendererOptions(gmhtml.WithUnsafe()),
)

// markdownWords are the words that a reader of the Markdown sees.
func markdownWords(t testing.TB, md []byte) []string {
	var out bytes.Buffer
	if err := reader.Convert(md, &out); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				b.WriteString(c.Data)
			case c.Type != html.ElementNode:
			case c.Data == "script" || c.Data == "style" || c.Data == "template" || c.Data == "title":
			case flowing[c.Data]:
				walk(c)
			default:
				b.WriteByte(' ')
				walk(c)
				b.WriteByte(' ')
			}
		}
	}
	walk(root)
	return wordsOf(b.String())
}

// missing returns the words of want that do not follow each other in got.
func missing(want, got []string) []string {
	var lost []string
	i := 0
	for _, w := range want {
		at := slices.Index(got[i:], w)
		if at < 0 {
			lost = append(lost, w)
			continue
		}
		i += at + 1
	}
	return lost
}

// TestCorpus converts every storage file below the folder that AGC_CORPUS names and
// checks that all words stand in the Markdown, in their order. The exceptions, by
// file with the number of words and the reason, stand in testdata/exceptions.txt;
// one that is cured fails too.
func TestCorpus(t *testing.T) {
	folder := os.Getenv("AGC_CORPUS")
	if folder == "" {
		t.Skip("SKIPPED: no corpus. Set AGC_CORPUS to a folder of storage files (*.xml) to run this test.")
	}
	allowed := exceptions(t)
	found := map[string]int{}
	files, words := 0, 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		name = filepath.ToSlash(name)
		md, _ := Convert(src, testPage, newFake())
		checkMarkdown(t, name, md)
		want := storageWords(src)
		files, words = files+1, words+len(want)
		if lost := missing(want, markdownWords(t, md)); len(lost) > 0 {
			found[name] = len(lost)
			if allowed[name] != len(lost) {
				t.Logf("%s: missing or out of order: %.10q", name, lost)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Fatal("no storage files in", folder)
	}
	t.Logf("%d files, %d words", files, words)
	if d := cmp.Diff(allowed, found); d != "" {
		t.Errorf("words missing, by file (-listed in testdata/exceptions.txt +found):\n%s", d)
	}
}

// exceptions reads testdata/exceptions.txt: a line a file, with the number of words
// and the reason behind "#".
func exceptions(t *testing.T) map[string]int {
	b, err := os.ReadFile("testdata/exceptions.txt")
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]int{}
	for line := range strings.Lines(string(b)) {
		var name string
		var n int
		if line, _, _ = strings.Cut(line, "#"); strings.TrimSpace(line) == "" {
			continue
		}
		if _, err := fmt.Sscan(line, &name, &n); err != nil {
			t.Fatalf("testdata/exceptions.txt: %q: %v", line, err)
		}
		list[name] = n
	}
	return list
}
