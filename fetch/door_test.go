package fetch_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"agc-export/fetch"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/nango"
	"agc-export/fetch/wiki"
)

// straightTenant is a tenant with its files on a second server, and a client that
// goes straight to its API.
type straightTenant struct {
	tenant *faketenant.Tenant
	client *fetch.Client
	log    *bytes.Buffer
}

func straight(t testing.TB, files fs.FS, edit func(*fetch.Config), faults ...faketenant.Fault) straightTenant {
	t.Helper()
	ten, err := faketenant.New(files, faults...)
	if err != nil {
		t.Fatal(err)
	}
	media := httptest.NewServer(ten)
	t.Cleanup(media.Close)
	ten.Credentials, ten.MediaURL = true, media.URL
	s := straightTenant{tenant: ten, log: &bytes.Buffer{}}
	s.client = client(t, ten, func(cfg *fetch.Config) {
		cfg.Mode, cfg.APIURL, cfg.MediaHosts = nango.ModeCredentials, cfg.BaseURL, []string{"127.0.0.1"}
		cfg.Log = slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		if edit != nil {
			edit(cfg)
		}
	})
	return s
}

// TestStraight: tokens that are refused are replaced, once for all workers; what
// cannot be cured is said; no log and no error shows a token or a signed address.
func TestStraight(t *testing.T) {
	chain := func(d straightTenant) error {
		var buf bytes.Buffer
		for a, err := range d.client.Attachments(t.Context()) {
			if err != nil {
				return err
			}
			if a.Title != "chain.txt" {
				continue
			}
			_, err := d.client.Download(t.Context(), a, func() (io.Writer, error) { buf.Reset(); return &buf, nil })
			if err != nil {
				return err
			}
		}
		if buf.String() != "-----BEGIN-----\n" {
			return fmt.Errorf("the file is %q", buf.String())
		}
		return nil
	}
	again := func(d straightTenant) error {
		if err := chain(d); err != nil {
			return err
		}
		d.tenant.Revoke()
		return crowd(t, d.client, 8)
	}
	expired := faketenant.Fault{Op: "media", Status: 403, Body: `{"error":{"code":"JwtAuthorizer:TokenExpired"}}`}
	for _, tc := range []struct {
		name   string
		edit   func(*fetch.Config)
		before func(*faketenant.Tenant)
		do     func(straightTenant) error
		faults []faketenant.Fault
		kind   func(error) bool // nil: no error
		text   string           // a part of the error
		counts map[string]int
	}{
		{name: "well", do: chain, counts: map[string]int{"connection": 1, "download": 1, "media": 1}},
		{name: "revoked before", do: chain, before: func(ten *faketenant.Tenant) { ten.Revoke() },
			counts: map[string]int{"connection": 2, "accessible-resources": 2}},
		{name: "revoked meanwhile", do: again, counts: map[string]int{"connection": 2}},
		{name: "never good", do: chain, faults: []faketenant.Fault{{Path: "/ex/", Times: -1, Status: 401,
			Body: `{"code":401,"message":"Unauthorized"}`}},
			kind: fetch.IsAuth, counts: map[string]int{"connection": 2, "attachments": 2}},
		{name: "a scope is missing", do: chain,
			faults: []faketenant.Fault{answers("attachments", 401,
				`{"code":401,"message":"Unauthorized; scope does not match"}`)},
			kind: fetch.IsScope, counts: map[string]int{"connection": 1, "attachments": 1}},
		{name: "the key may not see the token", do: chain,
			before: func(ten *faketenant.Tenant) { ten.Credentials = false },
			kind:   fetch.IsAuth, text: "environment:connections:read_credentials",
			counts: map[string]int{"attachments": 0}},
		{name: "the key may not see the connection", do: chain,
			faults: []faketenant.Fault{answers("connection", 403, `{"error":{"code":"forbidden"}}`)},
			kind:   fetch.IsAuth, text: "environment:connections:read_credentials",
			counts: map[string]int{"attachments": 0}},
		{name: "Nango cannot refresh", do: chain,
			faults: []faketenant.Fault{answers("connection", 400, `{"error":{"code":"invalid_credentials"}}`)},
			kind:   fetch.IsAuth},
		{name: "Nango's words in another's mouth", do: chain,
			faults: []faketenant.Fault{answers("attachments", 404, `{"error":{"code":"unknown_provider_config"}}`)},
			kind:   func(err error) bool { return !fetch.IsConfig(err) }, text: "edge answered 404"},
		{name: "a signature that has expired", do: chain, faults: []faketenant.Fault{expired},
			counts: map[string]int{"download": 2, "media": 2}},
		{name: "one that always has", do: chain, faults: []faketenant.Fault{answers("media", 403, expired.Body)},
			kind: func(err error) bool { return !fetch.IsAuth(err) && !fetch.IsForbidden(err) },
			text: "media answered 403", counts: map[string]int{"download": 2}},
		{name: "one that is refused", do: chain, faults: []faketenant.Fault{answers("media", 401, expired.Body)},
			kind: func(err error) bool { return !fetch.IsAuth(err) }, text: "media answered 401",
			counts: map[string]int{"download": 2, "connection": 1}},
		{name: "a scope is missing, the rest goes on",
			do: func(d straightTenant) error { _ = chain(d); return chain(d) },
			faults: []faketenant.Fault{{Op: "attachments", Status: 401,
				Body: `{"code":401,"message":"Unauthorized; scope does not match"}`}},
			counts: map[string]int{"connection": 1, "attachments": 2}},
		{name: "the media host has lost it", do: chain,
			faults: []faketenant.Fault{answers("media", 404, `{"errors":[{"title":"Cannot find it"}]}`)},
			kind:   func(err error) bool { return !fetch.IsNotFound(err) }, text: "media answered 404",
			counts: map[string]int{"media": 1}},
		{name: "the media host breaks", do: chain,
			faults: []faketenant.Fault{{Op: "media", Reset: true}, {Op: "media", Nth: 2, Keep: 3}},
			counts: map[string]int{"download": 3, "media": 3}},
		{name: "a host that is not allowed", do: chain, edit: func(cfg *fetch.Config) { cfg.MediaHosts = nil },
			kind: code(fetch.CodeHost), text: "to http://127.0.0.1; if that host is Atlassian's",
			counts: map[string]int{"download": 1, "media": 0}},
		{name: "a log-in page", do: chain,
			faults: []faketenant.Fault{{Op: "media", Status: 200, Body: "<html>", Times: -1}},
			kind:   code(fetch.CodeWebPage)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := straight(t, archive(t, "harbor.txtar"), tc.edit, tc.faults...)
			if tc.before != nil {
				tc.before(d.tenant)
			}
			err := tc.do(d)
			if (err == nil) != (tc.kind == nil) ||
				err != nil && (!tc.kind(err) || !strings.Contains(err.Error(), tc.text)) {
				t.Errorf("error %v", err)
			}
			for op, n := range tc.counts {
				if got := d.tenant.Counts()[op]; got != n {
					t.Errorf("%d calls of %s, want %d: %q", got, op, n, d.tenant.Calls())
				}
			}
			seen := fmt.Sprintf("%v %+v %#v %s", err, err, err, d.log.String())
			for _, secret := range []string{faketenant.Key, d.tenant.Token(), "ZmFrZSBhY2Nlc3M", "token=", "/file/"} {
				if strings.Contains(seen, secret) {
					t.Errorf("%s is seen in %s", secret, seen)
				}
			}
		})
	}
}

