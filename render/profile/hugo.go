package profile

import (
	"agc-export/render/expression"
	"path"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// Hugo: pages lie in content/, with those that have others below them as _index.md, all other files in static/.
// Links lead to the addresses that Hugo gives pages, so that no theme and no setting needs to know of them.
var hugo = Profile{
	Name:     "hugo",
	content:  "content/",
	static:   "static/",
	untitled: true,
	rename:   hugoName,
	above:    hugoSection,
	address:  hugoAddress,
	front:    hugoFront,
	heading:  hugoHeading,
	text:     hugoText,
	alert:    hugoAlert,
	link:     hugoLink,
	tag:      hugoTag,
	code:     hugoCode,
	fence:    hugoFence,
	beside:   hugoBeside,
}

// hugoName keeps the homepages of spaces apart from pages that are only called so: index.md is a page whose
// folder is its own. Of letters and digits Hugo keeps others than we do.
func hugoName(file string) string {
	dir, name := path.Split(file)
	if strings.HasPrefix(file, attachments) {
		return file
	}
	if name == "index.md" && strings.Count(dir, "/") > 1 {
		name = "index_.md"
	} else if name == "index.md" {
		name = "_index.md"
	}
	var b strings.Builder
	for _, r := range dir + name {
		if unicode.IsNumber(r) && !unicode.IsDigit(r) {
			b.WriteString("_" + strconv.FormatInt(int64(r), 16))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func hugoSection(file string) string {
	if path.Base(file) == "_index.md" {
		return file
	}
	return strings.TrimSuffix(file, ".md") + "/_index.md"
}

// hugoAddress is where the page of a file of GitHub's form is found.
func hugoAddress(file string) string {
	s := strings.ToLower(strings.TrimSuffix(hugoName(file), ".md"))
	if path.Base(s) == "_index" {
		return strings.TrimSuffix(s, "_index")
	}
	return s + "/"
}

// hugoBuild is the key of what becomes of a page: older versions are in no list, and no alias leads to one.
const hugoBuild = "build"

func hugoFront(f *front, p Page) {
	f.rename("type", "content_type") // which would choose the template
	f.rename("labels", "tags")
	f.copy("created", "date")
	f.copy("updated", "lastmod")
	if p.Older {
		f.fields = append(f.fields, field{hugoBuild, "\n  list: never"})
		return
	}
	f.number("weight", p.Weight)
	var aliases []string
	for _, a := range p.Aliases {
		aliases = append(aliases, "/wiki"+a)
	}
	f.list("aliases", aliases)
}

func hugoHeading(_ *writer, id, words, text string) string {
	if strings.HasSuffix(text, "}") {
		text = strings.TrimSuffix(text, "}") + `\}`
	}
	if !plainID(id, words) {
		text += " {#" + id + "}"
	}
	return text
}

// shortcode begins what Hugo takes for a call, wherever it stands, and a summary.
var shortcode = expression.New(`\{\{[<%]|<!--\s*more\s*-->`)

// hugoText breaks up what begins a call, and what would be set in other characters.
func hugoText(_ *writer, s string, start bool) string {
	return scan(s, func(escaped bool, c byte, rest string) string {
		first := start && opens(s, escaped, rest)
		switch {
		case c == '{' && strings.HasPrefix(rest, "{"), first && c == ':' && !escaped,
			c == '-' && strings.HasPrefix(rest, "-"), c == '<' && strings.HasPrefix(rest, "<"),
			c == '>' && strings.HasPrefix(rest, ">"), c == '!' && strings.HasPrefix(rest, "--"):
			return `\` + string(c)
		}
		return ""
	})
}

func hugoLink(w *writer, l link) string { return l.markdown(w.toURL(l.dest)) }

func hugoTag(w *writer, t html.Token) string {
	w.leadTag(&t)
	return strings.ReplaceAll(tagOf(t), "{{", "{&#123;")
}

// hugoCode is code that holds what Hugo takes for a call.
func hugoCode(_ *writer, s string) string {
	if !shortcode.MatchString(s) {
		return ""
	}
	return "<code>" + hugoLiteral(s) + "</code>"
}

func hugoLiteral(s string) string {
	s = strings.NewReplacer("&", "&amp;", "<", "&lt;", "{{", "{&#123;").Replace(s)
	return strings.NewReplacer("\n\n", "\n&#10;", "*", "&#42;", "_", "&#95;", "`", "&#96;", "\\", "&#92;", "[", "&#91;",
		"~", "&#126;", ":", "&#58;", "-", "&#45;", "|", "&#124;", "\n", "&#10;").
		Replace(s)
}

func hugoFence(_ *writer, info, s string) string {
	if !shortcode.MatchString(s) && !shortcode.MatchString(info) {
		return ""
	}
	class := ""
	if language, _, _ := strings.Cut(info, " "); language != "" {
		class = ` class="language-` + escapeAttr(language) + `"`
	}
	return "<pre><code" + strings.ReplaceAll(class, "{{", "{&#123;") + ">" + hugoLiteral(s) + "</code></pre>"
}

// hugoAlert says the kind in words: without a template for them, Hugo shows the sign of GitHub's.
func hugoAlert(_ *writer, kind, body string) string {
	label := `<strong class="panel-` + kind + `">` + panelNames[kind] + "</strong>"
	return prefix(strings.TrimSuffix(label+"\n\n"+body, "\n\n"), "> ", "> ")
}

// hugoBeside names the sections that have no page of their own.
func hugoBeside(spaces []Space) []File {
	var all []File
	section := func(dir, title string, weight int) {
		f := &front{}
		f.add("title", quote(title))
		f.number("weight", weight)
		all = append(all, File{"content/" + dir + "/_index.md", f.text()})
	}
	for i, s := range spaces {
		if s.home() == nil {
			section(s.Dir, s.Name, i+1)
		}
		if len(s.Blog) > 0 {
			section(s.Dir+"/blog", blogName, len(s.rows())+1)
		}
	}
	return all
}
