package storage

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"agc-export/render/slab"
)

// Limits of a tree. What goes beyond loses its tags, never its text.
const (
	MaxDepth = 200
	MaxNodes = 1_000_000 // elements: ten times what Confluence takes for a page
)

// Parse reads a storage body. It never fails and takes time and memory in
// proportion to src. The notes say what it repaired.
func Parse(src string) (*Node, []Note) {
	var root *Node
	p := newParser(src, MaxDepth)
	p.parts(len(src)+1, func(part *Node) { root = part })
	p.leave()
	return root, p.close()
}

// Parts reads a storage body as Parse does, but gives it to use in parts, one after the
// other: each is a tree of at least size bytes of the source, but for the last, and begins
// with a paragraph or heading that stands by itself. So the memory that a long page takes
// is that of its largest part. There is at least one part. The trees are there until Parts returns: then their
// memory may be another body's.
func Parts(src string, size int, use func(part *Node)) []Note {
	return parts(src, size, MaxDepth, use)
}

// Deep is Parts without the limit of depth, for those who walk a tree without a stack.
func Deep(src string, size int, use func(part *Node)) []Note {
	return parts(src, size, len(src), use)
}

func parts(src string, size, maxDepth int, use func(part *Node)) []Note {
	p := newParser(src, maxDepth)
	p.parts(size, use)
	return p.close()
}

// parsers are those that have read a body and may read another. One that failed on its body is none of them.
var parsers = sync.Pool{New: func() any { return &parser{kindOf: map[string]int{}} }}

// newParser returns a parser that stands before the first byte of a body.
func newParser(src string, maxDepth int) *parser {
	p := parsers.Get().(*parser)
	p.src, p.maxDepth, p.sound = src, maxDepth, !dirty(src)
	p.root = p.memory.One()
	p.top = p.root
	p.pos = len(p.src) - len(strings.TrimPrefix(p.src, "\ufeff"))
	return p
}

// leave leaves the tree to those who have it.
func (p *parser) leave() {
	p.memory.Leave()
	p.attrMemory.Leave()
}

// How many names of elements a parser remembers for the next body, and of how many bytes at most. Confluence has fewer,
// and shorter ones.
const (
	maxKinds = 300
	maxKind  = 100
)

// close takes the tree back and returns what was repaired.
func (p *parser) close() []Note {
	notes := p.notes
	p.memory.Reset()
	p.attrMemory.Reset()
	clear(p.attrs[:cap(p.attrs)])
	if clear(p.stack[:cap(p.stack)]); cap(p.stack) > 2*MaxDepth {
		p.stack = nil
	}
	clear(p.found)
	many := len(p.kinds) > maxKinds
	for i := range p.kinds {
		p.kinds[i].open = 0
		many = many || len(p.kinds[i].name) > maxKind
	}
	if many {
		p.kinds, p.kindOf = nil, map[string]int{}
	}
	*p = parser{memory: p.memory, attrMemory: p.attrMemory, attrs: p.attrs[:0], stack: p.stack[:0], found: p.found,
		kinds: p.kinds, kindOf: p.kindOf}
	parsers.Put(p)
	return notes
}

// parts reads all of the body.
func (p *parser) parts(size int, use func(part *Node)) {
	for p.pos < len(p.src) {
		next := strings.IndexByte(p.src[p.pos:], '<')
		if next < 0 {
			p.text(p.pos, len(p.src))
			break
		}
		p.text(p.pos, p.pos+next)
		p.pos += next
		p.markup()
		if len(p.stack) == 0 && p.pos-p.root.Offset > size && begins(p.root.LastChild) {
			p.cut(use)
		}
	}
	if len(p.stack) > 0 {
		p.lose(NoteUnclosed, len(p.src), len(p.stack))
	}
	for n := p.top; n != nil; n = n.Parent { // what is still open ends with the page
		n.End = len(p.src)
	}
	use(p.root)
}

