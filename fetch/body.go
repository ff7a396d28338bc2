package fetch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// maxJSON is Config.MaxJSON where it says nothing.
const maxJSON = 256 << 20

// errStalled: no byte came for Config.Stall.
var errStalled = errors.New("no byte came for too long")

// errSilent: no answer began for Config.Answer.
var errSilent = errors.New("no answer came for too long")

// watched is a body with a watchdog: it ends the request when no byte comes for
// too long, and never because the whole takes long.
type watched struct {
	io.ReadCloser
	timer *time.Timer
	stall time.Duration
	count func(int)
}

// watch returns body with a watchdog that calls bite after stall without a byte;
// count hears of the bytes read.
func watch(body io.ReadCloser, stall time.Duration, bite func(), count func(int)) io.ReadCloser {
	return &watched{body, time.AfterFunc(stall, bite), stall, count}
}

// Read reads and calms the dog.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if n > 0 {
		w.timer.Reset(w.stall)
		w.count(n)
	}
	return n, err
}

// Close closes the body and sends the dog away.
func (w *watched) Close() error {
	w.timer.Stop()
	return w.ReadCloser.Close()
}

// checked is an answer that can tell whether it is one: JSON that decodes may still be
// null or lack what it is about. Found out within the call, it is tried again.
type checked interface{ check(op string) error }

// get sends a call and returns its JSON answer as a T, and the bytes as they came.
func get[T any](ctx context.Context, c *Client, k call) (T, []byte, error) {
	var v T
	var whole []byte
	err := c.do(ctx, k, func(resp *http.Response) error {
		body, err := c.whole(k.op, resp)
		if err != nil {
			return err
		}
		var fresh T // each try begins anew
		err = decode(k.op, body, &fresh)
		if c, ok := any(fresh).(checked); ok && err == nil {
			err = c.check(k.op)
		}
		v, whole = fresh, body
		return err
	})
	return v, whole, err
}

// one sends a call for a single object and decodes it; k.path is below the site's
// Confluence.
func one[T any](ctx context.Context, c *Client, k call, decode func(json.RawMessage) (T, error)) (T, error) {
	var zero T
	root, err := c.root(ctx)
	if err != nil {
		return zero, err
	}
	k.path = root + k.path
	raw, _, err := get[json.RawMessage](ctx, c, k)
	if err != nil {
		return zero, err
	}
	v, err := decode(raw)
	if err != nil {
		return zero, shape(k.op, "an object of another shape than documented")
	}
	return v, nil
}

// whole reads a JSON answer to its end.
func (c *Client) whole(op string, resp *http.Response) ([]byte, error) {
	var buf bytes.Buffer
	most := c.cfg.MaxJSON
	if n := resp.ContentLength; n > 0 && n <= most {
		buf.Grow(int(n) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, most+1))
	switch {
	case err != nil:
		return nil, &Error{Origin: OriginNetwork, Op: op, Code: CodeTruncated, Err: bare(err)}
	case n > most:
		return nil, &Error{Origin: OriginNetwork, Op: op, Code: CodeTooBig}
	case webPage(resp.Header.Get("Content-Type"), buf.Bytes()):
		return nil, &Error{Origin: OriginEdge, Op: op, Status: resp.StatusCode, Code: CodeNotJSON}
	}
	if !utf8.Valid(buf.Bytes()) {
		c.log.Warn("answer is not valid UTF-8", "op", op)
		c.stats.add(func(s *Stats) { s.BrokenText++ })
	}
	return buf.Bytes(), nil
}

// decode puts a whole JSON answer into v. An answer that stops too early is
// truncated, one of another shape than v has the code shape.
func decode(op string, body []byte, v any) error {
	err := json.Unmarshal(body, v)
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return &Error{Origin: OriginNetwork, Op: op, Code: CodeTruncated, Message: "the answer is not whole JSON"}
	}
	return shape(op, "a field of another type than documented")
}

// shape is the error for JSON that is not as the API is documented.
func shape(op, what string) *Error {
	return &Error{Origin: OriginEdge, Op: op, Status: http.StatusOK, Code: CodeShape, Message: what}
}

// webPage says whether a body is a web page or text where JSON is expected.
func webPage(contentType string, body []byte) bool {
	body = bytes.TrimLeft(body, " \t\r\n")
	if len(body) == 0 {
		return false // cut off, rather
	}
	if isHTML(contentType) {
		return true
	}
	return !bytes.ContainsAny(body[:1], `{["0123456789-tfn`)
}

// isHTML says whether a Content-Type is HTML.
func isHTML(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	t = strings.ToLower(strings.TrimSpace(t))
	return t == "text/html" || t == "application/xhtml+xml"
}

// bare returns an error of net/http without the URL that it repeats.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
