package markdown

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"

	"agc-export/render/expression"
	"agc-export/render/storage"
)

// Pictures whose bytes stand in the page, as addresses of the scheme "data": the tenant keeps
// each as a file, which the page shows in its place. What it does not keep is no picture, or
// too large; no other address of that scheme is ever written.

// maxPictures bounds the files that a page becomes by such pictures.
const maxPictures = 1000

// isData tells the addresses that are what they lead to.
func isData(address string) bool {
	m := scheme.FindStringSubmatch(address)
	return m != nil && strings.EqualFold(strings.TrimSpace(m[1]), "data")
}

// embedded asks the tenant to keep the picture that an address is.
func (r *resolver) embedded(address string) Ref {
	if !take(&r.budget.pictures, 1) {
		return Ref{Missing: "too many for one page"}
	}
	return r.tenant.Resolve(r.page, Target{Kind: TargetPicture, URL: address})
}

// dataPicture appends the picture that an address is.
func (r *resolver) dataPicture(dst *html.Node, address string, d description, n *storage.Node) {
	ref := r.embedded(address)
	switch {
	case ref.Missing != "":
		r.absent(dst, strings.TrimSpace(d.alt+" (picture: "+ref.Missing+")"))
		r.lose(LossImage, "data", n)
	case !ref.Image:
		addText(dst, " ")
		r.write(dst, with(el("span"), text(first(d.alt, ref.Title))), ref.Href, "")
		addText(dst, " ")
		r.lose(LossImage, "data", n)
	default:
		dst.AppendChild(d.image(first(ref.Picture, ref.Href)))
	}
}

// image returns a picture that is described so.
func (d description) image(src string) *html.Node {
	img := el("img", "src", src, "alt", d.alt)
	setAttr(img, "title", d.title)
	setAttr(img, "width", d.width)
	setAttr(img, "height", d.height)
	setAttr(img, "class", d.class)
	return img
}

// In an author's own HTML and Markdown such an address stands in the source of a picture, in the
// brackets of a link or picture, or behind the name of one.
var (
	dataSource = expression.New(`(?is)<img\b[^>]*?\ssrc\s*=\s*("\s*data:[^"]*"|'\s*data:[^']*'|data:[^\s>"']+)`)
	dataDest   = expression.New(`(?i)\]\(\s*(<data:[^<>\n]*>|data:[^\s()<>]+)`)
	dataName   = expression.New(`(?im)^ {0,3}\[[^\]\n]+\]:\s*(<data:[^<>\n]*>|data:\S+)`)
)

// keepPictures puts the addresses of files in the place of the pictures that an author's own
// HTML or Markdown has in it, and returns these files. What lies in one of the ranges is
// no picture but text that speaks of one.
func (r *resolver) keepPictures(s string, n *storage.Node, ranges [][2]int,
	forms ...*expression.Expression) (string, []Ref) {
	var at [][2]int
	for _, form := range forms {
		for _, m := range form.FindAllStringSubmatchIndex(s, -1) {
			if !within(ranges, m[2]) {
				at = append(at, [2]int{m[2], m[3]})
			}
		}
	}
	slices.SortFunc(at, func(a, b [2]int) int { return a[0] - b[0] })
	var out strings.Builder
	var kept []Ref
	done := 0
	for _, a := range at {
		if a[0] < done {
			continue
		}
		ref := r.embedded(html.UnescapeString(strings.Trim(s[a[0]:a[1]], `"'<> `)))
		if ref.Missing != "" {
			r.lose(LossImage, "data", n)
			continue
		}
		if kept = append(kept, ref); !ref.Image {
			r.lose(LossImage, "data", n)
		}
		href := first(ref.Picture, ref.Href)
		if q := s[a[0]]; q == '"' || q == '\'' {
			href = string(q) + href + string(q)
		}
		out.WriteString(s[done:a[0]] + href)
		done = a[1]
	}
	return out.String() + s[done:], kept
}

// within tells whether one of the ranges, which come in order, holds an offset.
func within(ranges [][2]int, at int) bool {
	i, _ := slices.BinarySearchFunc(ranges, at, func(c [2]int, at int) int {
		if c[1] <= at {
			return -1
		}
		return 1
	})
	return i < len(ranges) && ranges[i][0] <= at
}

// hasData tells whether such an address may stand in a text.
func hasData(s string) bool { return dataSign.MatchString(s) }

var dataSign = expression.New(`(?i)data:[^,\n]{0,200},`)

// codeIn returns the ranges of code in an author's Markdown.
func codeIn(s string) (ranges [][2]int) {
	doc, _ := unsafeReader.Parse([]byte(s))
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch {
		case !entering:
		case n.Kind() == ast.KindCodeSpan:
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				if t, ok := c.(*ast.Text); ok {
					ranges = append(ranges, [2]int{t.Segment.Start, t.Segment.Stop})
				}
			}
		case n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock:
			for _, line := range n.Lines().Sliced(0, n.Lines().Len()) {
				ranges = append(ranges, [2]int{line.Start, line.Stop})
			}
		}
		return ast.WalkContinue, nil
	})
	slices.SortFunc(ranges, func(a, b [2]int) int { return a[0] - b[0] })
	return ranges
}
