package fetch

import (
	"fmt"
	"net/url"
	"strings"
)

// param is one parameter of a query. The order of parameters is kept.
type param struct{ name, value string }

// query is the parameters of a request in the order in which they are sent.
type query []param

// with returns the query with one more parameter; q itself stays as it is. An
// empty value adds nothing.
func (q query) with(name, value string) query {
	if value == "" {
		return q
	}
	return append(q[:len(q):len(q)], param{name, value})
}

// encode writes the query for a URL. Everything but letters, digits and "-_.~" is
// percent-encoded, space as %20.
func (q query) encode() string {
	parts := make([]string, len(q))
	for i, p := range q {
		parts[i] = escape(p.name) + "=" + escape(p.value)
	}
	return strings.Join(parts, "&")
}

// rewritten is the text that Nango replaces wherever it stands in a path or query
// (by "connection_config"); with one letter escaped it passes untouched.
const rewritten = "connectionConfig"

// escape percent-encodes s for a path segment or a query value. "$", "{" and "}"
// must never stand in a URL as they are: Nango puts values of the connection, the
// access token among them, in the place of ${…}.
func escape(s string) string {
	s = strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
	return strings.ReplaceAll(s, rewritten, "%63"+rewritten[1:])
}

// segment escapes s as one segment of a path. Dots alone and the empty string are
// refused: on their way through Nango they would change the path.
func segment(s string) (string, error) {
	if s == "" || s == "." || s == ".." {
		return "", fmt.Errorf("%q cannot stand in a path", s)
	}
	return escape(s), nil
}

// cursorOf takes the cursor out of the link to the next answer. Nothing else of
// the link is used: it is relative to different roots in v1 and v2, names its
// parameters in any order, and leaves some of them out. No link: no cursor. The
// value is unescaped once; "+" stays "+", as cursors are often base64 written raw.
func cursorOf(next string) (string, error) {
	if next == "" {
		return "", nil
	}
	_, q, _ := strings.Cut(next, "?")
	q, _, _ = strings.Cut(q, "#")
	for part := range strings.SplitSeq(q, "&") {
		name, value, _ := strings.Cut(part, "=")
		if name != "cursor" {
			continue
		}
		cursor, err := url.PathUnescape(value)
		if err != nil || cursor == "" {
			return "", fmt.Errorf("the link to the next answer has a broken cursor")
		}
		return cursor, nil
	}
	return "", fmt.Errorf("the link to the next answer has no cursor")
}