// begins tells whether a node at the top of the tree can begin a part: a paragraph or a
// heading with words of its own and without a style, which stands by itself wherever it is.
func begins(n *Node) bool {
	if n == nil || n.PrevSibling == nil || n.Name != "p" && (len(n.Name) != 2 || n.Name[0] != 'h' || n.Name == "hr") {
		return false
	}
	for _, a := range n.Attr {
		if a.Name == "style" || a.Name == "align" || a.Name == "dir" {
			return false
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.IsText() && strings.ContainsFunc(c.Text, unicode.IsLetter) {
			return true
		}
	}
	return false
}

// cut ends a part before the last node at the top, which begins the next one: as a copy, for it lies among the
// nodes of the part, and each of them holds all others.
func (p *parser) cut(use func(part *Node)) {
	part, first := p.root, p.root.LastChild
	part.LastChild = first.PrevSibling
	part.LastChild.NextSibling = nil
	part.End = first.Offset
	use(part)
	p.leave()
	p.root = p.memory.One()
	p.root.Offset = first.Offset
	p.top, p.nodes = p.root, 0
	p.root.add(p.copyOf(first))
}

// copyOf returns a copy of an element and of all that is in it. It needs no stack.
func (p *parser) copyOf(n *Node) *Node {
	alone := func(n *Node) *Node {
		c := p.memory.One()
		c.Name, c.Text, c.Attr, c.Offset, c.End, c.Verbatim = n.Name, n.Text, n.Attr, n.Offset, n.End, n.Verbatim
		return c
	}
	top := alone(n)
	last, around := n, top // the node that was copied last, and its copy
	for d := range n.All() {
		for last != d.Parent {
			last, around = last.Parent, around.Parent
		}
		c := alone(d)
		around.add(c)
		last, around = d, c
	}
	return top
}

// parser holds the elements that are open. Those beyond the limits are on the
// stack too, as flat entries without a node, so that their end tags find them.
type parser struct {
	src      string
	sound    bool // nothing of it needs cleaning
	pos      int
	root     *Node
	top      *Node // the innermost open element
	stack    []entry
	kinds    []kind
	kindOf   map[string]int // name -> place in kinds
	depth    int
	maxDepth int
	nodes    int
	memory   slab.Slab[Node]
	notes    []Note
	// of the tag that is read, so that growing them costs nothing, and of those in the tree
	attrs      []Attr
	attrMemory slab.Slab[Attr]
	// found remembers where the last search for a string ended, so that many
	// cut-off sections do not each search to the end.
	found map[string]search
	quote search // the same for a quotation mark
}

// search is the outcome of one: no occurrence in [from, at). No occurrence at all
// has at = the length of the source.
type search struct{ from, at int }

type entry struct {
	name string
	kind int // in parser.kinds
	flat bool
}

// kind is what is known of all elements of a name.
type kind struct {
	name string   // in lower case
	open int      // how many are on the stack
	ends []string // see ends
	void bool     // see void
}

// kind returns that of a name as it is written, as a place in p.kinds.
func (p *parser) kind(written string) int {
	if k, ok := p.kindOf[written]; ok { // in lower case, as nearly always
		return k
	}
	name := strings.ToLower(written)
	k, ok := p.kindOf[name]
	if !ok {
		name = strings.Clone(name) // the kinds outlive the body
		k = len(p.kinds)
		p.kinds = append(p.kinds, kind{name: name, ends: ends[name], void: void[name]})
		p.kindOf[name] = k
	}
	return k
}

// words returns a text of the tree.
func (p *parser) words(s string, from, to int) *Node {
	n := p.memory.One()
	n.Text, n.Offset, n.End = s, from, to
	return n
}

func (p *parser) lose(class string, offset, count int) {
	for i := range p.notes {
		if p.notes[i].Class == class {
			p.notes[i].Count += count
			return
		}
	}
	p.notes = append(p.notes, Note{class, offset, count})
}

// markup reads what begins with the "<" at p.pos.
func (p *parser) markup() {
	rest := p.src[p.pos:]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		p.skip("<!--", "-->")
	case strings.HasPrefix(rest, "<![CDATA["):
		p.cdata()
	case strings.HasPrefix(rest, "<?"):
		p.skip("<?", ">")
	case strings.HasPrefix(rest, "<!"):
		p.doctype()
	case strings.HasPrefix(rest, "</") && len(rest) > 2 && nameStart(rest[2]):
		p.endTag()
	case len(rest) > 1 && nameStart(rest[1]):
		p.startTag()
	default:
		p.text(p.pos, p.pos+1)
		p.pos++
	}
}

// find returns the index of s at or after from, or -1.
func (p *parser) find(s string, from int) int {
	if s == `"` { // an attribute's value
		return p.findQuote(from)
	}
	last, ok := p.found[s]
	if !ok || from < last.from || from > last.at {
		last = search{from, len(p.src)}
		if i := strings.Index(p.src[from:], s); i >= 0 {
			last.at = from + i
		}
		if p.found == nil {
			p.found = map[string]search{}
		}
		p.found[s] = last
	}
	if last.at == len(p.src) {
		return -1
	}
	return last.at
}

// findQuote is find for the one string that is looked for in every other tag.
func (p *parser) findQuote(from int) int {
	if last := p.quote; last.at == 0 || from < last.from || from > last.at {
		p.quote = search{from, len(p.src)}
		if i := strings.IndexByte(p.src[from:], '"'); i >= 0 {
			p.quote.at = from + i
		}
	}
	if p.quote.at == len(p.src) {
		return -1
	}
	return p.quote.at
}

// skip leaves out a comment or the like. One that never ends loses only its
// opening, so that the text behind it stays.
func (p *parser) skip(opening, end string) {
	if i := p.find(end, p.pos+len(opening)); i >= 0 {
		p.pos = i + len(end)
		return
	}
	p.lose(NoteTag, p.pos, 1)
	p.pos += len(opening)
}

