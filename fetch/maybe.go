package fetch

import (
	"bytes"
	"encoding/json"
)

// maybe is a field that decides something, of which an answer may say nothing. It is
// told where it is there, is not null and has the documented shape. Decoding it never
// fails, so that one odd field costs no list: whoever reads it judges its silence.
type maybe[T any] struct {
	value T
	told  bool
	null  bool // it is there, and null
	odd   bool // it is there, and has another shape
}

// UnmarshalJSON takes whatever comes.
func (m *maybe[T]) UnmarshalJSON(raw []byte) error {
	*m = maybe[T]{null: bytes.Equal(raw, []byte("null"))}
	if m.null {
		return nil
	}
	var v T
	m.told = json.Unmarshal(raw, &v) == nil
	m.odd = !m.told
	if m.told {
		m.value = v
	}
	return nil
}

// without returns an object of JSON less some of its fields, all else byte for byte.
func without(raw json.RawMessage, names ...string) json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return raw
	}
	for _, name := range names {
		if _, ok := fields[name]; ok {
			raw = cut(raw, name)
		}
	}
	return raw
}

// cut takes a field out of an object, with the comma that it needs no more.
func cut(raw json.RawMessage, name string) json.RawMessage {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil { // the brace
		return raw
	}
	for d.More() {
		begin := d.InputOffset() // before the comma, where there is one
		key, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return raw
		}
		if key != name {
			continue
		}
		end := d.InputOffset()
		if raw[begin] != ',' { // the first one: the comma after it goes
			rest := bytes.TrimLeft(raw[end:], " \t\r\n")
			end = int64(len(raw) - len(bytes.TrimPrefix(rest, []byte(","))))
		}
		return append(append(json.RawMessage{}, raw[:begin]...), raw[end:]...)
	}
	return raw
}
