package trace

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agc-export/render/markdown"
	"agc-export/render/search"
	"agc-export/render/site"
)

// fill gives each field of a value another content, counted by n.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n) * 1000003)
	case reflect.Uint8:
		v.SetUint(uint64(*n % 251))
	case reflect.Pointer:
		if v.Type().Elem() != v.Type() && *n < 200 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		if *n < 200 {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fill(v.Index(0), n)
			fill(v.Index(1), n)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, n)
		fill(value, n)
		v.SetMapIndex(key, value)
	}
}

// TestRoundTrip: what Append writes of each type that is kept, Decode reads again, whole.
func TestRoundTrip(t *testing.T) {
	for _, to := range []any{&Record{}, &heading{}, &indexed{}, &targetQuestion{}, &markdown.Query{},
		&[]markdown.Piece{},
		&[]markdown.Loss{}, &[2]map[string]string{}} {
		for _, full := range []bool{false, true} {
			from := reflect.New(reflect.TypeOf(to).Elem())
			if n := 0; full {
				fill(from.Elem(), &n)
			}
			b := Append(nil, from.Elem().Interface())
			got := reflect.New(reflect.TypeOf(to).Elem())
			if rest, err := Decode(b, got.Interface()); err != nil || len(rest) > 0 {
				t.Errorf("%T: %v, %d bytes left", to, err, len(rest))
			}
			if string(Append(nil, got.Elem().Interface())) != string(b) {
				t.Errorf("%T: %s", to, cmp.Diff(from.Elem().Interface(), got.Elem().Interface()))
			}
			for cut := range b {
				if rest, err := Decode(b[:cut], got.Interface()); err == nil && len(rest) > 0 {
					t.Errorf("%T cut at %d: %d bytes left", to, cut, len(rest))
				}
			}
		}
	}
}

// TestByHand: what is written and read by hand has the form that Append gives it.
func TestByHand(t *testing.T) {
	for _, full := range []bool{false, true} {
		var ref markdown.Ref
		var q, got targetQuestion
		if n := 0; full {
			fill(reflect.ValueOf(&ref).Elem(), &n)
			fill(reflect.ValueOf(&q).Elem(), &n)
			q.Target.Container = &markdown.Target{Title: "above", Container: &markdown.Target{ID: "1"}}
		}
		if diff := cmp.Diff(Append(nil, ref), appendRef(nil, &ref)); diff != "" {
			t.Errorf("a ref (-Append +by hand):\n%s", diff)
		}
		if rows := []markdown.Ref{ref, {}, ref}; sumOfRows(rows, io.EOF) != SumOf(rows, io.EOF.Error()) ||
			sumOfRows(nil, nil) != SumOf([]markdown.Ref{}, "") {
			t.Error("rows have another sum")
		}
		b := Append(nil, q)
		if diff := cmp.Diff(b, q.append(nil)); diff != "" {
			t.Errorf("a question (-Append +by hand):\n%s", diff)
		}
		if !got.decode(b) {
			t.Error("a question cannot be read")
		}
		if diff := cmp.Diff(q, got); diff != "" {
			t.Errorf("a question (-want +got):\n%s", diff)
		}
		for cut := range b {
			if new(targetQuestion).decode(b[:cut]) {
				t.Errorf("a question of %d bytes is whole with %d", len(b), cut)
			}
		}
	}
}

// TestEachFieldCounts: a change of any field, at any depth, changes the sum.
func TestEachFieldCounts(t *testing.T) {
	for _, of := range []any{&markdown.Ref{}, &markdown.Meta{}, &site.Page{}, &markdown.Page{},
		&search.Document{}} {
		v := reflect.ValueOf(of).Elem()
		n := 0
		fill(v, &n)
		was := SumOf(v.Interface())
		for _, leaf := range leaves(v, v.Type().String()) {
			old := reflect.New(leaf.Type()).Elem()
			old.Set(leaf.Value)
			n += 1000
			switch leaf.Kind() {
			case reflect.Bool:
				leaf.SetBool(!leaf.Bool())
			default:
				fill(leaf.Value, &n)
			}
			if SumOf(v.Interface()) == was {
				t.Errorf("%s does not count", leaf.name)
			}
			leaf.Set(old)
		}
		if SumOf(v.Interface()) != was {
			t.Errorf("%T: equal values have other sums", of)
		}
	}
}

