package site

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"strings"

	"agc-export/render/expression"
)

// svgNode is an element of a rebuilt picture.
type svgNode struct {
	name  string
	attrs []xml.Attr
	style []svgStyle // that it may have: all that attributes and style sheets say of it
	text  int        // bytes of text right in it
	up    *svgNode
	kids  []*svgNode

	cost  svgCost
	state int8 // of the walk that reckons the cost: 1 is under way, 2 is done
}

// svgStyle is a declaration of CSS.
type svgStyle struct{ name, value string }

// attr is the value of an attribute, or "".
func (n *svgNode) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// styles are the values that a property of an element may have.
func (n *svgNode) styles(name string) (values []string) {
	for _, s := range n.style {
		if s.name == name {
			values = append(values, s.value)
		}
	}
	return values
}

// svgTree is a rebuilt picture.
type svgTree struct {
	root  *svgNode
	nodes []*svgNode
	ids   map[string][]*svgNode
	tries int // of rules of style sheets on elements, each as often as it has parts

	odd  bool    // has style that cannot be followed
	zoom float64 // by how much an element may be shown larger than where it stands, as a length
}

// The properties that take over from the element around, and those that are of interest.
var (
	svgInherits = listed("fill stroke marker marker-start marker-mid marker-end stroke-dasharray")
	svgStyled   = listed(`fill stroke marker marker-start marker-mid marker-end stroke-dasharray filter mask clip-path
		transform opacity mix-blend-mode will-change backdrop-filter perspective all d ` + svgPlaces)
	svgRefer   = expression.New(`(?i)url\(\s*(?:"\s*#([^"]*)"|'\s*#([^']*)'|#([^\s)]*))`)
	svgUnclear = expression.New(`[(\[][^()\[\]]*[{};]`) // what ends a declaration, where it does not
	svgQuoted  = expression.New(`"[^"\n\r\f]*"|'[^'\n\r\f]*'`)
)

// readSVG reads what SVG has written.
func readSVG(svg []byte) *svgTree {
	t := &svgTree{ids: map[string][]*svgNode{}}
	var now *svgNode
	var sheets strings.Builder
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if err != nil {
			break
		}
		switch e := token.(type) {
		case xml.StartElement:
			now = t.add(now, e)
		case xml.EndElement:
			now = now.up
		case xml.CharData:
			if now != nil && now.name == "style" {
				sheets.Write(e)
			} else if now != nil {
				now.text += len(e)
			}
		}
	}
	t.sheet(sheets.String())
	for _, n := range t.nodes {
		t.inherit(n)
	}
	t.zoom = t.zooms()
	return t
}

func (t *svgTree) add(up *svgNode, e xml.StartElement) *svgNode {
	n := &svgNode{name: e.Name.Local, attrs: e.Attr, up: up}
	for _, a := range e.Attr {
		if name := a.Name.Local; svgStyled[name] && !svgPlace[name] && name != "d" {
			n.style = append(n.style, svgStyle{name, a.Value})
		}
	}
	if up == nil {
		t.root = n
	} else {
		up.kids = append(up.kids, n)
	}
	t.nodes = append(t.nodes, n)
	if id := n.attr("id"); id != "" {
		t.ids[id] = append(t.ids[id], n)
	}
	n.style = append(n.style, t.declared(n.attr("style"))...)
	return n
}

