package site

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// harmless are the elements that may come out, written down for these tests alone.
var harmless = strings.Fields(`a abbr address audio b bdi bdo blockquote br caption cite code col colgroup dd del
	details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q rp rt ruby s
	samp small source span strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr

	annotation math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt
	mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics`)

// harmlessAttrs are the attributes that may come out on some element or other.
var harmlessAttrs = strings.Fields(`alt aria-label checked class colspan controls data-n datetime decoding dir disabled
	height href id lang loading open preload rel reversed role rowspan scope span src start tabindex title type value
	width

	accent accentunder columnspan depth display displaystyle encoding fence form largeop linethickness lspace
	mathvariant maxsize minsize movablelimits notation rspace scriptlevel separator stretchy symmetric voffset`)

// Each expression that an attribute's value is looked at by is one: they are read no earlier
// than a page asks for them.
func TestChecks(t *testing.T) {
	for _, checks := range append(slices.Collect(maps.Values(elements)), globals) {
		for _, check := range checks {
			check("x")
		}
	}
	for _, check := range []valid{classes, plainFile, mathValue, mathClass} {
		if check("<") {
			t.Error("a mark of HTML passes")
		}
	}
}

// scan reads HTML as a browser does and fails on all that could run, load from
// elsewhere, lead to a strange scheme, or leave <main>. It knows nothing of the pass.
func scan(t *testing.T, out string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(out))
	for tt := z.Next(); tt != html.ErrorToken; tt = z.Next() {
		tok := z.Token()
		switch tt {
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("%v in %q", tt, out)
		case html.StartTagToken, html.SelfClosingTagToken:
			scanTag(t, tok, out)
		}
	}
	doc, err := html.Parse(strings.NewReader(`<!doctype html><body><main>` + out + `</main><p id="agc-after">`))
	if err != nil {
		return // too deep with what stands around it
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "main" || get(n, "id") == "agc-after") && n.Parent.Data != "body" {
			t.Errorf("does not stay within <main>: %q", out)
		}
	}
}

func scanTag(t *testing.T, tok html.Token, out string) {
	t.Helper()
	if !slices.Contains(harmless, tok.Data) {
		t.Errorf("element %q in %q", tok.Data, out)
	}
	for _, a := range tok.Attr {
		if !slices.Contains(harmlessAttrs, a.Key) {
			t.Errorf("attribute %q in %q", a.Key, out)
		}
		if a.Key == "id" && strings.HasPrefix(a.Val, "agc-") && !strings.HasPrefix(a.Val, "agc-c7-") {
			t.Errorf("id %q in %q", a.Val, out)
		}
		if a.Key == "href" || a.Key == "src" {
			scanAddress(t, a, out)
		}
	}
}

