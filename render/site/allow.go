package site

import "agc-export/render/expression"

// reserved begins the identifiers of the templates. No body may have such ones.
const reserved = "agc-"

// valid tells whether an attribute may have a value.
type valid func(value string) bool

// globals are the attributes that every element may have. An id must not hold
// spaces; class is looked at word by word, see classes.
var globals = map[string]valid{
	"class": anything,
	"dir":   oneOf("ltr", "rtl", "auto"),
	"id":    matches(`^[^\s\x00-\x1f\x7f]{1,300}$`),
	"lang":  matches(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}$`),
	"role":  oneOf("note", "doc-endnotes", "doc-noteref", "doc-backlink"),
	"title": anything,
}

// elements are the elements that a body may hold, with the attributes that they
// may have beside the globals. What is not here is taken away and its content kept;
// to allow an element, add its line. An element whose content a browser reads as
// anything but HTML (script, style, textarea, noscript, ...) must never stand here.
var elements = map[string]map[string]valid{
	"a":          {"href": anything},
	"abbr":       {},
	"address":    {},
	"audio":      {"src": anything},
	"b":          {},
	"bdi":        {},
	"bdo":        {},
	"blockquote": {},
	"br":         {},
	"caption":    {},
	"cite":       {},
	"code":       {},
	"col":        {"span": number, "width": width},
	"colgroup":   {"span": number},
	"dd":         {},
	"del":        {},
	"details":    {"open": anything},
	"dfn":        {},
	"div":        {"align": alignment},
	"dl":         {},
	"dt":         {},
	"em":         {},
	"figcaption": {},
	"figure":     {},
	"h1":         {"align": alignment},
	"h2":         {"align": alignment},
	"h3":         {"align": alignment},
	"h4":         {"align": alignment},
	"h5":         {"align": alignment},
	"h6":         {"align": alignment},
	"hr":         {},
	"i":          {},
	"img":        {"src": anything, "alt": anything, "width": number, "height": number},
	"input":      {"type": oneOf("checkbox"), "checked": anything, "disabled": anything},
	"ins":        {},
	"kbd":        {},
	"li":         {"value": matches(`^-?[0-9]{1,10}$`)},
	"mark":       {},
	"ol":         {"start": matches(`^-?[0-9]{1,10}$`), "type": oneOf("1", "a", "A", "i", "I"), "reversed": anything},
	"p":          {"align": alignment},
	"pre":        {},
	"q":          {},
	"rp":         {},
	"rt":         {},
	"ruby":       {},
	"s":          {},
	"samp":       {},
	"small":      {},
	"source":     {"src": anything, "type": matches(`^(audio|video)/[a-z0-9.+-]+$`)},
	"span":       {},
	"strong":     {},
	"sub":        {},
	"summary":    {},
	"sup":        {},
	"table":      {},
	"tbody":      {},
	"td":         {"align": alignment, "colspan": number, "rowspan": number},
	"tfoot":      {},
	"th": {"align": alignment, "colspan": number, "rowspan": number,
		"scope": oneOf("col", "row", "colgroup", "rowgroup")},
	"thead": {},
	"time":  {"datetime": matches(`^[0-9TZ:.+ -]{4,40}$`)},
	"tr":    {},
	"u":     {},
	"ul":    {},
	"var":   {},
	"video": {"src": anything, "width": number, "height": number},
	"wbr":   {},
}

// dropped are the elements of which no more stays than the text in them: the elements in
// them go too. Those of SVG and MathML are such ones. Where they stand in an author's HTML
// they become text before (raw.go).
var dropped = map[string]bool{
	"frameset": true, "head": true, "iframe": true, "noembed": true, "noframes": true, "noscript": true,
	"script": true, "style": true, "template": true, "title": true,
}

// classes matches the class names that bodies may use: those of goldmark and of
// render/markdown, by families. The templates' own classes are none of these.
var classes = matches(`^(?:` +
	`(?:align|attachment|bg|cell|chart|code|date|emoji|emoticon|excerpt|fg|file|footnote|footnotes|layout|lines|list` +
	`|macro|media|mention|missing|panel|status|tab|table|task|tasks|user|width)(?:[-_][a-z0-9_-]{1,40})?` +
	`|math|language-[\pL\pN_+#.-]{1,40})$`)

// schemes are those that a link may have, beside none: a relative address.
var schemes = map[string]bool{"http": true, "https": true, "mailto": true, "tel": true}

// pictures matches the data: addresses that a picture may have. SVG is not among
// them: it is a document, not a picture.
var pictures = expression.New(`^data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$`)

// What several elements share. Numbers have a bound so that no table is wider than
// a browser can draw.
var (
	width     = matches(`^[0-9]{1,5}(\.[0-9]{1,5})?%?$`)
	number    = matches(`^[1-9][0-9]{0,4}$`)
	alignment = oneOf("left", "center", "right", "justify")
)

// anything is for attributes whose value cannot harm, or is looked at elsewhere:
// class in classes, href and src in link.go.
func anything(string) bool { return true }

// matches returns a check against a whole regular expression.
func matches(expr string) valid {
	return expression.New(expr).MatchString
}

// oneOf returns a check against a list.
func oneOf(values ...string) valid {
	return func(value string) bool {
		for _, v := range values {
			if v == value {
				return true
			}
		}
		return false
	}
}
