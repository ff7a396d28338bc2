package faketenant

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// request is what reaches Confluence.
type request struct {
	op    Operation
	id    string            // the first variable of the path
	vars  map[string]string // all of them
	query url.Values
	body  []byte
	max   int    // objects that a search gives at most
	roots bool   // lists of the whole site hold no replies
	self  string // path of the request below the site, for links
}

// answer is what Confluence, its gateway or Nango says.
type answer struct {
	status int
	header http.Header
	body   []byte
	file   *attachment // the body is this file's
}

// ok is a good answer of JSON.
func ok(body []byte) answer {
	return answer{status: http.StatusOK, header: jsonType(), body: body}
}

func jsonType() http.Header { return http.Header{"Content-Type": {"application/json;charset=UTF-8"}} }

// refuseV2 is an error as v2 writes it.
func refuseV2(status int, code, title string) answer {
	return answer{status: status, header: jsonType(), body: encode(obj{"errors": []obj{
		{"status": status, "code": code, "title": title, "detail": nil}}})}
}

// refuseV1 is an error as v1 writes it.
func refuseV1(status int, message string) answer {
	return answer{status: status, header: jsonType(), body: encode(obj{
		"statusCode": status, "data": obj{"authorized": status != http.StatusForbidden, "valid": true},
		"message": message})}
}

// refuse is an error in the form of the operation's version.
func (r *request) refuse(status int, code, message string) answer {
	if strings.HasPrefix(r.op.Path, "/wiki/api/v2/") {
		return refuseV2(status, code, message)
	}
	return refuseV1(status, message)
}

// bad is a refused parameter.
func (r *request) bad(format string, args ...any) answer {
	return r.refuse(http.StatusBadRequest, "INVALID_REQUEST_PARAMETER", fmt.Sprintf(format, args...))
}

// missing is a 404 that names what is not there.
func (r *request) missing(what, id string) answer {
	return r.refuse(http.StatusNotFound, "NOT_FOUND", "Cannot find a "+what+" with id ["+id+"]")
}

// check refuses what the API does not document; nil: nothing to refuse.
func (r *request) check() *answer {
	for _, name := range slices.Sorted(maps.Keys(r.query)) {
		p, known := r.op.Params[name]
		if !known {
			a := r.bad("the API has no parameter %q here", name)
			return &a
		}
		if p.Missing {
			a := r.refuse(http.StatusNotImplemented, "NOT_IMPLEMENTED", "the fake does not know the parameter "+name)
			return &a
		}
		if what := p.wrong(r.query[name]); what != "" {
			a := r.bad("parameter %s: %s", name, what)
			return &a
		}
	}
	for name, p := range r.op.Params {
		if p.Required && r.query.Get(name) == "" {
			a := r.bad("parameter %s is required", name)
			return &a
		}
	}
	return nil
}

// wrong says what is wrong with the values of a parameter, or nothing.
func (p Param) wrong(values []string) string {
	if !p.Array && len(values) > 1 {
		return "is there more than once"
	}
	if p.Array {
		values = split(values)
		if p.Items > 0 && len(values) > p.Items {
			return fmt.Sprintf("has %d values, at most %d are allowed", len(values), p.Items)
		}
	}
	for _, v := range values {
		if p.Enum != nil && !slices.Contains(p.Enum, v) {
			return fmt.Sprintf("%q is not one of %s", v, strings.Join(p.Enum, ", "))
		}
		if _, err := strconv.ParseBool(p.Default); err == nil && v != "true" && v != "false" && !isNumber(p.Default) {
			return fmt.Sprintf("%q is neither true nor false", v)
		}
		if !isNumber(p.Default) {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < p.Min || p.Max > 0 && n > p.Max {
			return fmt.Sprintf("%q is not a number from %d to %d", v, p.Min, p.Max)
		}
	}
	return ""
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// split returns the values of an array, given more than once or with commas.
func split(values []string) []string {
	var out []string
	for _, v := range values {
		out = append(out, strings.Split(v, ",")...)
	}
	return out
}

// list returns the values of an array, nil where it is absent.
func (r *request) list(name string) []string { return split(r.query[name]) }

// flag returns a boolean parameter.
func (r *request) flag(name string) bool { return r.query.Get(name) == "true" }

// number returns a numeric parameter or its default.
func (r *request) number(name string) int {
	v := r.query.Get(name)
	if v == "" {
		v = r.op.Params[name].Default
	}
	n, _ := strconv.Atoi(v) // check has seen it
	return n
}

// limit returns how many objects to give.
func (r *request) limit() int { return r.number("limit") }

// allows returns a filter by an array parameter; absent, it lets everything pass.
func (r *request) allows(name string) func(string) bool {
	values := r.list(name)
	if values == nil {
		return func(string) bool { return true }
	}
	in := map[string]bool{}
	for _, v := range values {
		in[v] = true
	}
	return func(s string) bool { return in[s] }
}
