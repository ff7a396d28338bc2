package markdown

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"agc-export/render/expression"
	"agc-export/render/storage"
)

// call is a macro as it stands in a page.
type call struct {
	*storage.Node
	name   string // in lower case
	inline bool   // it stands in running text
	// Which of its bodies the macro's function has asked for, to show or to withhold it.
	tookRich, tookPlain bool
	told                map[*storage.Node]bool // parameters that the page shows as its text
	asked               []string               // parameters that the macro's function knows, as it names them
	room                [8]string              // for these
	listed              bool                   // a note shows all parameters, or nobody may see them
	list                []parameter            // see parameters
}

// parameter is one of a call: its name and the element that holds its value.
type parameter struct {
	name string
	*storage.Node
}

// value returns a parameter's text in one line; several values have commas between.
func (p parameter) value() string {
	var list []string
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		if c.Name == "ac:adf-parameter-value" {
			list = append(list, c.TextContent())
		}
	}
	if list == nil {
		list = []string{p.TextContent()}
	}
	return strings.Join(strings.Fields(strings.Join(list, ", ")), " ")
}

// parameters returns those of a call in order. A node of the new editor has them elsewhere (adf.go).
func (c *call) parameters() []parameter {
	if c.list != nil || c.Node.Name == "ac:adf-node" {
		return c.list
	}
	for p := c.FirstChild; p != nil; p = p.NextSibling {
		switch p.Name {
		case "ac:parameter":
			c.list = append(c.list, parameter{first(p.Get("ac:name"), p.Get("name")), p})
		case "ac:default-parameter":
			c.list = append(c.list, parameter{"", p})
		}
	}
	return c.list
}

// param returns the text of a parameter, or "". The unnamed parameter has the name "".
func (c *call) param(names ...string) string {
	for _, name := range names {
		if p := c.parameter(name); p != nil {
			if s := strings.TrimSpace(p.TextContent()); s != "" {
				return s
			}
		}
	}
	return ""
}

// parameter returns the element of a parameter, or nil. Names are compared without
// regard to case, as Confluence's own macros use both.
func (c *call) parameter(name string) *storage.Node {
	if c.asked == nil {
		c.asked = c.room[:0]
	}
	if !slices.Contains(c.asked, name) {
		c.asked = append(c.asked, name)
	}
	for _, p := range c.parameters() {
		if strings.EqualFold(p.name, name) ||
			p.Node.Name == "ac:adf-parameter" && strings.EqualFold(hyphens.Replace(p.name), name) {
			return p.Node
		}
	}
	return nil
}

// hyphens takes from an app's names what the old ones did not have: diagram-name is the
// macro's diagramName.
var hyphens = strings.NewReplacer("-", "", "_", "")

// on tells whether a parameter says yes.
func (c *call) on(name string) bool { return strings.EqualFold(c.param(name), "true") }

// target returns what a parameter names: a resource identifier, an address, or the title of
// a page, after "SPACE:" if it lies in another space.
func (c *call) target(names ...string) (Target, bool) {
	for _, name := range names {
		p := c.parameter(name)
		if p == nil {
			continue
		}
		if t, ok := targetOf(p); ok {
			return t, true
		}
		if s := strings.TrimSpace(p.TextContent()); s != "" {
			if bareAddress.MatchString(s) {
				return urlTarget(s), true
			}
			if space, title, ok := strings.Cut(s, ":"); ok && spaceKey.MatchString(space) {
				return Target{Kind: TargetPage, SpaceKey: space, Title: title}, true
			}
			return Target{Kind: TargetPage, Title: s}, true
		}
	}
	return Target{}, false
}

var spaceKey = expression.New(`^(~?[A-Za-z0-9]+|~[A-Za-z0-9._:-]+)$`)

// place returns what shall stand in the macro's place: a paragraph unless the macro
// stands in running text.
func (c *call) place(n *html.Node) *html.Node {
	if c.inline {
		return n
	}
	return with(el("p"), n)
}

// rich returns the macro's body of blocks, or nil.
func (c *call) rich() *storage.Node {
	c.tookRich = true
	return c.Child("ac:rich-text-body", "ac:adf-content")
}

// plain returns the macro's literal body, and whether it has one.
func (c *call) plain() (string, bool) {
	c.tookPlain = true
	if b := first(c.Child("ac:plain-text-body"), c.parameter(appBody)); b != nil {
		return literalOf(b), true
	}
	return "", false
}

// literalOf returns the text of a literal body. What is blank around its CDATA sections only indents the source, as
// programs that write bodies do.
func literalOf(body *storage.Node) string {
	begin, end := body.FirstChild, body.LastChild
	indents := func(n *storage.Node) bool {
		return n != nil && n.IsText() && !n.Verbatim && strings.TrimSpace(n.Text) == ""
	}
	if indents(begin) && begin.NextSibling != nil && begin.NextSibling.Verbatim {
		begin = begin.NextSibling
	}
	if indents(end) && end.PrevSibling != nil && end.PrevSibling.Verbatim {
		end = end.PrevSibling
	}
	if begin == body.FirstChild && end == body.LastChild {
		return body.TextContent()
	}
	var b strings.Builder
	for n := begin; n != nil; n = n.NextSibling {
		b.WriteString(n.TextContent())
		if n == end {
			break
		}
	}
	return b.String()
}

