package fetch_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"agc-export/fetch"
	"agc-export/fetch/nango"
	"agc-export/fetch/wiki"
)

// canary is a key that must be seen nowhere but in one header.
const canary = "6d3f1f0e-aaaa-4c1b-9b6e-5ec7e75ec7e7"

// TestSecret: no way of printing a key, a configuration or a client shows the key.
func TestSecret(t *testing.T) {
	s := nango.NewKey(canary)
	cfg := fetch.Config{BaseURL: "https://nango.test", Integration: "i", Connection: "c", Secret: s}
	c, err := fetch.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Mode = nango.ModeCredentials
	straight, err := fetch.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	type holder struct{ inner any }
	for _, v := range []any{s, &s, cfg, &cfg, c, straight, holder{s}, holder{cfg}, []nango.Key{s},
		map[string]nango.Key{"k": s}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
			if got := fmt.Sprintf(verb, v); leaks(got) {
				t.Errorf("%s of %T shows the key: %s", verb, v, got)
			}
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		if leaks(log.String()) {
			t.Errorf("slog of %T shows the key: %s", v, log.String())
		}
	}
	for _, v := range []any{s, &s, []nango.Key{s}, struct{ S nango.Key }{s}} {
		got, err := json.Marshal(v)
		if err != nil || leaks(string(got)) || !strings.Contains(string(got), "[secret]") {
			t.Errorf("JSON of %T: %s, %v", v, got, err)
		}
	}
	if s.Reveal() != canary || s.IsZero() || !(nango.Key{}).IsZero() {
		t.Error("the key is lost")
	}
}

// leaks says whether a text holds the key, as it is or in hexadecimal.
func leaks(s string) bool {
	return strings.Contains(s, canary) || strings.Contains(strings.ToLower(s), fmt.Sprintf("%x", canary))
}

// TestSecretOnTheWire: the key goes out in one header of each request, and comes
// back in no error and no log, not even where the other side repeats it.
func TestSecretOnTheWire(t *testing.T) {
	echoes := []func(*http.Request) (*http.Response, error){
		func(r *http.Request) (*http.Response, error) {
			return says(401, `{"error":{"code":"unknown_account","message":"no account for `+canary+`"}}`), nil
		},
		func(r *http.Request) (*http.Response, error) {
			return says(400, `{"errors":[{"code":"`+canary+`","title":"bad x`+canary+`x"}]}`), nil
		},
		func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("%s: connection refused", r.Host)
		},
		func(r *http.Request) (*http.Response, error) { return says(200, canary), nil },
		func(r *http.Request) (*http.Response, error) {
			return says(302, canary, "Location", "https://x/"+canary), nil
		},
		func(r *http.Request) (*http.Response, error) {
			return says(302, canary, "Location", "https://x/%zz"+canary), nil
		},
		func(r *http.Request) (*http.Response, error) { return says(200, `{"accountId":`), nil },
		func(r *http.Request) (*http.Response, error) { return says(200, `{"accountId":{}}`), nil },
	}
	for i, echo := range echoes {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
				if r.Header.Get("Authorization") != "Bearer "+canary || leaks(r.URL.String()) {
					t.Errorf("request %s with %v", r.URL, r.Header)
				}
				return echo(r)
			}}
			c := direct(t, w, func(cfg *fetch.Config) {
				cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			_, err := c.CurrentUser(t.Context())
			if err == nil || leaks(err.Error()) || leaks(fmt.Sprintf("%+v %#v", err, err)) {
				t.Errorf("echo %d: error %v", i, err)
			}
			if leaks(log.String()) || log.Len() == 0 {
				t.Errorf("echo %d: log %s", i, log.String())
			}
		})
	}
}

// TestHeaders: exactly what Nango wants is sent, and nothing that it would pass on
// or trip over.
func TestHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []*http.Request
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			got = append(got, r)
			if r.Method == http.MethodPost {
				return says(200, `{"results":[]}`), nil
			}
			return says(200, person), nil
		}}
		c := direct(t, w, func(cfg *fetch.Config) { cfg.UserAgent = "agc-export/1" })
		if _, err := c.CurrentUser(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Users(t.Context(), []string{"a"}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Download(t.Context(), wiki.Attachment{ID: "att1", PageID: "1"},
			func() (io.Writer, error) { return io.Discard, nil }); err != nil {
			t.Fatal(err)
		}
		base := map[string]string{"Authorization": "Bearer " + canary, "Provider-Config-Key": "i", "Connection-Id": "c",
			"User-Agent": "agc-export/1", "Nango-Proxy-User-Agent": "agc-export/1"}
		more := []map[string]string{{}, {"Content-Type": "application/json",
			"Nango-Proxy-Content-Type": "application/json"},
			{"Accept-Encoding": "identity"}}
		for i, r := range got {
			for name := range r.Header {
				if want := base[name] + more[i][name]; r.Header.Get(name) != want {
					t.Errorf("request %d: %s is %q, want %q", i, name, r.Header.Get(name), want)
				}
			}
			if len(r.Header) != len(base)+len(more[i]) {
				t.Errorf("request %d has the headers %v", i, r.Header)
			}
		}
	})
}
