package trace

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
)

// Sum is the first half of a SHA-256: enough to tell whether two things are equal.
type Sum [16]byte

// SumOf is equal for values of the same content, field by field, those of embedded types and those
// that are not exported among them. Maps count by their sorted keys, pointers by what they point at.
// A type that holds anything else (a function, a channel, an interface) panics: its content cannot be
// compared.
func SumOf(values ...any) Sum {
	return sumWith(func(b []byte) []byte {
		for _, v := range values {
			b = Append(b, v)
		}
		return b
	})
}

// sumWith sums up what appends to some bytes.
func sumWith(appends func([]byte) []byte) Sum {
	room := rooms.Get().(*[]byte)
	defer rooms.Put(room)
	b := appends((*room)[:0])
	if cap(b) <= mostRoom {
		*room = b
	}
	return sumOf(b)
}

// rooms are for values that are only summed up: a build sums up very many, most of them short.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

const mostRoom = 64 << 10

func sumOf(b []byte) Sum {
	full := sha256.Sum256(b)
	return Sum(full[:len(Sum{})])
}

// append appends a sum as Append does.
func (s Sum) append(b []byte) []byte { return append(append(b, byte(len(s))), s[:]...) }

// Append appends a value in a form from which Decode reads it again.
func Append(b []byte, v any) []byte { return appendValue(b, reflect.ValueOf(v)) }

func appendValue(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.String:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		return append(b, v.String()...)
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1)
		}
		return append(b, 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(b, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(b, v.Uint())
	case reflect.Float32, reflect.Float64:
		return binary.BigEndian.AppendUint64(b, math.Float64bits(v.Float()))
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0)
		}
		return appendValue(append(b, 1), v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			b = appendValue(b, v.Field(i))
		}
		return b
	case reflect.Array, reflect.Slice:
		return appendList(b, v)
	case reflect.Map:
		return appendMap(b, v)
	}
	panic(fmt.Sprintf("trace: a %s cannot be compared with that of another build", v.Type()))
}

// appendList appends the elements of a slice or array. No slice and an empty one are the same.
func appendList(b []byte, v reflect.Value) []byte {
	b = binary.AppendUvarint(b, uint64(v.Len()))
	octets := v.Type().Elem().Kind() == reflect.Uint8
	if octets && v.Kind() == reflect.Slice {
		return append(b, v.Bytes()...)
	}
	for i := range v.Len() {
		if octets { // an array need not be addressable, as Bytes wants it
			b = append(b, byte(v.Index(i).Uint()))
			continue
		}
		b = appendValue(b, v.Index(i))
	}
	return b
}

func appendMap(b []byte, v reflect.Value) []byte {
	type entry struct{ key, value []byte }
	var all []entry
	for it := v.MapRange(); it.Next(); {
		all = append(all, entry{appendValue(nil, it.Key()), appendValue(nil, it.Value())})
	}
	slices.SortFunc(all, func(x, y entry) int { return cmp.Compare(string(x.key), string(y.key)) })
	b = binary.AppendUvarint(b, uint64(len(all)))
	for _, e := range all {
		b = append(append(b, e.key...), e.value...)
	}
	return b
}

// errForm is what Decode says of bytes that Append did not make of such a value.
var errForm = errors.New("trace: the bytes have another form")

// Decode reads a value that Append wrote into the one that to points at, whose fields must all
// be exported, and returns the bytes that follow it.
func Decode(b []byte, to any) (rest []byte, err error) {
	d := decoder{b}
	if !d.value(reflect.ValueOf(to).Elem()) {
		return nil, errForm
	}
	return d.b, nil
}

type decoder struct{ b []byte }

func (d *decoder) value(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		text, ok := d.bytes()
		v.SetString(string(text))
		return ok
	case reflect.Bool:
		n, ok := d.uvarint()
		v.SetBool(n == 1)
		return ok
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, size := binary.Varint(d.b)
		v.SetInt(n)
		return d.skip(size)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, ok := d.uvarint()
		v.SetUint(n)
		return ok
	case reflect.Pointer:
		set, ok := d.uvarint()
		if !ok || set == 0 {
			v.SetZero()
			return ok
		}
		v.Set(reflect.New(v.Type().Elem()))
		return d.value(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if !d.value(v.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Array, reflect.Slice:
		return d.list(v)
	case reflect.Map:
		return d.entries(v)
	}
	panic(fmt.Sprintf("trace: a %s cannot be read back", v.Type()))
}

func (d *decoder) list(v reflect.Value) bool {
	n, ok := d.uvarint()
	if !ok || n > uint64(len(d.b)) || v.Kind() == reflect.Array && n != uint64(v.Len()) {
		return false // each element takes a byte at least
	}
	if v.Kind() == reflect.Slice {
		if v.SetZero(); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), int(n), int(n)))
		}
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		copy(v.Bytes(), d.b[:n])
		d.b = d.b[n:]
		return true
	}
	for i := range int(n) {
		if !d.value(v.Index(i)) {
			return false
		}
	}
	return true
}

func (d *decoder) entries(v reflect.Value) bool {
	n, ok := d.uvarint()
	if !ok || n > uint64(len(d.b)) {
		return false
	}
	v.Set(reflect.MakeMap(v.Type()))
	for range n {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if !d.value(key) || !d.value(value) {
			return false
		}
		v.SetMapIndex(key, value)
	}
	return true
}

func (d *decoder) uvarint() (uint64, bool) {
	n, size := binary.Uvarint(d.b)
	return n, d.skip(size)
}

func (d *decoder) bytes() ([]byte, bool) {
	n, ok := d.uvarint()
	if !ok || n > uint64(len(d.b)) {
		return nil, false
	}
	text := d.b[:n]
	d.b = d.b[n:]
	return text, true
}

// sum reads a Sum.
func (d *decoder) sum() (s Sum, ok bool) {
	raw, ok := d.bytes()
	if !ok || len(raw) != len(s) {
		return s, false
	}
	return Sum(raw), true
}

func (d *decoder) skip(size int) bool {
	if size <= 0 || size > len(d.b) {
		return false
	}
	d.b = d.b[size:]
	return true
}
