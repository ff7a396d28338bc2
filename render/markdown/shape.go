package markdown

import (
	"strings"

	"golang.org/x/net/html"
)

// shaper gives the resolved tree the form of Markdown: containers that hold only
// blocks, and leaves that hold only running text.
type shaper struct {
	memory *memory
	losses *losses
	origin map[*html.Node]int  // where elements stood in the body, of those that may be lost
	mixed  map[*html.Node]bool // inline elements with a block somewhere in them
	deep   map[*html.Node]bool // those of them with so many inline elements around them that they go
	left   *int                // bytes that what is repeated may still take, see budget.go
}

// maxMarks bounds the inline elements around a block that are put into it.
const maxMarks = 8

// shape brings a whole tree into form. origin is where its elements stood, left the bytes
// that it may repeat.
func shape(root *html.Node, m *memory, l *losses, origin map[*html.Node]int, left *int) {
	s := &shaper{memory: m, losses: l, origin: origin, mixed: map[*html.Node]bool{}, deep: map[*html.Node]bool{},
		left: left}
	s.mark(root, 0)
	s.container(root)
	s.place(root, false)
}

// lose counts a loss at an element.
func (s *shaper) lose(class, name string, n *html.Node) { s.losses.add(class, name, s.origin[n]) }

// mark finds the inline elements that hold blocks. depth tells how many inline
// elements are around n. It returns whether n holds a block.
func (s *shaper) mark(n *html.Node, depth int) bool {
	found := false
	if !isBlock(n) {
		depth++
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		inner := s.mark(c, depth)
		found = found || inner || isBlock(c)
	}
	// Marks around many blocks are put into each of them, so deep nests of marks would grow
	// the page beyond all bounds.
	if found && !isBlock(n) {
		s.mixed[n] = true
		s.deep[n] = depth > maxMarks
	}
	return found
}

// container makes n hold only blocks: runs of inline nodes become paragraphs.
func (s *shaper) container(n *html.Node) {
	var run *html.Node
	flush := func(before *html.Node) {
		if run != nil {
			s.paragraphs(n, run, before)
			run = nil
		}
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		// Its parts come to stand in its place and are looked at again.
		case s.mixed[c]:
			next = s.split(c, next)
		case !isBlock(c):
			n.RemoveChild(c)
			if run == nil {
				run = s.memory.el("p")
			}
			run.AppendChild(c)
		default:
			flush(c)
			next = s.block(c, next)
		}
		c = next
	}
	flush(nil)
}

// paragraphs inserts a paragraph before a node, cut in two where two line breaks
// follow each other. Empty ones are left out.
func (s *shaper) paragraphs(parent, run, before *html.Node) {
	if !holdsBreaks(run) { // as nearly always
		if !blank(run) {
			parent.InsertBefore(run, before)
		}
		return
	}
	part := s.memory.copyOf(run)
	put := func() {
		if !blank(part) {
			parent.InsertBefore(part, before)
		}
		part = s.memory.copyOf(run)
	}
	for c := run.FirstChild; c != nil; c = run.FirstChild {
		run.RemoveChild(c)
		// People who do not know of paragraphs part them by two breaks, and browsers show an
		// empty line there, as Markdown has it between paragraphs.
		if isBreak(c) && isBreak(run.FirstChild) {
			put()
			for b := run.FirstChild; isBreak(b); b = run.FirstChild {
				run.RemoveChild(b)
			}
			continue
		}
		part.AppendChild(c)
	}
	put()
}

// isBreak tells line breaks.
func isBreak(n *html.Node) bool { return n != nil && n.Data == "br" && n.Type == html.ElementNode }

// holdsBreaks tells whether two line breaks follow each other in a paragraph.
func holdsBreaks(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if isBreak(c) && isBreak(c.NextSibling) {
			return true
		}
	}
	return false
}

