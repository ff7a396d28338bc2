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

// callDirectly makes functions of the methods of view that templates call with arguments. To call a
// method by its name costs a template more than to write what it returns.
func callDirectly(all []*template.Template) {
	for _, t := range all {
		if t.Tree != nil {
			directList(t.Tree.Root)
		}
	}
}

func directList(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			directPipe(n.Pipe)
		case *parse.TemplateNode:
			directPipe(n.Pipe)
		case *parse.IfNode:
			directBranch(&n.BranchNode)
		case *parse.RangeNode:
			directBranch(&n.BranchNode)
		case *parse.WithNode:
			directBranch(&n.BranchNode)
		}
	}
}

func directBranch(n *parse.BranchNode) {
	directPipe(n.Pipe)
	directList(n.List)
	directList(n.ElseList)
}

func directPipe(p *parse.PipeNode) {
	if p == nil {
		return
	}
	for _, c := range p.Cmds {
		if name, of := methodOf(c.Args); of != nil && methods[name] != nil {
			f := parse.NewIdentifier(name)
			f.Pos = c.Args[0].Position()
			c.Args = append([]parse.Node{f, of}, c.Args[1:]...)
		}
		for _, a := range c.Args {
			if inner, ok := a.(*parse.PipeNode); ok {
				directPipe(inner)
			}
		}
	}
}

// methodOf returns the method that "$.Name arg" or ".Name arg" calls, and of what. Without an
// argument it may be a field.
func methodOf(args []parse.Node) (name string, of parse.Node) {
	if len(args) < 2 {
		return "", nil
	}
	switch n := args[0].(type) {
	case *parse.FieldNode:
		if len(n.Ident) == 1 {
			return n.Ident[0], &parse.DotNode{NodeType: parse.NodeDot, Pos: n.Pos}
		}
	case *parse.VariableNode:
		if len(n.Ident) == 2 {
			return n.Ident[1], &parse.VariableNode{NodeType: parse.NodeVariable, Pos: n.Pos, Ident: n.Ident[:1]}
		}
	}
	return "", nil
}

// methods are the methods of view that take arguments, by their names.
var methods = template.FuncMap{"By": view.By, "Changed": view.Changed, "Date": view.Date, "Kind": view.Kind,
	"Outline": view.Outline, "Pages": view.Pages, "Place": view.Place, "Rel": view.Rel, "Size": view.Size,
	"T": view.T, "Tree": view.Tree, "TypeClass": view.TypeClass, "When": view.When, "With": view.With}
