package report

import (
	"bytes"
	"encoding/json"
)

// JSON is a value as indented JSON with a line end, for files that people read too.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
}
