package fetch

import (
	"context"
	"sync"
)

// gate is the one place where requests of all workers wait for their turn. It
// bounds how many run at once, closes for all while one of them waits as the
// other side told it to, and narrows after trouble: to half after a refusal, then
// wider by one after every twenty good answers, never over max. Requests that were
// on their way together when it narrowed tell of the same trouble: they narrow it
// once.
type gate struct {
	mu      sync.Mutex
	max     int           // requests at once at the start, and on a good day
	width   int           // requests at once now
	running int           // requests under way
	pauses  int           // waits under way that hold for all
	good    int           // good answers since the width last changed
	bad     int           // failures in a row
	turn    int           // how often it has narrowed
	changed chan struct{} // closed, and made anew, on each change
}

// Steps of the gate.
const (
	goodToWiden = 20 // good answers before one more request at once is tried
	badToBreak  = 10 // failures in a row for each of max after which the other side counts as down
)

func newGate(max int) *gate {
	return &gate{max: max, width: max, changed: make(chan struct{})}
}

// enter waits until a request may start, and returns its turn, which narrow and
// fail want back. A non-nil error is the context's.
func (g *gate) enter(ctx context.Context) (turn int, err error) {
	for {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		g.mu.Lock()
		if g.pauses == 0 && g.running < g.width {
			g.running++
			turn = g.turn
			g.mu.Unlock()
			return turn, nil
		}
		changed := g.changed
		g.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// leave ends a request that enter let in.
func (g *gate) leave() {
	g.change(func() { g.running-- })
}

// succeed notes a good answer.
func (g *gate) succeed() {
	g.change(func() {
		g.bad = 0
		if g.good++; g.good >= goodToWiden && g.width < g.max {
			g.width, g.good = g.width+1, 0
		}
	})
}

// narrow notes an answer that means overload: half as many requests at once, unless
// the request began before that was last done.
func (g *gate) narrow(turn int) {
	g.change(func() {
		g.good = 0
		if turn == g.turn {
			g.width, g.turn = max(g.width/2, 1), g.turn+1
		}
	})
}

// fail notes a failure that may be an outage, narrows, and says whether there have
// been so many in a row that asking on is of no use.
func (g *gate) fail(turn int) (down bool) {
	g.narrow(turn)
	g.change(func() {
		g.bad++
		down = g.bad >= badToBreak*g.max
	})
	return down
}

// narrowed says how often it has narrowed.
func (g *gate) narrowed() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.turn
}

// pause keeps the gate closed for all while wait runs.
func (g *gate) pause(wait func() error) error {
	g.change(func() { g.pauses++ })
	defer g.change(func() { g.pauses-- })
	return wait()
}

// change does fn under the lock and wakes everybody who waits.
func (g *gate) change(fn func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	fn()
	close(g.changed)
	g.changed = make(chan struct{})
}
