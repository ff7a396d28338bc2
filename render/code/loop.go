package code

import (
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2/syntax"
)

// foreign is how many steps more a character beyond ASCII takes: its class is looked up.
const foreign = 8

// row matches a character again and again: as often as it can and then less, as seldom as it
// may and then more, or as often as it can and not otherwise.
func row(n *syntax.RegexNode, back bool, next step) step {
	c, least, most := classOf(n), n.M, n.N
	by := 1
	if back {
		by = -1
	}
	switch {
	case n.IsAtomicloopFamily():
		return func(m *match, at int) bool {
			i := m.count(c, at, by, most)
			return i >= least && next(m, at+i*by)
		}
	case n.T == syntax.NtOnelazy || n.T == syntax.NtNotonelazy || n.T == syntax.NtSetlazy:
		return func(m *match, at int) bool {
			i := m.count(c, at, by, least)
			for ; i >= least && m.left >= 0; i++ {
				if next(m, at+i*by) {
					return true
				}
				if i == most || m.count(c, at+i*by, by, 1) == 0 {
					return false
				}
			}
			return false
		}
	}
	return func(m *match, at int) bool {
		for i := m.count(c, at, by, most); i >= least && m.left >= 0; i-- {
			if next(m, at+i*by) {
				return true
			}
			m.left--
		}
		return false
	}
}

// count is how many characters of a class follow each other, up to most.
func (m *match) count(c *class, at, by, most int) int {
	if by > 0 {
		most = min(most, len(m.text)-at)
	} else {
		most, at = min(most, at), at-1
	}
	n := 0
	for n < most && c.has(m.text[at]) {
		if m.text[at] >= utf8.RuneSelf {
			m.left -= foreign
		}
		n++
		at += by
	}
	m.left -= n + 1
	return n
}

// loop matches a part again and again, greedily or lazily. Its slots are how many turns were
// made and where the last one began: a turn that matched nothing is the last.
func (c *compiler) loop(n *syntax.RegexNode, next step) step {
	k, least, most := c.own(2), n.M, n.N
	var turn step
	test := func(m *match, at int) bool {
		if m.left--; m.left < 0 || m.deep > deepest {
			return false
		}
		made, last := m.slots[k], m.slots[k+1]
		more := made < least || made < most && at != last
		if n.T == syntax.NtLazyloop && made >= least {
			return next(m, at) || more && turn(m, at)
		}
		return more && turn(m, at) || made >= least && next(m, at)
	}
	inner := c.node(n.Children[0], test)
	turn = func(m *match, at int) bool {
		made, last := m.slots[k], m.slots[k+1]
		m.slots[k], m.slots[k+1] = made+1, at
		m.deep++
		if inner(m, at) {
			return true
		}
		m.deep--
		m.slots[k], m.slots[k+1] = made, last
		return false
	}
	return func(m *match, at int) bool {
		made, last := m.slots[k], m.slots[k+1]
		m.slots[k], m.slots[k+1] = 0, -1
		if test(m, at) {
			return true
		}
		m.slots[k], m.slots[k+1] = made, last
		return false
	}
}
