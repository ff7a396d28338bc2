package site

import (
	"strings"
	"unicode/utf8"

	"agc-export/render/expression"
)

// reserved begins the identifiers of the templates. No body may have such ones.
const reserved = "agc-"

// valid tells whether an attribute may have a value.
type valid func(value string) bool

// globals are the attributes that every element may have. An id must not hold
// spaces; class is looked at word by word, see classes.
var globals = map[string]valid{
	"class": anything,
	"dir":   oneOf("ltr", "rtl", "auto"),
	"id":    identifier,
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

// families are those of the class names that bodies may use, of goldmark's and of render/markdown's. The
// templates' own classes are none of these.
var families = map[string]bool{"align": true, "attachment": true, "bg": true, "cell": true, "chart": true,
	"code": true, "date": true, "emoji": true, "emoticon": true, "excerpt": true, "fg": true, "file": true,
	"footnote": true, "footnotes": true, "layout": true, "lines": true, "list": true, "macro": true, "media": true,
	"mention": true, "missing": true, "panel": true, "status": true, "tab": true, "table": true, "task": true,
	"tasks": true, "user": true, "width": true}

// languages matches the classes of code in a language.
var languages = matches(`^language-[\pL\pN_+#.-]{1,40}$`)

// mostOfFamily is how long what stands behind a family's name may be.
const mostOfFamily = 40

// classes tells of a class name that bodies may use it: that of a family by itself, or before a sign and a few
// small letters, digits and signs.
func classes(name string) bool {
	family, rest := name, ""
	if i := strings.IndexAny(name, "-_"); i >= 0 {
		if family, rest = name[:i], name[i+1:]; rest == "" || len(rest) > mostOfFamily {
			return languages(name)
		}
	}
	if !families[family] {
		return name == "math" || languages(name)
	}
	for i := range len(rest) {
		if c := rest[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

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

// identifier is the check of an id: up to 300 characters without blanks and control characters.
func identifier(value string) bool {
	for i := range len(value) {
		if value[i] <= ' ' || value[i] == 0x7f {
			return false
		}
	}
	return value != "" && utf8.RuneCountInString(value) <= 300
}

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
