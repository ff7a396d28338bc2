// Package gfm reads Markdown with goldmark, in GitHub's grammar with footnotes, within a
// budget of work. goldmark and the parsers of HTML behind it take time in the square of
// some texts, or make a hundred times their size of them; here such work is counted, in
// steps and bytes and never in time, so that a text becomes the same on every machine.
// What goes beyond the budget is shown as it is written, and Convert says so.
//
//	meter.go    the budget, and what it is spent on
//	inline.go   what is counted within a paragraph or the like
//	block.go    what is counted around them: quotations, lists, tables, definitions
//	plain.go    what needs none of goldmark's parsers: words, and tags as programs write them
//	reopen.go   HTML that a browser would make much larger
package gfm

import (
	"bytes"
	"errors"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// What a text may become in HTML: Most times its size, and Spare bytes in any case. The
// densest that people write takes some ten times its size.
const (
	Most  = 32
	Spare = 64 << 10
)

// ErrGrown is the error of Convert for a text whose HTML would be too large.
var ErrGrown = errors.New("the HTML of the text is out of proportion to it")

// Config is how Markdown is read.
type Config struct {
	Tables []extension.TableOption   // how tables are written
	Links  []extension.LinkifyOption // which bare addresses are links
	More   []goldmark.Extender       // what needs no counting

	// Escapes reads each backslash with the sign behind it. goldmark does so itself but for three of them at the
	// end of a line, where it sees no break and takes the first sign of the next line for escaped: what was text
	// there comes alive, and what was a tag stays text.
	Escapes bool
}

// Reader reads Markdown. It is safe for concurrent use.
type Reader struct{ engines sync.Pool }

// New returns a reader. HTML goes through as it stands.
func New(cfg Config) *Reader {
	r := &Reader{}
	r.engines.New = func() any { return newEngine(cfg) }
	return r
}

// Parse reads a text. over has a word for each kind of thing that stays as it is written,
// because it would have cost too much; see the Over… constants.
func (r *Reader) Parse(src []byte) (doc ast.Node, over []string) {
	e := r.engines.Get().(*engine)
	defer r.engines.Put(e)
	return e.parse(src)
}

// Render appends the HTML of a text that Parse has read to out. After an error nothing in
// out is of use.
func (r *Reader) Render(out *bytes.Buffer, src []byte, doc ast.Node) error {
	e := r.engines.Get().(*engine)
	defer r.engines.Put(e)
	return e.markdown.Renderer().Render(&limited{out, out.Len() + Most*len(src) + Spare, false}, src, doc)
}

// Convert does both.
func (r *Reader) Convert(src []byte, out *bytes.Buffer) (over []string, err error) {
	doc, over := r.Parse(src)
	return over, r.Render(out, src, doc)
}

// engine is goldmark with one meter, for one text at a time.
type engine struct {
	markdown goldmark.Markdown
	meter    *meter
}

func newEngine(cfg Config) *engine {
	m := &meter{escapes: cfg.Escapes}
	p := parser.NewParser(
		parser.WithBlockParsers(m.blocks()...),
		parser.WithInlineParsers(m.inlines(cfg)...),
		parser.WithParagraphTransformers(m.paragraphs()...),
		parser.WithASTTransformers(
			util.Prioritized(piped{m, extension.NewTableASTTransformer()}, 0),
			util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
		),
	)
	return &engine{meter: m, markdown: goldmark.New(goldmark.WithParser(p), goldmark.WithExtensions(cfg.More...),
		goldmark.WithRendererOptions(
			gmhtml.WithUnsafe(),
			renderer.WithNodeRenderers(
				util.Prioritized(extension.NewTableHTMLRenderer(cfg.Tables...), 500),
				util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
				util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500),
				util.Prioritized(extension.NewFootnoteHTMLRenderer(), 500),
			),
		))}
}

// mostTries bounds how often a text is read again, each time with one more paragraph left
// as it is written. After that all of them are.
const mostTries = 5

func (e *engine) parse(src []byte) (ast.Node, []string) {
	e.meter.begin(src)
	defer e.meter.end()
	for try := 0; ; try++ {
		e.meter.again(try == mostTries)
		if doc := e.once(src); doc != nil {
			return doc, e.meter.told()
		}
	}
}

// once reads a text, or returns nil: a paragraph took too much and is to be left as it is
// written when the text is read again. goldmark has no way to stop within one but a panic.
func (e *engine) once(src []byte) (doc ast.Node) {
	defer func() {
		if r := recover(); r != nil {
			if _, ours := r.(overrun); !ours {
				panic(r)
			}
			doc = nil
		}
	}()
	return e.markdown.Parser().Parse(text.NewReader(src))
}

// limited is a buffer that takes so many bytes, as goldmark wants its writers: it looks for
// errors only when it flushes.
type limited struct {
	*bytes.Buffer
	most int
	full bool
}

// takes tells whether n bytes more may be written. After the first that may not, none may.
func (l *limited) takes(n int) bool {
	l.full = l.full || l.Len()+n > l.most
	return !l.full
}

// Write implements util.BufWriter, as those below do.
func (l *limited) Write(p []byte) (int, error) {
	if !l.takes(len(p)) {
		return 0, ErrGrown
	}
	return l.Buffer.Write(p)
}

// WriteString is like Write.
func (l *limited) WriteString(s string) (int, error) {
	if !l.takes(len(s)) {
		return 0, ErrGrown
	}
	return l.Buffer.WriteString(s)
}

// WriteByte is like Write.
func (l *limited) WriteByte(c byte) error {
	if !l.takes(1) {
		return ErrGrown
	}
	return l.Buffer.WriteByte(c)
}

// WriteRune is like Write.
func (l *limited) WriteRune(r rune) (int, error) {
	if !l.takes(len(string(r))) {
		return 0, ErrGrown
	}
	return l.Buffer.WriteRune(r)
}

// Buffered is 0: what is written is in the buffer.
func (*limited) Buffered() int { return 0 }

// Flush returns the error of the first write that failed.
func (l *limited) Flush() error {
	if l.full {
		return ErrGrown
	}
	return nil
}
