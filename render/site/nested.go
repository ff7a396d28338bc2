package site

import (
	"bytes"
	"slices"
	"strings"

	"agc-export/render/gfm"
	"agc-export/render/slab"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Nearly all HTML that the pass goes over is made by programs: every element is closed where it
// should be, and stands where it may. Of such HTML the rules by which browsers read any HTML make
// the tree that the tags tell, at a fourth of the work. strict takes no other: where one of the
// rules would do more than open and close (HTML, 13.2.6), it gives up, and the parser of
// golang.org/x/net/html reads instead.

// rule says how an element is opened.
type rule byte

const (
	ruleOrdinary rule = iota + 1
	ruleFormat        // opened again by browsers where it was not closed
	ruleVoid          // has no end tag
	ruleBlock         // ends a paragraph
	ruleHeading       // a block that ends a heading
	ruleBreak         // hr: a block without an end tag
	ruleItem          // stands in a list only
	rulePart          // stands in a certain part of a table only
)

// rules are the elements of the allow-list but those of ruby, whose end tags may be left out.
var rules = map[string]rule{
	"a": ruleFormat, "abbr": ruleOrdinary, "address": ruleBlock, "audio": ruleOrdinary, "b": ruleFormat,
	"bdi": ruleOrdinary, "bdo": ruleOrdinary, "blockquote": ruleBlock, "br": ruleVoid, "caption": rulePart,
	"cite": ruleOrdinary, "code": ruleFormat, "col": rulePart, "colgroup": rulePart, "dd": ruleItem,
	"del": ruleOrdinary, "details": ruleBlock, "dfn": ruleOrdinary, "div": ruleBlock, "dl": ruleBlock, "dt": ruleItem,
	"em": ruleFormat, "figcaption": ruleBlock, "figure": ruleBlock, "h1": ruleHeading, "h2": ruleHeading,
	"h3": ruleHeading, "h4": ruleHeading, "h5": ruleHeading, "h6": ruleHeading, "hr": ruleBreak, "i": ruleFormat,
	"img": ruleVoid, "input": ruleVoid, "ins": ruleOrdinary, "kbd": ruleOrdinary, "li": ruleItem, "mark": ruleOrdinary,
	"ol": ruleBlock, "p": ruleBlock, "pre": ruleBlock, "q": ruleOrdinary, "s": ruleFormat, "samp": ruleOrdinary,
	"small": ruleFormat, "source": ruleVoid, "span": ruleOrdinary, "strong": ruleFormat, "sub": ruleOrdinary,
	"summary": ruleBlock, "sup": ruleOrdinary, "table": ruleBlock, "tbody": rulePart, "td": rulePart,
	"tfoot": rulePart, "th": rulePart, "thead": rulePart, "time": ruleOrdinary, "tr": rulePart, "u": ruleFormat,
	"ul": ruleBlock, "var": ruleOrdinary, "video": ruleOrdinary, "wbr": ruleVoid,
}

// opening is how an element is opened, and what html.Node wants beside its name.
type opening struct {
	rule rule
	atom atom.Atom
}

// openings are those of the elements that have a rule.
var openings = func() map[string]opening {
	all := map[string]opening{}
	for name, how := range rules {
		all[name] = opening{how, atom.Lookup([]byte(name))}
	}
	return all
}()

// holders are the elements in which those of ruleItem and rulePart may stand.
var holders = map[string][]string{
	"li": {"ul", "ol"}, "dd": {"dl"}, "dt": {"dl"}, "caption": {"table"}, "colgroup": {"table"}, "col": {"colgroup"},
	"thead": {"table"}, "tbody": {"table"}, "tfoot": {"table"}, "tr": {"thead", "tbody", "tfoot"}, "td": {"tr"},
	"th": {"tr"},
}

// mostNested is how deep elements may lie in each other here; the other parser takes 512. More
// than mostAttributes of one tag are left to it as well: each is compared with those before it.
const (
	mostNested     = 200
	mostAttributes = 40
)

// listsApart is the one comment that is read: it stands between two lists, which would be one.
const listsApart = "<!-- -->"

// strict makes a tree of HTML in which every element is closed where it should be.
type strict struct {
	root  *html.Node
	src   string // what is read, and how far
	at    int
	said  []byte // the text so far since the last tag
	stack []open
	reads gfm.Openings // what browsers would open again
	nodes slab.Slab[html.Node]
	attrs []html.Attribute
	out   []byte // see write
}

// open is an element that is open, or the root.
type open struct {
	*html.Node
	rule      rule
	inLine    bool // it stands in a paragraph, or is one
	inLink    bool // it stands in a link, or is one
	unwritten bool // a tbody that has no tags
}

// newStrict returns one.
func newStrict() *strict { return &strict{attrs: make([]html.Attribute, 0, 32)} }

// begin makes the tree empty. What was made before is used again: nobody may still hold a node.
func (r *strict) begin() {
	if cap(r.attrs) > mostKept || cap(r.stack) > mostKept {
		r.attrs, r.stack = nil, nil
	}
	if cap(r.said) > mostRoom || cap(r.out) > mostRoom {
		r.said, r.out = nil, nil
	}
	clear(r.attrs)
	clear(r.stack[:cap(r.stack)])
	r.nodes.Reset()
	*r = strict{said: r.said[:0], stack: r.stack[:0], nodes: r.nodes, attrs: r.attrs[:0], out: r.out}
	r.root = r.nodes.One()
	r.root.Type, r.root.Data, r.root.DataAtom = html.ElementNode, "body", atom.Body
	r.stack = append(r.stack, open{Node: r.root, rule: ruleOrdinary})
}

// What is kept for the next tree: room for so many attributes and elements, and for texts of so many bytes.
const (
	mostKept = 10_000
	mostRoom = 1 << 20
)

// read adds HTML to the tree, and tells whether it could. No tag and no reference may go on behind
// its end.
func (r *strict) read(src string) bool {
	if strings.ContainsAny(src, "\r\x00") {
		return false
	}
	for r.src, r.at = src, 0; r.at < len(src); {
		if !r.next() {
			return false
		}
	}
	return true
}

// done ends the tree, and tells whether it is one.
func (r *strict) done() bool { return r.flush() && len(r.stack) == 1 && !r.reads.TooMany() }

// next reads a text or a tag.
func (r *strict) next() bool {
	rest := r.src[r.at:]
	switch {
	case rest[0] != '<':
		n := strings.IndexByte(rest, '<')
		if n < 0 {
			n = len(rest)
		}
		r.at += n
		r.said = append(r.said, html.UnescapeString(rest[:n])...)
		return true
	case strings.HasPrefix(rest, listsApart):
		r.at += len(listsApart)
		if !r.flush() {
			return false
		}
		n := r.nodes.One()
		n.Type, n.Data = html.CommentNode, " "
		r.append(n)
		return true
	case len(rest) > 1 && rest[1] == '/':
		n := nameLength(rest[2:])
		if len(rest) < n+3 || rest[n+2] != '>' {
			return false
		}
		r.at += n + 3
		return r.end(rest[2 : n+2])
	}
	n := nameLength(rest[1:])
	r.at += n + 1
	return n > 0 && r.tag(rest[1:n+1])
}

// tag reads the rest of a tag that opens an element.
func (r *strict) tag(name string) bool {
	how := openings[name]
	attrs, ok := r.attributes(how.rule == ruleVoid || how.rule == ruleBreak || name == "col")
	return ok && r.startOf(name, how, attrs)
}

// flush adds the text since the last tag.
func (r *strict) flush() bool {
	if len(r.said) == 0 {
		return true
	}
	if bytes.IndexByte(r.said, '\r') >= 0 || bytes.IndexByte(r.said, 0) >= 0 { // written as references
		return false
	}
	s := string(r.said)
	r.said = r.said[:0]
	top := r.top()
	switch top.Data {
	case "table", "thead", "tbody", "tfoot", "tr", "colgroup":
		if strings.Trim(s, " \t\n\f") != "" {
			return false
		}
	case "pre":
		if top.FirstChild == nil {
			s = strings.TrimPrefix(s, "\n")
		}
	}
	if s == "" {
		return true
	}
	n := r.nodes.One()
	n.Type, n.Data = html.TextNode, s
	r.append(n)
	return true
}

// start opens an element.
func (r *strict) start(name string, attrs []html.Attribute) bool {
	return r.startOf(name, openings[name], attrs)
}

// startOf is start for an element that is opened so.
func (r *strict) startOf(name string, as opening, attrs []html.Attribute) bool {
	how := as.rule
	if !r.flush() || !r.fits(name, how) || len(r.stack) > mostNested {
		return false
	}
	top := r.top()
	o := open{Node: r.nodes.One(), rule: how, inLine: top.inLine || name == "p", inLink: top.inLink || name == "a"}
	o.Type, o.Data, o.DataAtom, o.Attr = html.ElementNode, name, as.atom, attrs
	r.append(o.Node)
	if how != ruleFormat {
		r.reads.Block()
	}
	switch how {
	case ruleVoid, ruleBreak:
		return true
	case ruleFormat:
		r.reads.Format(1)
		if len(attrs) > 1 { // as the other parser leaves them
			slices.SortFunc(attrs, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
		}
	}
	if name != "col" {
		r.stack = append(r.stack, o)
	}
	return true
}

// fits tells whether an element may be opened here and nothing else happens.
func (r *strict) fits(name string, how rule) bool {
	top := r.top()
	switch top.Data {
	case "table":
		if name == "tr" {
			r.body()
			return true
		}
		return slices.Contains(holders[name], "table")
	case "thead", "tbody", "tfoot", "tr", "colgroup":
		return slices.Contains(holders[name], top.Data)
	}
	switch how {
	case ruleOrdinary, ruleVoid:
		return true
	case ruleFormat:
		return name != "a" || !top.inLink
	case ruleBlock, ruleBreak:
		return !top.inLine
	case ruleHeading:
		return !top.inLine && top.rule != ruleHeading
	case ruleItem:
		return !top.inLine && slices.Contains(holders[name], top.Data)
	}
	return false
}

// body opens the tbody that a row has which stands in none.
func (r *strict) body() {
	o := open{Node: r.nodes.One(), rule: rulePart, inLink: r.top().inLink, unwritten: true}
	o.Type, o.Data, o.DataAtom = html.ElementNode, "tbody", atom.Tbody
	r.append(o.Node)
	r.stack = append(r.stack, o)
}

// end closes an element.
func (r *strict) end(name string) bool {
	if !r.flush() {
		return false
	}
	if r.top().unwritten && name == "table" {
		r.stack = r.stack[:len(r.stack)-1]
	}
	if top := r.top(); len(r.stack) == 1 || top.Data != name || top.unwritten {
		return false
	}
	if r.top().rule == ruleFormat {
		r.reads.Format(-1)
	} else {
		r.reads.Block()
	}
	r.stack = r.stack[:len(r.stack)-1]
	return true
}

// attributes reads the attributes of a tag and its end.
func (r *strict) attributes(void bool) (attrs []html.Attribute, ok bool) {
	first := len(r.attrs)
	for {
		rest := strings.TrimLeft(r.src[r.at:], " \n")
		blank := len(rest) < len(r.src)-r.at
		r.at = len(r.src) - len(rest)
		switch {
		case strings.HasPrefix(rest, ">"):
			r.at++
			attrs = r.attrs[first:len(r.attrs):len(r.attrs)]
			return attrs, true
		case void && strings.HasPrefix(rest, "/>"):
			r.at += 2
			return r.attrs[first:len(r.attrs):len(r.attrs)], true
		case !blank:
			return nil, false
		}
		a, n := attribute(rest)
		twice := func(b html.Attribute) bool { return b.Key == a.Key }
		if n == 0 || len(r.attrs)-first >= mostAttributes || slices.ContainsFunc(r.attrs[first:], twice) {
			return nil, false
		}
		r.attrs = append(r.attrs, a)
		r.at += n
	}
}

// attribute reads one attribute, and says how long it is: 0 where it is not as programs write it.
func attribute(s string) (a html.Attribute, n int) {
	for n < len(s) && (s[n] >= 'a' && s[n] <= 'z' || s[n] == '-' && n > 0) {
		n++
	}
	a.Key = s[:n]
	if n == 0 || !strings.HasPrefix(s[n:], `="`) {
		return a, n
	}
	quote := strings.IndexByte(s[n+2:], '"')
	if quote < 0 {
		return a, 0
	}
	value := s[n+2 : n+2+quote]
	if !plainReferences(value) {
		return a, 0
	}
	a.Val = html.UnescapeString(value)
	return a, n + 2 + quote + 1
}

// plainReferences tells of an attribute's value that its references are of the few that mean the
// same everywhere.
func plainReferences(s string) bool {
	if strings.IndexByte(s, '<') >= 0 {
		return false
	}
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			return true
		}
		s = s[i+1:]
		if !slices.ContainsFunc(references, func(name string) bool { return strings.HasPrefix(s, name) }) {
			return false
		}
	}
}

// references are those, as goldmark and render/markdown write them.
var references = []string{"amp;", "quot;", "lt;", "gt;", "#34;", "#39;"}

func (r *strict) top() *open { return &r.stack[len(r.stack)-1] }

// append adds a node to the element that is open: html.Node's AppendChild, without its questions.
func (r *strict) append(n *html.Node) {
	parent := r.top().Node
	if n.Parent, n.PrevSibling = parent, parent.LastChild; n.PrevSibling != nil {
		n.PrevSibling.NextSibling = n
	} else {
		parent.FirstChild = n
	}
	parent.LastChild = n
}
