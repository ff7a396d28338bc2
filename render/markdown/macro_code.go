package markdown

import (
	"strconv"
	"strings"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// code makes a code block. A title stands in bold before it; one that the author
// collapsed opens on demand.
func code(r *resolver, dst *html.Node, c *call) {
	body, ok := c.plain()
	if !ok && c.rich() != nil {
		r.body(dst, c.rich())
		return
	}
	language := ""
	if c.name != "noformat" {
		language = languageOf(c.param("language", "", "lang", "syntax"))
	}
	title := c.param("title", "globaltitle")
	if c.on("collapse") {
		box := r.expandBox(first(title, "Code"))
		dst.AppendChild(box)
		dst = box
	} else {
		r.addTitle(dst, title)
	}
	// It is a block in Confluence wherever it stands, also beside words of a cell or an item.
	addCode(dst, body, language, c.inline && r.macros[c.name].inline)
	if pre := dst.LastChild; pre != nil && pre.Data == "pre" {
		setAttr(pre.FirstChild, lineAttr, c.lineNumbers())
	}
}

// lineAttr holds on a code element what the fence says behind the language.
const lineAttr = "lines"

// lineNumbers is what a fence says of line numbers, which Markdown has no form for and
// its readers skip: "linenumbers", or "linenumbers=5" where they begin with another
// than 1.
func (c *call) lineNumbers() string {
	if !c.on("linenumbers") {
		return ""
	}
	if n := number(c.param("firstline"), 1); n > 1 {
		return "linenumbers=" + strconv.Itoa(n)
	}
	return "linenumbers"
}

// addCode appends literal text: as a block, or in a line if it is one.
func addCode(dst *html.Node, s, language string, inline bool) {
	s = strings.Trim(s, "\r\n")
	if inline && !strings.Contains(s, "\n") {
		if s != "" {
			dst.AppendChild(with(el("code"), text(s)))
		}
		return
	}
	inner := with(el("code"), text(s))
	if language != "" {
		setAttr(inner, "class", "language-"+language)
	}
	dst.AppendChild(with(el("pre"), inner))
}

// languages maps Confluence's names of languages to those that highlighters know.
var languages = map[string]string{
	"actionscript3": "actionscript", "c#": "csharp", "c++": "cpp", "cpp": "cpp", "coldfusion": "cfm", "html/xml": "xml",
	"html and xml": "xml", "js": "javascript", "javafx": "java", "none": "", "objective-c": "objectivec", "plain": "",
	"plain text": "",
	"py":         "python", "rb": "ruby", "sh": "bash", "shell": "bash", "text": "", "visual basic": "vb",
	"yml": "yaml",
}

// languageOf returns the name of a language for a code fence, or "".
func languageOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if name, ok := languages[s]; ok {
		return name
	}
	s = strings.Join(strings.Fields(s), "-")
	if strings.ContainsAny(s, "`~<>\"'&{}|\\") || len(s) > 40 {
		return ""
	}
	return s
}

// literalJSON keeps a node of the editor's own that a page was saved with.
func literalJSON(r *resolver, dst *html.Node, n *storage.Node) {
	r.lose(LossElement, knownName(n.Name), n)
	addCode(dst, n.TextContent(), "json", false)
}
