package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// maxError is how many bytes of an error's body are read.
const maxError = 64 << 10

// call is one request that may be tried more than once.
type call struct {
	op     string // name for errors, logs and counts
	method string // empty: GET
	path   string // below Nango's base, escaped
	query  query
	host   string // Base-Url-Override; empty: none
	body   []byte // JSON of a POST
	tries  int    // tries at most, whatever the remedy; 0: as the remedy says
	plain  bool   // the body must come as it is, not compressed
}

// do sends a call until an answer 200 has been taken by read, or there is no
// point in going on. What read returns as *Error is a failed try like any other;
// any other error ends the call and is returned as it is.
func (c *Client) do(ctx context.Context, k call, read func(*http.Response) error) error {
	var waited time.Duration
	for try := 1; ; try++ {
		err := c.try(ctx, k, try, read)
		var e *Error
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !errors.As(err, &e):
			return err
		}
		r := e.remedy()
		if k.tries > 0 && e.Status != http.StatusTooManyRequests {
			r.tries = min(r.tries, k.tries)
		}
		wait := e.wait(try, c.cfg.LongestWait)
		if try >= r.tries || waited+wait > c.cfg.Patience {
			return err
		}
		waited += wait
		if err := c.rest(ctx, k.op, e, wait, r.all); err != nil {
			return err
		}
	}
}

// rest waits before another try, alone or with all workers, if the budget of time
// has room for it.
func (c *Client) rest(ctx context.Context, op string, e *Error, wait time.Duration, all bool) error {
	if code := c.budget.begin(wait); code != "" {
		return &Error{Origin: OriginClient, Op: op, Code: code, Err: e}
	}
	defer c.budget.end()
	c.log.Warn("waiting before another try", "op", op, "wait", wait.Round(time.Millisecond),
		"origin", string(e.Origin), "status", e.Status, "code", e.Code, "all", all)
	c.stats.add(func(s *Stats) { s.Waited += wait })
	nap := func() error { return c.cfg.Sleep(ctx, wait) }
	if all {
		return c.gate.pause(nap)
	}
	return nap()
}

// try sends a call once, when the gate lets it.
func (c *Client) try(ctx context.Context, k call, try int, read func(*http.Response) error) error {
	turn, err := c.gate.enter(ctx)
	if err != nil {
		return err
	}
	defer c.gate.leave()
	if c.budget.late(0) {
		return &Error{Origin: OriginClient, Op: k.op, Code: CodeDeadline}
	}
	if !c.stats.call(k.op, try, c.cfg.MaxCalls) {
		return &Error{Origin: OriginClient, Op: k.op, Code: CodeCalls}
	}
	err = c.send(ctx, k, read)
	var e *Error
	switch {
	case err == nil:
		c.gate.succeed()
	case !errors.As(err, &e) || !e.overload():
	case e.Status == http.StatusTooManyRequests:
		c.stats.limited(e.Origin)
		c.gate.narrow(turn)
	case c.gate.fail(turn):
		return &Error{Origin: OriginClient, Op: k.op, Code: CodeDown, Err: err}
	}
	return err
}

// send makes the request and hands an answer 200 to read.
func (c *Client) send(ctx context.Context, k call, read func(*http.Response) error) error {
	ctx, stop := c.budget.limit(ctx, k.op)
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := c.request(ctx, k)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return c.broken(ctx, k.op, err)
	}
	defer resp.Body.Close()
	resp.Body = watch(resp.Body, c.cfg.Stall, func() { cancel(errStalled) }, func(n int) {
		c.stats.add(func(s *Stats) { s.Bytes += int64(n) })
	})
	c.log.Debug("answer", "op", k.op, "status", resp.StatusCode)
	if resp.StatusCode != http.StatusOK {
		return c.refusal(k.op, resp)
	}
	if err = read(resp); err == nil {
		return nil
	}
	var late *Error
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errStalled):
		return &Error{Origin: OriginNetwork, Op: k.op, Code: CodeStalled, Err: errStalled}
	case errors.As(cause, &late):
		return late
	}
	return err
}

// request builds the request with Nango's three headers. A URL in which Nango
// would put the connection's credentials is refused.
func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	target := c.base + k.path
	if len(k.query) > 0 {
		target += "?" + k.query.encode()
	}
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if k.method != "" {
		method = k.method
	}
	if k.body != nil {
		body = bytes.NewReader(k.body)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil || strings.Contains(target, "${") || strings.Contains(req.URL.String(), "${") {
		return nil, &Error{Origin: OriginClient, Op: k.op, Code: CodeRefused, Message: "the URL cannot be sent"}
	}
	req.Header.Set("Authorization", "Bearer "+c.cfg.Secret.Reveal())
	req.Header.Set("Provider-Config-Key", c.cfg.Integration)
	req.Header.Set("Connection-Id", c.cfg.Connection)
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	req.Header.Set("Nango-Proxy-User-Agent", c.cfg.UserAgent)
	if k.host != "" {
		req.Header.Set("Base-Url-Override", k.host)
	}
	if k.plain {
		req.Header.Set("Accept-Encoding", "identity")
	}
	if k.body != nil { // both: Nango parses the body or hands it on raw, as its account is set
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Nango-Proxy-Content-Type", "application/json")
	}
	return req, nil
}

// refusal reads an answer other than 200.
func (c *Client) refusal(op string, resp *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxError))
	if err != nil {
		body = nil
	}
	e := classify(op, resp.StatusCode, resp.Header, body)
	if resp.StatusCode < 400 {
		e.Origin, e.Code, e.Message = OriginEdge, CodeStatus, ""
	}
	e.Code, e.Message = c.redact(e.Code), c.redact(e.Message)
	return e
}

// redact takes the key out of a text that others wrote.
func (c *Client) redact(s string) string {
	return strings.ReplaceAll(s, c.cfg.Secret.Reveal(), hidden)
}

// broken wraps an error of the transport. What net/http says about it names the
// host at most: the URL, which url.Error repeats, is left out.
func (c *Client) broken(ctx context.Context, op string, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errStalled) {
		return cause
	}
	code := transportCode(err)
	if slow := net.Error(nil); errors.As(err, &slow) && slow.Timeout() || errors.Is(context.Cause(ctx), errStalled) {
		code = CodeStalled
	}
	return &Error{Origin: OriginNetwork, Op: op, Code: code, Err: bare(err)}
}
