package markdown

import (
	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// Convert turns the storage body of a page into Markdown, without title and front
// matter, and says what was lost. Headings stand one level below those of the body.
// The result ends with a line break unless it is empty.
func Convert(src []byte, page Page, tenant Tenant) ([]byte, []Loss) {
	root, notes := storage.Parse(src)
	r := newResolver(page, tenant)
	for _, n := range notes {
		class := LossMalformed
		if n.Class == storage.NoteDepth || n.Class == storage.NoteSize {
			class = LossDepth
		}
		r.losses.addN(class, n.Class, n.Offset, n.Count)
	}
	r.root = root
	tree := r.tree(root)
	r.root, r.origin = nil, nil // of a large page, one tree at a time is enough
	return write(tree, r.losses), r.losses.list
}

// tree resolves a body and brings it into form.
func (r *resolver) tree(root *storage.Node) *html.Node {
	out := el("div")
	r.body(out, root)
	collapse(out)
	shape(out, r.losses, r.origin)
	return out
}
