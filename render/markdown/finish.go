package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// pair is one emphasis in a running text: where its signs stand.
type pair struct {
	from, to int  // offsets of begin and end
	kind     byte // s, e or d
	html     bool // Markdown's own marks would not be read here
	around   int  // index of the emphasis around it, or -1
}

// place is where a running text stands: it decides what its signs would mean.
type place int

const (
	inParagraph place = iota // and whatever else begins lines of its own
	inHeading
	inCell   // of a GFM table
	anywhere // it may be a paragraph, or the text of a link, which can hold no address
)

// finish turns the signs in a running text into Markdown: marks for emphasis, HTML
// where marks would not be read, and a backslash before each character that would
// else mean something in its place.
func finish(s string, where place) string {
	s = addresses(tidyBreaks(s), where)
	if strings.IndexByte(s, begin) >= 0 {
		s = emphasise(s)
	}
	if strings.IndexByte(s, maybe) >= 0 || strings.IndexByte(s, always) >= 0 {
		s = escape(s, where)
	}
	return s
}

// tidyBreaks drops blanks and breaks at both ends, and blanks around each break.
func tidyBreaks(s string) string {
	s = trimBreaks(s)
	if !strings.Contains(s, "\n") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		l = strings.TrimLeft(l, " \u00a0")
		if t, ok := strings.CutSuffix(l, "\\"); ok && i < len(lines)-1 {
			l = strings.TrimRight(t, " \u00a0") + "\\"
		}
		lines[i] = l
	}
	return strings.Join(lines, "\n")
}

// emphasise decides for each emphasis whether CommonMark would read its marks
// (section 6.2, left- and right-flanking), and writes them or HTML.
func emphasise(s string) string {
	pairs := pairsOf(s)
	at := map[int]*pair{}
	for i := range pairs {
		at[pairs[i].from], at[pairs[i].to] = &pairs[i], &pairs[i]
	}
	for round, changed := 0, true; changed; round++ {
		changed = false
		for i := range pairs {
			p := &pairs[i]
			if !p.html && (round > 4 || !opens(s, p, at) || !closes(s, p, at) || ends(s, p, pairs, at)) {
				p.html, changed = true, true
			}
		}
	}
	var b strings.Builder
	b.Grow(len(s) + 2*len(pairs))
	for i := 0; i < len(s); i++ {
		if s[i] != begin && s[i] != end || at[i] == nil {
			b.WriteByte(s[i])
			continue
		}
		b.WriteString(at[i].sign(s[i] == begin))
		i++
	}
	return b.String()
}

// sign returns how an emphasis begins or ends.
func (p *pair) sign(begins bool) string {
	k := &emphases[strings.IndexByte(kinds, p.kind)]
	switch {
	case !p.html:
		return k.mark
	case begins:
		return k.begin
	}
	return k.end
}

// kinds are those of emphasis, and emphases what each is written with.
const kinds = "sed"

var emphases = [len(kinds)]struct{ mark, begin, end string }{{"**", "<strong>", "</strong>"}, {"*", "<em>", "</em>"},
	{"~~", "<del>", "</del>"}}

// pairsOf finds the emphases of a text. They are nested, since they come from a tree.
func pairsOf(s string) []pair {
	var pairs []pair
	var open []int
	for i := 0; i+1 < len(s); i++ {
		switch s[i] {
		case begin:
			around := -1
			if len(open) > 0 {
				around = open[len(open)-1]
			}
			open = append(open, len(pairs))
			pairs = append(pairs, pair{from: i, kind: s[i+1], around: around})
			i++
		case end:
			pairs[open[len(open)-1]].to = i
			open = open[:len(open)-1]
			i++
		}
	}
	return pairs
}

// opens tells whether the marks at the beginning of an emphasis can open one.
func opens(s string, p *pair, at map[int]*pair) bool {
	next, _ := after(s, p.from+2, p.kind, at)
	prev, clash := before(s, p.from, p.kind, at)
	return !clash && !p.beside(prev, next) && !white(next) && (!punct(next) || parts(prev))
}

