package fetch

import (
	"context"
	"net/http"
	"strings"

	"agc-export/fetch/nango"
)

// door is a way to Atlassian's API. Nothing but the doors knows which one it is.
type door interface {
	// ready makes sure that a request can be sent, before it waits for its turn.
	ready(ctx context.Context) error

	// address returns where the path of a call begins, and the headers to send there.
	address(k call) (base string, header http.Header)

	// refused hears of a request that was not taken, and corrects who spoke.
	refused(req *http.Request, e *Error)

	// follow returns the request for the file that an answer redirects to, given the
	// address of that answer, or nil where redirects are not expected.
	follow(ctx context.Context, op, from, location string) (*http.Request, error)

	// connection returns what Nango says about the connection.
	connection(ctx context.Context) (connection, error)

	// redact takes the secrets of the door out of a text that others wrote.
	redact(text string) string
}

// proxyDoor is the way through Nango's proxy. Nango follows redirects itself; one
// that reaches this program would carry the key elsewhere.
type proxyDoor struct{ c *Client }

func (d proxyDoor) ready(context.Context) error { return nil }

func (d proxyDoor) address(k call) (string, http.Header) {
	h := d.c.nangoHeader()
	h.Set("Nango-Proxy-User-Agent", d.c.cfg.UserAgent)
	if k.auth {
		h.Set("Base-Url-Override", authHost)
	}
	if k.body != nil { // beside the plain one: Nango parses the body or hands it on raw, as its account is set
		h.Set("Nango-Proxy-Content-Type", "application/json")
	}
	return d.c.base + "/proxy", h
}

func (d proxyDoor) refused(*http.Request, *Error) {}

func (d proxyDoor) follow(context.Context, string, string, string) (*http.Request, error) {
	return nil, nil
}

func (d proxyDoor) connection(ctx context.Context) (connection, error) {
	conn, _, err := askConnection[connection](ctx, d.c, nil)
	return conn, err
}

func (d proxyDoor) redact(text string) string { return text }

// nangoHeader is what Nango wants of every request.
func (c *Client) nangoHeader() http.Header {
	h := http.Header{}
	h.Set("Authorization", "Bearer "+c.cfg.Secret.Reveal())
	h.Set("Provider-Config-Key", c.cfg.Integration)
	h.Set("Connection-Id", c.cfg.Connection)
	return h
}

// askConnection asks Nango about the connection.
func askConnection[T any](ctx context.Context, c *Client, more query) (T, []byte, error) {
	var zero T
	id, err := segment(c.cfg.Connection)
	if err != nil {
		return zero, nil, err
	}
	return get[T](ctx, c, call{
		op: "connection", nango: true, path: "/connections/" + id,
		query: append(query{{"provider_config_key", c.cfg.Integration}}, more...),
	})
}

// redact takes the key and other secrets out of a text that others wrote.
func (c *Client) redact(s string) string {
	return c.door.redact(strings.ReplaceAll(s, c.cfg.Secret.Reveal(), nango.Hidden))
}
