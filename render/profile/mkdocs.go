package profile

import (
	"agc-export/render/expression"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// MkDocs: all lies in docs/, below a mkdocs.yml with the pages in Confluence's order. It is written for
// Python-Markdown with the extensions that this file names, all of which come with it.
var mkdocs = Profile{
	Name: "mkdocs", content: "docs/", static: "docs/",
	rename: mkdocsName, address: mkdocsAddress, front: mkdocsFront, heading: mkdocsHeading, text: mkdocsText,
	alert: mkdocsAlert, link: mkdocsLink, tag: mkdocsTag, raw: mkdocsRaw, code: mkdocsCode, fence: mkdocsFence,
	apart: "<!-- -->", breaks: "<br>", boxes: [2]string{"☐", "☑"}, loose: true, indents: true,
	struck: [2]string{"<del>", "</del>"}, empty: "&nbsp;", beside: mkdocsBeside,
}

// mkdocsName keeps pages that are only called so apart from homepages, and files from pages.
func mkdocsName(file string) string {
	dir, name := path.Split(file)
	switch ext := strings.ToLower(path.Ext(name)); {
	case strings.HasPrefix(file, attachments):
		if slices.Contains([]string{".md", ".markdown", ".mdown", ".mkdn", ".mkd"}, ext) {
			return file + ".txt"
		}
	case name == "index.md" && strings.Count(dir, "/") > 1:
		return dir + "index_.md"
	}
	return file
}

// mkdocsAddress is where the page of a file of GitHub's form is found.
func mkdocsAddress(file string) string {
	s := strings.TrimSuffix(mkdocsName(file), ".md")
	if path.Base(s) == "index" {
		return strings.TrimSuffix(s, "index")
	}
	return s + "/"
}

func mkdocsFront(f *front, _ Page) {
	f.rename("labels", "tags")
	f.rename("source", "source_url") // which its theme takes for a list of files
}

func mkdocsHeading(_ *writer, id, words, text string) string {
	if !plainID(id, words) {
		return `<a id="` + id + `"></a>` + text
	}
	return text
}

// mkdocsEscapes are what Python-Markdown knows a backslash before; "|" only in tables.
const mkdocsEscapes = "\\`*_{}[]()>#+-.!"

// mkdocsText writes escapes as Python-Markdown knows them.
func mkdocsText(w *writer, s string, start bool) string {
	return scan(s, func(escaped bool, c byte, rest string) string {
		first := start && opens(s, escaped, rest)
		switch {
		case c == '|' && w.cell > 0:
			return `\|`
		case c == '<':
			return "&lt;"
		case c == '&' && escaped:
			return "&amp;"
		case c == '*' || c == '`' || c == '_' && !escaped && mayMark(rest),
			first && (c == '#' || c == '!' || c == '>' || c == '+' || c == '-'):
			return `\` + string(c)
		case !escaped:
			return ""
		case strings.IndexByte(mkdocsEscapes, c) >= 0:
			return `\` + string(c)
		case c == '=' || c == '|' || c == ':' || c == '~' || c == '^':
			return "&#" + itoa(int(c)) + ";"
		}
		return string(c)
	})
}

// mayMark tells whether a "_" is not within a word, as far as what follows says.
func mayMark(rest string) bool {
	return rest == "" || !(rest[0] >= '0' && rest[0] <= '9' || rest[0]|0x20 >= 'a' && rest[0]|0x20 <= 'z' ||
		rest[0] >= 0x80)
}

func mkdocsAlert(_ *writer, kind, body string) string {
	head := "!!! " + kind + ` "` + panelNames[kind] + `"`
	if body == "" {
		return head
	}
	return head + "\n\n" + prefix(body, "    ", "    ")
}

func mkdocsLink(w *writer, l link) string {
	if w.inside > 0 && strings.Contains(l.text, "\n") {
		l.text = strings.ReplaceAll(l.text, "\n", " ")
	}
	l.dest = strings.NewReplacer("[", "%5B", "]", "%5D").Replace(l.dest) // which it counts with those of the text
	// MkDocs leads no link on to a file whose name has no dot.
	if t := w.targetOf(l.dest); t.file != "" && !t.own && !strings.Contains(path.Base(t.file), ".") {
		return l.markdown(w.toURL(l.dest))
	}
	return l.markdown(w.toFile(l.dest))
}

func mkdocsTag(w *writer, t html.Token) string {
	w.leadTag(&t)
	return tagOf(t)
}

// frame matches HTML around Markdown: a tag that begins or ends a block, alone.
var frame = expression.New(`^<(div|details)\b[^<>]*>(\n<summary>.*</summary>)?$`)

// mkdocsRaw is HTML on lines of its own. In a list it must be one line, which is read as running text.
func mkdocsRaw(w *writer, s string) string {
	if w.inside == 0 {
		s = w.tags(s)
		if m := frame.FindString(s); m != "" {
			at := strings.IndexByte(s, '>')
			s = s[:at] + ` markdown="1"` + s[at:]
		}
		return s
	}
	return w.oneLine(s, mkdocsLiteral, mkdocsLiteral)
}

// mkdocsLiteral is text in HTML that Python-Markdown reads as Markdown.
func mkdocsLiteral(s string) string {
	s = strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(s)
	return strings.NewReplacer("\n", "&#10;", "*", "&#42;", "_", "&#95;", "`", "&#96;", "\\", "&#92;", "[", "&#91;").
		Replace(s)
}

// mkdocsCode is code in a cell, where nothing can be escaped.
func mkdocsCode(w *writer, s string) string {
	if w.cell == 0 || !strings.Contains(s, "|") {
		return ""
	}
	return "<code>" + strings.ReplaceAll(mkdocsLiteral(s), "|", "&#124;") + "</code>"
}

// mkdocsFence is code within a list or a quotation, where Python-Markdown knows no fences.
func mkdocsFence(w *writer, info, s string) string {
	if w.inside == 0 {
		info, _, _ = strings.Cut(info, " ")
		if strings.Trim(strings.ToLower(info), "abcdefghijklmnopqrstuvwxyz0123456789_+-.#") != "" {
			info = ""
		}
		return fenced(info, s)
	}
	return prefix(s, "    ", "    ")
}

// mkdocsBeside is the configuration.
func mkdocsBeside(spaces []Space) []File {
	var b strings.Builder
	b.WriteString("# Written by agc-export: build it as it is, or name it as INHERIT in a file of yours.\n" +
		"site_name: Confluence\n" +
		"markdown_extensions:\n  - tables\n  - fenced_code\n  - sane_lists\n  - admonition\n  - md_in_html\n" +
		"  - footnotes\n" +
		"nav:\n  - Confluence: index.md\n")
	for _, s := range spaces {
		b.WriteString("  - " + quote(s.Name) + ":\n")
		if h := s.home(); h != nil {
			b.WriteString("      - " + quote(h.Title) + ": " + quote(mkdocsName(h.Path)) + "\n")
		}
		mkdocsNav(&b, s.rows(), "      ")
		if len(s.Blog) > 0 {
			b.WriteString("      - " + blogName + ":\n")
			mkdocsNav(&b, s.Blog, "          ")
		}
	}
	home := "# Confluence\n"
	for _, s := range spaces {
		to := s.Dir + "/index.md"
		if all := append(s.rows(), s.Blog...); s.home() == nil && len(all) > 0 {
			to = mkdocsName(all[0].Path)
		}
		home += "\n- [" + mkdocsText(&writer{}, mdxLiteral(s.Name), false) + "](" + escapePath(to) + ")"
	}
	return []File{{"mkdocs.yml", b.String()}, {"docs/index.md", home + "\n"}}
}

func mkdocsNav(b *strings.Builder, pages []Node, indent string) {
	for _, n := range pages {
		entry := quote(n.Title) + ": " + quote(mkdocsName(n.Path)) + "\n"
		if len(n.Below) == 0 {
			b.WriteString(indent + "- " + entry)
			continue
		}
		b.WriteString(indent + "- " + quote(n.Title) + ":\n" + indent + "    - " + entry)
		mkdocsNav(b, n.Below, indent+"    ")
	}
}
