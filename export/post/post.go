// Package post tells a monitor over the network how a run ended: an exit code, numbers and lengths of time, and
// nothing else. It is the one package beside fetch that opens a connection, to the host of [notify] url alone: it
// follows no redirect, and what fails is an error that repeats nothing of the address, which may be a secret.
package post

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"agc-export/export/config"
	"agc-export/export/notify"
	"agc-export/fetch"
	"agc-export/render/bytesize"
)

// The forms in which a monitor is told.
const (
	Healthchecks = config.FormHealthchecks // the address for 0, below it /fail for all else and /start
	Slack        = config.FormSlack        // {"text": …}, as Slack, Mattermost and Teams take it
	JSON         = config.FormJSON         // the numbers as one object, always to the address itself
)

// Monitor is who is told.
type Monitor struct {
	URL     string
	Form    string
	CA      []byte        // authorities beside this machine's, PEM
	Timeout time.Duration // of all tries together
}

// tries is how often a monitor is called that does not answer, and pause how long it is left alone between.
const (
	tries = 3
	pause = time.Second
)

// Started tells that a run begins, where the form knows that.
func (m *Monitor) Started(ctx context.Context) error {
	if m.Form != Healthchecks {
		return nil
	}
	return m.send(ctx, "/start", []byte("{}"))
}

// Ended tells how a run ended.
func (m *Monitor) Ended(ctx context.Context, e notify.Event) error {
	below := ""
	if m.Form == Healthchecks && e.ExitCode != 0 {
		below = "/fail"
	}
	var told any = e
	if m.Form == Slack {
		told = map[string]string{"text": Text(e)}
	}
	body, err := json.Marshal(told)
	if err != nil {
		return err
	}
	return m.send(ctx, below, body)
}

// Text is the event in words.
func Text(e notify.Event) string {
	n := bytesize.Thousands
	return fmt.Sprintf("agc-export: exit code %d after %.1f s. Published: %s pages, %s attachments. New %s, "+
		"changed %s, moved %s, renamed %s, left %s, withheld %s. Failures %s, places in a lesser form %s.",
		e.ExitCode, e.Seconds,
		n(e.Pages), n(e.Attachments), n(e.New), n(e.Changed), n(e.Moved), n(e.Renamed), n(e.Left), n(e.Withheld),
		n(e.Failures), n(e.Losses))
}

// send posts a body below the address, again where nobody answers.
func (m *Monitor) send(ctx context.Context, below string, body []byte) error {
	to, err := url.Parse(m.URL)
	if err != nil {
		return errors.New("its address cannot be read")
	}
	to = to.JoinPath(below)
	wire, err := fetch.Transport(m.CA)
	if err != nil {
		return err
	}
	defer wire.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, m.Timeout)
	defer cancel()
	var last error
	for try := 1; ; try++ {
		again, err := once(ctx, wire, to, body)
		if err != nil && last != nil && ctx.Err() != nil {
			return last // what was answered says more than that time was over
		}
		if last = err; err == nil || !again || try == tries {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause * time.Duration(try)):
		}
	}
}

// once sends one request; again says whether another may do better.
func once(ctx context.Context, wire http.RoundTripper, to *url.URL, body []byte) (again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(body))
	if err != nil {
		return false, errors.New("its address cannot be read")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "agc-export")
	resp, err := wire.RoundTrip(req)
	if err != nil {
		return true, fmt.Errorf("%s does not answer: %w", to.Host, err)
	}
	defer resp.Body.Close()
	const most = 64 << 10
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, most)) // so that the connection ends well
	if resp.StatusCode/100 != 2 {
		return resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests,
			fmt.Errorf("%s answers %d", to.Host, resp.StatusCode)
	}
	return false, nil
}
