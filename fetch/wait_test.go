package fetch_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"agc-export/fetch"
	"agc-export/fetch/nango"
)

// wire is a transport that answers by a function of the request's number, from 1,
// and remembers when requests came. It runs within a synctest bubble.
type wire struct {
	answer func(n int, r *http.Request) (*http.Response, error)

	mu      sync.Mutex
	start   time.Time
	at      []time.Duration
	running int
	most    int // requests at once
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	if w.at == nil {
		w.start = time.Now()
	}
	w.at = append(w.at, time.Since(w.start))
	n := len(w.at)
	w.running++
	w.most = max(w.most, w.running)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.running--
		w.mu.Unlock()
	}()
	return w.answer(n, r)
}

// says makes a response. Pairs of header names and values follow.
func says(status int, body string, headers ...string) *http.Response {
	r := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)),
		ContentLength: -1}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

const (
	person   = `{"accountId":"u"}`
	nangos   = `{"error":{"code":"too_many_request"}}`
	gateways = `{"code":429,"message":"Rate limit"}`
)

// direct returns a client on w with real timers, which within a bubble take no
// time, and a site that is known.
func direct(t *testing.T, w *wire, edit func(*fetch.Config)) *fetch.Client {
	t.Helper()
	cfg := fetch.Config{
		BaseURL: "https://nango.test", Integration: "i", Connection: "c", Secret: nango.NewKey(canary),
		CloudID: "cloud", SiteURL: "https://s.atlassian-us-gov-mod.net", Transport: w,
	}
	if edit != nil {
		edit(&cfg)
	}
	c, err := fetch.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// between says whether a time is at least want and less than a fifth more.
func between(got, want time.Duration) bool { return got >= want && got <= want+want/5+time.Millisecond }

// TestRetries: how often and when a call is tried again.
func TestRetries(t *testing.T) {
	const html = "<html>busy</html>"
	for _, tc := range []struct {
		name   string
		answer func(n int) (*http.Response, error)
		gaps   []time.Duration // between tries
		ok     bool
		kind   func(error) bool
	}{
		{"as told", func(n int) (*http.Response, error) { return says(429, nangos, "Retry-After", "7"), nil },
			[]time.Duration{7 * time.Second}, true, nil},
		{"the gateway's reset", func(n int) (*http.Response, error) {
			return says(429, gateways, "Date", "Tue, 24 Nov 2026 12:00:00 GMT", "X-RateLimit-Reset",
				"2026-11-24T12:01Z"), nil
		}, []time.Duration{time.Minute}, true, nil},
		{"Nango's reset", func(n int) (*http.Response, error) {
			return says(429, nangos, "Date", "Tue, 24 Nov 2026 12:00:00 GMT", "X-RateLimit-Reset", "1795521630"), nil
		}, []time.Duration{30 * time.Second}, true, nil},
		{"503 as told", func(n int) (*http.Response, error) { return says(503, html, "Retry-After", "9"), nil },
			[]time.Duration{9 * time.Second}, true, nil},
		{"backoff", func(n int) (*http.Response, error) { return says(502, html), nil },
			[]time.Duration{1 * time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second,
				32 * time.Second}, true, nil},
		{"network", func(n int) (*http.Response, error) { return nil, errors.New("connection reset") },
			[]time.Duration{1 * time.Second, 2 * time.Second}, true, nil},
		{"refresh", func(n int) (*http.Response, error) {
			return says(424, `{"error":{"code":"connection_refresh_backoff"}}`), nil
		}, []time.Duration{31 * time.Second, 31 * time.Second}, true, nil},
		{"401 once more", func(n int) (*http.Response,
			error) {
			return says(401, `{"code":401,"message":"Unauthorized"}`), nil
		},
			[]time.Duration{5 * time.Second}, true, nil},
		{"401 twice", func(n int) (*http.Response, error) {
			return says(401, `{"code":401,"message":"Unauthorized"}`),
				nil
		},
			[]time.Duration{5 * time.Second}, false, fetch.IsAuth},
		{"web page once more", func(n int) (*http.Response,
			error) {
			return says(200, html, "Content-Type", "text/html"), nil
		},
			[]time.Duration{1 * time.Second}, true, nil},
		{"web page twice", func(n int) (*http.Response, error) {
			return says(200, html, "Content-Type", "text/html"),
				nil
		},
			[]time.Duration{1 * time.Second}, false, code(fetch.CodeNotJSON)},
		{"cut", func(n int) (*http.Response, error) {
			return says(200, person[:5], "Content-Type", "application/json"), nil
		},
			[]time.Duration{1 * time.Second, 2 * time.Second}, true, nil},
		{"more than one JSON", func(n int) (*http.Response, error) { return says(200, person+"{"), nil },
			[]time.Duration{1 * time.Second}, true, nil},
		{"empty", func(n int) (*http.Response, error) { return says(200, ""), nil }, []time.Duration{1 * time.Second},
			true, nil},
		{"204", func(n int) (*http.Response, error) { return says(204, ""), nil }, nil, false, code(fetch.CodeStatus)},
		{"206", func(n int) (*http.Response, error) { return says(206, person), nil }, nil, false,
			code(fetch.CodeStatus)},
		{"302", func(n int) (*http.Response, error) {
			return says(302, "", "Location", "http://169.254.169.254/"),
				nil
		}, nil, false, code(fetch.CodeStatus)},
		{"304", func(n int) (*http.Response, error) { return says(304, ""), nil }, nil, false, code(fetch.CodeStatus)},
		{"403", func(n int) (*http.Response, error) { return says(403, `{"statusCode":403,"message":"no"}`), nil }, nil,
			false, fetch.IsForbidden},
		{"402", func(n int) (*http.Response, error) { return says(402, `{"error":{"code":"plan_limit"}}`), nil }, nil,
			false, fetch.IsBudget},
		{"outage", func(n int) (*http.Response, error) { return says(504, html), nil },
			[]time.Duration{1 * time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second,
				32 * time.Second}, false, code("")},
		{"for ever too long", func(n int) (*http.Response, error) {
			return says(429, nangos, "Retry-After", "9223372036854775807"), nil
		},
			slices.Repeat([]time.Duration{5 * time.Minute}, 15), false, fetch.IsRate},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{}
				w.answer = func(n int, _ *http.Request) (*http.Response, error) {
					if tc.ok && n > len(tc.gaps) {
						return says(200, person, "Content-Type", "application/json"), nil
					}
					return tc.answer(n)
				}
				c := direct(t, w, nil)
				_, err := c.CurrentUser(t.Context())
				if tc.ok != (err == nil) || err != nil && !tc.kind(err) {
					t.Errorf("error %v", err)
				}
				if len(w.at) != len(tc.gaps)+1 {
					t.Fatalf("requests at %v, want gaps %v", w.at, tc.gaps)
				}
				for i, want := range tc.gaps {
					if got := w.at[i+1] - w.at[i]; !between(got, want) {
						t.Errorf("gap %d is %v, want %v", i, got, want)
					}
				}
				s := c.Stats()
				if s.Total() != len(w.at) || s.Retries != len(tc.gaps) || s.Waited != w.at[len(w.at)-1] {
					t.Errorf("stats %+v", s)
				}
			})
		})
	}
}

