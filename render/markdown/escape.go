package markdown

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escaper writes a running text with the backslashes that it needs. What needs one
// depends on the neighbours and on the place in the line; see CommonMark 0.31 and
// GitHub's additions to it.
type escaper struct {
	s    string
	out  strings.Builder
	line int  // where the line began in out
	flat bool // nothing in it begins a block: it stands in a heading or a cell
	cell bool
	// What a whole look at the text says.
	links   bool // "](" or the like stands in it: a bracket may make a link
	tildes  int
	ticks   int
	dollars int
	lines   bool // more than one line
	stars   bool // two "*" may make an emphasis
	scores  bool // the same of "_"
	greater int  // where the last ">" stands
	run     int  // where the last run of "_" ends
	opens   bool // that run could open an emphasis
	pairs   bool // it has more than one "*": two with blanks beside them would be taken for a slip
	blanks  bool // the same of "_"
	many    bool // so many signs that readers would take time in the square of their number
}

// manySigns is the number of signs in a running text from which on each gets its escape,
// whether it could mean something or not: readers try each with all before it.
const manySigns = 1000

// linkSigns are what makes a bracket before it the beginning of a link. "]:" may define a reference, which
// takes the line before all else.
var linkSigns = []string{"]:", "\x01](", "\x01][", "\x01]\x01:", "\x01]\x01["}

func escape(s string, where place) string {
	e := &escaper{s: s, cell: where == inCell, flat: where != inParagraph &&
		where != anywhere, tildes: strings.Count(s, "~"), ticks: strings.Count(s, "`"), dollars: strings.Count(s, "$"),
		lines: strings.Contains(s, "\n")}
	// A bracket alone is harmless; escaping each would litter every page that has some.
	if strings.IndexByte(s, ']') >= 0 {
		e.links = slices.ContainsFunc(linkSigns, func(signs string) bool { return strings.Contains(s, signs) })
	}
	stars, scores := strings.Count(s, "\x01*"), strings.Count(s, "\x01_")
	e.many = len(s) > 2*manySigns && stars+scores+strings.Count(s, "\x01~")+strings.Count(s, "\x01[") > manySigns
	e.links = e.links || e.many
	e.pairs, e.blanks = stars > 1, scores > 1
	e.greater = strings.LastIndexByte(s, '>')
	e.stars, e.scores = e.many || paired(s, '*'), e.many || paired(s, '_')
	if where == anywhere { // what stands beside it may hold the other sign of each pair
		e.ticks, e.tildes, e.dollars = 2*e.ticks, 2*e.tildes, 2*e.dollars
		e.stars, e.scores, e.greater = true, true, len(s)
	}
	e.out.Grow(len(s))
	for i := 0; i < len(s); i++ {
		from := i
		for i < len(s) && s[i] != maybe && s[i] != always && s[i] != '\n' {
			i++
		}
		if e.out.WriteString(s[from:i]); i == len(s) {
			break
		}
		switch s[i] {
		case maybe:
			i++
			e.character(s[i], i)
			// goldmark, which other sites use too, misreads a backslash before the one of a
			// break, and its error goes on in the next line.
			if s[i] == '\\' && strings.HasPrefix(s[i+1:], "\\\n") {
				e.out.WriteString("<br>")
				i++
			}
		case always:
			i++
			e.out.WriteByte('\\')
			e.out.WriteByte(s[i])
		default:
			e.out.WriteByte('\n')
			e.line = e.out.Len()
		}
	}
	return e.out.String()
}

// character writes an author's special character, which stands at i.
func (e *escaper) character(c byte, i int) {
	if c == '&' {
		e.ampersand(i)
		return
	}
	if e.needs(c, i) {
		e.out.WriteByte('\\')
	}
	e.out.WriteByte(c)
}

// needs tells whether a character would mean something in its place.
func (e *escaper) needs(c byte, i int) bool {
	prev, next := e.prev(), e.next(i)
	// Most signs mean something only where a line begins or beside a letter; the rule of
	// each is from the specification's section on it.
	start := e.out.Len() == e.line && !e.flat
	switch c {
	case '\\':
		return next == 0 || next == '\n' || next < 0x80 && unicode.In(next, unicode.P, unicode.S)
	case '`':
		return e.ticks > 1
	case '*':
		return e.pairs || start && (white(next) || next == 0 || e.rule(i, '*')) || e.stars && (!gap(prev) || !gap(next))
	case '_':
		opens := (e.scores || e.blanks) && e.opening(i)
		return opens || start && e.rule(i, '_') || e.many && (!gap(prev) || !gap(next))
	case '~':
		return e.tildes > 1 && (!gap(prev) || !gap(next))
	case '$':
		return e.dollars > 1
	case '[':
		return e.links || next == '^' || next == '[' || next == '!' || e.box(i)
	case '<':
		tag := unicode.IsLetter(next) && next < 0x80 || next == '/'
		return next == '!' || next == '?' || tag && (start || e.greater > i)
	case '!':
		return i+1 < len(e.s) && e.s[i+1] == '['
	case '|':
		return e.cell || e.lines || start && e.rule(i, '-')
	case ':':
		return start && e.rule(i, '-')
	case '>':
		return start
	case '#':
		return start && e.heading(i)
	case '+', '-':
		return start && (white(next) || next == 0 || c == '-' && e.rule(i, '-'))
	case '=':
		return start && e.rule(i, '=')
	case '.', ')':
		return !e.flat && (white(next) || next == 0) && digits(e.out.String()[e.line:])
	}
	return false
}

