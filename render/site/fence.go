package site

import (
	"strconv"
	"strings"

	"agc-export/render/expression"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// numbered matches what a fence says behind its language where its author asked for numbers of lines,
// see render/markdown.
var numbered = expression.New(`^\S+\s+linenumbers(?:=([0-9]{1,7}))?\s*$`)

// lineClass returns the class that tells the number of the first line of a block of code, or "".
func lineClass(n *ast.FencedCodeBlock, md []byte) string {
	if n.Info == nil {
		return ""
	}
	m := numbered.FindStringSubmatch(string(n.Info.Segment.Value(md)))
	switch {
	case m == nil:
		return ""
	case m[1] == "":
		return "lines-1"
	}
	return "lines-" + m[1]
}

// fences is the goldmark extension that writes blocks of code with the class of their numbers.
type fences struct{}

// Extend implements goldmark.Extender.
func (f fences) Extend(m goldmark.Markdown) {
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(f, 100)))
}

// RegisterFuncs implements renderer.NodeRenderer.
func (fences) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, func(w util.BufWriter, md []byte, node ast.Node, entering bool) (
		ast.WalkStatus, error) {
		if !entering {
			w.WriteString("</code></pre>\n")
			return ast.WalkContinue, nil
		}
		n := node.(*ast.FencedCodeBlock)
		w.WriteString("<pre><code")
		if language := n.Language(md); language != nil {
			w.WriteString(` class="language-`)
			gmhtml.DefaultWriter.Write(w, language)
			if lines := lineClass(n, md); lines != "" {
				w.WriteString(" " + lines)
			}
			w.WriteByte('"')
		}
		w.WriteByte('>')
		for i := range n.Lines().Len() {
			line := n.Lines().At(i)
			gmhtml.DefaultWriter.RawWrite(w, line.Value(md))
		}
		return ast.WalkContinue, nil
	})
}

// mostNumbered is how many lines of a block are numbered: each number takes some bytes.
const mostNumbered = 5000

// numberLines puts a mark before each line of a block of code whose class asks for it. The marks have no
// text, so that the code stays as it is for those who copy it, and for the search.
func numberLines(code *html.Node) {
	at := -1
	var kept []string
	for name := range strings.FieldsSeq(get(code, "class")) {
		if first, ok := strings.CutPrefix(name, "lines-"); ok {
			if n, err := strconv.Atoi(first); err == nil {
				at = n
			}
			continue
		}
		kept = append(kept, name)
	}
	if at < 0 {
		return
	}
	if unset(code, "class"); len(kept) > 0 {
		set(code, "class", strings.Join(kept, " "))
	}
	if strings.Count(textOf(code), "\n") > mostNumbered {
		return
	}
	var texts []*html.Node
	for n := range code.Descendants() {
		if n.Type == html.TextNode {
			texts = append(texts, n)
		}
	}
	begins := true
	for _, n := range texts {
		for line := range strings.Lines(n.Data) {
			if begins {
				n.Parent.InsertBefore(element("span", html.Attribute{Key: "class", Val: "line"},
					html.Attribute{Key: "data-n", Val: strconv.Itoa(at)}), n)
				at++
			}
			n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: line}, n)
			begins = strings.HasSuffix(line, "\n")
		}
		n.Parent.RemoveChild(n)
	}
}
