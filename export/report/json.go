package report

import (
	"bytes"
	"encoding/json"
)

// JSON is a value as indented JSON with a line break at its end. What tells of ten thousand pages has
// megabytes: the standard's way to indent reads them byte by byte, which takes four times as long as to
// write them.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return indent(b.Bytes()), nil
}

// indent breaks lines of what the standard has written without any.
func indent(compact []byte) []byte {
	out := make([]byte, 0, len(compact)*3/2)
	depth := 0
	line := func() {
		out = append(out, '\n')
		for range depth {
			out = append(out, "  "...)
		}
	}
	for i := 0; i < len(compact); i++ {
		switch c := compact[i]; c {
		case '"':
			end := stringEnd(compact, i)
			out = append(out, compact[i:end]...)
			i = end - 1
		case '{', '[':
			if out = append(out, c); compact[i+1] == c+2 { // the sign that closes it
				i++
				out = append(out, c+2)
				continue
			}
			depth++
			line()
		case '}', ']':
			depth--
			line()
			out = append(out, c)
		case ',':
			out = append(out, c)
			line()
		case ':':
			out = append(out, ": "...)
		default:
			out = append(out, c)
		}
	}
	return out
}

// stringEnd is where a string that begins at i has ended.
func stringEnd(text []byte, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}
