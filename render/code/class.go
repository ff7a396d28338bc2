package code

import (
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2/syntax"
)

// class is a set of characters: those of ASCII as bits.
type class struct {
	bits [2]uint64
	rest func(rune) bool
}

// has says whether a character is in the class.
func (c *class) has(r rune) bool {
	if uint32(r) < utf8.RuneSelf {
		return c.bits[r>>6]&(1<<(r&63)) != 0
	}
	return c.rest(r)
}

// classOf is the class of a node that matches one character or a row of them.
func classOf(n *syntax.RegexNode) *class {
	switch {
	case n.IsSetFamily():
		return newClass(n.Set.CharIn)
	case n.IsOneFamily():
		return newClass(func(r rune) bool { return r == n.Ch })
	}
	return newClass(func(r rune) bool { return r != n.Ch })
}

// words are the characters that words consist of.
var words = newClass(syntax.IsWordChar)

// newClass is the class of what a function says.
func newClass(in func(rune) bool) *class {
	c := &class{rest: in}
	for r := range rune(utf8.RuneSelf) {
		if c.rest(r) {
			c.bits[r>>6] |= 1 << (r & 63)
		}
	}
	return c
}

// firsts is what an expression may begin with: characters of ASCII, any other, or nothing.
type firsts struct {
	bits  [2]uint64
	empty bool
}

// anything is what may begin with anything.
var anything = firsts{bits: [2]uint64{^uint64(0), ^uint64(0)}, empty: true}

// may says whether a match may begin with a character.
func (f *firsts) may(r rune) bool {
	return f.empty || uint32(r) >= utf8.RuneSelf || f.bits[r>>6]&(1<<(r&63)) != 0
}

// or adds what another may begin with.
func (f *firsts) or(o firsts) {
	f.bits[0] |= o.bits[0]
	f.bits[1] |= o.bits[1]
}

// first is what a node may begin with.
func first(n *syntax.RegexNode) (f firsts) {
	if n.Options&syntax.RightToLeft != 0 {
		return anything
	}
	switch n.T {
	case syntax.NtOne, syntax.NtNotone, syntax.NtSet:
		return firsts{bits: classOf(n).bits}
	case syntax.NtMulti:
		if n.Options&syntax.IgnoreCase == 0 && n.Str[0] < utf8.RuneSelf {
			f.bits[n.Str[0]>>6] |= 1 << (n.Str[0] & 63)
			return f
		}
		return firsts{bits: anything.bits}
	case syntax.NtConcatenate:
		for _, child := range n.Children {
			o := first(child)
			f.or(o)
			if !o.empty {
				return f
			}
		}
		f.empty = true
		return f
	case syntax.NtAlternate:
		for _, child := range n.Children {
			o := first(child)
			f.or(o)
			f.empty = f.empty || o.empty
		}
		return f
	case syntax.NtCapture, syntax.NtGroup, syntax.NtAtomic:
		return first(n.Children[0])
	case syntax.NtLoop, syntax.NtLazyloop:
		f = first(n.Children[0])
		f.empty = f.empty || n.M == 0
		return f
	case syntax.NtRef, syntax.NtBackRefCond, syntax.NtExprCond:
		return anything
	}
	if n.IsOneloopFamily() || n.IsNotoneloopFamily() || n.IsSetloopFamily() {
		return firsts{bits: classOf(n).bits, empty: n.M == 0}
	}
	return firsts{empty: true} // an anchor or a look
}
