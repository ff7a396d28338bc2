package site

import (
	"fmt"
	"math"
	"strconv"

	"agc-export/render/expression"
)

// bannerColors are names for grounds of a banner. They are those that US agencies mark
// documents with; any other can be given as "#rrggbb".
var bannerColors = map[string]string{
	"grey": "#4a5154", "green": "#007a33", "purple": "#502b85", "blue": "#0033a0", "red": "#c8102e",
	"orange": "#ff8c00", "yellow": "#fce83a",
}

var hexColor = expression.New(`^#[0-9a-fA-F]{6}$`)

// BannerColor returns a banner's ground as "#rrggbb": of a name, or as it is. ok is
// false for anything else. None is grey.
func BannerColor(name string) (color string, ok bool) {
	if name == "" {
		name = "grey"
	}
	if c := bannerColors[name]; c != "" {
		return c, true
	}
	return name, hexColor.MatchString(name)
}

// bannerRules is the rule for the banner's colours, for the end of the style sheet. The
// text is black or white, whichever is seen better on the ground: at least 4.58 to 1.
func bannerRules(name string) string {
	ground, ok := BannerColor(name)
	if !ok {
		ground, _ = BannerColor("")
	}
	text := "#ffffff"
	if l := luminance(ground); (l+0.05)/0.05 > 1.05/(l+0.05) {
		text = "#000000"
	}
	return fmt.Sprintf(".banner { background: %s; color: %s; }\n", ground, text)
}

// luminance is WCAG's relative luminance of "#rrggbb", 0 to 1.
// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
func luminance(color string) float64 {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8) // hexColor has matched
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}
