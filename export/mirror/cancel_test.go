package mirror

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"agc-export/fetch/wiki"
)

// A context that ends while others write and read is no fault of the disk: what fails then
// tells why it ended, and what comes after finds the mirror as it was.
func TestCancelledIsNoDiskError(t *testing.T) {
	m := open(t, t.TempDir(), Options{})
	many := func(round, worker int) []wiki.Content {
		all := make([]wiki.Content, 250)
		for i := range all {
			id := fmt.Sprint(100000 + worker*1000 + i)
			all[i] = wiki.Content{ID: id, Type: wiki.TypePage, Title: fmt.Sprint(round), SpaceID: "1"}
		}
		return all
	}
	first := errors.New("the list is not whole")
	for round := range 60 {
		ctx, cancel := context.WithCancelCause(t.Context())
		var group sync.WaitGroup
		for worker := range 4 {
			group.Go(func() {
				for ctx.Err() == nil {
					if _, err := m.PutContents(ctx, many(round, worker)); err != nil && !errors.Is(err, first) {
						t.Errorf("round %d, writing: %v", round, err)
					}
				}
			})
			group.Go(func() {
				for ctx.Err() == nil {
					if _, err := m.Fingerprint(ctx); err != nil && !errors.Is(err, first) {
						t.Errorf("round %d, reading: %v", round, err)
					}
					for _, err := range m.WalkEntries(ctx) {
						if err != nil && !errors.Is(err, first) {
							t.Errorf("round %d, reading: %v", round, err)
						}
					}
				}
			})
		}
		time.Sleep(time.Duration(round) * 300 * time.Microsecond)
		cancel(first)
		group.Wait()
		if err := m.SetAuditHead(t.Context(), fmt.Sprint(round)); err != nil {
			t.Fatalf("round %d, after it: %v", round, err)
		}
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}
