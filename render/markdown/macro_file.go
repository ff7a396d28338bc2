package markdown

import (
	"agc-export/render/bytesize"
	"encoding/csv"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// file links to an attached file, with its size. A picture is shown.
func file(r *resolver, dst *html.Node, c *call) {
	t, ok := c.attachment("name", "", "file", "filename")
	if !ok {
		unknown(r, dst, c)
		return
	}
	ref := r.resolve(t)
	// Confluence shows a preview of every file; of them only a picture can stand in a page
	// that must be readable without it.
	if ref.Image && ref.Missing == "" {
		r.picture(dst, t, description{}, c.Node)
		return
	}
	out := el("span")
	r.write(out, with(el("span"), text(fallbackText(ref, t))), ref.Href, ref.Missing)
	if ref.Missing != "" {
		r.lose(LossLink, t.Kind, c.Node)
	} else if ref.Size > 0 {
		addText(out, " ("+bytesize.English(ref.Size)+")")
	}
	dst.AppendChild(c.place(out))
}

// attachment returns the attachment that a parameter names: as identifier, or as a
// file name, maybe of the page in a parameter of its own.
func (c *call) attachment(names ...string) (Target, bool) {
	for _, name := range names {
		p := c.parameter(name)
		if p == nil {
			continue
		}
		if t, ok := targetOf(p); ok {
			return t, true
		}
		if s := strings.TrimSpace(p.TextContent()); s != "" {
			// Wiki markup wrote "^name" for a file of the page itself, and pages that were
			// migrated from it still do.
			t := Target{Kind: TargetAttachment, Filename: strings.TrimPrefix(s, "^")}
			if page, ok := c.target("page"); ok {
				page.SpaceKey = first(page.SpaceKey, c.param("space"))
				t.Container = &page
			}
			return t, true
		}
	}
	return Target{}, false
}

// csvTable makes a table of comma-separated values in the macro's body; without a body
// it links to the file. Its first rows are heads unless it says that there are none.
func csvTable(r *resolver, dst *html.Node, c *call) {
	s, ok := c.plain()
	if strings.TrimSpace(s) == "" || !ok {
		file(r, dst, c)
		return
	}
	in := csv.NewReader(strings.NewReader(strings.TrimSpace(s)))
	// Authors type these tables by hand: rows may be ragged and quotes stand anywhere.
	in.FieldsPerRecord, in.LazyQuotes, in.TrimLeadingSpace = -1, true, true
	switch d := strings.ToLower(c.param("delimiter", "separator")); d {
	case "", "comma":
	case "tab", `\t`:
		in.Comma = '\t'
	case "semicolon":
		in.Comma = ';'
	case "pipe":
		in.Comma = '|'
	default:
		in.Comma, _ = utf8.DecodeRuneInString(d)
	}
	rows, err := in.ReadAll()
	// What is no table after all, or too long a one, is at least legible as it was typed.
	long := err == nil && !r.spend(len(rows))
	if long {
		r.lose(LossSize, shortName(c.name), c.Node)
	}
	if err != nil || len(rows) == 0 || long {
		addCode(dst, s, "csv", false)
		return
	}
	heads, err := strconv.Atoi(c.param("heading", "headings"))
	if err != nil {
		heads = 1
	}
	out := el("table")
	for i, cells := range rows {
		row, name := el("tr"), "td"
		if i < heads {
			name = "th"
		}
		for _, s := range cells {
			row.AppendChild(with(el(name), text(s)))
		}
		out.AppendChild(row)
	}
	r.addTitle(dst, c.param("title"))
	dst.AppendChild(out)
}

// attachments lists the files of a page.
func attachments(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectAttachments}
	q.order(c.param("sortBy"), strings.EqualFold(c.param("sortOrder"), "descending"))
	q.Of, _ = c.target("page")
	refs, ok := r.tabled(dst, c, "Attachments", 3, q)
	if !ok {
		return
	}
	if len(refs) == 0 {
		dst.AppendChild(r.placeholder("Attachments: none", nil, c.inline))
		return
	}
	wanted := split(strings.ToLower(c.param("patterns")))
	r.fileTable(dst, slices.DeleteFunc(refs, func(ref Ref) bool {
		return len(wanted) > 0 && !matches(wanted, strings.ToLower(ref.Title))
	}), false)
}

// spaceFiles lists the files of all pages of a space.
func spaceFiles(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectAttachments, Of: Target{Kind: TargetSpace, SpaceKey: r.page.SpaceKey}, Max: maxRows + 1}
	if keys := c.spaces(); len(keys) > 0 {
		q.Of.SpaceKey = keys[0]
	}
	refs, ok := r.tabled(dst, c, "Attachments of the space", 4, q)
	switch {
	case ok && len(refs) == 0:
		dst.AppendChild(r.placeholder("Attachments of the space: none", nil, c.inline))
	case ok:
		r.fileTable(dst, refs[:min(len(refs), maxRows)], true)
		if len(refs) > maxRows {
			dst.AppendChild(r.placeholder("And more, which Confluence shows", nil, false))
		}
	}
}

