package site

import (
	"bytes"
	"encoding/base64"
	"image"
	_ "image/gif"  // for DecodeConfig
	_ "image/jpeg" // for DecodeConfig
	_ "image/png"  // for DecodeConfig
	"math"
	"slices"
	"strconv"
	"strings"

	"agc-export/render/expression"
)

// svgBox is where an element may be painted, in its own units. known is false where that
// cannot be told without setting the picture.
type svgBox struct {
	x0, y0, x1, y1 float64
	known          bool
}

// area is how many millions of pixels a filter or a mask of an element covers at the most:
// those of the picture, or fewer where the element or the filter is known to be smaller.
func (t *svgTree) area(n *svgNode) float64 {
	whole, view := t.pixels()
	covered, said := t.filtered(n)
	if !said {
		box, edge := t.boxOf(n), reach(n)
		if !box.known {
			return whole
		}
		covered = max(covered, 1.44*(box.x1-box.x0+edge)*(box.y1-box.y0+edge))
	}
	for up := n; up != nil; up = up.up {
		area, _ := stretch(up)
		covered *= area
	}
	covered *= t.zoom * t.zoom
	if !(covered < view) { // NaN too
		return whole
	}
	return max(whole*covered/view, 0.002) // the picture may be smaller than the pixels of a layer
}

// filtered is the largest area that the filters of an element say themselves. said is
// false where there is an effect that hangs on the size of the element.
func (t *svgTree) filtered(n *svgNode) (covered float64, said bool) {
	said = len(n.styles("filter")) > 0
	for _, s := range n.style {
		if s.name != "filter" && t.effects(n, s) > 0 {
			said = false
		}
		filters := []*svgNode(nil)
		if s.name == "filter" {
			filters = t.refers(s.value)
			said = said && strings.Count(s.value, "(") == len(filters)
		}
		for _, f := range filters {
			r, ok := attrBox(f, "x", "y", "width", "height")
			switch {
			case f.attr("filterUnits") == "userSpaceOnUse" && ok:
				covered = max(covered, (r.x1-r.x0)*(r.y1-r.y0))
			case f.attr("width")+f.attr("height")+f.attr("href") != "":
				return math.Inf(1), true
			default:
				said = false
			}
		}
	}
	return covered, said
}

// reach is how far what is painted may stand out from the shape of an element, twice.
func reach(n *svgNode) (edge float64) {
	for _, v := range n.styles("filter") {
		if strings.Contains(v, "shadow") || strings.Contains(v, "blur") {
			edge += 6 * largest(v)
		}
	}
	for up := n; up != nil; up = up.up {
		edge += 2 * largest(up.attr("stroke-width"))
	}
	return edge
}

// pixels is the size of the whole picture in millions of pixels as it is shown, and in its
// own units.
func (t *svgTree) pixels() (whole, view float64) {
	w, h := math.Abs(largest(t.root.attr("width"))), math.Abs(largest(t.root.attr("height")))
	box := numbers(t.root.attr("viewBox"))
	view = w * h
	if len(box) == 4 {
		view = box[2] * box[3]
	}
	whole = w * h / 1e6
	if strings.ContainsAny(t.root.attr("width")+t.root.attr("height"), "%acehimnrtv") || w == 0 || h == 0 {
		whole = 2 // as large as a window
	}
	return min(max(whole, 0.25), 2), view
}

// svgZooms are the elements that have units of their own for what is in them.
var svgZooms = listed("svg symbol pattern mask marker clipPath")

// zooms is by how much elements are shown larger by the elements that use them.
func (t *svgTree) zooms() float64 {
	zoom, used := 1.0, map[*svgNode]bool{}
	var uses []*svgNode
	for _, n := range t.nodes {
		if n.name != "use" {
			continue
		}
		uses = append(uses, n)
		for _, target := range t.linked(n) {
			used[target] = true
		}
		zoom = max(zoom, grown(n))
	}
	for _, n := range uses {
		for up := n; up != nil && zoom > 1; up = up.up {
			if used[up] {
				return math.Inf(1) // use in use
			}
		}
	}
	return zoom
}

// grown is by how much an element is larger than it says, as a length.
func grown(n *svgNode) float64 {
	grown := 1.0
	for up := n; up != nil; up = up.up {
		_, length := stretch(up)
		grown *= length
	}
	return grown
}

// scale is how many pixels one unit of an element has at the most.
func (t *svgTree) scale(n *svgNode) float64 {
	whole, view := t.pixels()
	if view <= 0 {
		return math.Inf(1)
	}
	return grown(n) * t.zoom * math.Sqrt(whole*1e6/view)
}

// sweeps is how many pixels the lines of an element go through at the most, inside of the
// picture.
func (t *svgTree) sweeps(n *svgNode) (sum float64) {
	d := n.attr("d") + n.attr("points")
	if d == "" {
		return 0
	}
	scale := t.scale(n)
	for _, step := range steps(d) {
		if step > 0 {
			sum += min(step*scale, 1500)
		}
	}
	return sum
}

// lines is how long the line of a path is at the most, with a way back.
func lines(n *svgNode) (sum float64) {
	if len(n.styles("d")) > 0 {
		return math.Inf(1)
	}
	for _, step := range steps(n.attr("d") + n.attr("points")) {
		sum += step
	}
	for _, name := range []string{"x1", "y1", "x2", "y2"} {
		sum += math.Abs(largest(n.attr(name)))
	}
	return 2 * sum
}

// svgSteps are how many numbers each command of a path takes.
var svgSteps = map[byte]int{'M': 2, 'L': 2, 'T': 2, 'H': 1, 'V': 1, 'C': 6, 'S': 4, 'Q': 4, 'A': 7}

