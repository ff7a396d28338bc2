package code

import (
	"errors"
	"slices"
	"unicode"

	"github.com/dlclark/regexp2/v2/syntax"
)

// A regular expression is a chain of steps: each looks at the text and calls the one that
// comes after it, and where that fails, it tries what else it can do. So a match is a deep
// call, and its way back is the way out of the calls.
type step func(m *match, at int) bool

// deepest is how many turns of loops may wait for each other: each takes some 400 bytes of
// the stack. An expression that needs more does not match.
const deepest = 20_000

// match is one try of an expression at one place of a text.
type match struct {
	text  []rune
	from  int   // where the match begins
	end   int   // where what was matched last ends
	slots []int // two for each group, its begin and end or -1; then those of captures and loops
	kept  []int // slots that looks around may have to put back
	left  int   // steps that may be taken
	deep  int   // turns of loops that wait for each other
}

// program is an expression that was read.
type program struct {
	run    step
	groups int // how many groups it has, with the whole
	slots  int
	first  firsts
}

// compiler makes a program of the tree of an expression.
type compiler struct {
	tree  *syntax.RegexTree
	slots int
	err   error
}

// compile reads an expression.
func compile(pattern string) (*program, error) {
	tree, err := syntax.Parse(pattern, syntax.ParseOptions{})
	if err != nil {
		return nil, err
	}
	groups := tree.Captop
	if tree.Capnumlist != nil {
		groups = len(tree.Capnumlist)
	}
	c := &compiler{tree: tree, slots: 2 * groups}
	run := c.node(tree.Root, accept)
	return &program{run: run, groups: groups, slots: c.slots, first: first(tree.Root)}, c.err
}

// at tries the program at a place and says whether it matches; m has the groups.
func (p *program) at(m *match, at int) bool {
	m.left--
	if at < len(m.text) && !p.first.may(m.text[at]) || at == len(m.text) && !p.first.empty {
		return false
	}
	m.from, m.kept, m.deep = at, m.kept[:0], 0
	m.slots = slices.Grow(m.slots[:0], p.slots)[:p.slots]
	for i := range m.slots {
		m.slots[i] = -1
	}
	return p.run(m, at) && m.left >= 0
}

// accept is the end of an expression, and of a part of one that stands for itself.
func accept(m *match, at int) bool {
	m.end = at
	return true
}

// group is the slot of a group's begin.
func (c *compiler) group(number int) int {
	if c.tree.Capnumlist != nil {
		if i := slices.Index(c.tree.Capnumlist, number); i >= 0 {
			return 2 * i
		}
	}
	return 2 * number
}

// own gives n slots.
func (c *compiler) own(n int) int {
	c.slots += n
	return c.slots - n
}

// node makes the steps of a node, after which comes next.
func (c *compiler) node(n *syntax.RegexNode, next step) step {
	back := n.Options&syntax.RightToLeft != 0
	switch n.T {
	case syntax.NtEmpty, syntax.NtUpdateBumpalong:
		return next
	case syntax.NtNothing:
		return func(*match, int) bool { return false }
	case syntax.NtOne, syntax.NtNotone, syntax.NtSet:
		return one(classOf(n), back, next)
	case syntax.NtMulti:
		return word(n.Str, n.Options&syntax.IgnoreCase != 0, back, next)
	case syntax.NtRef:
		return same(c.group(n.M), n.Options&syntax.IgnoreCase != 0, back, next)
	case syntax.NtConcatenate:
		for _, child := range slices.Backward(n.Children) {
			next = c.node(child, next)
		}
		return next
	case syntax.NtGroup:
		return c.node(n.Children[0], next)
	case syntax.NtAlternate:
		return c.either(n, back, next)
	case syntax.NtCapture:
		return c.capture(n, next)
	case syntax.NtLoop, syntax.NtLazyloop:
		return c.loop(n, next)
	case syntax.NtPosLook, syntax.NtNegLook, syntax.NtAtomic:
		return c.aside(n, next)
	case syntax.NtBackRefCond:
		return c.whether(n, next)
	}
	if n.IsOneloopFamily() || n.IsNotoneloopFamily() || n.IsSetloopFamily() {
		return row(n, back, next)
	}
	if holds := anchor(n.T); holds != nil {
		return func(m *match, at int) bool { return holds(m, at) && next(m, at) }
	}
	c.err = errors.New("an expression that is not known")
	return next
}

