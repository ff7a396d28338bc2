package gfm

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// inlines are goldmark's parsers of running text, each with its count. Those of the
// emphases are written anew, since the count must look into them.
func (m *meter) inlines(cfg Config) []util.PrioritizedValue {
	all := []util.PrioritizedValue{
		util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
		util.Prioritized(inline{m, parser.NewCodeSpanParser()}, 100),
		util.Prioritized(noteParser{m, extension.NewFootnoteParser()}, 101),
		util.Prioritized(linkParser{m, parser.NewLinkParser(), parser.NewLinkParser().(parser.CloseBlocker)}, 200),
		util.Prioritized(tag{m}, 299),
		util.Prioritized(inline{m, parser.NewAutoLinkParser()}, 300),
		util.Prioritized(inline{m, parser.NewRawHTMLParser()}, 400),
		util.Prioritized(emphasis{m, "*_", false}, 500),
		util.Prioritized(emphasis{m, "~", true}, 500),
		util.Prioritized(plain{m, extension.NewLinkifyParser(cfg.Links...)}, 999),
	}
	if cfg.Escapes {
		all = append(all, util.Prioritized(escapes{m}, 50))
	}
	return all
}

// inline counts what a parser reads of the text.
type inline struct {
	*meter
	parser.InlineParser
}

// Parse implements parser.InlineParser.
func (p inline) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if !p.enter(parent) {
		return nil
	}
	return p.parse(p.InlineParser, parent, block, pc)
}

// parse lets a parser read with a count of what it reads.
func (m *meter) parse(p parser.InlineParser, parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	m.spend(1)
	m.at = counted{block, m}
	n := p.Parse(parent, &m.at, pc)
	if n != nil {
		m.nodes++
	}
	return n
}

// counted is a reader of a paragraph that counts what it goes over more than once.
type counted struct {
	text.Reader
	*meter
}

// AdvanceLine implements text.Reader.
func (r *counted) AdvanceLine() {
	_, at := r.Position()
	r.spend(at.Len())
	r.Reader.AdvanceLine()
}

// FindClosure implements text.Reader.
func (r *counted) FindClosure(opener, closer byte, options text.FindClosureOptions) (*text.Segments, bool) {
	_, from := r.Position()
	found, ok := r.Reader.FindClosure(opener, closer, options)
	if _, to := r.Position(); ok {
		r.spend(to.Start - from.Start)
	} else {
		r.spend(rest(r.block, from))
	}
	return found, ok
}

// Value implements text.Reader. goldmark looks for the line from the end.
func (r *counted) Value(s text.Segment) []byte {
	line, _ := r.Position()
	r.spend(s.Len() + r.block.Lines().Len() - line)
	return r.Reader.Value(s)
}

// Match implements text.Reader, as goldmark does.
func (r *counted) Match(reg *regexp.Regexp) bool {
	line, at := r.Position()
	found := reg.FindReaderSubmatchIndex(r)
	r.SetPosition(line, at)
	if found == nil {
		return false
	}
	r.Advance(found[1] - found[0])
	return true
}

// ReadRune implements io.RuneReader, for Match.
func (r *counted) ReadRune() (rune, int, error) {
	r.spend(2)
	return r.Reader.ReadRune()
}

// noteParser counts the definitions among which that of a footnote is looked for.
type noteParser struct {
	*meter
	parser.InlineParser
}

// Parse implements parser.InlineParser.
func (p noteParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if !p.enter(parent) {
		return nil
	}
	line, _ := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("[^")) && !bytes.HasPrefix(line, []byte("![^")) {
		return nil
	}
	p.spend(p.notes)
	return p.parse(p.InlineParser, parent, block, pc)
}

// linkParser counts what a bracket that closes looks at, and what references repeat.
type linkParser struct {
	*meter
	parser.InlineParser
	parser.CloseBlocker
}

// Parse implements parser.InlineParser.
func (p linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if !p.enter(parent) {
		return nil
	}
	line, _ := block.PeekLine()
	if last := len(p.opened) - 1; line[0] == ']' && last >= 0 {
		at, nodes := p.opened[last], p.before(block)
		p.opened = p.opened[:last]
		p.spend((nodes-at.nodes)/2 + destination(line[1:]))
		if p.marks > at.marks { // goldmark looks for the mark before the bracket, node by node
			p.spend(walk(nodes))
		}
	}
	n := p.parse(p.InlineParser, parent, block, pc)
	switch n := n.(type) {
	case nil:
	case *ast.Link:
		p.refer(n.Reference, &n.Destination, &n.Title)
	case *ast.Image:
		p.refer(n.Reference, &n.Destination, &n.Title)
	default:
		p.sign()
		p.opened = append(p.opened, bracket{p.before(block), p.marks})
	}
	return n
}

