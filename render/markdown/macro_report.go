package markdown

import (
	"slices"
	"strings"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// properties keeps the table of page properties; a hidden one in a closed box,
// since reports show it.
func properties(r *resolver, dst *html.Node, c *call) {
	if !c.on("hidden") {
		r.show(dst, c)
		return
	}
	box := hiddenBox("Hidden page properties", c)
	dst.AppendChild(box)
	r.show(box, c)
}

// report makes the table of a page properties report: a row a page, a column a key.
func report(r *resolver, dst *html.Node, c *call) {
	q := wanted(c, 30)
	q.WithBody = true
	refs, ok := r.reported(dst, c, "Page properties report", q)
	if !ok {
		return
	}
	columns := headings(c.param("headings"))
	fixed := len(columns) > 0
	var rows []map[string]*html.Node
	for _, ref := range refs {
		inner := r.reporter(ref)
		keys, values := inner.propertiesOf(ref.Body, c.param("id"))
		for _, k := range keys {
			if !fixed && !slices.Contains(columns, k) && len(columns) < 30 {
				columns = append(columns, k)
			}
		}
		rows = append(rows, values)
	}
	head := with(el("tr"), with(el("th"), text(first(c.param("firstcolumn"), "Title"))))
	for _, k := range columns {
		head.AppendChild(with(el("th"), text(k)))
	}
	out := with(el("table"), head)
	for i, ref := range refs {
		row := with(el("tr"), with(el("td"), r.entry(ref)))
		for _, k := range columns {
			cell := el("td")
			if v := rows[i][k]; v != nil {
				move(v, cell)
			}
			row.AppendChild(cell)
		}
		out.AppendChild(row)
	}
	dst.AppendChild(out)
}

// reported asks for the pages of a report. A report within one within a report is
// not made, and none that would be too long.
func (r *resolver) reported(dst *html.Node, c *call, what string, q Query) ([]Ref, bool) {
	if len(r.within) > 2 {
		r.cannot(dst, c, what)
		return nil, false
	}
	refs, ok := r.find(dst, c, what, q)
	if ok && !r.spend(10*len(refs)) {
		r.cannot(dst, c, what)
		return nil, false
	}
	return refs, ok
}

// reporter returns a resolver for pieces of another page that stand in this one.
func (r *resolver) reporter(ref Ref) *resolver {
	inner := *r
	inner.quiet++
	inner.within = append(slices.Clone(r.within), ref.ID)
	inner.page = Page{ID: ref.Page.ID, Type: ref.Page.Type, Title: ref.Page.Title, SpaceKey: ref.Page.SpaceKey, Path: r.page.Path}
	return &inner
}

// headings reads a list of names with commas between, where a comma in a name is
// written with a backslash.
func headings(s string) []string {
	var out []string
	for part := range strings.SplitSeq(strings.ReplaceAll(s, `\,`, "\x00"), ",") {
		if part = strings.TrimSpace(strings.ReplaceAll(part, "\x00", ",")); part != "" {
			out = append(out, strings.Trim(part, `"`))
		}
	}
	return out
}

// propertiesOf returns the keys of a page's properties in order and their values.
// The table has a key and a value a row, or keys in its first row.
func (r *resolver) propertiesOf(body, id string) ([]string, map[string]*html.Node) {
	root, _ := storage.Parse([]byte(body))
	var keys []string
	values := map[string]*html.Node{}
	put := func(key, value *storage.Node) {
		k := strings.Join(strings.Fields(key.TextContent()), " ")
		if k == "" || values[k] != nil {
			return
		}
		keys = append(keys, k)
		values[k] = el("span")
		r.body(values[k], value)
	}
	for n := range root.All() {
		if n.Name != "ac:structured-macro" || n.Get("ac:name") != "details" {
			continue
		}
		c := &call{Node: n}
		if id != "" && c.param("id") != id || c.rich() == nil {
			continue
		}
		rows := rowsOf(c.rich())
		if len(rows) == 2 && len(rows[0]) > 2 && len(rows[0]) == len(rows[1]) {
			for i := range rows[0] {
				put(rows[0][i], rows[1][i])
			}
			continue
		}
		for _, row := range rows {
			if len(row) >= 2 {
				put(row[0], row[1])
			}
		}
	}
	return keys, values
}

// rowsOf returns the cells of the tables below n, row by row.
func rowsOf(n *storage.Node) [][]*storage.Node {
	var rows [][]*storage.Node
	for d := range n.All() {
		switch d.Name {
		case "tr":
			rows = append(rows, nil)
		case "td", "th":
			if len(rows) > 0 {
				rows[len(rows)-1] = append(rows[len(rows)-1], d)
			}
		}
	}
	return rows
}

// taskReport lists the open tasks of the pages that the macro names.
func taskReport(r *resolver, dst *html.Node, c *call) {
	q := wanted(c, 200)
	q.WithBody, q.Types = true, []string{"page", "blogpost"}
	if t, ok := c.target("spaceAndPage", "pages"); ok && t.Kind == TargetSpace {
		q.Spaces = []string{t.SpaceKey}
	}
	refs, ok := r.reported(dst, c, "Task report", q)
	if !ok {
		return
	}
	done := strings.EqualFold(c.param("status"), "complete")
	most := number(c.param("pageSize"), 20)
	out := el("table")
	out.AppendChild(with(el("tr"), with(el("th"), text("Description")), with(el("th"), text("Task appears on"))))
	for _, ref := range refs {
		root, _ := storage.Parse([]byte(ref.Body))
		inner := r.reporter(ref)
		for n := range root.All() {
			body := n.Child("ac:task-body")
			if n.Name != "ac:task" || body == nil || most == 0 {
				continue
			}
			state := n.Child("ac:task-status")
			if (state != nil && strings.TrimSpace(state.TextContent()) == "complete") != done {
				continue
			}
			cell := el("td")
			inner.body(cell, body)
			out.AppendChild(with(el("tr"), cell, with(el("td"), r.entry(ref))))
			most--
		}
	}
	dst.AppendChild(out)
}
