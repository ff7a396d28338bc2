// Package held reads the storage body that an object of Confluence's API holds, as the mirror keeps
// the object: byte for byte. Bodies are most of what a mirror has, so what the API writes is read at a
// glance, and all else as JSON is.
package held

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Body returns the storage body in an object of the API, v1 and v2 alike.
func Body(raw string) (body string, ok bool) {
	if body, ok := plain(raw); ok {
		return body, true
	}
	return decoded([]byte(raw))
}

// decoded is Body for whatever JSON.
func decoded(raw []byte) (body string, ok bool) {
	var o struct {
		Body struct {
			Storage struct {
				Value *string `json:"value"`
			} `json:"storage"`
		} `json:"body"`
	}
	if len(raw) == 0 || json.Unmarshal(raw, &o) != nil || o.Body.Storage.Value == nil {
		return "", false
	}
	return *o.Body.Storage.Value, true
}

// plain is Body for JSON as the API writes it, a third of the work: what is around the body is
// passed over. It is not ok where only a decoder can tell.
func plain(raw string) (body string, ok bool) {
	for _, name := range []string{"body", "storage", "value"} {
		if raw, ok = member(raw, name); !ok {
			return "", false
		}
	}
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	return unquoted(raw[1 : len(raw)-1])
}

// member returns the JSON of a member of an object, which must be all that s is. A name that
// is written twice, with escapes or in another case is a decoder's business.
func member(s, name string) (value string, ok bool) {
	s = strings.Trim(s, jsonSpace)
	if !strings.HasPrefix(s, "{") {
		return "", false
	}
	for {
		s = strings.TrimLeft(s[1:], jsonSpace)
		key := s[:jsonLength(s)]
		after, found := strings.CutPrefix(strings.TrimLeft(s[len(key):], jsonSpace), ":")
		if !found || len(key) < 2 || key[0] != '"' || strings.Contains(key, `\`) {
			return "", false
		}
		s = strings.TrimLeft(after, jsonSpace)
		v := s[:jsonLength(s)]
		if key = key[1 : len(key)-1]; strings.EqualFold(key, name) {
			if ok || key != name {
				return "", false
			}
			value, ok = v, true
		}
		switch s = strings.TrimLeft(s[len(v):], jsonSpace); {
		case s == "}":
			return value, ok
		case v == "" || s == "" || s[0] != ',':
			return "", false
		}
	}
}

const jsonSpace = " \t\r\n"

// jsonLength is how many bytes the value at the beginning of s takes, 0 where it has no end.
func jsonLength(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			n := quotedLength(s[i:])
			if n == 0 {
				return 0
			}
			i += n - 1
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth < 0 {
			return i
		}
		if depth == 0 {
			return i + 1
		}
	}
	return 0
}

// quotedLength is how many bytes the string at the beginning of s takes, 0 where it has no end.
func quotedLength(s string) int {
	for i := 1; ; i++ {
		end := strings.IndexByte(s[i:], '"')
		if end < 0 {
			return 0
		}
		i += end
		escapes := 0
		for s[i-1-escapes] == '\\' { // ends at the first quotation mark at the latest
			escapes++
		}
		if escapes%2 == 0 {
			return i + 1
		}
	}
}

// jsonEscapes are the characters behind a backslash in JSON, and what they stand for.
const jsonEscapes, jsonEscaped = `"\/bfnrt`, "\"\\/\b\f\n\r\t"

// unquoted is the text of a string of JSON without its quotes.
func unquoted(s string) (text string, ok bool) {
	if !utf8.ValidString(s) {
		return "", false
	}
	var b strings.Builder
	b.Grow(len(s))
	from := 0 // what is not written yet
	for i := 0; i < len(s); i++ {
		if s[i] >= ' ' && s[i] != '\\' {
			continue
		}
		if s[i] < ' ' {
			return "", false
		}
		b.WriteString(s[from:i])
		if i++; s[i] != 'u' {
			k := strings.IndexByte(jsonEscapes, s[i])
			if k < 0 {
				return "", false
			}
			b.WriteByte(jsonEscaped[k])
			from = i + 1
			continue
		}
		code, err := strconv.ParseUint(s[i+1:min(i+5, len(s))], 16, 16)
		if len(s) < i+5 || err != nil || utf16.IsSurrogate(rune(code)) {
			return "", false
		}
		b.WriteRune(rune(code))
		i += 4
		from = i + 1
	}
	b.WriteString(s[from:])
	return b.String(), true
}
