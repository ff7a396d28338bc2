package change

import (
	"strings"

	"golang.org/x/net/html"
)

// inline are the elements within which a block goes on.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "code": true, "del": true, "dfn": true,
	"em": true, "i": true, "img": true, "input": true, "ins": true, "kbd": true, "mark": true, "q": true, "s": true,
	"samp": true, "small": true, "span": true, "strong": true, "sub": true, "sup": true, "time": true, "u": true,
	"var": true, "wbr": true, "math": true, "semantics": true, "annotation": true, "label": true,
}

// Read takes the blocks out of the HTML that a site makes of a body: paragraphs, headings, entries
// of lists, rows of tables, lines of code. Of a picture its words stand in the text, of a task its
// box, of a formula its TeX. Without HTML, or where it cannot be read, there are none.
func Read(body string) []Block {
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return nil
	}
	r := reader{}
	r.walk(root, 0)
	r.end()
	return r.blocks
}

// reader walks over HTML.
type reader struct {
	blocks []Block
	text   strings.Builder
	kind   Kind
	cells  bool // it is within a row of a table
	code   bool
}

// deepest is how far down elements are told apart; what lies deeper is text.
const deepest = 400

func (r *reader) walk(n *html.Node, depth int) {
	switch {
	case n.Type == html.TextNode:
		r.write(n)
		return
	case n.Data == "style" || n.Data == "script" || n.Namespace == "svg":
		return
	case n.Data == "img":
		r.text.WriteString(" " + attribute(n, "alt") + " ")
	case n.Data == "input":
		r.text.WriteString(box(n))
	}
	kind, cells, code := r.kind, r.cells, r.code
	parts := !inline[n.Data] && n.Type == html.ElementNode && depth < deepest
	if parts {
		r.begin(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c, depth+1)
	}
	if parts {
		r.part()
		r.kind, r.cells, r.code = kind, cells, code
	}
}

// begin begins an element that is not within a line.
func (r *reader) begin(n *html.Node) {
	r.part()
	switch n.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		r.kind = Heading
	case "tr":
		r.end()
		r.cells = true
	case "pre":
		r.kind, r.code = Code, !r.cells
	}
}

// part ends what stands before or in such an element: a block, or within a row a cell.
func (r *reader) part() {
	if !r.cells {
		r.end()
	} else if s := strings.TrimSpace(r.text.String()); s != "" && !strings.HasSuffix(s, "|") {
		r.text.WriteString(cellEnd)
	}
}

// cellEnd parts cells, or what stands below each other in one.
const cellEnd = " | "

// end ends a block.
func (r *reader) end() {
	text := r.text.String()
	r.text.Reset()
	lines := []string{text}
	if r.code {
		lines = strings.Split(strings.Trim(text, "\n"), "\n")
	} else {
		lines[0] = strings.TrimSuffix(strings.Join(strings.Fields(text), " "), strings.TrimRight(cellEnd, " "))
	}
	for _, line := range lines {
		if line = strings.TrimRight(line, " "); line != "" {
			r.blocks = append(r.blocks, Block{r.kind, line})
		}
	}
}

// write writes a text; of a formula the TeX alone.
func (r *reader) write(n *html.Node) {
	if p := n.Parent; p != nil && p.Namespace != "" && p.Data != "annotation" {
		return
	}
	r.text.WriteString(n.Data)
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// box is the box of a task.
func box(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "checked" {
			return "☑ "
		}
	}
	return "☐ "
}