// fileTable makes a table of files, with the pages that hold them where asked.
func (r *resolver) fileTable(dst *html.Node, refs []Ref, pages bool) {
	if len(refs) == 0 {
		return
	}
	names := []string{"File", "Size", "Modified"}
	if pages {
		names = append(names, "Page")
	}
	out := with(el("table"), headRow(names...))
	for _, ref := range refs {
		row := with(el("tr"), with(el("td"), r.entry(ref)), with(el("td"), text(bytesize.English(ref.Size))),
			with(el("td"), dayOf(ref.Updated)))
		if pages {
			row.AppendChild(with(el("td"),
				r.entry(r.tenant.Resolve(r.page, Target{Kind: TargetContent, ID: ref.Page.ID}))))
		}
		out.AppendChild(row)
	}
	dst.AppendChild(out)
}

// gallery shows the pictures among the files of a page, each with its name.
func gallery(r *resolver, dst *html.Node, c *call) {
	q := Query{Select: SelectAttachments, Sort: sortKey(c.param("sort"))}
	q.Of, _ = c.target("page")
	refs, ok := r.tabled(dst, c, "Gallery", 3, q)
	if !ok {
		return
	}
	r.addTitle(dst, c.param("title"))
	none := dst.LastChild
	listed, left := split(strings.ToLower(c.param("include"))), split(strings.ToLower(c.param("exclude")))
	for _, ref := range refs {
		name := strings.ToLower(ref.Title)
		if !ref.Image || ref.Href == "" || matches(left, name) || len(listed) > 0 && !matches(listed, name) {
			continue
		}
		dst.AppendChild(with(el("figure"), el("img", "src", first(ref.Picture, ref.Href), "alt", ref.Title),
			with(el("figcaption"), text(ref.Title))))
	}
	if dst.LastChild == none {
		dst.AppendChild(r.placeholder("Gallery: no pictures", nil, c.inline))
	}
}

// matches tells whether a name matches one of the patterns.
func matches(patterns []string, name string) bool {
	for _, p := range patterns {
		if ok, err := path.Match(p, name); ok && err == nil {
			return true
		}
	}
	return false
}

// diagram shows the picture that a drawing app saved beside its source.
func diagram(r *resolver, dst *html.Node, c *call) {
	name := c.param("diagramName", "name", "filename", "fileName", "diagramDisplayName", "displayName")
	if name == "" {
		unknown(r, dst, c)
		return
	}
	t := Target{Kind: TargetAttachment, Filename: name}
	if id := c.param("pageId", "contentId"); id != "" && c.name == "inc-drawio" {
		t.Container = &Target{Kind: TargetContent, ID: id}
	}
	// Apps save the picture under the name of the source with another ending, so that old
	// viewers find it; the source itself has no ending at all.
	source := t
	if ext := strings.ToLower(path.Ext(name)); ext != ".png" && ext != ".svg" {
		t.Filename += ".png"
	}
	out := el("p")
	r.picture(out, t, description{alt: first(c.param("diagramDisplayName", "displayName"), name),
		width: pixels(c.param("width"))}, c.Node)
	if ref := r.resolve(source); source.Filename != t.Filename && ref.Href != "" && ref.Missing == "" {
		addText(out, " (")
		r.write(out, with(el("span"), text("diagram source")), ref.Href, "")
		addText(out, ")")
	}
	if c.inline {
		move(out, dst)
	} else {
		dst.AppendChild(out)
	}
	r.show(dst, c)
}

// media links to a film, a recording or a page that was shown in a frame.
func media(r *resolver, dst *html.Node, c *call) {
	t, ok := c.attachment("name")
	if !ok {
		for _, name := range []string{"url", "src", "location", "redirectTo", "uri", ""} {
			if p := c.parameter(name); p != nil && !ok {
				if t, ok = targetOf(p); !ok && strings.TrimSpace(p.TextContent()) != "" {
					t, ok = urlTarget(strings.TrimSpace(p.TextContent())), true
				}
			}
		}
	}
	if !ok {
		unknown(r, dst, c)
		return
	}
	body := el("span")
	addText(body, c.param("title", "buttonLabel"))
	// Nothing that would be loaded from elsewhere, or run, is put into a page: a link says
	// as much and survives the site that it leads to.
	out := el("span")
	r.linkTo(out, body, t, c.Node)
	dst.AppendChild(c.place(out))
	r.show(dst, c)
}
