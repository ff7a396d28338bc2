package fetch_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// each calls fn for all items, at most n of them at once.
func each[T any](ctx context.Context, n int, items []T, fn func(context.Context, T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(n)
	for _, item := range items {
		g.Go(func() error { return fn(ctx, item) })
	}
	return g.Wait()
}

// crowd asks n times for the account, by as many workers, and returns the first
// error.
func crowd(t *testing.T, c *fetch.Client, n int) error {
	return each(t.Context(), n, make([]struct{}, n), func(ctx context.Context, _ struct{}) error {
		_, err := c.CurrentUser(ctx)
		return err
	})
}

// TestAdapt: the requests at once are halved once for each bad time that they have
// together, grow again one by one, and never go over what they began with.
func TestAdapt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		var bad atomic.Bool
		bad.Store(true)
		w.answer = func(int, *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			if bad.Load() {
				return says(503, "<html>"), nil
			}
			return says(200, person), nil
		}
		c := direct(t, w, func(cfg *fetch.Config) { cfg.Workers = 16 })
		wave := func(n int) int {
			w.most = 0
			if err := crowd(t, c, n); err != nil {
				t.Fatal(err)
			}
			return w.most
		}
		time.AfterFunc(1500*time.Millisecond, func() { bad.Store(false) })
		if got := wave(16); got != 16 || c.Stats().Narrowed != 1 {
			t.Errorf("%d at once at first, halved %d times", got, c.Stats().Narrowed)
		}
		// The twentieth good answer may come while others of its wave are on their way: 9.
		if got := wave(16); got != 8 && got != 9 {
			t.Errorf("%d at once after the bad time, want 8 or 9", got)
		}
		bad.Store(true)
		time.AfterFunc(4500*time.Millisecond, func() { bad.Store(false) }) // the first, second and third try of some
		wave(8)
		if got := c.Stats().Narrowed; got != 4 {
			t.Errorf("halved %d times after three more bad times", got)
		}
		last := wave(16)
		if last > 3 {
			t.Errorf("%d at once after four bad times", last)
		}
		for range 12 {
			now := wave(40)
			if now < last || now > 16 || now > last+3 {
				t.Errorf("%d at once after %d", now, last)
			}
			last = now
		}
		if last != 16 {
			t.Errorf("%d at once in the end", last)
		}
	})
}

// TestWhoLimits: Nango's own refusals are told from Atlassian's.
func TestWhoLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
			switch {
			case n <= 3:
				return says(429, nangos, "Retry-After", "0"), nil
			case n <= 5:
				return says(429, gateways), nil
			}
			return says(200, person), nil
		}}
		c := direct(t, w, nil)
		if _, err := c.CurrentUser(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := c.Stats(); s.RateLimited != 5 || s.NangoLimit != 3 {
			t.Errorf("%+v", s)
		}
	})
}

// TestWaitBudget: waits that several workers have at a time count once; one for
// which there is no room is not begun.
func TestWaitBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
			time.Sleep(time.Second) // so that four are refused together
			return says(429, nangos, "Retry-After", "60"), nil
		}}
		c := direct(t, w, func(cfg *fetch.Config) { cfg.MaxWait = 170 * time.Second })
		start := time.Now()
		err := crowd(t, c, 4)
		took := time.Since(start)
		if !fetch.IsBudget(err) || fetch.IsRate(err) || !code(fetch.CodeWait)(err) {
			t.Errorf("error %v", err)
		}
		s := c.Stats()
		if took < 120*time.Second || took > 150*time.Second || s.Stood < 120*time.Second || s.Stood > 170*time.Second ||
			s.Waited <= s.Stood {
			t.Errorf("after %v: stood %v, waited %v", took, s.Stood, s.Waited)
		}
		n := len(w.at)
		if _, err := c.CurrentUser(t.Context()); !fetch.IsBudget(err) || len(w.at) != n+1 {
			t.Errorf("error %v after %d requests more", err, len(w.at)-n)
		}
		w.answer = func(int, *http.Request) (*http.Response, error) { return says(200, person), nil }
		if _, err := c.CurrentUser(t.Context()); err != nil {
			t.Errorf("without waits: %v", err)
		}
	})
	never := func(context.Context, time.Duration) error { return nil }
	w := &wire{answer: func(int, *http.Request) (*http.Response, error) {
		return says(429, nangos, "Retry-After", "60"),
			nil
	}}
	c := direct(t, w, func(cfg *fetch.Config) { cfg.MaxWait, cfg.Sleep = 170*time.Second, never })
	if _, err := c.CurrentUser(t.Context()); !fetch.IsBudget(err) || len(w.at) != 3 {
		t.Errorf("error %v after %d requests", err, len(w.at))
	}
}

