package markdown

import (
	"agc-export/render/storage"

	"golang.org/x/net/html"
)

// partSize is how many bytes of a body are converted at a time. Few pages are longer.
const partSize = 512 << 10

// keptSize is how many bytes a body has at most whose tree is kept until its end, for those who
// look for its headings.
const keptSize = 64 << 10

// Convert turns the storage body of a page into Markdown, without title and front
// matter, and says what was lost. The highest heading stands one level below the title.
// The result ends with a line break unless it is empty. It takes memory in proportion to
// the page's largest element.
func Convert(src []byte, page Page, tenant Tenant) ([]byte, []Loss) {
	return convert(string(src), page, tenant, partSize)
}

// ConvertPage is like Convert, and returns the words on which comments are, for an Appendix.
func ConvertPage(src string, page Page, tenant Tenant) (body []byte, lost []Loss, words Words) {
	r := newResolver(page, tenant)
	body, lost = r.convert(src, partSize)
	return body, lost, r.words
}

// ConvertBelow is like Convert for a text below a heading of a level that is not the page's title.
func ConvertBelow(src []byte, page Page, tenant Tenant, level int) ([]byte, []Loss) {
	r := newResolver(page, tenant)
	r.below = level
	return r.convert(string(src), partSize)
}

func convert(src string, page Page, tenant Tenant, size int) ([]byte, []Loss) {
	return newResolver(page, tenant).convert(src, size)
}

func (r *resolver) convert(src string, size int) ([]byte, []Loss) {
	src = r.page.readable(src)
	r.memory = memories.Get().(*memory)
	kept := len(src) <= min(size, keptSize)
	r.src, r.sheds, r.budget = src, !kept, newBudget(len(src))
	if len(src) > size {
		r.top = r.highest()
	}
	var out []byte
	notes := storage.Parts(src, size, func(part *storage.Node) {
		if kept {
			r.whole = part
		}
		tree := r.tree(part)
		r.settle(tree)
		if len(r.comments) > 0 {
			r.words.add(tree)
		}
		md := write(tree, r.memory, r.losses, len(src))
		r.memory.reset()
		switch {
		case len(out) == 0:
			out = md
		case len(md) > 0:
			out = append(append(out, '\n'), md...)
		}
	})
	memories.Put(r.memory)
	r.memory, r.whole = nil, nil
	for _, n := range notes {
		class := LossMalformed
		if n.Class == storage.NoteDepth || n.Class == storage.NoteSize {
			class = LossDepth
		}
		r.losses.addN(class, n.Class, n.Offset, n.Count)
	}
	return out, r.losses.inOrder()
}

// readable is what of a page's body may be read.
func (p Page) readable(src string) string {
	if p.Guarded {
		if w := Withhold(src); w != nil {
			return w.Body
		}
	}
	return src
}

// tree resolves a body, or a part of one, and brings it into form.
func (r *resolver) tree(root *storage.Node) *html.Node {
	out := r.memory.el("div")
	r.origin = map[*html.Node]int{}
	before := *r.budget
	r.body(out, root)
	size := root.End - root.Offset + before.bytes - r.budget.bytes + before.listed - r.budget.listed
	r.conceal(out, root.Offset)
	turnCode(out)
	collapse(out)
	shape(out, r.memory, r.losses, r.origin, &r.budget.repeats)
	joinMarks(out)
	flatten(out, r.losses, size)
	tidyBlanks(out)
	r.origin = nil
	return out
}
