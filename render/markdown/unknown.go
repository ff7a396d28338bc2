package markdown

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"agc-export/render/expression"

	"golang.org/x/net/html"
)

// What the page says where a macro stood that no function knows, or that only a running
// Confluence shows: notes, with the settings of the call for those who restore it.

// unknown keeps the body of a macro that the table does not have, and shows its
// name and parameters.
func unknown(r *resolver, dst *html.Node, c *call) {
	r.lose(LossMacro, shortName(c.name), c.Node)
	if c.inline {
		title := "macro " + first(c.name, "without a name")
		if s := r.settings(c); s != "" {
			c.listed = true
			dst.AppendChild(r.placeholder(title+s, nil, true))
		} else {
			r.noted(dst, title, c, true)
		}
		if c.Child("ac:rich-text-body", "ac:plain-text-body") != nil {
			addText(dst, " ")
		}
		r.show(dst, c)
		return
	}
	r.noted(dst, "Macro: "+first(c.name, "without a name"), c, false)
	r.show(dst, c)
}

// maxSettings bounds what a note in running text tells of parameters, in bytes.
const maxSettings = 120

// account matches what is the id of an account wherever it stands; older ones look like other numbers.
var account = expression.New(`\b[0-9]{5,7}:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`)

// unnumbered has the names of people in the place of their accounts' ids.
func (r *resolver) unnumbered(value string) string {
	return account.ReplaceAllStringFunc(value, func(id string) string {
		return first(r.tenant.Resolve(r.page, Target{Kind: TargetUser, ID: id}).Title, "unknown user")
	})
}

// numbered is what a parameter names by its number, where that may not be shown.
func (r *resolver) numbered(p parameter) (Ref, bool) {
	value := p.value()
	if _, err := strconv.ParseUint(value, 10, 64); err != nil || !strings.HasSuffix(nameOf(p.name), "id") {
		return Ref{}, false
	}
	ref := r.tenant.Resolve(r.page, Target{Kind: TargetContent, ID: value})
	return ref, untold(ref)
}

// settings tells of a call's parameters in few words.
func (r *resolver) settings(c *call) string {
	var parts []string
	for _, p := range c.parameters() {
		value := p.value()
		if ref, ok := r.numbered(p); ok {
			value = ref.Title
		}
		if value != "" && !secret.MatchString(p.name) {
			parts = append(parts, strings.TrimSpace(p.name+" "+value))
		}
	}
	s := strings.Join(parts, ", ")
	if s == "" || len(s) > maxSettings {
		return ""
	}
	return ": " + s
}

// shortName is a macro's name for reports: names are bounded, for a page may hold
// any text in their place.
func shortName(s string) string {
	s = strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == ':' {
			return c
		}
		return -1
	}, strings.ToLower(s))
	if len(s) > 60 {
		s = s[:60]
	}
	return first(s, "unnamed")
}

// placeholder says in the page what stood there: in running text a short remark; as a block
// a closed box with the parameters of a call, or a line when there are none.
func (r *resolver) placeholder(title string, c *call, inline bool) *html.Node {
	title = r.unnumbered(title)
	if inline {
		return with(el("span", "class", "macro"), text("["+title+"]"))
	}
	list := el("ul")
	if c != nil {
		c.listed = true
		for _, p := range c.parameters() {
			if item := r.setting(p); item != nil && !c.told[p.Node] {
				list.AppendChild(item)
			}
		}
	}
	if list.FirstChild == nil {
		return with(el("p"), with(el("span", "class", "macro"), text("["+title+"]")))
	}
	return with(el("details", "class", "macro"), with(el("summary"), text(title)), list)
}

// beginning is what a long text begins with: whole words, if there are any near the end.
func beginning(s string, most int) string {
	if at := strings.LastIndexByte(s[:most], ' '); at > most/2 {
		return s[:at+1]
	}
	for !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// secret matches the names of parameters whose values nobody shall read.
var secret = expression.New(`(?i)pass(word|wd)?$|token|secret|api-?key|credential`)

// setting shows one parameter of a call, or nil.
func (r *resolver) setting(p parameter) *html.Node {
	item, name := el("li"), first(p.name, "(unnamed)")
	value := r.shielded(r.unnumbered(p.value()))
	if ref, ok := r.numbered(p); ok {
		value = ref.Title + " (" + ref.Missing + ")"
	}
	t, ok := targetOf(p.Node)
	switch {
	case secret.MatchString(name):
		value = "(not shown)"
	case isData(value), ok && t.Kind == TargetURL && isData(t.URL):
		addText(item, name+": ")
		r.dataPicture(item, first(t.URL, strings.TrimSpace(p.TextContent())), description{}, p.Node)
		return item
	case ok && t.Kind == TargetURL && !linkable(t.URL):
		value = t.URL
	case ok:
		ref := r.resolve(t)
		addText(item, name+": ")
		r.write(item, with(el("span"), text(fallbackText(ref, t))), ref.Href, ref.Missing)
		return item
	case value == "":
		return nil
	case len(value) > 500:
		value = beginning(value, 500) + "…"
	}
	addText(item, name+": "+value)
	return item
}
