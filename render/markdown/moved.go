package markdown

import (
	"bytes"
	"strings"

	"agc-export/render/expression"
)

// Move is what moves a document: from where its ways lead now, and from where they are to lead. All are paths below
// the same root, and all near places lie outside the folder of From, so that each way there begins with as many steps
// up as From is deep.
type Move struct {
	From, To       string
	AsURL          func(way string) bool // tells the ways that lead between pages as they are served, as those of tags
	URLFrom, URLTo string                // where these lead from; where there are none, as From and To
	Within         bool                  // Markdown is read within HTML
}

// Moved is a document as it is written for another place: what leads to places near by leads there from the new one.
// Code is left alone, and so is what only looks like a link.
func Moved(document []byte, by Move) []byte {
	m := mover{s: string(document), by: by}
	m.near = newWay(by.From, by.To)
	m.served = m.near
	if by.URLFrom != "" {
		m.served = newWay(by.URLFrom, by.URLTo)
	}
	if m.near.up == "" {
		return document
	}
	m.at = len(frontOf(m.s))
	for m.at < len(m.s) {
		m.line()
	}
	m.out.WriteString(m.s[m.copied:])
	return m.out.Bytes()
}

// frontOf is the front matter of a document, "" for none.
func frontOf(s string) string {
	if !strings.HasPrefix(s, "---\n") {
		return ""
	}
	if end := strings.Index(s, "\n---\n"); end > 0 {
		return s[:end+len("\n---\n")]
	}
	return ""
}

// mover goes through a document once.
type mover struct {
	s      string
	at     int // what is read
	copied int // and what is written
	out    bytes.Buffer
	by     Move
	near   way  // of ways between files
	served way  // and between pages as they are served
	open   int  // brackets that may begin a link
	pre    bool // in <pre>, where nothing but tags means anything
	html   bool // the same of a block of HTML, up to an empty line
}

// way is from one place to another: the steps up that lead out of the first, and the parts of the other.
type way struct {
	up string
	to []string
}

func newWay(from, to string) way {
	return way{strings.Repeat("../", strings.Count(from, "/")), strings.Split(to, "/")}
}

// htmlBlocks are the elements that begin a block of HTML wherever a line begins with their tags.
const htmlBlocks = "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|" +
	"dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|" +
	"legend|li|" +
	"link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|pre|search|section|summary|table|tbody|td|tfoot|" +
	"th|thead|title|tr|track|ul"

var (
	// fenceLine is a line that begins code, behind the signs of quotations and lists.
	fenceLine = expression.New("^[ >]*(?:(?:[-*+]|[0-9]+[.)]) +)*[ >]*(```+)[^`]*$")
	// fenceEnd is one that may end it.
	fenceEnd = expression.New("^[ >]*(```+) *$")
	// htmlLine is one that begins a block of HTML: CommonMark 0.31, section 4.6, conditions 6 and 7.
	htmlLine = expression.New("^[ >]*(?:(?:[-*+]|[0-9]+[.)]) +)*[ >]*</?(?:(?:" + htmlBlocks +
		")(?:[ \t/>]|$)|[A-Za-z][^<>]*> *$)")
	// attribute is an attribute of a tag, with the blanks before it.
	attribute = expression.New(`^\s+([A-Za-z_:][-A-Za-z0-9_.:]*)(?:="([^"]*)")?`)
)

// line reads a line, and the lines of code that it begins.
func (m *mover) line() {
	line, _, _ := strings.Cut(m.s[m.at:], "\n")
	if strings.Trim(line, " >") == "" {
		m.open, m.html = 0, false
	} else if htmlLine.MatchString(line) {
		m.html = !m.by.Within
	}
	if fence := fenceLine.FindStringSubmatch(line); fence != nil && !m.pre && !m.html {
		m.at = min(len(m.s), m.at+len(line)+1)
		m.code(len(fence[1]))
		return
	}
	for end := m.at + len(line); m.at < end; {
		m.sign()
	}
	if m.at < len(m.s) && m.s[m.at] == '\n' {
		m.at++
	}
}

