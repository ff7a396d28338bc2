package fetch_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"agc-export/fetch"
	"agc-export/fetch/nango"
	"agc-export/fetch/wiki"
)

// Nango's answers when its database is down, and when it cannot renew a token. The second
// and third come of the question about the connection, the others of the proxy.
const (
	unlooked  = `{"error":{"code":"malformed_auth_header","message":"Authentication failed. Malformed header."}}`
	unrenewed = `{"error":{"code":"invalid_credentials","message":"The external API returned an error",` +
		`"payload":{"connection":{"id":1,"credentials":{}}}}}`
	backingOff = `{"error":{"code":"connection_refresh_backoff","message":"wait"}}`
	failed     = `{"error":{"code":"server_error","message":` +
		`"Failed to get connection credentials: 'refresh_token_external_error'"}}`
	exhausted = `{"error":{"code":"invalid_credentials",` +
		`"message":"The refresh limit has been reached for this connection."}}`
	wrongOld = `{"error":{"code":"unhandled_unknown_user_account","message":"No account for this key."}}`
	generic  = `{"error":{"code":"generic_error_support","payload":"4711"}}`
)

// TestNangoTrouble: what passes is waited for, what does not is told at once as what it is.
// After so many answers that fail all is well again; 0: never.
func TestNangoTrouble(t *testing.T) {
	type answer struct {
		status int
		body   string
	}
	for _, tc := range []struct {
		name    string
		answers []answer // the last of them again and again, where none is good after them
		good    bool     // after them
		least   time.Duration
		most    time.Duration
		kind    func(error) bool // of the error; nil: none
		says    string
	}{
		{"its database is down for a moment", []answer{{401, unlooked}, {500, generic}, {401, unlooked}}, true,
			3 * time.Second, 10 * time.Second, nil, ""},
		{"its database is down", []answer{{401, unlooked}}, false, time.Minute, 2 * time.Minute,
			func(err error) bool { return !fetch.IsAuth(err) && !fetch.IsConfig(err) },
			"its database may be down: run again later"},
		{"a token is not renewed for a moment", []answer{{400, unrenewed}, {424, unrenewed}}, true, time.Minute,
			90 * time.Second, nil, ""},
		{"nor for a while", []answer{{400, unrenewed}, {400, unrenewed}, {400, unrenewed}}, true, 90 * time.Second,
			2 * time.Minute, nil, ""},
		{"nor on the proxy", []answer{{400, failed}, {424, backingOff}, {400, failed}}, true, 90 * time.Second,
			2 * time.Minute, nil, ""},
		{"nor ever", []answer{{400, unrenewed}, {424, unrenewed}}, false, 2 * time.Minute, 3 * time.Minute,
			fetch.IsAuth,
			"Nango cannot renew the access token: authorize the connection again if this goes on"},
		{"Nango gave it up", []answer{{424, exhausted}}, false, 0, 0, fetch.IsAuth,
			"authorize the connection again in Nango"},
		{"Nango gave it up, on the proxy", []answer{{424, strings.Replace(failed, "refresh_token_external_error",
			"The refresh limit has been reached for this connection.", 1)}}, false, 0, 0, fetch.IsAuth,
			"authorize the connection again in Nango"},
		{"a wrong key, of an older server", []answer{{500, wrongOld}}, false, 0, 2 * time.Second, fetch.IsAuth,
			"No account for this key.; check the Nango secret key first"},
		{"a wrong key, of a later one", []answer{{401, `{"error":{"code":"key_revoked","message":"Gone."}}`}}, false,
			0, 0,
			fetch.IsAuth, "nango answered 401 (key_revoked): Gone.; check the Nango secret key first"},
		{"something else of it", []answer{{500, `{"error":{"code":"unhandled_thing","message":"A thing."}}`}}, true,
			time.Second, 2 * time.Second, nil, ""},
		{"a code that nobody knows", []answer{{418, `{"error":{"code":"teapot","message":"Short and stout."}}`}}, false,
			0, 0, func(err error) bool { return !fetch.IsAuth(err) && !fetch.IsConfig(err) },
			"nango answered 418 (teapot): Short and stout."},
		{"long words", []answer{{418, `{"error":{"code":"teapot","message":"` + strings.Repeat("so ", 1000) + canary +
			`"}}`}}, false, 0, 0, func(err error) bool { return len(err.Error()) < 300 }, "so so…"},
	} {
		for _, op := range []string{"connection", "user"} {
			t.Run(tc.name+", "+op, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := &wire{}
					w.answer = func(n int, r *http.Request) (*http.Response, error) {
						if n > len(tc.answers) && tc.good {
							if strings.HasPrefix(r.URL.Path, "/connections/") {
								return says(200, connected("t", "")), nil
							}
							return says(200, person), nil
						}
						a := tc.answers[min(n, len(tc.answers))-1]
						return says(a.status, a.body), nil
					}
					c := direct(t, w, func(cfg *fetch.Config) {
						if op == "connection" {
							cfg.CloudID, cfg.SiteURL, cfg.Subdomain = "", "", "s"
						}
					})
					start := time.Now()
					_, err := c.CurrentUser(t.Context())
					took := time.Since(start)
					if (err == nil) != (tc.kind == nil) || err != nil && (!tc.kind(err) ||
						!strings.Contains(err.Error(), tc.says) || leaks(err.Error())) {
						t.Errorf("error %v, want %q", err, tc.says)
					}
					if took < tc.least || took > tc.most {
						t.Errorf("took %v, not %v to %v: %v", took, tc.least, tc.most, w.at)
					}
				})
			})
		}
	}
}

