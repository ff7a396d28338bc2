package faketenant

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
)

// tokenExpires is when all access tokens expire.
const tokenExpires = "2099-01-01T00:00:00.000Z"

// tokens are the access tokens that Nango got for the connection, by number. Those
// below least are refused.
type tokens struct{ newest, least int }

// token is the access token with a number.
func token(n int) string { return "eyJ0eXAiOiJKV1QifQ.ZmFrZSBhY2Nlc3MgdG9rZW4." + strconv.Itoa(1000+n) }

// Token returns the access token that Nango gives now.
func (t *Tenant) Token() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return token(t.tokens.newest)
}

// Revoke makes the access tokens worthless that there are so far. Nango does not
// notice: it gives the same until it is told to refresh.
func (t *Tenant) Revoke() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tokens.least = t.tokens.newest + 1
}

// refresh makes Nango get a token anew.
func (t *Tenant) refresh() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tokens.newest++
}

// credentials are those of the connection as Nango gives them.
func (t *Tenant) credentials() obj {
	value := t.Token()
	return obj{"type": "OAUTH2", "access_token": value, "expires_at": tokenExpires,
		"raw": obj{"access_token": value, "expires_in": 3600, "token_type": "Bearer",
			"scope": "read:page:confluence offline_access"}}
}

// direct answers a request that does not come through Nango: as Atlassian's API to an
// access token, and as the media host.
func (t *Tenant) direct(r *http.Request, op *Operation) answer {
	if strings.HasPrefix(r.URL.Path, "/file/") {
		if r.Header.Get("Authorization") != "" {
			return answer{status: http.StatusBadRequest, header: jsonType(),
				body: []byte(`{"error":{"code":"AuthorizationNotExpected"}}`)}
		}
		return t.world.media(mediaHost + r.RequestURI)
	}
	n, err := strconv.Atoi(strings.TrimPrefix(r.Header.Get("Authorization"),
		"Bearer "+strings.TrimSuffix(token(0), "1000")))
	t.mu.Lock()
	good := err == nil && n-1000 >= t.tokens.least && n-1000 <= t.tokens.newest
	t.mu.Unlock()
	if !good {
		return refuseGateway(http.StatusUnauthorized, "Unauthorized")
	}
	if r.Header.Get("Connection-Id") != "" || r.Header.Get("Nango-Proxy-User-Agent") != "" {
		return refuseGateway(http.StatusBadRequest, "the fake refuses what only Nango should see")
	}
	if r.URL.Path == "/oauth/token/accessible-resources" {
		return t.resources()
	}
	a := t.product(r, op)
	if to := a.header.Get("Location"); to != "" {
		a.header.Set("Location", strings.Replace(to, mediaHost, cmp.Or(t.MediaURL, mediaHost), 1))
	}
	return a
}

// resources answers accessible-resources.
func (t *Tenant) resources() answer {
	w := t.world
	return ok(encode([]obj{
		{"id": w.site.CloudID, "name": w.site.Name, "url": w.site.URL, "scopes": []string{"read:jira-work"},
			"avatarUrl": w.site.URL + "/a.png"},
		{"id": w.site.CloudID, "name": w.site.Name, "url": w.site.URL, "scopes": t.Scopes},
	}))
}

// allScopes are those of Confluence that read.
var allScopes = []string{
	"offline_access", "read:attachment:confluence", "read:comment:confluence", "read:configuration:confluence",
	"read:confluence-content.all", "read:confluence-user", "read:content.metadata:confluence",
	"read:database:confluence",
	"read:embed:confluence", "read:folder:confluence", "read:label:confluence", "read:page:confluence",
	"read:space:confluence",
	"read:task:confluence", "read:user:confluence", "read:whiteboard:confluence",
	"readonly:content.attachment:confluence",
	"search:confluence",
}
