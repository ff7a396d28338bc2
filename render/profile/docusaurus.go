package profile

import (
	"agc-export/render/expression"
	"bytes"
	"net/url"
	"path"
	"strconv"
	"strings"
	"unicode"
)

// Docusaurus: pages lie in docs/ and all other files in static/. Its Markdown is MDX: braces are programs there
// and tags are JSX, each of which must end.
var docusaurus = Profile{
	Name: "docusaurus", content: "docs/", static: "static/", untitled: true,
	rename: docusaurusName, front: docusaurusFront, heading: docusaurusHeading, text: mdxText, alert: docusaurusAlert,
	link: docusaurusLink, tag: mdxTag, raw: mdxRaw, auto: mdxAuto, finish: docusaurusFinish,
	apart: "{/* */}", wrap: mdxParagraph, beside: docusaurusBeside,
}

// docusaurusName gives folders another name that it would pass over.
func docusaurusName(file string) string {
	if strings.HasPrefix(file, attachments) {
		return file
	}
	if strings.HasPrefix(file, older) { // the versions of a page have all its id
		return strings.TrimSuffix(file, ".md") + "/" + docusaurusOlder
	}
	return strings.ReplaceAll(file, "/_", "/x_")
}

// docusaurusOlder is what the file of an older version is called.
const docusaurusOlder = "page.md"

func docusaurusFront(f *front, p Page) {
	f.rename("labels", "tags")
	f.add("slug", quote("/"+docusaurusSlug(p.Path)))
	if p.Older {
		f.add(docusaurusUnlisted, "true")
		return
	}
	f.number("sidebar_position", p.Weight)
}

// docusaurusUnlisted is the key of a page that stands in no list.
const docusaurusUnlisted = "unlisted"

func docusaurusSlug(file string) string {
	s := strings.TrimSuffix(docusaurusName(file), ".md")
	if path.Base(s) == "index" && strings.Count(s, "/") == 1 {
		return strings.TrimSuffix(s, "index")
	}
	return s
}

// docusaurusHeading escapes the brace of an identifier, as Docusaurus itself does only where a line begins with the
// heading.
func docusaurusHeading(_ *writer, id, words, text string) string {
	if id != "" && (!plainID(id, words) && strings.Trim(id, asciiWord) == "" || strings.HasSuffix(words, "}")) {
		text = strings.NewReplacer("\u2028", " ", "\u2029", " ").Replace(text) + ` \{#` + id + "}" // of one line
	}
	return text
}

const asciiWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// emoji matches what Docusaurus takes for one, behind its first colon.
var emoji = expression.New(`^[0-9A-Za-z_+-]*[A-Za-z+-][0-9A-Za-z_+-]*\\?:`)

