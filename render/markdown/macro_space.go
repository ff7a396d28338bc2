package markdown

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// labels lists the labels of the page.
func labels(r *resolver, dst *html.Node, c *call) {
	refs, ok := r.find(dst, c, "Labels", Query{Select: SelectSelf})
	if ok && len(refs) > 0 && len(refs[0].Labels) > 0 {
		dst.AppendChild(with(el("p"), text(strings.Join(refs[0].Labels, ", "))))
	}
}

// spaceLabels lists all labels of a space by name.
func spaceLabels(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectLabels, Spaces: r.ownSpace(c.spaces())}
	left := split(c.param("excludedLabels"))
	refs, ok := r.find(dst, c, "Labels of the space", q)
	if !ok {
		return
	}
	refs = slices.DeleteFunc(refs, func(ref Ref) bool { return slices.Contains(left, ref.Title) })
	r.line(dst, refs, func(ref Ref) string { return ref.Title })
}

// ownSpace returns the keys, or that of the page's own space where there are none.
func (r *resolver) ownSpace(keys []string) []string {
	if len(keys) == 0 {
		return []string{r.page.SpaceKey}
	}
	return keys
}

// popularLabels lists the labels that most contents have, with their number: a heat
// map by name, else the most frequent first.
func popularLabels(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectLabels, Spaces: c.spaces(), Sort: "count", Reverse: true,
		Max: number(c.param("count"), 100)}
	refs, ok := r.find(dst, c, "Popular labels", q)
	if !ok {
		return
	}
	if strings.EqualFold(c.param("style"), "heatmap") {
		slices.SortFunc(refs, func(a, b Ref) int { return strings.Compare(a.Title, b.Title) })
	}
	r.line(dst, refs, func(ref Ref) string { return ref.Title + " (" + strconv.Itoa(ref.Count) + ")" })
}

// recentLabels lists the labels of what changed last: when a label was given, no API
// tells.
func recentLabels(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectLabels, Spaces: c.spaces(), Sort: "modified", Reverse: true,
		Max: number(c.param("count"), 10)}
	if !strings.EqualFold(c.param("scope"), "global") {
		q.Spaces = r.ownSpace(q.Spaces)
	}
	if refs, ok := r.find(dst, c, "Recently used labels", q); ok && len(refs) > 0 {
		dst.AppendChild(with(el("p"), text("Labels of what changed last:")))
		r.line(dst, refs, func(ref Ref) string { return ref.Title })
	}
}

// relatedLabels lists the labels of the contents that share one with the page, or
// have one of those that the macro names; the most frequent first.
func relatedLabels(r *resolver, dst *html.Node, c *call) {
	own := split(c.param("labels"))
	if len(own) == 0 {
		refs, ok := r.find(dst, c, "Related labels", Query{Select: SelectSelf})
		if !ok || len(refs) == 0 || len(refs[0].Labels) == 0 {
			return
		}
		own = refs[0].Labels
	}
	refs, ok := r.find(dst, c, "Related labels", Query{Select: SelectLabels, Labels: own, Sort: "count", Reverse: true})
	if ok {
		refs = slices.DeleteFunc(refs, func(ref Ref) bool { return slices.Contains(own, ref.Title) })
		r.line(dst, refs, func(ref Ref) string { return ref.Title })
	}
}

// line shows rows as words in a paragraph.
func (r *resolver) line(dst *html.Node, refs []Ref, show func(Ref) string) {
	if len(refs) == 0 {
		return
	}
	words := make([]string, len(refs))
	for i, ref := range refs {
		words[i] = show(ref)
	}
	dst.AppendChild(with(el("p"), text(strings.Join(words, ", "))))
}

// spaceList lists the spaces of the export. Which of them a reader marked, only
// Confluence knows.
func spaceList(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectSpaces}
	switch which := strings.ToLower(c.param("", "scope", "spaces")); which {
	case "personal", "collaboration", "knowledge_base":
		q.Types = []string{which}
	case "global":
		q.Types = []string{"global", "collaboration", "knowledge_base"}
	case "favourite", "favorite", "category", "new", "recent":
		r.cannot(dst, c, "Spaces")
		return
	}
	if refs, ok := r.find(dst, c, "Spaces", q); ok {
		r.list(dst, refs, r.entry)
	}
}

// spaceDetails tells of the page's space.
func spaceDetails(r *resolver, dst *html.Node, c *call) {
	refs, ok := r.find(dst, c, "Space details", Query{Select: SelectSpaces, Spaces: r.ownSpace(c.spaces())})
	if !ok || len(refs) == 0 {
		return
	}
	s := refs[0]
	out := el("table")
	row := func(name string, value *html.Node) {
		out.AppendChild(with(el("tr"), with(el("th"), text(name)), with(el("td"), value)))
	}
	row("Space", r.entry(s))
	for _, f := range [][2]string{{"Key", s.SpaceKey}, {"Description", s.About}, {"Created by", s.Author},
		{"Created", day(s.Created)}} {
		if f[1] != "" {
			row(f[0], text(f[1]))
		}
	}
	dst.AppendChild(out)
}

