package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// heading gives a heading its identifier and level and lists it. The page's title
// is the one h1, so a body has none. The identifier is made of what the Markdown says, as
// links to it are. An identifier of its own stays as an anchor.
func (p *pass) heading(n *html.Node, said string) {
	level := p.level(int(n.Data[1] - '0'))
	n.Data = "h" + strconv.Itoa(level)
	n.DataAtom = atom.Lookup([]byte(n.Data))
	text := textOf(n)
	if len(p.headings) == 0 && p.prefix == "" {
		p.slugs.Next(p.setting.Title) // the page's own stands before all of its body
	}
	id := p.prefix + p.slugs.Next(said)
	if own := get(n, "id"); own != "" {
		unset(n, "id")
		p.anchors[p.anchorOf(n)] = prepend(n, element("span", html.Attribute{Key: "id", Val: own}))
	}
	p.give(n, id)
	p.headings = append(p.headings, Heading{Level: level, ID: id, Text: text})
}

// level closes the gaps in an author's levels, who often began with the size that
// looked right: a heading is one level below the last one that is above it. Readers
// who listen move by levels and would miss what a gap hides (WCAG 2.2, technique H42).
func (p *pass) level(authored int) int {
	for len(p.above) > 0 && p.above[len(p.above)-1] >= authored {
		p.above = p.above[:len(p.above)-1]
	}
	p.above = append(p.above, authored)
	return min(1+p.shift+len(p.above), 6)
}

// anchorOf returns the place of an element among the anchors.
func (p *pass) anchorOf(n *html.Node) int {
	for i := len(p.anchors) - 1; ; i-- {
		if p.anchors[i] == n {
			return i
		}
	}
}

// panel gives a panel of a kind that alertLabels has its label. A quotation that begins with
// such a label is one: within lists and other quotations Markdown has no other form for it.
func (p *pass) panel(n *html.Node) {
	if label := labelOf(n); label != nil {
		if n.Data == "blockquote" {
			n.Data, n.DataAtom = "div", atom.Div
			set(n, "class", "panel "+get(label.FirstChild, "class"))
		}
		n.RemoveChild(label)
	}
	for name := range strings.FieldsSeq(get(n, "class")) {
		kind, ok := strings.CutPrefix(name, "panel-")
		if ok && alertLabels[kind] {
			p.label(n, p.words[kind])
			set(n, "role", "note")
			return
		}
	}
}

// label says of which kind a panel is. Where its author gave it a title that is its label, and the
// kind is for those who only listen: nobody reads two titles.
func (p *pass) label(panel *html.Node, kind string) {
	title := titleOf(panel)
	label := prepend(panel, element("p", html.Attribute{Key: "class", Val: "panel-label"}))
	if title == nil {
		label.AppendChild(&html.Node{Type: html.TextNode, Data: kind})
		return
	}
	if !strings.EqualFold(textOf(title), kind) {
		said := element("span", html.Attribute{Key: "class", Val: "said"})
		said.AppendChild(&html.Node{Type: html.TextNode, Data: kind + ": "})
		label.AppendChild(said)
	}
	old := title.Parent
	old.RemoveChild(title)
	label.AppendChild(title)
	panel.RemoveChild(old)
}

// mostTitle is how many bytes a title of a panel has at the most: longer ones are sentences.
const mostTitle = 100

// titleOf returns the bold text that alone is the first paragraph of a panel, with others behind it, or nil.
func titleOf(panel *html.Node) *html.Node {
	var first *html.Node
	for c := range panel.ChildNodes() {
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		case first != nil:
			return first.FirstChild
		case c.Data != "p" || c.FirstChild == nil || c.FirstChild != c.LastChild || c.FirstChild.Data != "strong" ||
			len(textOf(c)) > mostTitle || holdsPicture(c):
			return nil
		default:
			first = c
		}
	}
	return nil
}

// panelWords are what render/markdown writes for the kinds of panels.
var panelWords = map[string]string{"note": "Info", "tip": "Tip", "important": "Note", "warning": "Note",
	"caution": "Warning"}

// labelOf returns the paragraph at the beginning of a block that holds no more than the label
// of a panel of a known kind, or nil.
func labelOf(n *html.Node) *html.Node {
	first := n.FirstChild
	for first != nil && first.Type == html.TextNode && strings.TrimSpace(first.Data) == "" {
		first = first.NextSibling
	}
	if first == nil || first.Data != "p" || first.FirstChild == nil || first.FirstChild != first.LastChild ||
		first.FirstChild.Data != "strong" {
		return nil
	}
	kind, ok := strings.CutPrefix(get(first.FirstChild, "class"), "panel-")
	if !ok || !alertLabels[kind] || textOf(first) != panelWords[kind] {
		return nil
	}
	return first
}

// summary takes the paragraphs out of a <summary>, which Markdown makes of text on
// lines of its own and HTML does not allow there.
func summary(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Data == "p" && c.Type == html.ElementNode {
			unwrap(c)
		}
		c = next
	}
}

// checkbox completes an <input>: the state of a task, which a reader cannot change.
// Any other input goes.
func (p *pass) checkbox(n *html.Node) {
	if get(n, "type") != "checkbox" {
		p.tookAway("element", "input")
		n.Parent.RemoveChild(n)
		return
	}
	label, checked := p.words["open_task"], hasAttr(n, "checked")
	n.Attr = []html.Attribute{{Key: "type", Val: "checkbox"}, {Key: "disabled"}}
	if checked {
		label = p.words["done_task"]
		set(n, "checked", "")
	}
	set(n, "aria-label", label)
	for a := n.Parent; a != nil; a = a.Parent {
		if a.Data == "li" {
			addClass(a, "task")
			break
		}
	}
}

