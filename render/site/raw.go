package site

import (
	"bytes"
	"slices"
	"strings"

	"agc-export/render/expression"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// Raw HTML in Markdown is made whole before anybody reads it as HTML: what would take in the
// rest of the page, because nothing closes it or because browsers read what follows it as
// other than HTML, becomes text that everybody sees. GitHub does so with nine elements.
// https://github.github.com/gfm/#disallowed-raw-html-extension-

// takers are the elements whose content is not read as HTML, or not as that of the page.
var takers = []string{"title", "textarea", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "script",
	"plaintext", "template", "select", "svg", "math", "frameset", "frame", "head"}

// takesIn matches their tags.
var takesIn = expression.New(`(?i)<(/?)(` + strings.Join(takers, "|") + `)\b`)

// whole returns a piece of raw HTML with nothing in it that goes on behind its end, and tells
// note what became text.
func whole(piece string, note func(what, name string)) string {
	if isWhole(piece) {
		return piece
	}
	return made(piece, note)
}

// made makes a piece whole.
func made(piece string, note func(what, name string)) string {
	piece = takesIn.ReplaceAllStringFunc(piece, func(tag string) string {
		if tag[1] != '/' {
			note("element", strings.ToLower(tag[1:]))
		}
		return "&lt;" + tag[1:]
	})
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(piece))
	for done := 0; ; {
		kind := z.Next()
		raw := string(z.Raw())
		if kind == html.ErrorToken {
			if rest := piece[done:]; rest != "" {
				note("HTML without an end", "")
				b.WriteString(html.EscapeString(rest))
			}
			return b.String()
		}
		done += len(raw)
		switch {
		case kind == html.DoctypeToken || kind == html.CommentToken && !strings.HasPrefix(raw, "<!--"):
			note("declaration", "")
			raw = html.EscapeString(raw)
		case kind == html.CommentToken && !strings.HasSuffix(raw, "->") && !strings.HasSuffix(raw, "--!>"):
			note("HTML without an end", "")
			raw = html.EscapeString(raw)
		}
		b.WriteString(raw)
	}
}

// isWhole tells of a piece whose tags are all as a program writes them that it has nothing of
// what whole is about. Almost every piece is so, and needs no tokenizer.
func isWhole(piece string) bool {
	for {
		i := strings.IndexByte(piece, '<')
		if i < 0 {
			return true
		}
		if rest, ok := strings.CutPrefix(piece[i:], listsApart); ok {
			piece = rest
			continue
		}
		piece = strings.TrimPrefix(piece[i+1:], "/")
		n := nameLength(piece)
		if n == 0 || slices.Contains(takers, piece[:n]) {
			return false
		}
		piece = piece[n:]
		piece = strings.TrimPrefix(piece[attributesLength(piece):], "/")
		if piece == "" || piece[0] != '>' {
			return false
		}
		piece = piece[1:]
	}
}

