package site

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"agc-export/render/expression"
)

// What a browser may have to do to paint a rebuilt picture. A picture that names its own
// parts can make it do 10^8 times what is written: eight levels of ten uses are 1.6 kB.
// Beyond these bounds a picture is not shown in its place, and stays a download.
const (
	svgPaints  = 150_000 // parts that are painted, with each instance of what is used
	svgClones  = 25_000  // elements that are made by using others
	svgSweeps  = 30e6    // pixels that lines go through
	svgEffects = 80      // pictures of a million pixels that are computed from others
	svgFill    = 0.01    // of these that an area is which is only filled
	svgImages  = 100e6   // pixels of pictures in it
	svgTries   = 1e6     // of rules of style sheets on elements
)

// svgCost is what painting an element takes, with all that is in it and that it names.
type svgCost struct {
	elements float64
	parts    float64 // elements, points and letters; sixteen of the latter are one
	clones   float64 // elements that are there by use
	shapes   float64 // elements that are painted themselves
	vertices float64 // points at which there may be markers
	sweeps   float64 // pixels that lines go through
	effects  float64 // millions of pixels of filters, masks and layers
	deep     float64 // filters in each other: an outer one makes the inner ones work on wider tiles
}

func (c *svgCost) add(o svgCost, times float64) {
	if times == 0 {
		return // of what is without bound, too
	}
	c.elements += o.elements * times
	c.parts += o.parts * times
	c.clones += o.clones * times
	c.shapes += o.shapes * times
	c.vertices += o.vertices * times
	c.sweeps += o.sweeps * times
	c.effects += o.effects * times
	c.deep = max(c.deep, o.deep)
}

// apart is the cost of what is painted for another element, which keeps its own.
func (c svgCost) apart() svgCost {
	c.shapes, c.vertices = 0, 0
	return c
}

// svgAsides are the elements that are painted only where others name them.
var svgAsides = listed("defs symbol clipPath mask pattern marker linearGradient radialGradient filter style title desc")

// svgShapes are the elements that have paint of their own.
var svgShapes = listed("path rect circle ellipse line polyline polygon text tspan textPath image use")

// svgLayers are the properties that give an element a picture of its own.
var svgLayers = listed("mix-blend-mode will-change backdrop-filter perspective")

// svgEffect matches what makes a browser paint into a picture of its own first.
var svgEffect = expression.New(`(?i)url\(|blur\(|shadow|(?:contrast|brightness|grayscale|invert|opacity|saturate` +
	`|sepia|hue-rotate)\(|gradient\(`)

// bounded tells whether a picture can be painted within the bounds. One whose parts name
// themselves, by whatever way, is not.
func (t *svgTree) bounded() bool {
	if t.odd || t.tries > svgTries {
		return false
	}
	pixels := 0.0
	for _, n := range t.nodes {
		pixels += pixelsOf(n)
	}
	c, ok := t.costOf(t.root)
	return ok && c.parts <= svgPaints && c.clones <= svgClones && c.sweeps <= svgSweeps && c.effects <= svgEffects &&
		pixels <= svgImages
}

// costOf reckons the cost of an element once. ok is false where it comes back to itself.
func (t *svgTree) costOf(n *svgNode) (c svgCost, ok bool) {
	if n.state != 0 {
		return n.cost, n.state == 2
	}
	n.state = 1
	own := t.own(n)
	c = own
	for _, kid := range n.kids {
		k, ok := t.costOf(kid)
		if !ok {
			return c, false
		}
		if svgAsides[kid.name] {
			k = svgCost{elements: k.elements, parts: k.parts}
		}
		c.add(k, 1)
	}
	named, ok := t.named(n, c.deep)
	c.add(named, 1)
	if !ok || !t.painted(n, own, &c) {
		return c, false
	}
	if n.name == "use" {
		c.clones = c.elements
	}
	n.cost, n.state = c, 2
	return c, true
}

// named is the cost of what an element takes over, is cut out by, or is filtered with.
// deep is how many filters stand in each other in it.
func (t *svgTree) named(n *svgNode, deep float64) (c svgCost, ok bool) {
	targets := t.linked(n)
	effects := 0.0
	for _, s := range n.style {
		if !svgInherits[s.name] {
			targets = append(targets, t.refers(s.value)...)
			effects += t.effects(n, s)
		}
	}
	c, ok = t.all(targets)
	c.deep = max(c.deep, deep)
	if len(n.styles("filter")) > 0 {
		effects *= 1 + c.deep/4
		c.deep++
	}
	if svgShapes[n.name] && n.name != "use" && n.name != "tspan" {
		effects += svgFill
	}
	if ok && effects > 0 {
		c.effects += effects * t.area(n)
	}
	return c, ok
}

// all adds up the costs of elements.
func (t *svgTree) all(nodes []*svgNode) (c svgCost, ok bool) {
	for _, n := range nodes {
		k, ok := t.costOf(n)
		if !ok {
			return c, false
		}
		c.add(k, 1)
	}
	return c, true
}

