package site

import (
	"bytes"
	"html/template"
	"io"
	"strings"

	"agc-export/render/gfm"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Rewrite returns the destination that a link, or with image a picture, of the
// Markdown shall have in the page: relative to the page, with fragment, percent-
// encoded. An empty answer makes the link plain text. It is asked for everything
// but fragments of the page itself.
type Rewrite func(dest string, image bool) string

// Setting is what a body must know of the page on which it stands.
type Setting struct {
	Title   string  // of the page: the first heading where identifiers are numbered
	Rewrite Rewrite // nil keeps all destinations
	// size of a picture of the site in pixels, 0 if not known; nil: none is known
	Picture func(href string) (width, height int)
	// where the page about the one person of a name is, as Rewrite tells it, "" for none; nil: there are no such pages
	Person func(name string) string
	Marked map[string]string // id of an open comment on the text -> who wrote it
}

// Render turns the Markdown of a page, without front matter and without its title,
// into HTML that is safe to show: only known elements, attributes and schemes, see
// allow.go.
func (s *Site) Render(md []byte, at Setting) Body {
	return s.newPass(at).body(md)
}

// RenderComment is like Render for a comment, which stands on a page together with
// others: its identifiers begin with "agc-c" and the comment's id, and its headings
// are one level deeper.
func (s *Site) RenderComment(md []byte, id string, at Setting) Body {
	p := s.newPass(at)
	p.prefix = reserved + "c" + id + "-"
	p.shift = 1
	return p.body(md)
}

// reader reads GitHub's Markdown with footnotes. Raw HTML is let through: what of it may
// stay is the business of the pass that follows.
var reader = gfm.New(gfm.Config{
	Tables:  []extension.TableOption{extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)},
	Links:   []extension.LinkifyOption{extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"})},
	More:    []goldmark.Extender{alerts{}, formulas{}, rawHTML{}, fences{}},
	Escapes: true,
})

// usualGrowth is how many times the size of its Markdown the HTML of most bodies is.
const usualGrowth = 2

// body does the whole way of a body.
func (p *pass) body(md []byte) Body {
	tree := p.trees.Get().(*strict)
	defer func() {
		tree.begin() // or it would hold the body until the next one comes
		p.trees.Put(tree)
	}()
	root, md, why := p.read(tree, md)
	if why != "" {
		return p.plain(md, why)
	}
	p.clean(root)
	p.settle()
	written, err := tree.write(root)
	if err != nil {
		return p.plain(md, "HTML that cannot be written")
	}
	out := Body{HTML: template.HTML(written), Headings: p.headings, Marked: p.marked, Removed: p.list(),
		Text: plainText(root, len(md))}
	out.Lang, out.Dir = foreign(p.lang, p.setting.Title, out.Text)
	return out
}

// writtenTree makes the tree of HTML that goldmark writes, or tells why there is none.
func writtenTree(doc ast.Node, md []byte) (root *html.Node, why string) {
	var b bytes.Buffer
	b.Grow(usualGrowth * len(md))
	if err := reader.Render(&b, md, doc); err != nil {
		return nil, "Markdown whose HTML is out of proportion to it"
	}
	if gfm.Reopens(b.Bytes()) {
		return nil, "HTML whose elements are never closed"
	}
	root, err := readAny(&b)
	if err != nil {
		return nil, "nesting too deep for HTML"
	}
	return root, ""
}

// readAny makes a tree of whatever HTML, as browsers do.
func readAny(r io.Reader) (*html.Node, error) {
	context := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(r, context)
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root, err
}

// plain shows the Markdown itself where no HTML can be made of it. The HTML parser
// gives up above 512 open elements. All of it is shown, so nothing else was removed.
func (p *pass) plain(md []byte, why string) Body {
	clear(p.removed)
	p.tookAway(why, "")
	shown := "<pre class=\"plain\" tabindex=\"0\">\n" + html.EscapeString(string(md)) + "</pre>"
	return Body{HTML: template.HTML(shown), Removed: p.list(), Text: strings.Join(strings.Fields(string(md)), " ")}
}
