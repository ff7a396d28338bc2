package fetch

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestClassify: who spoke and what follows, by status and body. The marks are
// those of kinds: a auth, s scope, c config, n not found, f forbidden, g gone, r
// rate, b budget, B big; tries is how many there may be in all.
func TestClassify(t *testing.T) {
	const (
		notFound = `{"errors":[{"status":404,"code":"NOT_FOUND","title":"Not Found","detail":null}]}`
		noPage   = `{"errors":[{"status":404,"code":"NOT_FOUND",` +
			`"title":"Cannot find a page with id [7]","detail":null}]}`
		html = "<html><body>Bad gateway</body></html>"
	)
	for _, tc := range []struct {
		status int
		body   string
		origin Origin
		code   string
		kinds  string
		tries  int
	}{
		{400, `{"error":{"code":"invalid_headers","errors":[{"code":"x"}]}}`, OriginNango, "invalid_headers", "c", 1},
		{400, `{"error":{"code":"server_error","message":"Failed to get connection"}}`, OriginNango, "server_error",
			"a", 1},
		{400, `{"error":{"code":"base_url_override_not_allowed","message":"m"}}`, OriginNango,
			"base_url_override_not_allowed", "", 3},
		{400, `{"error":{"code":"base_url_override_disabled"}}`, OriginNango, "base_url_override_disabled", "c", 1},
		{400, `{"error":{"code":"server_error","message":"Failed to get connection credentials: 'x'"}}`, OriginNango,
			"server_error", "a", refreshTries},
		{401, `{"error":{"code":"unknown_account","payload":{}}}`, OriginNango, "unknown_account", "a", 1},
		{401, `{"error":{"code":"missing_auth_header"}}`, OriginNango, "missing_auth_header", "a", 1},
		{402, `{"error":{"code":"plan_limit"}}`, OriginNango, "plan_limit", "b", 1},
		{403, `{"error":{"code":"forbidden","message":"Insufficient scope. Required: environment:proxy"}}`, OriginNango,
			"forbidden", "a", 1},
		{404, `{"error":{"code":"unknown_provider_config"}}`, OriginNango, "unknown_provider_config", "c", 1},
		{404, `{"error":{"code":"not_found"}}`, OriginNango, "not_found", "c", 1},
		{424, `{"error":{"code":"connection_refresh_backoff"}}`, OriginNango, "connection_refresh_backoff", "a",
			refreshTries},
		{424, `{"error":{"code":"server_error","message":` +
			`"Failed to get connection credentials: 'The refresh limit has been reached for this connection.'"}}`,
			OriginNango, "server_error", "a", 1},
		{429, `{"error":{"code":"too_many_request","method":"GET"}}`, OriginNango, "too_many_request", "r", rateTries},
		{431, ``, OriginNango, "", "B", 1},
		{500, ``, OriginNango, "", "B", tries},
		{500, `{"error":{"code":"generic_error_support","payload":"1"}}`, OriginNango, "generic_error_support", "B",
			tries},
		{500, `{"message":"socket hang up","code":"ECONNRESET","method":"get"}`, OriginNetwork, "ECONNRESET", "B",
			tries},
		{500, `{"message":"Maximum number","code":"ERR_FR_TOO_MANY_REDIRECTS","method":"get"}`, OriginNetwork,
			"ERR_FR_TOO_MANY_REDIRECTS", "B", 1},
		{404, `{"error":{"code":"some_code_of_a_version"}}`, OriginNango, "some_code_of_a_version", "", 1},
		{404, `{"error":{"code":404}}`, OriginEdge, "", "", 1},
		{404, `{"error":{}}`, OriginEdge, "", "", 1},
		{404, `{"error":{"code":""}}`, OriginEdge, "", "", 1},
		// The key, by whatever code: older servers say so by 500.
		{401, `{"error":{"code":"invalid_secret_key"}}`, OriginNango, "invalid_secret_key", "a", 1},
		{401, `{"error":{"code":"whatever","message":"no"}}`, OriginNango, "whatever", "a", 1},
		{500, `{"error":{"code":"unhandled_unknown_user_account"}}`, OriginNango, "unhandled_unknown_user_account", "a",
			2},
		{500, `{"error":{"code":"unhandled_invalid_secret_key_format"}}`, OriginNango,
			"unhandled_invalid_secret_key_format", "a", 2},
		{500, `{"error":{"code":"unhandled_server_error"}}`, OriginNango, "unhandled_server_error", "B", tries},
		{503, `{"error":{"code":"unknown_account"}}`, OriginNango, "unknown_account", "B", tries},
		{403, `{"error":{"code":"insufficient_scope"}}`, OriginNango, "insufficient_scope", "a", 1},
		{403, `{"error":{"code":"file_gone_there"}}`, OriginNango, "file_gone_there", "", 1},
		// Its database is down: it cannot look the key up, and a header that is none is never sent.
		{401, `{"error":{"code":"malformed_auth_header","message":"m"}}`, OriginNango, "malformed_auth_header", "",
			tries},
		// The token is not renewed, for a while or for good.
		{400, `{"error":{"code":"invalid_credentials","message":"m","payload":{"connection":{}}}}`, OriginNango,
			"invalid_credentials", "a", refreshTries},
		{424, `{"error":{"code":"invalid_credentials"}}`, OriginNango, "invalid_credentials", "a", refreshTries},
		{424, `{"error":{"code":"invalid_credentials",` +
			`"message":"The refresh limit has been reached for this connection."}}`,
			OriginNango, "invalid_credentials", "a", 1},
		{400, `{"error":{"code":"refresh_token_external_error"}}`, OriginNango, "refresh_token_external_error", "a",
			refreshTries},
		// Settings that it does not take, or does not know.
		{400, `{"error":{"code":"invalid_uri_params","errors":[{"message":"Invalid","path":["connectionId"]}]}}`,
			OriginNango, "invalid_uri_params", "c", 1},
		{400, `{"error":{"code":"invalid_something","errors":"none"}}`, OriginNango, "invalid_something", "c", 1},
		{400, `{"error":{"code":"unknown_provider_config"}}`, OriginNango, "unknown_provider_config", "c", 1},
		{404, `{"error":{"code":"connection_not_found"}}`, OriginNango, "connection_not_found", "c", 1},
		{404, `{"error":{"code":"unknown_integration_of_some_kind"}}`, OriginNango, "unknown_integration_of_some_kind",
			"c", 1},
		{500, `{"error":{"code":"failed_to_get_connection"}}`, OriginNango, "failed_to_get_connection", "B", tries},
		{404, `{"error":"invalid_grant"}`, OriginEdge, "", "", 1},
		{404, notFound, OriginConfluence, CodeBare404, "", 1},
		{404, noPage, OriginConfluence, "NOT_FOUND", "n", 1},
		{404, `{"statusCode":404,"data":{},"message":"No content found with id : 7"}`, OriginConfluence, "", "n", 1},
		{404, html, OriginEdge, "", "", 1},
		{404, `{"code":404,"message":"no such site"}`, OriginGateway, "", "", 1},
		{404, `null`, OriginEdge, "", "", 1},
		{404, `[]`, OriginEdge, "", "", 1},
		{401, `{"code":401,"message":"Unauthorized; scope does not match"}`, OriginGateway, "", "as", 1},
		{401, `{"code":401,"message":"Unauthorized"}`, OriginGateway, "", "a", 2},
		{403, `{"statusCode":403,"message":"Current user not permitted to use Confluence"}`, OriginConfluence, "",
			"a", 1},
		{403, `{"statusCode":403,"message":"com.atlassian.confluence.PermissionException: no"}`, OriginConfluence, "",
			"f", 1},
		{410, `{"statusCode":410,"message":"This deprecated endpoint has been removed"}`, OriginConfluence, "", "g", 1},
		{400, `{"errorMessages":["The query 'secret words' is unbounded"],"errors":{}}`, OriginJira, "", "", 1},
		{404, `{"errorMessages":["gone"],"errors":{}}`, OriginJira, "", "", 1},
		{409, `{"errors":[{"code":"CONFLICT","title":"t"}]}`, OriginConfluence, "CONFLICT", "", 2},
		{413, html, OriginEdge, "", "B", 1},
		{429, `{"code":429,"message":"Rate limit exceeded"}`, OriginGateway, "", "r", rateTries},
		{502, html, OriginEdge, "", "B", tries},
		{503, `upstream connect error`, OriginEdge, "", "B", tries},
		{504, ``, OriginEdge, "", "B", tries},
		{501, html, OriginEdge, "", "g", 1},
	} {
		e := classify("op", tc.status, http.Header{}, []byte(tc.body))
		if e.Origin != tc.origin || e.Code != tc.code {
			t.Errorf("%d %s: %s %q, want %s %q", tc.status, tc.body, e.Origin, e.Code, tc.origin, tc.code)
		}
		if got := kinds(e); got != tc.kinds {
			t.Errorf("%d %s: kinds %q, want %q", tc.status, tc.body, got, tc.kinds)
		}
		if got := e.remedy().tries; got != tc.tries {
			t.Errorf("%d %s: %d tries, want %d", tc.status, tc.body, got, tc.tries)
		}
	}
}

