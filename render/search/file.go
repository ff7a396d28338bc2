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

// filer packs bytes into scripts and hands them on, equal ones once.
type filer struct {
	write   Write
	packed  bytes.Buffer
	flate   *flate.Writer
	script  []byte
	written map[string]bool
}

func newFiler(write Write) *filer {
	w, err := flate.NewWriter(nil, flate.DefaultCompression)
	if err != nil {
		panic("flate knows its own default level: " + err.Error())
	}
	return &filer{write: write, flate: w, written: map[string]bool{}}
}

// lower is the alphabet of file names: without capitals, which some file systems do not
// tell apart.
var lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// add writes a file whose name is a kind and a hash of its content, and returns the hash.
func (f *filer) add(kind string, data []byte) (string, error) {
	if err := f.pack(data); err != nil {
		return "", err
	}
	sum := sha256.Sum256(f.packed.Bytes())
	name := lower.EncodeToString(sum[:])[:nameLength]
	if f.written[kind+"-"+name] {
		return name, nil
	}
	f.written[kind+"-"+name] = true
	return name, f.emit(kind + "-" + name)
}

// addJSON is add for what is written as JSON.
func (f *filer) addJSON(kind string, v any) (string, error) {
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

// pack compresses into f.packed.
func (f *filer) pack(data []byte) error {
	f.packed.Reset()
	f.flate.Reset(&f.packed)
	if _, err := f.flate.Write(data); err != nil {
		return err
	}
	return f.flate.Close()
}

// emit hands on what is packed.
func (f *filer) emit(name string) error {
	f.script = append(append(append(f.script[:0], `AGC.shard("`...), name...), `","`...)
	f.script = base64.StdEncoding.AppendEncode(f.script, f.packed.Bytes())
	f.script = append(f.script, "\");\n"...)
	return f.write(name+".js", f.script)
}
