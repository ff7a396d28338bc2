package export

import (
	"fmt"
	"maps"
	"strings"
)

// signs are what a body may repeat: marks, brackets, cut-off links, tags and blocks of
// Markdown. Each is tried in running text and in the Markdown of a macro.
var signs = []string{
	"*", "_", "*a_ ", "*a ", "a* ", "a**b *c", "_a*b ", "*_", "a*_", "**x* ", "***a** ", "~a ", "~a~~ ", "~~~", "[",
	"]", "![", "![[", "[[]", "[a]", "[a]\n", "[a][", "[a](", "[a](<b", "[a](b (", "[a](b \"",
	"[a]((", "[[a]()", "[![", "[a](b)\n", "`", "` ``", "<", ">", "<a ", "<a b=\"", "</a ", "<!", "<!--a", "<?",
	"<![CDATA[", "<a@", "<http:", "&", "&#", "&a;", "\\", "- ", "- - ", "1. ", "> ", ">\n", "> a\n",
	"- a\n", "* a\n\n", "|", "| a |\n", "a|b\n-|-\n", "---\n", "a\n===\n", "\\\n", "a\n", "[a]: b\n", "[a]: b\n(\n",
	"[^a]", "[^a]: b\n", "http://a*b ", "http://a(", "www.a.b(", "a@b.c ", "*a@b", ":a:", "$`a`$ ",
	"a ", "a<b ", "a<b a\\*", "a ( b", "h w f ", "(h@ ", "a.", "a-", "a_", "a'", "!a", "\r", "a \r", "a\t", "\\a ",
	"\\* ", "&lt;", "\u4e2d", "\u4e2d\u3000", "a\u0301", "\U0001f600", "\u200b", "=", "+ a\n", "<a/>", "</a>",
	"<a b>", "<a b=\"c\">", "<a b=\"c\" ", "<br>", "<p>\n", "</p>\n", "<!--a-->", "> [!NOTE]\n", "<!D\n", "x@y.z@",
	"\u00a0", "<div>\n", "<b>", "<b a=1>", "<details>\n\n", "<li>", "<table>", "<x>", "```\n", "- > ", "# a\n",
	"- [ ] a\n",
}

// fill repeats a text up to so many bytes.
func fill(s string, n int) string { return strings.Repeat(s, max(n/len(s), 1)) }

// nested nests a text.
func nested(open, in, end string, depth int) string {
	return strings.Repeat(open, depth) + in + strings.Repeat(end, depth)
}

func macroOf(name, parameters, body string) string {
	return `<ac:structured-macro ac:name="` + name + `">` + parameters + body + `</ac:structured-macro>`
}

func literally(s string) string {
	return "<ac:plain-text-body><![CDATA[" + s + "]]></ac:plain-text-body>"
}

func inMarkdown(s string) string { return macroOf("markdown", "", literally(s)) }

// counted joins what f makes of 0, 1, 2 … up to so many bytes.
func counted(n int, f func(i int) string) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		b.WriteString(f(i))
	}
	return b.String()
}

// growing are bodies of about n bytes, each of a construct that could multiply or take time
// in the square of its size.
func growing(n int) map[string]string {
	bodies := growingStorage(n)
	maps.Copy(bodies, growingMarkdown(n))
	maps.Copy(bodies, growingElements(n))
	text := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "<br/>")
	for _, s := range signs {
		bodies[fmt.Sprintf("text of %q", s)] = "<p>" + fill(text.Replace(s), n) + "</p>"
		bodies[fmt.Sprintf("Markdown of %q", s)] = inMarkdown(fill(s, n))
	}
	return bodies
}

