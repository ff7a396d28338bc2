package markdown

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"agc-export/render/storage"
)

// cannot says in its place that a list is not here, with the macro's settings, so
// that a reader knows what to ask Confluence.
func (r *resolver) cannot(dst *html.Node, c *call, what string) {
	r.lose(LossDynamic, shortName(c.name), c.Node)
	dst.AppendChild(r.placeholder(what+": only Confluence can show this", c, c.inline))
}

// find asks the mirror. When it cannot answer, the page says so and ok is false.
func (r *resolver) find(dst *html.Node, c *call, what string, q Query) (refs []Ref, ok bool) {
	// Where a question says nothing of a page, it means this one.
	q.From = r.page
	if !take(&r.budget.questions, 1) {
		r.tooMuch(dst, c, what)
		return nil, false
	}
	if most := r.budget.entries + 1; q.Max == 0 || q.Max > most {
		q.Max = most
	}
	refs, err := r.tenant.Find(q)
	if err != nil {
		r.cannot(dst, c, what)
		return nil, false
	}
	if !r.weigh(refs) {
		r.budget.questions -= len(refs) / rowsPerQuestion // they were made in vain
		r.tooMuch(dst, c, what)
		return nil, false
	}
	return refs, true
}

// tabled asks for the rows of a table: each cell but the first counts as an entry too.
func (r *resolver) tabled(dst *html.Node, c *call, what string, columns int, q Query) ([]Ref, bool) {
	if most := r.budget.entries/columns + 1; q.Max == 0 || q.Max > most {
		q.Max = most
	}
	refs, ok := r.find(dst, c, what, q)
	if ok && !r.spend((columns-1)*len(refs)) {
		r.tooMuch(dst, c, what)
		return nil, false
	}
	return refs, ok
}

// entry shows one found thing as a link.
func (r *resolver) entry(ref Ref) *html.Node {
	out, name := el("span"), with(el("span"), text(first(ref.Title, "without a title")))
	if isMention(ref) {
		mention(out, name, ref)
		return out
	}
	r.write(out, name, ref.Href, ref.Missing)
	return out
}

// maxListDepth is how deep a list of found things is nested; what lies deeper in the tree
// of pages stands at that depth.
const maxListDepth = 30

// list appends found things as a list, nested where they know their depth.
func (r *resolver) list(dst *html.Node, refs []Ref, show func(Ref) *html.Node) {
	out := el("div")
	addTree(out, refs, func(ref Ref) int { return min(max(ref.Depth, 1), maxListDepth) }, show)
	move(out, dst)
}

// number reads a count, bounded, or takes the given one.
func number(s string, otherwise int) int {
	n, ok := whole(s)
	if !ok || n <= 0 {
		return otherwise
	}
	return min(n, 1000)
}

// children lists the pages below one, to the depth that the macro says: as a list, or
// with a heading for each of the first level.
func children(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectChildren, Depth: 1}
	q.order(first(c.param("sort"), c.param("sortAndReverse")), c.on("reverse"))
	if c.on("all") || c.on("allChildren") {
		q.Depth = 0
	}
	q.Depth = number(c.param("depth"), q.Depth)
	q.Max = number(c.param("first"), 0)
	q.Of, _ = c.target("page", "root", "rootPage")
	show := r.excerpted(&q, c)
	refs, ok := r.find(dst, c, "Child pages", q)
	if !ok {
		return
	}
	style := strings.ToLower(c.param("style"))
	if len(style) != 2 || style[0] != 'h' || style[1] < '1' || style[1] > '6' {
		r.list(dst, refs, show)
		return
	}
	for len(refs) > 0 {
		n := 1
		for n < len(refs) && refs[n].Depth > refs[0].Depth {
			n++
		}
		shown, head := show(refs[0]), el("h"+string(style[1]))
		link := shown.FirstChild
		shown.RemoveChild(link)
		dst.AppendChild(with(head, link))
		dst.AppendChild(shown) // its excerpt, if any
		r.list(dst, refs[1:n], show)
		refs = refs[n:]
	}
}

// pageTree lists all pages below a root, by default the space's home.
func pageTree(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectChildren}
	q.order(c.param("sort"), c.on("reverse"))
	q.Of, _ = c.target("root", "page", "rootPage")
	if t, ok := c.target("spaces", "space"); ok && q.Of.Kind == "" {
		q.Of = Target{Kind: TargetSpace, SpaceKey: first(t.SpaceKey, t.Title)}
	}
	if q.Of.Kind == "" {
		q.Of = Target{Kind: TargetPage, Title: "@home"}
	}
	show := r.excerpted(&q, c)
	if refs, ok := r.find(dst, c, "Page tree", q); ok {
		r.list(dst, refs, show)
	}
}

