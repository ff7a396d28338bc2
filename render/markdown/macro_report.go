package markdown

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"agc-export/render/storage"
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

// maxRows bounds the rows of a report. Confluence shows them by pages of twenty or
// thirty; a file has no such pages, so it holds them all.
const maxRows = 1000

// report makes the table of a page properties report: a row a page, a column a key.
func report(r *resolver, dst *html.Node, c *call) {
	q := wanted(c, maxRows)
	by := c.param("sortBy")
	q.Piece = PieceProperties
	refs, ok := r.reported(dst, c, "Page properties report", q)
	if !ok {
		return
	}
	columns := headings(c.param("headings"))
	fixed := len(columns) > 0
	var rows []propertyRow
	for _, ref := range refs {
		keys, values := r.reporter(ref).propertiesOf(ref.Body, c.param("id"))
		for _, k := range keys {
			// Without a list of headings Confluence takes every key that it meets, in that order.
			// Thirty columns are more than any page can show.
			if !fixed && !slices.Contains(columns, k) && len(columns) < 30 {
				columns = append(columns, k)
			}
		}
		row := propertyRow{ref, values}
		if fixed {
			row.answer(columns)
		}
		rows = append(rows, row)
	}
	// Sorting by a key needs the values, which only this place has; what the mirror can sort
	// by is sorted already.
	if q.Sort == "" && by != "" {
		slices.SortStableFunc(rows, func(a,
			b propertyRow) int {
			return strings.Compare(a.sortText(by), b.sortText(by))
		})
		if c.on("reverseSort") {
			slices.Reverse(rows)
		}
	}
	dst.AppendChild(r.propertyTable(first(c.param("firstcolumn"), "Title"), columns, rows))
}

// propertyRow is a page in a report with its properties by key.
type propertyRow struct {
	Ref
	values map[string]*html.Node
}

// sortText is the text by which a row is sorted: of a key's value.
func (p propertyRow) sortText(key string) string {
	for k, v := range p.values {
		if strings.EqualFold(k, key) {
			return strings.ToLower(words(v))
		}
	}
	return ""
}

// answer finds a value for each heading that a report names, of a key that differs from it in the size of letters where
// none is written so.
func (p propertyRow) answer(names []string) {
	for _, name := range names {
		for _, k := range slices.Sorted(maps.Keys(p.values)) {
			if p.values[name] == nil && strings.EqualFold(k, name) && !slices.Contains(names, k) {
				p.values[name] = p.values[k]
				delete(p.values, k)
			}
		}
	}
}

// propertyTable makes the table of a report.
func (r *resolver) propertyTable(title string, columns []string, rows []propertyRow) *html.Node {
	out := with(el("table"), headRow(append([]string{title}, columns...)...))
	for _, p := range rows {
		row := with(el("tr"), with(el("td"), r.entry(p.Ref)))
		for _, k := range columns {
			cell := el("td")
			if v := p.values[k]; v != nil {
				move(v, cell)
			}
			row.AppendChild(cell)
		}
		out.AppendChild(row)
	}
	return out
}

// reported asks for the pages of a report. A report within one within a report is
// not made, and none that would be too long.
func (r *resolver) reported(dst *html.Node, c *call, what string, q Query) ([]Ref, bool) {
	// A report may show cells that hold reports, on pages that show each other.
	if len(r.within) > 2 {
		r.cannot(dst, c, what)
		return nil, false
	}
	return r.tabled(dst, c, what, 10, q)
}