// growingMarkdown are those in the Markdown of a macro.
func growingMarkdown(n int) map[string]string {
	half := n / 2
	return map[string]string{
		"wide head of Markdown": inMarkdown(fill("|a", n/4) + "|\n" + fill("|-", n/4) + "|\n" + fill("b\n", half)),
		"many wide heads": inMarkdown(fill(fill("|a", 400)+"|\n"+fill("|-", 400)+"|\n"+fill("b\n", 400)+"\n",
			n)),
		"definition":            inMarkdown("[a]: " + fill("b", half) + "\n\n" + fill("[a] ", half)),
		"title of a definition": inMarkdown("[a]: b \"" + fill("b", half) + "\"\n\n" + fill("[a] ", half)),
		"definitions": inMarkdown(counted(half,
			func(i int) string { return fmt.Sprintf("[a%d]: b\n", i) }) + "\n" + fill("[a1] ", half)),
		"one footnote": inMarkdown(fill("[^a] ", half) + "\n\n[^a]: x\n"),
		"footnotes": inMarkdown(counted(half,
			func(i int) string { return fmt.Sprintf("[^%d]: d\n\n", i) }) + counted(half,
			func(i int) string { return fmt.Sprintf("x[^%d] ", i) })),
		"names of headings": inMarkdown(counted(half,
			func(i int) string { return fmt.Sprintf("# a-%d\n", i) }) + fill("# a\n", half)),
		"formatting without end": inMarkdown(counted(min(half, 4000),
			func(i int) string { return fmt.Sprintf("<b id=%d>", i) }) + "\n\n" + fill("x\n\n", half)),
		"attributes": inMarkdown("<b " + fill("id=1 ", half) + ">x</b><b " + fill("id=1 ", half) +
			">x</b>"),
		"ticks that grow": inMarkdown(counted(n, func(i int) string { return strings.Repeat("`", i+1) + " " })),
		"lists that grow": inMarkdown(counted(n,
			func(i int) string { return strings.Repeat(" ", 2*i) + "- a\n" })),
		"quotations in a line":    inMarkdown(fill("> ", half) + "a\n" + fill("a\n", half)),
		"lists in a line":         inMarkdown(fill("- ", half) + "a\n" + fill("\n", half)),
		"brackets around":         inMarkdown(nested("[", "a", "](b)", n/5)),
		"marks in links":          inMarkdown(fill("*a ", half) + fill("[a*](b) ", half)),
		"bars in code":            inMarkdown("|a|\n|-|\n" + fill("|`a\\|b`|\n", n)),
		"many macros of Markdown": fill(inMarkdown("*a*"), n),
		"bare addresses":          inMarkdown(fill("http://a/b ", n)),
		"an address at the end":   inMarkdown(fill("*a_ (h ", n) + "a@b.gov"),
		"addresses of mail":       inMarkdown(fill("*a@b.gov ", n)),
		"tags in tags":            inMarkdown(fill(`<a b="<a b=" c="`, n)),
		"tags without end":        inMarkdown(fill(`<a b c d <a b="`, n)),
		"links without a text":    inMarkdown(fill("](/wiki/x) ", n)),
		"links in HTML":           inMarkdown(fill(`<a href="/wiki/x">`, n)),
		"links in links": inMarkdown("[" + fill("![](/wiki/x)", half) + fill("[a](/wiki/x)", half) +
			"](/wiki/y)"),
		"link tags cut off":  inMarkdown(fill("<a ", half) + fill(`<img src="/wiki/x`, half)),
		"names of addresses": inMarkdown(fill("[a]: /wiki/x\n", n)),
	}
}