// macroCall reads a macro's element, but for where it stands.
func macroCall(n *storage.Node) *call {
	return &call{Node: n, name: macroName(n)}
}

// isMacro tells the calls of macros, of old pages too.
func isMacro(n *storage.Node) bool { return n.Name == "ac:structured-macro" || n.Name == "ac:macro" }

// macroName returns the name of a macro, or "" of what is none.
func macroName(n *storage.Node) string {
	if !isMacro(n) {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(first(n.Get("ac:name"), n.Get("name"))))
}

// runMacro resolves a macro by the table.
func runMacro(r *resolver, dst *html.Node, n *storage.Node) {
	c := macroCall(n)
	c.inline = r.inText(n)
	if run := r.macroOf(c.name).run; run != nil {
		run(r, dst, c)
		r.unasked(dst, c)
	} else {
		unknown(r, dst, c)
	}
	r.leftOver(dst, c)
	for d := n.FirstChild; d != nil; d = d.NextSibling {
		if !part[d.Name] || d.IsText() && !isSpace(d.Text) || bodyParts[d.Name] && n.Child(d.Name) != d {
			r.node(dst, d) // no part of a macro, but somebody wrote it
		}
	}
}

// Knows tells whether a macro, by its name in lower case, has a form of its own: all others show their name and text.
func Knows(name string) bool {
	r := resolver{macros: macros}
	return r.macroOf(name).run != nil
}

// macroOf returns the row of a macro's name, or that of the family that the name tells, or
// one of guarded where the name says that some readers only see it; else an empty one.
func (r *resolver) macroOf(name string) row {
	if m, ok := r.macros[name]; ok {
		return m
	}
	if forSome(name) {
		return row{run: guarded}
	}
	for _, f := range families {
		if strings.Contains(name, f.part) {
			return f.row
		}
	}
	return row{}
}

// leftOver shows the bodies that the macro's function has not asked for. Lists and the
// like have none by design, but apps and imports write what they please, and somebody
// wrote it.
func (r *resolver) leftOver(dst *html.Node, c *call) {
	rich := !c.tookRich && c.rich() != nil
	plain := !c.tookPlain && first(c.Child("ac:plain-text-body"), c.parameter(appBody)) != nil
	if (rich || plain) && c.inline {
		addText(dst, " ")
	}
	if rich {
		r.showRich(dst, c)
	}
	if plain {
		r.showPlain(dst, c)
	}
	if (rich || plain) && c.inline {
		addText(dst, " ")
	}
}

// part are the elements of which a macro consists.
var part = map[string]bool{
	"": true, "ac:parameter": true, "ac:default-parameter": true, "ac:rich-text-body": true, "ac:plain-text-body": true,
	"ac:adf-mark": true,
}

// bodyParts are the bodies of a macro, which has one of each at most.
var bodyParts = map[string]bool{"ac:rich-text-body": true, "ac:plain-text-body": true}

// inText tells whether a node stands in running text: in a paragraph, heading or
// inline element that holds more than it, or beside text.
func (r *resolver) inText(n *storage.Node) bool {
	if blockName(n.Parent.Name) && n.Parent.Name != "p" && n.Parent.Name[0] != 'h' {
		return flows(n.PrevSibling) || flows(n.NextSibling)
	}
	switch n.Parent.Name {
	case "", "ac:layout-cell", "ac:rich-text-body", "ac:adf-content", "ac:task-body", "ac:layout-section", "ac:layout":
		return flows(n.PrevSibling) || flows(n.NextSibling)
	}
	prev := func(n *storage.Node) *storage.Node { return n.PrevSibling }
	next := func(n *storage.Node) *storage.Node { return n.NextSibling }
	return r.alongside(n, prev) || r.alongside(n, next)
}

// alongside tells whether a macro shares its line with text on one side. Macros that
// have a paragraph to themselves do not: they are blocks one after the other, unless one of
// two stands for a word.
func (r *resolver) alongside(n *storage.Node, step func(*storage.Node) *storage.Node) bool {
	word := r.macros[macroName(n)].inline
	for range 20 { // a bound, lest a paragraph of macros take time in the square of their number
		n = step(n)
		switch {
		case n == nil || n.Name == "br":
			return false
		case n.IsText() && isSpace(n.Text), isMacro(n) && !word && !r.macros[macroName(n)].inline:
		default:
			return true
		}
	}
	return false
}

// show puts the macro's body in its place: blocks as they are, literal text as code.
func (r *resolver) show(dst *html.Node, c *call) {
	r.showRich(dst, c)
	r.showPlain(dst, c)
}

func (r *resolver) showRich(dst *html.Node, c *call) {
	b := c.rich()
	if b == nil {
		return
	}
	if p := onlyParagraph(b); p != nil && c.inline {
		addText(dst, " ")
		r.body(dst, p)
		addText(dst, " ")
		return
	}
	r.body(dst, b)
}

func (r *resolver) showPlain(dst *html.Node, c *call) {
	if s, ok := c.plain(); ok {
		addCode(dst, s, "", c.inline)
	}
}

// onlyParagraph returns the paragraph that is all that stands in a body, or nil.
func onlyParagraph(b *storage.Node) *storage.Node {
	var p *storage.Node
	for c := b.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.IsText() && isSpace(c.Text):
		case c.Name == "p" && p == nil:
			p = c
		default:
			return nil
		}
	}
	return p
}
