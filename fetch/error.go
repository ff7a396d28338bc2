package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Origin says who spoke. Status codes do not: Nango's own 404 means an unknown
// integration, Confluence's a page that is gone.
type Origin string

// Who can answer, from the nearest to the farthest.
const (
	OriginClient     Origin = "client"     // this program: a request that it would not send, a budget that is spent
	OriginNetwork    Origin = "network"    // nobody: no connection, a reset, a cut or stalled body
	OriginNango      Origin = "nango"      // Nango itself
	OriginEdge       Origin = "edge"       // a load balancer or proxy on the way; or a body of no known shape
	OriginGateway    Origin = "gateway"    // Atlassian's API gateway
	OriginConfluence Origin = "confluence" // Confluence: only its word counts about content
	OriginMedia      Origin = "media"      // the host that Atlassian keeps files on, asked directly (ModeCredentials)
	OriginJira       Origin = "jira"       // Jira, which may quote a query: its messages are left out
)

// Codes that this package gives itself; all others are as the other side sent
// them.
const (
	CodeNotJSON     = "not_json"       // an answer 200 that is a web page or text
	CodeTruncated   = "truncated"      // an answer that ends before it is whole
	CodeShape       = "shape"          // JSON, but not as the API is documented
	CodeTooBig      = "too_big"        // more bytes than are accepted
	CodeStatus      = "status"         // a 1xx, 2xx or 3xx that nobody asked for
	CodeStalled     = "stalled"        // no byte for too long
	CodeTLS         = "tls"            // the certificate or protocol is not acceptable
	CodeProxy       = "proxy"          // the proxy of this machine's network refuses to connect
	CodeConnection  = "connection"     // refused, reset, no such host
	CodeLoop        = "loop"           // a listing that does not end
	CodeRefused     = "refused"        // a request that must not be sent
	CodeCalls       = "max_calls"      // the budget of calls is spent
	CodeWait        = "max_wait"       // the budget of waits is spent
	CodeDeadline    = "deadline"       // the time is over
	CodeDown        = "down"           // too many failures in a row
	CodeHost        = "media_host"     // a redirect to a host that is not allowed
	CodeCredentials = "no_credentials" // Nango's key may not see the connection's access token
	CodeSize        = "size"           // an attachment of another size than listed
	CodeWebPage     = "web_page"       // a web page in place of an attachment
	CodeNotNango    = "not_nango"      // what answers at nango.base_url is something else
	CodeBare404     = "not_found_bare" // a 404 that names nothing: revoked credentials look like this
)

// Error is a call that failed. Its text names the operation, who refused and what
// to do next; it never holds the key, a query or the text of a page.
type Error struct {
	Origin  Origin
	Status  int    // HTTP status; 0 where there was no answer
	Code    string // as the other side wrote it, or Code… above
	Op      string // the operation, as in Stats.Calls
	Message string // one line of the other side, shortened and redacted; may be empty
	Err     error  // the cause, if there is one below

	blames string // of a refusal by Nango: which part of the way it is about
	final  bool   // Nango will not try to renew the token any more
	silent bool   // nothing at all came, not a header

	after string // waiting time that the answer asks for, as sent
	date  string // the answer's Date header, which times in it relate to
	reset string // X-RateLimit-Reset, as sent
}

