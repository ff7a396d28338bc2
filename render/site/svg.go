package site

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"strings"

	"agc-export/render/expression"
)

// What an SVG may be at most: bytes, elements, and elements within each other.
const (
	SVGMost     = 2_000_000
	svgElements = 100_000
	svgDepth    = 200
)

// svgTags are the elements of a picture that is rebuilt. What is not here goes with all
// that is in it: scripts, foreign content, animations (which may set a link), but for the
// contents of svgThrough. https://www.w3.org/TR/SVG2/eltindex.html
var svgTags = wordSet(`svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan
	textPath linearGradient radialGradient stop clipPath mask pattern marker image style filter feBlend feColorMatrix
	feComponentTransfer feComposite feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge
	feMergeNode feMorphology feOffset feTile`)

// svgThrough are the elements that go while their contents stay.
var svgThrough = wordSet("a switch")

// svgAttrs are the attributes that stay, beside those of svgChecked. None of them loads or
// runs anything; a value with an address other than of a part of the picture goes all the
// same.
var svgAttrs = wordSet(`id class viewBox preserveAspectRatio version width height x y x1 y1 x2 y2 cx cy r rx ry fx fy
	fr d points pathLength transform gradientTransform gradientUnits patternTransform patternUnits patternContentUnits
	spreadMethod offset clipPathUnits maskUnits maskContentUnits markerWidth markerHeight markerUnits refX refY orient
	dx dy rotate textLength lengthAdjust startOffset method spacing fill fill-opacity fill-rule stroke stroke-width
	stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color
	stop-color stop-opacity clip-path clip-rule mask marker-start marker-mid marker-end filter font-family font-size
	font-style font-weight font-variant font-stretch text-anchor text-decoration dominant-baseline alignment-baseline
	baseline-shift letter-spacing word-spacing writing-mode direction unicode-bidi display visibility overflow
	shape-rendering text-rendering image-rendering color-interpolation color-interpolation-filters paint-order
	vector-effect flood-color flood-opacity lighting-color in in2 result stdDeviation operator k1 k2 k3 k4 radius mode
	values type tableValues slope intercept amplitude exponent filterUnits primitiveUnits space lang role aria-label
	style href`)

// inPicture matches addresses of a part of the picture itself.
var inPicture = expression.New(`^#[\pL\pN_.:-]+$`)

// SVG rebuilds a picture from an allow-list, so that it runs nothing and loads nothing
// wherever it is opened. ok is false for what is no picture, or too large, or not whole, or
// would keep a browser busy, see svg_cost.go.
func SVG(src []byte) (out []byte, ok bool) {
	out, ok = rebuilt(src)
	if !ok || !readSVG(out).bounded() {
		return nil, false
	}
	return out, true
}

// rebuilt is the picture as the lists let it stand.
func rebuilt(src []byte) (out []byte, ok bool) {
	if len(src) > SVGMost {
		return nil, false
	}
	d := xml.NewDecoder(bytes.NewReader(src))
	r := &svgWriter{}
	for {
		t, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil || !r.token(t) {
			return nil, false
		}
	}
	return r.out.Bytes(), r.count > 0 && len(r.open) == 0
}

// svgWriter writes what it is given of a picture, as far as that may stand.
type svgWriter struct {
	out   bytes.Buffer
	open  []string // elements that are open: their names, "" for those that are not written
	gone  int      // of those, how many are left out with their contents
	style *strings.Builder
	count int
}

// token takes the next part of the source. ok is false where the picture is given up.
func (w *svgWriter) token(t xml.Token) (ok bool) {
	switch t := t.(type) {
	case xml.StartElement:
		return w.start(t)
	case xml.EndElement:
		w.end()
	case xml.CharData:
		switch {
		case w.gone > 0 || len(w.open) == 0:
		case w.style != nil:
			w.style.Write(t)
		default:
			xml.EscapeText(&w.out, t)
		}
	}
	return true // comments, instructions and doctypes go
}

