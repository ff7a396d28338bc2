package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
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
	path   string // below Atlassian's API, escaped
	query  query
	nango  bool          // of Nango itself, and the path is below its base
	auth   bool          // of the host that gives out tokens, not of the API's
	body   []byte        // JSON of a POST
	tries  int           // tries at most, whatever the remedy; 0: as the remedy says
	answer time.Duration // longest wait for the header of JSON
	plain  bool          // a file: its body must come as it is, not compressed, and may be elsewhere
}

// do sends a call until an answer 200 has been taken by read, or there is no
// point in going on. What read returns as *Error is a failed try like any other;
// any other error ends the call and is returned as it is.
func (c *Client) do(ctx context.Context, k call, read func(*http.Response) error) error {
	var waited time.Duration
	k.answer = c.cfg.Answer
	for try := 1; ; try++ {
		var err error
		if !k.nango {
			err = c.door.ready(ctx)
		}
		if err != nil {
			return err // tried often enough below
		}
		err = c.try(ctx, k, try, read)
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
		if e.silent { // once more, and not for as long
			r.tries = try
			if k.answer == c.cfg.Answer {
				r.tries, k.answer = try+1, k.answer/3
			}
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
	to, first, code := c.budget.begin(wait)
	if code != "" {
		return &Error{Origin: OriginClient, Op: op, Code: code, Err: e}
	}
	c.stats.add(func(s *Stats) {
		if s.Waited += wait; to.After(s.Until) {
			s.Until, s.Why, s.Asked = to, e.Origin, e.Status == http.StatusTooManyRequests
		}
	})
	level := slog.LevelWarn
	if !first {
		level = slog.LevelDebug // an outage is told once, not by each worker
	}
	c.log.Log(ctx, level, "waiting before another try", "op", op, "wait", wait.Round(time.Millisecond),
		"origin", string(e.Origin), "status", e.Status, "code", e.Code, "all", all)
	nap := func() error {
		err := c.cfg.Sleep(ctx, wait)
		c.budget.end(to, err != nil)
		return err
	}
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
	if calls, _, _ := c.budget.free(); !c.stats.call(k.op, try, calls) {
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
	// Not by an http.Client: what redirects is the door's to decide, and that quotes
	// addresses in its errors.
	resp, err := c.hear(req, k, cancel)
	if err != nil {
		return c.broken(ctx, k.op, err)
	}
	elsewhere := false
	if k.plain {
		if resp, elsewhere, err = c.redirected(ctx, k.op, req, resp); err != nil {
			return err
		}
	}
	if !elsewhere {
		c.stats.dated(resp.Header)
	}
	resp.Body = watch(resp.Body, c.cfg.Stall, func() { cancel(errStalled) }, func(n int) {
		c.stats.add(func(s *Stats) { s.Bytes += int64(n) })
	})
	defer resp.Body.Close() // the watched one: else its timer keeps the call alive until it stalls
	c.log.Debug("answer", "op", k.op, "status", resp.StatusCode)
	if resp.StatusCode != http.StatusOK {
		e := c.refusal(k, resp)
		switch {
		case elsewhere:
			e.Origin, e.Message = OriginMedia, ""
		case !k.nango:
			c.door.refused(req, e)
		}
		return e
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

// hear sends a request and waits for the header of its answer, of JSON not for long.
func (c *Client) hear(req *http.Request, k call, cancel context.CancelCauseFunc) (*http.Response, error) {
	if !k.plain {
		late := time.AfterFunc(k.answer, func() { cancel(errSilent) })
		defer late.Stop()
	}
	return c.cfg.Transport.RoundTrip(req)
}

// redirected follows the redirects of an answer where the door allows it, and says
// whether it did: then it is not Atlassian's API that answers. It closes the bodies of
// answers that it passes, and of all where it fails.
func (c *Client) redirected(ctx context.Context, op string, req *http.Request, resp *http.Response) (*http.Response,
	bool, error) {
	for hop := 0; ; hop++ {
		location := resp.Header.Get("Location")
		if resp.StatusCode < 300 || resp.StatusCode > 399 || location == "" {
			return resp, hop > 0, nil
		}
		next, err := c.door.follow(ctx, op, req.URL.String(), location)
		if err == nil && next == nil {
			return resp, false, nil
		}
		resp.Body.Close()
		if err == nil && hop == maxHops {
			err = &Error{Origin: OriginMedia, Op: op, Status: resp.StatusCode, Code: CodeStatus,
				Message: "too many redirects"}
		}
		if err != nil {
			return nil, false, err
		}
		c.stats.add(func(s *Stats) { s.Media++ })
		req = next
		if resp, err = c.cfg.Transport.RoundTrip(req); err != nil {
			err := c.broken(ctx, op, err)
			if e, ok := err.(*Error); ok && e.Origin == OriginNetwork {
				e.Origin = OriginMedia
			}
			return nil, false, err
		}
	}
}

// request builds the request. A URL in which Nango would put the connection's
// credentials is refused.
func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	base, header := c.base, c.nangoHeader()
	if !k.nango {
		base, header = c.door.address(k)
	}
	target := base + k.path
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
	req.Header = header
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	if k.plain {
		req.Header.Set("Accept-Encoding", "identity")
	}
	if k.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// refusal reads an answer other than 200. One that breaks off does not tell who refused
// and why, so it counts as broken; that of a busy server asks to be tried again anyway.
func (c *Client) refusal(k call, resp *http.Response) *Error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxError))
	if err != nil && resp.StatusCode < 500 && resp.StatusCode != http.StatusTooManyRequests {
		return &Error{Origin: OriginNetwork, Op: k.op, Code: CodeTruncated, Err: bare(err)}
	}
	if err != nil {
		body = nil
	}
	e := classify(k.op, resp.StatusCode, resp.Header, []byte(c.redact(string(body)))) // before anything is cut
	if resp.StatusCode < 400 {
		e.Origin, e.Code, e.Message = OriginEdge, CodeStatus, ""
	}
	e.corrected(k)
	e.Code, e.Message = c.redact(e.Code), c.redact(e.Message)
	return e
}

// corrected says who spoke where that depends on what was asked: of files, the host that
// keeps them, to which Nango follows a redirect, writes errors in Nango's form; and what
// answers for Nango itself must be Nango.
func (e *Error) corrected(k call) {
	client := e.Status >= 400 && e.Status < 500 && e.Status != http.StatusTooManyRequests
	switch {
	case k.plain && e.Origin == OriginNango && !nangoCode.MatchString(e.Code):
		e.Origin, e.Message = OriginMedia, ""
	case e.Origin == OriginNango && e.Status == http.StatusForbidden && e.blames == "" && !k.plain:
		e.blames = blamesKey
	case k.nango && client && (e.Origin == OriginEdge && e.Status == http.StatusNotFound ||
		e.Origin == OriginConfluence || e.Origin == OriginGateway || e.Origin == OriginJira):
		e.Code = CodeNotNango
	}
}

// broken wraps an error of the transport. What net/http says about it names the
// host at most: the URL, which url.Error repeats, is left out.
func (c *Client) broken(ctx context.Context, op string, err error) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, errSilent) {
		return &Error{Origin: OriginNetwork, Op: op, Code: CodeStalled, Err: errSilent, silent: true}
	}
	if cause != nil && !errors.Is(cause, errStalled) {
		return cause
	}
	code := transportCode(err)
	if slow := net.Error(nil); errors.As(err, &slow) && slow.Timeout() || errors.Is(cause, errStalled) {
		code = CodeStalled
	}
	return &Error{Origin: OriginNetwork, Op: op, Code: code, Err: bare(err)}
}
