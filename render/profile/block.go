package profile

import (
	"agc-export/render/expression"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/net/html"
)

// blocks are those of a container, with an empty line between them.
func (w *writer) blocks(n ast.Node) string { return strings.Join(w.each(n), "\n\n") }

// each are the blocks of a container, one by one. HTML that one of them opens ends with the container.
func (w *writer) each(n ast.Node) []string {
	done := w.scope()
	var all []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if s := strings.Trim(w.opened(c), "\n"); s != "" {
			all = append(all, s)
		}
	}
	if rest := done(); rest != "" {
		all = append(all, rest)
	}
	return all
}

// details matches what begins a box that opens, and its title.
var details = expression.New(`(?s)^<details\b[^<>]*>\n<summary>(.*)</summary>$`)

// opened is a block, or a box that opens with all that is in it, where that is no HTML.
func (w *writer) opened(n ast.Node) string {
	h, ok := n.(*ast.HTMLBlock)
	if !ok || w.expand == nil {
		return w.block(n)
	}
	m := details.FindStringSubmatch(strings.TrimRight(w.lines(h), "\n"))
	if m == nil {
		return w.block(n)
	}
	var all []string
	end := n.NextSibling()
	for ; end != nil; end = n.NextSibling() {
		n.Parent().RemoveChild(n.Parent(), end)
		if h, ok := end.(*ast.HTMLBlock); ok && strings.TrimSpace(w.lines(h)) == "</details>" {
			break
		}
		// A box in it takes what is its own from what follows.
		n.Parent().InsertAfter(n.Parent(), n, end)
		s := w.opened(end)
		n.Parent().RemoveChild(n.Parent(), end)
		if s = strings.Trim(s, "\n"); s != "" {
			all = append(all, s)
		}
	}
	title := ""
	for t := range tokens(m[1]) {
		if t.Type == html.TextToken {
			title += t.Data
		}
	}
	return w.expand(w, strings.Join(strings.Fields(title), " "), strings.Join(all, "\n\n"))
}

// block is a block without the line break at its end.
func (w *writer) block(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return w.paragraph(n)
	case *ast.Heading:
		w.single++
		s := w.inline(n)
		w.single--
		if w.heading != nil {
			s = w.heading(w, w.ids[n], w.said[w.ids[n]], s)
		}
		return strings.Repeat("#", n.Level) + " " + s
	case *ast.ThematicBreak:
		if n.Parent().Kind() == ast.KindListItem {
			return "***"
		}
		return "---"
	case *ast.FencedCodeBlock:
		info := ""
		if n.Info != nil {
			info = string(n.Info.Segment.Value(w.src))
		}
		return w.fenced(info, w.lines(n))
	case *ast.CodeBlock:
		return w.fenced("", w.lines(n))
	case *ast.Blockquote:
		return w.quote(n)
	case *ast.List:
		return w.list(n)
	case *ast.HTMLBlock:
		return w.placed(w.html(n))
	case *extension.Table:
		return w.placed(w.table(n))
	case *extension.FootnoteList:
		return w.blocks(n)
	case *extension.Footnote:
		return prefix(w.blocks(n), "[^"+strconv.Itoa(n.Index)+"]: ", "    ")
	}
	return w.blocks(n)
}

// lines is the text of a block as it is written.
func (w *writer) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(w.src))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (w *writer) paragraph(n ast.Node) string {
	s := w.inline(n)
	if w.wrap != nil && n.Kind() == ast.KindParagraph && s != "" && w.onlyTags(n) {
		s = w.wrap(s)
	}
	for i, id := range w.ends {
		s += map[bool]string{true: " ^", false: "\n\n^"}[i == 0] + id
	}
	w.ends = nil
	return s
}

// onlyTags tells whether all that a paragraph shows stands in elements of HTML.
func (w *writer) onlyTags(n ast.Node) bool {
	depth := 0
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.RawHTML:
			for t := range tokens(w.rawOf(c)) {
				switch {
				case t.Type == html.EndTagToken:
					depth--
				case t.Type == html.StartTagToken && !isVoid(t.Data):
					depth++
				}
			}
		case *ast.Text:
			if depth <= 0 && strings.TrimSpace(string(c.Segment.Value(w.src))) != "" {
				return false
			}
		default:
			if depth <= 0 {
				return false
			}
		}
	}
	return true
}

// placed puts the places in a block behind it that can have none itself.
func (w *writer) placed(s string) string {
	for _, id := range w.ends {
		s += "\n\n^" + id
	}
	if len(w.below) > 0 {
		s += "\n\n" + strings.Join(w.below, " ")
	}
	w.ends, w.below = nil, nil
	return s
}

// fenced is code between fences that it does not hold.
func (w *writer) fenced(info, s string) string {
	if w.fence != nil {
		if own := w.fence(w, info, s); own != "" {
			return own
		}
	}
	return fenced(info, s)
}

func fenced(info, s string) string {
	sign := "`"
	if strings.Contains(info, sign) { // which none of them may hold
		sign = "~"
	}
	fence := strings.Repeat(sign, max(3, longest(s, sign[0])+1))
	if s != "" {
		s += "\n"
	}
	return fence + info + "\n" + s + fence
}

// longest is the length of the longest run of c.
func longest(s string, c byte) int {
	most, run := 0, 0
	for i := range len(s) {
		if run++; s[i] != c {
			run = 0
		}
		most = max(most, run)
	}
	return most
}

// kinds matches the first line of a panel.
var kinds = expression.New(`^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]$`)

