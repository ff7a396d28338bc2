// Package hostile makes a tenant in which every field attacks its readers: titles,
// names, labels, macros and their parameters, links, files, comments. Each attack that
// succeeds anywhere calls the function pwn, sets a title, loads from a host evil.example,
// writes outside of its folder, or rings a terminal. Tests export it and look for that.
package hostile

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"testing/fstest"
)

// Payloads are texts that break out of one context or another: an element, an
// attribute in either quotes, a script, a style, a comment, Markdown, YAML, a template,
// a terminal, a spreadsheet.
var Payloads = []string{
	`"><script>pwn(1)</script>`,
	`'><img src=x onerror=pwn(2)>`,
	`</title></textarea></style></script></noscript></template></main></table><svg onload=pwn(3)>`,
	`x" onmouseover="pwn(4)" autofocus onfocus="pwn(4)" x="`,
	`javascript:pwn(5)//https://x.example`,
	"](javascript:pwn(6)) <javascript:pwn(6)> ![x](javascript:pwn(6)) [x]: javascript:pwn(6)",
	"\n---\ntitle: pwn(7)\n---\n\n```\n<script>pwn(7)</script>\n~~~\n# pwn",
	`{{constructor.constructor("pwn(8)")()}} ${pwn(8)} {% raw %} <%= pwn(8) %>`,
	"\u001b]0;pwn\u0007\u001b[2J\u009b31m\u202e\u2066evil\u2028\u2029\u0000\ufeff",
	`=cmd|'/C pwn'!A0`,
	`--><!--><img src=x onerror=pwn(11)>]]><![CDATA[<script>pwn(11)</script>`,
	`//evil.example/x.png`,
	`url(https://evil.example/css);expression(pwn(13));background:url(//evil.example)`,
	`agc-main agc-search constructor __proto__ location`,
	"&#106;avascript&colon;pwn(15) &lt;script&gt;pwn(15)&lt;/script&gt; &#x3c;img src=x onerror=pwn(15)&#x3e;",
	`<meta http-equiv=refresh content="0;url=https://evil.example/">` +
		`<base href=https://evil.example/><form action=https://evil.example><button>`,
}

// Addresses are where a link or picture might lead.
var Addresses = []string{
	"javascript:pwn(21)", "JaVaScRiPt:pwn(21)", "java\tscript:pwn(21)", " javascript:pwn(21)",
	"\u0001javascript:pwn(21)",
	"vbscript:pwn(22)", "data:text/html,<script>pwn(23)</script>",
	"data:image/svg+xml,<svg onload='pwn(24)' xmlns='http://www.w3.org/2000/svg'/>",
	"file:///etc/passwd", "blob:x", "about:blank", "view-source:x", "intent:x", "//evil.example/p", `\\evil.example\p`,
	`/\evil.example/p`,
	"https://evil.example/p.png", "http://evil.example:99999/", "https://user:pass@evil.example/", "http://[::1",
	"#\"><script>pwn(25)</script>",
	"../../../../etc/passwd", "/wiki/spaces/BAD/pages/1/\"><script>pwn(26)</script>",
	"mailto:x?body=<script>pwn(27)</script>",
}

// Names are names that files must not get.
var Names = []string{
	"../../../../../../tmp/agc-pwn", "/tmp/agc-pwn", "..", ".", "CON", "con.txt", "nul", "aux.png", "COM1.pdf",
	"a:b.txt", `C:\pwn.txt`,
	"trailing dot.", "trailing space ", "new\nline.txt", "tab\t.txt", "\u001b[2Jbell\u0007.txt", "right\u202egnp.exe",
	"nul\u0000byte.txt",
	strings.Repeat("long", 75) + ".pdf", strings.Repeat("ü", 150) + ".txt", "Case.txt", "case.TXT", "CASE.txt",
	"caf\u00e9.txt", "cafe\u0301.txt",
	"-rf", "~", "%2e%2e%2fpwn", "index.html", ".htaccess", "web.config", "evil.svg", "evil.html", "evil.HTM",
	"evil.xhtml", "evil.xml", "evil.mht",
	"evil.shtml", "evil.svgz", "evil.swf", "evil.js", "evil.css", "evil.php", "evil.png.html", "evil.xsl", "evil.wasm",
	"evil.pdf", "evil.htc",
	"evil.html.zz", "evil.html.fr", "evil.xht.x", "shell.php.jpg", "x.php.txt", "evil.shtml.en", "evil.html.gz",
	"x.asp;.jpg", "evil.html~", "x.var", "x.cgi.",
	`"><script>pwn(31)</script>.png`, `x" onerror="pwn(32).png`, "https://evil.example/x.png", "javascript:pwn(33)",
}

