package post

import (
	"context"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agc-export/export/notify"
)

var event = notify.Event{ExitCode: 3, Seconds: 1.5, Counts: notify.Counts{Pages: 1234, New: 2, Failures: 1}}

// heard is a monitor that keeps what it was sent and answers with codes in turn.
type heard struct {
	*httptest.Server
	requests []string
	codes    []int
}

func listen(t *testing.T, tls bool, codes ...int) *heard {
	h := &heard{codes: codes}
	h.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h.requests = append(h.requests, r.Method+" "+r.URL.String()+" "+string(body))
		if n := len(h.requests) - 1; n < len(h.codes) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(h.codes[n])
		}
	}))
	if tls {
		h.StartTLS()
	} else {
		h.Start()
	}
	t.Cleanup(h.Close)
	return h
}

// Each form says an exit code, numbers and a length of time, at the address that it knows for that.
func TestForms(t *testing.T) {
	const object = `{"exit_code":3,"seconds":1.5,"pages":1234,"attachments":0,"new":2,"changed":0,"moved":0,` +
		`"renamed":0,"left":0,"withheld":0,"losses":0,"failures":1,"calls":0,"bytes":0}`
	for form, want := range map[string][]string{
		Healthchecks: {"POST /ping/start?create=1 {}", "POST /ping/fail?create=1 " + object,
			"POST /ping?create=1 " + strings.Replace(object, `:3`, `:0`, 1)},
		JSON: {"POST /ping?create=1 " + object, "POST /ping?create=1 " + strings.Replace(object, `:3`, `:0`, 1)},
		Slack: {`POST /ping?create=1 {"text":"agc-export: exit code 3 after 1.5 s. Published: 1,234 pages, ` +
			`0 attachments. New 2, changed 0, moved 0, renamed 0, left 0, withheld 0. Failures 1, places in a ` +
			`lesser form 0."}`, `POST /ping?create=1 {"text":"agc-export: exit code 0 after 1.5 s. Published: ` +
			`1,234 pages, 0 attachments. New 2, changed 0, moved 0, renamed 0, left 0, withheld 0. Failures 1, ` +
			`places in a lesser form 0."}`},
	} {
		h := listen(t, false)
		m := &Monitor{URL: h.URL + "/ping?create=1", Form: form, Timeout: 5 * time.Second}
		well := event
		well.ExitCode = 0
		for _, err := range []error{m.Started(t.Context()), m.Ended(t.Context(), event), m.Ended(t.Context(), well)} {
			if err != nil {
				t.Errorf("%s: %v", form, err)
			}
		}
		if diff := cmp.Diff(want, h.requests); diff != "" {
			t.Errorf("%s (-want +got):\n%s", form, diff)
		}
	}
}

// TestNoRedirect: a monitor that answers something else is asked again where that may help, is followed nowhere, and
// the error names its host and nothing else of the address.
func TestNoRedirect(t *testing.T) {
	for _, c := range []struct {
		codes []int
		asked int
		wrong string
	}{
		{[]int{302}, 1, "answers 302"}, {[]int{307}, 1, "answers 307"}, {[]int{404}, 1, "answers 404"},
		{[]int{500, 200}, 2, ""},
	} {
		h := listen(t, false, c.codes...)
		m := &Monitor{URL: h.URL + "/secret-path?token=secret", Form: JSON, Timeout: 5 * time.Second}
		err := m.Ended(t.Context(), event)
		if len(h.requests) != c.asked || (err == nil) != (c.wrong == "") {
			t.Errorf("%v: %d requests, %v", c.codes, len(h.requests), err)
		}
		if err != nil && (!strings.Contains(err.Error(), c.wrong) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%v: %v", c.codes, err)
		}
	}
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	err := (&Monitor{URL: closed.URL + "/secret", Form: JSON, Timeout: time.Minute}).Ended(ctx, event)
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("nobody listens: %v", err)
	}
}

// TestMonitorTLS: a certificate of an authority that is not trusted is refused, and one of ca_file is taken.
func TestMonitorTLS(t *testing.T) {
	h := listen(t, true)
	h.Config.ErrorLog = nil
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.Certificate().Raw})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	m := &Monitor{URL: h.URL, Form: JSON, Timeout: 5 * time.Second}
	if err := m.Ended(ctx, event); err == nil || len(h.requests) != 0 {
		t.Errorf("without its authority: %v, %d requests", err, len(h.requests))
	}
	if m.CA = ca; m.Ended(t.Context(), event) != nil || len(h.requests) != 1 {
		t.Errorf("with its authority: %d requests", len(h.requests))
	}
}