// quote is a quotation or a panel.
func (w *writer) quote(n *ast.Blockquote) string {
	p, ok := n.FirstChild().(*ast.Paragraph)
	if !ok || w.alert == nil || w.inside > 0 {
		return w.quoted(n)
	}
	first := p.Lines().At(0)
	m := kinds.FindStringSubmatch(strings.TrimSpace(string(first.Value(w.src))))
	if m == nil {
		return w.quoted(n)
	}
	for c := p.FirstChild(); c != nil; c = p.FirstChild() {
		p.RemoveChild(p, c)
		if t, ok := c.(*ast.Text); ok && (t.SoftLineBreak() || t.HardLineBreak()) {
			break
		}
	}
	if p.FirstChild() == nil {
		n.RemoveChild(n, p)
	}
	if w.indents {
		w.inside++
		defer func() { w.inside-- }()
	}
	kind := strings.ToLower(m[1])
	// A title that says no more than that is not said twice, as on the site.
	return w.alert(w, kind, strings.TrimPrefix(w.blocks(n), "**"+panelNames[kind]+"**\n\n"))
}

func (w *writer) quoted(n ast.Node) string {
	w.inside++
	defer func() { w.inside-- }()
	return prefix(w.blocks(n), "> ", "> ")
}

// prefix puts first before the first line and other before all others; empty lines get it without the
// blanks at its end.
func prefix(s, first, other string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		p := other
		if i == 0 {
			p = first
		}
		if line == "" {
			p = strings.TrimRight(p, " ")
		}
		lines[i] = p + line
	}
	return strings.Join(lines, "\n")
}

// columns is how far what belongs to an item stands to its right.
const columns = 4

func (w *writer) list(n *ast.List) string {
	w.inside++
	defer func() { w.inside-- }()
	number, items, gap := n.Start, []string{}, "\n"
	if !n.IsTight || w.loose && !plainList(n) {
		gap = "\n\n"
	}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		sign := string(n.Marker)
		if n.IsOrdered() {
			sign = strconv.Itoa(number) + sign
			number++
		}
		indent := strings.Repeat(" ", max(columns, len(sign)+1))
		marker := sign + " "
		if exact(w, item) {
			marker = sign + indent[len(sign):]
		}
		within := gap
		if w.loose && n.IsTight && plainItem(item) {
			within = "\n"
		}
		body := strings.Join(w.each(item), within)
		if body == "" {
			body = w.empty
		}
		items = append(items, strings.TrimRight(prefix(body, marker, indent), " "))
	}
	s := strings.Join(items, gap)
	if last := n.PreviousSibling(); last != nil && w.apart != "" && last.Kind() == ast.KindList {
		s = w.apart + "\n\n" + s
	}
	return s
}

// exact tells whether what is in an item must stand in one column from its first line on: a block that
// begins it, and HTML whose blanks count.
func exact(w *writer, item ast.Node) bool {
	first := item.FirstChild()
	if first == nil {
		return false
	}
	switch first.Kind() {
	case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading:
	default:
		return true
	}
	found := false
	_ = ast.Walk(item, func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		if h, ok := n.(*ast.HTMLBlock); ok && strings.Contains(w.lines(h), "<pre") {
			found = true
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	return found
}

// plainItem tells whether an item is a line of text with such lists below it.
func plainItem(item ast.Node) bool {
	for c := item.FirstChild(); c != nil; c = c.NextSibling() {
		list, ok := c.(*ast.List)
		if ok && (c.PreviousSibling() == nil || !plainList(list)) || !ok && c.Kind() != ast.KindTextBlock {
			return false
		}
	}
	return true
}

// plainList tells whether a list has such items alone.
func plainList(n *ast.List) bool {
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if !n.IsTight || !plainItem(item) {
			return false
		}
	}
	return true
}

// margins are the blanks before lines, which say nothing in HTML but in literal text.
var margins = expression.New(`(?m)^[ \t]+`)

func (w *writer) html(n *ast.HTMLBlock) string {
	s := w.lines(n)
	if n.HasClosure() {
		s += "\n" + string(n.ClosureLine.Value(w.src))
	}
	s = strings.Trim(s, "\n")
	if t := strings.TrimSpace(s); strings.HasPrefix(t, "<!--") && strings.HasSuffix(t, "-->") {
		return w.comment(n)
	}
	if !strings.Contains(s, "<pre") {
		s = margins.ReplaceAllString(s, "")
	}
	if w.raw != nil {
		return w.raw(w, s)
	}
	return w.tags(s)
}

// comment is one that keeps two lists apart; all others say nothing.
func (w *writer) comment(n ast.Node) string {
	before, after := n.PreviousSibling(), n.NextSibling()
	if before == nil || after == nil || before.Kind() != ast.KindList || after.Kind() != ast.KindList {
		return ""
	}
	if w.apart != "" {
		return w.apart
	}
	return "<!-- -->"
}

func (w *writer) table(n *extension.Table) string {
	w.cell++
	defer func() { w.cell-- }()
	var rows []string
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		line := "|"
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			line += " " + w.inline(c) + " |"
		}
		rows = append(rows, line)
		if row.Kind() == extension.KindTableHeader {
			rule := "|"
			for _, a := range n.Alignments {
				rule += " " + map[extension.Alignment]string{extension.AlignLeft: ":--", extension.AlignRight: "--:",
					extension.AlignCenter: ":-:", extension.AlignNone: "---"}[a] + " |"
			}
			rows = append(rows, rule)
		}
	}
	return strings.Join(rows, "\n")
}

// panelNames are what panels are called in Confluence, as on the site, by GitHub's kinds: those have the colours.
var panelNames = map[string]string{
	"note": "Info", "tip": "Tip", "important": "Note", "warning": "Note", "caution": "Warning",
}
