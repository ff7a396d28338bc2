package markdown

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"agc-export/render/expression"
	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// Palette are the names of colours. Text has the classes "fg-" and the name, a
// background "bg-" and the name; every colour of a page becomes the nearest of them.
// Black text and white backgrounds are no colour at all.
var Palette = []string{"red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "grey"}

// styleOf returns the declarations of a style attribute by property.
func styleOf(n *storage.Node) map[string]string {
	s := n.Get("style")
	// Few elements have a style; the others must not cost a map.
	if s == "" {
		return nil
	}
	out := map[string]string{}
	for d := range strings.SplitSeq(s, ";") {
		k, v, _ := strings.Cut(d, ":")
		out[strings.ToLower(strings.TrimSpace(k))] = strings.ToLower(strings.TrimSpace(v))
	}
	return out
}

// styled resolves span, font and big: their style becomes elements and classes.
func styled(r *resolver, dst *html.Node, n *storage.Node) {
	if strings.Contains(n.Get("class"), "katex-html") { // a formula once more, for the eye alone
		return
	}
	style := styleOf(n)
	at := dst
	wrap := func(e *html.Node) { at.AppendChild(e); at = e }
	if c := foreground(first(style["color"], n.Get("color"))); c != "" {
		wrap(el("span", "class", "fg-"+c))
	}
	if c := background(first(style["background-color"], oneColor(style["background"]))); c != "" {
		wrap(el("span", "class", "bg-"+c))
	}
	line := style["text-decoration"] + style["text-decoration-line"]
	if strings.Contains(line, "line-through") {
		wrap(el("del"))
	}
	if strings.Contains(line, "underline") {
		wrap(el("u"))
	}
	if w := style["font-weight"]; w == "bold" || w == "bolder" || len(w) == 3 && w >= "600" {
		wrap(el("strong"))
	}
	if style["font-style"] == "italic" {
		wrap(el("em"))
	}
	r.body(at, n)
}

// first returns the first value that is not empty.
func first[T comparable](values ...T) T {
	var none T
	for _, v := range values {
		if v != none {
			return v
		}
	}
	return none
}

var (
	hexColor = expression.New(`#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b`)
	rgbColor = expression.New(`rgba?\(\s*([\d.]+%?)[\s,]+([\d.]+%?)[\s,]+([\d.]+%?)(?:\s*[,/]\s*([\d.]+%?))?`)
	hslColor = expression.New(`hsla?\(\s*(-?[\d.]{1,9})(deg|g?rad|turn)?[\s,]+([\d.]+%)[\s,]+([\d.]+%)` +
		`(?:\s*[,/]\s*([\d.]+%?))?`)
)

// named are the colour names that occur, beside those of the palette.
var named = map[string]string{
	"silver": "grey", "gainsboro": "grey", "tomato": "red", "maroon": "red", "crimson": "red", "firebrick": "red",
	"orangered": "orange", "chocolate": "orange", "sienna": "orange", "peru": "orange", "bisque": "orange",
	"peachpuff": "orange", "tan": "orange", "burlywood": "orange", "linen": "orange", "wheat": "orange",
	"olive": "yellow", "gold": "yellow", "beige": "yellow", "cornsilk": "yellow", "ivory": "yellow",
	"moccasin": "orange", "lime": "green", "chartreuse": "green", "greenyellow": "green", "honeydew": "green",
	"mintcream": "green", "aqua": "teal", "azure": "teal", "navy": "blue", "indigo": "purple", "plum": "purple",
	"lavender": "purple", "thistle": "purple", "fuchsia": "pink", "mistyrose": "pink",
}

// endings are the last parts of the names of colours, of which CSS makes many, and what they are.
var endings = [][2]string{{"violetred", "pink"}, {"gray", "grey"}, {"grey", "grey"}, {"red", "red"},
	{"orange", "orange"}, {"yellow", "yellow"}, {"green", "green"}, {"blue", "blue"}, {"purple", "purple"},
	{"pink", "pink"}, {"violet", "purple"}, {"cyan", "teal"}, {"turquoise", "teal"}, {"aquamarine", "teal"},
	{"goldenrod", "yellow"}, {"khaki", "yellow"}, {"chiffon", "yellow"}, {"magenta", "pink"}, {"orchid", "purple"},
	{"salmon", "red"}, {"coral", "orange"}, {"brown", "orange"}}

// tokens are words in the names of Atlassian's design tokens, the more telling ones first.
var tokens = [][2]string{{"lime", "green"}, {"magenta", "pink"}, {"gray", "grey"}, {"danger", "red"},
	{"warning", "orange"}, {"success", "green"}, {"discovery", "purple"}, {"information", "blue"}, {"brand", "blue"},
	{"selected", "blue"}, {"link", "blue"}, {"subtle", "grey"}, {"subtlest", "grey"}, {"disabled", "grey"},
	{"neutral", "grey"}}

// byName returns the name in the palette of a colour that is written as a word, or "".
func byName(s string) string {
	if slices.Contains(Palette, s) {
		return s
	}
	if p := named[s]; p != "" || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") != "" {
		return p
	}
	for _, e := range endings {
		if strings.HasSuffix(s, e[0]) {
			return e[1]
		}
	}
	return ""
}

// byToken returns what the name of a design token says, or the colour that stands behind it.
func byToken(s string) string {
	s, otherwise, _ := strings.Cut(strings.TrimRight(s, ") "), ",")
	_, token, ok := strings.Cut(s, "--ds-")
	if !ok {
		return ""
	}
	if name := byName(strings.TrimSpace(otherwise)); name != "" {
		return name
	}
	words := strings.Split(strings.TrimSpace(token), "-")
	for _, w := range words {
		if slices.Contains(Palette, w) {
			return w
		}
	}
	for _, t := range tokens {
		if slices.Contains(words, t[0]) {
			return t[1]
		}
	}
	return ""
}