// bearer is a token of the tests below.
const bearer = "eyJhbGciOiJIUzI1NiJ9.c2VjcmV0LWNhbmFyeQ.abc"

// connected is Nango's answer with a token.
func connected(token, expires string) string {
	return `{"connection_config":{"cloudId":"cloud","baseUrl":"https://s.atlassian-us-gov-mod.net"},
		"credentials":{"access_token":"` + token + `","expires_at":"` + expires + `","refresh_token":"never"}}`
}

// aside returns a client on w that goes straight.
func aside(t *testing.T, w *wire, edit func(*fetch.Config)) *fetch.Client {
	return direct(t, w, func(cfg *fetch.Config) {
		cfg.Mode = nango.ModeCredentials
		if edit != nil {
			edit(cfg)
		}
	})
}

// TestTokenTravels: the key goes to Nango, the token to the API, and neither further.
func TestTokenTravels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		w := &wire{}
		w.answer = func(_ int, r *http.Request) (*http.Response, error) {
			auth := r.Header.Get("Authorization")
			all := fmt.Sprint(r.URL, r.Header)
			switch r.URL.Host {
			case "nango.test":
				if auth != "Bearer "+canary {
					t.Errorf("Nango gets %v", r.Header)
				}
				return says(200, connected(bearer, "2099-01-01T00:00:00Z")), nil
			case "api.atlassian-us-gov-mod.com":
				if auth != "Bearer "+bearer || leaks(all) || r.Header.Get("Connection-Id") != "" ||
					!strings.HasPrefix(r.URL.Path, "/ex/confluence/cloud/wiki/rest/api/") {
					t.Errorf("the API gets %v", all)
				}
				if !strings.HasSuffix(r.URL.Path, "/download") {
					return says(401, `{"code":401,"message":"bad token `+bearer+`"}`), nil
				}
				return says(302, bearer, "Location",
					"https://api.media.atlassian-us-gov-mod.com/file/1?token=signed"), nil
			case "api.media.atlassian-us-gov-mod.com", "cdn.atlassian-us-gov-mod.net":
				if len(r.Header) != 2 || strings.Contains(all, bearer) || leaks(all) ||
					r.Header.Get("Accept-Encoding") != "identity" {
					t.Errorf("the media host gets %v", all)
				}
				if r.URL.Host == "cdn.atlassian-us-gov-mod.net" {
					return says(200, "bytes"), nil
				}
				return says(307, "", "Location", "//cdn.atlassian-us-gov-mod.net/x?token=signed"), nil
			}
			t.Errorf("a request to %s", r.URL.Host)
			return nil, errors.New("no such host")
		}
		c := aside(t, w, func(cfg *fetch.Config) {
			cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		var buf bytes.Buffer
		_, err := c.Download(t.Context(), wiki.Attachment{ID: "att1", PageID: "1", FileSize: 5},
			func() (io.Writer, error) { buf.Reset(); return &buf, nil })
		if err != nil || buf.String() != "bytes" {
			t.Errorf("%q, %v", buf.String(), err)
		}
		_, err = c.CurrentUser(t.Context())
		seen := fmt.Sprintf("%v %+v %#v %+v %#v %s", err, err, err, c, c, log.String())
		if !fetch.IsAuth(err) || strings.Contains(seen, bearer) || strings.Contains(seen, "signed") || leaks(seen) {
			t.Errorf("seen: %s", seen)
		}
	})
}

