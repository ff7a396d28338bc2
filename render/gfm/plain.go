package gfm

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// plain reads bare addresses, and the words up to the next sign that may mean anything. goldmark
// asks at each blank whether an address begins there. Where goldmark reads backslashes itself it
// must see the blanks behind them, so that there are no runs then.
type plain struct {
	*meter
	links parser.InlineParser
}

// Trigger implements parser.InlineParser.
func (p plain) Trigger() []byte { return p.links.Trigger() }

// Parse implements parser.InlineParser.
func (p plain) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, at := block.PeekLine()
	mail := p.mails.within(block.Source(), at)
	if p.enter(parent) {
		if !mayLink(line, mail) && !mayLink(line[1:], mail) {
			p.spend(1)
		} else if n := p.parse(p.links, parent, block, pc); n != nil {
			return n
		}
	}
	if at.Padding > 0 || !p.runs {
		return nil
	}
	n := 1
	for n < len(line) && (wordEnds[line[n]] == 0 || !stops(line, n, mail)) {
		n++
	}
	p.spend(bytes.Count(line[1:n], []byte{' '}))
	switch {
	case n < len(line) && line[n] == '\r':
		return nil
	case n < len(line) && line[n] != '\n':
		block.Advance(n)
		return p.text(parent, at.WithStop(at.Start+n))
	}
	return p.restOfLine(parent, line, at, block)
}

// mails tells where the signs "@" stand, so that no byte of a long line is looked at again from each of its places.
type mails struct{ from, next int }

// within tells whether one stands in a part of a text.
func (m *mails) within(src []byte, part text.Segment) bool {
	if part.Start < m.from || part.Start > m.next {
		m.from, m.next = part.Start, len(src)
		if n := bytes.IndexByte(src[part.Start:], '@'); n >= 0 {
			m.next = part.Start + n
		}
	}
	return m.next < part.Stop
}

// restOfLine is the text up to the end of a line, with its break. Of white space before that goldmark leaves out the
// last sign.
func (m *meter) restOfLine(parent ast.Node, line []byte, at text.Segment, block text.Reader) ast.Node {
	words, breaks := bytes.CutSuffix(line, []byte{'\n'})
	hard := breaks && bytes.HasSuffix(words, []byte("  "))
	n := len(words)
	if hard {
		n -= len("  ")
	}
	if n > 0 && util.IsSpace(words[n-1]) {
		n--
	}
	t := m.text(parent, at.WithStop(at.Start+n))
	t.SetHardLineBreak(hard)
	t.SetSoftLineBreak(breaks && !hard)
	block.AdvanceLine()
	return t
}

// text returns a text for the end of a paragraph or the like: a new one, or the last there if that goes on, as
// goldmark does it. So there are no more texts than what else stands between them, and lines: see meter.before.
func (m *meter) text(parent ast.Node, s text.Segment) *ast.Text {
	last, ok := parent.LastChild().(*ast.Text)
	if ok && last.Segment.Stop == s.Start && s.Padding == 0 && !last.SoftLineBreak() && !last.HardLineBreak() {
		last.Segment = last.Segment.WithStop(s.Stop)
		return last
	}
	t := m.texts.One()
	t.Segment = s
	return t
}

// mayLink tells whether a text may begin with a bare address.
func mayLink(s []byte, mail bool) bool {
	if len(s) == 0 {
		return false
	}
	switch s[0] {
	case 'h':
		return mail || bytes.HasPrefix(s, []byte("http"))
	case 'w':
		return mail || bytes.HasPrefix(s, []byte("www."))
	case 'f':
		return mail || bytes.HasPrefix(s, []byte("ftp:"))
	}
	return mail && util.FindEmailIndex(s) >= 0
}

// Bytes that may end a run of words: what may begin anything but words, and what does so before certain others.
const (
	endsAlways = 1 + iota
	endsBeforeLink
	endsBeforeBracket
)

var wordEnds = [256]byte{'\\': endsAlways, '`': endsAlways, '[': endsAlways, ']': endsAlways, '<': endsAlways,
	'*': endsAlways, '_': endsAlways, '~': endsAlways, '\r': endsAlways, '\n': endsAlways,
	' ': endsBeforeLink, '(': endsBeforeLink, '!': endsBeforeBracket}

