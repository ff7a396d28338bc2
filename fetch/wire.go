package fetch

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"unique"

	"agc-export/fetch/wiki"
)

// str is a JSON string, number or null as a string. Ids are strings in v2, but
// were numbers once and still are in places of v1; a number keeps all its digits.
type str string

// errNotScalar: an object or array where a scalar is documented.
var errNotScalar = errors.New("an object or array where a scalar is documented")

// UnmarshalJSON takes any scalar.
func (s *str) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	if b[0] == '"' {
		return json.Unmarshal(b, (*string)(s))
	}
	if b[0] == '{' || b[0] == '[' {
		return errNotScalar
	}
	*s = str(b)
	return nil
}

// num is a JSON number, or a string or null in its place; what is no whole number
// is cut to one, what is no number at all is 0.
type num int64

// UnmarshalJSON takes any scalar.
func (n *num) UnmarshalJSON(b []byte) error {
	b = bytes.Trim(b, `"`)
	if i, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		*n = num(i)
	} else if f, err := strconv.ParseFloat(string(b), 64); err == nil {
		*n = num(f)
	}
	return nil
}

// shared is a string that many objects have, kept once for all of them.
func shared(s str) string { return unique.Make(string(s)).Value() }

// into decodes an object of an answer.
func into[T any](raw json.RawMessage) (T, error) {
	var v T
	err := json.Unmarshal(raw, &v)
	return v, err
}

// wireVersion is a version as v2 writes it.
type wireVersion struct {
	Number    num
	CreatedAt str
	AuthorID  str `json:"authorId"`
	Message   str
	MinorEdit bool
}

func (v wireVersion) version() wiki.Version {
	return wiki.Version{
		Number: int(v.Number), CreatedAt: string(v.CreatedAt), AuthorID: shared(v.AuthorID),
		Message: string(v.Message), MinorEdit: v.MinorEdit,
	}
}

// wireBody is a body as v2 writes it; where none was asked for it has no storage. A value
// that is null is no body, and one that is empty is.
type wireBody struct {
	Storage maybe[struct{ Value maybe[string] }]
}

// storage returns the storage format and whether there was one.
func (b wireBody) storage() (string, bool) {
	return b.Storage.value.Value.value, b.Storage.value.Value.told
}

// wireLinks are the links of an object; webui is below the site's /wiki.
type wireLinks struct {
	WebUI    str `json:"webui"`
	Download str
}
