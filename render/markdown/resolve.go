package markdown

import (
	"strings"

	"golang.org/x/net/html"

	"agc-export/render/storage"
)

// resolver turns the storage tree of one page into plain HTML nodes and markers.
type resolver struct {
	page   Page
	tenant Tenant
	losses *losses
	// The tables below; fields, because their functions look names up in them.
	elements map[string]element
	macros   map[string]row
	sheds    bool               // the tree is read once only: what is resolved may go
	src      string             // the body, for macros that look at the whole page
	whole    *storage.Node      // the tree of a short body, else nil
	headings *Places            // of the page, for links within it; nil until they are known
	blind    bool               // it only looks for places: links within the page all count as found
	titled   bool               // it is in a heading
	quiet    int                // above 0: what is resolved is not shown here, so it loses nothing
	comments map[string]bool    // comments whose text has its identifier already
	within   []string           // ids of the pages that are being included, outermost first
	budget   *budget            // what may still be included
	top      int                // the level of the highest heading, 1 to 6; 0: not known yet
	below    int                // the level of the heading above the text: that of the title, 1, where it is a page's
	words    Words              // on which comments are
	memory   *memory            // of the tree, or nil
	origin   map[*html.Node]int // offsets in the body of elements whose form may be lost
}

// element resolves one element and appends what it becomes to dst.
type element func(r *resolver, dst *html.Node, n *storage.Node)

// newResolver returns a resolver with all tables.
func newResolver(page Page, tenant Tenant) *resolver {
	return &resolver{page: page, tenant: tenant, losses: &losses{}, budget: newBudget(0), elements: elements,
		macros: macros, below: 1, words: Words{}}
}

// lose counts a loss at a node.
func (r *resolver) lose(class, name string, n *storage.Node) {
	// Pieces of other pages lose on their own pages, where their authors look.
	if r.quiet == 0 {
		r.losses.add(class, name, n.Offset)
	}
}

// body resolves all that is in n into dst.
func (r *resolver) body(dst *html.Node, n *storage.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		// Neighbours look at each other's names and places, never at what is below them.
		if r.node(dst, c); r.sheds {
			c.FirstChild, c.LastChild = nil, nil
		}
	}
}

// node resolves n into dst.
func (r *resolver) node(dst *html.Node, n *storage.Node) {
	if n.IsText() {
		if n.Text != "" {
			dst.AppendChild(r.memory.text(r.running(n)))
		}
		return
	}
	if r.passes(n) {
		return
	}
	block := blockName(n.Name)
	if !block && !joins(n.Name) && !(isMacro(n) && r.macros[macroName(n)].joins) {
		defer r.apart(dst, dst.LastChild, n)
	}
	if !directs(n.Name) {
		dst = directed(dst, n, block)
	}
	// The name of an element decides alone: attributes are its function's business.
	if resolve := r.elements[n.Name]; resolve != nil {
		resolve(r, dst, n)
		return
	}
	r.lose(LossElement, knownName(n.Name), n)
	r.body(dst, n)
}

// knownName returns an element's name if it is one of Confluence's own prefixes,
// else a general one: a name nobody knows may be an author's text.
func knownName(name string) string {
	for _, prefix := range []string{"ac:", "ri:", "at:", "fab:"} {
		if len(name) > len(prefix) && name[:len(prefix)] == prefix {
			return name
		}
	}
	return "other"
}

