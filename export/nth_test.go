package export

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"agc-export/export/exit"
	"agc-export/fetch/faketenant"
)

// upset is a kind of fault: what is answered, and the exit codes with which a run may
// end that meets it once, or for good from some request on. Exit 0 is checked to mean
// that the run is as good as one without fault.
type upset struct {
	name   string
	fault  faketenant.Fault
	once   []int
	always []int
	short  bool // the answer looks whole and holds too little: nobody can tell
	stalls bool // the answer falls silent: so little is waited for it
}

// Codes that go together: a listing fails (1), or a single file (3); an answer that
// nothing needs, and the run is complete all the same (0).
var (
	waited = []int{exit.Complete}
	// also of an answer about the site that a run can do without
	partly  = []int{exit.Complete, exit.Failure, exit.Incomplete}
	failing = []int{exit.Failure, exit.Incomplete, exit.Complete}
)

// upsets is the table of faults. To try another one, add its line.
func upsets() []upset {
	status := func(code int, body string) faketenant.Fault { return faketenant.Fault{Status: code, Body: body} }
	next := func(link string) faketenant.Fault {
		return faketenant.Fault{Edit: func(b []byte) []byte { return follow(b, link) }}
	}
	return []upset{
		{name: "401 of Nango", fault: status(401, `{"error":{"code":"unknown_account","message":"x"}}`),
			once: []int{exit.Auth}, always: []int{exit.Auth}},
		{name: "401 of the gateway", fault: status(401, `{"code":401,"message":"Unauthorized"}`), once: waited,
			always: []int{exit.Auth}},
		{name: "403 of Nango", fault: status(403,
			`{"error":{"code":"forbidden","message":"Insufficient scope. Required: environment:proxy"}}`),
			once: []int{exit.Auth, exit.Complete}, always: []int{exit.Auth}},
		{name: "403 of Confluence", fault: status(403, page403), once: partly, always: failing},
		{name: "404 of Nango", fault: status(404, `{"error":{"code":"unknown_provider_config","message":"x"}}`),
			once: []int{exit.Usage, exit.Complete}, always: []int{exit.Usage}},
		{name: "404 of Confluence", fault: status(404, page404), once: partly, always: failing},
		{name: "404 that names nothing",
			fault: status(404, `{"errors":[{"status":404,"code":"NOT_FOUND","title":"Not Found","detail":null}]}`),
			once:  partly, always: failing},
		{name: "410", fault: status(410, `{"statusCode":410,"message":"This deprecated endpoint has been removed."}`),
			once: partly, always: failing},
		{name: "402", fault: status(402, `{"error":{"code":"plan_limit","message":"x"}}`), once: []int{exit.Budget},
			always: []int{exit.Budget}},
		{name: "429", fault: status(429, `{"error":{"code":"too_many_request"}}`), once: waited,
			always: []int{exit.Budget}},
		{name: "429 that waits for ever",
			fault: faketenant.Fault{Status: 429, Header: http.Header{"Retry-After": {"9223372036854775807"}}},
			once:  waited, always: []int{exit.Budget}},
		{name: "500 without body", fault: status(500, ""), once: waited, always: []int{exit.Failure, exit.Incomplete}},
		{name: "503 of the edge", fault: status(503, busy), once: waited, always: []int{exit.Failure, exit.Incomplete}},
		{name: "302 to another host", fault: faketenant.Fault{Status: 302,
			Header: http.Header{"Location": {metadata4}}}, once: partly, always: failing},
		{name: "204", fault: status(204, ""), once: partly, always: failing},
		{name: "206", fault: status(206, `{"results":[],"_links":{}}`), once: partly, always: failing},
		{name: "a web page", fault: status(200, signIn), once: waited, always: failing},
		{name: "an empty body", fault: status(200, ""), once: waited, always: failing},
		{name: "null", fault: status(200, "null"), once: partly, always: failing},
		{name: "a list", fault: status(200, "[]"), once: append(partly, exit.Usage), always: failing},
		{name: "no results", fault: status(200, "{}"), once: partly, always: failing},
		{name: "results are null", fault: status(200, `{"results":null,"_links":{}}`), once: partly, always: failing},
		{name: "results without ids", fault: status(200, `{"results":[{"title":"x"}],"_links":{}}`), once: partly,
			always: failing},
		{name: "numbers for objects", fault: status(200, `{"results":[7,"x"],"id":{"a":1},"cloudId":3}`),
			once: partly, always: failing},
		{name: "cut at the first byte", fault: faketenant.Fault{Keep: 1}, once: waited, always: failing},
		{name: "cut in the middle", fault: faketenant.Fault{Keep: 150}, once: waited, always: failing},
		{name: "cut, and the length agrees", fault: faketenant.Fault{Keep: 150, Short: true}, once: waited,
			always: failing},
		{name: "cut, and no length", fault: faketenant.Fault{Keep: 2, Bare: true}, once: waited, always: failing},
		{name: "falls silent", fault: faketenant.Fault{Keep: 100, Hold: true}, once: waited, always: failing,
			stalls: true},
		{name: "reset", fault: faketenant.Fault{Reset: true}, once: waited,
			always: []int{exit.Failure, exit.Incomplete}},
		{name: "a link to itself", fault: next("/wiki/api/v2/pages?cursor=x"), once: partly, always: failing},
		{name: "a link elsewhere", fault: next("https://evil.example/wiki/api/v2/pages?cursor=${access_token}"),
			once: partly, always: failing},
		{name: "a link without cursor", fault: next("/wiki/wiki/../x"), once: partly, always: failing},
		{name: "a short listing", fault: faketenant.Fault{Edit: shorten}, once: append(partly, exit.Guard),
			always: []int{exit.Complete, exit.Failure, exit.Incomplete, exit.Guard, exit.Usage, exit.Auth},
			short:  true},
		{name: "truncated gzip", fault: faketenant.Fault{Status: 200,
			Header: http.Header{"Content-Encoding": {"gzip"}, "Content-Type": {"application/json"}},
			Body:   string(zipped([]byte(`{"results":[]}`))[:20])}, once: waited, always: failing},
		{name: "a header of 2 MB", fault: faketenant.Fault{Status: 200,
			Header: http.Header{"X-Long": {strings.Repeat("x", 2<<20)}}, Body: "{}"}, once: waited, always: failing},
	}
}