// code is the kind of errors with a code.
func code(want string) func(error) bool {
	return func(err error) bool {
		var e *fetch.Error
		return errors.As(err, &e) && e.Code == want
	}
}

// TestPauseForAll: while one call waits as told, no other is sent, and fewer run at
// once afterwards.
func TestPauseForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		w.answer = func(n int, _ *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			if n == 5 {
				return says(429, gateways, "Retry-After", "100"), nil
			}
			return says(200, person), nil
		}
		c := direct(t, w, func(cfg *fetch.Config) { cfg.Workers = 4 })
		err := each(t.Context(), 8, make([]struct{}, 40), func(ctx context.Context, _ struct{}) error {
			_, err := c.CurrentUser(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if w.most != 4 {
			t.Errorf("%d requests at once, want 4", w.most)
		}
		perSecond := map[time.Duration]int{}
		for _, at := range w.at {
			if at > 2*time.Second && at < 102*time.Second {
				t.Errorf("a request at %v, within the wait", at)
			}
			perSecond[at.Truncate(time.Second)]++
		}
		late := 0
		for at, n := range perSecond {
			if at > 102*time.Second && at < 110*time.Second {
				late = max(late, n)
			}
		}
		if late == 0 || late > 2 {
			t.Errorf("%d requests at once after the refusal, want 2 at first: %v", late, w.at)
		}
	})
}