// before is how many nodes of a paragraph stand before a place, but for the texts between them. Each line has a text.
func (m *meter) before(block text.Reader) int {
	line, _ := block.Position()
	return m.nodes + line
}

// walk is what it takes to go over so many nodes and back: long lists lie in no cache.
func walk(nodes int) int {
	switch {
	case nodes < 4_000:
		return nodes / 8
	case nodes < 32_000:
		return nodes / 4
	}
	return 2 * nodes
}

// refer counts what a reference repeats. Beyond the budget it leads nowhere.
func (m *meter) refer(to *ast.ReferenceLink, dest, title *[]byte) {
	if to == nil {
		return
	}
	if m.grown -= len(*dest) + len(*title); m.grown < 0 {
		*dest, *title = nil, nil
		m.tell(OverLinks)
	}
}

// destination is how many bytes goldmark looks at for what may be a link's destination.
func destination(line []byte) int {
	if len(line) == 0 || line[0] != '(' {
		return 0
	}
	line = bytes.TrimLeft(line[1:], " \t\n")
	pointed := len(line) > 0 && line[0] == '<'
	open := 0
	for i, c := range line {
		switch {
		case pointed && c == '>', !pointed && (c == ' ' || c == '\t' || c == '\n'), !pointed && c == ')' && open == 0:
			return i
		case c == '(':
			open++
		case c == ')':
			open--
		}
	}
	return len(line)
}

// emphasis reads the marks of emphases: runs of one of its signs, of strike-through no longer
// than two (GitHub's, section 6.5).
type emphasis struct {
	*meter
	chars  string
	struck bool
}

// Trigger implements parser.InlineParser.
func (p emphasis) Trigger() []byte { return []byte(p.chars) }

// Parse implements parser.InlineParser.
func (p emphasis) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if !p.enter(parent) {
		return nil
	}
	before := block.PrecendingCharacter()
	line, at := block.PeekLine()
	d := parser.ScanDelimiter(line, before, 1, p)
	if d == nil || p.struck && (d.OriginalLength > 2 || before == '~') {
		return nil
	}
	p.sign()
	p.nodes++
	p.marks++
	d.Segment = at.WithStop(at.Start + d.OriginalLength)
	block.Advance(d.OriginalLength)
	pc.PushDelimiter(d)
	return d
}

// IsDelimiter implements parser.DelimiterProcessor.
func (p emphasis) IsDelimiter(c byte) bool { return c == p.chars[0] || !p.struck && c == '_' }

// OnMatch implements parser.DelimiterProcessor.
func (p emphasis) OnMatch(n int) ast.Node {
	if p.struck {
		return extast.NewStrikethrough()
	}
	return ast.NewEmphasis(n)
}

// hops is how far goldmark has gone from a closing mark in search of one that opens.
type hops struct{ closer, opener *parser.Delimiter }

// CanOpenCloser implements parser.DelimiterProcessor. It counts the marks that goldmark has
// gone over since it asked last.
func (p emphasis) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	from := closer
	if p.closer.closer == closer && p.closer.opener != nil {
		from = p.closer.opener
	}
	n := 0
	for d := from; d != nil && d != opener; d = d.PreviousDelimiter {
		n++
	}
	p.closer = hops{closer, opener}
	p.steps -= n/4 + 1
	if p.here -= n/4 + 1; p.here < 0 {
		p.leave()
	}
	return opener.Char == closer.Char
}

// escapes reads backslashes, see Config.
type escapes struct{ *meter }

// Trigger implements parser.InlineParser.
func (escapes) Trigger() []byte { return []byte{'\\'} }

// Parse implements parser.InlineParser.
func (p escapes) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, at := block.PeekLine()
	if len(line) < 2 || line[0] != '\\' || line[1] == '\n' || line[1] == '\r' {
		return nil // the last of the text, or a hard break
	}
	n := 1
	if util.IsPunct(line[1]) {
		n = 2
	}
	block.Advance(n)
	return p.text(parent, text.NewSegment(at.Start, at.Start+n))
}