// doctype leaves out a declaration, also one with an internal subset.
func (p *parser) doctype() {
	end := p.find(">", p.pos)
	if end >= 0 && strings.Contains(p.src[p.pos:end], "[") {
		if i := p.find("]>", p.pos); i >= 0 {
			end = i + 1
		}
	}
	if end < 0 {
		p.lose(NoteTag, p.pos, 1)
		p.pos += 2
		return
	}
	p.pos = end + 1
}

// cdata reads a CDATA section. In the bodies of space exports the section's end is
// written "]] >", because the body itself stands in CDATA; it counts only right
// before the end tag of an element that holds CDATA, for it is also ordinary shell.
func (p *parser) cdata() {
	start := p.pos + len("<![CDATA[")
	end, next := p.find("]]>", start), 0
	spaced := p.find("]] ></ac:p", start)
	switch {
	case spaced >= 0 && (end < 0 || spaced < end):
		end, next = spaced, spaced+len("]] >")
	case end >= 0:
		next = end + len("]]>")
	default:
		p.lose(NoteTag, p.pos, 1)
		if end = p.find("</ac:p", start); end < 0 {
			end = len(p.src)
		}
		next = end
	}
	if end > start {
		n := p.words(p.clean(p.src[start:end], start), start, end)
		n.Verbatim = true
		p.add(n)
	}
	p.pos = next
}

// text adds the source from one offset to another as text.
func (p *parser) text(from, to int) {
	if from == to {
		return
	}
	if s := p.decode(p.src[from:to], from); s != "" {
		p.add(p.words(s, from, to))
	}
}

// add puts text in its place. Resource identifiers hold none: text inside one
// means that its end is missing.
func (p *parser) add(n *Node) {
	for strings.HasPrefix(p.top.Name, "ri:") && strings.TrimSpace(n.Text) != "" {
		p.lose(NoteUnclosed, n.Offset, 1)
		p.pop()
	}
	p.top.add(n)
}

// ends are the elements that cannot stand right within the others: their start tags end
// those, as HTML has it for items, rows and cells, whose end tags are often left out.
var ends = map[string][]string{
	"li": {"li"}, "td": {"td", "th"}, "th": {"td", "th"}, "tr": {"tr", "td", "th"},
	"tbody": {"colgroup", "thead", "tr", "td", "th"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"},
	"ac:parameter": {"ac:parameter"}, "ac:rich-text-body": {"ac:parameter"}, "ac:plain-text-body": {"ac:parameter"},
}

func (p *parser) startTag() {
	t, ok := p.readTag()
	if !ok {
		p.lose(NoteTag, p.pos, 1)
		p.text(p.pos, t.end)
		p.pos = t.end
		return
	}
	k := p.kind(t.name)
	name := p.kinds[k].name
	t.closed = t.closed || p.kinds[k].void
	for strings.HasPrefix(p.top.Name, "ri:") && !strings.HasPrefix(name, "ri:") ||
		slices.Contains(p.kinds[k].ends, p.top.Name) {
		p.lose(NoteUnclosed, p.pos, 1)
		p.pop()
	}
	// Beyond the limits only tags are lost: the text goes to the innermost element that is.
	flat := p.depth >= p.maxDepth || p.nodes >= MaxNodes
	switch {
	case p.nodes >= MaxNodes:
		p.lose(NoteSize, p.pos, 1)
	case flat:
		p.lose(NoteDepth, p.pos, 1)
	default:
		p.nodes++
		n := p.memory.One()
		n.Name, n.Offset, n.End = name, p.pos, t.end
		if len(t.attr) > 0 {
			n.Attr = p.attrMemory.Take(len(t.attr))
			copy(n.Attr, t.attr)
		}
		p.top.add(n)
		if !t.closed {
			p.top = n
			p.depth++
		}
	}
	if !t.closed {
		p.stack = append(p.stack, entry{name, k, flat})
		p.kinds[k].open++
	}
	p.pos = t.end
}

func (p *parser) endTag() {
	written, end := p.readEnd()
	if n := len(p.stack); n > 0 && p.stack[n-1].name == written { // as nearly always
		p.pos = end
		p.pop()
		return
	}
	name := strings.ToLower(written)
	if k, ok := p.kindOf[name]; !ok || p.kinds[k].open == 0 {
		if !void[name] {
			p.lose(NoteStray, p.pos, 1)
		}
		p.pos = end
		return
	}
	// An end tag closes all that was opened since: the count of open names makes sure that
	// there is one to be found, so that a stray tag does not empty the stack.
	for p.stack[len(p.stack)-1].name != name {
		p.lose(NoteUnclosed, p.pos, 1)
		p.pop()
	}
	p.pos = end // of the element that this tag closes: its end lies behind the tag
	p.pop()
}

// pop closes the innermost open element, which ends where the reader stands.
func (p *parser) pop() {
	e := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	p.kinds[e.kind].open--
	if !e.flat {
		p.top.End = p.pos
		p.top = p.top.Parent
		p.depth--
	}
}
