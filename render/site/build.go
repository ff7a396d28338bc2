package site

import (
	"bytes"
	"strconv"
	"strings"

	"agc-export/render/gfm"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// goldmark can write its tree as HTML, of which a parser of HTML makes another tree. Nearly always
// that one can be told beforehand, and is made here at once: the tree is that of the very HTML,
// line breaks between blocks and all. Raw HTML is read where it stands. Of all else, what strict
// does not take, what is not whole or what is not expected in goldmark's tree, HTML is written and read.

// build makes the tree of HTML of one of goldmark's.
type build struct {
	*strict
	md    []byte
	left  int // bytes of HTML that it may still be
	paper paper
}

// buildTree makes the tree of HTML of what was read from Markdown, and tells whether it could.
func buildTree(r *strict, doc ast.Node, md []byte) (*html.Node, bool) {
	r.begin()
	b := &build{strict: r, md: md, left: gfm.Most*len(md) + gfm.Spare}
	ok := b.children(doc) && b.done()
	return b.root, ok
}

// mostEscaped is how many bytes HTML takes for one at the most, and mostTag what two tags take
// beside their attributes.
const (
	mostEscaped = len("&quot;")
	mostTag     = 32
)

// spend tells whether the HTML may be so much larger. It counts too much, never too little.
func (b *build) spend(n int) bool {
	b.left -= n
	return b.left >= 0
}

// children adds all that stands in a node.
func (b *build) children(n ast.Node) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if !b.add(c) {
			return false
		}
	}
	return true
}

// add adds a node.
func (b *build) add(n ast.Node) bool {
	if len(b.stack) > mostNested {
		return false
	}
	switch n := n.(type) {
	case *ast.Text:
		return b.text(n)
	case *ast.CodeSpan:
		return b.codeSpan(n)
	case *ast.HTMLBlock:
		return ended(n, b.md) && b.raw(n)
	case *ast.RawHTML:
		return b.raw(n)
	}
	if n.Attributes() != nil {
		return false
	}
	if n.Type() == ast.TypeInline {
		return b.inline(n)
	}
	return b.block(n)
}

// raw adds raw HTML that is whole as it stands.
func (b *build) raw(n ast.Node) bool {
	piece, _ := rawText(n, b.md)
	return isWhole(piece) && b.spend(len(piece)) && b.strict.read(piece)
}

// headings are the elements of the levels from 1.
var headings = [...]string{"h1", "h2", "h3", "h4", "h5", "h6"}

// block adds a block.
func (b *build) block(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Paragraph:
		return b.element("p", nil, n, "\n")
	case *ast.TextBlock:
		return b.children(n) && (n.NextSibling() == nil || n.FirstChild() == nil || b.say("\n"))
	case *ast.Heading:
		return b.element(headings[n.Level-1], nil, n, "\n")
	case *ast.Blockquote:
		return b.lines("blockquote", nil, n)
	case *ast.List:
		return b.list(n)
	case *ast.ListItem:
		return b.item(n)
	case *ast.CodeBlock:
		return b.code(n.Lines(), nil)
	case *ast.FencedCodeBlock:
		var class []html.Attribute
		if language := n.Language(b.md); language != nil {
			name := "language-" + string(b.resolved(language))
			if lines := lineClass(n, b.md); lines != "" {
				name += " " + lines
			}
			class = b.attrsOf("class", name)
		}
		return b.code(n.Lines(), class)
	case *ast.ThematicBreak:
		return b.open("hr", nil) && b.say("\n")
	case *ast.LinkReferenceDefinition:
		return true
	case *alertNode:
		return b.lines("div", b.attrsOf("class", "panel panel-"+n.kind), n)
	}
	return b.extended(n)
}

// extended adds a block that GitHub's grammar has beside CommonMark's.
func (b *build) extended(n ast.Node) bool {
	switch n := n.(type) {
	case *extast.Table:
		return b.lines("table", nil, n)
	case *extast.TableHeader:
		return b.open("thead", nil) && b.say("\n") && b.lines("tr", nil, n) && b.shut("thead") && b.say("\n") &&
			(n.NextSibling() == nil || b.open("tbody", nil) && b.say("\n"))
	case *extast.TableRow:
		return b.lines("tr", nil, n) && (n.NextSibling() != nil || b.shut("tbody") && b.say("\n"))
	case *extast.TableCell:
		name, attrs := "td", []html.Attribute(nil)
		if n.Parent().Kind() == extast.KindTableHeader {
			name = "th"
		}
		if n.Alignment != extast.AlignNone {
			attrs = b.attrsOf("align", n.Alignment.String())
		}
		return b.element(name, attrs, n, "\n")
	case *extast.FootnoteList:
		return b.open("div", b.attrsOf("class", "footnotes", "role", "doc-endnotes")) && b.say("\n") &&
			b.open("hr", nil) && b.say("\n") && b.lines("ol", nil, n) && b.shut("div") && b.say("\n")
	case *extast.Footnote:
		return b.lines("li", b.attrsOf("id", "fn:"+strconv.Itoa(n.Index)), n)
	}
	return false
}

