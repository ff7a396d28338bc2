package site

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"agc-export/render/slug"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// pass is the walk over the HTML of one body. Everything that is not known is taken
// away; what it knows by name is completed: links, pictures, headings, tables, tasks.
type pass struct {
	rewrite  Rewrite
	setting  Setting
	marked   map[string]bool // see Body
	words    words
	lang     string // of the site
	code     *coder
	setter   *setter
	tex      texSpent
	colours  int    // bytes of code that may still be coloured
	prefix   string // of every identifier
	shift    int    // levels below the page's title at which headings begin
	slugs    slug.Slugger
	above    []int // authored levels of the last heading and of those that it stands below
	headings []Heading
	ids      map[string]bool // of headings at first, then of all elements
	anchors  []*html.Node    // elements with an id of their own, in order
	inner    []*html.Node    // links to fragments of the page itself
	tables   int
	removed  map[string]int
	trees    *sync.Pool // of *strict
}

// newPass returns a pass for one body. It is used once.
func (s *Site) newPass(at Setting) *pass {
	rewrite := at.Rewrite
	if rewrite == nil {
		rewrite = func(dest string, _ bool) string { return dest }
	}
	return &pass{rewrite: rewrite, setting: at, words: s.words, lang: cmp.Or(s.cfg.Lang, "en"), code: &s.code,
		colours: codePage, setter: &s.setter, trees: &s.trees}
}

// list returns what was taken away, sorted.
func (p *pass) list() []Removal {
	var list []Removal
	for _, what := range slices.Sorted(maps.Keys(p.removed)) {
		list = append(list, Removal{what, p.removed[what]})
	}
	return list
}

// tookAway counts a thing that was taken away. A name that HTML does not know may be an
// author's text, so it is not told; some things have none.
func (p *pass) tookAway(what, name string) {
	switch {
	case name == "":
	case atom.Lookup([]byte(name)) == 0:
		what += " unknown to HTML"
	default:
		what += " " + name
	}
	if p.removed == nil {
		p.removed = map[string]int{}
	}
	p.removed[what]++
}

// clean goes over all that is in an element. The parser bounds the depth.
func (p *pass) clean(parent *html.Node) {
	for n := parent.FirstChild; n != nil; {
		next := n.NextSibling
		if n.Type == html.TextNode {
			n = next
			continue
		}
		allowed := elements[n.Data]
		switch {
		case n.Type != html.ElementNode: // comments
			parent.RemoveChild(n)
		case n.Namespace != "" || allowed == nil && dropped[n.Data]:
			p.tookAway("element", n.Data)
			if said := textOf(n); said != "" { // never lost, whatever it was
				parent.InsertBefore(&html.Node{Type: html.TextNode, Data: said}, n)
			}
			parent.RemoveChild(n)
		case allowed == nil:
			p.tookAway("element", n.Data)
			if n.FirstChild != nil {
				next = n.FirstChild
			}
			unwrap(n)
		default:
			if len(n.Attr) > 0 {
				p.attributes(n, allowed)
			}
			said := ""
			if isHeading(n) {
				said = textOf(n) // before dates, pictures and formulas in it read otherwise than in the Markdown
			}
			p.clean(n)
			p.finish(n, said)
		}
		n = next
	}
}

// attributes keeps the attributes that an element may have: those allowed, beside the globals.
func (p *pass) attributes(n *html.Node, allowed map[string]valid) {
	align := get(n, "align")
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		check := allowed[a.Key]
		if check == nil {
			check = globals[a.Key]
		}
		switch {
		case check == nil || a.Namespace != "" || !check(a.Val) || a.Key == "id" && strings.HasPrefix(a.Val, reserved):
			p.tookAway("attribute", a.Key)
			continue
		case a.Key == "class":
			if a.Val = p.classes(a.Val); a.Val == "" {
				continue
			}
		case a.Key == "align":
			continue // becomes a class, below
		}
		kept = append(kept, a)
	}
	n.Attr = kept
	if alignment(align) && allowed["align"] != nil {
		addClass(n, "align-"+align)
	}
	if get(n, "id") != "" {
		p.anchors = append(p.anchors, n)
	}
}

// classes keeps the class names that bodies may use.
func (p *pass) classes(value string) string {
	all := singleBlanks(value)
	for name := range strings.FieldsSeq(value) {
		all = all && classes(name)
	}
	if all {
		return value
	}
	names := strings.Fields(value)
	kept := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !classes(name) })
	if len(kept) < len(names) {
		p.tookAway("attribute", "class")
	}
	return strings.Join(kept, " ")
}

// finish completes an allowed element whose content is clean. It may replace it. Of a heading it
// takes the text that its Markdown has.
func (p *pass) finish(n *html.Node, said string) {
	switch n.Data {
	case "a":
		p.link(n)
	case "img":
		p.picture(n)
	case "audio", "video":
		p.media(n)
	case "source":
		p.source(n)
	case "div", "blockquote":
		p.panel(n)
	case "span":
		p.mark(n)
		p.mention(n)
	case "time":
		p.time(n)
	case "summary":
		summary(n)
	case "input":
		p.checkbox(n)
	case "li":
		p.task(n)
	case "h1", "h2", "h3", "h4", "h5", "h6":
		p.heading(n, said)
	case "table":
		p.table(n)
	case "colgroup":
		columns(n)
	case "tr":
		row(n)
	case "code":
		if get(n, "class") == "math" {
			p.formula(n, textOf(n), false)
		}
	case "pre":
		set(n, "tabindex", "0") // it scrolls, so the keyboard must reach it
		if code := n.FirstChild; code != nil && code.Data == "code" && code.NextSibling == nil {
			p.code.colour(code, &p.colours)
			numberLines(code)
			if get(code, "class") == "language-math" {
				p.formula(n, textOf(code), true)
			}
		}
	}
}

// give gives an element an identifier that no other has.
func (p *pass) give(n *html.Node, id string) {
	if p.ids == nil {
		p.ids = map[string]bool{}
	}
	p.ids[id] = true
	set(n, "id", id)
}

// settle gives each identifier to one element, headings first, and leads the links
// within the body to them.
func (p *pass) settle() {
	for _, n := range p.anchors {
		id := p.prefix + get(n, "id")
		if p.ids[id] {
			unset(n, "id")
			if n.Data == "a" && get(n, "href") == "" {
				unwrap(n)
			}
			continue
		}
		p.give(n, id)
	}
	for _, n := range p.inner {
		if id := p.prefix + strings.TrimPrefix(get(n, "href"), "#"); p.ids[id] {
			set(n, "href", "#"+id)
		}
	}
}