// growingStorage are those of the storage format itself.
func growingStorage(n int) map[string]string {
	half := n / 2
	toc := macroOf("toc", "", "")
	code := macroOf("code", "", literally(fill("x\n", n)))
	colored := func(language, s string) string {
		return macroOf("code", `<ac:parameter ac:name="language">`+language+`</ac:parameter>`, literally(s))
	}
	return map[string]string{
		"line ends of C":      colored("c", fill("\n", min(n, 40_000)-2)+"x"),
		"signs of ApacheConf": colored("apacheconf", "x"+fill("<", min(n, 40_000))),
		"blocks of C": counted(n,
			func(i int) string { return colored("c", fmt.Sprint(i)+fill("\n", 900)+"x") }),
		"blocks of YAML": counted(n,
			func(i int) string { return colored("yml", fmt.Sprint(i)+fill("[", 900)) }),
		"wide head": "<table><tbody><tr>" + fill("<th></th>", half) + "</tr>" +
			fill("<tr><td></td></tr>", half) + "</tbody></table>",
		"wide head of csv": macroOf("csv", "", literally(fill("a,", half)+"\n"+fill("b\n", half))),
		"wide spans": "<table>" + fill(`<tr><td colspan="1000" rowspan="1000">a</td></tr>`, n) +
			"</table>",
		"lines in lists":         nested("<ul><li>", fill("<p>x</p>", n), "</li></ul>", 95),
		"items in lists":         nested("<ul><li>", "<ul>"+fill("<li>x</li>", n)+"</ul>", "</li></ul>", 95),
		"code in lists":          nested("<ol><li>", code, "</li></ol>", 90),
		"code in quotations":     nested("<blockquote>", code, "</blockquote>", 190),
		"lists without end":      fill("<ul><li>a", n),
		"quotations without end": fill("<blockquote>a", n),
		"divisions without end":  fill("<div>a", n),
		"tables without end":     fill("<table><tr><td>a", n),
		"marks without end":      "<p>" + fill("<b><i>a", n),
		"marks around blocks":    fill("<b><p>a", n),
		"link around blocks":     `<a href="http://` + fill("a", half) + `">` + fill("<p>x</p>", half) + "</a>",
		"title around blocks": `<a href="http://a" title="` + fill("a", half) + `">` + fill("<p>x</p>", half) +
			"</a>",
		"colours around blocks":    nested(`<span style="color: rgb(255,0,0);">`, fill("<p>x</p>", n), "</span>", 7),
		"contents and headings":    fill("<h2>h</h2>"+toc, n),
		"contents behind headings": fill("<h2>hh</h2>", half) + fill(toc, half),
		"contents of a long one":   "<h2>" + fill("h ", half) + "</h2>" + fill(toc, half),
		"contents of zones": fill(macroOf("toc-zone", "",
			"<ac:rich-text-body><h2>a</h2></ac:rich-text-body>"), n),
		"links to headings": fill("<h2>aa</h2>", half) + fill(`<ac:link ac:anchor="aa"/>`, half),
		"paragraphs":        fill("<p>a</p>", n),
		"breaks":            fill("<br/>", n),
		"tags cut off":      fill("<a b=\"", n),
		"sections cut off":  fill("<![CDATA[", n),
		"labels": "<p>" +
			fill(macroOf("status", `<ac:parameter ac:name="title">x</ac:parameter>`, ""), n) + "</p>",
		"issues": "<p>" +
			fill(macroOf("jira", `<ac:parameter ac:name="key">A-1</ac:parameter>`, ""), n) + "</p>",
		"unknown macros": fill(macroOf("zzz", `<ac:parameter ac:name="a">b</ac:parameter>`, ""), n),
		"parameters":     macroOf("zzz", fill(`<ac:parameter ac:name="a">b</ac:parameter>`, n), ""),
		"bodies":         macroOf("zzz", "", fill("<ac:rich-text-body>a</ac:rich-text-body>", n)),
		"code spans":     "<p>" + fill("<code>a</code>", n) + "</p>",
		"words in bold":  "<p>" + fill("<b>a</b>b", n) + "</p>",
		"an address":     "<p>http://a/" + fill("b*", n) + "</p>",
	}
}