// blank tells whether a paragraph shows nothing.
func blank(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type == html.TextNode && !isSpace(d.Data) {
			return false
		}
		if d.Type == html.ElementNode {
			switch d.Data {
			case "img", "input", markMath, "hr", "video", "audio":
				return false
			case "a":
				if attr(d, "id") != "" && attr(d, namingAttr) == "" {
					return false
				}
			}
		}
	}
	return true
}

// split puts what is in an inline element that holds blocks in its place, and the
// element itself into each of the parts. It returns the node to go on with.
func (s *shaper) split(n, next *html.Node) *html.Node {
	parent := n.Parent
	if s.deep[n] {
		s.lose(LossStyle, n.Data, n)
	}
	var start, run *html.Node
	put := func(c *html.Node) {
		parent.InsertBefore(c, n)
		if start == nil {
			start = c
		}
	}
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		if isBlock(c) || s.mixed[c] {
			run = nil
			if !s.deep[n] {
				s.inside(c, n)
			}
			put(c)
			continue
		}
		if run == nil && !s.deep[n] {
			if run = s.again(n); run != nil {
				put(run)
			}
		}
		if run == nil {
			put(c)
		} else {
			run.AppendChild(c)
		}
	}
	parent.RemoveChild(n)
	if start == nil {
		return next
	}
	return start
}

// again returns a copy of an inline element for one more of its parts, or nil for those
// beyond the budget, which go without: a link may have an address of any length, and any
// number of parts.
func (s *shaper) again(wrapper *html.Node) *html.Node {
	size := elementCost
	for _, a := range wrapper.Attr {
		size += len(a.Key) + len(a.Val) + 4
	}
	if !take(s.left, size) {
		s.lose(LossSize, wrapper.Data, wrapper)
		return nil
	}
	return s.memory.copyOf(wrapper)
}

// inside wraps the running text of a block into copies of an inline element.
// Literal text stays as it is.
func (s *shaper) inside(n, wrapper *html.Node) {
	// Within literal text a mark would keep it from being a fence.
	if n.Data == "pre" || n.Data == "figcaption" || n.Data == markRaw || n.Data == markMath {
		return
	}
	var run *html.Node
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case isBlock(c) || s.mixed[c]:
			run = nil
			s.inside(c, wrapper)
		case c.Type == html.TextNode && isSpace(c.Data) && run == nil:
		default:
			if run == nil {
				if run = s.again(wrapper); run == nil {
					break
				}
				n.InsertBefore(run, c)
			}
			n.RemoveChild(c)
			run.AppendChild(c)
		}
		c = next
	}
}

// block brings one block into form and returns the node to go on with.
func (s *shaper) block(n, next *html.Node) *html.Node {
	switch n.Data {
	case "p", "dt":
		return s.leaf(n, next)
	case "h1", "h2", "h3", "h4", "h5", "h6":
		return s.heading(n, next)
	case "ul", "ol":
		s.list(n)
	case "table":
		s.table(n)
	case "div":
		return s.division(n, next)
	case "figure":
		s.figure(n)
	case "pre", "hr", "summary", markRaw, markMath, "video", "audio":
	default:
		s.container(n)
		if n.FirstChild == nil {
			n.Parent.RemoveChild(n)
		}
	}
	return next
}

// division keeps the frames that have a class, and unwraps all others.
func (s *shaper) division(n, next *html.Node) *html.Node {
	s.container(n)
	if strings.HasPrefix(attr(n, "class"), "layout ") && !bareCells(n) {
		n.Attr = nil
	}
	if (attr(n, "class") != "" || attr(n, zoneAttr) != "" || attr(n, "dir") != "") && n.FirstChild != nil {
		return next
	}
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	n.Parent.RemoveChild(n)
	return next
}

