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
			b.WriteString("<details" + open + `><summary><span class="said">Below ` + html.EscapeString(n.Text) + "</span></summary>")
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
	if k := kindOf(n.Type); k.Name != "" {
		b.WriteString(` class="` + n.Type + `">` + html.EscapeString(n.Text) + ` <span class="said">(` + k.Name + ")</span></a>")
		return
	}
	b.WriteString(">" + html.EscapeString(n.Text) + "</a>")
}

// unfolded is the number of entries that the whole tree of a space shows before its
// reader opens any, unfoldedRoots that of first entries which are opened anyhow: most
// spaces have all pages below their home.
const (
	unfolded      = 60
	unfoldedRoots = 3
)

// unfold returns a tree with as many of its levels open as fit.
func unfold(tree []Node) []Node {
	depth, shown, level := 0, 0, tree
	for shown += len(level); len(level) > 0; depth++ {
		var next []Node
		for _, n := range level {
			next = append(next, n.Children...)
		}
		if shown += len(next); shown > unfolded && (depth > 0 || len(tree) > unfoldedRoots) {
			break
		}
		level = next
	}
	return openTo(tree, depth)
}

// openTo returns a tree whose first levels are open and all others closed.
func openTo(tree []Node, depth int) []Node {
	out := make([]Node, len(tree))
	for i, n := range tree {
		n.Open = depth > 0
		n.Children = openTo(n.Children, depth-1)
		out[i] = n
	}
	return out
}
