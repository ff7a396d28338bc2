package markdown

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"agc-export/render/storage"
)

// excerpt keeps its body, which other pages may include. A hidden one is not seen
// on its own page, but it is there: it stands in a closed box.
func excerpt(r *resolver, dst *html.Node, c *call) {
	c.knows("name", "multiexcerptname", "id", "shared-block-key")
	if !c.on("hidden") {
		r.show(dst, c)
		return
	}
	box := hiddenBox("Hidden excerpt", c)
	dst.AppendChild(box)
	r.show(box, c)
}

// hiddenBox returns a closed box for what its page does not show.
func hiddenBox(title string, c *call) *html.Node {
	if name := c.param("name", "multiexcerptname", "id"); name != "" {
		title += ": " + name
	}
	return with(el("details", "class", "macro"), with(el("summary"), text(title)))
}

// included asks for the page that a macro names and a resolver for it. When it
// cannot be shown, the page says why and ok is false.
// piece is the kind of pieces that are enough of the page, "" for all of it.
func (r *resolver) included(dst *html.Node, c *call, piece string, names ...string) (body *storage.Node, sub *resolver,
	ref Ref, ok bool) {
	t, named := c.target(names...)
	if !named {
		r.lose(LossDynamic, shortName(c.name), c.Node)
		dst.AppendChild(r.placeholder("Included page: none is named", c, c.inline))
		return nil, nil, ref, false
	}
	ref, why := r.askFor(t, piece)
	if why != "" {
		class := LossDynamic
		if why == whyTooMuch {
			class = LossSize
		}
		r.lose(class, shortName(c.name), c.Node)
		line := with(el("span", "class", "macro"), text("[Included page: "))
		r.write(line, with(el("span"), text(fallbackText(ref, t))), ref.Href, why)
		addText(line, "]")
		dst.AppendChild(c.place(line))
		return nil, nil, ref, false
	}
	r.budget.bytes -= len(ref.Body)
	root, _ := storage.Parse(ref.Body)
	inner := *r
	inner.sheds = false
	inner.within = append(slices.Clone(r.within), ref.ID)
	inner.page = ref.Page
	inner.page.Path = r.page.Path
	inner.losses = &losses{} // they count on their own page
	r.anchors()
	inner.headings = r.headings
	return root, &inner, ref, true
}

// whyTooMuch is what a page says in the place of one that would be too much.
const whyTooMuch = "too much to include"

// askFor asks for a page to include, and says why it must not be, or nothing. Its body is
// not asked for where no more may be included anyway.
func (r *resolver) askFor(t Target, piece string) (ref Ref, why string) {
	spent := len(r.within) >= maxIncludeDepth || r.budget.pages <= 0
	q := Query{From: r.page, Select: SelectSelf, Of: t, WithBody: !spent, Piece: piece}
	if spent {
		q.Piece = ""
	}
	var refs []Ref
	var err error
	if ref, ok := r.inside(t); ok {
		return ref, ref.Missing
	}
	if t.Kind != TargetURL || linkable(t.URL) {
		refs, err = r.tenant.Find(q)
	}
	if err != nil || len(refs) == 0 {
		ref = r.resolve(t)
		return ref, first(ref.Missing, "not in this export")
	}
	r.budget.pages--
	return refs[0], r.refuse(refs[0], spent)
}

// refuse says why a page must not be included here, or nothing. spent tells that no page
// may be.
func (r *resolver) refuse(ref Ref, spent bool) string {
	switch {
	case ref.Missing != "":
		return ref.Missing
	case ref.ID == r.page.ID || slices.Contains(r.within, ref.ID):
		return "it includes itself"
	case spent || r.budget.bytes < len(ref.Body):
		return whyTooMuch
	}
	return ""
}

// include puts another page's content in place.
func include(r *resolver, dst *html.Node, c *call) {
	if root, inner, _, ok := r.included(dst, c, "", "", "page", "pageTitle"); ok {
		inner.body(dst, root)
	}
}

// includeExcerpt puts an excerpt of another page in place: the one with the name,
// else the first.
func includeExcerpt(r *resolver, dst *html.Node, c *call) {
	name := c.param("name", "MultiExcerptName", "multiexcerptname", "shared-block-key")
	root, inner, ref, ok := r.included(dst, c, PieceExcerpt, "", "page", "PageWithExcerpt", "pageTitle")
	if !ok {
		return
	}
	found := r.findExcerpt(root, name)
	if found == nil && hasEmptied(root) {
		dst.AppendChild(r.placeholder(leftOut, nil, c.inline)) // it counts on its own page
		return
	}
	if found == nil {
		r.lose(LossDynamic, shortName(c.name), c.Node)
		line := with(el("span", "class", "macro"), text("[No such excerpt in "))
		r.write(line, with(el("span"), text(first(ref.Title, "the page"))), ref.Href, "")
		dst.AppendChild(c.place(with(line, text("]"))))
		return
	}
	if c.inline || c.name != "excerpt-include" || c.on("nopanel") {
		inner.body(dst, found)
		return
	}
	box := panelBox("", ref.Title, "")
	dst.AppendChild(box)
	inner.body(box, found)
}

// hasEmptied tells whether parts were taken out of a body.
func hasEmptied(root *storage.Node) bool {
	for n := range root.All() {
		if n.Name == "ac:structured-macro" && forSome(n.Get("ac:name")) && isEmptied(n) {
			return true
		}
	}
	return false
}

// findExcerpt returns the body of an excerpt, or nil.
func (r *resolver) findExcerpt(root *storage.Node, name string) *storage.Node {
	for n := range root.All() {
		if r.macros[macroName(n)].piece != PieceExcerpt {
			continue
		}
		c := macroCall(n)
		own := c.param("name", "MultiExcerptName", "shared-block-key")
		if c.rich() != nil && (name == "" || strings.EqualFold(own, name)) {
			return c.rich()
		}
	}
	return nil
}
