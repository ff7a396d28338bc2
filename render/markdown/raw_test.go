package markdown

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	gmtext "github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"
)

// rawForms is what Markdown has no form for, as the README says it, by the element in which it is written and, behind
// a dot, what its classes begin with.
var rawForms = map[string]string{
	"img.align":     "sizes, sides and captions of pictures",
	"img":           "sizes, sides and captions of pictures",
	"figure":        "sizes, sides and captions of pictures",
	"span.fg":       "colours",
	"span.bg":       "colours",
	"span.status":   "labels",
	"time":          "dates",
	"span.mention":  "mentions",
	"abbr":          "abbreviations",
	"u":             "underlined",
	"sup":           "raised",
	"sub":           "lowered",
	"small":         "small text",
	"mark":          "marked",
	"strong":        "strong and slanted words that touch letters",
	"em":            "strong and slanted words that touch letters",
	"code":          "code that holds marks or what Markdown would read in it",
	"pre":           "code that holds marks or what Markdown would read in it",
	"div":           "direction, alignment",
	"div.align":     "indents",
	"span":          "direction, alignment",
	"bdo":           "direction, alignment",
	"strong.panel":  "panels in lists and quotes",
	"div.panel":     "panels with a colour of their own",
	"details":       "expands",
	"div.layout":    "layouts",
	"div.cell":      "`<div class=\"cell\">`",
	"ol":            "lists that count in other ways",
	"table":         "tables with spans, colours or blocks in cells",
	"a":             "`<a id>` stands where the author set a place",
	"br":            "`<br><br>` between paragraphs",
	"ul":            "lists as `<ul><li>`",
	"ul.tasks":      "lists as `<ul><li>`",
	"span.macro":    "macros that nobody answers",
	"details.macro": "macros that nobody answers",
}

// rawOf names a tag as rawForms does.
func rawOf(tag html.Token) string {
	for _, a := range tag.Attr {
		if a.Key == "class" {
			class, _, _ := strings.Cut(a.Val, " ")
			kind, _, _ := strings.Cut(class, "-")
			return tag.Data + "." + kind
		}
	}
	return tag.Data
}

// rawTags are the tags that Markdown has in a document, in order.
func rawTags(t *testing.T, md []byte) (all []html.Token) {
	t.Helper()
	err := ast.Walk(reader.Parser().Parse(gmtext.NewReader(md)), func(n ast.Node, in bool) (ast.WalkStatus, error) {
		raw := ""
		switch n := n.(type) {
		case *ast.RawHTML:
			raw = string(n.Segments.Value(md))
		case *ast.HTMLBlock:
			raw = string(n.Lines().Value(md))
		}
		if !in || raw == "" {
			return ast.WalkContinue, nil
		}
		tags := html.NewTokenizer(strings.NewReader(raw))
		for tags.Next() != html.ErrorToken {
			all = append(all, tags.Token())
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// HTML stands in Markdown only for what the README says that Markdown has no form for, on all pages and pairs. What is
// within other HTML belongs to it.
func TestRawHTML(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	said, used := strings.Join(strings.Fields(string(readme)), " "), map[string]bool{}
	for name, words := range rawForms {
		if !strings.Contains(said, words) {
			t.Errorf("%s: the README does not say: %s", name, words)
		}
	}
	for name, md := range writtenForms(t) {
		depth := map[string]int{}
		for _, tag := range rawTags(t, md) {
			switch {
			case tag.Type == html.EndTagToken:
				depth[tag.Data]--
			case tag.Type != html.StartTagToken && tag.Type != html.SelfClosingTagToken:
			case depth["table"]+depth["figure"]+depth["summary"]+depth["ul"]+depth["ol"]+depth["p"] > 0,
				tag.Data == "summary":
				depth[tag.Data]++
			default:
				depth[tag.Data]++
				used[rawOf(tag)] = true
				if rawForms[rawOf(tag)] == "" {
					t.Errorf("%s: %s is HTML of which the README says nothing", name, tag)
				}
			}
		}
	}
	for name := range rawForms {
		if !used[name] {
			t.Errorf("nothing is written as %s", name)
		}
	}
}

// writtenForms are the Markdown of all pairs, and of all storage files.
func writtenForms(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no pairs", err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		pairs, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range slices.DeleteFunc(pairs.Files, func(f txtar.File) bool {
			return !strings.HasSuffix(f.Name, ".md")
		}) {
			all[file+"/"+f.Name] = f.Data
		}
	}
	for file, body := range storageFiles(t) {
		all[file], _ = Convert([]byte(body), testPage, newFake())
	}
	return all
}