// anchor says whether a place is what an anchor asks for.
func anchor(t syntax.NodeType) func(m *match, at int) bool {
	switch t {
	case syntax.NtBol:
		return func(m *match, at int) bool { return at == 0 || m.text[at-1] == '\n' }
	case syntax.NtEol:
		return func(m *match, at int) bool { return at == len(m.text) || m.text[at] == '\n' }
	case syntax.NtBoundary:
		return func(m *match, at int) bool { return m.letter(at-1) != m.letter(at) }
	case syntax.NtNonboundary:
		return func(m *match, at int) bool { return m.letter(at-1) == m.letter(at) }
	case syntax.NtBeginning:
		return func(_ *match, at int) bool { return at == 0 }
	case syntax.NtStart:
		return func(m *match, at int) bool { return at == m.from }
	case syntax.NtEndZ:
		return func(m *match, at int) bool {
			return at == len(m.text) || at == len(m.text)-1 && m.text[at] == '\n'
		}
	case syntax.NtEnd:
		return func(m *match, at int) bool { return at == len(m.text) }
	}
	return nil
}

// letter says whether there is a letter of a word at a place.
func (m *match) letter(at int) bool {
	return at >= 0 && at < len(m.text) && words.has(m.text[at])
}

// one matches a character.
func one(c *class, back bool, next step) step {
	if back {
		return func(m *match, at int) bool { return at > 0 && c.has(m.text[at-1]) && next(m, at-1) }
	}
	return func(m *match, at int) bool { return at < len(m.text) && c.has(m.text[at]) && next(m, at+1) }
}

// word matches letters that follow each other.
func word(letters []rune, fold, back bool, next step) step {
	n := len(letters)
	return func(m *match, at int) bool {
		from, to := at, at+n
		if back {
			from, to = at-n, at-n
		}
		return from >= 0 && from+n <= len(m.text) && m.equal(m.text[from:from+n], letters, fold) && next(m, to)
	}
}

// same matches what a group has matched.
func same(group int, fold, back bool, next step) step {
	return func(m *match, at int) bool {
		if m.slots[group+1] < 0 {
			return false
		}
		return word(m.text[m.slots[group]:m.slots[group+1]], fold, back, next)(m, at)
	}
}

// equal compares letters.
func (m *match) equal(a, b []rune, fold bool) bool {
	for i := range a {
		if m.left--; a[i] != b[i] && !(fold && unicode.ToLower(a[i]) == unicode.ToLower(b[i])) {
			return false
		}
	}
	return m.left >= 0
}

// either matches one of several, the first that can go on.
func (c *compiler) either(n *syntax.RegexNode, back bool, next step) step {
	ways, may := make([]step, len(n.Children)), make([]firsts, len(n.Children))
	for i, child := range n.Children {
		ways[i], may[i] = c.node(child, next), first(child)
	}
	return func(m *match, at int) bool {
		for i, way := range ways {
			if m.left--; m.left < 0 {
				return false
			}
			if !back && !may[i].empty && (at == len(m.text) || !may[i].may(m.text[at])) {
				continue
			}
			if way(m, at) {
				return true
			}
		}
		return false
	}
}

// capture keeps what a group matches.
func (c *compiler) capture(n *syntax.RegexNode, next step) step {
	if n.N != -1 {
		c.err = errors.New("a group that undoes another is not known")
		return next
	}
	group, begin := c.group(n.M), c.own(1)
	inner := c.node(n.Children[0], func(m *match, at int) bool {
		m.left--
		a, b := m.slots[group], m.slots[group+1]
		m.slots[group], m.slots[group+1] = min(m.slots[begin], at), max(m.slots[begin], at)
		if next(m, at) {
			return true
		}
		m.slots[group], m.slots[group+1] = a, b
		return false
	})
	return func(m *match, at int) bool {
		old := m.slots[begin]
		m.slots[begin] = at
		if inner(m, at) {
			return true
		}
		m.slots[begin] = old
		return false
	}
}

// aside matches what is looked at only, ahead or back, or what is never tried again.
func (c *compiler) aside(n *syntax.RegexNode, next step) step {
	inner := c.node(n.Children[0], accept)
	return func(m *match, at int) bool {
		if m.left--; m.left < 0 {
			return false
		}
		kept, deep := len(m.kept), m.deep
		m.kept = append(m.kept, m.slots...)
		found, to := inner(m, at), at
		m.deep = deep
		if n.T == syntax.NtAtomic {
			to = m.end
		}
		if found != (n.T == syntax.NtNegLook) && next(m, to) {
			return true
		}
		copy(m.slots, m.kept[kept:])
		m.kept = m.kept[:kept]
		return false
	}
}

// whether goes one way where a group has matched, and the other where not.
func (c *compiler) whether(n *syntax.RegexNode, next step) step {
	group, yes, no := c.group(n.M), c.node(n.Children[0], next), next
	if len(n.Children) > 1 {
		no = c.node(n.Children[1], next)
	}
	return func(m *match, at int) bool {
		if m.slots[group+1] >= 0 {
			return yes(m, at)
		}
		return no(m, at)
	}
}