// mdxText escapes what begins programs, JSX, directives and emoji.
func mdxText(w *writer, s string, start bool) string {
	if start {
		blanks := len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
		s = s[:blanks] + noProgram(s[blanks:])
	}
	return scan(s, func(escaped bool, c byte, rest string) string {
		switch {
		case (c == '[' || c == ']' || c == '!') && w.inLink(), c == ']' && strings.HasPrefix(rest, "("):
			return `\` + string(c)
		case c == '\\' && !escaped && rest == "": // a tag may follow
			return `\\`
		case c == '{' || c == '}' || c == '<' || c == '`':
			return `\` + string(c)
		case c == ':' && emoji.MatchString(rest):
			return `{":"}`
		case c == ':' && rest != "" && (letter(rest[0]) || rest[0] == ':' || strings.HasPrefix(rest, "//")):
			return `\:`
		}
		return ""
	})
}

// noProgram is a text in which no word begins a program that would be run.
func noProgram(s string) string {
	for _, word := range []string{"import", "export"} {
		if rest, ok := strings.CutPrefix(s, word); ok {
			return "&#" + strconv.Itoa(int(word[0])) + ";" + word[1:] + rest
		}
	}
	return s
}

// mdxParagraph keeps a paragraph that holds elements alone, which MDX would take for blocks.
func mdxParagraph(s string) string {
	return "<p>" + strings.NewReplacer("\\\n", "<br />", "\n", " ").Replace(s) + "</p>"
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func itoa(n int) string { return strconv.Itoa(n) }

// mdxLiteral is text in JSX, where it is Markdown.
func mdxLiteral(s string) string {
	s = scan(strings.ReplaceAll(s, `\`, `\\`), func(_ bool, c byte, rest string) string {
		switch {
		case c == '\\':
			return `\\`
		case strings.IndexByte("*_`[]~|{}<@$#!", c) >= 0:
			return `\` + string(c)
		case c == '&':
			return "&amp;"
		case c == ':' && emoji.MatchString(rest):
			return `{":"}`
		case c == ':' && rest != "" && (letter(rest[0]) || rest[0] == ':' || rest[0] == '/'):
			return `\:`
		}
		return ""
	})
	return strings.ReplaceAll(s, "www.", `www\.`)
}

// admonitions are its panels for GitHub's kinds.
var admonitions = map[string]string{
	"note":      "note",
	"tip":       "tip",
	"important": "info",
	"warning":   "warning",
	"caution":   "danger",
}

func docusaurusAlert(_ *writer, kind, body string) string {
	colons := strings.Repeat(":", max(3, longest(body, ':')+1))
	head := colons + admonitions[kind] + "[" + panelNames[kind] + "]"
	return head + "\n\n" + strings.Trim(body+"\n\n", "\n") + "\n\n" + colons
}

// docusaurusDest is a destination as it stands in Markdown. Files are left as they are, wherever the site lies.
func docusaurusDest(w *writer, dest string, image bool) string {
	t := w.targetOf(dest)
	switch {
	case t.own && t.fragment == "top" && !bytes.Contains(w.src, []byte(`id="top"`)) && w.said["top"] == "":
		return "#" // it looks for a place of that name, and takes an empty one
	case t.file == "" || t.own:
		return dest
	case isPage(t.file):
		return w.toFile(dest)
	case image:
		return "/" + escapePath(t.file)
	}
	return "pathname:///" + escapePath(t.file)
}

// host matches those that every reader of addresses takes.
var host = expression.New(`^([\pL\pN._~-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// canLead tells whether Docusaurus can read an address; it fails on one that it cannot.
func canLead(dest string) bool {
	u, err := url.Parse(dest)
	return err == nil && (u.Host == "" && (u.Opaque != "" || !strings.HasPrefix(u.Scheme, "http")) ||
		host.MatchString(u.Host))
}

func docusaurusLink(w *writer, l link) string {
	if !canLead(l.dest) {
		return l.text + " (" + mdxLiteral(l.dest) + ")"
	}
	return l.markdown(docusaurusDest(w, l.dest, l.image))
}

func mdxAuto(_ *writer, label, href string) string {
	return "[" + mdxLiteral(label) + "](" + escapeDest(href) + ")"
}

// docusaurusFinish imports what the page uses.
func docusaurusFinish(w *writer, body string) string {
	s := ""
	for _, name := range []string{"Link", "useBaseUrl"} {
		if w.uses[name] {
			s += "import " + name + " from '@docusaurus/" + name + "';\n"
		}
	}
	if s != "" {
		s += "\n"
	}
	return s + body
}

// docusaurusBeside are the names of folders, their places and their pages.
func docusaurusBeside(spaces []Space) []File {
	var all []File
	category := func(dir, label string, position int, page *Node) {
		s := "{\n  \"label\": " + quote(label) + ",\n  \"position\": " + strconv.Itoa(position)
		if page != nil {
			id := path.Join(docusaurusID(path.Dir(docusaurusName(page.Path))), page.ID)
			s += ",\n  \"link\": { \"type\": \"doc\", \"id\": " + quote(id) + " }"
		}
		all = append(all, File{"docs/" + docusaurusName(dir+"/") + "_category_.json", s + "\n}\n"})
	}
	var below func(pages []Node)
	below = func(pages []Node) {
		for i, n := range pages {
			if len(n.Below) > 0 {
				category(folder(n), n.Title, i+1, &n)
				below(n.Below)
			}
		}
	}
	home := "---\nid: home\ntitle: Confluence\nslug: /\nsidebar_position: 0\n---\n"
	for i, s := range spaces {
		to := s.Dir + "/index.md"
		if rows := append(s.rows(), s.Blog...); s.home() == nil && len(rows) > 0 {
			to = docusaurusName(rows[0].Path)
		}
		home += "\n- [" + mdxLiteral(s.Name) + "](" + escapePath(to) + ")"
		category(s.Dir, s.Name, i+1, s.home())
		below(s.rows())
		if len(s.Blog) > 0 {
			category(s.Dir+"/blog", blogName, len(s.rows())+1, nil)
		}
		for i, year := range s.years() {
			category(path.Dir(year[0].Path), path.Base(path.Dir(year[0].Path)), i+1, nil)
		}
	}
	return append(all, File{"docs/index.md", home + "\n"})
}

// numbered and dated match the names of folders of which Docusaurus takes a number for their order.
var (
	numbered = expression.New(`^\d+\s*[-_.]+\s*([^-_.\s].*)$`)
	dated    = expression.New(`^(\d{2}|\d{4})[-_.]\d{2}([-_.](\d{2}|\d{4}))?.*$|^\d+[-_.]\d+.*$`)
)

// docusaurusID is a folder without those numbers.
func docusaurusID(dir string) string {
	parts := strings.Split(dir, "/")
	for i, p := range parts {
		if m := numbered.FindStringSubmatch(p); m != nil && !dated.MatchString(p) {
			parts[i] = m[1]
		}
	}
	return strings.Join(parts, "/")
}
