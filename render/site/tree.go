package site

import (
	"html"
	"html/template"
	"strings"
)

// Tree returns a page tree as nested lists, open where the nodes are. It is written
// here and not in a template because it is most of what a page carries beside its
// content: a template takes four times as long.
//
//	<ul><li class="parent"><a href="1.html">Title</a>
//	<details open><summary>…</summary><ul>…</ul></details></li></ul>
func (v view) Tree(nodes []Node) template.HTML {
	var b strings.Builder
	v.tree(&b, nodes)
	return template.HTML(b.String())
}

func (v view) tree(b *strings.Builder, nodes []Node) {
	b.WriteString("<ul>\n")
	for _, n := range nodes {
		if n.Rest > 0 {
			b.WriteString(`<li class="rest"><a href="` + html.EscapeString(string(v.Place(n.Href+n.Place))) + `">` +
				html.EscapeString(v.site.words.say("more", n.Rest)) + "</a></li>\n")
			continue
		}
		switch {
		case len(n.Children) > 0:
			b.WriteString(`<li class="parent">`)
		case n.More:
			b.WriteString(`<li class="more">`)
		default:
			b.WriteString("<li>")
		}
		v.entry(b, n)
		if len(n.Children) > 0 {
			open := ""
			if n.Open {
				open = " open"
			}
			b.WriteString("<details" + open + `><summary><span class="said">` +
				html.EscapeString(v.site.words.say("below", n.Text)) + "</span></summary>")
			v.tree(b, n.Children)
			b.WriteString("</details>")
		}
		b.WriteString("</li>\n")
	}
	b.WriteString("</ul>")
}

// entry writes the link to a node, with its type in words where it is no page.
func (v view) entry(b *strings.Builder, n Node) {
	if n.Href == "" {
		b.WriteString(`<span class="entry">` + html.EscapeString(n.Text) + "</span>")
		return
	}
	b.WriteString(`<a href="` + html.EscapeString(string(v.Rel(n.Href))) + `"`)
	if n.Current {
		b.WriteString(` aria-current="page"`)
	}
	if kinds[n.Type] {
		b.WriteString(` class="` + n.Type + `">` + html.EscapeString(n.Text) + ` <span class="said">(` +
			html.EscapeString(v.site.words[n.Type]) + ")</span></a>")
		return
	}
	b.WriteString(">" + html.EscapeString(n.Text) + "</a>")
}
