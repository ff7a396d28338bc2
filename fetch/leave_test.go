package fetch_test

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"testing"
	"time"

	"agc-export/fetch"
	"agc-export/fetch/faketenant"
	"agc-export/fetch/wiki"
)

// A call that has ended, well or not, leaves nothing behind: what its context holds can be collected at once,
// and not only when the answer would have counted as silent. Else the memory of a run would grow with its files.
func TestCallsLeaveNothing(t *testing.T) {
	for name, fault := range map[string]faketenant.Fault{
		"answered":  {Op: "none"},
		"refused":   {Status: http.StatusForbidden, Times: -1},
		"a sign-in": {Status: http.StatusOK, Body: "<html>log in</html>", Times: -1},
		"cut":       {Keep: 3, Times: -1},
		"reset":     {Reset: true, Times: -1},
		"elsewhere": {Status: http.StatusFound, Times: -1,
			Header: http.Header{"Location": {"https://other.example.org/"}}},
	} {
		for op, call := range map[string]func(context.Context, *fetch.Client, wiki.Attachment){
			"download": func(ctx context.Context, c *fetch.Client, a wiki.Attachment) {
				_, _ = c.Download(ctx, a, func() (io.Writer, error) { return io.Discard, nil })
			},
			"spaces": func(ctx context.Context, c *fetch.Client, _ wiki.Attachment) {
				_, _ = collect(c.Spaces(ctx, ""))
			},
		} {
			t.Run(name+" "+op, func(t *testing.T) {
				fault := fault
				if fault.Op == "" {
					fault.Op = op
				}
				_, c := tenant(t, archive(t, "harbor.txtar"), func(cfg *fetch.Config) { cfg.Stall = time.Hour }, fault)
				file := must(t, c.Attachments(t.Context()))[0]
				const calls = 20
				gone := make(chan bool, calls)
				for range calls {
					held := new([64]byte)
					runtime.AddCleanup(held, func(gone chan bool) { gone <- true }, gone)
					call(context.WithValue(t.Context(), heldKey{}, held), c, file)
				}
				for wait := 0; len(gone) < calls-1 && wait < 100; wait++ { // the last may be on the stack
					runtime.GC()
					time.Sleep(10 * time.Millisecond)
				}
				if n := len(gone); n < calls-1 {
					t.Errorf("of %d calls %d hold their context still", calls, calls-n)
				}
			})
		}
	}
}

type heldKey struct{}
