// Package inventory says what a tenant is made of: how many contents of which kind, which macros its pages use and what
// becomes of each. It reads the mirror alone, so that it answers before a first build too.
package inventory

import (
	"cmp"
	"html"
	"maps"
	"slices"
	"strings"
	"sync"
	"unique"

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

// Uses is how often a page calls a macro.
type Uses struct {
	Name  string // in lower case
	Count int
}

// Macros are the macros that a body in storage format calls, by name.
func Macros(body string) (all []Uses) {
	found := map[string]int{}
	for {
		at := strings.IndexByte(body, '<')
		if at < 0 {
			break
		}
		body = body[at:]
		switch {
		case strings.HasPrefix(body, cdata):
			_, body, _ = strings.Cut(body, cdataEnd)
		case strings.HasPrefix(body, callNew), strings.HasPrefix(body, callOld):
			tag, rest, _ := strings.Cut(body, ">")
			if name := nameIn(tag); name != "" {
				found[name]++
			}
			body = rest
		default:
			body = body[1:]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		all = append(all, Uses{unique.Make(name).Value(), found[name]}) // a part of the body would hold all of it
	}
	return all
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

// Tally adds macros up. It is safe for use by many goroutines.
type Tally struct {
	mu  sync.Mutex
	all map[string]report.Macro
}

// Add adds those of one page.
func (t *Tally) Add(macros []Uses) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = map[string]report.Macro{}
	}
	for _, u := range macros {
		m := t.all[u.Name]
		t.all[u.Name] = report.Macro{Name: u.Name, Uses: m.Uses + u.Count, Pages: m.Pages + 1}
	}
}

// List has the most used first, and says of each whether it has a form of its own.
func (t *Tally) List() []report.Macro {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]report.Macro, 0, len(t.all))
	for name, m := range t.all {
		m.Known = markdown.Knows(name)
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b report.Macro) int {
		return cmp.Or(cmp.Compare(b.Uses, a.Uses), cmp.Compare(a.Name, b.Name))
	})
	return all
}
