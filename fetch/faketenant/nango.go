package faketenant

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"agc-export/render/expression"
)

// refuseNango is an error of Nango itself.
func refuseNango(status int, code, message string) answer {
	return answer{status: status, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}},
		body: encode(obj{"error": obj{"code": code, "message": message}})}
}

// refuseGateway is an error of Atlassian's API gateway.
func refuseGateway(status int, message string) answer {
	return answer{status: status, header: jsonType(), body: encode(obj{"code": status, "message": message})}
}

var (
	uuid4        = expression.New(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	goodProvider = expression.New(`^[a-zA-Z0-9~:.@ _-]{1,255}$`)
	goodConn     = expression.New(`^[a-zA-Z0-9,.;:=+~\[\]|@${}"'\\/_ -]{1,255}$`)
)

// useless are request headers that do not reach Confluence, or do harm; the fake
// refuses them so that nobody relies on them.
var useless = []string{"Range", "If-None-Match", "If-Modified-Since", "Retries", "Retry-On", "Decompress",
	"Nango-Is-Script", "Nango-Proxy-Range", "Nango-Proxy-Authorization", "Cookie"}

// nango answers a request as Nango does.
func (t *Tenant) nango(r *http.Request, op *Operation) answer {
	switch {
	case strings.HasPrefix(r.URL.Path, "/connections/"):
		if a := t.key(r); a != nil {
			return *a
		}
		return t.connection(r)
	case strings.HasPrefix(r.URL.Path, "/proxy/"):
		a := t.key(r)
		if a == nil {
			a = t.headers(r)
		}
		if a != nil {
			return *a
		}
		return buffered(t.proxied(r, op))
	}
	if t.Credentials && (strings.HasPrefix(r.URL.Path, "/ex/") || strings.HasPrefix(r.URL.Path, "/oauth/") ||
		strings.HasPrefix(r.URL.Path, "/file/")) {
		return t.direct(r, op)
	}
	return answer{status: http.StatusNotFound, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		body: []byte("<!DOCTYPE html><html><body><pre>Cannot GET it</pre></body></html>")}
}

// key checks the secret key; nil: it is right.
func (t *Tenant) key(r *http.Request) *answer {
	refuse := func(code, message string) *answer {
		a := refuseNango(http.StatusUnauthorized, code, message)
		return &a
	}
	header := r.Header.Get("Authorization")
	key := strings.TrimPrefix(header, "Bearer ")
	switch {
	case header == "":
		return refuse("missing_auth_header", "Authentication failed. The request is missing the Authorization header.")
	case !uuid4.MatchString(key):
		return refuse("invalid_secret_key_format", "Authentication failed. The provided secret key is not a UUID v4.")
	case key != Key:
		return refuse("unknown_account", "Authentication failed. The provided secret key does not match any account.")
	}
	return nil
}

// headers checks the headers of a proxied request; nil: they are right.
func (t *Tenant) headers(r *http.Request) *answer {
	var a answer
	provider, conn := r.Header.Get("Provider-Config-Key"), r.Header.Get("Connection-Id")
	switch {
	case !goodProvider.MatchString(provider) || !goodConn.MatchString(conn):
		a = answer{status: http.StatusBadRequest, header: jsonType(), body: encode(obj{"error": obj{
			"code": "invalid_headers", "errors": []obj{{"code": "invalid_type", "message": "Invalid",
				"path": []string{"connection-id"}}}}})}
	case r.Method == http.MethodHead || strings.EqualFold(r.Header.Get("Forward-Headers-On-Redirect"), "true"):
		a = refuseNango(http.StatusBadRequest, "invalid_headers", "the fake refuses what would do harm")
	case provider != Integration:
		a = refuseNango(http.StatusNotFound, "unknown_provider_config",
			"Provider config not found for the given provider config key.")
	case conn != Connection:
		a = refuseNango(http.StatusBadRequest, "server_error", "Failed to get connection")
	default:
		for _, name := range useless {
			if r.Header.Get(name) != "" {
				a = refuseNango(http.StatusBadRequest, "invalid_headers", "the fake refuses the header "+name)
				return &a
			}
		}
		return nil
	}
	return &a
}

// connection answers /connections/{id}, with credentials where the key may read
// them.
func (t *Tenant) connection(r *http.Request) answer {
	for name := range r.URL.Query() {
		if name != "provider_config_key" && name != "force_refresh" && name != "refresh_token" {
			return refuseNango(http.StatusBadRequest, "invalid_query_params", "unknown parameter "+name)
		}
	}
	if !goodConn.MatchString(strings.TrimPrefix(r.URL.Path, "/connections/")) {
		return answer{status: http.StatusBadRequest, header: jsonType(), body: encode(obj{"error": obj{
			"code": "invalid_uri_params", "errors": []obj{{"code": "invalid_string", "message": "Invalid",
				"path": []string{"connectionId"}}}}})}
	}
	if r.URL.Query().Get("provider_config_key") != Integration {
		return refuseNango(http.StatusBadRequest, "unknown_provider_config", "Provider does not exist")
	}
	if strings.TrimPrefix(r.URL.Path, "/connections/") != Connection {
		return refuseNango(http.StatusNotFound, "not_found", "Failed to find connection")
	}
	credentials := obj{}
	force := r.URL.Query().Get("force_refresh") == "true"
	switch {
	case t.Credentials && force:
		t.refresh()
		credentials = t.credentials()
	case t.Credentials:
		credentials = t.credentials()
	case force:
		return refuseNango(http.StatusForbidden, "forbidden",
			"Insufficient scope. Required: environment:connections:read_credentials")
	}
	w := t.world
	return ok(encode(obj{
		"id": 1, "connection_id": Connection, "provider_config_key": Integration,
		"provider": "atlassian-government-cloud",
		"errors":   []obj{}, "end_user": nil, "tags": obj{}, "metadata": obj{}, "webhook_url_override": nil,
		"connection_config": obj{"cloudId": w.site.CloudID, "baseUrl": w.site.URL, "accountId": w.users[0].ID},
		"created_at":        epoch, "updated_at": epoch, "last_fetched_at": epoch, "credentials": credentials,
	}))
}

// proxied hands a request on to Atlassian's API, or to the host that it asks for,
// and follows where that redirects to.
func (t *Tenant) proxied(r *http.Request, op *Operation) answer {
	if strings.Contains(r.RequestURI, "${") {
		return refuseNango(http.StatusInternalServerError, "generic_error_support",
			"here Nango would have put a credential into the URL")
	}
	for part := range strings.SplitSeq(strings.ToLower(r.URL.EscapedPath()), "/") {
		if strings.ReplaceAll(part, "%2e", ".") == "." || strings.ReplaceAll(part, "%2e", ".") == ".." {
			return refuseNango(http.StatusBadRequest, "invalid_headers", "the fake refuses dots as a part of the path")
		}
	}
	if r.URL.Path == "/proxy/oauth/token/accessible-resources" {
		return t.resources()
	}
	a := t.product(r, op)
	if a.status == http.StatusFound {
		a = t.world.media(a.header.Get("Location"))
	}
	return a
}

// product answers a request as Atlassian's API does.
func (t *Tenant) product(r *http.Request, op *Operation) answer {
	product, cloud, below := address(r.URL.Path)
	if cloud != t.world.site.CloudID || product == "jira" && t.world.issues == nil ||
		product != "jira" && product != "confluence" {
		return refuseGateway(http.StatusNotFound, "No such site")
	}
	if op == nil {
		for _, gone := range removed {
			if strings.HasPrefix(below, gone) {
				return refuseV1(http.StatusGone, "This deprecated endpoint has been removed.")
			}
		}
		return refuseV2(http.StatusNotFound, "NOT_FOUND", "Not Found")
	}
	// Nango rewrites this word wherever it stands in an address.
	query, err := url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, "connectionConfig", "connection_config"))
	vars, _ := match(op.Path, below)
	req := &request{op: *op, vars: vars, query: query, max: t.SearchMax, roots: t.RootsOnly, self: below}
	for _, name := range []string{"id", "page-id", "blogpost-id", "comment-id"} {
		if vars[name] != "" {
			req.id = vars[name]
		}
	}
	if err != nil {
		return req.bad("the query is malformed")
	}
	if a := req.check(); a != nil {
		return *a
	}
	if req.body, err = io.ReadAll(io.LimitReader(r.Body, 1<<20)); err != nil {
		return req.bad("the body cannot be read")
	}
	if op.Method == http.MethodPost && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return req.refuse(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "the body is not declared as JSON")
	}
	return op.answer(t.world, req)
}

// buffered takes away what Nango loses: of a good answer that it holds in memory
// only a few headers come through. Files are streamed, with all of theirs, and so
// are refusals.
func buffered(a answer) answer {
	if a.status >= 300 || a.file != nil {
		return a
	}
	kept := http.Header{}
	for _, name := range []string{"Content-Type", "X-Request-Id", "X-Correlation-Id"} {
		if v := a.header.Get(name); v != "" {
			kept.Set(name, v)
		}
	}
	kept.Set("Etag", `W/"`+strconv.Itoa(len(a.body))+`"`)
	kept.Set("X-RateLimit-Limit", "200")
	kept.Set("X-RateLimit-Remaining", "199")
	kept.Set("X-RateLimit-Reset", "1767225600")
	a.header = kept
	return a
}
