package gfm

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"weak"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var theirs = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote),
	goldmark.WithRendererOptions(gmhtml.WithUnsafe()))

// escaping is goldmark with our reading of backslashes.
var escaping = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote),
	goldmark.WithRendererOptions(gmhtml.WithUnsafe()),
	goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(escapes{&meter{}}, 50))))

// pieces are what Markdown is made of, for texts by chance.
var pieces = strings.Split("*|**|***|_|__|~|~~|~~~|`|``|[|]|![|(|)|](b)|](<b c>)|](b \"t\")|[a]|[a][]|[^1]|\n[^1]: "+
	"note\n|\n[a]: /x \"t\"\n|<b>|</b>|<a href=\"x\">|</a>|<!-- c -->|<http://a.b>|"+
	"http://a.b/c|www.a.b|a@b.c|&amp;|&|\\|\\*|\n|\n\n|\n> |\n- |\n  - |\n1. |\n    code\n|\n```\n|\n# "+
	"|\n===\n|\n---\n|\n\n| a \\| b |\n|---|\n| c |\n|\n<div>\n|- [ ] |\t|  \n|a|b c|word|é|.|!"+
	"|\\\n|\\\\\n|\r\n|   \n|(www.a.b|(a@b.c)|http:|@|<span class=\"é\" id=\"a\">|<br/>|<a  b>|<a b='c'>|<a\nb>"+
	"|\n<table>\n|\n</td>x\n|\n<h1 \n|\n<em>\n|\n<em>x>\n|\n<pre>|\n<div\n|\n  <p a>x\n|\n<sup\n|\n<i/>\n", "|")

// Within its budget a text becomes what goldmark makes of it, to the byte.
func TestSameAsGoldmark(t *testing.T) {
	ours, ourEscaping := New(Config{}), New(Config{Escapes: true})
	dice := rand.New(rand.NewPCG(1, 2))
	for i := range 4000 {
		var b strings.Builder
		for range 1 + dice.IntN(40) {
			b.WriteString(pieces[dice.IntN(len(pieces))])
			if dice.IntN(3) == 0 {
				b.WriteByte(' ')
			}
		}
		if dice.IntN(4) == 0 {
			b.WriteString("\n\n| a | b |\n|---|:-:|\n| `x\\|y` | " + b.String())
		}
		if over := same(t, theirs, ours, []byte(b.String())); len(over) > 0 {
			t.Fatalf("text %d, %q: %v", i, b.String(), over)
		}
		same(t, escaping, ourEscaping, []byte(b.String()))
	}
}

// same compares what becomes of a text within its budget with what goldmark makes of it.
func same(t *testing.T, theirs goldmark.Markdown, ours *Reader, src []byte) (over []string) {
	t.Helper()
	var want, got bytes.Buffer
	if err := theirs.Convert(src, &want); err != nil {
		t.Fatal(err)
	}
	over, err := ours.Convert(src, &got)
	if err != nil {
		t.Fatalf("%q: %v", src, err)
	}
	if diff := cmp.Diff(want.String(), got.String()); diff != "" && len(over) == 0 {
		t.Fatalf("%q differs (-goldmark +ours):\n%s", src, diff)
	}
	return over
}

// FuzzSameAsGoldmark does so with any text that is short enough for any budget.
func FuzzSameAsGoldmark(f *testing.F) {
	for _, p := range pieces {
		f.Add([]byte("a " + p + " b\n" + p))
	}
	ours, ourEscaping := New(Config{}), New(Config{Escapes: true})
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) < 2000 {
			same(t, theirs, ours, src)
			same(t, escaping, ourEscaping, src)
		}
	})
}

// What costs too much is told, and each of its words is still there.
func TestOver(t *testing.T) {
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	deep := func(open string) string { return many(open, 400) + "word\n" }
	for _, c := range []struct {
		name, src, over string
		words           int
	}{
		{"marks that never meet", many("*word_ ", 40_000), OverText, 40_000},
		{"marks of three", many("word**x *y", 40_000), OverText, 40_000},
		{"brackets", many("[", 40_000) + "word" + many("]", 40_000), OverText, 1},
		{"links cut off", many("[word](<b", 40_000), OverText, 40_000},
		{"titles cut off", many("[word](b (", 40_000), OverText, 40_000},
		{"lines of brackets", many("[word]\n", 40_000), OverText, 40_000},
		{"definitions", many("[a]: word\n", 40_000), OverText, 40_000},
		{"definitions with titles", many("[a]: word\n(\n", 20_000), OverText, 20_000},
		{"runs of ticks that grow", ticks(900) + "word", OverText, 1},
		{"footnotes", notes(8000), OverText, 8000},
		{"a definition repeated", "[a]: " + many("b", 30_000) + "\n\n" + many("[a] word ", 7000), OverLinks, 7000},
		{"a wide head", many("| word ", 5000) + "|\n" + many("|-", 5000) + "|\n" + many("| word |\n", 5000), OverTable,
			10_000},
		{"quotations", deep("> "), OverDepth, 1},
		{"lists", deep("- "), OverDepth, 1},
		{"links behind lines", many("word\n", 50_000) + many("[word*](b)\n", 3000), OverText, 53_000},
		{"bars in code", "| a |\n|---|\n" + many("|`word\\|b`|\n", 20_000), OverText, 20_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			over, err := New(Config{}).Convert([]byte(c.src), &out)
			if err != nil || !slices.Contains(over, c.over) {
				t.Errorf("%v, %v, want %q", over, err, c.over)
			}
			if got := strings.Count(out.String(), "word"); got != c.words {
				t.Errorf("%d words of %d are there", got, c.words)
			}
			if first, again := out.String(), (bytes.Buffer{}); true {
				New(Config{}).Convert([]byte(c.src), &again)
				if again.String() != first {
					t.Error("the same text became something else")
				}
			}
		})
	}
}

