package fetch

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"agc-export/render/expression"
)

// nangoError is Nango's own error, {"error":{"code":"…","message":"…","errors":[…]}}: nobody
// else on the way writes an object with a code that is a string there. The codes are no
// closed list, each version of Nango has others: what they are about is told by their words.
type nangoError struct {
	code, message string
	faults        []nangoFault // what is wrong with a request, by its parts
}

// nangoCode is how Nango writes codes.
var nangoCode = expression.New(`^[a-z][a-z0-9_]*$`)

// nangoFault is one fault of a request, as zod writes it.
type nangoFault struct {
	Message string
	Path    []json.RawMessage // names, and places in lists
}

// readNango reads the error object of a body; false where it is not Nango's.
func readNango(raw json.RawMessage) (nangoError, bool) {
	var wire struct{ Code, Message, Errors json.RawMessage }
	if !isObject(raw) || json.Unmarshal(raw, &wire) != nil || text(wire.Code) == "" {
		return nangoError{}, false
	}
	n := nangoError{code: text(wire.Code), message: text(wire.Message)}
	_ = json.Unmarshal(wire.Errors, &n.faults) // of another form: nothing more is known
	return n, true
}

// words is what Nango says about it: its message, or the faults of the request.
func (n nangoError) words() string {
	said := []string{}
	for _, f := range n.faults {
		where := []string{}
		for _, p := range f.Path {
			where = append(where, text(p))
		}
		said = append(said, strings.Trim(strings.Join(where, ".")+": "+f.Message, ": "))
	}
	return cmp.Or(n.message, strings.Join(said, ", "))
}

// The parts of the way through Nango that a refusal can be about.
const (
	blamesKey         = "key"
	blamesScope       = "scope" // of the key
	blamesConnection  = "connection"
	blamesIntegration = "integration"
)

// blamed are the words of codes and of faults, by what they are about; the first that is
// there counts.
var blamed = []struct {
	part  string
	words *expression.Expression
}{
	{blamesConnection, expression.New(`connection`)},
	{blamesIntegration, expression.New(`provider|integration`)},
	{blamesScope, expression.New(`scope|^forbidden$`)},
	{blamesKey, expression.New(`secret_?key|api_?key|auth_?header|account|unauthori[sz]ed`)},
}

// culprit says which part is to be looked at, "" where the words tell none: then a 401 is
// about the key, for Nango checks nothing else so.
func (n nangoError) culprit(status int) string {
	words := []string{n.code}
	for _, f := range n.faults {
		for _, p := range f.Path {
			words = append(words, strings.ReplaceAll(text(p), "-", "_"))
		}
	}
	for _, w := range words {
		for _, b := range blamed {
			if b.words.MatchString(strings.ToLower(w)) {
				return b.part
			}
		}
	}
	if status == http.StatusUnauthorized {
		return blamesKey
	}
	return ""
}

// part is what a refusal by Nango is about, by its code where its faults say nothing.
func (e *Error) part() string {
	if e.blames != "" || e.Origin != OriginNango {
		return e.blames
	}
	return nangoError{code: e.Code}.culprit(e.Status)
}

// refreshing: Nango could not renew the access token. Whether for good, it does not know
// either: the same answer comes for a token endpoint that is out of order.
func (e *Error) refreshing() bool {
	switch {
	case e.Code == "connection_refresh_backoff":
		return true
	case e.Origin != OriginNango || e.Status != http.StatusBadRequest && e.Status != http.StatusFailedDependency:
		return false
	}
	return e.Code == "invalid_credentials" ||
		e.Code == "server_error" && strings.Contains(e.Message, "credentials") || strings.Contains(e.Code, "refresh")
}

// unlooked: Nango could not look the key up, and says so by the code for a header that is
// none. Such a header is never sent (see check), so that its database is in trouble.
func (e *Error) unlooked() bool {
	return e.Origin == OriginNango && e.Code == "malformed_auth_header"
}

// nangoHint says what to do about a refusal of Nango's, the culprit first.
func (e *Error) nangoHint() string {
	switch {
	case e.unlooked():
		return "Nango could not look the key up, its database may be down: run again later, and check the Nango " +
			"secret key only if this lasts"
	case e.final:
		return "authorize the connection again in Nango"
	case e.refreshing():
		return "Nango cannot renew the access token: authorize the connection again if this goes on"
	case hints[e.Code] != "":
		return hints[e.Code]
	}
	switch e.part() {
	case blamesKey:
		return "check the Nango secret key first: that it is whole, of this Nango server, and of the right environment"
	case blamesScope:
		return "give the Nango key the scope " + cmp.Or(required.FindString(e.Message), "environment:proxy")
	case blamesConnection:
		return "check nango.connection_id"
	case blamesIntegration:
		return "check nango.integration_id"
	}
	if e.malformed() {
		return "check nango.integration_id and nango.connection_id"
	}
	return ""
}

// malformed: Nango does not take a request as it is written, with the settings in it.
func (e *Error) malformed() bool {
	return e.Origin == OriginNango && e.Status == http.StatusBadRequest && strings.HasPrefix(e.Code, "invalid_") &&
		!e.refreshing()
}

// keyRefused: Nango does not know the key, or it lacks a scope. Servers before 2026 say so by
// 500, as they do of all that they have no status for.
func (e *Error) keyRefused() bool {
	if e.Origin != OriginNango || e.unlooked() {
		return false
	}
	switch e.Status {
	case http.StatusUnauthorized:
		return true
	case http.StatusForbidden:
		return e.part() == blamesScope || e.part() == blamesKey || e.Code == CodeCredentials
	case http.StatusInternalServerError:
		return e.part() == blamesKey
	}
	return false
}

// required finds the scope that Nango misses.
var required = expression.New(`environment:[a-z_:]+`)
