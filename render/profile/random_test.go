package profile

import (
	"math/rand/v2"
	"strings"

	"agc-export/render/markdown"
)

// pieces are what random texts are made of: what MDX reads as programs, JSX or directives, and what it ends.
var pieces = []string{
	"{",
	"}",
	"{{",
	"<",
	">",
	"</",
	"/>",
	"<b",
	"import x from 'y'",
	"export const a = 1",
	"`",
	"``",
	"```",
	"~~~",
	"$",
	"\\",
	"\\{",
	"\\<",
	"*",
	"**",
	"_",
	"~~",
	"[",
	"](",
	")",
	"![",
	"|",
	"\n",
	"\n\n",
	"    ",
	"\t",
	"<!--",
	"-->",
	"<!-- c -->",
	"<br>",
	"<img src=x>",
	"<a href='x.md'>",
	"</a>",
	"<div>",
	"</div>",
	"<p>",
	"<td>",
	"</table>",
	"<table><tr>",
	"<Foo>",
	"<foo.bar/>",
	"<style>a{b:c}</style>",
	"<script>{</script>",
	"style=\"a: b\"",
	":::note",
	":::",
	"::x",
	":x[y]{z}",
	":smile:",
	"&lt;",
	"&#123;",
	"&amp;",
	"https://a.example/{x}",
	"www.a.example",
	"a@b.example",
	"#",
	"# ",
	"- ",
	"1. ",
	"> ",
	"> [!NOTE]\n> ",
	"---",
	"===",
	"word",
	"Wörter",
	"字",
	"\u00a0",
	"\u2028",
	"{#id}",
	"[^1]",
	"[^1]: x",
	"[a]: b",
	"<details>\n<summary>s</summary>\n\n",
	"</details>",
	"<pre>{x}\n\n</pre>",
	"<?php",
	"<!DOCTYPE a>",
	"<![CDATA[x]]>",
	"- [ ] ",
}

// randomDocument is Markdown as package markdown writes a random text, or as an author may have written it.
func randomDocument(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	text := func() string {
		var b strings.Builder
		for range 1 + r.IntN(12) {
			b.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(3) == 0 {
				b.WriteByte(' ')
			}
		}
		return b.String()
	}
	var b strings.Builder
	for range 1 + r.IntN(4) {
		switch r.IntN(5) {
		case 0:
			b.WriteString(markdown.Text(text()) + "\n\n")
		case 1:
			b.WriteString(
				"| " + markdown.Text(text()) + " | b |\n| --- | --- |\n| " + markdown.Text(text()) + " | c |\n\n",
			)
		case 2:
			b.WriteString("- " + markdown.Text(text()) + "\n\n    " + markdown.Text(text()) + "\n\n")
		default:
			b.WriteString(text() + "\n\n")
		}
	}
	return []byte(b.String())
}