// inline adds what stands in running text.
func (b *build) inline(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.String:
		return !n.IsCode() && b.write(b.valueOf(n.Value, n.IsRaw()))
	case *ast.Emphasis:
		if n.Level == 2 {
			return b.element("strong", nil, n, "")
		}
		return b.element("em", nil, n, "")
	case *ast.Link:
		attrs := b.attrsOf("href", address(n.Destination))
		if n.Title != nil {
			attrs = b.attrsOf("href", attrs[0].Val, "title", string(b.resolved(n.Title)))
		}
		return b.element("a", attrs, n, "")
	case *ast.Image:
		return b.image(n)
	case *ast.AutoLink:
		url := util.URLEscape(n.URL(b.md), false)
		if n.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(bytes.ToLower(url), []byte("mailto:")) {
			url = append([]byte("mailto:"), url...)
		}
		return b.open("a", b.attrsOf("href", string(url))) && b.write(n.Label(b.md)) && b.shut("a")
	case *extast.Strikethrough:
		return b.element("del", nil, n, "")
	case *extast.TaskCheckBox:
		attrs := b.attrsOf("disabled", "", "type", "checkbox")
		if n.IsChecked {
			attrs = b.attrsOf("checked", "", "disabled", "", "type", "checkbox")
		}
		return b.open("input", attrs) && b.say(" ")
	case *extast.FootnoteLink:
		index := strconv.Itoa(n.Index)
		return b.open("sup", b.attrsOf("id", refID(n.RefIndex, index))) &&
			b.open("a", b.attrsOf("href", "#fn:"+index, "class", "footnote-ref", "role", "doc-noteref")) &&
			b.say(index) && b.shut("a") && b.shut("sup")
	case *extast.FootnoteBacklink:
		return b.say("\u00a0") && b.open("a", b.attrsOf("href", "#"+refID(n.RefIndex, strconv.Itoa(n.Index)),
			"class", "footnote-backref", "role", "doc-backlink")) && b.say("\u21a9\ufe0e") && b.shut("a")
	}
	return false
}

// address is a destination as goldmark writes it.
func address(dest []byte) string {
	refers := bytes.IndexByte(dest, '\\') >= 0 || bytes.IndexByte(dest, '&') >= 0
	return string(util.URLEscape(dest, refers))
}

// refID is the identifier of a place that leads to a footnote, of which there may be several.
func refID(ref int, index string) string {
	if ref == 0 {
		return "fnref:" + index
	}
	return "fnref" + strconv.Itoa(ref) + ":" + index
}

// attrsOf returns attributes, by name and value.
func (b *build) attrsOf(pairs ...string) []html.Attribute {
	first := len(b.attrs)
	for i := 0; i < len(pairs); i += 2 {
		b.attrs = append(b.attrs, html.Attribute{Key: pairs[i], Val: pairs[i+1]})
	}
	return b.attrs[first:len(b.attrs):len(b.attrs)]
}

// open opens an element.
func (b *build) open(name string, attrs []html.Attribute) bool {
	size := mostTag
	for _, a := range attrs {
		if size += len(a.Key) + 4 + mostEscaped*len(a.Val); strings.ContainsAny(a.Val, "\r\x00") {
			return false
		}
	}
	return b.spend(size) && b.start(name, attrs)
}

// shut closes an element.
func (b *build) shut(name string) bool { return b.end(name) }

// element adds an element with what is in a node, and a text behind it.
func (b *build) element(name string, attrs []html.Attribute, n ast.Node, after string) bool {
	return b.open(name, attrs) && b.children(n) && b.shut(name) && b.say(after)
}

// lines is like element for one whose tags stand on lines of their own.
func (b *build) lines(name string, attrs []html.Attribute, n ast.Node) bool {
	return b.open(name, attrs) && b.say("\n") && b.children(n) && b.shut(name) && b.say("\n")
}

