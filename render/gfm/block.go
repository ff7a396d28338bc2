package gfm

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// blocks are goldmark's parsers of blocks; quotations, lists and footnotes are counted, and
// items go with their lists.
func (m *meter) blocks() []util.PrioritizedValue {
	all := parser.DefaultBlockParsers()
	for i, v := range all {
		switch v.Priority {
		case listPriority, quotePriority:
			all[i].Value = container{m, v.Value.(parser.BlockParser)}
		case htmlPriority:
			all[i].Value = htmlBlock{v.Value.(parser.BlockParser)}
		}
	}
	return append(all, util.Prioritized(container{m, extension.NewFootnoteBlockParser()}, 999))
}

// The priorities of goldmark's parsers of lists, quotations and HTML among those that it has by
// default, as the comment of parser.DefaultBlockParsers tells them.
const (
	listPriority  = 300
	quotePriority = 800
	htmlPriority  = 900
)

// container counts what holds other blocks, by depth.
type container struct {
	*meter
	parser.BlockParser
}

// Open implements parser.BlockParser.
func (p container) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) >= mostOpen {
		p.tell(OverDepth)
		return nil, parser.NoChildren
	}
	n, state := p.BlockParser.Open(parent, reader, pc)
	if n != nil && p.Trigger()[0] == '[' {
		p.notes++
	}
	return n, state
}

// paragraphs are what goldmark makes of paragraphs, where that is not out of proportion.
func (m *meter) paragraphs() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(definitions{m, parser.LinkReferenceParagraphTransformer}, 100),
		util.Prioritized(tables{m, extension.NewTableParagraphTransformer()}, 200),
	}
}

// definitions counts those of links at the start of a paragraph. goldmark moves all lines
// behind each of them, and may look for the end of its title in all of them.
type definitions struct {
	*meter
	parser.ParagraphTransformer
}

// Transform implements parser.ParagraphTransformer.
func (p definitions) Transform(n *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, src := n.Lines(), reader.Source()
	if first := lines.At(0); !bytes.HasPrefix(util.TrimLeftSpace(first.Value(src)), []byte{'['}) {
		return
	}
	count, titles, any := 1, 0, false
	for i := range lines.Len() {
		line := lines.At(i)
		s := bytes.TrimLeft(line.Value(src), " \t")
		defines := bytes.Contains(s, []byte("]:"))
		any = any || defines
		switch {
		case len(s) > 0 && s[0] == '[' && defines:
			count++
		case len(s) > 0 && (s[0] == '(' || s[0] == '"' || s[0] == '\''):
			titles++
		}
	}
	if !any || !p.afford(count*lines.Len()/16+titles*rest(n, lines.At(0))) {
		return
	}
	p.ParagraphTransformer.Transform(n, reader, pc)
}

// tables counts the cells that a table adds to short rows.
type tables struct {
	*meter
	parser.ParagraphTransformer
}

// Transform implements parser.ParagraphTransformer.
func (p tables) Transform(n *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, src := n.Lines(), reader.Source()
	if !hasUnderline(lines, src) {
		return
	}
	columns, bars, below := 0, 0, 0
	for i := range lines.Len() {
		line := lines.At(i)
		s := line.Value(src)
		k := bytes.Count(s, []byte{'|'})
		if below++; columns == 0 && i > 0 && isUnderline(s) {
			columns, bars, below = k+1, 0, 0
		}
		bars += k
		if k > 0 && bytes.IndexByte(s, '`') >= 0 {
			p.pipes += bytes.Count(s, []byte(`\|`))
		}
	}
	if added := columns*below - bars; added > 0 {
		if p.cells -= added; p.cells < 0 {
			p.tell(OverTable)
			return
		}
	}
	p.ParagraphTransformer.Transform(n, reader, pc)
}

// hasUnderline tells whether a paragraph may hold a table.
func hasUnderline(lines *text.Segments, src []byte) bool {
	for i := 1; i < lines.Len(); i++ {
		line := lines.At(i)
		if isUnderline(line.Value(src)) {
			return true
		}
	}
	return false
}

// isUnderline tells whether a line may be the one below a table's head.
func isUnderline(s []byte) bool {
	for _, c := range s {
		if strings.IndexByte("|:- \t\r\n", c) < 0 {
			return false
		}
	}
	return bytes.IndexByte(s, '-') >= 0
}

// piped counts the escaped bars in the code of tables, each of which goldmark looks for in
// all such code. Beyond the budget their backslashes stay.
type piped struct {
	*meter
	parser.ASTTransformer
}

// Transform implements parser.ASTTransformer.
func (p piped) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	if !p.afford(p.pipes * p.pipes) {
		return
	}
	p.ASTTransformer.Transform(doc, reader, pc)
}
