package site

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// tracer writes down what a reader sees of a page, one entry a character: the character and
// the elements that it stands in. White space of any kind is one blank, a new block "¶" and
// a line break "⏎". Pages that look alike have the same trace, whichever way they were made.
type tracer struct {
	out   []string
	block any    // the leaf block of the last character
	due   string // what comes before the next character of the same block
}

// text adds a text that stands in elements and a block.
func (t *tracer) text(s string, in []string, block any) {
	names := strings.Join(slices.Compact(slices.Sorted(slices.Values(in))), ",")
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			if t.due == "" {
				t.due = " "
			}
			continue
		}
		if block != t.block {
			t.due = "¶"
		}
		if t.due != "" && len(t.out) > 0 {
			t.out = append(t.out, t.due)
		}
		t.block, t.due = block, ""
		t.out = append(t.out, strings.TrimSpace(string(r)+" "+names))
	}
}

// lineBreak adds a break. Two of them part paragraphs.
func (t *tracer) lineBreak() {
	if t.due == "⏎" {
		t.due = "¶"
		return
	}
	t.due = "⏎"
}

// pageTrace is the trace of HTML.
func pageTrace(src string) []string {
	root, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return []string{err.Error()}
	}
	t := &tracer{}
	t.html(root, nil, nil)
	return t.out
}

// otherTrace is the trace of the HTML of another program, with the forms of tables read as ours are.
func otherTrace(src string) []string {
	root, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return []string{err.Error()}
	}
	for n := range root.Descendants() {
		if n.Data == "table" {
			cells(n)
		}
	}
	t := &tracer{}
	t.html(root, nil, nil)
	return t.out
}

// looks are the elements that a character may stand in, by the name that a trace has for
// them; "" for those that a reader cannot see.
var looks = map[string]string{
	"html": "", "head": "", "body": "", "p": "", "span": "", "div": "", "table": "", "thead": "", "tbody": "", "tr": "",
	"colgroup": "", "col": "", "figure": "", "figcaption": "", "section": "",
	"h1": "h", "h2": "h", "h3": "h", "h4": "h", "h5": "h", "h6": "h", "b": "strong", "i": "em", "s": "del",
	"strike": "del", "dd": "q", "blockquote": "q",
	"ac:structured-macro": "", "ac:rich-text-body": "", "ac:inline-comment-marker": "", "ac:task-list": "ul",
	"ac:task": "li", "ac:task-body": "",
	"ac:link": "", "ac:link-body": "a", "ac:layout": "", "ac:layout-section": "", "ac:layout-cell": "", "dl": "",
	"dt": "", "details": "", "": "",
}

// leaves are the elements in which text begins anew.
var leaves = strings.Fields(`p div li td th dt dd h1 h2 h3 h4 h5 h6 blockquote pre figcaption summary ` +
	`ac:rich-text-body ac:task-body ac:layout-cell`)

func look(name string) []string {
	if as, ok := looks[name]; !ok {
		return []string{name}
	} else if as != "" {
		return []string{as}
	}
	return nil
}

func (t *tracer) html(n *html.Node, in []string, block any) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		within, leaf := slices.Concat(in, look(c.Data)), block
		if slices.Contains(leaves, c.Data) {
			leaf = c
		}
		class := get(c, "class")
		switch {
		case c.Type == html.TextNode:
			t.text(c.Data, in, block)
		case c.Type != html.ElementNode || class == "said" || c.Data == "summary":
		case class == "panel-label": // of which an author's own title is text
			if c.LastChild.Type == html.ElementNode {
				t.html(c, within, leaf)
			}
		case c.Data == "time": // a date, which our pages write as readers of their language do
			text := textOf(c)
			if day, err := time.Parse("2 January 2006", text); err == nil {
				text = day.Format(time.DateOnly)
			}
			t.text(text, within, leaf)
		case c.Data == "br":
			t.lineBreak()
		case c.Data == "img" && class == "missing": // the frame of a picture that lies elsewhere
		case c.Data == "img" && external(get(c, "src")):
			alt := get(c, "alt")
			if strings.TrimSpace(alt) == "" {
				alt = fileName(get(c, "src"))
			}
			t.text(alt, append(slices.Clone(in), "a"), block)
		case c.Data == "hr" || c.Data == "img":
			t.text("¤", within, c)
		case c.Data == "input":
			t.text("☐", in, block)
		case c.Data == "a" && (get(c, "href") == "" || ownAddress(c)):
			t.html(c, in, leaf)
		case strings.HasPrefix(class, "panel panel-"):
			t.html(c, append(within, "q"), leaf)
		case c.Data == "blockquote" && c.FirstChild != nil:
			alert(c)
			t.html(c, within, leaf)
		default:
			t.html(c, within, leaf)
		}
	}
}

