package markdown

import (
	"cmp"
	"html"
	"net/url"
	"path"
	"slices"
	"strings"

	"agc-export/render/storage"
)

// Withheld is a storage body without what macros show to some readers only. It is taken out
// of the source, before anything reads that: text, headings, excerpts, tasks, properties,
// links and parameters are then nowhere, whoever asks for the body and for what.
type Withheld struct {
	Body  string // as long as the source; in place of each part stands its macro, empty
	Parts int    // how many were taken out

	open, closed traces // what the body still holds, and what the parts held
	flat         string // the source of a part of which the tree has no attributes, in lower case
}

// traces are what other objects of a page are known by in its body.
type traces struct {
	words []string        // all text
	text  string          // the same, in one, without white space
	names map[string]bool // values of attributes and parameters, in lower case: markers, file names
}

// Withhold takes the parts for some readers only out of a body. It returns nil where there
// is none. Where the body is not well-formed, nobody can know where such a part ends: then
// it ends with the page. It takes time in proportion to the body.
func Withhold(body string) *Withheld {
	if !mayWithhold(body) {
		return nil
	}
	root, notes := storage.Parse(body)
	var cuts []cut
	for n := root.FirstChild; n != nil; n = n.NextSibling {
		cuts = appendCuts(cuts, n)
	}
	cuts = failClosed(cuts, root, notes, body)
	if len(cuts) == 0 {
		return nil
	}
	w := &Withheld{Parts: len(cuts)}
	if i := slices.IndexFunc(notes, func(n storage.Note) bool {
		return n.Class == storage.NoteDepth ||
			n.Class == storage.NoteSize
	}); i >= 0 {
		last := cuts[len(cuts)-1]
		w.flat = strings.ToLower(html.UnescapeString(body[last.from:last.to]))
	}
	var b strings.Builder
	at := 0
	for _, c := range cuts {
		b.WriteString(body[at:c.from])
		b.WriteString(c.stub())
		at = c.to
	}
	b.WriteString(body[at:])
	w.Body = b.String()
	w.trace(root, cuts)
	return w
}

// cut is a part to be taken out of a body.
type cut struct {
	from, to int
	name     string // of the macro
}

// emptied marks the macro that is left of a part.
const emptied = `withheld=""`

// isEmptied tells a macro of which that is all there is.
func isEmptied(n *storage.Node) bool {
	_, ok := n.Lookup("withheld")
	return n.FirstChild == nil && (ok || len(n.Attr) == 1)
}

// stub is what stands in the place of a part: its macro, without anything in it. Blanks
// within the tag make it as long as the part, so that what follows stays where it was.
func (c cut) stub() string {
	start := `<ac:structured-macro ac:name="` + c.name + `" ` + emptied
	return start + strings.Repeat(" ", max(0, c.to-c.from-len(start)-len("/>"))) + "/>"
}

// appendCuts finds the outermost parts in a node, in order.
func appendCuts(cuts []cut, n *storage.Node) []cut {
	if c := audience(n); c != nil {
		if isEmptied(n) {
			return cuts
		}
		return append(cuts, cut{n.Offset, n.End, shortName(c.name)})
	}
	for d := n.FirstChild; d != nil; d = d.NextSibling {
		cuts = appendCuts(cuts, d)
	}
	return cuts
}

// failClosed widens the parts where the tree does not tell how far they reach: because tags
// are missing or astray, or because elements beyond the tree's limits are in no tree.
func failClosed(cuts []cut, root *storage.Node, notes []storage.Note, body string) []cut {
	for _, note := range notes {
		switch note.Class {
		case storage.NoteUnclosed, storage.NoteStray, storage.NoteTag:
			if len(cuts) > 0 {
				cuts = cuts[:1]
				cuts[0].to = len(body)
			}
		case storage.NoteDepth, storage.NoteSize:
			if !mayWithhold(body[note.Offset:]) {
				continue
			}
			from := lastBefore(root, note.Offset)
			cuts = slices.DeleteFunc(cuts, func(c cut) bool { return c.from >= from })
			if last := len(cuts) - 1; last >= 0 && cuts[last].to > from {
				cuts[last].to = len(body)
			} else {
				cuts = append(cuts, cut{from, len(body), "show-if"})
			}
		}
	}
	return cuts
}

// lastBefore is where the last element of the tree before an offset begins: another element
// in its place is in the tree too.
func lastBefore(root *storage.Node, offset int) int {
	at := 0
	for n := range root.All() {
		if !n.IsText() && n.Offset < offset {
			at = max(at, n.Offset)
		}
	}
	return at
}

