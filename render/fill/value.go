package fill

import (
	"html/template"
	"reflect"
	"strconv"
)

// Value is what stands somewhere in a template.
type Value struct {
	kind kind
	text string
	n    int64
	any  reflect.Value // of kindOther
}

type kind uint8

const (
	kindNone kind = iota
	kindText      // a string
	kindHTML      // a template.HTML
	kindURL       // a template.URL
	kindInt       // an int
	kindLong      // an int64
	kindBool
	kindOther
)

// Text, HTML and URL return a value of such a string.
func Text(s string) Value { return Value{kind: kindText, text: s} }

// HTML is like Text.
func HTML(s template.HTML) Value { return Value{kind: kindHTML, text: string(s)} }

// URL is like Text.
func URL(s template.URL) Value { return Value{kind: kindURL, text: string(s)} }

// Of returns a value of anything.
func Of(v any) Value { return valueOf(v) }

// Text returns a string, and whether the value is one.
func (v Value) Text() (string, bool) { return v.text, v.kind == kindText }

// Int64 returns an int64, and whether the value is one.
func (v Value) Int64() (int64, bool) { return v.n, v.kind == kindLong }

// Any returns whatever the value is.
func (v Value) Any() any {
	if v.kind == kindNone {
		return nil
	}
	return v.reflect().Interface()
}

// As returns a value as what it is, and whether it is that.
func As[T any](v Value) (is T, ok bool) {
	if v.kind == kindOther {
		if v.any.CanAddr() { // without a copy
			if p, ok := v.any.Addr().Interface().(*T); ok {
				return *p, true
			}
			return is, false
		}
		is, ok = v.any.Interface().(T)
	}
	return is, ok
}

func valueOf(v any) Value { return reflected(reflect.ValueOf(v)) }

var (
	textType = reflect.TypeFor[string]()
	htmlType = reflect.TypeFor[template.HTML]()
	urlType  = reflect.TypeFor[template.URL]()
	intType  = reflect.TypeFor[int]()
	longType = reflect.TypeFor[int64]()
	boolType = reflect.TypeFor[bool]()
)

// reflected returns a value as reflection has it, and of an interface what is in it.
func reflected(v reflect.Value) Value {
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return Value{}
	}
	switch v.Kind() { // which is told sooner than the type
	case reflect.String:
		switch v.Type() {
		case textType:
			return Value{kind: kindText, text: v.String()}
		case htmlType:
			return Value{kind: kindHTML, text: v.String()}
		case urlType:
			return Value{kind: kindURL, text: v.String()}
		}
	case reflect.Int:
		if v.Type() == intType {
			return Value{kind: kindInt, n: v.Int()}
		}
	case reflect.Int64:
		if v.Type() == longType {
			return Value{kind: kindLong, n: v.Int()}
		}
	case reflect.Bool:
		if v.Type() == boolType && v.Bool() {
			return Value{kind: kindBool, n: 1}
		} else if v.Type() == boolType {
			return Value{kind: kindBool}
		}
	}
	return Value{kind: kindOther, any: v}
}

// reflect returns the value as reflection has it.
func (v Value) reflect() reflect.Value {
	switch v.kind {
	case kindText:
		return reflect.ValueOf(v.text)
	case kindHTML:
		return reflect.ValueOf(template.HTML(v.text))
	case kindURL:
		return reflect.ValueOf(template.URL(v.text))
	case kindInt:
		return reflect.ValueOf(int(v.n))
	case kindLong:
		return reflect.ValueOf(v.n)
	case kindBool:
		return reflect.ValueOf(v.n != 0)
	}
	return v.any
}

// truth tells whether a value counts as true: whether it is not empty.
func (v Value) truth() (truth, ok bool) {
	switch v.kind {
	case kindNone:
		return false, true
	case kindText, kindHTML, kindURL:
		return v.text != "", true
	case kindInt, kindLong, kindBool:
		return v.n != 0, true
	case kindOther:
		switch v.any.Kind() {
		case reflect.Slice:
			return v.any.Len() > 0, true
		case reflect.Struct:
			return true, true
		case reflect.Pointer:
			return !v.any.IsNil(), true
		}
	}
	return false, false
}

// length is how long a value is, as len tells it.
func (v Value) length() (n int, ok bool) {
	switch {
	case v.kind == kindText, v.kind == kindHTML, v.kind == kindURL:
		return len(v.text), true
	case v.kind == kindOther && v.any.Kind() == reflect.Slice:
		return v.any.Len(), true
	}
	return 0, false
}

// shown returns a value as text, and whether that is known.
func (v Value) shown() (text string, ok bool) {
	switch v.kind {
	case kindText, kindURL:
		return v.text, true
	case kindInt, kindLong:
		return strconv.FormatInt(v.n, 10), true
	}
	return "", false
}