// alert takes the first line of an alert away, which GitHub shows as a label.
func alert(quote *html.Node) {
	for d := range quote.Descendants() {
		if d.Type == html.TextNode && strings.TrimSpace(d.Data) != "" {
			kind, rest, ok := strings.Cut(d.Data, "]")
			if ok && strings.HasPrefix(kind, "[!") && alertLabels[strings.ToLower(kind[2:])] && d.Parent.Data == "p" &&
				(strings.HasPrefix(rest, "\n") || rest == "" && d.NextSibling == nil && followed(d.Parent)) {
				d.Data = rest
			}
			return
		}
	}
}

// followed tells whether another element follows a node.
func followed(n *html.Node) bool {
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return true
		}
	}
	return false
}

// ownAddress tells a link that shows where it leads: an address that a program found.
func ownAddress(a *html.Node) bool {
	plain := func(s string) string {
		for _, scheme := range []string{"http://", "https://", "mailto:", "xmpp:"} {
			if len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
				s = s[len(scheme):]
			}
		}
		if u, err := url.PathUnescape(s); err == nil {
			s = u
		}
		return s
	}
	return plain(get(a, "href")) == plain(textOf(a))
}

// bodyTrace is the trace of a storage body, of the elements that the tests use.
func bodyTrace(src string) []string {
	root, _ := storage.Parse(src)
	t := &tracer{}
	t.storage(root, nil, nil)
	return t.out
}

func (t *tracer) storage(n *storage.Node, in []string, block any) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		within, leaf := slices.Concat(in, look(c.Name)), block
		if slices.Contains(leaves, c.Name) {
			leaf = c
		}
		switch {
		case c.IsText():
			t.text(c.Text, in, block)
		case strings.HasPrefix(c.Name, "ri:") || c.Name == "ac:parameter" || c.Name == "ac:task-id" ||
			c.Name == "ac:task-status":
		case c.Name == "br" && slices.Contains(in, "h"):
			t.text(" ", in, block)
		case c.Name == "br":
			t.lineBreak()
		case c.Name == "ac:task-body":
			t.text("☐", in, leaf)
			t.text(" ", in, leaf)
			t.storage(c, within, leaf)
		case c.Name == "ac:structured-macro" && alertLabels[c.Get("ac:name")]:
			t.storage(c, append(within, "q"), leaf)
		default:
			t.storage(c, within, leaf)
		}
	}
}

// alive lists the elements of a page that another does not have. Those that harm nothing
// and that marked sees in other places are left out: it takes "a@b.c/_x_" for emphasis. So are
// those of which our pages make others: empty headings and two breaks in a cell.
func alive(page, than string) []string {
	var names []string
	known := elementsOf(than)
	for name := range elementsOf(page) {
		if !known[name] && !slices.Contains([]string{"html", "head", "body", "p", "a", "em", "thead", "tbody",
			"th", "br", "blockquote", "input", "h3", "h4", "h5", "h6"}, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func elementsOf(page string) map[string]bool {
	names := map[string]bool{}
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return names
	}
	for d := range root.Descendants() {
		if d.Type == html.ElementNode {
			names[d.Data] = true
		}
	}
	return names
}
