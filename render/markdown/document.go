package markdown

import (
	"agc-export/render/unprintable"
	"bytes"
	"maps"
	"strconv"
	"strings"
)

// Meta is what a Markdown file says of its page in its front matter. Empty fields
// are left out.
type Meta struct {
	ID      string
	Type    string // page, blogpost, ...
	Title   string
	Space   string // key
	Labels  []string
	Author  string // display name
	Created string // RFC 3339
	Editor  string // display name of who made the last version
	Updated string
	Version int
	Message string // what its editor wrote about it
	Parent  string // title of the page above
	Source  string // address in Confluence
	Address string // where a Smart Link leads
	Owner   string // display name
	State   string // how far it is: In review
	Color   string // of that: "#57d9a3"
	Emoji   string // before the title
	Cover   string // the picture above it: an address, or where the file lies
	Status  string // current, archived; or Superseded
	Banner  string // marking of the page, or empty
}

// Superseded is the status of an older version.
const Superseded = "superseded"

// Document returns a whole Markdown file: front matter in YAML, the title as its first heading, the body
// that ConvertPage made, and what stands beside the page. It says where the body is.
func (a Appendix) Document(meta Meta, body []byte) ([]byte, Extent) {
	words := Words{}
	for _, c := range a.Comments {
		if word, ok := a.Words[c.ID]; ok {
			words[c.ID] = word
		}
	}
	words = words.in(body)
	linked := maps.Clone(words)
	body, added := linked.point(body)
	var b bytes.Buffer
	b.Grow(len(body) + usualRest)
	writeFront(&b, meta)
	b.WriteString("\n")
	marking := meta.Banner
	if !a.Marking {
		marking = ""
	}
	if marking != "" {
		b.WriteString("> " + Text(marking) + "\n\n")
	}
	b.WriteString("# " + line(meta.Title, inHeading) + "\n")
	if len(body) > 0 {
		b.WriteString("\n")
	}
	where := Extent{At: b.Len(), End: b.Len() + len(body), Added: added}
	for i := range added {
		added[i].From += where.At
		added[i].To += where.At
	}
	b.Write(body)
	if rest := a.write(words, linked, marking); len(rest) > 0 {
		b.WriteString("\n")
		b.Write(rest)
	}
	return b.Bytes(), where
}

// usualRest is how many bytes a file has beside its body, or more.
const usualRest = 1024

// writeFront writes the front matter.
func writeFront(b *bytes.Buffer, meta Meta) {
	b.WriteString("---\n")
	field := func(key, value string) {
		if value != "" {
			b.WriteString(key + ": " + scalar(value) + "\n")
		}
	}
	field("banner", meta.Banner)
	field("id", meta.ID)
	field("type", meta.Type)
	b.WriteString("title: " + scalar(meta.Title) + "\n")
	field("space", meta.Space)
	if len(meta.Labels) > 0 {
		b.WriteString("labels:\n")
		for _, l := range meta.Labels {
			b.WriteString("  - " + scalar(l) + "\n")
		}
	}
	field("author", meta.Author)
	field("created", meta.Created)
	field("editor", meta.Editor)
	field("updated", meta.Updated)
	if meta.Version > 0 {
		b.WriteString("version: " + strconv.Itoa(meta.Version) + "\n")
	}
	field("message", strings.Join(strings.Fields(meta.Message), " "))
	field("parent", meta.Parent)
	field("source", meta.Source)
	field("address", meta.Address)
	field("status", meta.Status)
	field("owner", meta.Owner)
	field("state", meta.State)
	field("state_color", meta.Color)
	field("emoji", meta.Emoji)
	field("cover", meta.Cover)
	b.WriteString("---\n")
}

// Text returns plain text as one line of Markdown: with the escapes that keep its
// characters from meaning anything. It may stand anywhere, at the start of a line too.
func Text(s string) string { return line(s, anywhere) }

// line returns plain text as one line of Markdown at a place.
func line(s string, where place) string {
	var b bytes.Buffer
	w := &writer{single: 1}
	w.mark(&b, strings.Join(strings.Fields(clean(s)), " "))
	s = b.String()
	if where == anywhere { // one that is escaped leaves its other alone
		s = brackets.Replace(s)
	}
	t := finish(s, where)
	if i := len(strings.TrimRight(t, "#")); i < len(t) && (i == 0 || t[i-1] == ' ') {
		t = t[:i] + "\\" + t[i:]
	}
	return t
}

// clean drops the control characters that the signs of running text use.
func clean(s string) string {
	if !unprintable.In(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unprintable.Is(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// scalar writes a YAML scalar. It is plain only where no reader of YAML 1.1 or 1.2
// could take it for anything but the same string; else in double quotes.
func scalar(s string) string {
	if s != "" && len(s) < 200 && letter(s[0]) && strings.Trim(s, plain) == "" && !keyword[strings.ToLower(s)] &&
		s[len(s)-1] != ' ' {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unprintable.Is(r) || r == 0x2028 || r == 0x2029 || r == 0xfeff ||
			r >= 0xd800 && r < 0xe000 || r&0xfffe == 0xfffe:
			b.WriteString(`\U` + pad(strconv.FormatInt(int64(r), 16)))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func pad(s string) string { return strings.Repeat("0", 8-len(s)) + s }

// plain are the characters of scalars without quotes.
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-"

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// keyword are the words that YAML 1.1 takes for truth values, nothing or numbers.
var keyword = map[string]bool{
	"y": true, "n": true, "yes": true, "no": true, "true": true, "false": true, "on": true, "off": true, "null": true,
	"nan": true, "inf": true,
}