// elements is the table of all elements but macros. To add one, add its line here:
// one of the general functions of this file, or a function of its own in the file
// of its family. An element that is not here keeps its content and counts as a loss.
var elements = map[string]element{
	"a":                           anchor,
	"abbr":                        abbreviation,
	"ac:-comment-marker":          marked,
	"ac:adf-extension":            adfExtension,
	"ac:adf-fragment-mark":        nothing,
	"ac:adf-mark":                 nothing,
	"ac:adf-node":                 adfNode,
	"ac:caption":                  as("div"),
	"ac:default-parameter":        nothing,
	"ac:emoticon":                 emoticon,
	"ac:figure":                   as("div"),
	"ac:hipchat-emoticon":         emoticon,
	"ac:image":                    image,
	"ac:inline-comment-marker":    marked,
	"ac:layout":                   through,
	"ac:layout-cell":              as("div"),
	"ac:layout-section":           layoutSection,
	"ac:link":                     link,
	"ac:link-body":                through,
	"ac:macro":                    runMacro,
	"ac:parameter":                nothing,
	"ac:placeholder":              nothing,
	"ac:plain-text-body":          as("div"),
	"ac:plain-text-link-body":     through,
	"ac:property":                 nothing,
	"ac:rich-text-body":           as("div"),
	"ac:structured-macro":         runMacro,
	"ac:task":                     task,
	"ac:task-body":                as("div"),
	"ac:task-list":                taskList,
	"ac:time":                     date,
	"address":                     as("p"),
	"article":                     as("div"),
	"aside":                       as("div"),
	"at:declarations":             nothing,
	"at:var":                      templateVariable,
	"b":                           as("strong"),
	"bdi":                         through,
	"bdo":                         override,
	"big":                         styled,
	"blockquote":                  as("blockquote"),
	"body":                        as("div"),
	"br":                          lineBreak,
	"caption":                     as("p"),
	"center":                      as("div"),
	"cite":                        as("em"),
	"code":                        as("code"),
	"col":                         nothing,
	"colgroup":                    through,
	"dd":                          as("dd"),
	"del":                         as("del"),
	"details":                     details,
	"dfn":                         as("em"),
	"div":                         division,
	"dl":                          as("dl"),
	"dt":                          as("dt"),
	"em":                          as("em"),
	"fab:adf":                     literalJSON,
	"fab:display-type":            editorNote,
	"fab:link":                    through,
	"fab:media":                   editorMedia,
	"fab:media-group":             as("div"),
	"fab:media-single":            as("div"),
	"fab:mention":                 through,
	"fab:placeholder-url":         editorNote,
	"figcaption":                  as("p"),
	"figure":                      as("div"),
	"font":                        styled,
	"footer":                      as("div"),
	"h1":                          heading,
	"h2":                          heading,
	"h3":                          heading,
	"h4":                          heading,
	"h5":                          heading,
	"h6":                          heading,
	"head":                        as("div"),
	"header":                      as("div"),
	"hr":                          as("hr"),
	"html":                        through,
	"i":                           as("em"),
	"img":                         plainImage,
	"ins":                         as("u"),
	"kbd":                         as("code"),
	"label":                       through,
	"li":                          listItem,
	"main":                        as("div"),
	"mark":                        as("mark"),
	"math":                        mathML,
	"nav":                         as("div"),
	"ol":                          orderedList,
	"option":                      as("div"),
	"optgroup":                    as("div"),
	"fieldset":                    as("div"),
	"form":                        as("div"),
	"legend":                      as("p"),
	"textarea":                    as("p"),
	"p":                           paragraph,
	"pre":                         as("pre"),
	"q":                           quotation,
	"s":                           as("del"),
	"samp":                        as("code"),
	"section":                     as("div"),
	"small":                       as("small"),
	"span":                        styled,
	"strike":                      as("del"),
	"strong":                      as("strong"),
	"style":                       nothing,
	"script":                      nothing,
	"sub":                         as("sub"),
	"summary":                     as("p"),
	"sup":                         as("sup"),
	"svg":                         picture,
	"table":                       table,
	"tbody":                       through,
	"td":                          as("p"),
	"tfoot":                       through,
	"th":                          as("p"),
	"title":                       as("p"),
	"thead":                       through,
	"time":                        date,
	"tr":                          as("div"),
	"tt":                          as("code"),
	"u":                           as("u"),
	"ul":                          as("ul"),
	"var":                         as("em"),
	"wbr":                         nothing,
	"ac:adf-content":              as("div"),
	"ac:adf-fallback":             as("div"),
	"ac:adf-attribute":            nothing,
	"ac:adf-parameter":            nothing,
	"ac:adf-parameter-value":      nothing,
	"ac:adf-extension-frame":      as("div"),
	"ac:adf-fragment-mark-detail": nothing,
	"ac:task-id":                  nothing,
	"ac:task-uuid":                nothing,
	"ac:task-status":              nothing,
}

// nothing leaves an element out: it is bookkeeping that readers never see.
func nothing(*resolver, *html.Node, *storage.Node) {}

// through puts what is in an element in its place.
func through(r *resolver, dst *html.Node, n *storage.Node) { r.body(dst, n) }

// as makes an element of the given name with the same content.
func as(name string) element {
	return func(r *resolver, dst *html.Node, n *storage.Node) {
		out := r.memory.el(name)
		r.from(out, n)
		dst.AppendChild(out)
		r.body(out, n)
	}
}

// abbreviation keeps what an abbreviation is short for, which readers see when they point at it.
func abbreviation(r *resolver, dst *html.Node, n *storage.Node) {
	if strings.TrimSpace(n.Get("title")) == "" {
		through(r, dst, n)
		return
	}
	as("abbr")(r, dst, n)
	setAttr(dst.LastChild, "title", n.Get("title"))
}

// from notes where an element stood, if its form may be lost for what is around it:
// paragraphs in lists, and marks within marks.
func (r *resolver) from(out *html.Node, n *storage.Node) {
	if r.origin != nil && (len(out.Attr) > 0 ||
		n.Parent.Name != "" && !blockName(out.Data) && !blockName(n.Parent.Name)) {
		r.origin[out] = n.Offset
	}
}