// TestBudget: the budget of calls holds for all tries of all calls.
func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
			if n%2 == 1 {
				return says(502, ""), nil
			}
			return says(200, person), nil
		}}
		c := direct(t, w, func(cfg *fetch.Config) { cfg.MaxCalls = 3 })
		if _, err := c.CurrentUser(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := c.CurrentUser(t.Context()); !fetch.IsBudget(err) || len(w.at) != 3 {
			t.Errorf("%d requests, error %v", len(w.at), err)
		}
	})
}

// TestReserve: what is kept back is there for those who come after.
func TestReserve(t *testing.T) {
	for _, c := range []struct {
		name   string
		limit  func(*fetch.Config)
		before int // calls that go through while something is kept back
		after  int // and then
	}{
		{"calls", func(cfg *fetch.Config) { cfg.MaxCalls = 10 }, 7, 3},
		{"half of the calls at the most", func(cfg *fetch.Config) { cfg.MaxCalls = 4 }, 2, 2},
		{"time", func(cfg *fetch.Config) { cfg.Deadline = time.Now().Add(100 * time.Second) }, 10, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
					time.Sleep(10*time.Second - time.Millisecond)
					return says(200, person), nil
				}}
				client := direct(t, w, c.limit)
				through := func() (n int) {
					for ; n < 20; n++ {
						_, err := client.CurrentUser(t.Context())
						if fetch.IsBudget(err) {
							break
						}
						if err != nil {
							t.Fatal(err)
						}
					}
					return n
				}
				client.Reserve(3)
				before := through()
				client.Reserve(0)
				if after := through(); before != c.before || after != c.after {
					t.Errorf("%d calls before and %d after, want %d and %d", before, after, c.before, c.after)
				}
			})
		})
	}
}

// TestDown: after many failures in a row the other side counts as down.
func TestDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(int, *http.Request) (*http.Response, error) { return says(502, ""), nil }}
		c := direct(t, w, nil)
		var err error
		for range 10 {
			_, err = c.CurrentUser(t.Context())
		}
		if !fetch.IsDown(err) || len(w.at) < 40 || len(w.at) > 50 {
			t.Errorf("%d requests, error %v", len(w.at), err)
		}
	})
}

// TestStop: the end of the context ends waits, in its own words.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped := errors.New("stopped")
		ctx, cancel := context.WithCancelCause(t.Context())
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			if n < 3 {
				return says(429, nangos, "Retry-After", "200"), nil
			}
			<-r.Context().Done()
			return nil, r.Context().Err()
		}}
		c := direct(t, w, nil)
		time.AfterFunc(100*time.Second, func() { cancel(stopped) })
		if _, err := c.CurrentUser(ctx); !errors.Is(err, stopped) || time.Since(w.start) != 100*time.Second {
			t.Errorf("error %v after %v", err, time.Since(w.start))
		}
		ctx, cancel = context.WithCancelCause(t.Context())
		time.AfterFunc(300*time.Second, func() { cancel(stopped) })
		if _, err := c.CurrentUser(ctx); !errors.Is(err, stopped) {
			t.Errorf("error %v", err)
		}
	})
}

// slow is a body of n pieces with a gap before each; after them it hangs, or ends.
type slow struct {
	piece string
	n     int
	gap   time.Duration
	hang  <-chan struct{}
}

func (s *slow) Read(p []byte) (int, error) {
	if s.n == 0 {
		if s.hang != nil {
			<-s.hang
			return 0, context.Canceled
		}
		return 0, io.EOF
	}
	time.Sleep(s.gap)
	s.n--
	return copy(p, s.piece), nil
}

func (s *slow) Close() error { return nil }

// TestStall: a slow body is read to its end, a silent one is given up and asked for
// again.
func TestStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		w.answer = func(n int, r *http.Request) (*http.Response, error) {
			resp := says(200, "")
			switch n {
			case 1:
				resp.Body = &slow{piece: " ", n: 5, gap: 50 * time.Second, hang: r.Context().Done()}
			default:
				resp.Body = struct {
					io.Reader
					io.Closer
				}{io.MultiReader(&slow{piece: " ", n: 20, gap: 50 * time.Second}, strings.NewReader(person)), resp.Body}
			}
			return resp, nil
		}
		c := direct(t, w, func(cfg *fetch.Config) { cfg.Stall = time.Minute })
		if _, err := c.CurrentUser(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(w.at) != 2 || !between(w.at[1], 311*time.Second) {
			t.Errorf("requests at %v", w.at)
		}
	})
}