// Words make no more nodes than with goldmark, which goes over those of a paragraph at each link in it: what is counted
// there are the others, and lines.
func TestFewTexts(t *testing.T) {
	for _, s := range []string{"a<b ", "a\\*b ", "a\\b ", "a]b ", "a~~~b ", "a_b (c ", "a<b\nc<d  \n"} {
		src := []byte(strings.Repeat(s, 100))
		parsed, _ := New(Config{Escapes: true}).Parse(src)
		ours, most := texts(parsed), texts(theirs.Parser().Parse(text.NewReader(src)))
		if ours > most {
			t.Errorf("100 of %q are %d texts, with goldmark %d", s, ours, most)
		}
	}
}

// texts is how many there are in a document.
func texts(doc ast.Node) (n int) {
	ast.Walk(doc, func(d ast.Node, entering bool) (ast.WalkStatus, error) {
		if d.Kind() == ast.KindText && entering {
			n++
		}
		return ast.WalkContinue, nil
	})
	return n
}

// The paragraphs beside one that costs too much keep their form.
func TestOthersKeepTheirForm(t *testing.T) {
	src := "**first** [link](x)\n\n" + strings.Repeat("*a_ ", 40_000) + "\n\n**last** [link](x)\n"
	var out bytes.Buffer
	New(Config{}).Convert([]byte(src), &out)
	for _, want := range []string{"<strong>first</strong>", "<strong>last</strong>"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is missing", want)
		}
	}
}

// HTML out of proportion is an error, and the reader goes on.
func TestGrown(t *testing.T) {
	r := New(Config{})
	src := strings.Repeat("[^a] ", 8000) + "\n\n[^a]: note\n"
	var out bytes.Buffer
	if _, err := r.Convert([]byte(src), &out); !errors.Is(err, ErrGrown) {
		t.Errorf("%v for %d bytes of %d", err, out.Len(), len(src))
	}
	out.Reset()
	if _, err := r.Convert([]byte("*a*"), &out); err != nil || out.String() != "<p><em>a</em></p>\n" {
		t.Errorf("%v, %q", err, out.String())
	}
}

func TestReopens(t *testing.T) {
	open := ""
	for i := range 300 {
		open += fmt.Sprintf("<b id=%d>", i)
	}
	for src, want := range map[string]bool{
		open + strings.Repeat("<p>x</p>", 10_000):                          true,
		strings.ToUpper(open) + strings.Repeat("<td>x</td>", 10_000):       true,
		strings.Repeat("<p><b>x</b> <a href=x><em>y</em></a></p>", 10_000): false,
		strings.Repeat("<ul><li><strong>x</strong></li></ul>", 10_000):     false,
		strings.Repeat("<b>", 100) + "x" + strings.Repeat("</b>", 100):     false,
		"<": false, "</": false, "a < b": false, "": false,
	} {
		if got := Reopens([]byte(src)); got != want {
			t.Errorf("%.60q…: %t", src, got)
		}
	}
}

// ticks are runs of backticks, each longer than the one before.
func ticks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("`", i+1) + " ")
	}
	return b.String()
}

// notes are so many footnotes, with words behind the places that name them.
func notes(n int) string {
	var b, places strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "[^%d]: x\n\n", i)
		fmt.Fprintf(&places, "word[^%d] ", n-1)
	}
	return b.String() + places.String()
}

// A reader holds no text that it has read, nor does the tree of another.
func TestHeld(t *testing.T) {
	r := New(Config{})
	var trees []ast.Node
	var first []weak.Pointer[ast.Document]
	for i := range 20 {
		doc, _ := r.Parse([]byte(fmt.Sprintf("*a* and %d [b](c) **d\n\n- e", i)))
		if i%2 == 1 {
			trees = append(trees, doc)
			continue
		}
		first = append(first, weak.Make(doc.(*ast.Document)))
	}
	runtime.GC()
	for i, p := range first {
		if p.Value() != nil {
			t.Errorf("tree %d is held", 2*i)
		}
	}
	runtime.KeepAlive(r)
	runtime.KeepAlive(trees)

	e := newEngine(Config{})
	if e.parse([]byte(strings.Repeat("[", 100_000))); cap(e.meter.opened) > mostBrackets {
		t.Errorf("room for %d brackets is held", cap(e.meter.opened))
	}
}
