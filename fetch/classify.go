package fetch

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"unicode"

	"agc-export/render/expression"
)

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// errorBody is the union of the shapes that error bodies have. Raw parts are
// looked at only where the shape allows them.
type errorBody struct {
	Error      json.RawMessage // Nango: an object; OAuth servers: a string
	Errors     json.RawMessage // Confluence v2: a list of errors; Jira: an object
	Messages   json.RawMessage `json:"errorMessages"` // Jira
	StatusCode json.RawMessage // Confluence v1: a number
	Code       json.RawMessage // gateway: a number; Nango's report of a network failure: a string
	Method     string          // Nango's report of a network failure
	Message    json.RawMessage
}

// wireError is an error in a list of Confluence v2.
type wireError struct {
	Code   string
	Title  string
	Detail json.RawMessage
}

// classify says who refused, by the shape of the body. It never fails: what it
// does not know is the edge's.
func classify(op string, status int, h http.Header, body []byte) *Error {
	e := &Error{
		Op: op, Status: status, Origin: OriginEdge,
		after: h.Get("Retry-After"), date: h.Get("Date"), reset: h.Get("X-RateLimit-Reset"),
	}
	if h.Get("X-Failure-Category") != "" {
		e.Origin = OriginGateway
	}
	body = bytes.TrimSpace(body)
	var b errorBody
	switch {
	case len(body) == 0 && (status == http.StatusInternalServerError ||
		status == http.StatusRequestHeaderFieldsTooLarge):
		e.Origin = OriginNango // its upstream died, or the request line was too long for Node
		return e
	case len(body) == 0 || body[0] != '{' || json.Unmarshal(body, &b) != nil:
		return e
	}
	e.speaker(b)
	return e
}

// speaker sets who spoke, with code and message, from a JSON body.
func (e *Error) speaker(b errorBody) {
	nango, ok := readNango(b.Error)
	switch {
	case ok:
		e.Origin, e.Code, e.Message = OriginNango, word(nango.code), tidy(nango.words())
		e.blames = nango.culprit(e.Status)
		e.final = strings.Contains(strings.ToLower(nango.message), "refresh limit")
	case isObject(b.Error): // of nobody that is known
	case len(b.Messages) > 0:
		e.Origin = OriginJira
	case len(listed(b.Errors)) > 0:
		first := listed(b.Errors)[0]
		e.Origin, e.Code, e.Message = OriginConfluence, word(first.Code), tidy(first.Title)
		if e.Status == http.StatusNotFound && !names(first) {
			e.Code = CodeBare404
		}
	case isNumber(b.StatusCode):
		e.Origin, e.Message = OriginConfluence, tidy(text(b.Message))
	case b.Method != "" && text(b.Code) != "":
		e.Origin, e.Code, e.Message = OriginNetwork, word(text(b.Code)), tidy(text(b.Message))
	case isNumber(b.Code):
		e.Origin, e.Message = OriginGateway, tidy(text(b.Message))
	}
}

// listed returns the errors of a list.
func listed(raw json.RawMessage) []wireError {
	list, err := into[[]wireError](raw)
	if err != nil {
		return nil
	}
	return list
}

// names says whether a 404 of v2 names what is missing ("Cannot find a page with
// id [..]"). One that does not ("Not Found") is also what bad credentials get.
func names(w wireError) bool {
	return !strings.EqualFold(strings.TrimSpace(w.Title), "Not Found") || text(w.Detail) != ""
}

func isObject(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '{' }

func isNumber(raw json.RawMessage) bool {
	return len(raw) > 0 && (raw[0] >= '0' && raw[0] <= '9')
}

// text returns a JSON string's value, and nothing for any other JSON.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// tokenLike finds what may be a token, a key or a signed query: a long run of
// letters, digits and the signs of base64 and URLs.
var tokenLike = expression.New(`[A-Za-z0-9_\-.~+/=%:?&]{40,}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F-]{22}`)

// tidy makes one short line of a message from outside: no control characters, no
// long runs that may be tokens, at most 200 runes.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	s = tokenLike.ReplaceAllString(strings.Join(strings.Fields(s), " "), "[…]")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return s
}

// word keeps a code only where it looks like one.
func word(s string) string {
	if len(s) > 64 || strings.ContainsFunc(s, func(r rune) bool {
		return r != '_' && r != '-' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	}) {
		return ""
	}
	return s
}