// order sets the order that a macro asks for: "title", or "title.true" for the
// reverse.
func (q *Query) order(sort string, reverse bool) {
	name, back, _ := strings.Cut(sort, ".")
	q.Sort, q.Reverse = sortKey(name), reverse || back == "true"
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
		Select: SelectContent, CQL: c.param("cql"), Every: strings.EqualFold(c.param("operator"), "and"),
		Types: contentTypes(c.param("type", "types")),
		Max:   number(c.param("max", "maxResults"), most),
	}
	q.order(c.param("sort", "sortBy"), c.on("reverse"))
	for _, label := range split(c.param("labels", "label")) {
		switch {
		case label[0] == '-': // "+a" must be there, "-b" must not
			q.Without = append(q.Without, label[1:])
		case label[0] == '+':
			q.Every = true
			q.Labels = append(q.Labels, label[1:])
		default:
			q.Labels = append(q.Labels, label)
		}
	}
	q.Spaces = c.spaces()
	q.People = c.people("author", "user")
	return q
}

// spaces returns the keys of the spaces that a macro names, none for all.
func (c *call) spaces() []string {
	var keys []string
	for _, name := range []string{"spaces", "space", "spaceKey"} {
		p := c.parameter(name)
		if p == nil {
			continue
		}
		for d := range p.All() {
			if t, ok := identifier(d); ok && t.Kind == TargetSpace {
				keys = append(keys, t.SpaceKey)
			}
		}
		for _, key := range split(c.param(name)) {
			if key != "*" && key != "@all" && key != "@global" {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// people returns the account ids that a macro names with resource identifiers.
func (c *call) people(names ...string) []string {
	var ids []string
	for _, name := range names {
		p := c.parameter(name)
		if p == nil {
			continue
		}
		for d := range p.All() {
			if t, ok := identifier(d); ok && t.Kind == TargetUser && t.ID != "" {
				ids = append(ids, t.ID)
			}
		}
	}
	return ids
}

// contentTypes returns the types that a macro names, less those that are not listed
// here: comments, attachments and the like.
func contentTypes(s string) []string {
	return slices.DeleteFunc(split(strings.ToLower(s)), func(t string) bool { return t != "page" && t != "blogpost" })
}

// split cuts a list at commas and blanks.
func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
}

// content lists content by label, space, type or CQL. Space and labels stand behind
// each title unless the macro says no.
func content(r *resolver, dst *html.Node, c *call) {
	q := wanted(c, 15)
	show := r.excerpted(&q, c)
	refs, ok := r.find(dst, c, "Content by label", q)
	if !ok {
		return
	}
	r.addTitle(dst, c.param("title"))
	r.list(dst, refs, func(ref Ref) *html.Node {
		out := show(ref)
		var facts []string
		if !strings.EqualFold(c.param("showSpace"), "false") {
			facts = append(facts, r.tenant.Resolve(r.page, Target{Kind: TargetSpace, SpaceKey: ref.SpaceKey}).Title)
		}
		if !strings.EqualFold(c.param("showLabels"), "false") {
			facts = append(facts, strings.Join(ref.Labels, ", "))
		}
		if facts = slices.DeleteFunc(facts, func(s string) bool { return s == "" }); len(facts) > 0 {
			out.InsertBefore(text(" — "+strings.Join(facts, " · ")), out.FirstChild.NextSibling)
		}
		return out
	})
}

// userContent lists what somebody created. Whom a name means that is no account id,
// only Confluence knows.
func userContent(r *resolver, dst *html.Node, c *call) {
	q := wanted(c, 30)
	q.People = c.people("", "name", "user", "username")
	if len(q.People) == 0 {
		r.cannot(dst, c, "Content by user")
		return
	}
	if refs, ok := r.find(dst, c, "Content by user", q); ok {
		r.list(dst, refs, r.entry)
	}
}

// contentTable is the same as a table, with who created it and when it changed.
func contentTable(r *resolver, dst *html.Node, c *call) {
	refs, ok := r.tabled(dst, c, "Content report", 3, wanted(c, 20))
	if !ok {
		return
	}
	out := with(el("table"), headRow("Title", "Creator", "Modified"))
	for _, ref := range refs {
		out.AppendChild(with(el("tr"), with(el("td"), r.entry(ref)), with(el("td"), text(ref.Author)),
			with(el("td"), dayOf(ref.Updated))))
	}
	dst.AppendChild(out)
}

// excerpted returns how to show the rows of a query: where the macro asks for
// excerpts, with the first of each page below its title.
func (r *resolver) excerpted(q *Query, c *call) func(Ref) *html.Node {
	kind := strings.ToLower(first(c.param("excerptType"), c.param("content"), c.param("excerpt")))
	if kind != "true" && kind != "simple" && kind != "excerpts" && !strings.HasPrefix(kind, "rich") ||
		len(r.within) > 2 {
		return func(ref Ref) *html.Node { return with(el("div"), r.entry(ref)) }
	}
	q.Piece = PieceExcerpt
	return func(ref Ref) *html.Node {
		out := with(el("div"), r.entry(ref))
		root, _ := storage.Parse(ref.Body)
		found := r.findExcerpt(root, "")
		switch {
		case found == nil:
		case !r.spend(10):
			r.lose(LossSize, shortName(c.name), c.Node)
		case kind == "simple":
			words := strings.Join(strings.Fields(found.TextContent()), " ")
			out.AppendChild(with(el("p"), text(words)))
		default:
			r.reporter(ref).body(out, found)
		}
		return out
	}
}

// blogPosts lists blog posts, newest first. Posts that the macro would show whole are
// links too: they are published themselves.
func blogPosts(r *resolver, dst *html.Node, c *call) {
	q := wanted(c, 15)
	q.Types = []string{"blogpost"}
	if q.Sort == "" || q.Sort == "created" {
		q.Sort, q.Reverse = "created", !q.Reverse
	}
	show := r.excerpted(&q, c)
	if refs, ok := r.find(dst, c, "Blog posts", q); ok {
		r.list(dst, refs, dated(show, func(ref Ref) (when, who string) { return ref.Created, "" }))
		r.unheeded(dst, c, "time")
	}
}

// recentlyUpdated lists what changed last, when, and by whom.
func recentlyUpdated(r *resolver, dst *html.Node, c *call) {
	q := wanted(c, 15)
	if q.Sort, q.Reverse = "modified", true; len(q.Spaces) == 0 && c.param("spaces", "space") == "" && q.CQL == "" {
		q.Spaces = []string{r.page.SpaceKey}
	}
	if refs, ok := r.find(dst, c, "Recently updated", q); ok {
		r.list(dst, refs, dated(r.entry, func(ref Ref) (when, who string) { return ref.Updated, ref.Editor }))
	}
}

// unheeded says in its place which settings of a macro the list above does not take
// into account, since the export does not hold what they ask for.
func (r *resolver) unheeded(dst *html.Node, c *call, names ...string) {
	var set []string
	for _, name := range names {
		if p := c.parameter(name); p != nil && (c.param(name) != "" || p.FirstChild != nil) {
			set = append(set, name)
		}
	}
	if len(set) > 0 {
		r.lose(LossDynamic, shortName(c.name), c.Node)
		dst.AppendChild(r.placeholder("Not limited by "+strings.Join(set, ", ")+": only Confluence knows", nil, false))
	}
}

// day is the day of a time, as RFC 3339 has it.
func day(when string) string {
	d, _, _ := strings.Cut(when, "T")
	return d
}

// dayOf shows the day of a time, which a site writes as it does all days.
func dayOf(when string) *html.Node {
	d := day(when)
	if d == "" {
		return text("")
	}
	return with(el("time", "datetime", d), text(d))
}

// dated shows a row with a day behind its link, and a name.
func dated(show func(Ref) *html.Node, fact func(Ref) (when, who string)) func(Ref) *html.Node {
	return func(ref Ref) *html.Node {
		out := show(ref)
		when, who := fact(ref)
		facts := with(el("span"), text(" ("), dayOf(when))
		if day(when) != "" && who != "" {
			addText(facts, ", ")
		}
		addText(facts, who)
		if contentOf(facts) != " (" {
			addText(facts, ")")
			out.InsertBefore(facts, out.FirstChild.NextSibling)
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

// grid returns a table of plain text.
func grid(head []string, rows [][]string) *html.Node {
	t := with(el("table"), headRow(head...))
	for _, cells := range rows {
		tr := el("tr")
		for _, s := range cells {
			tr.AppendChild(with(el("td"), text(s)))
		}
		t.AppendChild(tr)
	}
	return t
}

// headRow returns the first row of a table.
func headRow(names ...string) *html.Node {
	row := el("tr")
	for _, s := range names {
		row.AppendChild(with(el("th"), text(s)))
	}
	return row
}

// only says that a macro shows what only a running Confluence knows.
func only(what string) macro {
	return func(r *resolver, dst *html.Node, c *call) { r.cannot(dst, c, what) }
}

// linked links to what lies elsewhere, where the macro says where; else it says that
// only a running Confluence shows it.
func linked(what string) macro {
	return func(r *resolver, dst *html.Node, c *call) {
		if c.parameter("url") == nil {
			r.cannot(dst, c, what)
			return
		}
		media(r, dst, c)
	}
}

// control is a macro that shows a means of Confluence's own, a search field or a
// button, and no content: nothing of it is left, but its body if it has one.
func control(r *resolver, dst *html.Node, c *call) { r.show(dst, c) }