// stops tells whether a run of words ends before a byte of a line.
func stops(line []byte, i int, mail bool) bool {
	switch wordEnds[line[i]] {
	case endsAlways:
		return true
	case endsBeforeLink:
		return mayLink(line[i+1:], mail)
	case endsBeforeBracket:
		return i+1 < len(line) && line[i+1] == '['
	}
	return false
}

// tag reads tags as programs write them. goldmark finds the end of each by a regular expression.
type tag struct{ *meter }

// Trigger implements parser.InlineParser.
func (tag) Trigger() []byte { return []byte{'<'} }

// Parse implements parser.InlineParser.
func (p tag) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, at := block.PeekLine()
	n := tagLength(line)
	if n == 0 || at.Padding > 0 || !p.enter(parent) {
		return nil
	}
	p.spend(2 * n)
	p.nodes++
	html := ast.NewRawHTML()
	html.Segments.Append(at.WithStop(at.Start + n))
	block.Advance(n)
	return html
}

// tagLength is how long the tag at the beginning of a text is: an element's name in small letters and digits, and
// attributes of small letters, each behind one blank and with a value of ASCII in double quotes or none. It is 0 of all
// else.
func tagLength(s []byte) int {
	n := 1
	closes := len(s) > 1 && s[1] == '/'
	if closes {
		n = 2
	}
	name := smallLetters(s[n:])
	if n += name; name == 0 {
		return 0
	}
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	for !closes && n < len(s) && s[n] == ' ' {
		key := smallLetters(s[n+1:])
		if n += 1 + key; key == 0 {
			return 0
		}
		if !bytes.HasPrefix(s[n:], []byte(`="`)) {
			continue
		}
		n += len(`="`)
		for n < len(s) && s[n] != '"' && s[n] < utf8.RuneSelf {
			n++
		}
		if n == len(s) || s[n] != '"' {
			return 0
		}
		n++
	}
	if n == len(s) || s[n] != '>' {
		return 0
	}
	return n + 1
}

// smallLetters is how many stand at the beginning of a text.
func smallLetters(s []byte) int {
	n := 0
	for n < len(s) && 'a' <= s[n] && s[n] <= 'z' {
		n++
	}
	return n
}

// htmlBlock opens blocks of HTML. goldmark tries up to seven regular expressions at each line that begins with "<";
// most lines tell by their first name.
type htmlBlock struct{ parser.BlockParser }

// blockTags are elements whose tags begin a block of HTML wherever they stand (CommonMark 0.31, 4.6, the sixth kind),
// as far as render/markdown and people write them.
var blockTags = map[string]bool{"blockquote": true, "caption": true, "col": true, "colgroup": true, "dd": true,
	"details": true, "div": true, "dl": true, "dt": true, "figcaption": true, "figure": true, "h1": true, "h2": true,
	"h3": true, "h4": true, "h5": true, "h6": true, "hr": true, "li": true, "ol": true, "p": true, "summary": true,
	"table": true, "tbody": true, "td": true, "tfoot": true, "th": true, "thead": true, "tr": true, "ul": true}

// textTags are elements whose tags begin one only where they stand alone (the seventh kind).
var textTags = map[string]bool{"a": true, "abbr": true, "b": true, "br": true, "code": true, "del": true, "em": true,
	"i": true, "img": true, "input": true, "ins": true, "kbd": true, "mark": true, "s": true, "small": true,
	"span": true, "strong": true, "sub": true, "sup": true, "time": true, "u": true}

// Open implements parser.BlockParser.
func (p htmlBlock) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, at := reader.PeekLine()
	s := bytes.TrimPrefix(bytes.TrimLeft(line, " ")[1:], []byte{'/'})
	n := smallLetters(s)
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	switch name := s[:n]; {
	case n == len(s) || s[n] != ' ' && s[n] != '>':
	case blockTags[string(name)]:
		block := ast.NewHTMLBlock(ast.HTMLBlockType6)
		block.Lines().Append(at)
		reader.AdvanceToEOL()
		return block, parser.NoChildren
	case textTags[string(name)] && !alone(line):
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// alone tells whether a line that begins with a tag may have nothing else.
func alone(line []byte) bool {
	line = bytes.Trim(line, " \r\n")
	n := tagLength(line)
	return line[len(line)-1] == '>' && (n == 0 || n == len(line))
}