// painted adds what an element is painted with: patterns for itself and, where it uses
// others, for them, and markers at each of its points.
func (t *svgTree) painted(n *svgNode, own svgCost, c *svgCost) bool {
	if !svgShapes[n.name] {
		return true
	}
	paint, ok := t.all(t.refers(slices.Concat(n.styles("fill"), n.styles("stroke"))...))
	if !ok {
		return false
	}
	var markers svgCost
	for _, name := range []string{"marker", "marker-start", "marker-mid", "marker-end"} {
		m, ok := t.all(t.refers(n.styles(name)...))
		if !ok {
			return false
		}
		markers.add(m, 1)
	}
	markers.add(paint.apart(), markers.shapes)
	shapes, vertices := own.shapes, own.vertices
	if n.name == "use" {
		shapes, vertices = c.shapes, c.vertices
	}
	c.add(paint.apart(), shapes)
	c.add(markers.apart(), vertices)
	return true
}

// own is the cost of an element alone.
func (t *svgTree) own(n *svgNode) svgCost {
	points := float64(n.text)
	for _, name := range []string{"d", "points", "x", "y", "dx", "dy", "rotate", "tableValues", "values"} {
		points += float64(len(n.attr(name))) / 2
	}
	for _, name := range []string{"x", "y", "dx", "dy", "rotate"} { // letters that are set one by one
		if len(n.attr(name)) < 20 {
			continue
		}
		points += 100 * float64(len(strings.FieldsFunc(n.attr(name),
			func(r rune) bool { return r == ' ' || r == ',' })))
	}
	for _, d := range n.styles("d") {
		points += float64(len(d)) / 2
	}
	c := svgCost{elements: 1, parts: 1 + points/16 + dashes(n)/16, sweeps: t.sweeps(n)}
	if svgShapes[n.name] {
		c.shapes, c.vertices = 1, points+4
	}
	return c
}

// dashes is how many dashes the line of an element may have.
func dashes(n *svgNode) float64 {
	if !svgShapes[n.name] {
		return 0
	}
	most := 0.0
	for _, v := range n.styles("stroke-dasharray") {
		sum := 0.0
		for _, f := range numbers(v) {
			sum += math.Abs(f)
		}
		if strings.Contains(v, "(") {
			sum = 0.001
		}
		if sum > 0 {
			most = max(most, length(n)/sum*2)
		}
	}
	return most
}

// length is how long the line of an element is at the most.
func length(n *svgNode) float64 {
	if p := numbers(n.attr("pathLength")); len(p) > 0 {
		return math.Abs(p[0])
	}
	if n.name == "use" {
		return 0
	}
	sum := float64(n.text) * 500
	for _, name := range []string{"d", "points", "x1", "x2", "y1", "y2", "r", "rx", "ry", "width", "height"} {
		for _, f := range numbers(n.attr(name)) {
			sum += 4 * math.Abs(f)
		}
	}
	return sum
}

var svgNumber = expression.New(`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`)

// numbers are the numbers in a text, whatever their units.
func numbers(s string) (all []float64) {
	for _, m := range svgNumber.FindAllString(s, -1) {
		f, _ := strconv.ParseFloat(m, 64) // what is too large is without bound
		all = append(all, f)
	}
	return all
}

// effects is how many pictures a browser computes for what is declared.
func (t *svgTree) effects(n *svgNode, s svgStyle) (sum float64) {
	low := strings.ToLower(strings.TrimSpace(s.value))
	switch {
	case low == "" || low == "none" || low == "normal":
	case s.name == "filter":
		sum = float64(len(svgEffect.FindAllString(low, -1)))
		for _, f := range t.refers(s.value) {
			sum += primitives(f, t.scale(n))
		}
	case s.name == "mask":
		sum = 0.5
	case s.name == "clip-path":
		sum = 0.05
	case strings.Contains(s.name, "shadow"):
		sum = 1 + float64(strings.Count(low, ","))
	case svgLayers[s.name], strings.Contains(low, "3d("):
		sum = 0.2
	case s.name == "opacity" && len(n.kids)+len(t.linked(n)) > 0 && low != "1":
		sum = 0.03
	case strings.Contains(low, "gradient("):
		sum = float64(strings.Count(low, "gradient("))
	}
	return sum
}

// primitives is how many pictures a filter computes: each of its steps takes the results
// of others, which are computed again for each that takes them. scale is the pixels of one
// of its units.
func primitives(filter *svgNode, scale float64) float64 {
	results := map[string]float64{}
	last, sum := 0.0, 0.0
	input := func(n *svgNode, name string) float64 {
		v := n.attr(name)
		if r, ok := results[v]; ok {
			return r
		}
		if v == "SourceGraphic" || v == "SourceAlpha" {
			return 0
		}
		return last
	}
	for _, p := range filter.kids {
		cost := 1.0
		if radius := largest(p.attr("radius")); radius > 0 {
			cost += 0.7 * min(radius*scale, 1000) // each pixel is sought so far around
		}
		switch p.name {
		case "feMerge":
			for _, m := range p.kids {
				cost += 0.25 + input(m, "in")
			}
		case "feBlend", "feComposite":
			cost += input(p, "in") + input(p, "in2")
		case "feFlood":
		case "feDropShadow":
			cost += 2 + input(p, "in")
		default:
			cost += input(p, "in")
		}
		if r := p.attr("result"); r != "" {
			results[r] = cost
		}
		last, sum = cost, sum+1
	}
	most := max(last, sum)
	return most * (1 + most/8) // each step works on wider tiles than the next
}

func largest(s string) (most float64) {
	for _, f := range numbers(s) {
		most = max(most, f)
	}
	return most
}
