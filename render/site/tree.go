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
	b.Grow(treeSize(nodes))
	v.tree(&b, nodes)
	return template.HTML(b.String())
}

// treeSize is about how many bytes a tree takes.
func treeSize(nodes []Node) int {
	const tags = 80
	n := tags
	for _, node := range nodes {
		n += tags + len(node.Href) + len(node.Text)
		if len(node.Children) > 0 {
			n += tags + len(node.Text) + treeSize(node.Children)
		}
	}
	return n
}

// write appends texts to a tree.
func write(b *strings.Builder, texts ...string) {
	for _, s := range texts {
		b.WriteString(s)
	}
}

// escape is html.EscapeString, at once where there is nothing to escape, as nearly always.
func escape(s string) string {
	for i := range len(s) {
		if htmlEscapes[s[i]] != "" {
			return html.EscapeString(s)
		}
	}
	return s
}

func (v view) tree(b *strings.Builder, nodes []Node) {
	b.WriteString("<ul>\n")
	for _, n := range nodes {
		if n.Rest > 0 {
			write(b, `<li class="rest"><a href="`, escape(string(v.Place(n.Href+n.Place))), `">`,
				escape(v.site.words.say("more", n.Rest)), "</a></li>\n")
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
			write(b, "<details", open, `><summary><span class="said">`, escape(v.site.words.say("below", n.Text)),
				"</span></summary>")
			v.tree(b, n.Children)
			b.WriteString("</details>")
		}
		b.WriteString("</li>\n")
	}
	b.WriteString("</ul>")
}

// entry writes the link to a node, with its type in words where it is no page.
func (v view) entry(b *strings.Builder, n Node) {
	text := escape(n.Text)
	if n.Href == "" {
		write(b, `<span class="entry">`, text, "</span>")
		return
	}
	write(b, `<a href="`, escape(string(v.Rel(n.Href))), `"`)
	if n.Current {
		b.WriteString(` aria-current="page"`)
	}
	if kinds[n.Type] {
		write(b, ` class="`, n.Type, `">`, text, ` <span class="said">(`, escape(v.site.words[n.Type]), ")</span></a>")
		return
	}
	write(b, ">", text, "</a>")
}
