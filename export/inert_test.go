package export

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/export/output"
	"agc-export/fetch/faketenant/hostile"
)

// A second wall, which knows nothing of the first: each page of the site is read as a
// browser reads it, into a tree, and in that tree is no element, attribute or scheme but
// these. What a page may hold is a line here, written by hand: one that a change of
// converter or templates adds fails here first.

// bodyElements are those of what people wrote, with their attributes beside the common.
var bodyElements = lines(`
	a href rel
	abbr
	address
	audio controls preload src
	b
	bdi
	bdo
	blockquote
	br
	caption
	cite
	code
	col span width
	colgroup span
	dd
	del
	details open
	dfn
	div align tabindex
	dl
	dt
	em
	figcaption
	figure
	h2 align
	h3 align
	h4 align
	h5 align
	h6 align
	hr
	i
	img alt decoding height loading src width
	input checked disabled type
	ins
	kbd
	li value
	mark
	ol reversed start type
	p align
	pre tabindex
	q
	rp
	rt
	ruby
	s
	samp
	small
	source src type
	span
	strong
	sub
	summary
	sup
	table
	tbody
	td align colspan rowspan
	tfoot
	th align colspan rowspan scope
	thead
	time datetime
	tr
	u
	ul
	var
	video controls height preload src width
	wbr`)

// pageElements are those that the templates put around it.
var pageElements = lines(`
	a tabindex
	article
	aside
	body
	button hidden type
	div hidden
	footer
	form action method
	h1
	head
	header
	html
	input autocomplete maxlength name placeholder spellcheck
	label for
	li hidden
	link href rel type
	main tabindex
	meta charset content http-equiv name property
	nav
	noscript
	option selected value
	output
	p hidden
	script defer src
	section hidden
	select name
	span hidden
	summary tabindex
	title
	ul hidden`)

// mathElements are those of formulas: none links, loads, or holds elements of HTML.
var mathElements = lines(`
	annotation encoding
	math display
	menclose notation
	mfrac linethickness
	mi mathvariant
	mmultiscripts
	mn
	mo accent fence form largeop lspace maxsize minsize movablelimits rspace separator stretchy symmetric
	mover accent
	mpadded depth height lspace voffset width
	mphantom
	mprescripts
	mroot
	mrow
	ms
	mspace depth height width
	msqrt
	mstyle displaystyle scriptlevel
	msub
	msubsup
	msup
	mtable columnspan
	mtd columnspan rowspan
	mtext
	mtr
	munder accentunder
	munderover
	none
	semantics`)

// commonAttributes may stand on each element; so may what begins with aria- or data-.
var commonAttributes = []string{"class", "dir", "id", "lang", "role", "title"}

func lines(table string) map[string][]string {
	all := map[string][]string{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		words := strings.Fields(line)
		all[words[0]] = words[1:]
	}
	return all
}

// pairsTenant has a page for each storage text of the converter's pairs.
func pairsTenant(t *testing.T) fstest.MapFS {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(exporttest.Root(), "render/markdown/testdata/*.txtar"))
	if err != nil || len(names) < 10 {
		t.Fatal("no pairs", err)
	}
	files := fstest.MapFS{}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if path.Ext(f.Name) == ".xml" {
				files[strings.TrimSuffix(filepath.Base(name), ".txtar")+"-"+f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
	}
	return files
}

// What the wiki holds runs nothing and loads nothing on the site: in no page of the
// hostile tenant, of the demo and of all that the converter is tried with.
func TestPublishedIsInert(t *testing.T) {
	for name, files := range map[string]fs.FS{"hostile": hostile.New(allMacros()), "demo": exporttest.Tenant(),
		"pairs": pairsTenant(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, files)
			if name == "demo" {
				w.begin(t)
			} else if _, err := w.Export(t.Context()); exit.Code(err) != exit.Complete &&
				exit.Code(err) != exit.Incomplete {
				t.Fatal(err)
			}
			pages := 0
			root := filepath.Join(w.Config.Output.Dir, w.current(), output.SiteDir)
			err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() || path.Ext(p) != ".html" || strings.Contains(p, "/attachments/") {
					return err
				}
				data, err := os.ReadFile(p)
				pages++
				inertPage(t, strings.TrimPrefix(p, root+"/"), data)
				return err
			})
			if err != nil || pages < 20 {
				t.Errorf("%d pages, %v", pages, err)
			}
		})
	}
}

// inertPage reads a page and looks at every element of it.
func inertPage(t *testing.T, name string, data []byte) {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	mains := 0
	for n := range doc.Descendants() {
		switch {
		case n.Type == html.CommentNode && strings.ContainsAny(n.Data, "<>["):
			t.Errorf("%s: the comment %.80q", name, n.Data)
		case n.Type != html.ElementNode:
			continue
		case n.Data == "main":
			mains++
		}
		attrs, allowed := bodyElements[n.Data]
		if !(written(n) && strings.HasPrefix(name, "pages/")) {
			around, template := pageElements[n.Data]
			attrs, allowed = slices.Concat(attrs, around), allowed || template
		}
		if n.Namespace == "math" {
			attrs, allowed = mathElements[n.Data]
		}
		if !allowed || n.Namespace != "" && n.Namespace != "math" || n.Namespace == "" && n.Parent.Namespace != "" {
			t.Errorf("%s: the element <%s> %s in <%s>", name, n.Data, n.Namespace, n.Parent.Data)
			continue
		}
		for _, a := range n.Attr {
			common := slices.Contains(commonAttributes, a.Key) || strings.HasPrefix(a.Key, "aria-") ||
				strings.HasPrefix(a.Key, "data-")
			if !common && !slices.Contains(attrs, a.Key) || a.Namespace != "" {
				t.Errorf("%s: <%s %s=%.80q>", name, n.Data, a.Key, a.Val)
			}
			scanAttribute(t, name, n.Data, a)
		}
	}
	if mains > 1 {
		t.Errorf("%s has %d elements <main>", name, mains)
	}
}

// written tells whether a node of a content's page is what people wrote: all in <main>
// but the title, and all in comments.
func written(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "main" && n.Data != "h1" || slices.Contains(p.Attr, html.Attribute{Key: "class", Val: "comment"}) {
			return true
		}
	}
	return false
}
