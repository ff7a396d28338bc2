package markdown

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark/ast"
	gmtext "github.com/yuin/goldmark/text"
	"golang.org/x/tools/txtar"
)

// TestAppendix reads testdata/appendix/*.txtar: NAME.json is an Appendix, NAME.xml the body of its page
// or nothing, NAME.md the whole file. UPDATE=1 writes that anew.
func TestAppendix(t *testing.T) {
	for _, file := range appendices(t) {
		old, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		now := &txtar.Archive{Comment: old.Comment}
		for _, f := range old.Files {
			name, ok := strings.CutSuffix(f.Name, ".json")
			if !ok {
				continue
			}
			a, body, src := appendixOf(t, old, name)
			meta := Meta{ID: "1", Title: name}
			if a.Marking {
				meta.Banner = "CUI//<SP>\n- x"
			}
			md, where := a.Document(meta, body)
			if got := where.Of(md); !bytes.Equal(got, body) {
				t.Errorf("%s: the body became %q", name, got)
			}
			checkMarkdown(t, name, md)
			checkLinks(t, name, md)
			now.Files = append(now.Files, f)
			if src != nil {
				now.Files = append(now.Files, txtar.File{Name: name + ".xml", Data: src})
			}
			now.Files = append(now.Files, txtar.File{Name: name + ".md", Data: md})
		}
		checkArchive(t, file, now)
	}
}

func appendices(t testing.TB) []string {
	files, err := filepath.Glob("testdata/appendix/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no appendices", err)
	}
	return files
}

// wholeFiles are the files of all cases.
func wholeFiles(t testing.TB) (all [][]byte) {
	for _, file := range appendices(t) {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			if strings.HasSuffix(f.Name, ".md") {
				all = append(all, f.Data)
			}
		}
	}
	return all
}

// appendixOf reads a case. Its comments are written in storage format.
func appendixOf(t testing.TB, ar *txtar.Archive, name string) (a Appendix, body, src []byte) {
	for _, f := range ar.Files {
		switch f.Name {
		case name + ".json":
			d := json.NewDecoder(bytes.NewReader(f.Data))
			d.DisallowUnknownFields()
			if err := d.Decode(&a); err != nil {
				t.Fatal(name, err)
			}
		case name + ".xml":
			src = f.Data
		}
	}
	var convert func([]Comment, int)
	convert = func(all []Comment, depth int) {
		for i := range all {
			md, _ := ConvertBelow([]byte(all[i].Body), testPage, newFake(), BodyLevel(depth))
			all[i].Body = string(md)
			convert(all[i].Replies, depth+1)
		}
	}
	convert(a.Comments, 0)
	body, _, a.Words = ConvertPage(string(src), testPage, newFake())
	return a, body, src
}

var (
	idAttr   = regexp.MustCompile(`<(a|span) id="((?:agc-)?comment-[^"]*)">`)
	fragment = regexp.MustCompile(`(?:\]\(|href=")#((?:agc-)?comment-[^")]*)`)
)

// checkLinks holds that each link between words and comments has its end, and each end of a comment's a
// link; that a reader of Markdown sees them all; and that no link lies in another.
func checkLinks(t *testing.T, name string, md []byte) {
	t.Helper()
	ids, led := map[string]bool{}, map[string]bool{}
	doc := reader.Parser().Parse(gmtext.NewReader(md))
	see := func(s []byte) {
		for _, m := range idAttr.FindAllSubmatch(s, -1) {
			ids[string(m[2])] = true
		}
		for _, m := range fragment.FindAllSubmatch(s, -1) {
			led[string(m[1])] = true
		}
	}
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			if id, ok := strings.CutPrefix(string(n.Destination), "#"); ok && strings.Contains(id, "comment-") {
				led[id] = true
			}
		case *ast.RawHTML:
			raw := n.Segments.Value(md)
			see(raw)
			for p := n.Parent(); p != nil; p = p.Parent() {
				if p.Kind() == ast.KindLink && bytes.HasPrefix(raw, []byte("<a href")) {
					t.Errorf("%s: a link in a link: %s", name, raw)
				}
			}
		case *ast.HTMLBlock:
			see(n.Lines().Value(md))
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id := range led {
		if !ids[id] {
			t.Errorf("%s: a link leads to #%s, which is not there", name, id)
		}
	}
	for id := range ids {
		if strings.HasPrefix(id, commentID) && !led[id] {
			t.Errorf("%s: nothing leads to #%s", name, id)
		}
	}
	if n := bytes.Count(md, []byte(pointer)); n > len(led) {
		t.Errorf("%s: %d words lead somewhere, %d are seen to", name, n, len(led))
	}
}

// TestPointers marks texts of all forms: the body is found again as it was, words lead to the comment
// wherever they are not in a link, and nobody sees more of it than the sign.
func TestPointers(t *testing.T) {
	linked, seeds := 0, uint64(1200)
	if os.Getenv("AGC_LONG") != "" {
		seeds = 3000
	}
	a := Appendix{Comments: []Comment{{ID: "77", Inline: true, Selection: "x", Body: "Why?\n"}}}
	for seed := range seeds {
		src, _ := story(seed)
		src = strings.ReplaceAll(src, `ac:ref="1"`, `ac:ref="open"`)
		body, _, ids := ConvertPage(src, testPage, newFake())
		plain, _ := Convert([]byte(src), testPage, newFake())
		if !bytes.Equal(body, plain) {
			t.Fatalf("seed %d: with ids another body", seed)
		}
		a.Words = ids
		md, where := a.Document(Meta{Title: "T"}, body)
		if got := where.Of(md); !bytes.Equal(got, body) {
			t.Errorf("seed %d: the body became %q, was %q", seed, got, body)
		}
		checkLinks(t, fmt.Sprint("seed ", seed), md)
		if len(where.Added) > 0 {
			linked++
			before := strings.Join(markdownWords(t, document(Meta{Title: "T"}, body)), "")
			after := strings.Join(markdownWords(t, md[:where.End]), "")
			if after = strings.ReplaceAll(after, pointer, ""); before != after {
				t.Errorf("seed %d: other words: %s\n%s", seed, cmp.Diff(before, after), md)
			}
		}
	}
	if linked < 100 {
		t.Errorf("only %d texts have a link", linked)
	}
}

// A thread that goes on for ever, and a page with very many comments on its words: the time and the
// bytes follow their number.
func TestAppendixGrows(t *testing.T) {
	size := func(n int) int {
		deep := Comment{ID: "1", Author: "A", Body: "x\n"}
		for i := range n {
			deep = Comment{ID: fmt.Sprint(i + 2), Author: "A", Body: "x\n", Replies: []Comment{deep}}
		}
		a := Appendix{Comments: []Comment{deep}, Words: Words{}}
		var body bytes.Buffer
		for i := range n {
			id := fmt.Sprintf("w%d", i)
			a.Comments = append(a.Comments, Comment{ID: id, Inline: true, Selection: "y", Body: "z\n"})
			a.Words[id] = Word{}
			fmt.Fprintf(&body, "<span id=\"comment-%s\">y</span>\n", id)
		}
		md, where := a.Document(Meta{Title: "T"}, body.Bytes())
		if len(where.Added) != n {
			t.Errorf("%d of %d words lead on", len(where.Added), n)
		}
		return len(md)
	}
	if few, many := size(300), size(3000); many > 12*few {
		t.Errorf("%d bytes became %d", few, many)
	}
}
