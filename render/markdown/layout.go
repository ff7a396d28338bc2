package markdown

import (
	"strings"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// layoutSection puts the cells of a section one after the other, in a frame that
// a site can show as a grid. A single cell needs no frame, nor does one of a single block.
func layoutSection(r *resolver, dst *html.Node, n *storage.Node) {
	var cells []*storage.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Name == "ac:layout-cell" {
			cells = append(cells, c)
		}
	}
	// Sections of one cell are how the new editor writes plain text: a frame around each
	// would be noise.
	if len(cells) < 2 {
		r.body(dst, n)
		return
	}
	kind := strings.ReplaceAll(n.Get("ac:type"), "_", "-")
	// The type becomes a class name, and class names must not come from the page.
	if !plainWord(kind) {
		kind = "columns"
	}
	frame := el("div", "class", "layout layout-"+kind)
	dst.AppendChild(frame)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		at := frame
		if c.Name == "ac:layout-cell" {
			at = el("div", "class", "cell")
			frame.AppendChild(at)
		}
		r.node(at, c)
	}
}

// bareCells takes away the frames of cells that hold one block, which is in its place without, and
// tells whether there are any columns: empty cells are gone, and one alone needs no layout.
func bareCells(layout *html.Node) bool {
	columns := 0
	for c := layout.FirstChild; c != nil; {
		next := c.NextSibling
		columns++
		if attr(c, "class") == "cell" && (layout.FirstChild == layout.LastChild || bareCell(c)) {
			for b := c.FirstChild; b != nil; b = c.FirstChild {
				c.RemoveChild(b)
				layout.InsertBefore(b, c)
			}
			layout.RemoveChild(c)
		}
		c = next
	}
	return columns != 1
}

// bareCell tells whether a cell needs no frame: its only block can be taken for no part of what
// stands beside it.
func bareCell(cell *html.Node) bool {
	b := cell.FirstChild
	if b == nil || b != cell.LastChild {
		return false
	}
	switch {
	case b.Data == "blockquote" || b.Data == "dl" || b.Data == markAlert || b.Data == markRaw:
		return false
	case b.Data == "p" || isHeading(b):
		return len(b.Attr) == 0 // else those of one alignment share a frame
	case b.Data == "ul" || b.Data == "ol":
		beside := cell.PrevSibling
		return beside == nil || beside.Data != b.Data
	}
	return true
}

// plainWord tells words of lower-case letters, digits and "-".
func plainWord(s string) bool {
	return s != "" && len(s) <= 30 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// taskList makes a list of tasks. Lists nested in a task may stand in its body or
// behind it.
func taskList(r *resolver, dst *html.Node, n *storage.Node) {
	out := el("ul", "class", "tasks")
	directed(dst, n, true).AppendChild(out)
	var last *html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		// A list right within a list, without a task around it, belongs to the task before it.
		if c.Name == "ac:task-list" && last != nil {
			r.node(last, c)
			continue
		}
		r.node(out, c)
		if made := out.LastChild; c.Name == "ac:task" && made != nil {
			last = made
		}
	}
}

// task makes an item with a box that is ticked or not. A status that is neither stands in words behind the box.
func task(r *resolver, dst *html.Node, n *storage.Node) {
	box := el("input", "type", "checkbox", "disabled", "")
	status, unknown := statusOf(n), ""
	switch {
	case strings.EqualFold(status, StatusDone):
		setAttr(box, "checked", "checked")
	case status != "" && !strings.EqualFold(status, StatusOpen):
		unknown = "(" + status + ") "
	}
	item := el("li")
	dst.AppendChild(item)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Name == "ac:task-body" {
			r.body(item, c)
			continue
		}
		r.node(item, c)
	}
	// The box stands in the line of the text, which may be a paragraph.
	at := item
	for at.FirstChild != nil && at.FirstChild.Type == html.TextNode && isSpace(at.FirstChild.Data) {
		at.RemoveChild(at.FirstChild)
	}
	if c := at.FirstChild; c != nil && c.Data == "p" && c.Type == html.ElementNode {
		at = c
	}
	if unknown != "" {
		at.InsertBefore(text(unknown), at.FirstChild)
	}
	at.InsertBefore(box, at.FirstChild)
}