// leaf makes a paragraph hold only running text: blocks in it come to stand between
// its parts.
func (s *shaper) leaf(n, next *html.Node) *html.Node {
	parent := n.Parent
	if n.Data == "p" && s.plain(n) {
		if blank(n) {
			parent.RemoveChild(n)
		}
		return next
	}
	s.container(n) // its inline runs become paragraphs of their own
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		if c.Data == "p" && len(n.Attr) > 0 && len(c.Attr) == 0 {
			c.Attr = n.Attr
		}
		if n.Data == "dt" && c.Data == "p" {
			strong := el("strong")
			move(c, strong)
			c.AppendChild(strong)
		}
		parent.InsertBefore(c, n)
	}
	parent.RemoveChild(n)
	return next
}

// plain tells whether a paragraph is one already: nothing but running text, without
// two line breaks together.
func (s *shaper) plain(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if isBlock(c) || s.mixed[c] || c.Data == "br" && c.NextSibling != nil && c.NextSibling.Data == "br" {
			return false
		}
	}
	return true
}

// heading makes a heading hold only running text. Blocks in it come to stand beside
// it: its first run of text is the heading, what follows a block a paragraph. A
// heading without text goes.
func (s *shaper) heading(n *html.Node, next *html.Node) *html.Node {
	s.container(n)
	var words *html.Node
	done := false
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		run := c.Data == "p" && c.Type == html.ElementNode
		if !run || done || isSpace(contentOf(c)) {
			done = done || words != nil && !run
			n.Parent.InsertBefore(c, n)
			continue
		}
		if words == nil {
			words = s.memory.copyOf(n)
			n.Parent.InsertBefore(words, n)
		} else {
			addText(words, " ")
		}
		move(c, words)
	}
	n.Parent.RemoveChild(n)
	return next
}

// list makes a list hold only items. What stands between them joins the item
// before it.
func (s *shaper) list(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Data == "li" && c.Type == html.ElementNode:
		case c.Type == html.TextNode && isSpace(c.Data):
			n.RemoveChild(c)
		case c.PrevSibling != nil:
			last := c.PrevSibling
			n.RemoveChild(c)
			last.AppendChild(c)
		default:
			item := el("li")
			n.InsertBefore(item, c)
			n.RemoveChild(c)
			item.AppendChild(c)
		}
		c = next
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.container(c)
	}
	if n.FirstChild == nil {
		n.Parent.RemoveChild(n)
	}
}

// figure leaves a picture and its caption without paragraphs around them.
func (s *shaper) figure(n *html.Node) {
	s.container(n)
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch c.Data {
		case "figcaption":
			unwrapOnly(c)
		case "p":
			for d := c.FirstChild; d != nil; d = c.FirstChild {
				c.RemoveChild(d)
				n.InsertBefore(d, c)
			}
			n.RemoveChild(c)
		}
		c = next
	}
}

// table shapes the cells. A cell with a single paragraph holds its text alone. A
// table without any cell goes.
func (s *shaper) table(n *html.Node) {
	cells := 0
	for row := n.FirstChild; row != nil; {
		next := row.NextSibling
		if row.Data == "tr" && row.FirstChild == nil {
			n.RemoveChild(row)
		}
		for c := row.FirstChild; c != nil && row.Data == "tr"; c = c.NextSibling {
			cells++
			s.container(c)
			unwrapOnly(c)
		}
		row = next
	}
	if cells == 0 {
		n.Parent.RemoveChild(n)
	}
}

// unwrapOnly takes away the only paragraph of a cell or an item.
func unwrapOnly(n *html.Node) {
	p := n.FirstChild
	if p == nil || p != n.LastChild || p.Data != "p" || p.Type != html.ElementNode {
		return
	}
	for c := p.LastChild; c != nil && (c.Data == "br" && c.Type == html.ElementNode ||
		c.Type == html.TextNode && isSpace(c.Data)); c = p.LastChild {
		p.RemoveChild(c) // the last break breaks nothing
	}
	n.RemoveChild(p)
	for _, key := range []string{"align", "dir"} {
		if a := attr(p, key); a != "" && attr(n, key) == "" {
			setAttr(n, key, a)
		}
	}
	move(p, n)
}

// words joins the text of a node with single spaces.
func words(n *html.Node) string { return strings.Join(strings.Fields(contentOf(n)), " ") }
