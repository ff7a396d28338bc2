package markdown

import (
	"slices"
	"strings"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// propertiesOf returns the keys of a page's properties in order and their values.
func (r *resolver) propertiesOf(body, id string) ([]string, map[string]*html.Node) {
	root, _ := storage.Parse(body)
	var keys []string
	values := map[string]*html.Node{}
	for n := range root.All() {
		if r.macros[macroName(n)].piece != PieceProperties {
			continue
		}
		c := macroCall(n)
		if id != "" && c.param("id") != id || c.rich() == nil {
			continue
		}
		for _, p := range propertiesIn(c.rich()) {
			k := keyOf(p.key)
			if k == "" || values[k] != nil {
				continue
			}
			keys = append(keys, k)
			values[k] = el("span")
			r.body(values[k], p.value)
		}
	}
	return keys, values
}

// keyOf returns the words of a key: what takes no ink makes no other key of them.
func keyOf(n *storage.Node) string {
	return strings.TrimFunc(strings.Join(strings.Fields(n.TextContent()), " "), blankOrInkless)
}

// property is a key and its value: cells of a table.
type property struct{ key, value *storage.Node }

// tableRow is a row of a table of properties.
type tableRow struct {
	cells []*storage.Node
	head  bool // it stands in the table's head, or has cells of headings only
}

// propertiesIn returns the properties that the tables below n hold, but for those in cells.
func propertiesIn(n *storage.Node) []property {
	var found []property
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Name {
		case "table":
			found = append(found, propertiesOfTable(tableRows(c, false))...)
		case "td", "th":
		default:
			found = append(found, propertiesIn(c)...)
		}
	}
	return found
}

// tableRows returns the rows below n that belong to its table.
func tableRows(n *storage.Node, head bool) []tableRow {
	var rows []tableRow
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Name {
		case "tr":
			row := tableRow{head: true}
			for d := c.FirstChild; d != nil; d = d.NextSibling {
				if (d.Name == "td" || d.Name == "th") && !strings.Contains(d.Get("class"), "numberingColumn") {
					row.cells = append(row.cells, d)
					row.head = row.head && (head || d.Name == "th")
				}
			}
			if len(row.cells) > 0 {
				rows = append(rows, row)
			}
		case "table":
		default:
			rows = append(rows, tableRows(c, head || c.Name == "thead")...)
		}
	}
	return rows
}

// propertiesOfTable reads a table as Confluence does: a key and a value a row, or keys in the
// first row, above their values in the second. It is the latter where the first row holds
// nothing but headings, or where there are two rows of several cells; in a table of one column
// each heading stands above its value.
func propertiesOfTable(rows []tableRow) []property {
	var found []property
	if len(rows) < 2 || !above(rows) {
		for i, row := range rows {
			if len(row.cells) >= 2 && !(row.head && i == 0 && len(rows) > 2) {
				found = append(found, row.property())
			}
		}
		return found
	}
	if len(rows[0].cells) == 1 {
		for i := 0; i+1 < len(rows); i++ {
			if i == 0 || rows[i].head && !rows[i+1].head {
				found = append(found, property{rows[i].cells[0], rows[i+1].cells[0]})
			}
		}
		return found
	}
	for i, value := range rows[1].cells {
		found = append(found, property{rows[0].cells[i], value})
	}
	return found
}

// property is what a row of its own says: the key is the first of its cells, or the first that is
// a heading where another stands before it, as in a table with a column of numbers, or with its
// headings on the right.
func (row tableRow) property() property {
	at := headingOf(row.cells)
	switch {
	case at <= 0:
		return property{row.cells[0], row.cells[1]}
	case at+1 < len(row.cells):
		return property{row.cells[at], row.cells[at+1]}
	}
	return property{row.cells[at], row.cells[at-1]}
}

// headingOf returns the index of the first cell that is a heading, or -1.
func headingOf(cells []*storage.Node) int {
	return slices.IndexFunc(cells, func(c *storage.Node) bool { return c.Name == "th" })
}

// above tells whether a table of two rows or more has its keys above their values.
func above(rows []tableRow) bool {
	width := len(rows[0].cells)
	heads, beside := rows[0].head && !rows[1].head, headingOf(rows[0].cells) >= 0 || headingOf(rows[1].cells) >= 0
	for _, row := range rows {
		if len(row.cells) > width || len(row.cells) < width && !heads {
			return false
		}
	}
	switch {
	case width == 1:
		return len(rows) == 2 || heads
	case heads && rows[1].cells[0].Name != "th":
		return len(rows) == 2 || width > 2
	}
	return len(rows) == 2 && width > 2 && (!beside || rows[0].head)
}
