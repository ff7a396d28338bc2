package markdown

import (
	"bytes"

	h2m "github.com/JohannesKaufmann/html-to-markdown/v2/collapse"
	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"golang.org/x/net/html"
)

// collapse makes every run of white space one space and drops it between blocks, as
// browsers do. Literal text stays.
func collapse(root *html.Node) {
	h2m.Collapse(root, &h2m.DomFuncs{
		IsBlockNode: isBlock,
		IsVoidNode: func(n *html.Node) bool {
			return n.Data == "img" || n.Data == "input" || n.Data == "a" && n.FirstChild == nil
		},
		IsPreformattedNode: func(n *html.Node) bool {
			return n.Data == "pre" || n.Data == "code" || n.Data == markRaw || n.Data == markMath
		},
	})
}

// writer is our part of one conversion by html-to-markdown: the state that the
// renderers of render_*.go share while the converter walks the tree.
type writer struct {
	losses *losses
	size   int // how many bytes it may all become
	link   int // above 0: within a link's text
	cell   int // above 0: within a cell of a GFM table
	single int // above 0: in a heading or the like, which is one line
	marks  map[string]int
	one    [1]*html.Node // see node
	table  map[string]renderer
	free   []*bytes.Buffer // see take
}

// renderer writes one element.
type renderer func(w *writer, ctx converter.Context, out converter.Writer, n *html.Node)

// write turns a tree in form into Markdown. It is of a body of so many bytes.
func write(root *html.Node, m *memory, l *losses, size int) []byte {
	w := &writer{losses: l, marks: map[string]int{}, table: renderers, size: min(size, partSize) / 2}
	if m != nil {
		w.free = m.buffers
		defer func() { m.buffers = w.free }()
	}
	// The library's own escapes look at one text node at a time; ours at the whole line.
	conv := converter.NewConverter(converter.WithEscapeMode(converter.EscapeModeDisabled))
	conv.Register.TextTransformer(w.text, converter.PriorityStandard)
	conv.Register.Renderer(w.dispatch, converter.PriorityStandard)
	root.Data = "body"
	out, err := conv.ConvertNode(root)
	if err != nil { // it reports only faults in how it was set up
		panic("html-to-markdown: " + err.Error())
	}
	if out = bytes.Trim(out, "\n"); len(out) > 0 {
		out = append(out, '\n')
	}
	return out
}

// dispatch is the one renderer that html-to-markdown knows: it copies and sorts its list of
// renderers for every node that it comes to.
func (w *writer) dispatch(ctx converter.Context, out converter.Writer, n *html.Node) converter.RenderStatus {
	if n.Type != html.ElementNode {
		return converter.RenderTryNext
	}
	if render := w.table[n.Data]; render != nil {
		render(w, ctx, out, n)
		return converter.RenderSuccess
	}
	return converter.RenderTryNext
}

// renderers is the table of the elements that have a form in Markdown or as HTML
// within it. Others show what is in them. To add one, add its line.
var renderers = map[string]renderer{
	"a":          writeLink,
	"abbr":       writeTag,
	"bdo":        writeTag,
	"blockquote": writeQuote,
	"body":       writeBlocks,
	"br":         writeBreak,
	"code":       writeCode,
	"dd":         writeQuote,
	"del":        emphasis('d'),
	"details":    writeDetails,
	"dl":         writeBlocks,
	"div":        writeFrame,
	"em":         emphasis('e'),
	"figure":     writeHTML,
	"h1":         writeHeading,
	"h2":         writeHeading,
	"h3":         writeHeading,
	"h4":         writeHeading,
	"h5":         writeHeading,
	"h6":         writeHeading,
	"hr":         writeRule,
	"img":        writeImage,
	"input":      writeBox,
	"li":         writeBlocks,
	"mark":       writeTag,
	"ol":         writeList,
	"p":          writeParagraph,
	"pre":        writeFence,
	"small":      writeTag,
	"span":       writeTag,
	"strong":     emphasis('s'),
	"sub":        writeTag,
	"sup":        writeTag,
	"table":      writeTable,
	"time":       writeTag,
	"u":          writeTag,
	"ul":         writeList,
	"video":      writeHTML,
	"audio":      writeHTML,
	markAlert:    writeAlert,
	markMath:     writeMath,
	markRaw:      writeRaw,
}

// node has the library walk on to a node, which it reads from the list before it does.
func (w *writer) node(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	w.one[0] = n
	ctx.RenderNodes(ctx, b, w.one[:]...)
}

// render returns what the children of a node become. Running text does not go back through the library where we have
// a form for it: that would copy and sort its list of our one function for each node.
func (w *writer) render(ctx converter.Context, n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	b := w.take()
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			w.mark(b, c.Data)
		case w.dispatch(ctx, b, c) == converter.RenderTryNext:
			w.node(ctx, b, c)
		}
	}
	return w.give(b)
}

// take returns an empty buffer, which give takes back. What is in it stays there when it is not needed any more,
// as long as the writer lives.
func (w *writer) take() *bytes.Buffer {
	last := len(w.free) - 1
	if last < 0 {
		return bytes.NewBuffer(make([]byte, 0, usualText))
	}
	b := w.free[last]
	w.free = w.free[:last]
	return b
}

// give returns what is in a buffer, and keeps the buffer for another use.
func (w *writer) give(b *bytes.Buffer) string {
	s := b.String()
	b.Reset()
	w.free = append(w.free, b)
	return s
}

// usualText is how many bytes a buffer has room for at first.
const usualText = 512

// inline returns the running text of a node, finished: with the escapes and marks
// that its place needs.
func (w *writer) inline(ctx converter.Context, n *html.Node) string {
	where := inParagraph
	switch {
	case w.cell > 0:
		where = inCell
	case w.single > 0:
		where = inHeading
	}
	return finish(w.render(ctx, n), where)
}

// blocks returns the blocks of a container, see writeBlocks.
func (w *writer) blocks(ctx converter.Context, n *html.Node) string {
	b := w.take()
	w.writeBlocks(ctx, b, n)
	return w.give(b)
}

// writeBlocks writes the blocks of a container, one blank line between them. Two lists
// of a kind get a comment between them, or they would be one.
func (w *writer) writeBlocks(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	var last *html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		before := b.Len()
		if last != nil {
			b.WriteString("\n\n")
			// Two lists with nothing but an empty line between are one list to Markdown.
			if last.Data == c.Data && (c.Data == "ul" || c.Data == "ol") {
				b.WriteString("<!-- -->\n\n")
			}
		}
		from := b.Len()
		if w.node(ctx, b, c); !trimLines(b, from) {
			b.Truncate(before)
			continue
		}
		last = c
	}
}

// trimLines takes the line breaks at both ends of what a buffer holds from an offset on away, and tells whether
// anything is left.
func trimLines(b *bytes.Buffer, from int) bool {
	all := b.Bytes()[from:]
	kept := bytes.Trim(all, "\n")
	b.Truncate(from + copy(all, kept))
	return len(kept) > 0
}

// put writes the parts of a text.
func put(out converter.Writer, parts ...string) {
	for _, s := range parts {
		out.WriteString(s)
	}
}

func writeBlocks(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	if b, ok := out.(*bytes.Buffer); ok { // as always: the library's own, or one of ours
		if n.Parent == nil {
			b.Grow(w.size)
		}
		w.writeBlocks(ctx, b, n)
		return
	}
	out.WriteString(w.blocks(ctx, n))
}
