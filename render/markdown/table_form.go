package markdown

import (
	"strings"
	"unicode/utf8"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"golang.org/x/net/html"
)

// GFM's tables have one row of headings and cells of one line. What else GFM can say loses
// nothing on its way to the site and to GitHub:
//
//   - a table without headings has an empty row of them
//   - headings of rows are bold: the whole first column but the corner above it
//   - short paragraphs of a cell have two breaks between them
//   - a short list in a cell is <ul><li>, items of one line and lists in them
//
// All other tables are HTML: those with spans, colours, alignments within a column, other blocks
// in cells.

// A cell with more than a line of text may have so many paragraphs and items of so many
// characters: a row is one line of the Markdown.
const (
	briefParts = 10
	briefText  = 120
)

// form is how GFM says a table.
type form struct {
	align    []string // of each column
	headless bool     // no row heads the columns
	column   bool     // the first column heads the rows
}

// formOf tells how GFM says a table, and whether it can. Short rows are filled up in GFM: where
// that would be most of the table, it is not GFM's.
func formOf(t *html.Node) (form, bool) {
	var rows []*html.Node
	for row := t.FirstChild; row != nil; row = row.NextSibling {
		if row.Data == "tr" {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 || attr(t, "dir") != "" {
		return form{}, false
	}
	f := form{headless: !headsColumns(rows[0])}
	f.column = headsRows(rows, f.headless)
	cells := 0
	for i, row := range rows {
		if row.FirstChild == nil {
			return f, false
		}
		for c, column := row.FirstChild, 0; c != nil; c, column = c.NextSibling, column+1 {
			if !f.takes(c, column, i == 0 && !f.headless) {
				return f, false
			}
			cells++
		}
	}
	return f, len(rows)*len(f.align) <= 8*cells+1000
}

// headsColumns tells whether all cells of a row are headings. The first may be an empty corner.
func headsColumns(row *html.Node) bool {
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		if c.Data != "th" && (c.PrevSibling != nil || c.FirstChild != nil || c.NextSibling == nil) {
			return false
		}
	}
	return row.FirstChild != nil
}

// headsRows tells whether each row but that of the headings begins with one, and holds more.
func headsRows(rows []*html.Node, headless bool) bool {
	if !headless {
		rows = rows[1:]
	}
	for _, row := range rows {
		if c := row.FirstChild; c == nil || c.Data != "th" || c.NextSibling == nil || !lineOnly(c) {
			return false
		}
	}
	return len(rows) > 0
}

// takes tells whether a cell fits into a column, and enters what is new of that. GFM aligns whole
// columns, and has no place for anything else of a cell but its content.
func (f *form) takes(c *html.Node, column int, head bool) bool {
	heading := head || f.column && column == 0
	class := attr(c, "class")
	switch {
	case (c.Data == "th") != heading && !(head && f.column && column == 0): // but the corner
		return false
	case attr(c, "colspan") != "" || attr(c, "rowspan") != "" || attr(c, "dir") != "":
		return false
	case class != "" && !head && !(heading && class == "bg-grey"): // as headings are anyway
		return false
	case !lineOnly(c) && !brief(c):
		return false
	case column == len(f.align) && (head || f.headless):
		f.align = append(f.align, attr(c, "align"))
	}
	return column < len(f.align) && f.align[column] == attr(c, "align")
}

// lineOnly tells whether a cell holds nothing but inline content, once shape has
// unwrapped its only paragraph.
func lineOnly(cell *html.Node) bool {
	for c := cell.FirstChild; c != nil; c = c.NextSibling {
		if isBlock(c) {
			return false
		}
	}
	return true
}

// brief tells whether a cell holds nothing but a few short paragraphs and lists.
func brief(cell *html.Node) bool {
	left := briefParts
	return briefIn(cell, &left)
}

func briefIn(n *html.Node, left *int) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Data {
		case "p":
			*left--
			again := n.Data == "li" && c.PrevSibling != nil // an item has one line of text
			if *left < 0 || again || len(c.Attr) > 0 || utf8.RuneCountInString(contentOf(c)) > briefText {
				return false
			}
		case "ul", "ol":
			for item := c.FirstChild; item != nil; item = item.NextSibling {
				if item.FirstChild == nil || !briefIn(item, left) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// writeTable writes a table as GFM where that can say it, else as HTML.
func writeTable(w *writer, ctx converter.Context, out converter.Writer, n *html.Node) {
	f, ok := formOf(n)
	if !ok {
		writeHTML(w, ctx, out, n)
		return
	}
	w.cell++
	defer func() { w.cell-- }()
	line := f.underline()
	if f.headless {
		put(out, strings.Repeat("| ", len(f.align)), "|\n", line)
		line = ""
	}
	for row := n.FirstChild; row != nil; row = row.NextSibling {
		if row.Data != "tr" {
			continue
		}
		cells := 0
		for c := row.FirstChild; c != nil; c = c.NextSibling {
			if f.column && cells == 0 && line == "" {
				strong := el("strong")
				move(c, strong)
				c.AppendChild(strong)
			}
			out.WriteString("| ")
			if s := w.cellText(ctx, c); s != "" {
				put(out, s, " ")
			}
			cells++
		}
		put(out, strings.Repeat("| ", len(f.align)-cells), "|\n", line)
		line = ""
	}
}

// cellText returns what is in a cell as a line.
func (w *writer) cellText(ctx converter.Context, cell *html.Node) string {
	if lineOnly(cell) {
		return w.inline(ctx, cell)
	}
	var b strings.Builder
	w.parts(ctx, &b, cell)
	return b.String()
}

// parts writes the paragraphs and lists of a cell or an item.
func (w *writer) parts(ctx converter.Context, b *strings.Builder, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Data == "p" {
			if c.PrevSibling != nil && c.PrevSibling.Data == "p" {
				b.WriteString("<br><br>")
			}
			b.WriteString(w.inline(ctx, c))
			continue
		}
		openTag(b, c)
		for item := c.FirstChild; item != nil; item = item.NextSibling {
			openTag(b, item)
			w.parts(ctx, b, item)
			b.WriteString("</li>")
		}
		put(b, "</", c.Data, ">")
	}
}

// underline returns the line below a table's head, which holds the alignments.
func (f *form) underline() string {
	var b strings.Builder
	b.Grow(len("| :---: ")*len(f.align) + len("|\n"))
	for _, align := range f.align {
		switch align {
		case "center":
			b.WriteString("| :---: ")
		case "right":
			b.WriteString("| ---: ")
		default:
			b.WriteString("| --- ")
		}
	}
	b.WriteString("|\n")
	return b.String()
}