// Active is the bytes of evil.html, evil.svg and the like.
const Active = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" ` +
	`onload="document.title='pwn';parent.pwned=1;top.pwned=1"><script>document.title='pwn';alert(1)</script>` +
	`<html:script xmlns:html="http://www.w3.org/1999/xhtml">alert(1)</html:script></svg>`

// page is a content in the form of the fake tenant.
type page map[string]any

// maker collects contents.
type maker struct {
	pages []page
	next  int
}

// New returns the tenant. macros are the names of the macros to try.
func New(macros []string) fstest.MapFS {
	m := &maker{next: 1000}
	for i, p := range Payloads {
		m.fields(i, p)
	}
	m.links()
	for from := 0; from < len(macros); from += 40 {
		m.macros(macros[from:min(from+40, len(macros))])
	}
	m.files()
	data, err := json.Marshal(m.pages)
	if err != nil {
		panic("texts and numbers always encode: " + err.Error())
	}
	home := "+++\nid = \"900\"\ntitle = \"Active files\"\n+++\n<p>files</p>"
	files := fstest.MapFS{"tenant.toml": {Data: []byte(tenant())}, "BAD/pages.json": {Data: data},
		"BAD/active.xml": {Data: []byte(home)}}
	for _, name := range []string{"evil.svg", "evil.html", "evil.xml", "evil.xhtml", "evil.htm", "evil.txt", "evil.pdf",
		"evil", "evil.unknown", "evil.svg.gz"} {
		files["BAD/active.files/"+name] = &fstest.MapFile{Data: []byte(Active)}
	}
	return files
}

// tenant is the description, with attacks in the names of site, space and people.
func tenant() string {
	var b strings.Builder
	quote := func(s string) string {
		data, _ := json.Marshal(s) // a text; TOML reads JSON's escapes of these
		return string(data)
	}
	fmt.Fprintf(&b, "[site]\nname = %s\nurl = \"https://bad.atlassian-us-gov-mod.net\"\ncloud_id = "+
		"\"33333333-aaaa-4bbb-8ccc-222222222222\"\n", quote(Payloads[0]+Payloads[2]))
	for i, p := range Payloads {
		fmt.Fprintf(&b, "[[users]]\nid = \"712020:%d\"\nname = %s\n", i+1, quote(p))
	}
	fmt.Fprintf(&b, "[[spaces]]\nid = \"1\"\nkey = \"BAD\"\nname = %s\ndescription = %s\n",
		quote(Payloads[1]+Payloads[5]), quote(strings.Join(Payloads, " ")))
	return b.String()
}

// add keeps a content under the next id and returns that.
func (m *maker) add(p page) string {
	id := fmt.Sprint(m.next)
	m.next++
	p["id"] = id
	m.pages = append(m.pages, p)
	return id
}

// fields attacks with all that stands around a body.
func (m *maker) fields(i int, p string) {
	text := html.EscapeString(p)
	comment := func(n int, kind string) map[string]any {
		return map[string]any{"id": fmt.Sprint(500000 + 10*i + n), "kind": kind,
			"author": fmt.Sprintf("712020:%d", i+1), "marker": p, "selection": p,
			"body": "<p>" + text + "</p><p><a href=\"" + text + "\">" + text + "</a></p>" + raw}
	}
	m.add(page{"title": fmt.Sprintf("%s %d", p, i),
		"labels": []string{strings.ToLower(strings.Join(strings.Fields(p), "-"))}, "message": p, "emoji": p,
		"cover":  Addresses[i%len(Addresses)],
		"author": fmt.Sprintf("712020:%d", i+1), "version": 2, "body": "<h1>" + text + "</h1><p>" + text + "</p>" + raw,
		"comments": []any{comment(1, "footer"), comment(2, "inline")},
		"attachments": []any{map[string]any{"name": fmt.Sprintf("%s%d.png", p, i), "id": fmt.Sprintf("att%d", 7000+i),
			"size": 10, "comment": p, "media_type": p}}})
	m.add(page{"title": fmt.Sprintf("news %s %d", p, i), "type": "blogpost", "body": "<p>" + text + "</p>",
		"created": "2025-01-02T00:00:00.000Z"})
	m.add(page{"title": fmt.Sprintf("link %s %d", p, i), "type": "embed", "embed_url": Addresses[i%len(Addresses)]})
}