// declared are the declarations of CSS that are of interest. Values that are found by
// another name than their own, and those that are taken over whole, cannot be followed.
func (t *svgTree) declared(css string) (all []svgStyle) {
	t.odd = t.odd || svgUnclear.MatchString(css)
	for d := range strings.SplitSeq(css, ";") {
		name, value, _ := strings.Cut(d, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		if svgStyled[name] || strings.Contains(name, "shadow") || svgEffect.MatchString(value) {
			t.odd = t.odd || name == "all" || strings.HasPrefix(name, "--")
			all = append(all, svgStyle{name, value})
		}
	}
	return all
}

// sheet gives the rules of style sheets to the elements that they may be for, by the last
// part of their selectors. All other conditions count as met.
func (t *svgTree) sheet(css string) {
	t.odd = t.odd || svgUnclear.MatchString(css)
	css = svgQuoted.ReplaceAllStringFunc(css, func(s string) string {
		if in := strings.TrimSpace(s[1 : len(s)-1]); strings.HasPrefix(in, "#") && !strings.ContainsAny(in, " )") {
			return in // of an address
		}
		return ""
	})
	t.odd = t.odd || strings.ContainsAny(css, `"'`)
	by := t.kinds()
	for css != "" && t.tries <= svgTries {
		selectors, rest, _ := strings.Cut(css, "{")
		body, rest, _ := strings.Cut(rest, "}")
		css = rest
		if strings.Contains(body, "{") { // rules in rules
			selectors, body = "*", strings.ReplaceAll(body, "{", ";")
		}
		style := t.declared(body)
		for s := range strings.SplitSeq(selectors, ",") {
			t.rule(s, style, by)
		}
	}
}

// kinds are the elements by their names, their identifiers and their classes.
func (t *svgTree) kinds() map[string][]*svgNode {
	by := map[string][]*svgNode{"": t.nodes}
	for _, n := range t.nodes {
		by[n.name] = append(by[n.name], n)
		if id := n.attr("id"); id != "" {
			by["#"+id] = append(by["#"+id], n)
		}
		for c := range strings.FieldsSeq(n.attr("class")) {
			by["."+c] = append(by["."+c], n)
		}
	}
	return by
}

// rule gives style to the elements of a selector.
func (t *svgTree) rule(selector string, style []svgStyle, by map[string][]*svgNode) {
	found := by[selected(selector)]
	parts := 1 + len(strings.FieldsFunc(selector, func(r rune) bool { return strings.ContainsRune(" >+~\t\n\r", r) }))
	if strings.Contains(selector, "(") {
		parts += len(t.nodes) / 10 // it may look at all others
	}
	if t.tries += (len(found) + 1) * (parts + len(style)); t.tries > svgTries {
		return
	}
	for _, n := range found {
		n.style = append(n.style, style...)
	}
}

// svgLast is the part of a selector by which a browser finds its elements.
var svgLast = expression.New(`^([a-zA-Z]+)?([.#][^.#:\[\]()*]+)?([.#:\[][^()]*(?:\([^()]*\))?)?$`)

// selected is the name, the class or the identifier that a selector wants, or "" for any.
func selected(selector string) string {
	fields := strings.Fields(selector)
	if len(fields) == 0 {
		return ""
	}
	last := fields[len(fields)-1]
	last = last[strings.LastIndexAny(last, ">+~")+1:]
	m := svgLast.FindStringSubmatch(last)
	switch {
	case m == nil:
		return ""
	case m[2] != "":
		return m[2]
	}
	return m[1]
}

// inherit completes the style of an element by that of the one around it.
func (t *svgTree) inherit(n *svgNode) {
	if n.up == nil {
		return
	}
	own, open := map[string]bool{}, map[string]bool{}
	for _, s := range n.style {
		own[s.name] = true
		open[s.name] = open[s.name] || strings.Contains(strings.ToLower(s.value), "inherit")
	}
	for _, s := range n.up.style {
		if svgInherits[s.name] && !own[s.name] || open[s.name] {
			n.style = append(n.style, s)
		}
	}
}

// refers are the elements that values name.
func (t *svgTree) refers(values ...string) (all []*svgNode) {
	for _, v := range values {
		if !strings.Contains(v, "#") {
			continue
		}
		for _, m := range svgRefer.FindAllStringSubmatch(v, -1) {
			name := m[1] + m[2] + m[3]
			all = append(all, t.ids[name]...)
			if id, err := url.PathUnescape(name); err == nil && id != name {
				all = append(all, t.ids[id]...)
			}
		}
	}
	return all
}

// linked is what an element takes over by its href.
func (t *svgTree) linked(n *svgNode) []*svgNode {
	if id, ok := strings.CutPrefix(n.attr("href"), "#"); ok {
		return t.ids[id]
	}
	return nil
}
