package profile

import (
	"agc-export/render/expression"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Obsidian: markdown/ is a vault. Links between pages are wikilinks, places in the text have block identifiers,
// boxes that open are callouts.
var obsidian = Profile{
	Name: "obsidian", NeedHead: true, front: obsidianFront, heading: obsidianHeading, text: obsidianText,
	alert: obsidianAlert, link: obsidianLink, tag: obsidianTag, raw: obsidianRaw, expand: obsidianExpand,
	fence: obsidianFence, formula: obsidianFormula,
}

// obsidianFormula is a formula between dollars, as Obsidian reads it by itself.
func obsidianFormula(tex string) string {
	if strings.ContainsAny(tex, "$|\n") || strings.TrimSpace(tex) != tex || tex == "" {
		return ""
	}
	return "$" + tex + "$"
}

// obsidianFence is a formula on lines of its own.
func obsidianFence(_ *writer, info, s string) string {
	if info != "math" || strings.Contains(s, "$$") || strings.Contains(s, "\n\n") || strings.TrimSpace(s) == "" {
		return ""
	}
	return "$$\n" + s + "\n$$"
}

func obsidianFront(f *front, p Page) {
	f.rename("labels", "tags")
	if !p.Older { // the title leads to the present one
		f.list("aliases", []string{p.Title})
	}
}

// obsidianHeading has no place beside itself: links lead to its words, or to the block below it where another with
// the same words has the same headings above it.
func obsidianHeading(w *writer, id, _, text string) string {
	w.ends = slices.DeleteFunc(w.ends, func(end string) bool { return !w.twins[end] })
	if twin := blockID(id); w.twins[twin] {
		w.ends = append(w.ends, twin)
	}
	return text
}

// obsidianText escapes what is a tag, a link, a comment or a formula there.
func obsidianText(_ *writer, s string, _ bool) string {
	last := byte(0)
	return scan(s, func(escaped bool, c byte, rest string) string {
		before := last
		last = c
		switch {
		case escaped:
			return ""
		case c == '[' && strings.HasPrefix(rest, "["), c == '=' && strings.HasPrefix(rest, "="),
			c == '%' && strings.HasPrefix(rest, "%"), before == c && (c == '[' || c == '=' || c == '%'),
			c == '#' && rest != "" && rest[0] > ' ', c == '$', c == '^':
			return `\` + string(c)
		}
		return ""
	})
}

func obsidianAlert(_ *writer, kind, body string) string {
	return prefix(strings.TrimSuffix("[!"+kind+"] "+panelNames[kind]+"\n"+body, "\n"), "> ", "> ")
}

func obsidianExpand(_ *writer, title, body string) string {
	return prefix(
		strings.TrimSuffix("[!example]- "+obsidianText(nil, mdxLiteral(title), false)+"\n"+body, "\n"),
		"> ",
		"> ",
	)
}

// place is where in a page a link leads to: a heading by its words, else a block by its identifier.
func (w *writer) place(t target, dest string) string {
	if t.fragment == "" {
		return ""
	}
	words := ""
	if way := w.ways[unescape(t.fragment)]; t.own && way != "" {
		return way
	}
	if t.own && t.fragment == "top" && w.said["top"] == "" { // where every page has one
		words = w.page.Title
	} else if t.own {
		words = w.said[unescape(t.fragment)]
	} else if w.head != nil {
		words = w.head(dest)
	}
	if words = headingWords(words); words != "" {
		return "#" + words
	}
	return "#^" + blockID(unescape(t.fragment))
}

// special are what Obsidian leaves out of the words of a heading that a link leads to.
var special = expression.New(`[\[\]|#^\\:%\s]+`)

func headingWords(s string) string { return strings.TrimSpace(special.ReplaceAllString(s, " ")) }

// blockID is a place as the identifier of a block, which has letters, digits and dashes.
func blockID(id string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && !letter(byte(r)) && (r < '0' || r > '9') {
			return '-'
		}
		return r
	}, id)
}

// wiki is a wikilink with what is shown of it.
func (w *writer) wiki(dest, shown string) string {
	s := "[[" + dest
	if shown != "" {
		s += "|" + shown
	}
	if w.cell > 0 {
		s = strings.ReplaceAll(s, "|", `\|`)
	}
	return s + "]]"
}

func obsidianLink(w *writer, l link) string {
	t := w.targetOf(l.dest)
	switch {
	case t.file == "":
		return l.markdown(l.dest)
	case l.image:
		return "!" + w.wiki(t.file, shown(l.words))
	case !isPage(t.file):
		if !l.plain || shown(l.words) != l.words {
			return l.markdown(l.dest)
		}
		return w.wiki(t.file, l.words)
	}
	dest := strings.TrimSuffix(t.file, ".md")
	if t.own {
		dest = ""
	}
	place := w.place(t, l.dest)
	if l.plain && shown(l.words) == l.words && l.words != "" {
		return w.wiki(dest+place, l.words)
	}
	return l.markdown(w.obsidianDest(t, l.dest))
}

// obsidianDest is a destination in Markdown.
func (w *writer) obsidianDest(t target, dest string) string {
	file, _, _ := strings.Cut(dest, "#")
	return file + strings.ReplaceAll(escapePath(w.place(t, dest)), "%23", "#")
}

// shown is a text that can stand in a wikilink.
func shown(s string) string {
	s = strings.NewReplacer("[", " ", "]", " ", "|", " ", "\\", " ", "*", " ", "_", " ", "`", " ", "~", " ", "<", " ",
		"$", " ",
		"=", " ", "#", " ", "&", " ", "%", " ").
		Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// obsidianTag notes places, and shows pictures with their size.
func obsidianTag(w *writer, t html.Token) string {
	if id := get(t, "id"); id != "" && t.Type == html.StartTagToken {
		w.ends = append(w.ends, blockID(id))
	}
	if t.Data == "a" {
		return obsidianAnchor(w, t)
	}
	if to := w.targetOf(get(t, "src")); t.Data == "img" && to.file != "" {
		size := get(t, "width")
		if height := get(t, "height"); size != "" && height != "" {
			size += "x" + height
		}
		return "!" + w.wiki(to.file, strings.Trim(shown(get(t, "alt"))+"|"+size, "|"))
	}
	return tagOf(t)
}

// obsidianAnchor is the tag of a link: Obsidian follows those that it is told of.
func obsidianAnchor(w *writer, t html.Token) string {
	to := w.targetOf(get(t, "href"))
	switch {
	case t.Type == html.StartTagToken && get(t, "href") == "": // a place alone
		w.gone++
		return ""
	case t.Type == html.EndTagToken && w.gone > 0:
		w.gone--
		return ""
	case t.Type == html.EndTagToken || to.file == "":
		return tagOf(t)
	}
	dest := to.file + w.place(to, get(t, "href"))
	if to.own {
		dest = w.place(to, get(t, "href"))
	}
	set(&t, "href", dest)
	set(&t, "class", "internal-link")
	return tagOf(t)
}

// pictureBelow leads from HTML, in which Obsidian finds no file of a vault, to a picture that is shown below it.
func (w *writer) pictureBelow(t html.Token, to target) string {
	embed := obsidianTag(w, t)
	if !slices.Contains(w.below, embed) {
		w.below = append(w.below, embed)
	}
	title := ""
	if alt := get(t, "alt"); alt != "" {
		title = ` title="` + escapeAttr(alt) + `"`
	}
	return `<a href="` + escapeAttr(to.file) + `" class="internal-link"` + title + `>🖼</a>`
}

// chain are the headings that are open, by their levels, and all that there were.
type chain struct {
	levels []int
	words  []string
	seen   map[string]bool
}

// to goes on to a heading. It is the way there past the headings above it, where one before is called like it; twin
// tells that this way leads to one before.
func (c *chain) to(level int, words string) (way string, twin bool) {
	for len(c.levels) > 0 && c.levels[len(c.levels)-1] >= level {
		c.levels, c.words = c.levels[:len(c.levels)-1], c.words[:len(c.words)-1]
	}
	c.levels, c.words = append(c.levels, level), append(c.words, words)
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	way = "#" + strings.Join(c.words, "#")
	key, whole := strings.ToLower(words), strings.ToLower(way)
	first := !c.seen[key]
	twin = c.seen[whole]
	c.seen[key], c.seen[whole] = true, true
	if first {
		return "", false
	}
	return way, twin
}

// obsidianRaw is HTML on lines of its own, in which no Markdown is read.
func obsidianRaw(w *writer, s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		raw := string(z.Raw())
		t := z.Token()
		if to := w.targetOf(get(t, "src")); t.Data == "img" && to.file != "" {
			b.WriteString(w.pictureBelow(t, to))
			continue
		}
		if t.Data == "a" && kind != html.TextToken ||
			kind == html.StartTagToken && get(t, "id") != "" {
			raw = obsidianTag(w, t)
		}
		b.WriteString(raw)
	}
}

func unescape(fragment string) string {
	if s, err := url.PathUnescape(fragment); err == nil {
		return s
	}
	return fragment
}