// spaceLink leads to a space.
func spaceLink(r *resolver, dst *html.Node, c *call) {
	t, ok := c.target("space", "spaceKey", "key", "")
	if !ok {
		r.cannot(dst, c, "Space")
		return
	}
	if key := c.param("space", "spaceKey", "key", ""); t.Kind == TargetPage && key != "" {
		t = Target{Kind: TargetSpace, SpaceKey: key}
	}
	if t.Kind == TargetSpace && t.SpaceKey != "" && !spaceKey.MatchString(t.SpaceKey) { // no space has such a key
		r.lose(LossLink, t.Kind, c.Node)
		dst.AppendChild(c.place(with(el("span"), text(t.SpaceKey))))
		return
	}
	out := el("span")
	r.linkTo(out, el("span"), t, c.Node)
	dst.AppendChild(c.place(out))
}

// history lists the versions of the page. Where the mirror has not all of them, and it has
// none but the newest unless the export is set to keep them, the table says so.
func history(r *resolver, dst *html.Node, c *call) {
	self, ok := r.find(dst, c, "Change history", Query{Select: SelectSelf})
	if !ok || len(self) == 0 {
		return
	}
	versions, ok := r.tabled(dst, c, "Change history", 4, Query{Select: SelectVersions})
	if !ok {
		return
	}
	p, known := self[0], map[int]Ref{}
	for _, v := range versions {
		known[v.Version] = v
	}
	if p.Version > 1 && known[1].Version == 0 {
		known[1] = Ref{Version: 1, Updated: p.Created, Editor: p.Author}
	}
	newest := known[p.Version]
	known[p.Version] = Ref{Version: p.Version, Updated: p.Updated, Editor: first(p.Editor, p.Author),
		About: newest.About}
	var rows [][]string
	last := p.Version + 1
	for _, number := range slices.Backward(slices.Sorted(maps.Keys(known))) {
		if v := known[number]; number <= p.Version {
			if number < last-1 {
				rows = append(rows, []string{"…", "", "", ""})
			}
			rows, last = append(rows, []string{strconv.Itoa(number), day(v.Updated), v.Editor, v.About}), number
		}
	}
	dst.AppendChild(grid([]string{"Version", "Date", "Author", "Comment"}, rows))
	if len(known) < p.Version {
		dst.AppendChild(r.placeholder("The versions between are not in this export", nil, false))
		r.lose(LossDynamic, shortName(c.name), c.Node)
	}
}

// contributors names who created or last changed a page, and the pages below it or in
// a space where the macro says so.
func contributors(r *resolver, dst *html.Node, c *call) {
	if refs, ok := r.contributed(dst, c, 1); ok && len(refs) > 0 {
		line := el("p")
		for i, ref := range refs {
			if i > 0 {
				addText(line, ", ")
			}
			line.AppendChild(r.entry(ref))
		}
		if strings.EqualFold(c.param("mode"), "list") {
			r.list(dst, refs, r.entry)
			return
		}
		dst.AppendChild(line)
	}
}

// contributorTable says of each how many pages, and when the last of them changed.
func contributorTable(r *resolver, dst *html.Node, c *call) {
	refs, ok := r.contributed(dst, c, 3)
	if !ok || len(refs) == 0 {
		return
	}
	out := with(el("table"), headRow("Contributor", "Pages created or last changed", "Last update"))
	for _, ref := range refs {
		out.AppendChild(with(el("tr"), with(el("td"), r.entry(ref)), with(el("td"), text(strconv.Itoa(ref.Count))),
			with(el("td"), text(day(ref.Updated)))))
	}
	dst.AppendChild(out)
}

// contributed asks for the people of a contributors macro, which it shows in so many columns.
func (r *resolver) contributed(dst *html.Node, c *call, columns int) ([]Ref, bool) {
	q := Query{Select: SelectPeople, Spaces: c.spaces(), Labels: split(c.param("labels", "label")),
		Max: number(c.param("limit"), 0)}
	q.Of, _ = c.target("page")
	switch scope := strings.ToLower(c.param("scope")); {
	case len(q.Spaces)+len(q.Labels) > 0 && q.Of.Kind == "":
		q.Scope = ScopeSpaces
	case scope == "children":
		q.Scope = ScopeChildren
	case scope == "descendants":
		q.Scope = ScopeTree
	}
	return r.tabled(dst, c, "Contributors", columns, q)
}

// users lists the people whom the export knows from its pages. Who is in a group, it
// does not know.
func users(r *resolver, dst *html.Node, c *call) {
	if groups := c.param("groups", "group"); groups != "" && groups != "*" {
		r.cannot(dst, c, "Users")
		return
	}
	refs, ok := r.find(dst, c, "Users", Query{Select: SelectPeople, Scope: ScopeSpaces})
	if !ok {
		return
	}
	slices.SortStableFunc(refs, func(a, b Ref) int { return strings.Compare(a.Title, b.Title) })
	r.list(dst, refs, r.entry)
}
