package site

import (
	"html/template"
	"strings"
	"text/template/parse"
)

// settle puts words that are the same on every page into templates as their text, once. A
// template looks its methods up by name each time, and our words are half of what a page's
// template asks for. They must stand where HTML has text, or a value in quotes: there the
// template would write them so too.
func (w words) settle(all []*template.Template) {
	for _, t := range all {
		if t.Tree != nil {
			w.settleList(t.Tree.Root)
		}
	}
}

func (w words) settleList(list *parse.ListNode) {
	if list == nil {
		return
	}
	for i, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			if text, ok := w[wordOf(n.Pipe)]; ok {
				list.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(escaped(text))}
			}
		case *parse.IfNode:
			w.settleList(n.List)
			w.settleList(n.ElseList)
		case *parse.RangeNode:
			w.settleList(n.List)
			w.settleList(n.ElseList)
		case *parse.WithNode:
			w.settleList(n.List)
			w.settleList(n.ElseList)
		}
	}
}

// wordOf returns the name in {{.T "name"}} and {{$.T "name"}}, or "" of all else.
func wordOf(p *parse.PipeNode) string {
	if len(p.Decl) > 0 || len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 2 {
		return ""
	}
	name, ok := p.Cmds[0].Args[1].(*parse.StringNode)
	if asked := p.Cmds[0].Args[0].String(); !ok || asked != ".T" && asked != "$.T" {
		return ""
	}
	return name.Text
}

// escaped is a text as html/template writes it into text and values in quotes.
func escaped(text string) string {
	return strings.ReplaceAll(template.HTMLEscapeString(text), "+", "&#43;")
}