type leaf struct {
	reflect.Value
	name string
}

// leaves are the values of which one consists that can be set.
func leaves(v reflect.Value, name string) (all []leaf) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			all = append(all, leaves(v.Field(i), name+"."+v.Type().Field(i).Name)...)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			all = append(all, leaves(v.Index(i), fmt.Sprint(name, "[", i, "]"))...)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			all = leaves(v.Elem(), name)
		}
	case reflect.Map:
	default:
		all = append(all, leaf{v, name})
	}
	return all
}

// TestTraces: records are there again for the same generation and base, and for no other; damage
// costs the records that it hit, or all.
func TestTraces(t *testing.T) {
	dir, base := t.TempDir(), SumOf("base")
	write := func() {
		b, err := Open(dir, "traces", "1", base)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 10 {
			b.Put(fmt.Sprint(i), &Record{Input: SumOf(i), Asked: []Question{{"q", SumOf("a")}},
				Result: []byte{byte(i)}})
		}
		if err := b.Finish("2"); err != nil {
			t.Fatal(err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
	there := func(generation string, base Sum) (n int) {
		b, err := Open(dir, "traces", generation, base)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		for i := range 10 {
			if r, ok := b.Last(fmt.Sprint(i), SumOf(i)); ok {
				if n++; r.Result()[0] != byte(i) {
					t.Errorf("record %d holds %v", i, r.Result())
				}
			}
			if _, ok := b.Last(fmt.Sprint(i), SumOf("other")); ok {
				t.Error("a record of another input")
			}
		}
		return n
	}
	write()
	again, err := Open(dir, "traces", "2", base)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 { // some are kept, one of them under another key, the others are written anew
		k, ok := again.Last(fmt.Sprint((i+8)%10), SumOf((i+8)%10))
		switch {
		case !ok:
			t.Fatal("a record is not there")
		case i%3 != 0:
			again.PutAgain(fmt.Sprint((i+8)%10), k)
		default:
			again.Put(fmt.Sprint((i+8)%10), &Record{Input: SumOf((i + 8) % 10), Result: []byte{byte((i + 8) % 10)}})
		}
		if i == 3 {
			again.PutAgain("other", k)
		}
	}
	if err := errors.Join(again.Finish("3"), again.Close()); err != nil {
		t.Fatal(err)
	}
	if n := there("3", base); n != 10 {
		t.Errorf("%d records of a build that kept some", n)
	}
	write()
	if a, b, c := there("2", base), there("1", base), there("2", SumOf("other")); a != 10 || b != 0 || c != 0 {
		t.Errorf("%d, %d and %d records", a, b, c)
	}
	path := filepath.Join(dir, "traces")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += 3 {
		bad := append([]byte{}, whole...)
		bad[at] ^= 0x10
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if n := there("2", base); n != 9 && n != 0 {
			t.Errorf("byte %d: %d records", at, n)
		}
		if err := os.WriteFile(path, whole[:at], 0o600); err != nil {
			t.Fatal(err)
		}
		if n := there("2", base); n != 0 {
			t.Errorf("%d bytes: %d records", at, n)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%v, %v: what was not finished lies about", left, err)
	}
	var none *Build
	none.Put("key", &Record{})
	if _, ok := none.Last("key", Sum{}); ok || none.Finish("") != nil || none.Close() != nil {
		t.Error("no traces keep something")
	}
}

// FuzzDecode: no bytes make Decode panic or take memory beyond their own size.
func FuzzDecode(f *testing.F) {
	f.Add(Append(nil, Record{Asked: []Question{{"q", Sum{}}}, Files: []string{"a"}}))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, b []byte) {
		var r Record
		var q markdown.Query
		var m map[string]string
		for _, to := range []any{&r, &q, &m} {
			if rest, err := Decode(b, to); err == nil && len(rest) > len(b) {
				t.Error("more bytes left than there were")
			}
		}
	})
}
