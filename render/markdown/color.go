package markdown

import (
	"regexp"
	"strconv"
	"strings"

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
	if c := background(first(style["background-color"], style["background"])); c != "" {
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
	hexColor = regexp.MustCompile(`#([0-9a-f]{6}|[0-9a-f]{3})\b`)
	rgbColor = regexp.MustCompile(`rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)`)
)

// named are the colour names that occur, beside those of the palette.
var named = map[string]string{
	"gray": "grey", "lightgrey": "grey", "lightgray": "grey", "silver": "grey", "darkgrey": "grey", "darkgray": "grey",
	"slategray": "grey", "slategrey": "grey", "lightslategray": "grey", "lightslategrey": "grey", "dimgray": "grey",
	"dimgrey": "grey", "gainsboro": "grey", "tomato": "red", "salmon": "red", "coral": "orange", "orangered": "orange",
	"darkorange": "orange", "khaki": "yellow", "indigo": "purple", "turquoise": "teal", "darkcyan": "teal",
	"royalblue": "blue", "steelblue": "blue", "skyblue": "blue", "limegreen": "green", "forestgreen": "green",
	"seagreen": "green", "hotpink": "pink", "deeppink": "pink", "lightpink": "pink",
	"lime": "green", "olive": "yellow", "navy": "blue", "aqua": "teal", "cyan": "teal", "maroon": "red",
	"fuchsia": "pink",
	"magenta": "pink", "gold": "yellow", "lightblue": "blue", "lightgreen": "green", "lightyellow": "yellow",
	"violet": "purple",
	"brown":  "orange", "crimson": "red", "darkblue": "blue", "darkgreen": "green", "darkred": "red",
}

// rgb reads a colour: "#rgb", "#rrggbb", "rgb(…)" or a design token that ends with one.
func rgb(s string) (r, g, b float64, ok bool) {
	if m := hexColor.FindStringSubmatch(s); m != nil {
		h := m[1]
		if len(h) == 3 {
			h = string([]byte{h[0], h[0], h[1], h[1], h[2], h[2]})
		}
		n, _ := strconv.ParseUint(h, 16, 32)
		return float64(n >> 16), float64(n >> 8 & 255), float64(n & 255), true
	}
	if m := rgbColor.FindStringSubmatch(s); m != nil {
		var c [3]float64
		for i := range c {
			n, _ := strconv.Atoi(m[i+1])
			c[i] = float64(min(n, 255))
		}
		return c[0], c[1], c[2], true
	}
	return 0, 0, 0, false
}

// hue returns the name of a colour in the palette, "" for black and white, and its
// lightness from 0 to 1.
func hue(s string) (name string, light float64) {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, p := range Palette {
		if s == p {
			return p, 0.5
		}
	}
	if p := named[s]; p != "" {
		return p, 0.5
	}
	r, g, b, ok := rgb(s)
	if !ok {
		return "", 0
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

// background returns the class name of a background.
func background(s string) string {
	name, _ := hue(s)
	return name
}
