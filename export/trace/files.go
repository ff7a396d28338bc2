package trace

import (
	"io"
	"reflect"
)

// Generation is where files are written, or taken over from the one before.
type Generation interface {
	Keep(names ...string) (bool, error)
	Write(name string, data []byte) error
	Stream(name string, write func(io.Writer) error) error
}

// Files writes the files of a generation, or takes them over where nothing that they were made of
// has changed.
type Files struct {
	Generation
	Traces *Build
}

// Taken takes the files of a piece of work over and reads what came of it into result, if it need
// not be done again.
func (f Files) Taken(w *Work, result any) (bool, error) {
	r, ok := w.Last()
	if !ok || !r.Read(result) {
		return false, nil
	}
	if ok, err := f.Keep(r.Files()...); !ok || err != nil {
		return false, err
	}
	f.Traces.PutAgain(w.Key, r)
	return true, nil
}

// Add adds a file that a piece of work has made.
func (f Files) Add(w *Work, name string, data []byte) error {
	w.Files = append(w.Files, name)
	return f.Write(name, data)
}

// Derive adds a file that is made of nothing but input, or takes it over.
func (f Files) Derive(name string, input any, make func() ([]byte, error)) error {
	key, sum := "from/"+name, SumOf(input)
	if r, ok := f.Traces.Last(key, sum); ok {
		if ok, err := f.Keep(name); ok || err != nil {
			f.Traces.PutAgain(key, r)
			return err
		}
	}
	data, err := make()
	if err != nil {
		return err
	}
	f.Traces.Put(key, &Record{Input: sum})
	return f.Write(name, data)
}

// DeriveTo is Derive for a file that is written bit by bit.
func (f Files) DeriveTo(name string, input Sum, write func(io.Writer) error) error {
	key := "from/" + name
	if r, ok := f.Traces.Last(key, input); ok {
		if ok, err := f.Keep(name); ok || err != nil {
			f.Traces.PutAgain(key, r)
			return err
		}
	}
	f.Traces.Put(key, &Record{Input: input})
	return f.Stream(name, write)
}

// DeriveAll is Derive for files of which nobody knows the names before they are made: make adds them.
// It leaves what else comes of it where result points, which is read back where they are taken over.
func (f Files) DeriveAll(key string, input, result any,
	make func(add func(name string, write func(io.Writer) error) error) error) error {
	sum := SumOf(input)
	if k, ok := f.Traces.Last(key, sum); ok && k.Read(result) {
		if ok, err := f.Keep(k.Files()...); ok || err != nil {
			f.Traces.PutAgain(key, k)
			return err
		}
	}
	r := Record{Input: sum}
	err := make(func(name string, write func(io.Writer) error) error {
		r.Files = append(r.Files, name)
		return f.Stream(name, write)
	})
	if err == nil {
		r.Result = Append(nil, reflect.ValueOf(result).Elem().Interface())
		f.Traces.Put(key, &r)
	}
	return err
}