// nameLength is the number of small letters and digits at the beginning of a text, of which
// the first is a letter.
func nameLength(s string) int {
	n := 0
	for n < len(s) && (s[n] >= 'a' && s[n] <= 'z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

// attributesLength is the number of bytes that attributes take at the beginning of a text:
// names with a value in double quotes, or with none.
func attributesLength(s string) int {
	n := 0
	for n < len(s) && s[n] == ' ' {
		end := n + 1 + nameLength(s[n+1:])
		if strings.HasPrefix(s[end:], `="`) {
			quote := strings.IndexByte(s[end+2:], '"')
			if quote < 0 {
				return n
			}
			end += 2 + quote + 1
		}
		n = end
	}
	return n
}

// maxReads bounds how often a text is read again because a block of HTML in it has no end.
const maxReads = 8

// read makes a tree of HTML of Markdown, or tells why there is none. It returns the Markdown that was
// read, too.
func (p *pass) read(tree *strict, md []byte) (root *html.Node, read []byte, why string) {
	doc, over := reader.Parse(md)
	root, ok := buildTree(tree, doc, md)
	if !ok {
		doc, md, over = p.mended(doc, md, over)
		root, why = writtenTree(doc, md)
	}
	for _, what := range over {
		p.tookAway(what, "")
	}
	return root, md, why
}

// mended makes all raw HTML of a document whole. A block that only the end of the text would end is read
// again as text, or all that follows would be HTML.
func (p *pass) mended(doc ast.Node, md []byte, over []string) (ast.Node, []byte, []string) {
	for range maxReads {
		at := endless(doc, md)
		if at < 0 {
			break
		}
		p.tookAway("HTML without an end", "")
		md = slices.Concat(md[:at], []byte{'\\'}, md[at:])
		doc, over = reader.Parse(md)
	}
	p.wholeness(doc, md)
	return doc, md, over
}

// ends are what ends the kinds of HTML blocks that go on over empty lines (CommonMark 0.31, 4.6).
var ends = map[ast.HTMLBlockType]*expression.Expression{
	ast.HTMLBlockType1: expression.New(`(?i)</(script|pre|style|textarea)>`),
	ast.HTMLBlockType2: expression.New(`-->`),
	ast.HTMLBlockType3: expression.New(`\?>`),
	ast.HTMLBlockType4: expression.New(`>`),
	ast.HTMLBlockType5: expression.New(`]]>`),
}

// endless returns where the first block of HTML without its end begins, or -1.
func endless(doc ast.Node, md []byte) int {
	at := -1
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		block, ok := n.(*ast.HTMLBlock)
		switch {
		case n.Type() == ast.TypeInline:
			return ast.WalkSkipChildren, nil
		case !ok || !entering || ended(block, md):
			return ast.WalkContinue, nil
		}
		first := block.Lines().At(0)
		at = first.Start + bytes.IndexByte(first.Value(md), '<')
		return ast.WalkStop, nil
	})
	return at
}

// ended tells whether a block of HTML has its end. A declaration with an empty line in it has none: any ">" ends
// it, however far away.
func ended(block *ast.HTMLBlock, md []byte) bool {
	lines := block.Lines()
	if ends[block.HTMLBlockType] == nil || lines.Len() == 0 {
		return true
	}
	first := lines.At(0)
	ended := block.HasClosure() || lines.Len() == 1 && ends[block.HTMLBlockType].Match(first.Value(md))
	if block.HTMLBlockType == ast.HTMLBlockType4 {
		for i := range lines.Len() {
			line := lines.At(i)
			ended = ended && !util.IsBlank(line.Value(md))
		}
	}
	return ended
}

// wholeKey is the attribute of goldmark's nodes that holds what whole made of them.
const wholeKey = "agc-whole"

// wholeness looks at all raw HTML of a document.
func (p *pass) wholeness(doc ast.Node, md []byte) {
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if piece, ok := rawText(n, md); ok && entering {
			n.SetAttributeString(wholeKey, whole(piece, p.tookAway))
		}
		return ast.WalkContinue, nil
	})
}

// rawText returns raw HTML, and tells whether a node is such.
func rawText(n ast.Node, md []byte) (piece string, ok bool) {
	var lines *text.Segments
	var closure []byte
	switch n := n.(type) {
	case *ast.HTMLBlock:
		lines = n.Lines()
		if n.HasClosure() {
			closure = n.ClosureLine.Value(md)
		}
	case *ast.RawHTML:
		lines = n.Segments
	default:
		return "", false
	}
	return joined(lines, closure, md), true
}

// joined joins the lines of raw HTML.
func joined(lines *text.Segments, closure, md []byte) string {
	if lines.Len() == 1 && closure == nil {
		line := lines.At(0)
		return string(line.Value(md))
	}
	var b strings.Builder
	for i := range lines.Len() {
		line := lines.At(i)
		b.Write(line.Value(md))
	}
	b.Write(closure)
	return b.String()
}

// rawHTML is the goldmark extension that writes raw HTML as whole made it.
type rawHTML struct{}

// Extend implements goldmark.Extender.
func (r rawHTML) Extend(m goldmark.Markdown) {
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(r, 100)))
}

// RegisterFuncs implements renderer.NodeRenderer.
func (rawHTML) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	write := func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if s, ok := n.AttributeString(wholeKey); ok && entering {
			w.WriteString(s.(string))
		}
		return ast.WalkSkipChildren, nil
	}
	r.Register(ast.KindHTMLBlock, write)
	r.Register(ast.KindRawHTML, write)
}
