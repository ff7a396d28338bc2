package profile

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// front is a front matter: its keys in their order, each with the lines of its value.
type front struct{ fields []field }

type field struct {
	key   string
	value string // in YAML, behind the colon
}

// split reads the front matter that a document begins with.
func split(document []byte) (*front, []byte) {
	f := &front{}
	rest, ok := bytes.CutPrefix(document, []byte("---\n"))
	head, body, found := bytes.Cut(rest, []byte("\n---\n"))
	if !ok || !found {
		return f, document
	}
	for line := range strings.SplitSeq(string(head), "\n") {
		key, value, _ := strings.Cut(line, ":")
		if strings.HasPrefix(line, " ") && len(f.fields) > 0 {
			f.fields[len(f.fields)-1].value += "\n" + line
			continue
		}
		f.fields = append(f.fields, field{key, value})
	}
	return f, body
}

// get is the value of a key, "" for none.
func (f *front) get(key string) string {
	for _, v := range f.fields {
		if v.key == key {
			return v.value
		}
	}
	return ""
}

// rename calls a key otherwise.
func (f *front) rename(key, to string) {
	for i := range f.fields {
		if f.fields[i].key == key {
			f.fields[i].key = to
		}
	}
}

// set gives a key that is there another value in YAML.
func (f *front) set(key, value string) {
	for i := range f.fields {
		if f.fields[i].key == key {
			f.fields[i].value = " " + value
		}
	}
}

// drop takes a key away.
func (f *front) drop(key string) {
	f.fields = slices.DeleteFunc(f.fields, func(v field) bool { return v.key == key })
}

// copy adds a key with the value of another, if that has one.
func (f *front) copy(key, to string) {
	if v := f.get(key); v != "" {
		f.fields = append(f.fields, field{to, v})
	}
}

// add adds a key with a value in YAML.
func (f *front) add(key, value string) { f.fields = append(f.fields, field{key, " " + value}) }

// number adds a key with a number, but 0.
func (f *front) number(key string, n int) {
	if n != 0 {
		f.add(key, strconv.Itoa(n))
	}
}

// list adds a key with a list of texts, if there are any.
func (f *front) list(key string, all []string) {
	if len(all) == 0 {
		return
	}
	value := ""
	for _, s := range all {
		value += "\n  - " + quote(s)
	}
	f.fields = append(f.fields, field{key, value})
}

func (f *front) write(b *bytes.Buffer) {
	b.WriteString("---\n")
	for _, v := range f.fields {
		b.WriteString(v.key + ":" + v.value + "\n")
	}
	b.WriteString("---\n")
}

// quote is a text in JSON, and so in YAML.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			b.WriteString(`\u` + "0000"[len(strconv.FormatInt(int64(r), 16)):] + strconv.FormatInt(int64(r), 16))
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

// text is the front matter alone.
func (f *front) text() string {
	var b bytes.Buffer
	f.write(&b)
	return b.String()
}
