package site

import (
	"html"
	"html/template"
	"strconv"
	"strings"
)

// Lozenge is how far a page is, as its page and lists show it.
func (v view) Lozenge(s State) template.HTML {
	class := "status"
	if name := nearest(s.Color); name != "" {
		class += " status-" + name
	}
	return template.HTML(`<span class="` + class + `">` + html.EscapeString(s.Name) + "</span>")
}

// wheel has the colours that the style sheet has for a status, each with the degree of the wheel at which
// it ends.
var wheel = []struct {
	end  float64
	name string
}{{20, "red"}, {70, "yellow"}, {170, "green"}, {240, "blue"}, {330, "purple"}, {360, "red"}}

// nearest is the name of the nearest colour of "#rrggbb", "" for grey and what is no colour.
func nearest(color string) string {
	hex, ok := strings.CutPrefix(color, "#")
	n, err := strconv.ParseUint(hex, 16, 32)
	if !ok || err != nil || len(hex) != 6 {
		return ""
	}
	r, g, b := float64(n>>16), float64(n>>8&0xff), float64(n&0xff)
	most, least := max(r, g, b), min(r, g, b)
	span := most - least
	if span < most/6 || most == 0 {
		return ""
	}
	var at float64
	switch most {
	case r:
		at = 60 * (g - b) / span
	case g:
		at = 120 + 60*(b-r)/span
	default:
		at = 240 + 60*(r-g)/span
	}
	if at < 0 {
		at += 360
	}
	for _, h := range wheel {
		if at < h.end {
			return h.name
		}
	}
	return ""
}
