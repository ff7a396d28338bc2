package markdown

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// A macro that the table knows may have parameters that its function does not know: of a newer
// version, of another app of the same name, of an import. What only sets how it looks or works is
// no loss; words are the page's text, and stand behind what the function made of the rest.

// settings are the names of parameters, in lower case without signs between, that hold several
// words and none of the page's: what a macro asks for, of whom, and how it says so. Names
// that end in one of looks are others.
var settings = setOf(`server servername columns columnids columnnames separator delimiter placeholder buttonlabel
	navigationtitle exclude include excludes includes excludedspaces label labels excludelabels tag tags space spaces
	user users group groups author authors contributors macros types fields css styles cssclass classes padding margin
	border font fontfamily fonts timezone datepattern timepattern filters sql script regex pattern patterns
	blueprintmodulecompletekey templateid defaultvalue`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// knows notes parameters of which the page shows nothing on purpose: names that only other
// pages ask for.
func (c *call) knows(names ...string) {
	for _, name := range names {
		c.parameter(name)
	}
}

// unasked shows the words, and the pictures, in those parameters of a known macro that its function
// has not asked for.
func (r *resolver) unasked(dst *html.Node, c *call) {
	if c.listed {
		return
	}
	all := c.parameters()
	asked := func(p parameter) bool {
		if slices.Contains(c.asked, p.name) { // as nearly always
			return true
		}
		own := nameOf(p.name)
		return slices.ContainsFunc(c.asked, func(name string) bool { return nameOf(name) == own })
	}
	if !slices.ContainsFunc(all, func(p parameter) bool { return !asked(p) }) { // as nearly always
		return
	}
	seen := map[string]bool{}
	for _, p := range all {
		if asked(p) {
			seen[p.value()] = true
		}
	}
	for _, p := range all {
		name, value := nameOf(p.name), p.value()
		if asked(p) || c.told[p.Node] || name == appBody || secret.MatchString(p.name) || seen[value] {
			continue
		}
		seen[value] = true
		if isData(value) || !settings[name] && !technical(p.name) {
			r.shown(dst, c, p)
		}
	}
}

// shown shows a parameter that holds words or a picture.
func (r *resolver) shown(dst *html.Node, c *call, p parameter) {
	switch v := valueOf(p.Node, 0).(type) {
	case string:
		switch {
		case isData(v):
			out := el("span")
			r.dataPicture(out, strings.TrimSpace(v), description{}, p.Node)
			dst.AppendChild(c.place(out))
		case severalWords(v):
			if c.inline {
				addText(dst, " ")
			}
			dst.AppendChild(r.placeholder(first(p.name, "text")+": "+p.value(), nil, c.inline))
		}
	default:
		if words := el("div"); !choices(v) && r.cards(words, c, v, nameOf(p.name)) {
			beside(dst, words, c.inline)
		}
	}
}

// severalWords tells a text from an identifier: two words at least, or as many letters of a script
// that has no blanks between them.
func severalWords(s string) bool {
	words, unspaced := 0, 0
	for w := range strings.FieldsSeq(s) {
		if strings.ContainsFunc(w, unicode.IsLetter) {
			words++
		}
		for _, c := range w {
			if unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer,
				unicode.Myanmar) {
				unspaced++
			}
		}
	}
	return words >= 2 && worded(s) || unspaced >= 4
}
