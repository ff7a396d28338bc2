package site

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// unclosed are pieces of HTML that take in what follows them, up to an end that never comes.
var unclosed = []string{
	"<script>", "<SCRIPT src=x>", "<script ", "<style>", "<textarea>", "<title>", "<xmp>", "<plaintext>", "<iframe>",
	"<noembed>", "<noframes>", "<noscript>", "<template>", "<select>",
	"<select><option>", "<svg>", "<svg><style>", "<svg><title>", "<math>", "<math><mtext>", "<frameset>", "<head>",
	"<!--", "<!-- a", "<!--->", "<!-", "<!", "<!X", "<!DOCTYPE html", "<?", "<?xml ", "<![CDATA[", "<![CDATA[ a",
	"<div title=\"", "<div title='", "<div title=", "<div ", "<div", "<p class=\"a\" title=\"", "<img src=\"",
	"<img alt='", "<a href=\"", "</div title=\"", "</", "</script", "</ ", "<x-y z=\"", "<table><tr><td title=\"",
	"<details", "<pre><!--", "<pre><script>", "<table><script>", "<div><!--", "<div><textarea>", "<caption>", "<td>",
	"<frame>", "<object>", "<embed>", "<audio>", "<video>", "<button>", "<form>", "<option>",
}

// TestNothingSwallowed puts pieces of HTML that nobody closed where authors' Markdown may have
// them: all words behind them must be seen, and what is not allowed must be told.
func TestNothingSwallowed(t *testing.T) {
	for _, piece := range unclosed {
		for _, form := range []string{"%s", "%s\nw1w", "%s\n\nw1w", "a %s w1w", "> %s\n\nw1w", "- %s\n- w1w",
			"| a |\n| - |\n| %s |\n\nw1w", "w0w\n%s w1w", "<div>\n%s\n\nw1w\n\n</div>", "<p>a %s</p>\nw1w",
			"**%s** w1w"} {
			md := fmt.Sprintf(form, piece) + "\n\n## w2w\n\nlast *w3w* \"quoted\" 'words' > w4w\n"
			body := render([]byte(md), "T", nil)
			scan(t, string(body.HTML))
			at := 0
			for _, word := range []string{"w0w", "w1w", "w2w", "w3w", "w4w"} {
				if !strings.Contains(md, word) {
					continue
				}
				i := strings.Index(body.Text[at:], word)
				if i < 0 {
					t.Errorf("%q loses %s: %q", md, word, body.HTML)
					break
				}
				at += i
			}
			if len(body.Headings) != 1 && !strings.HasPrefix(piece, "<select") {
				t.Errorf("%q has no heading any more: %q", md, body.HTML)
			}
		}
	}
}

// TestWholePieces: what is taken for whole at a glance is left as it is when it is read.
func TestWholePieces(t *testing.T) {
	parts := append([]string{"a", " ", "\n", "\"", "'", "=", "/", ">", "<", "</", "<a", "<br>", "<br/>", "<b>", "</b>",
		"<p class=\"a\">", " id=\"b\"", " c", "<h2 d e=\"<\">", "<a href=\"x>y\">", "<b f=g>", "<x-y>", "é", "\r",
		"\x00", "&lt;",
		"<header>", "</SCRIPT>", "-->", "]]>"}, unclosed...)
	dice, all := rand.New(rand.NewPCG(1, 2)), 0
	for range 200_000 {
		piece := ""
		for range 1 + dice.IntN(4) {
			piece += parts[dice.IntN(len(parts))]
		}
		if !isWhole(piece) {
			continue
		}
		all++
		if got := made(piece, func(what, _ string) { t.Errorf("%q has %s", piece, what) }); got != piece {
			t.Errorf("%q becomes %q", piece, got)
		}
	}
	if all < 1000 {
		t.Errorf("only %d pieces are whole", all)
	}
}

// TestNothingTakenSilently: what the pass takes away is told, and no more.
func TestNothingTakenSilently(t *testing.T) {
	for md, want := range map[string]string{
		"<script>alert(1)</script>":                 "[{element script 1}]",
		"a <script>b</script> <script>c</script>":   "[{element script 2}]",
		"<!-- a comment -->":                        "[]",
		"<!-- not one":                              "[{HTML without an end 1}]",
		"a <?php echo 1 ?> b":                       "[{declaration 1}]",
		"<div title=\"\n\nb":                        "[{HTML without an end 1}]",
		"<b onclick=x>b</b> <i onclick=y>c</i>":     "[{attribute onclick 2}]",
		"[a](javascript:x) [b](data:x) [c](file:x)": "[{link with a scheme that is not allowed 3}]",
		"ftp://example.gov/x stays":                 "[]",
		"<secret>a</secret>":                        "[{element unknown to HTML 1}]",
	} {
		if got := fmt.Sprint(render([]byte(md), "T", nil).Removed); got != want {
			t.Errorf("%q: removed %s, want %s", md, got, want)
		}
	}
}
