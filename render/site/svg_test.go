package site

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

// svgPairs are pictures and what becomes of them; "" for none.
var svgPairs = [][2]string{
	{`<?xml version="1.0"?><!DOCTYPE svg><!-- c --><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">` +
		`<g fill="red"><path d="M0 0h9"/></g></svg>`,
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g fill="red"><path d="M0 0h9"></path></g></svg>`},
	{`<svg onload="alert(1)"><script>alert(1)</script><rect onclick="x" width="1"/></svg>`,
		`<svg xmlns="http://www.w3.org/2000/svg"><rect width="1"></rect></svg>`},
	{`<svg><foreignObject><div xmlns="http://www.w3.org/1999/xhtml">x<script/></div></foreignObject>` +
		`<text>y &lt;b&gt;</text></svg>`, `<svg xmlns="http://www.w3.org/2000/svg"><text>y &lt;b&gt;</text></svg>`},
	{`<svg><switch><foreignObject>a</foreignObject><text>b</text></switch></svg>`,
		`<svg xmlns="http://www.w3.org/2000/svg"><text>b</text></svg>`},
	{`<svg xmlns:xlink="http://www.w3.org/1999/xlink"><use xlink:href="#a"/>` +
		`<use xlink:href="https://e.example/x.svg#a"/><use href="//e.example"/>` +
		`<image href="data:image/png;base64,AA=="/><image href="data:image/svg+xml;base64,AA=="/>` +
		`<image href="x.png"/></svg>`,
		`<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"></use><use></use><use></use>` +
			`<image href="data:image/png;base64,AA=="></image><image></image><image></image></svg>`},
	{`<svg><a href="javascript:alert(1)"><text>t</text></a><animate attributeName="href" to="javascript:x"/>` +
		`<set/></svg>`, `<svg xmlns="http://www.w3.org/2000/svg"><text>t</text></svg>`},
	{`<svg><style>.a { fill: url(#g) } </style><style>@import "https://e.example"</style>` +
		`<style>.b { fill: url( "https://e.example") }</style>` +
		`<rect style="fill:URL(//e.example)" fill="url(#g)" filter="url(x.svg#f)"/></svg>`,
		`<svg xmlns="http://www.w3.org/2000/svg"><style>.a { fill: url(#g) } </style>` +
			`<rect fill="url(#g)"></rect></svg>`},
	{`<svg><rect style="background:\75rl(x)"/><h:script xmlns:h="http://www.w3.org/1999/xhtml">x</h:script>` +
		`<iframe/></svg>`, `<svg xmlns="http://www.w3.org/2000/svg"><rect></rect></svg>`},
	{`<!DOCTYPE svg [<!ENTITY e "<script/>">]><svg>&e;</svg>`, ""},
	{`<html><svg/></html>`, ""}, {`<svg><g></svg>`, ""}, {`<svg/><svg/>`, ""}, {``, ""}, {`plain`, ""},
	{`<svg>` + strings.Repeat("<g>", svgDepth+1) + strings.Repeat("</g>", svgDepth+1) + `</svg>`, ""},
}

func TestSVG(t *testing.T) {
	for _, p := range svgPairs {
		got, ok := SVG([]byte(p[0]))
		if ok != (p[1] != "") || ok && string(got) != p[1] {
			t.Errorf("%s\ngives %v %s\nwant %s", p[0], ok, got, p[1])
		}
	}
}

func TestSVGSize(t *testing.T) {
	for svg, want := range map[string][2]int{
		`<svg width="20px" height="10">`: {20, 10}, `<svg viewBox="0 0 30.4,20">`: {30, 20},
		`<svg width="100%" height="1" viewBox="1 1 5 6">`: {5, 6}, `<svg>`: {0, 0}, ``: {0, 0},
	} {
		if w, h := SVGSize([]byte(svg)); w != want[0] || h != want[1] {
			t.Errorf("%s: %d by %d, want %v", svg, w, h, want)
		}
	}
}

// FuzzSVG: whatever comes in, what comes out is well-formed, holds nothing that runs or
// loads, and is not changed by a second time.
func FuzzSVG(f *testing.F) {
	for _, p := range svgPairs {
		f.Add(p[0])
	}
	f.Fuzz(func(t *testing.T, src string) {
		out, ok := SVG([]byte(src))
		if !ok {
			return
		}
		for d := xml.NewDecoder(bytes.NewReader(out)); ; {
			tok, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%q gives what is no XML: %v in %q", src, err, out)
			}
			if e, ok := tok.(xml.StartElement); ok {
				scanSVG(t, e, out)
			}
		}
		if again, ok := SVG(out); !ok || !bytes.Equal(again, out) {
			t.Errorf("%q, then %q", out, again)
		}
	})
}

// scanSVG knows nothing of the allow-list.
func scanSVG(t *testing.T, e xml.StartElement, out []byte) {
	t.Helper()
	if strings.Contains(" script foreignObject a iframe animate set animateTransform handler object embed audio "+
		"video link ", " "+e.Name.Local+" ") {
		t.Errorf("element %s in %q", e.Name.Local, out)
	}
	for _, a := range e.Attr {
		low := strings.ToLower(strings.Join(strings.Fields(a.Value), ""))
		if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") || strings.Contains(low, "javascript:") ||
			strings.Contains(strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(low, `"`, ""), "'", ""), "url(#",
				""), "url(") {
			t.Errorf("%s=%q in %q", a.Name.Local, a.Value, out)
		}
		if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#") && !strings.HasPrefix(a.Value, "data:image/") {
			t.Errorf("href %q in %q", a.Value, out)
		}
	}
}