// rgb reads a colour: "#rgb", "#rrggbb", "rgb(…)", "hsl(…)" or a design token that ends with one.
// What shines through is white.
func rgb(s string) (r, g, b float64, ok bool) {
	alpha := 1.0
	if m := hexColor.FindStringSubmatch(s); m != nil {
		r, g, b, alpha = hex(m[1])
	} else if m := rgbColor.FindStringSubmatch(s); m != nil {
		r, g, b, alpha = share(m[1], 255), share(m[2], 255), share(m[3], 255), share(first(m[4], "1"), 1)
	} else if m := hslColor.FindStringSubmatch(s); m != nil {
		r, g, b = hsl(m[1], m[2], share(m[3], 1), share(m[4], 1))
		alpha = share(first(m[5], "1"), 1)
	} else {
		return 0, 0, 0, false
	}
	over := func(c float64) float64 { return c*alpha + 255*(1-alpha) }
	return over(r), over(g), over(b), true
}

// hex reads the digits of a colour, those that say how much of it there is behind them.
func hex(h string) (r, g, b, alpha float64) {
	if len(h) < 6 {
		var twice strings.Builder
		for i := range len(h) {
			twice.WriteString(h[i:i+1] + h[i:i+1])
		}
		h = twice.String()
	}
	if len(h) == 6 {
		h += "ff"
	}
	n, _ := strconv.ParseUint(h, 16, 32)
	return float64(n >> 24), float64(n >> 16 & 255), float64(n >> 8 & 255), float64(n&255) / 255
}

// share reads a number up to whole, or a percentage of it.
func share(s string, whole float64) float64 {
	part, percent := strings.CutSuffix(s, "%")
	n, _ := strconv.ParseFloat(part, 64)
	if percent {
		n *= whole / 100
	}
	return min(n, whole)
}

// hsl turns a hue, a saturation and a lightness into red, green and blue, see CSS Color 4, 7.1.
func hsl(angle, unit string, saturation, light float64) (r, g, b float64) {
	h, _ := strconv.ParseFloat(angle, 64)
	h *= cmp.Or(map[string]float64{"turn": 360, "rad": 57.29578, "grad": 0.9}[unit], 1)
	part := func(n float64) float64 {
		k := n + h/30
		if k -= 12 * float64(int(k/12)); k < 0 {
			k += 12
		}
		return 255 * (light - saturation*min(light, 1-light)*max(-1, min(k-3, 9-k, 1)))
	}
	return part(0), part(8), part(4)
}

// hue returns the name of a colour in the palette, "" for black and white, and its
// lightness from 0 to 1.
func hue(s string) (name string, light float64) {
	s, _, _ = strings.Cut(strings.ToLower(s), "!") // important
	s = strings.TrimSpace(s)
	if p := byName(s); p != "" {
		return p, 0.5
	}
	r, g, b, ok := rgb(s)
	if !ok {
		return byToken(s), 0.5
	}
	top, low := max(r, g, b), min(r, g, b)
	light = (top + low) / 510
	if grey(r, g, b, top, top-low, light) {
		if light < darkest || light > 0.98 {
			return "", light
		}
		return "grey", light
	}
	return byAngle(angle(r, g, b, top, top-low)), light
}

// darkest is the lightness below which a grey is as good as black.
const darkest = 0.28

// grey tells greys from colours by chroma, the distance of the strongest part of a colour from
// its weakest. In the dark a little of it is not seen, so dark texts of a hue count as black,
// as they look; in the light a little of it makes a tint. Atlassian's neutral colours have a
// touch of blue, less than any blue of its palettes.
func grey(r, g, b, top, chroma, light float64) bool {
	if chroma < 12 || light < 0.27 && chroma < 60 {
		return true
	}
	saturation := chroma / 255 / (1 - max(2*light-1, 1-2*light))
	turn := angle(r, g, b, top, chroma)
	return chroma < 24 && saturation < 0.5 || turn >= 200 && turn <= 235 && saturation < 0.33
}

// angle returns the hue in degrees.
func angle(r, g, b, top, chroma float64) float64 {
	var h float64
	switch top {
	case r:
		h = (g - b) / chroma
	case g:
		h = (b-r)/chroma + 2
	default:
		h = (r-g)/chroma + 4
	}
	if h < 0 {
		h += 6
	}
	return h * 60
}

// byAngle names a hue.
func byAngle(h float64) string {
	for _, c := range []struct {
		to   float64
		name string
	}{{16, "red"}, {40, "orange"}, {68, "yellow"}, {164, "green"}, {197, "teal"}, {247, "blue"}, {290, "purple"},
		{342, "pink"}} {
		if h < c.to {
			return c.name
		}
	}
	return "red"
}

// foreground returns the class name of a text colour. What is as good as black,
// and white, which is only seen on a background of its own, count as none.
func foreground(s string) string {
	name, light := hue(s)
	// Confluence writes the colours of its own theme into pages: near-black text means no
	// colour at all.
	if name == "grey" && (light < darkest || light > 0.85) {
		return ""
	}
	return name
}

// oneColor is the colour of a background that is said together with its picture and place.
func oneColor(s string) string {
	if strings.Contains(s, "(") {
		return s
	}
	for word := range strings.FieldsSeq(s) {
		if hexColor.MatchString(word) || byName(word) != "" {
			return word
		}
	}
	return s
}

// background returns the class name of a background.
func background(s string) string {
	name, _ := hue(s)
	return name
}