func (b *build) list(n *ast.List) bool {
	switch {
	case !n.IsOrdered():
		return b.lines("ul", nil, n)
	case n.Start != 1:
		return b.lines("ol", b.attrsOf("start", strconv.Itoa(n.Start)), n)
	}
	return b.lines("ol", nil, n)
}

func (b *build) item(n *ast.ListItem) bool {
	if first := n.FirstChild(); first != nil && first.Kind() != ast.KindTextBlock {
		return b.lines("li", nil, n)
	}
	return b.element("li", nil, n, "\n")
}

// code adds a block of code.
func (b *build) code(lines *text.Segments, class []html.Attribute) bool {
	if !b.open("pre", nil) || !b.open("code", class) {
		return false
	}
	for i := range lines.Len() {
		line := lines.At(i)
		b.write(line.Value(b.md))
	}
	return b.shut("code") && b.shut("pre") && b.say("\n")
}

func (b *build) codeSpan(n *ast.CodeSpan) bool {
	var class []html.Attribute
	for _, a := range n.Attributes() {
		value, ok := a.Value.([]byte)
		if !ok || string(a.Name) != "class" || len(n.Attributes()) > 1 {
			return false
		}
		class = b.attrsOf("class", string(value))
	}
	if !b.open("code", class) {
		return false
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			return false
		}
		value := t.Segment.Value(b.md)
		if line, ends := bytes.CutSuffix(value, []byte("\n")); ends {
			b.write(line)
			value = []byte(" ")
		}
		b.write(value)
	}
	return b.shut("code")
}

// image adds a picture, with the text in its node for those who do not see it.
func (b *build) image(n *ast.Image) bool {
	alt, ok := b.alt(nil, n)
	if !ok {
		return false
	}
	attrs := b.attrsOf("src", address(n.Destination), "alt", string(alt))
	if n.Title != nil {
		attrs = b.attrsOf("src", attrs[0].Val, "alt", attrs[1].Val, "title", string(b.resolved(n.Title)))
	}
	return b.open("img", attrs)
}

// alt appends the text in a node to another. goldmark writes a <br> into it: that is not for here.
func (b *build) alt(to []byte, n ast.Node) ([]byte, bool) {
	ok := true
	for c := n.FirstChild(); c != nil && ok; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.String:
			to, ok = append(to, b.valueOf(c.Value, c.IsRaw())...), !c.IsCode()
		case *ast.Text:
			to = append(to, b.valueOf(c.Segment.Value(b.md), c.IsRaw())...)
			if ok = c.IsRaw() || !c.HardLineBreak(); ok && !c.IsRaw() && c.SoftLineBreak() {
				to = append(to, '\n')
			}
		default:
			to, ok = b.alt(to, c)
		}
	}
	return to, ok
}

// text adds a text with the line break behind it.
func (b *build) text(n *ast.Text) bool {
	switch ok := b.write(b.valueOf(n.Segment.Value(b.md), n.IsRaw())); {
	case n.IsRaw():
		return ok
	case n.HardLineBreak():
		return ok && b.open("br", nil) && b.say("\n")
	case n.SoftLineBreak():
		return ok && b.say("\n")
	default:
		return ok
	}
}

// write adds to the text since the last tag.
func (b *build) write(value []byte) bool {
	b.said = append(b.said, value...)
	return b.spend(mostEscaped * len(value))
}

// say is like write.
func (b *build) say(value string) bool {
	b.said = append(b.said, value...)
	return b.spend(mostEscaped * len(value))
}

// valueOf returns a text as it is shown.
func (b *build) valueOf(value []byte, raw bool) []byte {
	if raw {
		return value
	}
	return b.resolved(value)
}

// resolved returns a text without backslashes that escape and with what its references stand for.
// It is good until the next call.
func (b *build) resolved(value []byte) []byte {
	if bytes.IndexByte(value, '\\') < 0 && bytes.IndexByte(value, '&') < 0 {
		return value
	}
	if len(value) == 2 && value[0] == '\\' && util.IsPunct(value[1]) {
		return value[1:]
	}
	b.paper.Reset()
	gmhtml.DefaultWriter.Write(&b.paper, value)
	return []byte(html.UnescapeString(b.paper.String()))
}

// paper is a buffer, as goldmark wants its writers.
type paper struct{ bytes.Buffer }

// Buffered is 0: what is written is in the buffer.
func (*paper) Buffered() int { return 0 }

// Flush does nothing.
func (*paper) Flush() error { return nil }
