package markdown

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// cannot says in its place that a list is not here, with the macro's settings, so
// that a reader knows what to ask Confluence.
func (r *resolver) cannot(dst *html.Node, c *call, what string) {
	r.lose(LossDynamic, shortName(c.name), c.Node)
	dst.AppendChild(r.note(what+": only Confluence can show this", c, c.inline))
}

// find asks the mirror. When it cannot answer, the page says so and ok is false.
func (r *resolver) find(dst *html.Node, c *call, what string, q Query) (refs []Ref, ok bool) {
	q.From = r.page
	refs, err := r.tenant.Find(q)
	if err != nil {
		r.cannot(dst, c, what)
		return nil, false
	}
	return refs, true
}

// entry shows one found thing as a link.
func (r *resolver) entry(ref Ref) *html.Node {
	out := el("span")
	r.write(out, with(el("span"), text(first(ref.Title, "without a title"))), ref.Href, ref.Missing)
	return out
}

// list appends found things as a list, nested where they know their depth.
func (r *resolver) list(dst *html.Node, refs []Ref, show func(Ref) *html.Node) {
	if !r.spend(len(refs)) {
		dst.AppendChild(r.note("List: too much for one page", nil, false))
		return
	}
	out := el("div")
	addTree(out, refs, func(ref Ref) int { return max(ref.Depth, 1) }, show)
	move(out, dst)
}

// number reads a count, bounded, or takes the given one.
func number(s string, otherwise int) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n <= 0 {
		return otherwise
	}
	return min(n, 1000)
}

// children lists the pages below one, to the depth that the macro says.
func children(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectChildren, Depth: 1, Sort: sortKey(c.param("sort")), Reverse: c.on("reverse") || c.on("sortAndReverse")}
	if c.on("all") || c.on("allChildren") {
		q.Depth = 0
	}
	q.Depth = number(c.param("depth"), q.Depth)
	q.Max = number(c.param("first"), 0)
	q.Of, _ = c.target("page", "root", "rootPage")
	if refs, ok := r.find(dst, c, "Child pages", q); ok {
		r.list(dst, refs, r.entry)
	}
}

// pageTree lists all pages below a root, by default the space's home.
func pageTree(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectChildren, Sort: sortKey(c.param("sort")), Reverse: c.on("reverse")}
	q.Of, _ = c.target("root", "page", "rootPage")
	if q.Of.Kind == "" {
		q.Of = Target{Kind: TargetPage, Title: "@home"}
	}
	if refs, ok := r.find(dst, c, "Page tree", q); ok {
		r.list(dst, refs, r.entry)
	}
}

// sortKey returns what Query calls an order of Confluence's.
func sortKey(s string) string {
	switch strings.ToLower(s) {
	case "title":
		return "title"
	case "creation", "created":
		return "created"
	case "modified", "lastmodified", "last-modified":
		return "modified"
	}
	return ""
}

// wanted returns the query of the macros that list content by its properties.
func wanted(c *call, most int) Query {
	q := Query{
		Select: SelectContent, CQL: c.param("cql"), Labels: split(c.param("labels", "label")), Spaces: split(c.param("spaces", "space", "spaceKey")),
		Types: split(c.param("type", "types")), Sort: sortKey(c.param("sort", "sortBy")), Reverse: c.on("reverse"), Max: number(c.param("max", "maxResults"), most),
	}
	for i, s := range q.Spaces {
		if s == "@self" || s == "currentSpace()" {
			q.Spaces[i] = ""
		}
	}
	if t, ok := c.target("spaceKey", "spaces", "space"); ok && t.Kind == TargetSpace {
		q.Spaces = []string{t.SpaceKey}
	}
	return q
}

// split cuts a list at commas and blanks.
func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
}

// content lists content by label, space, type or CQL.
func content(what string) macro {
	return func(r *resolver, dst *html.Node, c *call) {
		if refs, ok := r.find(dst, c, what, wanted(c, 15)); ok {
			r.list(dst, refs, r.entry)
		}
	}
}

// blogPosts lists blog posts, newest first.
func blogPosts(r *resolver, dst *html.Node, c *call) {
	q := wanted(c, 15)
	q.Types, q.Sort, q.Reverse = []string{"blogpost"}, "created", true
	if refs, ok := r.find(dst, c, "Blog posts", q); ok {
		r.list(dst, refs, r.dated(func(ref Ref) string { return ref.Created }))
	}
}

// recentlyUpdated lists what changed last.
func recentlyUpdated(r *resolver, dst *html.Node, c *call) {
	q := wanted(c, 15)
	q.Sort, q.Reverse = "modified", true
	if refs, ok := r.find(dst, c, "Recently updated", q); ok {
		r.list(dst, refs, r.dated(func(ref Ref) string { return ref.Updated }))
	}
}

// dated shows a link with its day behind it.
func (r *resolver) dated(when func(Ref) string) func(Ref) *html.Node {
	return func(ref Ref) *html.Node {
		out := r.entry(ref)
		if day, _, _ := strings.Cut(when(ref), "T"); day != "" {
			addText(out, " ("+day+")")
		}
		return out
	}
}

// index lists all pages of the space by title.
func index(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectContent, Spaces: []string{r.page.SpaceKey}, Types: []string{"page"}, Sort: "title"}
	if refs, ok := r.find(dst, c, "Index", q); ok {
		r.list(dst, refs, r.entry)
	}
}

// labels lists the labels of the page.
func labels(r *resolver, dst *html.Node, c *call) {
	refs, ok := r.find(dst, c, "Labels", Query{Select: SelectSelf})
	if !ok || len(refs) == 0 {
		return
	}
	line := el("p")
	for i, l := range refs[0].Labels {
		if i > 0 {
			addText(line, ", ")
		}
		addText(line, l)
	}
	dst.AppendChild(line)
}

// history tells the page's version, editor and day. Older versions are not mirrored.
func history(r *resolver, dst *html.Node, c *call) {
	refs, ok := r.find(dst, c, "Change history", Query{Select: SelectSelf})
	if !ok || len(refs) == 0 {
		return
	}
	day, _, _ := strings.Cut(refs[0].Updated, "T")
	dst.AppendChild(grid([]string{"Version", "Date", "Author"}, [][]string{{strconv.Itoa(refs[0].Version), day, refs[0].Author}}))
}

// contributors names the page's author.
func contributors(r *resolver, dst *html.Node, c *call) {
	refs, ok := r.find(dst, c, "Contributors", Query{Select: SelectSelf})
	if ok && len(refs) > 0 && refs[0].Author != "" {
		dst.AppendChild(with(el("p"), text(refs[0].Author)))
	}
}

// grid returns a table of plain text.
func grid(head []string, rows [][]string) *html.Node {
	t := el("table")
	row := func(name string, cells []string) {
		tr := el("tr")
		for _, s := range cells {
			tr.AppendChild(with(el(name), text(s)))
		}
		t.AppendChild(tr)
	}
	row("th", head)
	for _, cells := range rows {
		row("td", cells)
	}
	return t
}

// only says that a macro shows what only a running Confluence knows.
func only(what string) macro {
	return func(r *resolver, dst *html.Node, c *call) { r.cannot(dst, c, what) }
}

// control is a macro that shows a means of Confluence's own, a search field or a
// button, and no content: nothing of it is left, but its body if it has one.
func control(r *resolver, dst *html.Node, c *call) { r.show(dst, c) }
