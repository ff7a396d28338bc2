package export

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agc-export/export/exit"
	"agc-export/export/exporttest"
	"agc-export/fetch/faketenant"
)

// What summary and report tell of a throttled run is the time that it stood, not the sum of
// its workers' waits.
func TestThrottledTime(t *testing.T) {
	w := newWorld(t, exporttest.Tenant(), faketenant.Fault{Op: "download", Times: 4, Status: http.StatusTooManyRequests,
		Header: http.Header{"Retry-After": {"1"}}, Body: `{"error":{"code":"too_many_request"}}`})
	var mu sync.Mutex
	var spans [][2]time.Time
	w.Limits.Sleep = func(ctx context.Context, d time.Duration) error {
		from := time.Now()
		time.Sleep(d)
		mu.Lock()
		defer mu.Unlock()
		spans = append(spans, [2]time.Time{from, time.Now()})
		return ctx.Err()
	}
	report := w.export(t, exit.Complete)
	var stood, sum time.Duration
	var until time.Time
	slices.SortFunc(spans, func(a, b [2]time.Time) int { return a[0].Compare(b[0]) })
	for _, s := range spans {
		sum += s[1].Sub(s[0])
		if s[1].After(until) {
			stood += s[1].Sub(slices.MaxFunc([]time.Time{s[0], until}, time.Time.Compare))
			until = s[1]
		}
	}
	told, err := time.ParseDuration(report.Waited)
	if err != nil || len(spans) != 4 || told > stood+time.Millisecond || told < time.Second || stood > sum-time.Second {
		t.Errorf("told %s of %v in %d waits, %v in all: %v", report.Waited, stood, len(spans), sum, err)
	}
	var summary bytes.Buffer
	report.Summary(&summary)
	if want := "throttled  4 times by Nango's limit, 0 times by Atlassian's, waited " + report.Waited +
		"\n"; !strings.Contains(summary.String(), want) {
		t.Errorf("%s lacks %s", summary.String(), want)
	}
}
