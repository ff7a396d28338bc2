package site

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// formulas is the goldmark extension that reads GitHub's form of a formula in running
// text, $`x^2`$: the dollars go, and the code says by its class what it is.
type formulas struct{}

// Extend implements goldmark.Extender.
func (f formulas) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithASTTransformers(util.Prioritized(f, 110)))
}

// Transform implements parser.ASTTransformer.
func (formulas) Transform(doc *ast.Document, r text.Reader, _ parser.Context) {
	if bytes.IndexByte(r.Source(), '$') < 0 {
		return
	}
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		code, ok := n.(*ast.CodeSpan)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		before, ok1 := code.PreviousSibling().(*ast.Text)
		after, ok2 := code.NextSibling().(*ast.Text)
		if ok1 && ok2 && opens(before.Segment, r.Source()) && closes(after.Segment, r.Source()) {
			before.Segment.Stop--
			after.Segment.Start++
			code.SetAttributeString("class", []byte("math"))
		}
		return ast.WalkSkipChildren, nil
	})
}

// opens tells whether a text ends with a dollar that is not escaped.
func opens(s text.Segment, source []byte) bool {
	return s.Len() > 0 && source[s.Stop-1] == '$' && (s.Stop < 2 || source[s.Stop-2] != '\\')
}

// closes tells whether a text begins with a dollar.
func closes(s text.Segment, source []byte) bool {
	return s.Len() > 0 && source[s.Start] == '$'
}