// trace notes what stands in the cuts and what elsewhere.
func (w *Withheld) trace(root *storage.Node, cuts []cut) {
	w.open.names, w.closed.names = map[string]bool{}, map[string]bool{}
	for n := range root.All() {
		i, _ := slices.BinarySearchFunc(cuts, n.Offset, func(c cut, at int) int { return cmp.Compare(c.to-1, at) })
		t := &w.open
		if i < len(cuts) && cuts[i].from <= n.Offset {
			t = &w.closed
		}
		if n.IsText() {
			t.words = append(t.words, n.Text)
			if n.Parent.FirstChild == n && n.NextSibling == nil {
				t.name(n.Text)
			}
		}
		for _, a := range n.Attr {
			t.name(a.Value)
		}
	}
	for _, t := range []*traces{&w.open, &w.closed} {
		t.text, t.words = joined(t.words...), nil
	}
}

// joined is text without white space: a quotation and the body have it in other places.
func joined(words ...string) string {
	var b strings.Builder
	for _, s := range words {
		for _, f := range strings.Fields(s) {
			b.WriteString(f)
		}
	}
	return b.String()
}

// name notes a value, and the file at its end if it is an address.
func (t *traces) name(value string) {
	value = strings.ToLower(strings.TrimSpace(value))
	if value == "" || len(value) > 2000 {
		return
	}
	t.names[value] = true
	if address, err := url.Parse(value); err == nil && strings.Contains(value, "/") {
		t.names[path.Base(address.Path)] = true
	}
}

// ShowsComment tells whether the text that an inline comment is on still stands in the body:
// by its marker's reference, else by the text as the comment quotes it.
func (w *Withheld) ShowsComment(ref, selection string) bool {
	ref = strings.ToLower(strings.TrimSpace(ref))
	if w.open.names[ref] || w.closed.names[ref] {
		return w.open.names[ref]
	}
	quoted := joined(selection)
	return quoted != "" && strings.Contains(w.open.text, quoted)
}

// HidesFile tells whether a file of the page is named in the parts that were taken out and
// not in the body: by its name, or by that without its endings, which is how diagrams name
// their files.
func (w *Withheld) HidesFile(title string) bool {
	hidden := false
	for name := strings.ToLower(strings.TrimSpace(title)); name != ""; name = strings.TrimSuffix(name, path.Ext(name)) {
		if w.open.names[name] {
			return false
		}
		hidden = hidden || w.closed.names[name] || strings.Contains(w.flat, name)
		if path.Ext(name) == "" {
			break
		}
	}
	return hidden
}

// mayWithhold tells whether a body may hold a part for some readers only. It reads no tree,
// so that the many bodies that have none cost little.
func mayWithhold(body string) bool {
	var open map[string]bool // tags that show their body to all
	for at := 0; ; {
		i := strings.IndexByte(body[at:], '<')
		if i < 0 {
			return false
		}
		at += i + 1
		if len(body) < at+3 || body[at]|0x20 != 'a' || body[at+1]|0x20 != 'c' || body[at+2] != ':' {
			continue // most tags
		}
		switch {
		case hasTag(body[at:], "ac:structured-macro"), hasTag(body[at:], "ac:macro"):
			tag, _, _ := strings.Cut(body[at:], ">")
			// With a reference, or quotes that do not end, the name may be any.
			tag = withoutID(strings.ToLower(tag))
			if open[tag] {
				continue
			}
			if strings.Contains(tag, "&") || strings.Count(tag, `"`)%2+strings.Count(tag, `'`)%2 > 0 ||
				speaksOfReaders(tag) {
				return true
			}
			if open == nil {
				open = map[string]bool{}
			}
			open[tag] = true
		case hasTag(body[at:], "ac:adf-node"): // its name is text among the text of its parameters
			return true
		}
	}
}

// withoutID is a macro's tag without its id, which is hexadecimal and so can name no reader:
// tags of one macro are then alike.
func withoutID(tag string) string {
	const attribute = ` ac:macro-id="`
	before, rest, found := strings.Cut(tag, attribute)
	id, after, ended := strings.Cut(rest, `"`)
	if !found || !ended || strings.Trim(id, "0123456789abcdef-") != "" {
		return tag
	}
	return before + attribute + `"` + after
}

func hasTag(s, name string) bool { return len(s) > len(name) && strings.EqualFold(s[:len(name)], name) }
