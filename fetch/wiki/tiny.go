package wiki

import (
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
)

// TinyID decodes the id in a short address: base64 of its little-endian bytes
// without the zeros at the end, with "-" for "/" and "_" for "+".
func TinyID(s string) (string, bool) {
	s = strings.NewReplacer("-", "/", "_", "+").Replace(s)
	if len(s) > 11 {
		return "", false
	}
	raw, err := base64.StdEncoding.DecodeString(s + strings.Repeat("A", 11-len(s)) + "=")
	if err != nil || len(raw) != 8 {
		return "", false
	}
	return strconv.FormatUint(binary.LittleEndian.Uint64(raw), 10), true
}

// TinyCode is the short address of a content, the inverse of tinyID.
func TinyCode(id string) string {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return ""
	}
	code := base64.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint64(nil, n))
	code = strings.TrimRight(strings.TrimSuffix(code, "="), "A")
	return strings.NewReplacer("/", "-", "+", "_").Replace(code)
}
