package parallel

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestEach: bounded, ended by the first error.
func TestEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		running, most, done := 0, 0, 0
		work := func(fail int) func(context.Context, int) error {
			return func(ctx context.Context, i int) error {
				mu.Lock()
				running++
				most = max(most, running)
				mu.Unlock()
				time.Sleep(time.Second)
				mu.Lock()
				running--
				done++
				mu.Unlock()
				if i == fail {
					return errors.New("failed")
				}
				return nil
			}
		}
		items := make([]int, 20)
		for i := range items {
			items[i] = i
		}
		if err := Each(t.Context(), 3, items, work(-1)); err != nil || most != 3 || done != 20 {
			t.Errorf("%v, %d at once, %d done", err, most, done)
		}
		most, done = 0, 0
		if err := Each(t.Context(), 0, items, work(4)); err == nil || err.Error() != "failed" || most != 1 || done > 6 {
			t.Errorf("%v, %d at once, %d done", err, most, done)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		done = 0
		if err := Each(ctx, 2, items, work(-1)); !errors.Is(err, context.Canceled) || done != 0 {
			t.Errorf("%v, %d done", err, done)
		}
	})
}
