package markdown

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// math keeps TeX.
func math(block string) macro {
	return func(r *resolver, dst *html.Node, c *call) {
		s, _ := c.plain()
		if s = undelimited(queried(first(strings.TrimSpace(s),
			c.param("body", "equation", "formula", "tex", "")))); s == "" {
			unknown(r, dst, c)
			return
		}
		b := block
		if b == "" && !c.inline && c.name == "latex" {
			b = "true"
		}
		addMath(dst, s, b)
	}
}

// queried decodes a formula that the app kept as a query would, and says so.
func queried(tex string) string {
	encoded, ok := strings.CutPrefix(tex, "--uriencoded--")
	if u, err := url.PathUnescape(encoded); ok && err == nil { // its "+" is one
		return u
	}
	return tex
}

// undelimited takes away the signs around a formula that some apps want with it.
func undelimited(tex string) string {
	for _, d := range [][2]string{{`\[`, `\]`}, {`\(`, `\)`}, {"$$", "$$"}, {"$", "$"}} {
		if inner, ok := strings.CutPrefix(tex, d[0]); ok && len(inner) >= len(d[1]) && strings.HasSuffix(inner, d[1]) {
			inner = strings.TrimSpace(strings.TrimSuffix(inner, d[1]))
			if !strings.Contains(inner, d[0]) { // else the signs belong to two formulas
				return inner
			}
		}
	}
	return tex
}

// mathReference points to a formula elsewhere in the page.
func mathReference(r *resolver, dst *html.Node, c *call) {
	addText(dst, "("+first(c.param("anchor"), "formula")+")")
}

// profile names a user.
func profile(r *resolver, dst *html.Node, c *call) {
	t, ok := c.target("user", "username", "")
	if !ok {
		r.cannot(dst, c, "Profile")
		return
	}
	if t.Kind == TargetPage {
		t = Target{Kind: TargetUser, ID: t.Title}
	}
	out := el("span")
	r.linkTo(out, el("span"), t, c.Node)
	dst.AppendChild(c.place(out))
}

// markdownBody passes an author's Markdown through, made harmless, see defuse. Where it
// cannot be made so it is shown as its source.
func markdownBody(r *resolver, dst *html.Node, c *call) {
	s, ok := c.plain()
	if !ok {
		if c.rich() == nil {
			media(r, dst, c)
			return
		}
		r.show(dst, c)
		return
	}
	source := clean(strings.Trim(s, "\r\n"))
	if strings.TrimSpace(source) == "" {
		return
	}
	if hasData(source) {
		source, _ = r.keepPictures(source, c.Node, codeIn(source), dataSource, dataDest, dataName)
	}
	if hasLink(source) {
		source = r.leadLinks(source, c.Node)
	}
	s, harm := defuse(source)
	if harm == costs {
		r.lose(LossSize, shortName(c.name), c.Node)
	}
	if harm != none {
		addCode(dst, source, "markdown", false)
		return
	}
	dst.AppendChild(with(el(markRaw), text(s)))
}

// harmless closes the fence that Markdown leaves open and writes as text the
// openings of HTML whose content is not Markdown: comments, scripts and the like.
func harmless(s string) string {
	var b strings.Builder
	fence := ""
	for line := range strings.Lines(s) {
		t := strings.TrimLeft(line, " >")
		switch run := t[:len(t)-len(strings.TrimLeft(t, "`~"))]; {
		case fence == "" && (strings.HasPrefix(run, "```") || strings.HasPrefix(run, "~~~")):
			fence = run
		case fence != "" && strings.HasPrefix(run, fence) && strings.TrimSpace(t) == run:
			fence = ""
		case fence == "":
			line = opening.Replace(line)
		}
		b.WriteString(line)
	}
	if fence != "" {
		b.WriteString("\n" + fence)
	}
	return b.String()
}

// opening writes the signs of HTML blocks that run on over empty lines as text.
var opening = strings.NewReplacer(
	"<!", "&lt;!", "<?", "&lt;?",
	"<script", "&lt;script", "<SCRIPT", "&lt;SCRIPT", "<Script", "&lt;Script",
	"<style", "&lt;style", "<STYLE", "&lt;STYLE", "<textarea", "&lt;textarea", "<TEXTAREA", "&lt;TEXTAREA",
	"<pre", "&lt;pre", "<PRE", "&lt;PRE", "<iframe", "&lt;iframe", "<template", "&lt;template", "<noscript",
	"&lt;noscript",
	"<title", "&lt;title", "<xmp", "&lt;xmp", "<plaintext", "&lt;plaintext",
)
