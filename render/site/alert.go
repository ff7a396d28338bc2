package site

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// alertLabels has the kinds of GitHub's alerts: a quotation whose first line is
// "[!NOTE]" and nothing else. The label, which is the string of the kind's name, tells
// it without colour.
// https://docs.github.com/en/get-started/writing-on-github, "Alerts"
//
// Confluence has these panels by other names, which are the strings: its note is yellow as a warning is
// here, its warning red.
var alertLabels = map[string]bool{"note": true, "tip": true, "important": true, "warning": true, "caution": true}

// alertNode is an alert in goldmark's tree.
type alertNode struct {
	ast.BaseBlock
	kind string // a key of alertLabels
}

var alertKind = ast.NewNodeKind("Alert")

// Kind implements ast.Node.
func (n *alertNode) Kind() ast.NodeKind { return alertKind }

// Dump implements ast.Node.
func (n *alertNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// alerts is the goldmark extension that makes panels of alerts.
type alerts struct{}

// Extend implements goldmark.Extender.
func (a alerts) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithASTTransformers(util.Prioritized(a, 100)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(a, 100)))
}

// Transform implements parser.ASTTransformer.
func (alerts) Transform(doc *ast.Document, r text.Reader, _ parser.Context) {
	if !bytes.Contains(r.Source(), []byte("[!")) {
		return
	}
	for _, q := range quotations(nil, doc) {
		if kind := takeMarker(q, r.Source()); kind != "" {
			panel := &alertNode{kind: kind}
			for c := q.FirstChild(); c != nil; c = q.FirstChild() {
				panel.AppendChild(panel, c)
			}
			q.Parent().ReplaceChild(q.Parent(), q, panel)
		}
	}
}

// quotations appends those in a block to others.
func quotations(to []*ast.Blockquote, in ast.Node) []*ast.Blockquote {
	for n := in.FirstChild(); n != nil && n.Type() == ast.TypeBlock; n = n.NextSibling() {
		if q, ok := n.(*ast.Blockquote); ok {
			to = append(to, q)
		}
		to = quotations(to, n)
	}
	return to
}

// takeMarker removes the line "[!NOTE]" from the start of a quotation and returns
// its kind, or "" if there is none. It reads the source, because an escaped "\[!NOTE]"
// is text and looks the same in the tree.
func takeMarker(q *ast.Blockquote, source []byte) string {
	p, ok := q.FirstChild().(*ast.Paragraph)
	if !ok || p.Lines().Len() == 0 {
		return ""
	}
	first := p.Lines().At(0)
	line := bytes.TrimSpace(first.Value(source))
	if !bytes.HasPrefix(line, []byte("[!")) || !bytes.HasSuffix(line, []byte("]")) {
		return ""
	}
	kind := string(bytes.ToLower(line[2 : len(line)-1]))
	if !alertLabels[kind] {
		return ""
	}
	for c := p.FirstChild(); c != nil; c = p.FirstChild() {
		p.RemoveChild(p, c)
		if t, ok := c.(*ast.Text); ok && (t.SoftLineBreak() || t.HardLineBreak()) {
			break
		}
	}
	if p.FirstChild() == nil {
		q.RemoveChild(q, p)
	}
	return kind
}

// RegisterFuncs implements renderer.NodeRenderer. The label comes with the pass, as it
// does for panels that stand in the Markdown as HTML.
func (alerts) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(alertKind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			w.WriteString("</div>\n")
			return ast.WalkContinue, nil
		}
		w.WriteString(`<div class="panel panel-` + n.(*alertNode).kind + `">` + "\n")
		return ast.WalkContinue, nil
	})
}