// scanAddress follows https://url.spec.whatwg.org: what browsers skip, and what they
// take for a scheme.
func scanAddress(t *testing.T, a html.Attribute, out string) {
	t.Helper()
	v := strings.TrimFunc(a.Val, func(r rune) bool { return r <= ' ' })
	v = strings.ToLower(strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(v))
	v = strings.ReplaceAll(v, `\`, "/")
	name, _, has := strings.Cut(v, ":")
	isScheme := has && name != "" && name[0] >= 'a' && name[0] <= 'z' &&
		strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789+-.") == ""
	link := a.Key == "href" && slices.Contains([]string{"http", "https", "mailto", "tel"}, name)
	picture := a.Key == "src" && strings.HasPrefix(v, "data:image/") && !strings.HasPrefix(v, "data:image/svg")
	if strings.HasPrefix(v, "/") || isScheme && !link && !picture {
		t.Errorf("%s=%q in %q", a.Key, a.Val, out)
	}
}

// hostile are attempts to run something, to load something, to leave <main> or to
// take the place of a part of the page. The corpus of FuzzRender too.
var hostile = []string{
	"<script>alert(1)</script>",
	"<SCRIPT SRC=//e.example/x.js></SCRIPT>",
	"<script\n>alert(1)</script\n>",
	"<scr<script>ipt>alert(1)</scr</script>ipt>",
	"a <b onclick=alert(1)>b</b>",
	"<p onmouseover\n=\n'alert(1)' ONLOAD=x>b",
	"<img src=x onerror=alert(1)>",
	"<img src=\"x\"onerror=\"alert(1)\">",
	"<img/src='x'/onerror='alert(1)'>",
	"<img srcset=\"https://e.example/x.png 1x\" src=y>",
	"<p style=\"background:url(https://e.example)\">x</p>",
	"<style>@import url(https://e.example);</style>",
	"[x](javascript:alert(1))",
	"[x](JaVaScRiPt:alert(1))",
	"[x](<java\tscript:alert(1)>)",
	"[x](&#x6A;avascript&colon;alert(1))",
	"<a href=\"&#1;javascript:alert(1)\">x</a>",
	"<a href=\"jav&#x0A;ascript:alert(1)\">x</a>",
	"<a href=\" \t javascript:alert(1)\">x</a>",
	"<a href=\"java&Tab;script&colon;alert(1)\">x</a>",
	"<a href='vbscript:x'>x</a> <a href='data:text/html,<script>alert(1)</script>'>x</a> <a " +
		"href='file:///etc/passwd'>x</a>",
	"<a href=\"//e.example\">x</a> <a href=\"/\\e.example\">x</a> <a href='\\\\e.example'>x</a> <a " +
		"href='\\/e.example'>x</a>",
	"<a href=\"javascript&#58;alert(1)\" xlink:href=\"javascript:x\">x</a>",
	"<a href=x ping=https://e.example target=_top download>x</a>",
	"![x](javascript:alert(1)) ![x](//e.example/a.png) ![x](https://e.example/a.png) ![x](http:a.png)",
	"<img src=\"data:image/svg+xml;base64,PHN2Zz4=\"> <img src=\"data:text/html;base64,AAAA\"> <img " +
		"src='data:image/png;base64,AA\"AA'>",
	"<meta http-equiv=refresh content=\"0;url=https://e.example\">",
	"<base href=https://e.example/>",
	"<link rel=stylesheet href=https://e.example/x.css>",
	"<form action=https://e.example><input name=q><input type=image src=https://e.example><button " +
		"formaction=javascript:x>b</button></form>",
	"<input type=checkbox autofocus onfocus=alert(1)>",
	"<svg onload=alert(1)><script>alert(1)</script><a xlink:href=javascript:x>t</a></svg>",
	"<svg><style><img src=x onerror=alert(1)></style></svg>",
	"<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
	"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
	"<math href=javascript:x><mi xlink:href=javascript:y>z</mi></math>",
	"<iframe src=https://e.example></iframe><iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
	"<object data=x.swf><embed src=x.swf><param name=a value=b>inside</object><applet code=x></applet>",
	"<video src=https://e.example/x.mp4 autoplay onplay=x poster=https://e.example/p.png></video>",
	"<audio><source src=//e.example/x.mp3 onerror=x><source src=a.mp3></audio>",
	"</main></div></body></html><h1>mine</h1>",
	"</main><nav id=agc-nav><a href=x>y</a></nav>",
	"<div id=agc-main class=\"side bar notice\">x</div>",
	"<div><section><p>unclosed <b>and <i>crossed</b></i>",
	"<table><tr><td></main></table></td></tr><div>x",
	"<table><a href=x><tr><td><form></table>",
	"<textarea></main><script>alert(1)</script></textarea>",
	"<title></main><img src=x onerror=alert(1)></title>",
	"<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
	"<xmp></main><script>alert(1)</script></xmp>",
	"<plaintext></main><script>alert(1)</script>",
	"<template><script>alert(1)</script></template>",
	"<select><option></main><script>alert(1)</script></select>",
	"<frameset><frame src=javascript:x></frameset>",
	"<!-- <script>alert(1)</script> --><!--><img src=x onerror=alert(1)>-->",
	"<![CDATA[<script>alert(1)</script>]]>",
	"<?xml version=\"1.0\"?><!DOCTYPE html><!ENTITY x>",
	"<marquee onstart=alert(1)>x</marquee><font color=red>y</font><center>z</center>",
	"<details open ontoggle=alert(1)><summary>x</summary>y</details>",
	"```\"><script>alert(1)</script>\nx\n```",
	"``` x\" onload=\"alert(1)\ny\n```",
	"<p class=\"language-x' onclick=alert(1)\" title='\"><script>alert(1)</script>' lang='\"'>x</p>",
	"<h2 id=\"agc-top\">x</h2><h2 id=x>y</h2><a id=x></a><a name=x></a>",
	"<img usemap=#m src=x><map name=m><area href=javascript:x></map>",
	"<body onload=alert(1)><html onclick=x><head><title>t</title>",
	"[x]: javascript:alert(1)\n\n[x] <javascript:alert(1)> http://e.example/\" onclick=x",
	"a[^1]\n\n[^1]: <script>alert(1)</script> [x](javascript:y)",
	"> [!NOTE]<script>alert(1)</script>\n> x\n\n> [!\"><script>]\n> x",
	"| <script>alert(1)</script> | [x](javascript:y) |\n|:-:|--|\n| <td onclick=x> | </table></main> |",
	"\x00<scr\x00ipt>alert(1)</script> \xff\xfe<p \x00onclick=x>",
}

func TestHostile(t *testing.T) {
	for _, md := range hostile {
		scan(t, string(render([]byte(md), "", nil).HTML))
		scan(t, string(renderComment([]byte("<div>\n"+md+"\n</div>"), "7", nil).HTML))
	}
}

func FuzzRender(f *testing.F) {
	for _, md := range hostile {
		f.Add(md)
	}
	f.Fuzz(func(t *testing.T, md string) {
		body := render([]byte(md), "t", nil)
		scan(t, string(body.HTML))
		again := render([]byte(md), "t", nil)
		if body.HTML != again.HTML {
			t.Errorf("two results for %q", md)
		}
		for _, h := range body.Headings {
			if strings.Count(string(body.HTML), ` id="`+html.EscapeString(h.ID)+`"`) != 1 {
				t.Errorf("heading %q is not there once in %q", h.ID, body.HTML)
			}
		}
	})
}
