package fill

import (
	"bytes"
	"html/template"
	"strings"
	"sync"
	"text/template/parse"
	"unicode/utf8"
)

// An escaper of html/template writes each byte of a text by itself, but for what makes an address: what
// stands before a colon, and the two digits behind a percent sign. So a table says what it makes of each byte.
// It is made by letting html/template write a text with that byte; what it does not hold, html/template writes
// each time.

// escaper is what html/template does with a value at some kind of place.
type escaper struct {
	asIt   *template.Template // of such a place
	around [2]string          // what stands there before and behind the value
	text   table              // for a string
	url    table              // for a template.URL
	raw    bool               // a template.HTML is written as it is
}

// table says what is written for each byte. Of what it does not know html/template decides.
type table struct {
	bytes [256]struct {
		known bool
		other bool // to is written instead of the byte
		to    string
	}
	secure bool // a colon is written as it is in what begins so
	hex    bool // a percent sign is, before two digits
}

// secure begins the addresses that html/template lets be whatever else they hold.
const secure = "https://"

// places are one of each kind of place that templates of a site have. To know another, add it here.
var places = []string{
	"{{.}}",                  // text
	"<title>{{.}}</title>",   // text without elements
	`<p title="{{.}}"></p>`,  // an attribute
	`<a href="{{.}}"></a>`,   // an address
	`<a href="a/{{.}}"></a>`, // the rest of one
	`<a href="#{{.}}"></a>`,  // a fragment
}

// escapers are those of the places, by the names of the functions that html/template calls there.
var escapers = sync.OnceValue(makeEscapers)

func makeEscapers() map[string]*escaper {
	all := map[string]*escaper{}
	for _, place := range places {
		t := template.Must(template.New("place").Parse(place))
		before, after, _ := strings.Cut(place, "{{.}}")
		e := &escaper{asIt: t, around: [2]string{before, after}}
		e.text.ask(func(s string) string { return e.asked(s) })
		e.url.ask(func(s string) string { return e.asked(template.URL(s)) })
		const marks = "<b>&amp;\"'+</b>"
		e.raw = e.asked(template.HTML(marks)) == marks
		for _, n := range t.Tree.Root.Nodes {
			if action, ok := n.(*parse.ActionNode); ok {
				all[namesOf(action.Pipe.Cmds[1:])] = e
			}
		}
	}
	return all
}

// escaperOf returns what the last commands of a pipeline do, nil where that is not known.
func escaperOf(cmds []*parse.CommandNode) *escaper { return escapers()[namesOf(cmds)] }

// namesOf are the names of functions that are called one after the other.
func namesOf(cmds []*parse.CommandNode) string {
	var names []string
	for _, c := range cmds {
		names = append(names, c.String())
	}
	return strings.Join(names, " ")
}

// asked returns what html/template writes for a value.
func (e *escaper) asked(v any) string {
	var b strings.Builder
	if err := e.asIt.Execute(&b, v); err != nil {
		panic("a place takes any value: " + err.Error())
	}
	return strings.TrimSuffix(strings.TrimPrefix(b.String(), e.around[0]), e.around[1])
}

// ask fills a table in.
func (t *table) ask(asked func(string) string) {
	for i := range utf8.RuneSelf {
		between := "a" + string(rune(i)) + "a"
		to, ok := strings.CutPrefix(asked(between), "a")
		to, whole := strings.CutSuffix(to, "a")
		b := &t.bytes[i]
		if i != ':' && i != '%' {
			b.known, b.to, b.other = ok && whole, to, to != string(rune(i))
		}
	}
	t.askBeyond(asked)
	asItIs := func(s string) bool { return asked(s) == s }
	t.bytes[':'].known = asItIs("a:a") && asItIs("javascript:a") && asItIs("http://a/a")
	t.bytes['%'].known = asItIs("%") && asItIs("%4") && asItIs("%41") && asItIs("%zz")
	t.hex = asItIs("%41") && asItIs("%aF%0b")
	t.secure = asItIs(secure+"a:a") && asItIs(secure+":")
}

// askBeyond fills in the bytes of other letters than ASCII's, and of what is none.
func (t *table) askBeyond(asked func(string) string) {
	const letters = "aä\u2028\U0001f600"
	before, made := asked(letters), ""
	for i := utf8.RuneSelf; i < len(t.bytes); i++ {
		as := string([]byte{byte(i)})
		to, ok := strings.CutPrefix(asked(letters+as+"a"), before)
		to, whole := strings.CutSuffix(to, "a")
		b := &t.bytes[i]
		b.known, b.to, b.other = ok && whole, to, to != as
	}
	for i := range len(letters) {
		if b := t.bytes[letters[i]]; b.other {
			made += b.to
		} else {
			made += letters[i : i+1]
		}
	}
	for i := utf8.RuneSelf; made != before && i < len(t.bytes); i++ {
		t.bytes[i].known = false
	}
}

// address tells of a character that is not known by itself that it is written as it is where it stands.
func (t *table) address(s string, i int) bool {
	switch s[i] {
	case ':':
		return t.secure && strings.HasPrefix(s, secure)
	case '%':
		return t.hex && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
	}
	return false
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

// write writes a value, and tells whether it could.
func (e *escaper) write(to *bytes.Buffer, v Value) bool {
	if v.kind == kindHTML {
		if e.raw {
			to.WriteString(v.text)
			return true
		}
		to.WriteString(e.asked(template.HTML(v.text)))
		return true
	}
	s, ok := v.shown()
	if !ok {
		return false
	}
	t := &e.text
	if v.kind == kindURL {
		t = &e.url
	}
	begin, from := to.Len(), 0
	for i := range len(s) {
		c := &t.bytes[s[i]]
		if !c.known && !t.address(s, i) {
			to.Truncate(begin)
			if v.kind == kindURL {
				to.WriteString(e.asked(template.URL(s)))
			} else {
				to.WriteString(e.asked(s))
			}
			return true
		}
		if c.other {
			to.WriteString(s[from:i])
			to.WriteString(c.to)
			from = i + 1
		}
	}
	to.WriteString(s[from:])
	return true
}
