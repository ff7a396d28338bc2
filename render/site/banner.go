package site

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

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

// Marking is a text for the top and the bottom of pages, and the color of its ground.
type Marking struct{ Text, Color string }

// Marked is a part of whatever carries a marking. What shows several things carries the highest of theirs.
type Marked struct {
	Rank int // in Config.Markings, from 1; 0: the banner of all pages
}

func (m Marked) rank() int { return m.Rank }

// What lists contents carries the highest of their markings.
func (l ListPage) rank() int {
	rank := l.Rank
	for _, g := range l.Groups {
		rank = max(rank, highest(g.Entries))
	}
	return rank
}

func (s Space) rank() int { return max(s.Rank, highest(s.Recent), highest(s.Blog), highestOf(s.Tree)) }

func (h Home) rank() int { return max(h.Rank, highest(h.Recent)) }

func highest(entries []Entry) (rank int) {
	for _, e := range entries {
		rank = max(rank, e.Rank)
	}
	return rank
}

func highestOf(tree []Node) (rank int) {
	for _, n := range tree {
		rank = max(rank, n.Rank, highestOf(n.Children))
	}
	return rank
}

// Banner is the marking of the page, of which Class names the color.
func (v view) Banner() (b struct{ Text, Class string }) {
	if b.Text = v.site.marking(v.rank).Text; v.rank > 0 {
		b.Class = fmt.Sprint("banner-", v.rank)
	}
	return b
}

// marking is that of a rank.
func (s *Site) marking(rank int) Marking {
	if rank <= 0 {
		return Marking{s.cfg.Banner, s.cfg.BannerColor}
	}
	return s.cfg.Markings[rank-1]
}

// checkMarking finds a page that does not show its marking at its top and its bottom: templates of an agency's
// own may not know of it.
func (v view) checkMarking(page []byte) error {
	if len(v.site.cfg.Markings) == 0 {
		return nil
	}
	text := strings.ReplaceAll(template.HTMLEscapeString(v.Banner().Text), "+", "&#43;") // as a template has it
	if text != "" && bytes.Count(page, []byte(">"+text+"<")) < 2 {
		return fmt.Errorf("write %s: the templates do not show its marking, {{.Banner.Text}}, at its top and bottom",
			v.Path)
	}
	return nil
}

// bannerRules are the rules for the colors of all banners, for the end of the style sheet.
func (s *Site) bannerRules() string {
	rules := bannerRule("", s.cfg.BannerColor)
	for i, m := range s.cfg.Markings {
		rules += bannerRule(fmt.Sprint(".banner-", i+1), m.Color)
	}
	return rules
}

// bannerRule is the rule for a banner's colors. The text is black or white, whichever is seen better on the
// ground: at least 4.58 to 1.
func bannerRule(class, name string) string {
	ground, ok := BannerColor(name)
	if !ok {
		ground, _ = BannerColor("")
	}
	text := "#ffffff"
	if l := luminance(ground); (l+0.05)/0.05 > 1.05/(l+0.05) {
		text = "#000000"
	}
	return fmt.Sprintf(".banner%s { background: %s; color: %s; }\n", class, ground, text)
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
