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