// code reads lines up to the one that ends a fence of so many ticks.
func (m *mover) code(ticks int) {
	for m.at < len(m.s) {
		line, _, _ := strings.Cut(m.s[m.at:], "\n")
		m.at = min(len(m.s), m.at+len(line)+1)
		if end := fenceEnd.FindStringSubmatch(line); end != nil && len(end[1]) >= ticks {
			return
		}
	}
}

// sign reads one sign, and what it begins.
func (m *mover) sign() {
	rest := m.s[m.at:]
	switch c := rest[0]; {
	case c == '<':
		m.tag()
	case m.pre || m.html:
		m.at++
	case c == '\\':
		m.at += min(2, len(rest))
	case c == '`':
		m.ticks()
	case c == '[':
		m.open++
		m.at++
	case c == ']' && m.open > 0:
		m.open--
		m.at++
		if strings.HasPrefix(rest, "](") {
			m.at++
			m.destination()
		}
	default:
		m.at++
	}
}

// ticks reads code within a line of text, or the ticks alone where nothing ends it.
func (m *mover) ticks() {
	rest := m.s[m.at:]
	n := len(rest) - len(strings.TrimLeft(rest, "`"))
	m.at += n
	block, _, _ := strings.Cut(rest[n:], "\n\n")
	for at := 0; at < len(block); {
		from := strings.IndexByte(block[at:], '`')
		if from < 0 {
			return
		}
		at += from
		run := len(block[at:]) - len(strings.TrimLeft(block[at:], "`"))
		if at += run; run == n {
			m.at += at
			return
		}
	}
}

// destination reads where a link leads, and its title.
func (m *mover) destination() {
	end := " )\n"
	if strings.HasPrefix(m.s[m.at:], "<") {
		m.at++
		end = ">\n"
	}
	n := strings.IndexAny(m.s[m.at:], end)
	if n < 0 {
		return
	}
	as := m.near
	if m.by.AsURL != nil && m.by.AsURL(m.s[m.at:m.at+n]) {
		as = m.served
	}
	m.lead(n, as)
	if title := m.s[m.at:]; strings.HasPrefix(title, ` "`) {
		for i := 2; i < len(title) && title[i] != '\n'; i++ {
			switch title[i] {
			case '\\':
				i++
			case '"':
				m.at += i + 1
				return
			}
		}
	}
}

// tag reads a tag of HTML, or the sign alone where there is none.
func (m *mover) tag() {
	name := m.s[m.at+1:]
	name = name[:len(name)-len(strings.TrimLeft(name, "/abcdefghijklmnopqrstuvwxyz0123456789"))]
	m.at += 1 + len(name)
	switch name {
	case "":
		return
	case "pre", "/pre":
		m.pre = name == "pre"
	}
	var ways [][2]int
	at := m.at
	for {
		a := attribute.FindStringSubmatch(m.s[at:])
		if a == nil {
			break
		}
		at += len(a[0])
		if (a[1] == "href" || a[1] == "src") && a[2] != "" {
			ways = append(ways, [2]int{at - len(a[2]) - 1, len(a[2])})
		}
	}
	if !strings.HasPrefix(strings.TrimLeft(m.s[at:], " /"), ">") {
		return
	}
	for _, way := range ways {
		m.at = way[0]
		m.lead(way[1], m.served)
	}
	m.at = at
}

// lead reads a way of so many bytes, and writes it as it is from the new place.
func (m *mover) lead(n int, as way) {
	there, near := strings.CutPrefix(m.s[m.at:m.at+n], as.up)
	if near {
		m.out.WriteString(m.s[m.copied:m.at])
		m.copied = m.at + n
		m.out.WriteString(as.from(there))
	}
	m.at += n
}

// from is the way from the new place to another, which is escaped as an address.
func (w way) from(there string) string {
	here := w.to
	for len(here) > 1 {
		folder, below, ok := strings.Cut(there, "/")
		if !ok || unescape(folder) != here[0] {
			break
		}
		here, there = here[1:], below
	}
	if there = strings.Repeat("../", len(here)-1) + there; there == "" {
		return "./" // the page itself, as it is served
	}
	return there
}
