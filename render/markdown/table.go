package markdown

import (
	"iter"
	"strconv"
	"strings"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// maxSpan bounds colspan and rowspan, as browsers do for columns.
const maxSpan = 1000

// table resolves a table to rows of cells. What stands in it but in no cell comes
// before it.
func table(r *resolver, dst *html.Node, n *storage.Node) {
	out := el("table")
	if cols := columnWidths(n); cols != nil {
		out.AppendChild(cols)
	}
	setAttr(out, "dir", dirOf(n))
	r.rows(dst, out, n, false)
	dst.AppendChild(out)
}

// sections are the children of a table as browsers show them: a head before all other rows, a foot behind them,
// wherever they stand.
func sections(n *storage.Node) iter.Seq[*storage.Node] {
	return func(yield func(*storage.Node) bool) {
		for _, wanted := range []string{"thead", "", "tfoot"} {
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				part := c.Name
				if part != "thead" && part != "tfoot" {
					part = ""
				}
				if part == wanted && !yield(c) {
					return
				}
			}
		}
	}
}

// rows appends the rows below n to the table out.
func (r *resolver) rows(dst, out *html.Node, n *storage.Node, head bool) {
	var loose *html.Node // the row of cells that stand in none
	for c := range sections(n) {
		switch c.Name {
		case "thead", "tbody", "tfoot":
			r.rows(dst, out, c, c.Name == "thead")
		case "tr":
			row := r.memory.el("tr")
			out.AppendChild(row)
			if r.cells(dst, row, c, head); r.sheds {
				c.FirstChild, c.LastChild = nil, nil
			}
		case "td", "th":
			// A cell outside of any row opens one, as in browsers.
			if loose == nil {
				loose = el("tr")
				out.AppendChild(loose)
			}
			loose.AppendChild(r.cell(c, head))
			continue
		case "col":
		// one that nobody closed holds the rows
		case "ac:inline-comment-marker", "ac:-comment-marker", "span", "div", "form", "colgroup":
			r.rows(dst, out, c, head)
		default:
			if !c.IsText() || !isSpace(c.Text) {
				r.node(dst, c)
				addText(dst, " ")
			}
			continue
		}
		loose = nil
	}
}

// cells appends the cells of a row. What stands between them joins the last one.
func (r *resolver) cells(dst, row *html.Node, n *storage.Node, head bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Name == "td" || c.Name == "th":
			row.AppendChild(r.cell(c, head))
		case c.IsText() && isSpace(c.Text):
		case c.Child("td", "th") != nil:
			r.cells(dst, row, c, head)
		case row.LastChild != nil:
			r.node(row.LastChild, c)
		default:
			r.node(dst, c)
			addText(dst, " ")
		}
	}
}

// cell resolves one cell.
func (r *resolver) cell(n *storage.Node, head bool) *html.Node {
	name := n.Name
	if head {
		name = "th"
	}
	out := r.memory.el(name)
	setAttr(out, "colspan", span(n.Get("colspan")))
	setAttr(out, "rowspan", rowSpan(n))
	style := styleOf(n)
	// The new editor writes the attribute, the old one a class, imports a style: the first
	// that says something counts.
	color := first(n.Get("data-highlight-colour"), style["background-color"], style["background"], n.Get("bgcolor"),
		highlightClass(n.Get("class")))
	if c := background(color); c != "" {
		setAttr(out, "class", "bg-"+c)
	}
	setAttr(out, "align", alignOf(n))
	dir := dirOf(n)
	if n.Parent.Name == "tr" {
		dir = first(dir, dirOf(n.Parent))
	}
	setAttr(out, "dir", dir)
	r.body(out, n)
	return out
}

// span returns a number of rows or columns above one, bounded, or "".
func span(s string) string {
	n, ok := whole(s)
	if !ok || n <= 1 {
		return ""
	}
	return strconv.Itoa(min(n, maxSpan))
}

// rowSpan returns the rows of a cell above one, or "". Zero is all that follow in the part of the table (HTML, 4.9.11).
func rowSpan(n *storage.Node) string {
	s := n.Get("rowspan")
	if rows, ok := whole(s); !ok || rows != 0 {
		return span(s)
	}
	rows := 1
	for row := n.Parent.NextSibling; row != nil && rows < maxSpan; row = row.NextSibling {
		if row.Name == "tr" {
			rows++
		}
	}
	return span(strconv.Itoa(rows))
}

// highlightClass returns the colour in the old editor's class "highlight-red".
func highlightClass(class string) string {
	for c := range strings.FieldsSeq(class) {
		if color, ok := strings.CutPrefix(c, "highlight-"); ok {
			return color
		}
	}
	return ""
}

// columnWidths returns the colgroup of a table whose columns have widths, or nil.
// Pixels and percentages are kept, as the width attribute.
func columnWidths(n *storage.Node) *html.Node {
	group := n.Child("colgroup")
	if group == nil {
		return nil
	}
	out, any := el("colgroup"), false
	for c := group.FirstChild; c != nil; c = c.NextSibling {
		if c.Name != "col" {
			continue
		}
		col := el("col")
		setAttr(col, "span", span(c.Get("span")))
		width := first(styleOf(c)["width"], c.Get("width"))
		if w := pixels(strings.TrimSuffix(width, "%")); w != "" {
			if strings.HasSuffix(width, "%") {
				w += "%"
			}
			setAttr(col, "width", w)
			any = true
		}
		out.AppendChild(col)
	}
	if !any {
		return nil
	}
	return out
}
