package site

import (
	_ "embed"
	"errors"
	"slices"
	"strings"
	"sync"

	"agc-export/render/expression"

	"github.com/dop251/goja"
	"golang.org/x/net/html"
)

// A formula is set while the site is built: Temml (https://temml.org, in temml/ with its
// licence) turns TeX into MathML, which every browser shows without a script. It is
// written in JavaScript and runs here in goja, which has no way to a disk or a network.
// What it gives goes through an allow-list of its own, see mathML. The TeX stays in the
// formula as its annotation; where Temml cannot read it, it is shown as it is.
//
// Setting takes about a millisecond a formula, and what a hostile one could cost is bounded
// by counts alone, so that what is written never hangs on the machine: see tex_count.go for
// the steps. What is beyond a bound is shown as its TeX and told, see Body.Removed. With
// these bounds the worst formulas that were found take a quarter of a second and 20 MB, the
// worst pages a second and 40 MB.
const (
	texMost      = 1500      // bytes of a formula
	texDeep      = 24        // braces in each other
	texSteps     = 400_000   // steps of a formula
	texGrown     = 60_000    // bytes of MathML of one formula
	texPage      = 20_000    // bytes of all formulas of a body
	texPageSteps = 2_000_000 // steps of all of them, each form counted once
	texPageGrown = 1_500_000 // bytes of MathML of all of them
	texCache     = 1_000_000 // bytes of MathML that are kept
	texKept      = 200       // bytes that keeping takes beside the MathML
	texCalls     = 1500      // functions of Temml in each other
)

// texBeyond tells in Body.Removed that a formula is beyond the bounds. Its TeX is shown.
const texBeyond = "form of a formula beyond its bounds"

//go:embed temml/temml.min.js
var temml string

// temmlProgram is compiled once.
var temmlProgram = sync.OnceValues(func() (*goja.Program, error) {
	program, err := counted(temml)
	if err != nil {
		return nil, err
	}
	return goja.CompileAST(program, true)
})

// texDefines matches what defines macros or reads on in unforeseen ways.
var texDefines = expression.New(`\\(?:[gex]?def|let|futurelet|global|long|(?:re)?newcommand|providecommand|csname` +
	`|expandafter|catcode|begingroup)(?:[^A-Za-z]|$)`)

// setter sets formulas. It is safe for concurrent use. What it gives hangs on the formula
// alone, not on those before it: macros end with their formula, and a formula that was
// stopped takes the runtime with it.
type setter struct {
	mu    sync.Mutex
	vm    *goja.Runtime
	call  goja.Callable // nil: not started, or given up after a fault
	steps goja.Callable
	size  int
	kept  map[texKey]texForm
}

type texKey struct {
	tex   string
	block bool
}

// texForm is what became of a formula.
type texForm struct {
	text  string // "" where its TeX must do
	steps int    // that it took
}

// texSpent is what the formulas of a body have taken.
type texSpent struct {
	bytes, steps, grown int
	seen                map[texKey]string // what came of them
}

// mathML returns a formula as a math element, or nil where its TeX must do: because Temml
// cannot read it, or because it is beyond the bounds.
func (s *setter) mathML(tex string, block bool, spent *texSpent) (math *html.Node, beyond bool) {
	spent.bytes += len(tex)
	if len(tex) > texMost || depth(tex) > texDeep || spent.bytes > texPage {
		return nil, true
	}
	if texDefines.MatchString(tex) {
		return nil, false
	}
	text, beyond := s.within(texKey{tex, block}, spent)
	if text == "" {
		return nil, beyond
	}
	nodes, err := html.ParseFragment(strings.NewReader(text), element("body"))
	if err != nil || len(nodes) != 1 || nodes[0].Data != "math" || !cleanMath(nodes[0]) {
		return nil, false
	}
	return nodes[0], false
}

// within sets a formula with what a body has left to spend.
func (s *setter) within(key texKey, spent *texSpent) (text string, beyond bool) {
	text, seen := spent.seen[key]
	if !seen {
		left := min(texSteps, texPageSteps-spent.steps)
		form := s.set(key, left)
		if form.steps > left {
			spent.steps += left
			return "", true
		}
		if spent.seen == nil {
			spent.seen = map[texKey]string{}
		}
		text, spent.steps = form.text, spent.steps+form.steps
		spent.seen[key] = text
	}
	spent.grown += len(text)
	if len(text) > texGrown || spent.grown > texPageGrown {
		return "", true
	}
	return text, false
}

