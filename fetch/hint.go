package fetch

import "net/http"

// hints says what to do about an answer of Nango, by its code.
var hints = map[string]string{
	"missing_auth_header":       "set the Nango secret key",
	"invalid_secret_key_format": "check the Nango secret key: it is a UUID",
	"unknown_account":           "check the Nango secret key: this Nango server does not know it",
	"not_found":                 "check nango.connection_id",
	"plan_limit":                "the Nango plan's calls are used up: wait for the next month or change the plan",
	"too_many_request":          "run later, or ask Nango for a higher limit",
	"server_error": "check nango.connection_id; if it is right, authorize the connection again " +
		"in Nango",
	"base_url_override_disabled":    "set confluence.cloud_id: this Nango server allows no other host",
	"base_url_override_not_allowed": "Nango may not call that host: look at its outbound policy and its DNS",
	CodeProxy: "HTTPS_PROXY names a proxy that refuses: for a 407 give it " +
		"http://NAME:PASSWORD@HOST:PORT; to go past it, name the host in NO_PROXY",
	CodeConnection: "check nango.base_url and the network",
	CodeNotJSON: "something between here and Nango answers with a web page: check nango.base_url " +
		"and proxies",
	CodeCalls:    "the next run goes on where this one stopped",
	CodeWait:     "the next run goes on where this one stopped",
	CodeDeadline: "the next run goes on where this one stopped",
	CodeHost:     "if that host is Atlassian's, add it to confluence.media_hosts",
	CodeCredentials: "give the Nango key the scope environment:connections:read_credentials, or set " +
		"nango.mode to proxy",
	CodeDown: "the other side seems down: run again later",
	CodeBare404: "either it does not exist or the connection has lost its access: authorize it " +
		"again if the account is refused too",
	CodeNotNango: "check nango.base_url: what answers there is not Nango's API",
	CodeStalled: "what answers there takes requests and falls silent: look at Nango and at proxies before it, or run " +
		"again later",
	CodeStatus: "nothing that answers so is expected here: check nango.base_url",
}

// Hint says what to do next, or nothing.
func (e *Error) Hint() string {
	if e.Origin == OriginMedia && e.Status == 0 {
		return "this machine must reach the host that Atlassian keeps files on: look at its firewall"
	}
	if e.Origin == OriginNango {
		if h := e.nangoHint(); h != "" {
			return h
		}
	} else if h := hints[e.Code]; h != "" {
		return h
	}
	switch {
	case e.Code == CodeTLS:
		return tlsHint(e.Err)
	case IsScope(e):
		if s := ScopeOf(e.Op); s.Name != "" {
			return "for " + s.For + ", " + AddScope(s.Name)
		}
		return AddScope("")
	case e.Status == http.StatusUnauthorized && e.Origin == OriginEdge:
		return "check the Nango secret key first; if it is right, authorize the connection again in Nango"
	case e.Status == http.StatusUnauthorized:
		return "authorize the connection again in Nango"
	case IsAuth(e):
		return "the account of the connection cannot use Confluence: check its licence and groups"
	case e.Status == http.StatusTooManyRequests:
		return "the limit of the tenant is spent: run later"
	case e.Status == http.StatusGone:
		return "the API has changed: look for a newer agc-export"
	}
	return ""
}

// AddScope says how a connection comes to a scope, in the order in which its lack has to be
// looked for: an app that does not ask for it gives it to nobody.
func AddScope(name string) string {
	if name == "" {
		name = "that is missing"
	}
	return "add the scope " + name + " to the app first (AGC developer console > Permissions), " +
		"then to the integration in Nango, and authorize the connection again"
}
