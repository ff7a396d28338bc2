package markdown

import "golang.org/x/net/html"

// What a body becomes is in proportion to it, whatever it holds: what it repeats, nests or
// includes is counted here, in bytes, entries and questions and never in time, so that a
// body becomes the same on every machine. What goes beyond the budget is left out where it
// stands elsewhere too, loses its form where it does not, and counts as a loss.

// The bounds of inclusion: how deep, how many in a page, and how many bytes in all.
const (
	maxIncludeDepth = 6
	maxIncludes     = 200
	maxIncludeBytes = 4 << 20
)

// The bounds of the lists that macros make of what the mirror knows, in all of a page.
const (
	maxEntries   = 50_000
	maxListBytes = 8 << 20
	maxQuestions = 2000

	rowsPerQuestion = 100 // a list that is too long counts as so many questions as it has hundreds
)

// The bounds of what a body repeats of itself, tables of contents and links around blocks,
// and of what its nesting adds to its lines: so many times its size, and a little in any
// case.
const (
	repeatsPerByte = 4
	indentPerByte  = 5
	looksPerByte   = 4
	repeatSpare    = 64 << 10
	elementCost    = 40 // of an element that is repeated, beside its attributes
)

// budget is what a page may still become.
type budget struct {
	pages, bytes int // to include
	entries      int // of lists
	listed       int // bytes of these
	questions    int // to the mirror
	repeats      int // bytes of what the body says elsewhere
	looks        int // headings that tables of contents go over
	pictures     int // that stand in the body and become files
}

// newBudget returns the budget of a body of so many bytes.
func newBudget(size int) *budget {
	return &budget{maxIncludes, maxIncludeBytes, maxEntries, maxListBytes, maxQuestions,
		repeatsPerByte*size + repeatSpare, looksPerByte*size + repeatSpare, maxPictures}
}

// spend takes n entries from the budget and tells whether it allowed that.
func (r *resolver) spend(n int) bool { return take(&r.budget.entries, n) }

// take takes n from what is left of a budget and tells whether it allowed that.
func take(left *int, n int) bool {
	if n > *left {
		return false
	}
	*left -= n
	return true
}

// weigh tells whether the rows that the mirror gave fit into the budget, and takes them
// from it. Rows with bodies count as what is included.
func (r *resolver) weigh(refs []Ref) bool {
	bytes, bodies := 0, 0
	for _, ref := range refs {
		bytes += len(ref.Title) + len(ref.Href) + len(ref.Author) + len(ref.Editor) + len(ref.About) + 40
		for _, l := range ref.Labels {
			bytes += len(l) + 2
		}
		bodies += len(ref.Body)
	}
	if len(refs) > r.budget.entries || bytes > r.budget.listed || bodies > r.budget.bytes {
		return false
	}
	r.budget.entries -= len(refs)
	r.budget.listed -= bytes
	r.budget.bytes -= bodies
	return true
}

// tooMuch says in its place that a macro would make more than the page may hold.
func (r *resolver) tooMuch(dst *html.Node, c *call, what string) {
	r.lose(LossSize, shortName(c.name), c.Node)
	dst.AppendChild(r.placeholder(what+": too much for one page", nil, c.inline))
}
