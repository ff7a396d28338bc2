package search

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// filer packs bytes into scripts and hands them on, or takes them over; equal ones once.
type filer struct {
	files  Files
	last   last
	packed []Packed
	names  map[Sum]string // of packed, by what they hold
	bytes  bytes.Buffer   // of the file that is being packed
	flate  *flate.Writer
	script []byte
}

func newFiler(files Files, packed []Packed) *filer {
	w, err := flate.NewWriter(nil, flate.DefaultCompression)
	if err != nil {
		panic("flate knows its own default level: " + err.Error())
	}
	return &filer{files: files, last: newLast(files, packed), flate: w, names: map[Sum]string{}}
}

// lower is the alphabet of file names: without capitals, which some file systems do not
// tell apart.
var lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// add writes a file whose name is a kind and a hash of its content, and returns the hash.
func (f *filer) add(kind byte, data []byte) (hash string, err error) {
	of := sumOf(append(data, kind))
	if hash, ok, err := f.known(Packed{Of: of}); ok || err != nil {
		return hash, err
	}
	return f.write(kind, data, Packed{Of: of})
}

// known returns the hash of a file that this index has, or takes over now.
func (f *filer) known(p Packed) (hash string, ok bool, err error) {
	p.Name, ok = f.names[p.Of]
	if !ok {
		if p.Name, ok, err = f.last.keep(p.Of); !ok || err != nil {
			return "", false, err
		}
		f.note(p)
	}
	return p.Name[len("x-"):], true, nil
}

func (f *filer) note(p Packed) {
	f.packed = append(f.packed, p)
	f.names[p.Of] = p.Name
}

// write packs and writes a file that is not known.
func (f *filer) write(kind byte, data []byte, p Packed) (hash string, err error) {
	if err := f.pack(data); err != nil {
		return "", err
	}
	sum := sha256.Sum256(f.bytes.Bytes())
	hash = lower.EncodeToString(sum[:])[:nameLength]
	p.Name = string(kind) + "-" + hash
	if _, ok := f.names[p.Of]; ok {
		return hash, nil
	}
	f.note(p)
	return hash, f.emit(p.Name)
}

// addJSON is add for what is written as JSON.
func (f *filer) addJSON(kind byte, v any) (string, error) {
	data, err := encode(v)
	if err != nil {
		return "", err
	}
	return f.add(kind, data)
}

// put writes a file of JSON under a name of its own.
func (f *filer) put(name string, v any) error {
	data, err := encode(v)
	if err != nil {
		return err
	}
	if err := f.pack(data); err != nil {
		return err
	}
	return f.emit(name)
}

// encode is JSON without the escapes that only matter within HTML.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	return b.Bytes(), nil
}

// pack compresses into f.bytes.
func (f *filer) pack(data []byte) error {
	f.bytes.Reset()
	f.flate.Reset(&f.bytes)
	if _, err := f.flate.Write(data); err != nil {
		return err
	}
	return f.flate.Close()
}

// emit hands on what is packed.
func (f *filer) emit(name string) error {
	f.script = append(append(append(f.script[:0], `AGC.shard("`...), name...), `","`...)
	f.script = base64.StdEncoding.AppendEncode(f.script, f.bytes.Bytes())
	f.script = append(f.script, "\");\n"...)
	return f.files.Write(name+".js", f.script)
}
