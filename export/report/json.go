package report

import (
	"bufio"
	"bytes"
	"encoding"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// JSON is a value as indented JSON with a line break at its end, as the standard writes it without
// escaping HTML. What tells of ten thousand pages has megabytes: structs, lists, texts and numbers, which
// most of it is, are written here in one go, which takes a third of the time, and all else is the standard's.
func JSON(v any) ([]byte, error) {
	if b, ok := appendJSON(nil, reflect.ValueOf(v), 0); ok {
		return append(b, '\n'), nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
}

// WriteJSON writes what JSON returns, the elements of the lists of a struct one after the other: a manifest has many.
func WriteJSON(w io.Writer, v any) error {
	of := reflect.ValueOf(v)
	members, ok := []member(nil), of.Kind() == reflect.Struct && !special(of.Type())
	if ok {
		members, ok = membersOf(of.Type())
	}
	if !ok {
		b, err := JSON(v)
		if err == nil {
			_, err = w.Write(b)
		}
		return err
	}
	to, sign := bufio.NewWriterSize(w, 64<<10), byte('{')
	for i := range members {
		field, there := members[i].of(of)
		if !there || members[i].omit && empty(field) {
			continue
		}
		to.Write(append(appendLine([]byte{sign}, 1), members[i].name...)) // it keeps its error for the end
		sign = ','
		if err := writeField(to, field); err != nil {
			return err
		}
	}
	if sign == '{' {
		to.WriteString("{}\n")
	} else {
		to.WriteString("\n}\n")
	}
	return to.Flush()
}

// writeField writes a value of a struct that stands in nothing else.
func writeField(to *bufio.Writer, v reflect.Value) error {
	if v.Kind() != reflect.Slice || special(v.Type()) || v.Type().Elem().Kind() == reflect.Uint8 || v.Len() == 0 {
		b, err := appendAny(nil, v, 1)
		to.Write(b)
		return err
	}
	var b []byte
	var err error
	for i := range v.Len() {
		b = appendLine(append(b[:0], "[,"[min(i, 1)]), 2)
		if b, err = appendAny(b, v.Index(i), 2); err != nil {
			return err
		}
		to.Write(b)
	}
	_, err = to.WriteString("\n  ]")
	return err
}

// appendAny is appendJSON for any value: what only the standard knows to write it writes.
func appendAny(b []byte, v reflect.Value, depth int) ([]byte, error) {
	if all, ok := appendJSON(b, v, depth); ok {
		return all, nil
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent(strings.Repeat("  ", depth), "  ")
	err := enc.Encode(v.Interface())
	return append(b, bytes.TrimSuffix(text.Bytes(), []byte("\n"))...), err
}

// appendJSON appends a value that stands so deep. It is not ok for what only the standard knows to write.
func appendJSON(b []byte, v reflect.Value, depth int) ([]byte, bool) {
	switch k := v.Kind(); {
	case k == reflect.Pointer && v.IsNil() || k == reflect.Slice && v.IsNil() && !special(v.Type()):
		return append(b, "null"...), true
	case !v.IsValid() || depth > deepestJSON || special(v.Type()):
		return b, false
	case k == reflect.Pointer:
		return appendJSON(b, v.Elem(), depth)
	case k == reflect.String:
		return appendText(b, v.String()), true
	case k == reflect.Bool:
		return strconv.AppendBool(b, v.Bool()), true
	case k == reflect.Int || k == reflect.Int64:
		return strconv.AppendInt(b, v.Int(), 10), true
	case k == reflect.Float64 && (v.Float() == 0 || v.Float() >= 1e-6 && v.Float() < 1e21): // others have exponents
		return strconv.AppendFloat(b, v.Float(), 'f', -1, 64), true
	case k == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8:
		return appendSlice(b, v, depth)
	case k == reflect.Struct:
		return appendStruct(b, v, depth)
	}
	return b, false
}

func appendSlice(b []byte, v reflect.Value, depth int) ([]byte, bool) {
	if v.Len() == 0 {
		return append(b, "[]"...), true
	}
	ok := true
	for i := range v.Len() {
		if cap(b)-len(b) < 1<<10 { // megabytes are moved less often so
			b = slices.Grow(b, len(b)+1<<12)
		}
		b = appendLine(append(b, "[,"[min(i, 1)]), depth+1)
		if b, ok = appendJSON(b, v.Index(i), depth+1); !ok {
			return b, false
		}
	}
	return append(appendLine(b, depth), ']'), true
}

func appendStruct(b []byte, v reflect.Value, depth int) ([]byte, bool) {
	m, ok := membersOf(v.Type())
	sign := byte('{')
	for i := range m {
		of, there := m[i].of(v)
		if !ok || !there || m[i].omit && empty(of) {
			continue
		}
		b = append(appendLine(append(b, sign), depth+1), m[i].name...)
		sign = ','
		if b, ok = appendJSON(b, of, depth+1); !ok {
			return b, false
		}
	}
	if sign == '{' {
		return append(b, "{}"...), ok
	}
	return append(appendLine(b, depth), '}'), ok
}

// empty is what the standard leaves out where it may.
func empty(v reflect.Value) bool {
	if v.Kind() == reflect.Slice {
		return v.Len() == 0
	}
	return v.Kind() != reflect.Struct && v.IsZero()
}

func appendLine(b []byte, depth int) []byte {
	const blanks = "\n                "
	return append(b, blanks[:1+2*depth]...)
}

// deepestJSON is how deep lines are broken here.
const deepestJSON = 7

// member is a field as JSON has it.
type member struct {
	index, within int    // of the field, and of one within it; -1 for none
	name          string // in quotes, and what follows it
	omit          bool   // where it is empty
}

// of is the field of a struct; of one that is embedded by a pointer there may be none.
func (m *member) of(v reflect.Value) (of reflect.Value, there bool) {
	of = v.Field(m.index)
	if m.within < 0 {
		return of, true
	}
	if of.Kind() == reflect.Pointer {
		if of.IsNil() {
			return of, false
		}
		of = of.Elem()
	}
	return of.Field(m.within), true
}

var members sync.Map // reflect.Type -> []member, nil where only the standard knows them

// membersOf are the members of a struct whose fields have names of their own.
func membersOf(t reflect.Type) ([]member, bool) {
	known, ok := members.Load(t)
	if !ok {
		all := addMembers([]member{}, t, -1)
		known, _ = members.LoadOrStore(t, all)
	}
	all := known.([]member)
	return all, all != nil
}

// addMembers adds the fields of a struct, or those of one that is embedded in it as field at.
func addMembers(all []member, t reflect.Type, at int) []member {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if f.Anonymous && tag == "" && at < 0 && f.IsExported() && inner.Kind() == reflect.Struct && !special(inner) {
			if all = addMembers(all, inner, i); all == nil {
				return nil
			}
			continue
		}
		m := member{i, -1, `"` + tag + `": `, options == "omitempty"}
		if at >= 0 {
			m.index, m.within = at, i
		}
		twice := false
		for _, other := range all {
			twice = twice || other.name == m.name
		}
		if twice || !f.IsExported() || f.Anonymous || tag == "" ||
			strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || options != "" && !m.omit {
			return nil
		}
		all = append(all, m)
	}
	return all
}

// special reports types that write themselves.
func special(t reflect.Type) bool {
	if t.PkgPath() == "" {
		return false
	}
	known, ok := specials.Load(t)
	if !ok {
		p := reflect.PointerTo(t)
		known = p.Implements(reflect.TypeFor[json.Marshaler]()) ||
			p.Implements(reflect.TypeFor[encoding.TextMarshaler]())
		specials.Store(t, known)
	}
	return known.(bool)
}

var specials sync.Map // reflect.Type -> bool

// appendText appends a text in quotes.
func appendText(b []byte, s string) []byte {
	if plain(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.Encode(s) // a text can be written
	return append(b, bytes.TrimSuffix(text.Bytes(), []byte("\n"))...)
}

// plain reports texts that JSON has as they are.
func plain(s string) bool {
	ascii := true
	for i := range len(s) {
		if s[i] < ' ' || s[i] == '"' || s[i] == '\\' {
			return false
		}
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	return ascii || utf8.ValidString(s) && !strings.ContainsAny(s, "\u2028\u2029")
}