// boxes are the signs that stand for the boxes of tasks in lists that are HTML.
var boxes = map[string]bool{"☑": true, "☐": false}

// task makes a box of the sign at the beginning of a task.
func (p *pass) task(n *html.Node) {
	first := n.FirstChild
	for first != nil && (first.Type == html.ElementNode && first.Data == "p" ||
		first.Type == html.TextNode && strings.TrimSpace(first.Data) == "") {
		if first.Type == html.ElementNode {
			first = first.FirstChild
		} else {
			first = first.NextSibling
		}
	}
	if first == nil || first.Type != html.TextNode {
		return
	}
	sign, words, _ := strings.Cut(strings.TrimLeft(first.Data, " \n")+" ", " ")
	done, ok := boxes[strings.TrimSpace(sign)]
	if alone := words == "" && first.NextSibling == nil; !ok ||
		!alone && !slices.Contains(strings.Fields(get(n.Parent, "class")), "tasks") {
		return
	}
	first.Data = " " + strings.TrimSuffix(words, " ")
	box := element("input", html.Attribute{Key: "type", Val: "checkbox"})
	if done {
		set(box, "checked", "")
	}
	first.Parent.InsertBefore(box, first)
	p.checkbox(box)
}

// table puts a table that stands in no other into a region that scrolls by itself
// and that the keyboard reaches, and hides a head without any text, which Markdown
// asks of tables that have none.
func (p *pass) table(n *html.Node) {
	cells(n)
	for c := range n.ChildNodes() {
		if c.Data == "thead" && !says(c) && !holdsPicture(c) {
			addClass(c, "table-blank")
		}
	}
	if within(n, "table") {
		return
	}
	p.tables++
	label := p.words.say("table", p.tables)
	if p.prefix != "" {
		label = p.words.say("table_comment", p.tables,
			strings.TrimSuffix(strings.TrimPrefix(p.prefix, reserved+"c"), "-"))
	}
	for c := range n.ChildNodes() {
		if c.Data == "caption" && textOf(c) != "" {
			label += ": " + textOf(c)
		}
	}
	region := element("div", html.Attribute{Key: "class", Val: "table"}, html.Attribute{Key: "role", Val: "region"},
		html.Attribute{Key: "aria-label", Val: label}, html.Attribute{Key: "tabindex", Val: "0"})
	n.Parent.InsertBefore(region, n)
	n.Parent.RemoveChild(n)
	region.AppendChild(n)
}

// columns makes classes of the widths of a table's columns, "width-5" to "width-100":
// their share of the whole in steps of 5 %, where all are known. HTML has no attribute
// for it any more, and a style would be against the page's own security policy.
func columns(n *html.Node) {
	sum, unknown := 0.0, 0
	shares := map[*html.Node]float64{}
	for c := range n.ChildNodes() {
		if c.Data != "col" {
			continue
		}
		// "30%" and "120" do not meet in one table.
		w, err := strconv.ParseFloat(strings.TrimSuffix(get(c, "width"), "%"), 64)
		if err == nil {
			shares[c] = w
			sum += w
		} else {
			unknown++
		}
		unset(c, "width")
	}
	if len(shares) < 2 || sum == 0 || unknown > 0 {
		return
	}
	for c, w := range shares {
		step := int(w/sum*20 + 0.5)
		addClass(c, "width-"+strconv.Itoa(5*max(step, 1)))
	}
}

// row completes the headers of a table row. An empty one heads nothing and becomes a
// plain cell; the others get a scope: the column in a table head or in a row of
// nothing but headers, else the row.
func row(n *html.Node) {
	scope := "col"
	if n.Parent.Data != "thead" && hasChild(n, "td") {
		scope = "row"
	}
	for c := range n.ChildNodes() {
		switch {
		case c.Data != "th" || c.Type != html.ElementNode:
		case !says(c) && !holdsPicture(c):
			c.Data, c.DataAtom = "td", atom.Td
			unset(c, "scope")
		case get(c, "scope") == "":
			set(c, "scope", scope)
		}
	}
}

// mark completes text on which somebody commented: it is seen, and a link at its end
// leads to the comment. The link has no text of its own, so that the page's text stays
// the author's.
func (p *pass) mark(n *html.Node) {
	id, ok := strings.CutPrefix(get(n, "id"), "comment-")
	author, open := p.setting.Marked[id]
	if !ok || !open || p.marked[id] {
		return
	}
	if p.marked == nil {
		p.marked = map[string]bool{}
	}
	p.marked[id] = true
	addClass(n, "marked")
	if within(n, "a") {
		return
	}
	n.AppendChild(element("a", html.Attribute{Key: "class", Val: "marked-by"},
		html.Attribute{Key: "href", Val: "#" + reserved + "comment-" + id},
		html.Attribute{Key: "aria-label", Val: p.words.say("comment_by", author)}))
}

// mention leads from a person's name to the page about them, where there is one; else it is text.
func (p *pass) mention(n *html.Node) {
	if get(n, "class") != "mention" {
		return
	}
	name, to := cmp.Or(get(n, "title"), textOf(n)), ""
	unset(n, "title")
	if p.setting.Person != nil && !within(n, "a") {
		to = p.setting.Person(name)
	}
	if to == "" {
		unwrap(n)
		return
	}
	n.Data, n.DataAtom = "a", atom.A
	set(n, "href", to)
}

// time shows a day as all of the site does.
func (p *pass) time(n *html.Node) {
	day := get(n, "datetime")
	if text := n.FirstChild; text != nil && text.Type == html.TextNode && text.Data == day {
		text.Data = p.words.date(day)
	}
}