// TestSilence: JSON that is never answered ends within three minutes, a list as well; a file
// may begin later, and an answer that is late once is asked for again.
func TestSilence(t *testing.T) {
	never := func(_ int, r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	late := func(d time.Duration, body string) func(int, *http.Request) (*http.Response, error) {
		return func(n int, r *http.Request) (*http.Response, error) {
			if n > 1 {
				d = time.Second
			}
			select {
			case <-time.After(d):
				return says(200, body), nil
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		}
	}
	user := func(t *testing.T, c *fetch.Client) error { _, err := c.CurrentUser(t.Context()); return err }
	spaces := func(t *testing.T, c *fetch.Client) error {
		_, err := collect(c.Spaces(t.Context(), wiki.StatusCurrent))
		return err
	}
	file := func(t *testing.T, c *fetch.Client) error {
		_, err := c.Download(t.Context(), wiki.Attachment{ID: "att1", PageID: "1"},
			func() (io.Writer, error) { return io.Discard, nil })
		return err
	}
	for _, tc := range []struct {
		name        string
		answer      func(int, *http.Request) (*http.Response, error)
		do          func(*testing.T, *fetch.Client) error
		fails       bool
		least, most time.Duration
		calls       int
	}{
		{"an object", never, user, true, 2 * time.Minute, 3 * time.Minute, 2},
		{"a list", never, spaces, true, 2 * time.Minute, 3 * time.Minute, 2},
		{"late once", late(10*time.Minute, person), user, false, 2 * time.Minute, 3 * time.Minute, 2},
		{"slow", late(110*time.Second, person), user, false, 110 * time.Second, 111 * time.Second, 1},
		{"a list that is slow", late(110*time.Second, `{"results":[]}`), spaces, false, 110 * time.Second,
			111 * time.Second, 1},
		{"a file", late(9*time.Minute, "bytes"), file, false, 9 * time.Minute, 9*time.Minute + time.Second, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: tc.answer}
				c := direct(t, w, nil)
				start := time.Now()
				err := tc.do(t, c)
				took := time.Since(start)
				if tc.fails != (err != nil) || tc.fails && (!code(fetch.CodeStalled)(err) ||
					!strings.Contains(err.Error(), "takes requests and falls silent")) {
					t.Errorf("error %v", err)
				}
				if took < tc.least || took > tc.most || len(w.at) != tc.calls {
					t.Errorf("%d requests in %v", len(w.at), took)
				}
			})
		})
	}
}

