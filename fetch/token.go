package fetch

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"agc-export/fetch/nango"
)

const (
	defaultAPI   = "https://api.atlassian-us-gov-mod.com"
	tokenMargin  = 5 * time.Minute // before its end a token counts as used up; Nango renews it 15 minutes before
	tokenRefresh = time.Minute     // between questions where Nango gives nothing that lasts longer
	maxHops      = 5               // redirects of one download
)

// mediaSuffixes are the ends of host names that the bytes of attachments may come
// from, beside those of the configuration.
var mediaSuffixes = []string{".atlassian-us-gov-mod.com", ".atlassian-us-gov-mod.net"}

// tokenDoor is the way straight to Atlassian's API. The access token stands in memory
// only, goes into the header of requests to the API host, and nowhere else.
type tokenDoor struct {
	c     *Client
	api   string // without a slash at its end
	hosts []string

	asking chan struct{} // holds one value while nobody asks Nango

	mu    sync.Mutex
	token nango.Key
	until time.Time   // ask again from then on; zero: only when it is refused
	dead  bool        // refused by the API
	given []nango.Key // all tokens so far, never to be seen
	conn  connection
}

func newTokenDoor(c *Client, api string) *tokenDoor {
	d := &tokenDoor{c: c, api: api, hosts: c.cfg.MediaHosts, asking: make(chan struct{}, 1)}
	d.asking <- struct{}{}
	return d
}

// ready asks Nango for a token where there is none that will do, one worker for all.
func (d *tokenDoor) ready(ctx context.Context) error {
	select {
	case <-d.asking:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { d.asking <- struct{}{} }()
	d.mu.Lock()
	dead := d.dead
	good := !d.token.IsZero() && !dead && (d.until.IsZero() || time.Now().Before(d.until))
	d.mu.Unlock()
	if good {
		return nil
	}
	return d.ask(ctx, dead)
}

// credentials is Nango's answer about a connection to a key that may see its
// credentials.
type credentials struct {
	connection
	Credentials struct {
		AccessToken string `json:"access_token"`
		ExpiresAt   string `json:"expires_at"`
	} `json:"credentials"`
}

// ask takes the connection's access token from Nango; with force, one that was made
// anew.
func (d *tokenDoor) ask(ctx context.Context, force bool) error {
	var more query
	if force {
		more = query{{"force_refresh", "true"}}
	}
	got, _, err := askConnection[credentials](ctx, d.c, more)
	token := got.Credentials.AccessToken
	if noCredentials(err) || err == nil && token == "" {
		return &Error{Origin: OriginNango, Op: "connection", Status: http.StatusForbidden, Code: CodeCredentials}
	}
	if err != nil {
		return err
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return shape("connection", "an access token that cannot be sent in a header")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.token, d.dead, d.conn, d.until = nango.NewKey(token), false, got.connection, time.Time{}
	d.conn.Credentials.ExpiresAt = str(got.Credentials.ExpiresAt)
	d.given = append(d.given, d.token)
	if end, err := time.Parse(time.RFC3339, got.Credentials.ExpiresAt); err == nil {
		d.until = end.Add(-tokenMargin)
		if soon := time.Now().Add(tokenRefresh); d.until.Before(soon) {
			d.until = soon
		}
	}
	return nil
}

// noCredentials says whether Nango's key may not see credentials.
func noCredentials(err error) bool {
	return is(err, func(e *Error) bool { return e.Origin == OriginNango && e.Status == http.StatusForbidden })
}

func (d *tokenDoor) address(k call) (string, http.Header) {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := http.Header{"Authorization": {"Bearer " + d.token.Reveal()}}
	if !k.plain {
		h.Set("Accept", "application/json")
	}
	if scheme, host, ok := strings.Cut(d.api, "://api."); k.auth && ok {
		return scheme + "://auth." + host, h
	}
	return d.api, h
}

// refused gives the token up that a request was refused with, if it is still the
// one in use. Nango has no word here.
func (d *tokenDoor) refused(req *http.Request, e *Error) {
	if e.Origin == OriginNango {
		e.Origin = OriginEdge
	}
	if e.Status != http.StatusUnauthorized || IsScope(e) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if req.Header.Get("Authorization") == "Bearer "+d.token.Reveal() {
		d.dead = true
	}
}

// follow goes without the token, over https (or, for a door on this machine, to this
// machine), and only to hosts that are allowed.
func (d *tokenDoor) follow(ctx context.Context, op, from, location string) (*http.Request, error) {
	at, err := url.Parse(from)
	if err != nil {
		return nil, &Error{Origin: OriginClient, Op: op, Code: CodeHost}
	}
	to, err := at.Parse(location)
	if err != nil || location == "" {
		return nil, &Error{Origin: OriginClient, Op: op, Code: CodeHost, Message: "to an address that is none"}
	}
	local := to.Scheme == "http" && loopback(to.Hostname()) && strings.HasPrefix(d.api, "http://")
	if to.Scheme != "https" && !local || to.User != nil || !d.allowed(to.Hostname()) {
		return nil, &Error{Origin: OriginClient, Op: op, Code: CodeHost,
			Message: "to " + tidy(to.Scheme+"://"+to.Hostname())}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, to.String(), http.NoBody)
	if err != nil {
		return nil, &Error{Origin: OriginClient, Op: op, Code: CodeHost, Message: "to an address that is none"}
	}
	req.Header.Set("User-Agent", d.c.cfg.UserAgent)
	req.Header.Set("Accept-Encoding", "identity")
	return req, nil
}

// allowed says whether bytes may come from a host. An entry with a dot in front
// allows all hosts below it.
func (d *tokenDoor) allowed(host string) bool {
	host = strings.ToLower(host)
	return slices.ContainsFunc(slices.Concat(mediaSuffixes, d.hosts), func(entry string) bool {
		entry = strings.ToLower(entry)
		return host == entry || strings.HasPrefix(entry, ".") && strings.HasSuffix(host, entry)
	})
}

// connection returns what came with the token.
func (d *tokenDoor) connection(ctx context.Context) (connection, error) {
	if err := d.ready(ctx); err != nil {
		return connection{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.conn, nil
}

func (d *tokenDoor) redact(text string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.given {
		text = strings.ReplaceAll(text, s.Reveal(), nango.Hidden)
	}
	return text
}