// set returns what Temml makes of a formula in a number of steps at most. Where it would
// take more, or is known to, the steps that are told are more than these.
func (s *setter) set(key texKey, most int) (form texForm) {
	if most <= 0 {
		return texForm{steps: 1}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if form, ok := s.kept[key]; ok {
		return form
	}
	defer func() {
		if recover() != nil { // a fault of goja costs the form of one formula
			s.call, form = nil, texForm{steps: texSteps + 1}
		}
	}()
	if s.call == nil && s.start() != nil {
		return texForm{}
	}
	v, err := s.call(goja.Undefined(), s.vm.ToValue(key.tex), s.vm.ToValue(key.block), s.vm.ToValue(most))
	n, bad := s.steps(goja.Undefined())
	if bad != nil {
		panic(bad)
	}
	form.steps = int(n.ToInteger())
	deep := new(goja.StackOverflowError)
	switch {
	case err == nil:
		form.text = v.String()
	case form.steps > most || errors.As(err, &deep): // stopped half-way
		s.call, form.steps = nil, texSteps+1
	}
	s.keep(key, form, most)
	return form
}

// keep remembers what became of a formula, unless it was stopped before its bound.
func (s *setter) keep(key texKey, form texForm, most int) {
	if len(form.text) > texGrown {
		form.text = form.text[:texGrown+1] // too much is all that there is to know
	}
	if form.steps > most && most < texSteps {
		return
	}
	if s.size += len(form.text) + len(key.tex) + texKept; s.size <= texCache {
		s.kept[key] = form
	}
}

// start loads Temml. It trusts no formula: no links, no pictures, no classes of its own.
func (s *setter) start() error {
	program, err := temmlProgram()
	if err != nil {
		return err
	}
	s.vm = goja.New()
	s.vm.SetMaxCallStackSize(texCalls)
	v, err := s.vm.RunProgram(program)
	if err != nil {
		return err
	}
	functions := v.ToObject(s.vm)
	s.steps, _ = goja.AssertFunction(functions.Get("steps"))
	s.call, _ = goja.AssertFunction(functions.Get("set"))
	if s.kept == nil {
		s.kept = map[texKey]texForm{}
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
	math, beyond := p.setter.mathML(strings.TrimSpace(tex), block, &p.tex)
	if beyond {
		p.tookAway(texBeyond, "")
	}
	if math == nil {
		return
	}
	if block {
		// it may scroll
		box := element("div", html.Attribute{Key: "class", Val: "formula"}, html.Attribute{Key: "tabindex", Val: "0"})
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
	mathElements = listed("annotation math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts " +
		"mroot mrow ms " +
		"mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics")
	mathAttributes = listed("accent accentunder columnspan depth display displaystyle encoding fence form height " +
		"largeop linethickness lspace " +
		"mathvariant maxsize minsize movablelimits notation rowspan rspace scriptlevel separator stretchy symmetric " +
		"voffset width")
	mathValue = matches(`^[A-Za-z0-9#.%+/ -]{1,60}$`)
	mathClass = matches(`^(?:tml-[a-z]{1,20}|mathcal|mathscr|menclose)$`)
	mathLine  = expression.New(`(?:^|;)border(?:-(left|right|top|bottom))?:[^;]`)
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
		// a cell beside an equation, for its number
		case fills && !slices.ContainsFunc(slices.Collect(c.Descendants()),
			func(d *html.Node) bool { return d.Type == html.TextNode }):
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
		if mathClass(name) {
			classes = append(classes, name)
		}
	}
	for _, m := range mathLine.FindAllStringSubmatch(get(n, "style"), -1) {
		classes = append(classes, strings.TrimSuffix("tml-line-"+m[1], "-"))
	}
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		if mathAttributes[a.Key] && a.Namespace == "" && mathValue(a.Val) {
			kept = append(kept, a)
		}
	}
	n.Attr = kept
	if len(classes) > 0 {
		set(n, "class", strings.Join(classes, " "))
	}
}