// Error says what failed, who said so and what to do.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", e.Op)
	switch {
	case e.Origin == OriginClient:
		b.WriteString(e.Code)
	case e.Status == 0:
		fmt.Fprintf(&b, "no answer (%s)", e.Code)
	default:
		fmt.Fprintf(&b, "%s answered %d", e.Origin, e.Status)
		if e.Code != "" {
			fmt.Fprintf(&b, " (%s)", e.Code)
		}
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if h := e.Hint(); h != "" {
		fmt.Fprintf(&b, "; %s", h)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Reason says why the other side will not go on, for whoever must choose how a run ends:
// "configuration", "authorization", "budget" (of calls, time or waits), or "" for any
// other failure.
func (e *Error) Reason() string {
	switch {
	case IsConfig(e):
		return "configuration"
	case IsAuth(e):
		return "authorization"
	case IsRate(e), IsBudget(e):
		return "budget"
	}
	return ""
}

// is reports whether err is an *Error for which ok says yes.
func is(err error, ok func(*Error) bool) bool {
	var e *Error
	return errors.As(err, &e) && ok(e)
}

// IsAuth: a key, a connection or credentials that are refused as a whole, or a
// scope that is missing (see IsScope).
func IsAuth(err error) bool {
	return is(err, func(e *Error) bool {
		switch e.Origin {
		case OriginNango:
			return e.keyRefused() || e.refreshing() || e.Status == http.StatusFailedDependency ||
				e.Code == "server_error" && e.Status == http.StatusBadRequest
		case OriginNetwork, OriginClient, OriginMedia:
			return false
		}
		return e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden && shutOut(e.Message)
	})
}

// shutOut says whether a 403 of v1 means the account as a whole ("caller cannot
// access Confluence", "Current user not permitted to use Confluence").
func shutOut(message string) bool {
	m := strings.ToLower(message)
	return strings.Contains(m, "access confluence") || strings.Contains(m, "use confluence")
}

// IsScope: Atlassian refuses because the connection lacks a scope. Other
// operations may well work.
func IsScope(err error) bool {
	return is(err, func(e *Error) bool {
		return e.Origin == OriginGateway && e.Status == http.StatusUnauthorized &&
			strings.Contains(strings.ToLower(e.Message), "scope")
	})
}

// IsConfig: the request itself is wrong: an unknown integration or connection, a
// malformed header, a URL that must not be sent.
func IsConfig(err error) bool {
	return is(err, func(e *Error) bool {
		if e.Origin == OriginClient {
			return e.Code == CodeRefused
		}
		if e.Code == CodeNotNango {
			return true
		}
		if e.Origin != OriginNango || e.refreshing() {
			return false
		}
		switch e.Code {
		case "not_found", "base_url_override_disabled", "missing_api_url", "unknown_provider", "unsupported_provider",
			"unsupported_auth":
			return true
		}
		unknown := e.Status == http.StatusBadRequest || e.Status == http.StatusNotFound
		return e.malformed() || unknown && (e.part() == blamesConnection || e.part() == blamesIntegration)
	})
}

// IsNotFound: Confluence itself says that the thing named is not there. It is
// never true of Nango's 404, the gateway's, or one that names nothing, which is
// what revoked credentials get. Whoever means to delete needs more proof still.
func IsNotFound(err error) bool {
	return is(err, func(e *Error) bool {
		return e.Origin == OriginConfluence && e.Status == http.StatusNotFound && e.Code != CodeBare404
	})
}

// IsForbidden: Confluence does not permit this one thing.
func IsForbidden(err error) bool {
	return !IsAuth(err) && is(err, func(e *Error) bool {
		return e.Origin == OriginConfluence && e.Status == http.StatusForbidden
	})
}

// IsGone: the endpoint is withdrawn (410) or was never built (501).
func IsGone(err error) bool {
	return is(err, func(e *Error) bool {
		return e.Status == http.StatusGone || e.Status == http.StatusNotImplemented
	})
}

// IsRate: told to wait for longer than this run will.
func IsRate(err error) bool {
	return is(err, func(e *Error) bool { return e.Status == http.StatusTooManyRequests })
}

// IsBudget: a budget is spent: ours of calls, waits or time, or the plan of the
// Nango account.
func IsBudget(err error) bool {
	return is(err, func(e *Error) bool {
		return e.Code == CodeCalls || e.Code == CodeWait || e.Code == CodeDeadline ||
			e.Origin == OriginNango && e.Status == http.StatusPaymentRequired
	})
}

// IsDown: so many failures in a row that the other side counts as down.
func IsDown(err error) bool {
	return is(err, func(e *Error) bool { return e.Code == CodeDown })
}

// isBig: an answer may have failed because it was too big; asking for fewer
// objects may help.
func isBig(err error) bool {
	return is(err, func(e *Error) bool {
		if e.silent || e.keyRefused() {
			return false
		}
		switch e.Code {
		case CodeTruncated, CodeStalled, CodeTooBig:
			return true
		}
		switch e.Status {
		case http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge,
			http.StatusRequestTimeout, 500, 502, 503, 504:
			return true
		}
		return false
	})
}
