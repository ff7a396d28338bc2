package site

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/dop251/goja"
	"golang.org/x/net/html"
)

// A formula is set while the site is built: Temml (https://temml.org, in temml/ with its
// licence) turns TeX into MathML, which every browser shows without a script. It is
// written in JavaScript and runs here in goja, which has no way to a disk or a network.
// What it gives goes through an allow-list of its own, see mathML. The TeX stays in the
// formula as its annotation; where Temml cannot read it, it is shown as it is.
//
// Setting takes about 2 ms a formula. What a hostile one could cost is bounded by its
// length and depth and by the sum on a page, and none may define macros, which can grow
// without end: with these bounds the worst that were found take half a second.
const (
	texMost  = 1500      // bytes of a formula
	texDeep  = 24        // braces in each other
	texPage  = 20_000    // bytes of all formulas of a body
	texCache = 1_000_000 // bytes of MathML that are kept
	texGrown = 60_000    // bytes of MathML of one formula
)

//go:embed temml/temml.min.js
var temml string

// temmlProgram is compiled once.
var temmlProgram = sync.OnceValues(func() (*goja.Program, error) { return goja.Compile("temml.min.js", temml, true) })

// texDefines matches what defines macros or reads on in unforeseen ways.
var texDefines = regexp.MustCompile(`\\(?:[gex]?def|let|futurelet|global|long|(?:re)?newcommand|providecommand|csname|expandafter|catcode|begingroup)(?:[^A-Za-z]|$)`)

// setter sets formulas. It is safe for concurrent use.
type setter struct {
	mu   sync.Mutex
	call goja.Callable // nil: not started, or given up after a fault
	vm   *goja.Runtime
	size int
	kept map[texKey]string
}

type texKey struct {
	tex   string
	block bool
}

// mathML returns a formula as a math element, or nil where its TeX must do.
func (s *setter) mathML(tex string, block bool) *html.Node {
	if len(tex) > texMost || depth(tex) > texDeep || texDefines.MatchString(tex) {
		return nil
	}
	text := s.set(texKey{tex, block})
	if text == "" {
		return nil
	}
	nodes, err := html.ParseFragment(strings.NewReader(text), element("body"))
	if err != nil || len(nodes) != 1 || nodes[0].Data != "math" || !cleanMath(nodes[0]) {
		return nil
	}
	return nodes[0]
}

// set returns what Temml makes of a formula, or "".
func (s *setter) set(key texKey) (text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text, ok := s.kept[key]; ok {
		return text
	}
	defer func() {
		if recover() != nil { // a fault of goja costs the form of one formula
			s.call, text = nil, ""
		}
	}()
	if s.call == nil && s.start() != nil {
		return ""
	}
	v, err := s.call(goja.Undefined(), s.vm.ToValue(key.tex), s.vm.ToValue(key.block))
	if err == nil && len(v.String()) <= texGrown {
		text = v.String()
	}
	if s.size += len(text) + len(key.tex); s.size <= texCache {
		s.kept[key] = text
	}
	return text
}

// start loads Temml. It trusts no formula: no links, no pictures, no classes of its own.
func (s *setter) start() error {
	program, err := temmlProgram()
	if err != nil {
		return err
	}
	s.vm = goja.New()
	s.vm.SetMaxCallStackSize(1500)
	if _, err := s.vm.RunProgram(program); err != nil {
		return err
	}
	v, err := s.vm.RunString(`((tex, block) => temml.renderToString(tex, { displayMode: block, annotate: true, throwOnError: true, trust: false, maxExpand: 200, maxSize: [50, 50] }))`)
	if err != nil {
		return err
	}
	s.call, _ = goja.AssertFunction(v)
	if s.kept == nil {
		s.kept = map[texKey]string{}
	}
	return nil
}

// depth is how many braces of a formula stand in each other at the most.
func depth(tex string) int {
	now, most := 0, 0
	for _, c := range tex {
		switch c {
		case '{':
			now++
			most = max(most, now)
		case '}':
			now--
		}
	}
	return most
}

// formula sets the TeX that an element holds and puts it in the element's place.
func (p *pass) formula(n *html.Node, tex string, block bool) {
	if p.tex += len(tex); p.tex > texPage {
		return
	}
	math := p.setter.mathML(strings.TrimSpace(tex), block)
	if math == nil {
		return
	}
	if block {
		box := element("div", html.Attribute{Key: "class", Val: "formula"}, html.Attribute{Key: "tabindex", Val: "0"}) // it may scroll
		box.AppendChild(math)
		math = box
	}
	n.Parent.InsertBefore(math, n)
	n.Parent.RemoveChild(n)
}

// mathElements are the elements of MathML Core that a formula may hold, and
// mathAttributes the attributes of any of them.
// https://www.w3.org/TR/mathml-core/
var (
	mathElements = listed("annotation math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms " +
		"mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics")
	mathAttributes = listed("accent accentunder columnspan depth display displaystyle encoding fence form height largeop linethickness lspace " +
		"mathvariant maxsize minsize movablelimits notation rowspan rspace scriptlevel separator stretchy symmetric voffset width")
	mathValue = regexp.MustCompile(`^[A-Za-z0-9#.%+/ -]{1,60}$`)
	mathClass = regexp.MustCompile(`^(?:tml-[a-z]{1,20}|mathcal|mathscr|menclose)$`)
	mathLine  = regexp.MustCompile(`(?:^|;)border(?:-(left|right|top|bottom))?:[^;]`)
)

func listed(names string) map[string]bool {
	all := map[string]bool{}
	for _, name := range strings.Fields(names) {
		all[name] = true
	}
	return all
}

// cleanMath keeps of a formula what the lists have. Styles, which no page may hold,
// become classes where they draw lines; colours go, for they were chosen for one ground.
// false: something is there that should not be.
func cleanMath(n *html.Node) bool {
	for c := n.FirstChild; c != nil; {
		next, fills := c.NextSibling, c.Data == "mtd" && strings.Contains(get(c, "style"), "width:50%")
		switch {
		case c.Type == html.TextNode:
		case c.Type != html.ElementNode:
			return false
		case c.Namespace == "" && c.Data == "span": // stands for a number that the style sheet of Temml counts
			n.RemoveChild(c)
		case !cleanMath(c):
			return false
		case fills && !slices.ContainsFunc(slices.Collect(c.Descendants()), func(d *html.Node) bool { return d.Type == html.TextNode }): // a cell beside an equation, for its number
			n.RemoveChild(c)
		}
		c = next
	}
	if n.Namespace != "math" || !mathElements[n.Data] {
		return false
	}
	mathAttrs(n)
	return true
}

func mathAttrs(n *html.Node) {
	var classes []string
	for _, name := range strings.Fields(get(n, "class")) {
		if mathClass.MatchString(name) {
			classes = append(classes, name)
		}
	}
	for _, m := range mathLine.FindAllStringSubmatch(get(n, "style"), -1) {
		classes = append(classes, strings.TrimSuffix("tml-line-"+m[1], "-"))
	}
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		if mathAttributes[a.Key] && a.Namespace == "" && mathValue.MatchString(a.Val) {
			kept = append(kept, a)
		}
	}
	n.Attr = kept
	if len(classes) > 0 {
		set(n, "class", strings.Join(classes, " "))
	}
}
