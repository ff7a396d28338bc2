package gfm

import (
	"bytes"
	"maps"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"agc-export/render/slab"
)

// What Convert says of a text that costs too much.
const (
	OverText  = "formatting of a paragraph that takes too much work"
	OverLinks = "links of a definition that is repeated too often"
	OverTable = "table with far more columns than cells"
	OverDepth = "quotations or lists nested too deeply"
)

// The budget. A step is a byte that is looked at once more than every text needs, or a few
// nodes that are gone over: some ten nanoseconds. Texts that people write take one to eight
// for each byte.
const (
	stepsPerByte = 64
	stepsSpare   = 4 << 20
	grownPerByte = 8      // bytes that references may add, and Spare in any case
	bytesPerCell = 8      // of the text for each cell that tables may add
	cellsSpare   = 10_000 // cells that they may add in any case
	marksSpare   = 50_000 // marks and brackets, beside one for each three bytes: each takes half a kilobyte
	mostOpen     = 150    // quotations, lists and items in each other: a browser takes 512 elements
)

// meter counts the work on one text.
type meter struct {
	size  int  // of the text in bytes
	steps int  // left for the text
	grown int  // bytes that references may still add to it
	cells int  // cells that tables may still add to those that are written
	signs int  // marks and brackets that it may still have
	all   bool // no paragraph is formatted any more
	plain map[int]bool
	over  map[string]bool

	// Of the paragraph, heading or cell that is read.
	block  ast.Node
	start  int  // where it begins, which names it
	here   int  // steps left for it: a share of those for the text
	dead   bool // the rest of it stays as it is written
	nodes  int  // of it so far
	marks  int  // of emphasis among them
	opened []bracket
	at     counted
	closer hops
	mails  mails

	notes int // definitions of footnotes
	pipes int // escaped bars in cells with code

	escapes bool // see Config
	runs    bool // words may be read by the run, see plain
	texts   slab.Slab[ast.Text]
}

// bracket is one that is open: how many nodes and marks stood before it.
type bracket struct{ nodes, marks int }

// overrun is what a paragraph panics with.
type overrun struct{}

// begin prepares for a text.
func (m *meter) begin(src []byte) {
	m.size, m.steps, m.plain, m.over = len(src), stepsPerByte*len(src)+stepsSpare, nil, nil
	m.runs = m.escapes || bytes.IndexByte(src, '\\') < 0
}

// again prepares for reading the text, once more if need be. Steps that are spent stay so.
func (m *meter) again(all bool) {
	m.all = all
	m.grown, m.cells = grownPerByte*m.size+Spare, m.size/bytesPerCell+cellsSpare
	m.signs = m.size/3 + marksSpare
	m.block, m.notes, m.pipes, m.closer, m.mails = nil, 0, 0, hops{}, mails{next: -1}
}

// end lets go of all of the text: each of its nodes holds the whole tree.
func (m *meter) end() {
	if cap(m.opened) > mostBrackets {
		m.opened = nil
	}
	*m = meter{escapes: m.escapes, opened: m.opened[:0]}
}

// mostBrackets is for how many the room is kept for the next text.
const mostBrackets = 10_000

// told returns what went beyond the budget, sorted.
func (m *meter) told() []string { return slices.Sorted(maps.Keys(m.over)) }

func (m *meter) tell(what string) {
	if m.over == nil {
		m.over = map[string]bool{}
	}
	m.over[what] = true
}

// enter tells whether a paragraph or the like is to be formatted at its next place.
func (m *meter) enter(parent ast.Node) bool {
	if parent != m.block {
		m.block, m.start, m.nodes, m.marks, m.opened = parent, -1, 0, 0, m.opened[:0]
		if lines := parent.Lines(); lines != nil && lines.Len() > 0 {
			m.start = lines.At(0).Start
		}
		m.here = m.steps / 2
		m.dead = m.all || m.signs < 0 || m.plain[m.start]
	}
	return !m.dead
}

// sign counts a mark or a bracket. Beyond their number all stays as it is written.
func (m *meter) sign() {
	if m.signs--; m.signs < 0 {
		m.dead = true
		m.tell(OverText)
	}
}

// spend takes steps from the budget. When its share is gone the rest of the paragraph stays
// as it is written.
func (m *meter) spend(n int) {
	m.steps -= n
	if m.here -= n; m.here < 0 && !m.dead {
		m.dead = true
		m.tell(OverText)
	}
}

// afford takes steps from the budget for something as a whole, if it has them.
func (m *meter) afford(n int) bool {
	if n > m.steps/4 {
		m.tell(OverText)
		return false
	}
	m.steps -= n
	return true
}

// leave gives a paragraph up: it stays as it is written when the text is read again.
func (m *meter) leave() {
	if m.plain == nil {
		m.plain = map[int]bool{}
	}
	m.plain[m.start] = true
	m.tell(OverText)
	panic(overrun{})
}

// rest is how many bytes of a paragraph lie behind a place.
func rest(block ast.Node, at text.Segment) int {
	lines := block.Lines()
	return max(lines.At(lines.Len()-1).Stop-at.Start, 0)
}