// beside tells whether a mark stands beside a "~", which GitHub passes over when it looks for
// what is beside a mark, and which others count with a mark of the kind although it is escaped.
func (p *pair) beside(prev, next rune) bool { return prev == '~' || next == '~' }

// closes tells the same of the marks at its end.
func closes(s string, p *pair, at map[int]*pair) bool {
	prev, _ := before(s, p.to, p.kind, at)
	next, _ := after(s, p.to+2, p.kind, at)
	return !p.beside(prev, next) && !white(prev) && (!punct(prev) || parts(next))
}

// ends tells whether the marks at the beginning of an emphasis would be taken for the
// end of one around it: between letters they can be either, and the end is tried first.
func ends(s string, p *pair, pairs []pair, at map[int]*pair) bool {
	prev, _ := before(s, p.from, p.kind, at)
	next, _ := after(s, p.from+2, p.kind, at)
	if white(prev) || punct(prev) && !punct(next) && !white(next) {
		return false
	}
	for i := p.around; i >= 0; i = pairs[i].around {
		q := &pairs[i]
		if q.html || !same(q.kind, p.kind) || strings.Trim(s[q.from+2:p.from], signsOfPairs) == "" {
			continue
		}
		if a, b := runLength(s, q.from, at), runLength(s, p.from, at); (a+b)%3 != 0 || a%3 == 0 {
			return true
		}
	}
	return false
}

// runLength returns the number of "*" that stand together at i, which the rule of three
// goes by (CommonMark 0.31, 6.2, rules 9 and 10).
func runLength(s string, i int, at map[int]*pair) int {
	for i >= 2 && at[i-2] != nil && !at[i-2].html {
		i -= 2
	}
	n := 0
	for ; at[i] != nil && !at[i].html; i += 2 {
		n += strings.Count(at[i].sign(true), "*")
	}
	return n
}

// signsOfPairs are what stands between the beginnings of emphases that begin together.
var signsOfPairs = string([]byte{begin, 's', 'e', 'd'})

// after returns the character that follows in the Markdown, beyond marks of the
// same sign, and whether an emphasis of that sign begins right behind one that ends.
func after(s string, i int, kind byte, at map[int]*pair) (rune, bool) {
	for i < len(s) {
		switch s[i] {
		case begin, end:
			q := at[i]
			if q.html {
				return '<', false
			}
			if same(q.kind, kind) {
				i += 2
				continue
			}
			return '*', false
		case maybe, always:
			i++
		default:
			r, _ := utf8.DecodeRuneInString(s[i:])
			return r, false
		}
	}
	return ' ', false
}

// before is after in the other direction. The clash is that of marks right behind
// others that end: "**a****b**" is not two emphases.
func before(s string, i int, kind byte, at map[int]*pair) (r rune, clash bool) {
	ends := i < len(s) && s[i] == end
	for i >= 2 {
		q := at[i-2]
		if q == nil {
			break
		}
		if q.html {
			return '>', false
		}
		if !same(q.kind, kind) {
			return '*', false
		}
		if q.to == i-2 && !ends {
			return '*', true
		}
		i -= 2
	}
	if i == 0 {
		return ' ', false
	}
	r, _ = utf8.DecodeLastRuneInString(s[:i])
	return r, false
}

// same tells whether two kinds of emphasis have the same sign.
func same(a, b byte) bool { return (a == 'd') == (b == 'd') }

// parts tells the characters that are white space or punctuation to all readers: to some,
// a line separator is neither, nor is a symbol beyond ASCII.
func parts(r rune) bool {
	return gap(r) || r < utf8.RuneSelf && punct(r) || unicode.Is(unicode.P, r)
}

// gap tells the characters that are white space to all readers.
func gap(r rune) bool { return r < utf8.RuneSelf && white(r) || unicode.Is(unicode.Zs, r) }

func white(r rune) bool { return unicode.IsSpace(r) }

func punct(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
