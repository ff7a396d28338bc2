package search

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"io"
)

// last is the index before. What it is told of that one is checked: the file by Files, a text by
// its sum.
type last struct {
	files  Files
	packed []Packed
	names  map[Sum]string // of files, by what they hold
	texts  map[Sum]place  // nil until one is asked for
	open   int32          // 1 more than the file whose texts are in held
	held   []string
}

// place is where a text lies.
type place struct{ file, at int32 }

func newLast(files Files, packed []Packed) last {
	l := last{files: files, packed: packed, names: make(map[Sum]string, len(packed))}
	for _, p := range packed {
		l.names[p.Of] = p.Name
	}
	return l
}

// keep takes over the file that holds something, and returns its name.
func (l *last) keep(of Sum) (name string, ok bool, err error) {
	name, ok = l.names[of]
	if ok {
		ok, err = l.files.Keep(name + ".js")
	}
	return name, ok, err
}

// text returns a text of the last index.
func (l *last) text(sum Sum) (string, bool) {
	if l.texts == nil {
		l.texts = map[Sum]place{}
		for i, p := range l.packed {
			for j, s := range p.Texts {
				l.texts[s] = place{int32(i), int32(j)}
			}
		}
	}
	p, ok := l.texts[sum]
	if !ok {
		return "", false
	}
	if l.open != p.file+1 {
		l.open, l.held = p.file+1, l.unpack(l.packed[p.file].Name)
	}
	if int(p.at) >= len(l.held) || sumOf([]byte(l.held[p.at])) != sum {
		return "", false
	}
	return l.held[p.at], true
}

// unpack reads the texts of a file, as far as it is one.
func (l *last) unpack(name string) []string {
	script, ok := l.files.Read(name + ".js")
	_, script, _ = bytes.Cut(script, []byte(`","`))
	script, _, whole := bytes.Cut(script, []byte(`"`))
	packed, err := base64.StdEncoding.AppendDecode(nil, script)
	if !ok || !whole || err != nil {
		return nil
	}
	data, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	var texts []string
	if err != nil || json.Unmarshal(data, &texts) != nil {
		return nil
	}
	return texts
}