// raw are elements that a storage body must not hold, in one that does.
const raw = `<script>pwn(41)</script><style>@import url(https://evil.example/x.css);</style>` +
	`<iframe src="javascript:pwn(42)"/><object data="x.swf"/>` +
	`<svg onload="pwn(43)"><script>pwn(43)</script></svg><math href="javascript:pwn(44)">x</math>` +
	`<img src="x" onerror="pwn(45)"/><link rel="stylesheet" href="//evil.example/x"/>` +
	`<meta http-equiv="refresh" content="0;url=https://evil.example/"/><base href="https://evil.example/"/>` +
	`<form action="https://evil.example/"><input autofocus="" onfocus="pwn(46)"/></form>` +
	`<p style="background:url(https://evil.example/s)" onclick="pwn(47)" id="agc-main" class="notice agc-x" ` +
	`data-x="y">styled</p>` +
	`<details open="" ontoggle="pwn(48)">x</details>` +
	`<video src="https://evil.example/v" autoplay="" onplay="pwn(49)"/>` +
	`<table background="//evil.example/t"><tbody><tr>` +
	`<td colspan="100000000" onclick="pwn(50)" style="width:expression(pwn(50))">x</td></tr></tbody></table>`

// linked is a body with an address, %[1]s, in every place where storage format has one or
// takes what an author writes; %[2]s is the same within CDATA.
//
//go:embed links.xml
var linked string

// links attacks with what links and pictures lead to.
func (m *maker) links() {
	var b strings.Builder
	for _, a := range append(append([]string{}, Addresses...), Payloads...) {
		q := html.EscapeString(a)
		fmt.Fprintf(&b, linked, q, strings.ReplaceAll(a, "]]>", "]]]]><![CDATA[>"))
	}
	m.add(page{"title": "Links", "body": b.String()})
}

// parameters are those that macros make something of.
var parameters = []string{"", "title", "language", "url", "height", "width", "colour", "color", "bgColor",
	"borderColor", "page", "name", "space", "spaceKey",
	"cql", "labels", "jqlQuery", "key", "columns", "src", "id", "class", "style", "icon", "user", "date", "theme",
	"align", "text", "link", "query", "maxResults"}

// macros gives every parameter of each macro an attack, and its body another.
func (m *maker) macros(names []string) {
	for i, p := range Payloads[:6] {
		var b strings.Builder
		for _, name := range names {
			fmt.Fprintf(&b, `<ac:structured-macro ac:name="%s" ac:macro-id="%s">`, html.EscapeString(name),
				html.EscapeString(p))
			for j, parameter := range parameters {
				value := p
				if j%2 == 1 {
					value = Addresses[(i+j)%len(Addresses)]
				}
				fmt.Fprintf(&b, `<ac:parameter ac:name="%s">%s</ac:parameter>`, parameter, html.EscapeString(value))
			}
			body := "<ac:rich-text-body><p>" + html.EscapeString(p) + "</p>" + raw + "</ac:rich-text-body>"
			if i%2 == 1 {
				body = "<ac:plain-text-body><![CDATA[<script>pwn(61)</script><img src=x onerror=pwn(62)> " +
					strings.ReplaceAll(p, "]]>", "") +
					" [x](javascript:pwn(63))\n\n<svg onload=pwn(64)>]]></ac:plain-text-body>"
			}
			b.WriteString(body + "</ac:structured-macro>\n")
		}
		m.add(page{"title": fmt.Sprintf("Macros from %s, %d", names[0], i), "body": b.String()})
	}
}

// files attacks with the names of files, and with links to each.
func (m *maker) files() {
	var list []any
	var b strings.Builder
	for i, name := range Names {
		list = append(list, map[string]any{"name": name, "id": fmt.Sprintf("att%d", 8000+i), "size": 12,
			"comment": Payloads[i%len(Payloads)]})
		fmt.Fprintf(&b, `<p><ac:image><ri:attachment ri:filename="%[1]s"/></ac:image>`+
			`<ac:structured-macro ac:name="view-file"><ac:parameter ac:name="name">`+
			`<ri:attachment ri:filename="%[1]s"/></ac:parameter></ac:structured-macro></p>`, html.EscapeString(name))
	}
	b.WriteString(`<ac:structured-macro ac:name="attachments"/><ac:structured-macro ac:name="gallery"/>`)
	m.add(page{"title": "Files", "body": b.String(), "attachments": list})
}