// repeated are bodies of storage format with very much of one thing: what they repeat, in which each % is another
// number, and what stands around it.
var repeated = []struct{ name, head, what, tail string }{
	{"fallbacks", "<ac:adf-extension>", "<ac:adf-fallback>a</ac:adf-fallback>", "</ac:adf-extension>"},
	{"extensions", "", `<ac:adf-extension><ac:adf-node type="x"><ac:adf-content>a</ac:adf-content></ac:adf-node>` +
		"<ac:adf-fallback>a</ac:adf-fallback></ac:adf-extension>", ""},
	{"attributes of a node", `<ac:adf-extension><ac:adf-node type="extension">`,
		`<ac:adf-attribute key="a%">b</ac:adf-attribute>`, "</ac:adf-node></ac:adf-extension>"},
	{"parameters of a node", `<ac:adf-extension><ac:adf-node type="extension"><ac:adf-attribute key="parameters">` +
		`<ac:adf-parameter key="macro-params">`, `<ac:adf-parameter key="a%">b</ac:adf-parameter>`,
		"</ac:adf-parameter></ac:adf-attribute></ac:adf-node></ac:adf-extension>"},
	{"places in a heading", "<h2>", `<a id="a%"></a>`, "</h2>"},
	{"words and places in a heading", "<h2>", `a <a id="a"></a>`, "</h2>"},
	{"headings without end", "", "<h2>a", ""},
	{"places", "", `<p><a id="a%"></a>b</p>`, ""},
	{"places and links", "", macroOf("anchor", `<ac:parameter ac:name="">a%</ac:parameter>`, "") +
		`<ac:link ac:anchor="a%"/>`, ""},
	{"headings", "", "<h2>a %</h2>", ""},
	{"headings and links", "", `<h2>a %</h2><ac:link ac:anchor="a %"/>`, ""},
	{"links to nowhere", "", `<ac:link ac:anchor="a %"/>`, "<h2>a</h2>"},
	{"links to pages", "", `<p><ac:link><ri:page ri:content-title="a %"/></ac:link></p>`, ""},
	{"links in a paragraph", "<p>", `<ac:link><ri:page ri:content-title="a %"/></ac:link>`, "</p>"},
	{"links with marks", "<p>", `<a href="http://a/%"><b>a</b><i>b</i></a>`, "</p>"},
	{"pictures", "<p>", `<ac:image><ri:attachment ri:filename="a%.png"/></ac:image>`, "</p>"},
	{"pictures with words", "", `<ac:image ac:alt="a"><ri:url ri:value="http://a/%.png"/><ac:caption>a</ac:caption>` +
		"</ac:image>", ""},
	{"emoticons", "<p>", `<ac:emoticon ac:emoji-id="1f642"/>`, "</p>"},
	{"an emoji of many signs", `<ac:emoticon ac:emoji-id="1f642`, "-1f642", `"/>`},
	{"people", "<p>", `<ac:link><ri:user ri:account-id="a%"/></ac:link>`, "</p>"},
	{"markers", "<p>", `<ac:inline-comment-marker ac:ref="a%">a</ac:inline-comment-marker>`, "</p>"},
	{"markers without end", "<p>", `<ac:inline-comment-marker ac:ref="a">a`, "</p>"},
	{"tasks", "<ac:task-list>", "<ac:task><ac:task-id>%</ac:task-id><ac:task-body>a</ac:task-body></ac:task>",
		"</ac:task-list>"},
	{"tasks without end", "", "<ac:task-list><ac:task><ac:task-body>a", ""},
	{"attributes", "<p ", `a%="b" `, ">a</p>"},
	{"elements of many names", "", "<a%>b</a%>", ""},
	{"such without end", "", "<a%>b", ""},
	{"ends of nothing", "", "</a%>b", ""},
	{"a long name", "<", "a", ">b"},
	{"a long attribute", "<p ", "a", `="b">c</p>`},
	{"a long class", `<p class="`, "a ", `">b</p>`},
	{"a long style", `<p style="`, "color: red; ", `">b</p>`},
	{"styles", "<p>", `<span style="color: rgb(1,2,3);">a</span>`, "</p>"},
	{"a long word", "<p>", "a", "</p>"},
	{"a word of many parts", "<p>", "aB", "</p>"},
	{"a name of many parts", "<p>", "a-b", "</p>"},
	{"long words", "<p>", strings.Repeat("a", 500) + " ", "</p>"},
	{"a long address", "<p>http://a.gov/", "b", "</p>"},
	{"breaks in bold", "<p>", "<b>a<br/></b>", "</p>"},
	{"bold around blanks", "<p>", "<b> </b>", "</p>"},
	{"hard blanks", "<p>a", "&nbsp;", "b</p>"},
	{"entities", "<p>", "&amp;&eacute;&x;&#13;", "</p>"},
	{"cells", "<table><tbody><tr>", "<td>a</td>", "</tr></tbody></table>"},
	{"rows", "<table><tbody>", "<tr><td>a</td><td>b</td></tr>", "</tbody></table>"},
	{"paragraphs in a cell", "<table><tbody><tr><td>", "<p>a</p>", "</td></tr></tbody></table>"},
	{"lists in a cell", "<table><tbody><tr><td>", "<ul><li>a</li></ul>", "</td></tr></tbody></table>"},
	{"tables", "", "<table><tbody><tr><td>a</td></tr></tbody></table>", ""},
	{"rows that span", "<table><tbody>", `<tr><td rowspan="1000">a</td><td>b</td></tr>`, "</tbody></table>"},
	{"captions", "<table>", "<caption>a</caption>", "<tr><td>a</td></tr></table>"},
	{"layouts", "<ac:layout>", `<ac:layout-section ac:type="single"><ac:layout-cell><p>a</p></ac:layout-cell>` +
		"</ac:layout-section>", "</ac:layout>"},
	{"panels", "", macroOf("info", "", "<ac:rich-text-body><p>a</p></ac:rich-text-body>"), ""},
	{"panels without end", "", `<ac:structured-macro ac:name="info"><ac:rich-text-body>a`, ""},
	{"boxes without end", "", `<ac:structured-macro ac:name="expand"><ac:rich-text-body>a`, ""},
	{"a long formula", `<ac:structured-macro ac:name="mathblock"><ac:plain-text-body><![CDATA[`, "a^{b}",
		"]]></ac:plain-text-body></ac:structured-macro>"},
	{"terms", "<dl>", "<dt>a</dt><dd>b</dd>", "</dl>"},
	{"code of elements", "<pre>", "<b>a</b>", "</pre>"},
	{"declarations with a set", "", "<!a[>", ""},
	{"paragraphs of breaks", "<p>", "a<br/><br/>", "</p>"},
	{"identifiers", "", `<p id="a%">b</p>`, ""},
}