// reporter returns a resolver for pieces of another page that stand in this one.
func (r *resolver) reporter(ref Ref) *resolver {
	inner := *r
	inner.sheds = false
	inner.quiet++
	inner.within = append(slices.Clone(r.within), ref.ID)
	inner.page = ref.Page
	inner.page.Path = r.page.Path
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

// taskColumns are the columns of a task report that the export can fill.
var taskColumns = map[string]string{"description": "Description", "duedate": "Due date", "assignee": "Assignee",
	"location": "Task appears on", "labels": "Labels"}

// taskReport lists the open or the done tasks of the pages that the macro names, in
// its columns.
func taskReport(r *resolver, dst *html.Node, c *call) {
	q := taskQuery(c)
	refs, ok := r.reported(dst, c, "Task report", q)
	if !ok {
		return
	}
	columns := slices.DeleteFunc(split(strings.ToLower(c.param("columns"))),
		func(s string) bool { return taskColumns[s] == "" })
	if len(columns) == 0 {
		columns = []string{"description", "duedate", "assignee", "location"}
	}
	head := el("tr")
	for _, name := range columns {
		head.AppendChild(with(el("th"), text(taskColumns[name])))
	}
	out := with(el("table"), head)
	for _, ref := range refs {
		out.AppendChild(r.taskRow(ref, columns))
	}
	dst.AppendChild(out)
	r.unheeded(dst, c, "creators", "createddateFrom", "createddateTo")
}

// taskQuery is what a task report asks for.
func taskQuery(c *call) Query {
	q := wanted(c, maxRows)
	q.Select, q.Sort, q.Status, q.Types = SelectTasks, "due", StatusOpen, nil
	q.People = c.people("assignees")
	q.IDs = split(c.param("pages"))
	switch strings.ToLower(c.param("sortBy")) {
	case "assignee":
		q.Sort = "person"
	case "page title", "location":
		q.Sort = "title"
	}
	q.Reverse = c.on("reverseSort")
	if strings.EqualFold(c.param("status"), StatusDone) {
		q.Status = StatusDone
	}
	if p := c.parameter("spaceAndPage"); p != nil { // the old macro: "space:KEY", "page:ID", or identifiers
		for d := range p.All() {
			if t, ok := identifier(d); ok && t.Kind == TargetSpace {
				q.Spaces = append(q.Spaces, t.SpaceKey)
			}
		}
		for _, s := range split(c.param("spaceAndPage")) {
			if key, ok := strings.CutPrefix(s, "space:"); ok {
				q.Spaces = append(q.Spaces, key)
			} else if id, ok := strings.CutPrefix(s, "page:"); ok {
				q.IDs = append(q.IDs, id)
			}
		}
	}
	return q
}

// taskRow is a task in a report. Tasks within it have rows of their own.
func (r *resolver) taskRow(ref Ref, columns []string) *html.Node {
	root, _ := storage.Parse(ref.Body)
	inner, row := r.reporter(ref), el("tr")
	var p Piece
	// The piece is cut out of its page: its first element is the task.
	task := root.Child("ac:task")
	if task == nil || task.Child("ac:task-body") == nil {
		return row
	}
	p.task(task)
	for _, name := range columns {
		cell := el("td")
		row.AppendChild(cell)
		switch name {
		case "description":
			for n := task.Child("ac:task-body").FirstChild; n != nil; n = n.NextSibling {
				if n.Name != "ac:task-list" {
					inner.node(cell, n)
				}
			}
		case "duedate":
			cell.AppendChild(dayOf(p.Due))
		case "assignee":
			if p.Person != "" {
				cell.AppendChild(r.entry(r.tenant.Resolve(r.page, Target{Kind: TargetUser, ID: p.Person})))
			}
		case "location":
			cell.AppendChild(r.entry(ref))
		case "labels":
			addText(cell, strings.Join(ref.Labels, ", "))
		}
	}
	return row
}

// decisionReport lists the decisions of the pages that the macro names.
func decisionReport(r *resolver, dst *html.Node, c *call) {
	q := wanted(c, maxRows)
	q.Select, q.Types = SelectDecisions, nil
	refs, ok := r.reported(dst, c, "Decision report", q)
	if !ok {
		return
	}
	out := with(el("table"), headRow("Decision", "Taken on"))
	for _, ref := range refs {
		root, _ := storage.Parse(ref.Body)
		cell := el("td")
		if n := root.Child("ac:adf-node"); n != nil {
			adfContent(r.reporter(ref), cell, n)
		}
		if ref.Status == StatusOpen {
			addText(cell, " (undecided)")
		}
		out.AppendChild(with(el("tr"), cell, with(el("td"), r.entry(ref))))
	}
	dst.AppendChild(out)
}