// prev returns the character before, a space at the start of a line.
func (e *escaper) prev() rune {
	s := e.out.String()
	if len(s) == e.line {
		return ' '
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// next returns the character behind the one at i, 0 at the end.
func (e *escaper) next(i int) rune {
	for i++; i < len(e.s); i++ {
		if e.s[i] != maybe && e.s[i] != always {
			r, _ := utf8.DecodeRuneInString(e.s[i:])
			return r
		}
	}
	return 0
}

// unsigned takes the signs of running text away.
var unsigned = strings.NewReplacer("\x01", "", "\x02", "")

// rest returns a short piece of what follows i, without signs.
func (e *escaper) rest(i int) string {
	return unsigned.Replace(e.s[i+1 : min(len(e.s), i+80)])
}

// ampersand writes "&", as an entity where it would begin one.
func (e *escaper) ampersand(i int) {
	e.out.WriteByte('&')
	if reference(e.s[i+1:]) {
		e.out.WriteString("amp;")
	}
}

// reference tells whether what follows "&" makes a character reference of it: "#", letters
// and digits, and a semicolon. Signs between them count for nothing.
func reference(s string) bool {
	n := 0
	for i := 0; i < min(len(s), 80); i++ {
		switch c := s[i]; {
		case c == maybe || c == always || c == '#' && n == 0:
		case c == ';':
			return n > 0
		case letter(c) || '0' <= c && c <= '9':
			n++
		default:
			return false
		}
	}
	return false
}

// box tells whether "[" at the start of a line begins a task's box.
func (e *escaper) box(i int) bool {
	rest := e.rest(i)
	return e.out.Len() == e.line && !e.flat && len(rest) > 1 && strings.ContainsRune(" xX", rune(rest[0])) &&
		rest[1] == ']'
}

// heading tells whether "#" at the start of a line begins a heading.
func (e *escaper) heading(i int) bool {
	rest := strings.TrimLeft(e.rest(i), "#")
	next, _ := utf8.DecodeRuneInString(rest)
	return len(e.rest(i))-len(rest) < 6 && (rest == "" || white(next))
}

// rule tells whether a sign at the start of a line begins a line of nothing else, or
// the line below the head of a table. What stands above it need not be of this text: the
// first line of an alert is the paragraph's to readers who know no alerts.
func (e *escaper) rule(i int, sign byte) bool {
	line, _, _ := strings.Cut(e.rest(i), "\n")
	line = strings.TrimRightFunc(line, unicode.IsSpace) // of any kind, to some readers
	return strings.Trim(line, string(sign)+" |:") == "" && (e.s[i] == sign || strings.IndexByte(line, sign) >= 0)
}

// opening tells whether the run of "_" in which i stands could open an emphasis, or be taken for
// one with a blank too many. All signs of a run are escaped or none: what were left of it would be
// a run of its own.
func (e *escaper) opening(i int) bool {
	if i < e.run {
		return e.opens
	}
	prev, next := e.prev(), ' '
	for e.run = i + 1; e.run+1 < len(e.s) && e.s[e.run] == maybe && e.s[e.run+1] == '_'; {
		e.run += 2
	}
	if e.run < len(e.s) {
		next = e.next(e.run - 1)
	}
	slip := e.blanks && e.run <= i+5 && (gap(prev) || gap(next)) // of three signs at most, as marks are
	e.opens = slip || e.scores && !gap(next) && (!word(prev) || !word(next))
	return e.opens
}

// paired tells whether of the runs of a sign in a text one may open an emphasis and a
// later one close it (CommonMark 0.31, 6.2). Where the text has marks of its own, all
// may.
func paired(s string, sign byte) bool {
	if strings.IndexByte(s, sign) < 0 {
		return false
	}
	opened, prev := false, ' '
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == maybe || r == always:
			i++
			continue
		case r != rune(sign):
			prev, i = r, i+n
			continue
		case i == 0 || s[i-1] != maybe:
			return true // a mark of the text's own, or a code's or an address's sign
		}
		next := ' '
		for i++; i < len(s); i++ {
			if s[i] != maybe && s[i] != always && s[i] != sign {
				next, _ = utf8.DecodeRuneInString(s[i:])
				break
			}
		}
		if unicode.In(prev, unicode.Cf, unicode.Zl, unicode.Zp) ||
			unicode.In(next, unicode.Cf, unicode.Zl, unicode.Zp) {
			return true // readers differ in what these are
		}
		left := !white(next) && (!punct(next) || white(prev) || punct(prev))
		right := !white(prev) && (!punct(prev) || white(next) || punct(next))
		opens, closes := left, right
		if sign == '_' {
			opens, closes = left && (!right || punct(prev)), right && (!left || punct(next))
		}
		// Beside another mark some readers take either; and of a run at the beginning of a line
		// the first sign may get an escape of its own.
		opens, closes = opens || isMark(next), closes || isMark(prev) || prev == '\n'
		if opened && closes {
			return true
		}
		opened, prev = opened || opens, rune(sign)
	}
	return false
}

// digits tells whether a line has only digits so far, as the number of a list has.
func digits(s string) bool {
	return s != "" && len(s) < 10 && strings.Trim(s, "0123456789") == ""
}

// isMark tells the signs that marks are made of.
func isMark(r rune) bool { return r == '*' || r == '_' || r == '~' }

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
