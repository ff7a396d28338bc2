package markdown

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// openings are elements that FuzzGrammar nests in any order, as Confluence's editors
// never would but imports do.
var openings = [][2]string{
	{"<p>", "</p>"}, {`<p style="text-align: center">`, "</p>"}, {`<h3 style="margin-left: 30px">`, "</h3>"},
	{"<strong>", "</strong>"}, {"<em>", "</em>"}, {"<del>", "</del>"}, {"<u>", "</u>"}, {"<code>", "</code>"},
	{"<sup>", "</sup>"},
	{`<span style="color: red">`, "</span>"}, {`<a href="https://example.com/x">`, "</a>"}, {"<ul><li>", "</li></ul>"},
	{`<ol start="3"><li>`, "</li></ol>"},
	{"</li><li>", ""}, {"<blockquote>", "</blockquote>"}, {"<h2>", "</h2>"}, {"<pre>", "</pre>"}, {"<div>", "</div>"},
	{"<dl><dt>", "</dt></dl>"},
	{"<table><tbody><tr><td>", "</td></tr></tbody></table>"}, {"<table><tbody><tr><th>", "</th></tr></tbody></table>"},
	{"</td><td>", ""}, {"</th><th>", ""}, {`</td><td colspan="2">`, ""}, {"</th></tr><tr><td>", ""},
	{`<ac:structured-macro ac:name="info"><ac:rich-text-body>`, "</ac:rich-text-body></ac:structured-macro>"},
	{`<ac:structured-macro ac:name="panel"><ac:rich-text-body>`, "</ac:rich-text-body></ac:structured-macro>"},
	{`<ac:structured-macro ac:name="expand"><ac:rich-text-body>`, "</ac:rich-text-body></ac:structured-macro>"},
	{`<ac:structured-macro ac:name="excerpt"><ac:rich-text-body>`, "</ac:rich-text-body></ac:structured-macro>"},
	{`<ac:structured-macro ac:name="code"><ac:plain-text-body>`, "</ac:plain-text-body></ac:structured-macro>"},
	{`<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell>`,
		"</ac:layout-cell><ac:layout-cell></ac:layout-cell></ac:layout-section></ac:layout>"},
	{"<ac:task-list><ac:task><ac:task-body>", "</ac:task-body></ac:task></ac:task-list>"},
	{`<ac:inline-comment-marker ac:ref="1">`, "</ac:inline-comment-marker>"},
}

// pieces are texts that mean something in Markdown, and things between words.
var pieces = []string{
	" ", " ", " ", "*", "**", "_", "__", "~", "~~", "`", "```", "[", "]", "](", "[ ] ", "!", "![", "(", ")", "#", "# ",
	"- ", "+ ", "1. ", "2) ", "&gt; ", "&lt;", "&lt;!--", "&lt;/",
	`<ac:image><ri:attachment ri:filename="view.png"/></ac:image>`,
	`<ac:image ac:width="9"><ri:attachment ri:filename="view.png"/></ac:image>`,
	`<ac:image><ri:attachment ri:filename="gone.png"/></ac:image>`,
	`<ac:link><ri:page ri:content-title="Runbook"/></ac:link>`, `<ac:link ac:anchor="x"/>`,
	`<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">S</ac:parameter></ac:structured-macro>`,
	`<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">x</ac:parameter></ac:structured-macro>`,
	`<ac:structured-macro ac:name="none"/>`,
	`<ac:structured-macro ac:name="mathinline"><ac:parameter ac:name="body">a_b</ac:parameter></ac:structured-macro>`,
	`<time datetime="2026-05-04"/>`,
	`<ac:structured-macro ac:name="include"><ac:parameter ac:name="">Runbook</ac:parameter></ac:structured-macro>`,
	`<ac:emoticon ac:name="tick"/>`, `<h2/>`,
	"&amp;", "&amp;amp;", "\\", "|", "---", "===", "$", "$$", ":", ".", "\n", "<br/>", "<br/>", "<hr/>", "&nbsp;",
	"http://example.com/", "한", "é", "“", "[^1]", "[!NOTE]", "&lt;details&gt;", "\t",
}

// story builds a body of nested elements from a seed. The words are numbered.
func story(seed uint64) (src string, words []string) {
	r := rand.New(rand.NewPCG(seed, 7))
	var b strings.Builder
	var open []string
	for range 2 + r.IntN(40) {
		switch r.IntN(8) {
		case 0, 1:
			o := openings[r.IntN(len(openings))]
			b.WriteString(o[0])
			if o[1] != "" {
				open = append(open, o[1])
			}
		case 2:
			if len(open) > 0 {
				b.WriteString(open[len(open)-1])
				open = open[:len(open)-1]
			}
		case 3, 4, 5:
			w := fmt.Sprintf("w%dw", len(words))
			words = append(words, w)
			b.WriteString(w)
		default:
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
	}
	for _, c := range slices.Backward(open) {
		b.WriteString(c)
	}
	return b.String(), words
}

// FuzzGrammar checks on bodies that nest elements in all ways that each word stands
// in what a reader of the Markdown sees once, and in order.
func FuzzGrammar(f *testing.F) {
	for seed := range uint64(3000) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		src, words := story(seed)
		md, _ := Convert([]byte(src), testPage, newFake())
		checkMarkdown(t, "story", md)
		var got []string
		for _, s := range markdownWords(t, md) {
			got = append(got, numbered.FindAllString(s, -1)...)
		}
		if !slices.Equal(words, got) {
			t.Errorf("seed %d: words %q became %q\nin:  %s\nout: %s", seed, words, got, src, md)
		}
	})
}
