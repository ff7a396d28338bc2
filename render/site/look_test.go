package site

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"agc-export/templates"
)

// TestContrast measures each pair of colours that may meet, in both themes, against
// the 4.5 to 1 that WCAG 2.2 asks of text (success criterion 1.4.3).
func TestContrast(t *testing.T) {
	css, err := templates.FS.ReadFile("site.css")
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string][2]string{}
	pair := regexp.MustCompile(`--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`)
	for _, m := range pair.FindAllStringSubmatch(string(css), -1) {
		colours[m[1]] = [2]string{m[2], m[3]}
	}
	hues := strings.Fields("red orange yellow green teal blue purple pink grey")
	grounds := []string{"paper", "sunk", "mark"}
	for _, h := range hues {
		grounds = append(grounds, h+"-bg")
	}
	var pairs [][2]string
	for _, ground := range grounds {
		pairs = append(pairs, [2]string{"ink", ground}, [2]string{"accent", ground}, [2]string{"seen", ground})
		for _, h := range hues {
			pairs = append(pairs, [2]string{h + "-fg", ground})
		}
	}
	pairs = append(pairs, [2]string{"accent", "accent-soft"}, [2]string{"quiet", "paper"}, [2]string{"quiet", "sunk"},
		[2]string{"field", "paper"}, [2]string{"field", "sunk"})
	for _, h := range hues {
		pairs = append(pairs, [2]string{"quiet", h + "-bg"})
	}
	for _, p := range pairs {
		for theme, name := range []string{"light", "dark"} {
			text, ground := colours[p[0]][theme], colours[p[1]][theme]
			if text == "" || ground == "" {
				t.Fatalf("site.css lacks %v", p)
			}
			least := 4.5
			if p[0] == "field" {
				least = 3 // no text: the border that shows where to write or press
			}
			if c := contrast(text, ground); c < least {
				t.Errorf("%s on %s, %s: %.2f to 1", p[0], p[1], name, c)
			}
		}
	}
}

// contrast is WCAG's contrast ratio of two colours "#rrggbb".
func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB",
		9949: "9.9 kB", 9950: "10 kB",
		999499: "999 kB", 999500: "1.0 MB", 1234567: "1.2 MB", 5e15: "5.0 PB", math.MaxInt64: "9.2 EB"} {
		if got := newSite(t, testConfig).words.size(n); got != want {
			t.Errorf("size(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestDate(t *testing.T) {
	for s, want := range map[string]string{"2026-05-04T23:30:00.000-05:00": "4 May 2026",
		"2026-05-04T23:30:00Z": "4 May 2026", "soon": "soon", "": ""} {
		if got := newSite(t, testConfig).words.date(s); got != want {
			t.Errorf("date(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestTOC(t *testing.T) {
	show := func(levels ...int) string {
		var b Body
		for i, l := range levels {
			b.Headings = append(b.Headings, Heading{Level: l, Text: strconv.Itoa(i)})
		}
		var write func([]tocEntry) string
		write = func(es []tocEntry) (s string) {
			for _, e := range es {
				s += e.Text
				if len(e.Below) > 0 {
					s += "(" + write(e.Below) + ")"
				}
			}
			return s
		}
		return write(toc(b))
	}
	many := make([]int, tocMax+1)
	for i := range many {
		many[i] = 3
	}
	many[0], many[50] = 2, 2
	for _, c := range []struct {
		levels []int
		want   string
	}{
		{[]int{2}, ""}, {[]int{2, 5}, ""}, {[]int{2, 3, 4, 3, 2}, "0(1(2)3)4"}, {[]int{4, 3, 2, 4}, "012(3)"},
		{many, "050"},
	} {
		if got := show(c.levels...); got != c.want {
			t.Errorf("toc of %v = %s, want %s", c.levels, got, c.want)
		}
	}
}
