package site

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// nested writes open n times, a core, and shut as often.
func nested(open, core, shut string, n int) string {
	return strings.Repeat(open, n) + core + strings.Repeat(shut, n)
}

// levels are parts that each name the one before them, n times, first what stands for it.
func levels(depth, n int, first, open, each, shut string) string {
	var b strings.Builder
	b.WriteString(first)
	for i := 1; i <= depth; i++ {
		at := strings.NewReplacer("ID", fmt.Sprint(i), "LAST", fmt.Sprint(i-1))
		b.WriteString(at.Replace(open) + strings.Repeat(at.Replace(each), n) + at.Replace(shut))
	}
	return b.String()
}

const (
	big  = `<rect width="1000" height="1000"/>`
	blur = `<filter id="f"><feGaussianBlur stdDeviation="9"/></filter>`
)

// busy are pictures that would keep a browser busy.
var busy = map[string]string{
	"uses": levels(8, 10, `<g id="a0">`+big+`</g>`, `<g id="aID">`, `<use href="#aLAST"/>`, `</g>`),
	"uses of symbols": levels(8, 10, `<symbol id="a0">`+big+`</symbol>`, `<symbol id="aID">`, `<use href="#aLAST"/>`,
		`</symbol>`),
	"uses, doubled": levels(24, 2, `<g id="a0">`+big+`</g>`, `<g id="aID">`, `<use href="#aLAST"/>`, `</g>`) +
		`<use href="#a24"/>`,
	"uses in a chain": levels(3000, 1, `<g id="a0">`+strings.Repeat(big, 3000)+`</g>`, ``,
		`<use id="aID" href="#aLAST"/>`, ``),
	"uses in a circle": `<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/><use href="#a"/></g>`,
	"use of itself":    `<g id="a"><use href="#a"/></g>`,
	"uses of many":     `<g id="a">` + strings.Repeat(big, 3000) + `</g>` + strings.Repeat(`<use href="#a"/>`, 3000),
	"patterns": levels(8, 10, `<pattern id="a0">`+big+`</pattern>`, `<pattern id="aID">`, `<rect fill="url(#aLAST)"/>`,
		`</pattern>`) +
		`<rect fill="url(#a8)"/>`,
	"patterns by strokes": levels(8, 10, `<pattern id="a0"/>`, `<pattern id="aID">`, `<path stroke="url('#aLAST')"/>`,
		`</pattern>`) +
		`<rect fill="url(#a8)"/>`,
	"patterns inherited": levels(8, 10, `<pattern id="a0"/>`, `<pattern id="aID"><g fill='url("#aLAST")'>`, big,
		`</g></pattern>`) +
		`<rect fill="url(#a8)"/>`,
	"patterns escaped": levels(8, 10, `<pattern id="a0"/>`, `<pattern id="aID">`, `<path fill="url(#%61LAST)"/>`,
		`</pattern>`) +
		`<rect fill="url(#%618)"/>`,
	"patterns of a sheet": `<style>path.p{fill:url(#a0)}` +
		strings.Repeat(` `, 9) + levels(8, 1, ``, ``, `.pID,x{FILL:URL("#aLAST")}`, ``) +
		`</style>` + levels(8, 10, `<pattern id="a0"/>`, `<pattern id="aID">`, `<path class="pID"/>`, `</pattern>`) +
		`<path class="p8" fill="url(#a8)"/>`,
	"masks": levels(8, 10, `<mask id="a0"/>`, `<mask id="aID">`, `<rect mask="url(#aLAST)"/>`, `</mask>`) +
		`<rect mask="url(#a8)"/>`,
	"clips": levels(8, 10, `<clipPath id="a0"/>`, `<clipPath id="aID">`, `<rect clip-path="url(#aLAST)"/>`,
		`</clipPath>`) +
		`<rect style="clip-path:url(#a8)"/>`,
	"markers": levels(8, 1, `<marker id="a0"/>`, `<marker id="aID">`,
		`<path marker-mid="url(#aLAST)" d="M0 0h1h1h1h1h1h1h1h1h1"/>`, `</marker>`) +
		`<path marker-mid="url(#a8)" d="M0 0h1h1h1h1h1h1h1h1h1"/>`,
	"markers on points": `<marker id="m">` + strings.Repeat(big, 100) +
		`</marker><path style="marker:url(#m)" d="M0 0` + strings.Repeat("h1", 9999) + `"/>`,
	"gradients": levels(3000, 1, `<linearGradient id="a0"/>`, ``, `<linearGradient id="aID" href="#aLAST"/>`,
		``) + strings.Repeat(`<rect fill="url(#a3000)"/>`, 3000),
	"gradients, circle": `<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/><rect fill="url(#a)"/>`,
	"filters":           blur + nested(`<g filter="url(#f)">`, big, `</g>`, 80),
	"filters, many":     blur + strings.Repeat(`<rect width="1000" height="1000" filter="url(#f)"/>`, 80),
	"filters of use": blur + `<g id="a"><rect width="1000" height="1000" filter="url(#f)"/></g>` +
		strings.Repeat(`<use href="#a"/>`, 80),
	"filters, enlarged": blur + `<g id="a"><rect width=".1" height=".1" filter="url(#f)"/></g>` +
		`<g transform="scale(99 9999)">` + strings.Repeat(`<use href="#a"/>`, 999) + `</g>`,
	"steps of a filter": `<filter id="f">` + strings.Repeat(`<feGaussianBlur/>`, 80) +
		`</filter><rect style="filter:url(#f)"/>`,
	"results, doubled": `<filter id="f">` +
		levels(30, 1, `<feFlood result="r0"/>`, `<feMerge result="rID">`,
			`<feMergeNode in="rLAST"/><feMergeNode in="rLAST"/>`, `</feMerge>`) + `</filter><g filter="url(#f)">` +
		big + `</g>`,
	"results, blended": `<filter id="f">` +
		levels(30, 1, `<feOffset result="r0"/>`, ``, `<feBlend in="rLAST" in2="rLAST" result="rID"/>`, ``) +
		`</filter><g filter="url(#f)">` + big + `</g>`,
	"results, unnamed": `<filter id="f">` + strings.Repeat(`<feMerge><feMergeNode/><feMergeNode/></feMerge>`, 30) +
		`</filter><g filter="url(#f)">` + big + `</g>`,
	"filters of a sheet": blur + `<style>g * { filter: url(#f) }</style><g>` + strings.Repeat(big, 80) + `</g>`,
	"filters, quoted": blur + `<style>x{font-family:"}";} rect{filter:url( '#f' )}</style>` +
		strings.Repeat(big, 80),
	"filters, hidden":  blur + `<style>rect{x:(});filter:url(#f)}</style>` + strings.Repeat(big, 80),
	"filters, by name": blur + `<style>svg{--a:url(#f)} rect{filter:var(--a)}</style>` + strings.Repeat(big, 80),
	"filters, inherited": blur + `<g filter="url(#f)">` +
		strings.Repeat(`<rect width="1000" height="1000" filter="inherit"/>`, 80) + `</g>`,
	"filters, in rules": blur + `<style>svg{fill:red; &amp; rect{filter:url(#f)}}</style>` + strings.Repeat(big, 80),
	"filter functions":  `<rect width="1000" height="1000" style="filter:` + strings.Repeat("blur(9px) ", 99) + `"/>`,
	"shadows":           `<text style="text-shadow:` + strings.Repeat("0 0 9px red,", 99) + `0 0 red">x</text>`,
	"shadows of boxes":  `<style>svg{box-shadow:` + strings.Repeat("0 0 9px red,", 99) + `0 0 red}</style>`,
	"wide search": `<filter id="f"><feMorphology radius="500"/></filter>` +
		`<rect width="1000" height="1000" filter="url(#f)"/>`,
	"layers":           strings.Repeat(`<g opacity=".9">`+big+big+`</g>`, 9999),
	"dashes":           `<path stroke="red" stroke-dasharray=".0001" d="M0 0H1000"/>`,
	"dashes by length": `<path stroke="red" stroke-dasharray="1" pathLength="1e9" d="M0 0H1"/>`,
	"dashes inherited": `<g style="stroke-dasharray:.001px">` + strings.Repeat(`<circle r="500"/>`, 99) + `</g>`,
	"zigzag":           `<path d="M0 0` + strings.Repeat("L1 1000L2 0", 30_000) + `"/>`,
	"zigzags":          strings.Repeat(`<path d="M0 0`+strings.Repeat("v1000v-1000", 100)+`"/>`, 300),
	"zigzag, enlarged": `<g transform="matrix(.001 0 0 1000 0 0)"><path d="M0 0` + strings.Repeat("v1v-1", 30_000) +
		`"/></g>`,
	"polygon": `<polygon points="` + strings.Repeat("0,0 1000,1000 ", 30_000) + `"/>`,
	"rules": `<style>` + strings.Repeat("g g g g * rect{fill:red}", 3000) + `</style>` +
		strings.Repeat(big, 3000),
	"rules that search": `<style>` + strings.Repeat("rect:not(:nth-last-child(3n of x)){fill:red}", 300) + `</style>` +
		strings.Repeat(big, 3000),
	"areas":              strings.Repeat(big, 20_000),
	"areas by use":       `<g id="a">` + big + `</g>` + strings.Repeat(`<use href="#a"/>`, 10_000),
	"areas of lines":     strings.Repeat(`<path stroke="red" stroke-width="1e5" d="M0 0h9"/>`, 20_000),
	"areas of paths":     strings.Repeat(`<path d="M0 0h999v999z"/>`, 20_000),
	"areas of curves":    strings.Repeat(`<path d="M0 0C9999 0 0 9999 0 0z"/>`, 20_000),
	"letters one by one": `<text x="` + strings.Repeat("1 ", 60_000) + `">` + strings.Repeat("a", 60_000) + `</text>`,
	"raster pictures": `<image href="data:image/gif;base64,` +
		base64.StdEncoding.EncodeToString([]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00;")) + `"/>`,
}

// calm are pictures of the same kinds that are as people draw them.
var calm = map[string]string{
	"uses": `<g id="a"><rect width="9" height="9"/>` + "" + `</g>` +
		strings.Repeat(`<use href="#a" x="1"/>`, 5000),
	"points":       strings.Repeat(`<circle cx="500" cy="300" r="3"/>`, 20_000),
	"illustration": strings.Repeat(`<path d="M10 20c1-2 3-4 5-6s7-8 9-10z"/>`, 20_000),
	"glyphs": `<defs><path id="a" d="` + strings.Repeat("M1 2q3 4 5 6", 80) + `"/></defs>` +
		strings.Repeat(`<g transform="scale(0.1 -0.1)"><use href="#a"/></g>`, 2000),
	"shadows": `<filter id="f"><feOffset dx="2"/><feGaussianBlur stdDeviation="2"/><feMerge><feMergeNode/>` +
		`<feMergeNode in="SourceGraphic"/></feMerge></filter>` +
		strings.Repeat(`<rect width="120" height="60" filter="url(#f)"/>`, 200),
	"shadows in g": strings.Repeat(`<g style="filter: drop-shadow(2px 3px 2px rgba(0,0,0,.2))" `+
		`transform="translate(5 6)"><rect width="120" height="60"/></g>`, 200),
	"own region": `<filter id="f" filterUnits="userSpaceOnUse" x="1" y="1" width="90" height="90"><feFlood/>` +
		`<feBlend in="SourceGraphic"/></filter>` +
		strings.Repeat(`<g filter="url(#f)"><path d="M0 0h9"/><path d="M0 0h9"/></g>`, 200),
	"gradients": levels(200, 1, `<linearGradient id="a0"><stop/></linearGradient>`, ``,
		`<linearGradient id="aID" href="#a0"/><rect fill="url(#aID)"/>`, ``),
	"sheet": `<style>.a{fill:url(#g);clip-path:url(#c)}.b>.c:hover{stroke-dasharray:3 2}</style>` +
		`<clipPath id="c"><path d="M0 0h9"/></clipPath><linearGradient id="g"/>` +
		strings.Repeat(`<path class="a" d="M0 0h9v9"/><line class="c" x2="99"/>`, 900),
	"arrows": `<marker id="m"><path d="M0 0h9v9z"/></marker>` +
		strings.Repeat(`<path d="M0 0h9v9" marker-end="url(#m)"/>`, 900),
	"dashed lines": strings.Repeat(`<path stroke-dasharray="4,2" d="M0 0h900"/>`, 500),
	"map":          `<path d="M0 0` + strings.Repeat("l3-2l-1 4", 60_000) + `"/>`,
	"transparent":  strings.Repeat(`<g opacity=".5">`+big+`</g>`, 500),
	"pattern": `<pattern id="p" width="8" height="8"><path d="M0 8L8 0"/></pattern>` +
		strings.Repeat(`<rect fill="url(#p)"/>`, 900),
	"masks": `<mask id="m">` + big + `</mask>` + strings.Repeat(`<g mask="url(#m)">`+big+`</g>`, 40),
}

// TestSVGIsBounded: a picture whose parts multiply is not shown, and one that only has
// parts of the same kinds is. That it is small or large itself tells nothing.
func TestSVGIsBounded(t *testing.T) {
	picture := func(body string) []byte {
		return []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1000">` + body + `</svg>`)
	}
	for name, body := range busy {
		if out, ok := rebuilt(picture(body)); !ok || len(out) < len(body)/2 {
			t.Errorf("%s: the test is wrong, for it cannot be rebuilt", name)
		} else if tree := readSVG(out); tree.bounded() {
			t.Errorf("%s: is shown at %+v", name, tree.root.cost)
		}
	}
	for name, body := range calm {
		if _, ok := SVG(picture(body)); !ok {
			out, _ := rebuilt(picture(body))
			tree := readSVG(out)
			t.Errorf("%s: is not shown at %v %+v", name, tree.bounded(), tree.root.cost)
		}
	}
}
