package accessibility

import (
	"path"
	"strings"
	"unicode"

	"agc-export/render/storage"
)

// Finding is how often a page breaks a rule, and where.
type Finding struct {
	Rule  *Rule
	Count int
	At    []int // which of the page's pictures, headings, tables or links: the first of them, from 1
}

// mostPlaces bounds the places that a finding tells.
const mostPlaces = 20

// Find holds a body in storage format against all rules. What it finds is in the order of the rules.
func Find(body string) []Finding {
	root, _ := storage.Parse(body)
	f := finder{found: map[string]*Finding{}, number: map[string]int{}, lowest: 7}
	past := 0 // the end of what is left out
	for n := range root.All() {
		switch {
		case n.IsText() || n.Offset < past:
		case n.Name == "ac:placeholder" || n.RepeatsADF():
			past = n.End
		default:
			f.look(n)
		}
	}
	f.outline()
	var all []Finding
	for i := range rules {
		if one := f.found[rules[i].Name]; one != nil {
			one.Rule = &rules[i]
			all = append(all, *one)
		}
	}
	return all
}

// finder is a page while it is looked through.
type finder struct {
	found  map[string]*Finding // by rule
	number map[string]int      // of things of a kind so far
	levels []int               // of the headings with words
	places []int               // of these among all headings
	lowest int                 // of their levels
}

// see counts a thing of a kind.
func (f *finder) see(kind string) int {
	f.number[kind]++
	return f.number[kind]
}

// add notes that a rule is broken in a place.
func (f *finder) add(rule string, at int) {
	one := f.found[rule]
	if one == nil {
		one = &Finding{}
		f.found[rule] = one
	}
	if one.Count++; len(one.At) < mostPlaces {
		one.At = append(one.At, at)
	}
}

func (f *finder) look(n *storage.Node) {
	switch n.Name {
	case "ac:image", "img":
		f.picture(n)
	case "h1", "h2", "h3", "h4", "h5", "h6":
		f.heading(n)
	case "table":
		at := f.see("table")
		if !headed(n) {
			f.add("table-heads", at)
		}
	case "a":
		if _, ok := n.Lookup("href"); ok {
			f.link(n, n)
		}
	case "ac:link":
		f.link(n, n.Child("ac:link-body", "ac:plain-text-link-body"))
	}
}

// picture looks at a picture. One of HTML with an empty text is an ornament, as its author says; the editor has no such
// pictures, and Confluence's own element cannot say so.
func (f *finder) picture(n *storage.Node) {
	alt, told := n.Lookup("alt")
	if n.Name == "ac:image" {
		alt, told = n.Get("ac:alt"), false
	} else if strings.Contains(n.Get("class"), "emoticon") {
		return
	}
	at := f.see("picture")
	switch {
	case blank(alt) && !told:
		f.add("picture-text", at)
	case pictureName(alt, n):
		f.add("picture-file-name", at)
	}
}

// pictureName tells whether the text of a picture is the name of a file: its own, or one that ends as pictures do.
func pictureName(alt string, n *storage.Node) bool {
	alt = strings.TrimSpace(alt)
	if file := n.Child("ri:attachment"); file != nil && alt != "" && alt == file.Get("ri:filename") {
		return true
	}
	switch strings.ToLower(path.Ext(alt)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".avif":
		return true
	}
	return false
}

func (f *finder) heading(n *storage.Node) {
	at := f.see("heading")
	if !says(n) {
		f.add("heading-empty", at)
		return
	}
	level := int(n.Name[1] - '0')
	f.levels, f.places = append(f.levels, level), append(f.places, at)
	f.lowest = min(f.lowest, level)
}

// outline looks for skipped levels. The highest level of a page stands right below its title, whichever it is: so do
// the site and the Markdown have it.
func (f *finder) outline() {
	last := f.lowest - 1
	for i, level := range f.levels {
		if level > last+1 {
			f.add("heading-skipped", f.places[i])
		}
		last = level
	}
}

// headed tells whether a table needs no heads or has one with words. With a single row or column there is nothing
// that a head could be told apart from.
func headed(table *storage.Node) bool {
	rows, wide := 0, false
	for n := range table.All() {
		if n.Name != "tr" && n.Name != "th" && n.Name != "td" || !within(n, table) {
			continue
		}
		switch {
		case n.Name == "tr":
			rows++
		case (n.Name == "th" || within(n, headOf(table))) && says(n):
			return true
		case n.PrevSibling != nil && cellBefore(n):
			wide = true
		}
	}
	return rows < 2 || !wide
}

// headOf is the head of a table, nil for none.
func headOf(table *storage.Node) *storage.Node { return table.Child("thead") }

// within tells whether a part of a table stands in an element without another table between them.
func within(n, in *storage.Node) bool {
	for p := n.Parent; p != nil && in != nil; p = p.Parent {
		if p == in {
			return true
		}
		if p.Name == "table" {
			return false
		}
	}
	return false
}

// cellBefore tells whether a cell stands before another in its row.
func cellBefore(n *storage.Node) bool {
	for b := n.PrevSibling; b != nil; b = b.PrevSibling {
		if b.Name == "td" || b.Name == "th" {
			return true
		}
	}
	return false
}

// link looks at a link with its body; nil: Confluence writes what it leads to.
func (f *finder) link(n, body *storage.Node) {
	at := f.see("link")
	switch {
	case body == nil:
	case !says(body):
		f.add("link-empty", at)
	case vague[plain(body.TextContent())] && !shows(body):
		f.add("link-vague", at)
	}
}

// plain is the text of a link as the list of vague ones has it.
func plain(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToLower(s), ignored), " ")
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// says tells whether an element has words or something that stands for some. A picture does even without a text: that
// is a finding of its own, and mended there.
func says(n *storage.Node) bool { return !blank(n.TextContent()) || shows(n) }

// shows tells whether an element holds more than text.
func shows(n *storage.Node) bool {
	for d := range n.All() {
		switch d.Name {
		case "ac:image", "img", "ac:emoticon", "ac:structured-macro", "ac:macro", "ac:link", "time", "ac:adf-extension":
			return true
		}
	}
	return false
}

// blank tells whether a text shows nothing.
func blank(s string) bool { return strings.TrimFunc(s, ignored) == "" }

func ignored(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }
