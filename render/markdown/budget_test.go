package markdown

import (
	"slices"
	"strings"
	"testing"
)

// bounds are bodies that are beyond one bound each: what is lost then, and what is not.
func bounds() map[string]struct{ body, class, name, keeps string } {
	macro := func(name, parameters, body string) string {
		return `<ac:structured-macro ac:name="` + name + `">` + parameters + body + `</ac:structured-macro>`
	}
	nested := func(open, in, end string, depth int) string {
		return strings.Repeat(open, depth) + in + strings.Repeat(end, depth)
	}
	lines := strings.Repeat("<p>kept</p>", 2000)
	include := macro("include", `<ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Loop"/></ac:link></ac:parameter>`, "")
	csv := macro("csv", "", "<ac:plain-text-body><![CDATA["+strings.Repeat("a,", 3000)+"\n"+strings.Repeat("kept\n", 1000)+"]]></ac:plain-text-body>")
	rows := macro("csv", "", "<ac:plain-text-body><![CDATA["+strings.Repeat("kept,a\n", maxEntries+1)+"]]></ac:plain-text-body>")
	return map[string]struct{ body, class, name, keeps string }{
		"lists in lists":        {nested("<ul><li>", lines, "</li></ul>", 60), LossDepth, "ul", "kept"},
		"items in lists":        {nested("<ol><li>", "<ul>"+strings.Repeat("<li>kept</li>", 9000)+"</ul>", "</li></ol>", 60), LossDepth, "ol", "kept"},
		"quotations":            {nested("<blockquote>", lines, "</blockquote>", 90), LossDepth, "blockquote", "kept"},
		"a link around blocks":  {`<a href="http://x.gov/` + strings.Repeat("y", 2000) + `">` + lines + "</a>", LossSize, "a", "kept"},
		"a title around blocks": {`<a href="http://x.gov/" title="` + strings.Repeat("y", 2000) + `">` + lines + "</a>", LossSize, "a", "kept"},
		"colours around blocks": {nested(`<span style="color: rgb(255,0,0);">`, lines, "</span>", 7), LossSize, "span", "kept"},
		"marks around blocks":   {nested("<b>", lines, "</b>", 9), LossStyle, "strong", "kept"},
		"tables of contents":    {strings.Repeat("<h2>kept</h2>", 500) + strings.Repeat(macro("toc", "", ""), 500), LossSize, "toc", "kept"},
		"zones of contents":     {strings.Repeat(macro("toc-zone", "", "<ac:rich-text-body><h2>kept</h2></ac:rich-text-body>"), 1500), LossSize, "toc-zone", "kept"},
		"rows that are padded":  {csv, "", "", "kept"},
		"rows":                  {rows, LossSize, "csv", "kept"},
		"includes":              {strings.Repeat(include, maxIncludes+1), LossSize, "include", ""},
		"questions":             {strings.Repeat(macro("children", "", ""), maxQuestions+1), LossSize, "children", ""},
	}
}

// What is beyond a bound is told, its text stays, and what is just below it is as it was.
func TestBounds(t *testing.T) {
	for name, b := range bounds() {
		t.Run(name, func(t *testing.T) {
			md, lost := Convert([]byte(b.body), testPage, newFake())
			if b.class != "" && !slices.ContainsFunc(lost, func(l Loss) bool { return l.Class == b.class && l.Name == b.name }) {
				t.Errorf("no loss %s of %s in %v", b.class, b.name, lost)
			}
			want := 0
			if b.keeps != "" {
				want = strings.Count(b.body, b.keeps)
			}
			if got := strings.Count(string(md), b.keeps); b.keeps != "" && got < want {
				t.Errorf("%q stands %d times in the Markdown, %d times in the body", b.keeps, got, want)
			}
			if most := 12*len(b.body) + maxListBytes; len(md) > most {
				t.Errorf("%d bytes became %d", len(b.body), len(md))
			}
		})
	}
}
