// Package arrival writes down in a mirror which files came, several at a time.
package arrival

import (
	"context"
	"sync"

	"agc-export/export/mirror"
)

// Arrivals writes down which blobs came, for several goroutines. A transaction waits for the disk several
// times: all that come while one is under way share the next, so that none is left waiting for others to
// come and a run that is killed lacks no more than what came during one.
type Arrivals struct {
	mirror  *mirror.Mirror
	told    func(mirror.Held)
	mu      sync.Mutex
	waiting []mirror.Held
	writing bool
}

// New begins to write down blobs. told is called for each of them when it is written, by one
// goroutine at a time.
func New(m *mirror.Mirror, told func(mirror.Held)) *Arrivals { return &Arrivals{mirror: m, told: told} }

// Add writes a blob down, and all that come meanwhile; or it leaves that to the goroutine that is writing
// just now. What came whole is written also where the context has ended. An error is one of all that this
// call wrote; nothing is written after it.
func (a *Arrivals) Add(ctx context.Context, h mirror.Held) error {
	ctx = context.WithoutCancel(ctx)
	for all := a.next(h); len(all) > 0; all = a.next() {
		if err := a.mirror.SetBlobs(ctx, all...); err != nil {
			return err
		}
		for _, h := range all {
			a.told(h)
		}
	}
	return nil
}

// next takes what is to be written by the caller: nothing where another is writing.
func (a *Arrivals) next(came ...mirror.Held) []mirror.Held {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting = append(a.waiting, came...)
	if len(came) > 0 && a.writing {
		return nil
	}
	all := a.waiting
	a.waiting, a.writing = nil, len(all) > 0
	return all
}