// A fault at the n-th request, for each n and each kind of fault, once and for good:
// the mirror loses nothing, the output stays whole, the exit code tells, no text holds
// the key, and the next run ends where one without fault does. The short suite takes a
// few n of each kind, once or for good by turns, so that all together meet every request;
// AGC_LONG=n each n-th, both ways.
func TestFaultAtNthRequest(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	stride, both := 29, false // one place at least for each kind
	if n, err := strconv.Atoi(os.Getenv("AGC_LONG")); err == nil {
		stride, both = min(max(n, 1), stride), true
	}
	var trials atomic.Int64
	t.Run("all", func(t *testing.T) {
		for i, u := range upsets() {
			t.Run(u.name, func(t *testing.T) {
				t.Parallel()
				for n := 1 + i%stride; n <= s.requests+1; n += stride {
					if both || i%2 == 0 {
						s.try(t, u, n, 1)
						trials.Add(1)
					}
					if both || i%2 == 1 {
						s.try(t, u, n+stride/2, -1)
						trials.Add(1)
					}
				}
			})
		}
	})
	t.Logf("%d trials of %d kinds of faults over %d requests", trials.Load(), len(upsets()), s.requests)
}

// try lets one run meet a fault, checks what it left, and lets a clean run follow.
func (s *story) try(t *testing.T, u upset, n, times int) {
	t.Helper()
	what := fmt.Sprintf("%s at request %d, %d times", u.name, n, times)
	t.Run(fmt.Sprint(n, " ", times), func(t *testing.T) {
		f := u.fault
		f.Nth, f.Times = n, times
		w := s.world(t, s.copy(t), s.after, f)
		if u.stalls {
			w.Limits.Stall = 100 * time.Millisecond
		}
		log := w.listen()
		report, err := w.Export(t.Context())
		allowed := u.once
		if times < 0 {
			allowed = append(slices.Clone(u.always), u.once...)
		}
		if asksNango := n == 1; asksNango && u.fault.Status >= 400 { // what answers so is not Nango, see nango.base_url
			allowed = append(slices.Clone(allowed), exit.Usage)
		}
		code := exit.Code(err)
		if n <= s.requests && !slices.Contains(allowed, code) {
			t.Errorf("%s: exit code %d, want one of %v: %v", what, code, allowed, err)
		}
		s.sound(t, w)
		got := w.outcome(t)
		switch {
		case u.short:
		case code == exit.Complete:
			got.same(t, s.second, what+": complete, and yet")
		case code != exit.Incomplete && !slices.Equal(got.tree, s.first.tree):
			t.Errorf("%s: exit code %d, and the output has changed", what, code)
		}
		var summary bytes.Buffer
		report.Summary(&summary)
		silent(t, filepath.Dir(w.Config.Output.Mirror), fmt.Sprint(err), log.String(), summary.String())
		w.serve(t, s.after)
		w.export(t, exit.Complete)
		w.outcome(t).same(t, s.second, what+", then a clean run")
	})
}