// repeatedMarkdown are such bodies in the Markdown of a macro.
var repeatedMarkdown = []struct{ name, head, what, tail string }{
	{"a long line", "", "word ", ""},
	{"a mail at the end", "", "(word ", "a@b.gov"},
	{"a return at the end", "", "word ", "\r\n"},
	{"lines with returns", "", "a b\r\n", ""},
	{"lines", "", "a b\n", ""},
	{"hard lines", "", "a b  \n", ""},
	{"identifiers of HTML", "", "<b id=\"a%\">x</b> [a](#a%)\n", ""},
	{"HTML without end", "", "<!--\n\n", ""},
	{"HTML and blocks", "", "<div>\n\na\n\n", ""},
	{"ends of HTML and blocks", "", "</div>\n\na\n\n", ""},
	{"alerts", "", "> [!NOTE]\n> a\n\n", ""},
	{"tables of Markdown", "", "|a|b|\n|-|-|\n|a|b|\n\n", ""},
	{"rows of Markdown", "|a|b|\n|-|-|\n", "|a b|*b*|\n", ""},
	{"headings of Markdown", "", "# a %\n", ""},
	{"items", "", "- a b\n", ""},
	{"items apart", "", "- a b\n\n", ""},
	{"notes in notes", "", "[^%]: a[^%]\n\n", ""},
}

// growingElements are those bodies, and such with much of two things.
func growingElements(n int) map[string]string {
	bodies := map[string]string{}
	much := func(what string) string {
		return counted(n, func(i int) string { return strings.ReplaceAll(what, "%", fmt.Sprint(i)) })
	}
	for _, r := range repeated {
		bodies[r.name] = r.head + much(r.what) + r.tail
	}
	for _, r := range repeatedMarkdown {
		bodies[r.name] = inMarkdown(r.head + much(r.what) + r.tail)
	}
	half := n / 2
	for _, s := range []string{"a<b ", "\\* ", "a\n", "a  \n", "a\\\n", "a~~~b ", "(h) ", "*b* ", "http://a/b "} {
		bodies[fmt.Sprintf("links with marks behind %q", s)] = inMarkdown(fill(s, half) + fill("[a*](b) ", half))
		bodies[fmt.Sprintf("links in lines behind %q", s)] = inMarkdown(fill(s, half) + fill("[a*](b)\n", half))
		bodies[fmt.Sprintf("brackets behind %q", s)] = inMarkdown(fill(s, half) + fill("[a", n/4) + fill("]", n/4))
	}
	bodies["words and places"] = "<h2>" + fill("a ", half) + fill(`<a id="a"></a>`, half) + "</h2>"
	bodies["nodes and fallbacks"] = "<ac:adf-extension>" + fill("<ac:adf-node/>", half) +
		fill("<ac:adf-fallback>a</ac:adf-fallback>", half) + "</ac:adf-extension>"
	return bodies
}