func (w *svgWriter) start(e xml.StartElement) bool {
	name := e.Name.Local
	first := len(w.open) == 0
	w.count++
	ours := e.Name.Space == "" || e.Name.Space == "http://www.w3.org/2000/svg"
	known := ours && (svgTags[name] || svgThrough[name])
	if first && (!known || name != "svg" || w.count > 1) || w.count > svgElements || len(w.open) > svgDepth {
		return false
	}
	if w.gone > 0 || !known || w.style != nil {
		w.gone++
		w.open = append(w.open, "")
		return true
	}
	if svgThrough[name] {
		w.open = append(w.open, "-")
		return true
	}
	w.open = append(w.open, name)
	if name == "style" {
		w.style = &strings.Builder{}
		return true
	}
	w.out.WriteString("<" + name)
	if first {
		w.out.WriteString(` xmlns="http://www.w3.org/2000/svg"`)
	}
	seen := map[string]bool{} // xlink:href and href become one
	for _, a := range e.Attr {
		if value, ok := svgValue(name, a); ok && !seen[qualified(a.Name)] {
			seen[qualified(a.Name)] = true
			w.out.WriteString(" " + qualified(a.Name) + `="`)
			xml.EscapeText(&w.out, []byte(value))
			w.out.WriteString(`"`)
		}
	}
	w.out.WriteString(">")
	return true
}

func (w *svgWriter) end() {
	name := w.open[len(w.open)-1]
	w.open = w.open[:len(w.open)-1]
	switch {
	case w.gone > 0:
		w.gone--
	case name == "-":
	case name == "style":
		if css := w.style.String(); safeStyle(css) {
			w.out.WriteString("<style>")
			xml.EscapeText(&w.out, []byte(css))
			w.out.WriteString("</style>")
		}
		w.style = nil
	default:
		w.out.WriteString("</" + name + ">")
	}
}

// qualified is the name of an attribute as it is written: SVG 2 needs no xlink.
func qualified(n xml.Name) string {
	if n.Local == "space" || n.Local == "lang" {
		return "xml:" + n.Local
	}
	return n.Local
}

// svgValue is the value of an attribute that may stand.
func svgValue(element string, a xml.Attr) (value string, ok bool) {
	space := a.Name.Space
	if space != "" && space != "http://www.w3.org/1999/xlink" && space != "xlink" &&
		space != "http://www.w3.org/XML/1998/namespace" && space != "xml" {
		return "", false
	}
	if !svgAttrs[a.Name.Local] {
		return "", false
	}
	value = a.Value
	if a.Name.Local == "href" {
		return value, inPicture.MatchString(value) || element == "image" && pictures.MatchString(value)
	}
	return value, safeStyle(value)
}

// safeStyle tells style sheets and values that name nothing outside the picture. What
// browsers might read otherwise than it looks, by escapes or comments, does not pass.
func safeStyle(css string) bool {
	low := strings.ToLower(css)
	for _, bad := range []string{"@", `\`, "/*", "expression", "javascript:", "-moz-binding", "image-set", "image("} {
		if strings.Contains(low, bad) {
			return false
		}
	}
	for rest := low; ; {
		at := strings.Index(rest, "url(")
		if at < 0 {
			return true
		}
		rest = strings.TrimLeft(rest[at+len("url("):], " \t\r\n\"'")
		if !strings.HasPrefix(rest, "#") {
			return false
		}
	}
}

// SVGSize is the size of a rebuilt picture in pixels, from its width and height or else its
// view box; 0 where neither tells.
func SVGSize(svg []byte) (width, height int) {
	t, err := xml.NewDecoder(bytes.NewReader(svg)).Token()
	e, ok := t.(xml.StartElement)
	if err != nil || !ok {
		return 0, 0
	}
	var box []string
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "width":
			width = pixels(a.Value)
		case "height":
			height = pixels(a.Value)
		case "viewBox":
			box = strings.FieldsFunc(a.Value, func(r rune) bool { return r == ' ' || r == ',' })
		}
	}
	if (width == 0 || height == 0) && len(box) == 4 {
		width, height = pixels(box[2]), pixels(box[3])
	}
	return width, height
}

// pixels reads a length, 0 for one in other units.
func pixels(s string) int {
	f, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "px"), 64)
	if err != nil || f < 1 || f > 99999 {
		return 0
	}
	return int(math.Round(f))
}

func wordSet(names string) map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		out[name] = true
	}
	return out
}