// TestShortToken: a token is taken out of what others write, however short.
func TestShortToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
			if r.URL.Host == "nango.test" {
				return says(200, connected("tok-1", "")), nil
			}
			return says(403, `{"statusCode":403,"message":"no page for tok-1, none"}`), nil
		}}
		_, err := aside(t, w, nil).CurrentUser(t.Context())
		if !fetch.IsForbidden(err) || strings.Contains(err.Error(), "tok-1") ||
			!strings.Contains(err.Error(), "[secret]") {
			t.Errorf("error %v", err)
		}
	})
}

// TestTokenAge: a token is taken anew before it ends, by one worker for all, and not
// for every request where Nango has no better one.
func TestTokenAge(t *testing.T) {
	for _, tc := range []struct {
		name  string
		life  func(asked int) time.Duration
		every time.Duration // between requests
		asked int
	}{
		{"an hour each", func(int) time.Duration { return time.Hour }, 10 * time.Minute, 4},
		{"no end", nil, 10 * time.Minute, 1},
		{"at its end and not renewed", func(int) time.Duration { return -time.Hour }, 20 * time.Second, 7},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				w := &wire{}
				w.answer = func(_ int, r *http.Request) (*http.Response, error) {
					if r.URL.Host != "nango.test" {
						return says(200, person), nil
					}
					time.Sleep(time.Second)
					asked++
					if r.URL.Query().Get("force_refresh") != "" {
						t.Error("the refresh is forced")
					}
					end := ""
					if tc.life != nil {
						end = time.Now().Add(tc.life(asked)).UTC().Format(time.RFC3339)
					}
					return says(200, connected(bearer, end)), nil
				}
				c := aside(t, w, nil)
				for range 20 {
					if err := crowd(t, c, 3); err != nil {
						t.Fatal(err)
					}
					time.Sleep(tc.every)
				}
				if asked != tc.asked {
					t.Errorf("asked %d times, want %d", asked, tc.asked)
				}
			})
		})
	}
}

