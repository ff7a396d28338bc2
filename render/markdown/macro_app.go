package markdown

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// source shows the literal body of a macro in the given language.
func source(language string, names ...string) macro {
	return func(r *resolver, dst *html.Node, c *call) {
		s, ok := c.plain()
		if !ok || strings.TrimSpace(s) == "" {
			s = c.param(names...)
		}
		if s == "" {
			if c.rich() == nil {
				unknown(r, dst, c)
				return
			}
			r.show(dst, c)
			return
		}
		addTitle(dst, c.param("title"))
		addCode(dst, s, language, false)
	}
}

// plantUMLCloud reads the source that the app keeps in a parameter: base64, maybe
// deflated, maybe percent-encoded. Without one it shows the saved picture.
func plantUMLCloud(r *resolver, dst *html.Node, c *call) {
	s := decodeDiagram(c.param("data"), c.on("compressed"))
	if s == "" {
		diagram(r, dst, c)
		return
	}
	addCode(dst, s, "plantuml", false)
	r.show(dst, c)
}

// maxDiagram bounds the source of a diagram, in bytes.
const maxDiagram = 1 << 20

func decodeDiagram(data string, compressed bool) string {
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(data), ""))
	if err != nil || len(b) == 0 {
		return ""
	}
	if compressed {
		if b, err = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), maxDiagram)); err != nil {
			return ""
		}
	}
	s := clean(string(b))
	if u, err := url.PathUnescape(s); err == nil {
		s = clean(u)
	}
	return s
}

// math keeps TeX.
func math(block string) macro {
	return func(r *resolver, dst *html.Node, c *call) {
		s, _ := c.plain()
		if s = first(strings.TrimSpace(s), c.param("body", "equation", "formula", "tex", "")); s == "" {
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

// mathReference points to a formula elsewhere in the page.
func mathReference(r *resolver, dst *html.Node, c *call) {
	addText(dst, "("+first(c.param("anchor"), "formula")+")")
}

// issue shows a Jira issue, or says which issues were listed.
func issue(r *resolver, dst *html.Node, c *call) {
	key := c.param("key", "issueKey")
	if key == "" {
		query := c.param("jqlQuery", "jql", "filter", "url")
		r.lose(LossDynamic, shortName(c.name), c.Node)
		dst.AppendChild(r.note("Jira issues: "+first(query, "a list that only Jira can make"), nil, c.inline))
		return
	}
	ref := r.tenant.Resolve(r.page, Target{Kind: TargetIssue, ID: key})
	title := key
	if strings.Contains(ref.Title, key) {
		title = ref.Title
	}
	r.write(dst, with(el("span"), text(title)), ref.Href, "")
	if ref.Status != "" {
		addText(dst, " ")
		dst.AppendChild(with(el("span", "class", "status"), text(ref.Status)))
	}
	if ref.Missing != "" {
		r.lose(LossDynamic, shortName(c.name), c.Node)
	}
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

// roadmap shows the title and the bars of a roadmap, which the macro keeps as JSON.
func roadmap(r *resolver, dst *html.Node, c *call) {
	plain, err := url.QueryUnescape(c.param("source"))
	var plan struct {
		Title string
		Lanes []struct {
			Title string
			Bars  []struct{ Title, Description, StartDate string }
		}
	}
	if err != nil || json.Unmarshal([]byte(plain), &plan) != nil {
		r.cannot(dst, c, "Roadmap")
		return
	}
	name := c.param("title")
	if u, err := url.QueryUnescape(name); err == nil {
		name = u
	}
	addTitle(dst, first(name, plan.Title, "Roadmap"))
	list := el("ul")
	for _, lane := range plan.Lanes {
		bars := el("ul")
		for _, bar := range lane.Bars {
			item := with(el("li"), text(bar.Title))
			if day, _, _ := strings.Cut(bar.StartDate, " "); day != "" {
				addText(item, " ("+day+")")
			}
			bars.AppendChild(item)
		}
		list.AppendChild(with(el("li"), text(first(lane.Title, "Lane")), bars))
	}
	dst.AppendChild(list)
}

// markdownBody passes Markdown through. Its HTML is what the site's allow-list lets
// stand; what would swallow the text behind it is shown as text.
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
	if s = harmless(strings.Trim(s, "\r\n")); strings.TrimSpace(s) != "" {
		dst.AppendChild(with(el(markRaw), text(s)))
	}
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
	"<pre", "&lt;pre", "<PRE", "&lt;PRE", "<iframe", "&lt;iframe", "<template", "&lt;template", "<noscript", "&lt;noscript",
	"<title", "&lt;title", "<xmp", "&lt;xmp", "<plaintext", "&lt;plaintext",
)
