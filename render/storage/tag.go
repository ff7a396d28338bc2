package storage

import (
	"slices"
	"strings"
)

// void are the elements of HTML that have no end tag.
var void = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true,
	"input": true, "link": true, "meta": true, "source": true, "track": true, "wbr": true,
}

// tag is a start tag as it was read.
type tag struct {
	name   string // as it is written
	attr   []Attr // until the next tag is read
	closed bool   // it has no content
	end    int    // offset behind its ">"
}

func nameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// nameEnd returns the offset behind the name that begins at i.
func (p *parser) nameEnd(i int) int {
	for ; i < len(p.src); i++ {
		switch p.src[i] {
		case ' ', '\t', '\n', '\r', '<', '>', '/', '=', '"', '\'':
			return i
		}
	}
	return i
}

// readTag reads the start tag at p.pos. It fails where the source ends or another
// tag begins before the ">": then all up to there, the tag's end, is text.
func (p *parser) readTag() (tag, bool) {
	i := p.nameEnd(p.pos + 1)
	t := tag{name: p.src[p.pos+1 : i], attr: p.attrs[:0]}
	defer func() { p.attrs = t.attr }() // with the room that they took
	for i < len(p.src) {
		switch c := p.src[i]; {
		case c == '>':
			t.end = i + 1
			return t, true
		// Text with a stray "<" is more common than a tag in a tag: what was read so far goes
		// into the page as it is written.
		case c == '<':
			t.end = i
			return t, false
		case space(c) || c == '"' || c == '\'' || c == '=':
			i++
		case c == '/':
			t.closed = strings.HasPrefix(p.src[i:], "/>")
			i++
		default:
			i = p.readAttr(&t, i)
		}
	}
	t.end = len(p.src)
	return t, false
}

// maxAttrs bounds the attributes of an element; Confluence writes a dozen.
const maxAttrs = 100

// readAttr reads the attribute at i and returns the offset behind it.
func (p *parser) readAttr(t *tag, i int) int {
	end := p.nameEnd(i)
	a := Attr{Name: strings.ToLower(p.src[i:end])}
	i = end
	for i < len(p.src) && space(p.src[i]) {
		i++
	}
	if i < len(p.src) && p.src[i] == '=' {
		i++
		for i < len(p.src) && space(p.src[i]) {
			i++
		}
		from, to, next := p.value(i)
		a.Value = p.decode(unfolded(p.src[from:to], a.Name), from)
		i = next
	}
	// The first of a name counts, as in browsers.
	if len(t.attr) == maxAttrs || slices.ContainsFunc(t.attr, func(b Attr) bool { return b.Name == a.Name }) {
		return i
	}
	t.attr = append(t.attr, a)
	return i
}

// addresses are the attributes that hold one.
var addresses = map[string]bool{"href": true, "src": true, "ri:value": true}

// unfolded returns an attribute's value as if it had been written on one line (XML 1.0, 3.3.3):
// white space with a line break in it is a blank, and none at the ends; none at all in an
// address (URL Standard, 4.4).
func unfolded(s, name string) string {
	if strings.IndexByte(s, '\n') < 0 && strings.IndexByte(s, '\r') < 0 {
		return s
	}
	address := addresses[name]
	var b strings.Builder
	for len(s) > 0 {
		end := strings.IndexFunc(s, func(c rune) bool { return c > ' ' })
		if end < 0 {
			end = len(s)
		}
		switch run := s[:end]; {
		case !strings.ContainsAny(run, "\r\n"):
			b.WriteString(run)
		case b.Len() > 0 && end < len(s) && !address:
			b.WriteByte(' ')
		}
		s = s[end:]
		if end = strings.IndexFunc(s, func(c rune) bool { return c <= ' ' }); end < 0 {
			end = len(s)
		}
		b.WriteString(s[:end])
		s = s[end:]
	}
	return b.String()
}

// value returns where the attribute value at i begins and ends, and the offset
// behind it. A quote that never closes, or closes behind further tags, counts as
// missing: the value then ends with the word.
func (p *parser) value(i int) (from, to, next int) {
	if i < len(p.src) && (p.src[i] == '"' || p.src[i] == '\'') {
		end := p.find(p.src[i:i+1], i+1)
		if end >= 0 {
			if s := p.src[i+1 : end]; !strings.Contains(s, "<") || !strings.Contains(s, ">") {
				return i + 1, end, end + 1
			}
		}
		p.lose(NoteTag, i, 1)
		i++
	}
	end := i
	for end < len(p.src) && !space(p.src[end]) && p.src[end] != '>' && p.src[end] != '<' {
		if strings.HasPrefix(p.src[end:], "/>") {
			break
		}
		end++
	}
	return i, end, end
}

// readEnd reads the end tag at p.pos: its name as it is written and the offset behind it.
func (p *parser) readEnd() (string, int) {
	i := p.nameEnd(p.pos + 2)
	name := p.src[p.pos+2 : i]
	for i < len(p.src) && p.src[i] != '>' && p.src[i] != '<' {
		i++
	}
	if i < len(p.src) && p.src[i] == '>' {
		i++
	}
	return name, i
}