// kinds returns the marks of TestClassify.
func kinds(err error) string {
	var b strings.Builder
	for _, k := range []struct {
		mark byte
		is   func(error) bool
	}{
		{'a', IsAuth}, {'s', IsScope}, {'c', IsConfig}, {'n', IsNotFound}, {'f', IsForbidden}, {'g', IsGone},
		{'r', IsRate}, {'b', IsBudget}, {'d', IsDown}, {'B', isBig},
	} {
		if k.is(err) {
			b.WriteByte(k.mark)
		}
	}
	return b.String()
}

// TestErrorText: the operation, who, the status, what to do; nothing else.
func TestErrorText(t *testing.T) {
	for _, tc := range []struct {
		err  *Error
		want string
	}{
		{classify("pages", 404, nil, []byte(`{"error":{"code":"unknown_provider_config",`+
			`"message":"Provider config not found"}}`)),
			"pages: nango answered 404 (unknown_provider_config): Provider config not found; " +
				"check nango.integration_id"},
		{classify("spaces", 401, nil, []byte(`{"code":401,"message":"Unauthorized; scope does not match"}`)),
			"spaces: gateway answered 401: Unauthorized; scope does not match; for spaces, their descriptions and " +
				"default classification, add the scope read:space:confluence to the app first (AGC developer " +
				"console > Permissions), then to the integration in Nango, and authorize the connection again"},
		{classify("connection", 400, nil,
			[]byte(`{"error":{"code":"invalid_uri_params","errors":[{"code":"invalid_string",`+
				`"message":"Invalid","path":["connectionId"]},{"message":"Required","path":["x",1]}]}}`)),
			"connection: nango answered 400 (invalid_uri_params): connectionId: Invalid, x.: Required; check " +
				"nango.connection_id"},
		{classify("user", 401, nil, []byte(`{"error":{"code":"of_a_later_version","message":"Key \u001b[2J gone"}}`)),
			"user: nango answered 401 (of_a_later_version): Key [2J gone; check the Nango secret key first: " +
				"that it is whole, of this Nango server, and of the right environment"},
		{classify("user", 401, nil, []byte(`{"error":{"code":"malformed_auth_header","message":"Malformed."}}`)),
			"user: nango answered 401 (malformed_auth_header): Malformed.; Nango could not look the key up, its " +
				"database may be down: run again later, and check the Nango secret key only if this lasts"},
		{classify("user", 403, nil, []byte(`{"error":{"code":"forbidden","message":"Insufficient scope. Required: `+
			`environment:connections:read"}}`)),
			"user: nango answered 403 (forbidden): Insufficient scope. Required: environment:connections:read; " +
				"give the Nango key the scope environment:connections:read"},
		{classify("user", 401, nil, []byte(`Unauthorized`)),
			"user: edge answered 401; check the Nango secret key first; if it is right, authorize the connection " +
				"again in Nango"},
		{classify("user", 424, nil, []byte(`{"error":{"code":"server_error","message":"Failed to get connection `+
			`credentials: 'The refresh limit has been reached for this connection.'"}}`)),
			"user: nango answered 424 (server_error): Failed to get connection credentials: 'The refresh limit " +
				"has been reached for this connection.'; authorize the connection again in Nango"},
		{&Error{Origin: OriginNetwork, Op: "user", Code: CodeConnection, Err: errors.New("connection refused")},
			"user: no answer (connection): connection refused; check nango.base_url and the network"},
		{&Error{Origin: OriginClient, Op: "user", Code: CodeCalls},
			"user: max_calls; the next run goes on where this one stopped"},
		{classify("page", 403, nil, []byte("{\"statusCode\":403,\"message\":\"no \\u001b[31m\\n "+
			"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc\"}")),
			"page: confluence answered 403: no [31m […]"},
	} {
		if got := tc.err.Error(); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}

// FuzzClassify: no body but Confluence's own can make a thing count as not found,
// and no message is long or holds control characters.
func FuzzClassify(f *testing.F) {
	f.Add(404, `{"errors":[{"title":"x"}]}`)
	f.Add(404, `{"statusCode":404,"message":"x"}`)
	f.Add(404, `{"error":{"code":"not_found","message":"\u0000"}}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		e := classify("op", status, http.Header{}, []byte(body))
		if IsNotFound(e) && !strings.Contains(strings.ToLower(body), "errors") &&
			!strings.Contains(strings.ToLower(body), "statuscode") {
			t.Errorf("not found by %q", body)
		}
		if len([]rune(e.Message)) > 201 || strings.ContainsAny(e.Message, "\x00\x1b\n") || len(e.Code) > 64 {
			t.Errorf("message %q, code %q", e.Message, e.Code)
		}
		_ = e.Error()
	})
}

// date is the Date header that the moments of TestWait relate to.
const date = "Mon, 23 Nov 2026 16:00:00 GMT"

// TestWait: Retry-After in all its forms, within bounds. Up to a fifth is added.
func TestWait(t *testing.T) {
	const longest = 5 * time.Minute
	for _, tc := range []struct {
		after string
		try   int
		want  time.Duration
	}{
		{"", 1, time.Second}, {"", 2, 2 * time.Second}, {"", 4, 8 * time.Second}, {"", 40, 60 * time.Second},
		{"7", 1, 7 * time.Second}, {" 7 ", 1, 7 * time.Second}, {"1.5", 1, 1500 * time.Millisecond},
		{"0", 1, time.Second}, {"0", 3, 4 * time.Second}, {"-5", 1, time.Second}, {"0.001", 1, time.Second},
		{"9223372036854775807", 1, longest}, {"99999999999999999999", 1, longest}, {"1e400", 1, longest},
		{"3600", 1, longest},
		{"Mon, 23 Nov 2026 16:00:20 GMT", 1, 20 * time.Second},
		{"Monday, 23-Nov-26 16:00:20 GMT", 1, 20 * time.Second},
		{"Mon, 23 Nov 2020 16:00:20 GMT", 1, time.Second},
		{"2026-11-23T16:00:30Z", 1, 30 * time.Second}, {"2026-11-23T16:01Z", 1, 60 * time.Second},
		{"2026-11-23T18:01+02:00", 1, 60 * time.Second},
		{"1795449640", 1, 40 * time.Second}, {"1795449640000", 1, 40 * time.Second},
		{"soon", 1, time.Second}, {"NaN", 1, time.Second}, {"7,8", 1, time.Second}, {"+Inf", 1, longest},
	} {
		e := &Error{Op: "op", Status: 429, after: tc.after, date: date}
		got := e.wait(tc.try, longest)
		if got < tc.want || got > tc.want+tc.want/5 || got > longest {
			t.Errorf("Retry-After %q, try %d: %v, want %v", tc.after, tc.try, got, tc.want)
		}
	}
	for _, tc := range []struct {
		err  *Error
		want time.Duration
	}{
		{&Error{Status: 429, reset: "1795449650", date: date}, 50 * time.Second},
		{&Error{Status: 429, reset: "2026-11-23T16:02Z", date: date}, 2 * time.Minute},
		{&Error{Status: 429, reset: "2026-11-23T16:02Z"}, time.Second}, // without a Date nobody knows
		{&Error{Status: 503, reset: "1795449650", date: date}, time.Second},
		{&Error{Status: 424, Code: "connection_refresh_backoff"}, refreshWait},
		{&Error{Status: 424, Code: "connection_refresh_backoff", after: "2"}, refreshWait},
		{&Error{Status: 401, Origin: OriginGateway}, 5 * time.Second},
	} {
		if got := tc.err.wait(1, longest); got < tc.want || got > tc.want+tc.want/5 {
			t.Errorf("%+v: %v, want %v", tc.err, got, tc.want)
		}
	}
}

// FuzzWait: no header makes a wait leave its bounds.
func FuzzWait(f *testing.F) {
	for _, s := range []string{"", "7", "-1", "1e308", "NaN", "2026-11-23T16:00Z", "Mon, 23 Nov 2026 16:00:00 GMT",
		"9223372036854775807"} {
		f.Add(s, s, date, 1)
	}
	f.Fuzz(func(t *testing.T, after, reset, date string, try int) {
		e := &Error{Op: "op", Status: 429, after: after, reset: reset, date: date}
		if d := e.wait(try, time.Minute); d < time.Second || d > time.Minute {
			t.Errorf("waits %v", d)
		}
	})
}
