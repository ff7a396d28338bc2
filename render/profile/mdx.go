package profile

import (
	"agc-export/render/expression"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// elements are those of HTML that become JSX; of all others only what is in them stays.
var elements = strings.Fields(
	`a abbr article aside audio b bdi bdo blockquote br caption cite code col colgroup dd del
	details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section
	small source span strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr`,
)

// attributes are those that stay, by what JSX calls them.
var attributes = map[string]string{
	"align":    "align",
	"alt":      "alt",
	"class":    "className",
	"colspan":  "colSpan",
	"controls": "controls",
	"datetime": "dateTime",
	"dir":      "dir",
	"height":   "height",
	"id":       "id",
	"lang":     "lang",
	"open":     "open",
	"reversed": "reversed",
	"rowspan":  "rowSpan",
	"scope":    "scope",
	"start":    "start",
	"title":    "title",
	"type":     "type",
	"width":    "width",
	"valign":   "valign",
}

// mdxTag is a tag as JSX. One that ends nothing that was opened here is left out.
func mdxTag(w *writer, t html.Token) string {
	if !slices.Contains(elements, t.Data) {
		return ""
	}
	if t.Type == html.EndTagToken {
		return w.close(t.Data)
	}
	if isVoid(t.Data) {
		return "<" + t.Data + w.jsx(t) + " />"
	}
	if t.Data == "a" {
		return w.openLink(t)
	}
	before := ""
	if id := get(t, "id"); id != "" {
		before = w.anchor(id)
		t.Attr = slices.DeleteFunc(t.Attr, func(a html.Attribute) bool { return a.Key == "id" })
	}
	w.open = append(w.open, element{t.Data, "</" + t.Data + ">"})
	return before + "<" + t.Data + w.jsx(t) + ">"
}

// anchor is a place, told to Docusaurus, which looks whether links lead to one.
func (w *writer) anchor(id string) string {
	w.uses["Link"] = true
	return "<Link" + jsxAttr("id", id) + "></Link>"
}

// mdxLinkEnd begins the end of a link that is Markdown.
const mdxLinkEnd = "]("

// inLink tells whether what is written stands in a link that is Markdown.
func (w *writer) inLink() bool {
	return w != nil && slices.ContainsFunc(w.open, func(e element) bool { return strings.HasPrefix(e.end, mdxLinkEnd) })
}

// openLink begins a link. One between pages is Markdown, so that Docusaurus looks whether it leads there.
func (w *writer) openLink(t html.Token) string {
	before := ""
	if id := get(t, "id"); id != "" {
		before = w.anchor(id)
	}
	href := get(t, "href")
	to, tag := w.targetOf(href), ""
	switch {
	case href == "":
		w.open = append(w.open, element{"a", ""})
		return before
	case to.file == "": // no component, which would not bear all addresses
		tag = "<a" + jsxAttr("href", href) + ">"
	case !to.own && !isPage(to.file):
		w.uses["useBaseUrl"] = true
		tag = "<a href={useBaseUrl(" + quote("/"+escapePath(to.file)) + ")}>"
	default:
		w.open = append(w.open, element{"a", mdxLinkEnd + escapeDest(docusaurusDest(w, href, false)) + ")"})
		return before + "["
	}
	w.open = append(w.open, element{"a", "</a>"})
	return before + tag
}

// mdxRaw is HTML on lines of its own. What stays open beyond it, and what it ends that was open before,
// stands alone on its line; a table has a line for each row, and all else is one line.
func mdxRaw(w *writer, s string) string {
	if !frames.MatchString(s) { // what it opens ends with it, and it ends nothing before it
		done := w.scope()
		out := mdxBlock(w, s)
		if rest := done(); rest != "" || !strings.HasPrefix(s, "<table") || !strings.HasSuffix(s, "</table>") {
			return noProgram(strings.TrimSpace(strings.ReplaceAll(out, "\n", "") + rest))
		}
		return out
	}
	return mdxBlock(w, s)
}

// frames matches HTML around Markdown: tags, and the title of a box that opens.
var frames = expression.New(`^(\s*<[^<>]*>)*\s*$|^<details\b[^<>]*>\n<summary>.*</summary>$`)

func mdxBlock(w *writer, s string) string {
	var parts []string
	at := map[int]int{} // place in open -> part
	pre, before := 0, len(w.open)
	for t := range tokens(s) {
		depth := len(w.open)
		part := ""
		switch {
		case t.Type == html.TextToken && pre > 0:
			part = "{" + quote(t.Data) + "}"
		case t.Type == html.TextToken:
			part = mdxLiteral(lines(t.Data))
		default:
			if t.Data == "pre" {
				pre = max(0, pre+map[bool]int{true: 1, false: -1}[t.Type == html.StartTagToken])
			}
			part = mdxTag(w, t)
			if part != "" && startsLine(t, w.open[min(before, len(w.open)):], depth-before) {
				part = "\n" + part
			}
			if t.Type == html.EndTagToken && part != "" && len(w.open) < before {
				part, before = "\n"+part+"\n", len(w.open)
			}
			if len(w.open) > depth {
				at[len(w.open)-1] = len(parts)
			}
		}
		parts = append(parts, part)
	}
	for i := before; i < len(w.open) && frames.MatchString(s); i++ {
		if strings.HasPrefix(w.open[i].end, mdxLinkEnd) { // a link in Markdown holds no blocks
			parts[at[i]], w.open[i].end = strings.TrimSuffix(parts[at[i]], "["), ""
		}
		parts[at[i]] = "\n" + parts[at[i]] + "\n"
	}
	out := strings.Join(parts, "")
	for strings.Contains(out, "\n\n") {
		out = strings.ReplaceAll(out, "\n\n", "\n")
	}
	return out
}

// startsLine tells the tags of a table that begin a line: the parts of one that is in no other element. open are
// the elements that are open behind the tag, depth is how many were before it.
func startsLine(t html.Token, open []element, depth int) bool {
	if t.Type == html.EndTagToken {
		return t.Data == "table" && depth == 1 || (t.Data == "thead" || t.Data == "tbody") && depth == 2 &&
			open[0].name == "table"
	}
	return slices.Contains(rows, t.Data) && depth > 0 && open[0].name == "table" &&
		(depth == 1 || depth == 2 && (open[1].name == "thead" || open[1].name == "tbody"))
}

// rows are the parts of tables that begin a line.
var rows = []string{"thead", "tbody", "tr", "colgroup"}

// jsx are the attributes of a tag.
func (w *writer) jsx(t html.Token) string {
	var b strings.Builder
	for _, a := range t.Attr {
		switch name := attributes[a.Key]; {
		case a.Key == "src":
			b.WriteString(w.source(a.Val))
		case name == "controls" || name == "open" || name == "reversed":
			b.WriteString(" " + name)
		case name != "":
			b.WriteString(jsxAttr(name, a.Val))
		}
	}
	return b.String()
}

// source is what shows a picture, wherever the site lies.
func (w *writer) source(src string) string {
	t := w.targetOf(src)
	if t.file == "" {
		return jsxAttr("src", src)
	}
	w.uses["useBaseUrl"] = true
	return " src={useBaseUrl(" + quote("/"+escapePath(t.file)) + ")}"
}

func jsxAttr(name, value string) string { return " " + name + `="` + escapeAttr(value) + `"` }