// TestRedirects: where the bytes of a file may come from.
func TestRedirects(t *testing.T) {
	for to, ok := range map[string]bool{
		"https://api.media.atlassian-us-gov-mod.com/x":           true,
		"https://API.Media.Atlassian-US-Gov-Mod.net:443/x":       true,
		"https://media.example.gov/x":                            true,
		"https://a.files.example.gov/x":                          true,
		"/rest/x":                                                true, // on the API's own host
		"http://api.media.atlassian-us-gov-mod.com/x":            false,
		"https://files.example.gov/x":                            false,
		"https://below.media.example.gov/x":                      false,
		"https://xmedia.example.gov/x":                           false,
		"https://atlassian-us-gov-mod.com/x":                     false,
		"https://evilatlassian-us-gov-mod.com/x":                 false,
		"https://api.media.atlassian-us-gov-mod.com.evil.test/x": false,
		"https://evil.test/.atlassian-us-gov-mod.com":            false,
		"https://evil.test#.atlassian-us-gov-mod.com":            false,
		"https://u:p@api.media.atlassian-us-gov-mod.com/x":       false,
		"https://api.media.atlassian-us-gov-mod.com./x":          false,
		"https://169.254.169.254/x":                              false,
		"http://127.0.0.1/x":                                     false,
		"file:///etc/passwd":                                     false,
		"%zz":                                                    false,
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
				switch n {
				case 1:
					return says(200, connected(bearer, "")), nil
				case 2:
					return says(302, "", "Location", to), nil
				}
				if r.Header.Get("Authorization") != "" {
					t.Errorf("%s gets the token", r.URL.Host)
				}
				return says(200, "b"), nil
			}}
			c := aside(t, w, func(cfg *fetch.Config) {
				cfg.MediaHosts = []string{"media.example.gov", ".files.example.gov", "127.0.0.1"}
			})
			_, err := c.Download(t.Context(), wiki.Attachment{ID: "att1", PageID: "1"},
				func() (io.Writer, error) { return io.Discard, nil })
			if ok != (err == nil) || !ok && (!code(fetch.CodeHost)(err) || len(w.at) != 2) {
				t.Errorf("%s: error %v after %d requests", to, err, len(w.at))
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return says(200, connected(bearer, "")), nil
			}
			return says(302, "", "Location", "https://api.media.atlassian-us-gov-mod.com/x"), nil
		}}
		c := aside(t, w, nil)
		_, err := c.Download(t.Context(), wiki.Attachment{ID: "att1", PageID: "1"},
			func() (io.Writer, error) { return io.Discard, nil })
		if !code(fetch.CodeStatus)(err) || len(w.at) != 7 {
			t.Errorf("without end: error %v after %d requests", err, len(w.at))
		}
		if _, err := c.CurrentUser(t.Context()); !code(fetch.CodeStatus)(err) || len(w.at) != 8 {
			t.Errorf("what is no file: error %v after %d requests", err, len(w.at))
		}
	})
}

// TestModes: the settings of the door are checked.
func TestModes(t *testing.T) {
	good := fetch.Config{BaseURL: "https://api.nango.dev/", Integration: "i", Connection: "c",
		Secret: nango.NewKey("k")}
	apiURL := func(url string) func(*fetch.Config) { return func(cfg *fetch.Config) { cfg.APIURL = url } }
	for want, edit := range map[string]func(*fetch.Config){
		"nango.mode must be proxy or credentials":        func(cfg *fetch.Config) { cfg.Mode = "direct" },
		"confluence.api_url must begin with https://":    apiURL("http://api.example.gov"),
		"confluence.api_url must be a scheme and a host": apiURL("https://u@api.example.gov"),
	} {
		cfg := good
		edit(&cfg)
		if _, err := fetch.New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