var svgToken = expression.New(`[A-Za-z]|` + svgNumber.String())

// steps are the lengths of the lines of a path.
func steps(d string) (all []float64) {
	var x, y float64
	command := byte('L')
	var args []float64
	for _, token := range svgToken.FindAllString(d, -1) {
		if token[0] >= 'A' {
			command, args = token[0], nil
			continue
		}
		f, _ := strconv.ParseFloat(token, 64) // what is too large is without bound
		args = append(args, f)
		if need := svgSteps[command&^0x20]; need == 0 || len(args) < need {
			continue
		}
		toX, toY, length := leads(command, args, x, y)
		all = append(all, length)
		x, y, args = toX, toY, args[:0]
	}
	return all
}

// leads is where a command of a path leads to, and the length of the way by all of the
// points that it names.
func leads(command byte, args []float64, x, y float64) (toX, toY, length float64) {
	toX, toY = x, y
	if command >= 'a' {
		x, y = 0, 0
	}
	fromX, fromY := toX-x, toY-y // what is added to all that is named
	switch command &^ 0x20 {
	case 'H':
		toX = fromX + args[0]
		return toX, toY, math.Abs(args[0] - x)
	case 'V':
		toY = fromY + args[0]
		return toX, toY, math.Abs(args[0] - y)
	case 'A':
		length, args = 4*(math.Abs(args[0])+math.Abs(args[1])), args[5:]
	}
	for i := 0; i+1 < len(args); i += 2 {
		length += math.Abs(args[i]-x) + math.Abs(args[i+1]-y)
		toX, toY = fromX+args[i], fromY+args[i+1]
	}
	return toX, toY, length
}

// stretch is by how much an element makes what is in it larger, as an area and as a length.
func stretch(n *svgNode) (area, length float64) {
	if svgZooms[n.name] && n.up != nil || len(slices.Concat(n.styles("scale"), n.styles("zoom"))) > 0 {
		return math.Inf(1), math.Inf(1)
	}
	area, length = 1, 1
	for _, css := range n.styles("transform") {
		for f := range strings.SplitSeq(css, ")") {
			name, list, _ := strings.Cut(f, "(")
			v := numbers(list)
			switch name = strings.ToLower(strings.Trim(name, " ,\t\r\n")); {
			case name == "" || name == "none" || strings.HasPrefix(name, "translate") || name == "rotate":
				continue
			case name == "matrix" && len(v) == 6:
			case name == "scale" && len(v) == 1:
				v = []float64{v[0], 0, 0, v[0]}
			case name == "scale" && len(v) == 2:
				v = []float64{v[0], 0, 0, v[1]}
			default:
				return math.Inf(1), math.Inf(1)
			}
			area *= max(1, math.Abs(v[0]*v[3]-v[1]*v[2]))
			length *= max(1, math.Hypot(v[0], v[1]), math.Hypot(v[2], v[3]))
		}
	}
	return area, length
}

// svgPlaces are properties of CSS that move or grow an element past its attributes.
const svgPlaces = "x y cx cy r rx ry width height scale zoom translate rotate offset offset-path font-size stroke-width"

var svgPlace = listed(svgPlaces)

// boxOf is where an element may be painted.
func (t *svgTree) boxOf(n *svgNode) svgBox {
	for _, s := range n.style {
		if svgPlace[s.name] {
			return svgBox{}
		}
	}
	var b svgBox
	var ok bool
	switch n.name {
	case "rect", "image":
		b, ok = attrBox(n, "x", "y", "width", "height")
	case "circle":
		b, ok = roundBox(n, "r", "r")
	case "ellipse":
		b, ok = roundBox(n, "rx", "ry")
	case "path", "line", "polyline", "polygon":
		long := lines(n)
		return svgBox{0, 0, long / 2, long / 2, true} // a line stays within half of its length where it comes back
	case "use":
		if used := t.linked(n); len(used) == 1 && len(used[0].styles("transform")) == 0 {
			return t.boxOf(used[0]) // somewhere else, but as large
		}
	case "g":
		if len(n.kids) == 1 && len(n.kids[0].styles("transform")) == 0 {
			return t.boxOf(n.kids[0])
		}
	}
	b.known = ok
	return b
}

// attrBox is the box that four attributes say, where they are plain numbers.
func attrBox(n *svgNode, x, y, width, height string) (svgBox, bool) {
	var v [4]float64
	for i, name := range []string{x, y, width, height} {
		text := strings.TrimSuffix(strings.TrimSpace(n.attr(name)), "px")
		list := numbers(text)
		if text == "" && i < 2 {
			continue
		}
		if len(list) != 1 || strings.ContainsAny(text, "%acehimnrtv(") {
			return svgBox{}, false
		}
		v[i] = list[0]
	}
	return svgBox{v[0], v[1], v[0] + v[2], v[1] + v[3], true}, v[2] >= 0 && v[3] >= 0
}

func roundBox(n *svgNode, rx, ry string) (svgBox, bool) {
	b, ok := attrBox(n, "cx", "cy", rx, ry)
	return svgBox{2*b.x0 - b.x1, 2*b.y0 - b.y1, b.x1, b.y1, true}, ok
}

// pixelsOf is the size of a raster picture in a picture.
func pixelsOf(n *svgNode) float64 {
	if n.name != "image" {
		return 0
	}
	_, data, ok := strings.Cut(n.attr("href"), ",")
	if !ok {
		return 0
	}
	head := strings.Join(strings.Fields(data[:min(len(data), 100_000)]), "")
	raw, _ := base64.StdEncoding.DecodeString(head[:len(head)/4*4])
	c, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return 1e6 // of a kind that Go does not read
	}
	return float64(c.Width) * float64(c.Height)
}
