package site

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"
	"testing/fstest"

	"agc-export/templates"
)

// TestEmblems: logo and favicon are what their bytes say, bounded, and an SVG of them holds nothing active; they lie
// under names that tell their content, and pages show them.
func TestEmblems(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 3))); err != nil {
		t.Fatal(err)
	}
	const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>pwn()</script>` +
		`<path d="M0 0h9v9z" onclick="pwn()"/></svg>`
	ico := "\x00\x00\x01\x00\x01\x00" + strings.Repeat("\x00", 16)
	for name, c := range map[string]struct {
		data       string
		logo, icon string // endings, or what the error says
	}{
		"png":         {b.String(), ".png", ".png"},
		"svg":         {drawing, ".svg", ".svg"},
		"ico":         {ico, "is neither an SVG that can be shown nor a PNG", ".ico"},
		"empty":       {"", "is neither", "nor an ICO"},
		"page":        {"<!doctype html><script>pwn()</script>", "is neither", "is neither"},
		"cut png":     {b.String()[:12], "is neither", "is neither"},
		"no pictures": {"\x00\x00\x01\x00\x00\x00\x00", "is neither", "is neither"},
		"large":       {b.String() + strings.Repeat("x", EmblemMost), "more than 256 kB", "more than 256 kB"},
	} {
		for mayIcon, want := range map[bool]string{false: c.logo, true: c.icon} {
			e, err := NewEmblem([]byte(c.data), mayIcon)
			got := e.Ending
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, want) || strings.Contains(string(e.Data), "pwn") {
				t.Errorf("%s, %v: %q, want %q: %.80q", name, mayIcon, got, want, e.Data)
			}
		}
	}
	logo, err := NewEmblem([]byte(drawing), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, cfg := range []Config{{}, {Logo: logo, Favicon: Emblem{b.Bytes(), ".png"}}} {
		s, err := New(cfg, templates.FS, fstest.MapFS{})
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := s.Page(&out, Page{Path: "pages/1.html", Title: "T", Space: Link{Text: "S"},
			Body: Body{Text: strings.Repeat("Words “&” ", 40)}}); err != nil {
			t.Fatal(err)
		}
		wants := []string{`<link rel="icon" href="../assets/favicon-`, `<meta property="og:title" content="T – S">`,
			`<meta name="description" property="og:description" content="Words “&amp;” Words`,
			`<meta property="og:type" content="article">`}
		if cfg.Logo.Ending != "" {
			wants = append(wants, `.png">`, `><img src="../assets/logo-`)
		} else if strings.Contains(out.String(), "logo-") {
			t.Error("there is a logo")
		}
		for _, want := range wants {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		for _, a := range s.Assets() {
			if strings.HasPrefix(a.Path, "assets/favicon-") && len(a.Data) > 300 {
				t.Errorf("%s has %d bytes", a.Path, len(a.Data))
			}
		}
	}
}

// TestDescription: a description ends with a whole word, and has no more than so many letters.
func TestDescription(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "",
		" two\n\twords ":            "two words",
		strings.Repeat("x", 300):    strings.Repeat("x", 160) + "…",
		strings.Repeat("漢", 161):    strings.Repeat("漢", 160) + "…",
		strings.Repeat("nine ", 50): strings.TrimSpace(strings.Repeat("nine ", 32)) + "…",
	} {
		if got := firstWords(text); got != want {
			t.Errorf("%.20q: %q, want %q", text, got, want)
		}
	}
}