// TestBaseOfAnother: what answers at base_url and is not Nango is told so, and a base that
// ends in a path of Nango's own is refused before anything is sent.
func TestBaseOfAnother(t *testing.T) {
	for _, body := range []string{page404, `{"code":404,"message":"no"}`, "<html>nginx</html>", "",
		`{"errorMessages":["no"]}`} {
		_, c := tenant(t, archive(t, "harbor.txtar"), nil, answers("connection", 404, body))
		if _, err := c.Site(t.Context()); !fetch.IsConfig(err) ||
			!strings.Contains(err.Error(), "check nango.base_url") {
			t.Errorf("%s: %v", body, err)
		}
	}
	for base, want := range map[string]string{
		"https://api.nango.dev/proxy": "https://api.nango.dev", "https://api.nango.dev/proxy/": "https://api.nango.dev",
		"https://api.nango.dev/api/v1":              "https://api.nango.dev",
		"https://api.nango.dev/API/V1/":             "https://api.nango.dev",
		"https://n.example.gov/nango/proxy":         "https://n.example.gov/nango",
		"https://n.example.gov:3003/connections":    "https://n.example.gov:3003",
		"https://n.example.gov/api/v1/proxy":        "https://n.example.gov",
		"http://localhost:3003/oauth/callback":      "http://localhost:3003",
		"https://n.example.gov/nango":               "",
		"https://n.example.gov/nango/":              "",
		"https://proxy.example.gov":                 "",
		"https://n.example.gov/api":                 "",
		"https://n.example.gov/myproxy":             "",
		"https://n.example.gov/proxy/nango":         "",
		"https://n.example.gov/connections-service": "",
	} {
		_, err := fetch.New(fetch.Config{BaseURL: base, Integration: "i", Connection: "c",
			Secret: nango.NewKey(canary)})
		if (err == nil) != (want == "") || err != nil && !strings.HasSuffix(err.Error(), "it must be "+want) {
			t.Errorf("%s: %v, want %s", base, err, want)
		}
	}
}

// TestKeyAtTheCut: of a key that stands where long words are cut nothing is left.
func TestKeyAtTheCut(t *testing.T) {
	const key = "not-of-the-usual-form"
	for n := range 24 {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
				return says(418, `{"error":{"code":"teapot","message":"`+
					strings.Repeat("so ", 59)+strings.Repeat("x", n)+
					key+`"}}`), nil
			}}
			_, err := direct(t, w, func(cfg *fetch.Config) { cfg.Secret = nango.NewKey(key) }).CurrentUser(t.Context())
			if err == nil || strings.Contains(err.Error(), "not-") {
				t.Errorf("%d: %v", n, err)
			}
		})
	}
}

// page404 is Atlassian's answer to a question that was for Nango.
const page404 = `{"errors":[{"status":404,"code":"NOT_FOUND","title":"Not Found","detail":null}]}`

// TestRefusedConnection: an id with a character that Nango refuses is told as that, whoever
// is asked first.
func TestRefusedConnection(t *testing.T) {
	for _, id := range []string{"a%b", "what?", "<id>", "a#b", "a&b"} {
		for _, cloud := range []string{"", "cloud"} {
			_, c := tenant(t, archive(t, "harbor.txtar"), func(cfg *fetch.Config) {
				cfg.Connection, cfg.CloudID, cfg.SiteURL = id, cloud, "https://s.atlassian-us-gov-mod.net"
			})
			if _, err := c.CurrentUser(t.Context()); !fetch.IsConfig(err) ||
				!strings.Contains(err.Error(), "check nango.connection_id") {
				t.Errorf("%q, cloud id %q: %v", id, cloud, err)
			}
		}
	}
	_, err := fetch.New(fetch.Config{BaseURL: "https://n.test", Integration: "i", Connection: "c",
		Secret: nango.NewKey("a key")})
	if err == nil || !strings.Contains(err.Error(), "holds a blank") {
		t.Errorf("a key with a blank: %v", err)
	}
}

// TestMediaIsNotNango: the host of files writes errors in Nango's form; through the proxy
// too they are its own, of one file, and say nothing about the key.
func TestMediaIsNotNango(t *testing.T) {
	for _, status := range []int{401, 403, 404} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
				return says(status, `{"error":{"code":"JwtAuthorizer:TokenExpired","title":"x"}}`), nil
			}}
			_, err := direct(t, w, nil).Download(t.Context(), wiki.Attachment{ID: "att1", PageID: "1"},
				func() (io.Writer, error) { return io.Discard, nil })
			if err == nil || fetch.IsAuth(err) || fetch.IsConfig(err) ||
				!strings.Contains(err.Error(), "media answered") {
				t.Errorf("%d: %v", status, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(int, *http.Request) (*http.Response, error) { return says(401, wrongOld), nil }}
		_, err := direct(t, w, nil).Download(t.Context(), wiki.Attachment{ID: "att1", PageID: "1"},
			func() (io.Writer, error) { return io.Discard, nil })
		if !fetch.IsAuth(err) {
			t.Errorf("a key that is refused: %v", err)
		}
	})
}
