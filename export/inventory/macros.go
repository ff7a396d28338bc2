// Package inventory says what a tenant is made of: how many contents of which kind, which macros its pages use and what
// becomes of each. It reads the mirror alone, so that it answers before a first build too.
package inventory

import (
	"cmp"
	"html"
	"slices"
	"strings"

	"agc-export/export/report"
	"agc-export/render/markdown"
)

// The ways in which storage format calls a macro, and where what looks like one is text.
const (
	callNew  = "<ac:structured-macro"
	callOld  = "<ac:macro"
	cdata    = "<![CDATA["
	cdataEnd = "]]>"
)

// longestName bounds what is taken for the name of a macro.
const longestName = 100

// Macros counts the macros that a body in storage format calls, by name in lower case.
func Macros(body string) map[string]int {
	all := map[string]int{}
	for {
		at := strings.IndexByte(body, '<')
		if at < 0 {
			return all
		}
		body = body[at:]
		switch {
		case strings.HasPrefix(body, cdata):
			end := strings.Index(body, cdataEnd)
			if end < 0 {
				return all
			}
			body = body[end+len(cdataEnd):]
		case strings.HasPrefix(body, callNew), strings.HasPrefix(body, callOld):
			tag, rest, ok := strings.Cut(body, ">")
			if !ok {
				return all
			}
			if name := nameIn(tag); name != "" {
				all[name]++
			}
			body = rest
		default:
			body = body[1:]
		}
	}
}

// nameIn is the name of a macro in its tag, "" for none.
func nameIn(tag string) string {
	_, value, ok := strings.Cut(tag, "ac:name=")
	if !ok || value == "" {
		return ""
	}
	name, _, ok := strings.Cut(value[1:], value[:1])
	if name = strings.ToLower(strings.TrimSpace(html.UnescapeString(name))); !ok || len(name) > longestName {
		return ""
	}
	return name
}

// Tally adds macros up.
type Tally map[string]report.Macro

// Add adds those of one page.
func (t Tally) Add(macros map[string]int) {
	for name, n := range macros {
		m := t[name]
		t[name] = report.Macro{Name: name, Uses: m.Uses + n, Pages: m.Pages + 1}
	}
}

// List has the most used first, and says what becomes of each.
func (t Tally) List() []report.Macro {
	all := make([]report.Macro, 0, len(t))
	for name, m := range t {
		m.Known = markdown.Knows(name)
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b report.Macro) int {
		return cmp.Or(cmp.Compare(b.Uses, a.Uses), cmp.Compare(a.Name, b.Name))
	})
	return all
}