// TestDeadline: nothing goes on beyond the deadline: no wait, no request, no file.
func TestDeadline(t *testing.T) {
	const left = 100 * time.Second
	for _, tc := range []struct {
		name   string
		answer func(n int, r *http.Request) (*http.Response, error)
		ends   time.Duration
		calls  int
	}{
		{"a wait that would end after it", func(n int, _ *http.Request) (*http.Response, error) {
			return says(429, nangos, "Retry-After", "45"), nil
		}, 90 * time.Second, 3},
		{"an answer that does not come", func(_ int, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, left, 1},
		{"a long body", func(_ int, r *http.Request) (*http.Response, error) {
			resp := says(200, "")
			resp.Body = &slow{piece: "x", n: 3, gap: 20 * time.Second, hang: r.Context().Done()}
			return resp, nil
		}, left, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: tc.answer}
				start := time.Now()
				c := direct(t, w, func(cfg *fetch.Config) { cfg.Deadline = start.Add(left) })
				_, err := c.Download(t.Context(), wiki.Attachment{ID: "att1", PageID: "1", FileSize: 9},
					func() (io.Writer, error) { return io.Discard, nil })
				if !fetch.IsBudget(err) || !code(fetch.CodeDeadline)(err) || len(w.at) != tc.calls {
					t.Errorf("error %v after %d requests", err, len(w.at))
				}
				if took := time.Since(start); !between(took, tc.ends) {
					t.Errorf("ended after %v, want %v", took, tc.ends)
				}
				time.Sleep(left)
				if _, err := c.CurrentUser(t.Context()); !fetch.IsBudget(err) || len(w.at) != tc.calls {
					t.Errorf("afterwards: error %v after %d requests", err, len(w.at))
				}
			})
		})
	}
}

// TestStood: the time that a client stood is the union of its waits, to the moment,
// however many workers wait and however their waits overlap; what is cut off does not
// count.
func TestStood(t *testing.T) {
	type span struct{ from, to time.Time }
	for _, tc := range []struct {
		name  string
		waits []string // Retry-After of the n-th answer; beyond them all is well
		crowd int
		slow  func(n int) time.Duration // before the n-th answer comes
		stop  time.Duration             // after which the run is interrupted; 0: never
	}{
		{"one", []string{"7"}, 1, func(int) time.Duration { return 0 }, 0},
		{"together", []string{"60", "60", "60", "60"}, 4, func(int) time.Duration { return time.Second }, 0},
		{"one after another", []string{"10", "10", "10", "10"}, 4, func(n int) time.Duration {
			return time.Duration(n) * 4 * time.Second
		}, 0},
		{"one within another", []string{"100", "10", "20"}, 3, func(n int) time.Duration {
			return time.Duration(n) * time.Second
		}, 0},
		{"apart", []string{"5", "5"}, 2, func(n int) time.Duration { return time.Duration(n*n) * 20 * time.Second }, 0},
		{"cut off", []string{"300", "300", "200"}, 3, func(n int) time.Duration {
			return time.Duration(n) * time.Second
		}, 40 * time.Second},
		{"cut off once more", []string{"5", "290", "30"}, 3, func(n int) time.Duration {
			return time.Duration(n*n) * 8 * time.Second
		}, 100 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				if tc.stop > 0 {
					time.AfterFunc(tc.stop, stop)
				}
				var mu sync.Mutex
				var spans []span
				w := &wire{answer: func(n int, _ *http.Request) (*http.Response, error) {
					time.Sleep(tc.slow(n))
					if n > len(tc.waits) {
						return says(200, person), nil
					}
					return says(429, nangos, "Retry-After", tc.waits[n-1]), nil
				}}
				c := direct(t, w, func(cfg *fetch.Config) {
					cfg.Workers = tc.crowd
					cfg.Sleep = func(ctx context.Context, d time.Duration) error {
						s := span{from: time.Now()}
						var err error
						select {
						case <-time.After(d):
						case <-ctx.Done():
							err = ctx.Err()
						}
						s.to = time.Now()
						mu.Lock()
						defer mu.Unlock()
						spans = append(spans, s)
						return err
					}
				})
				_ = each(ctx, tc.crowd, make([]struct{}, tc.crowd), func(ctx context.Context, _ struct{}) error {
					_, err := c.CurrentUser(ctx)
					return err
				})
				slices.SortFunc(spans, func(a, b span) int { return a.from.Compare(b.from) })
				var want, sum time.Duration
				var until time.Time
				for _, s := range spans {
					sum += s.to.Sub(s.from)
					if s.from.After(until) {
						until = s.from
					}
					if s.to.After(until) {
						want += s.to.Sub(until)
						until = s.to
					}
				}
				got := c.Stats().Stood
				if got.Round(time.Millisecond) != want.Round(time.Millisecond) || len(spans) < len(tc.waits) {
					t.Errorf("stood %v, want %v of %v in %d waits", got, want, sum, len(spans))
				}
			})
		})
	}
}
