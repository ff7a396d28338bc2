package fetch

import (
	"context"
	"slices"
	"sync"
	"time"
)

// budget is what a client may take: requests, a moment beyond which nothing goes on,
// and how long it may stand and wait. Waits of several workers at a time count once.
type budget struct {
	calls    int           // requests; 0: no limit
	most     time.Duration // of waits; 0: no limit
	deadline time.Time     // zero: none
	start    time.Time

	mu    sync.Mutex
	kept  int           // of calls, kept back
	held  bool          // so is a tenth of the times
	stood time.Duration // counted so far: the union of all waits, up to until
	until time.Time     // when the last of those under way ends
	waits []time.Time   // when each wait under way ends
}

func newBudget(cfg Config) *budget {
	return &budget{calls: cfg.MaxCalls, most: cfg.MaxWait, deadline: cfg.Deadline, start: time.Now()}
}

// reserve keeps back so many requests, half of all at the most, and a tenth of the times;
// with 0 nothing.
func (b *budget) reserve(calls int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept, b.held = min(calls, b.calls/2), calls > 0
}

// free returns what may be spent now: requests (0: no limit), waits (0: no limit) and the
// moment beyond which nothing goes on (zero: none).
func (b *budget) free() (calls int, most time.Duration, deadline time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	calls, most, deadline = b.calls-b.kept, b.most, b.deadline
	if b.held {
		most -= most / 10
		deadline = deadline.Add(-deadline.Sub(b.start) / 10)
	}
	if b.deadline.IsZero() {
		deadline = time.Time{}
	}
	return calls, most, deadline
}

// begin takes a wait from the budget, to be followed by end with the moment that it
// returns. It returns the code of the error, CodeWait or CodeDeadline, where there is no
// room for the wait, which then must not begin; and whether no other was under way.
func (b *budget) begin(wait time.Duration) (to time.Time, first bool, code string) {
	if b.late(wait) {
		return to, false, CodeDeadline
	}
	_, most, _ := b.free()
	b.mu.Lock()
	defer b.mu.Unlock()
	from := time.Now()
	to = from.Add(wait)
	if first = len(b.waits) == 0; first {
		b.until = from
	}
	more := to.Sub(b.until)
	if b.until.Before(from) {
		more = wait
	}
	if more = max(more, 0); most > 0 && b.stood+more > most {
		return to, first, CodeWait
	}
	b.stood += more
	if to.After(b.until) {
		b.until = to
	}
	b.waits = append(b.waits, to)
	return to, first, ""
}

// end ends a wait that was to end at a moment. What is cut off of it counts only where
// others wait on.
func (b *budget) end(to time.Time, cut bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := slices.IndexFunc(b.waits, to.Equal)
	b.waits = slices.Delete(b.waits, at, at+1)
	if !cut {
		return
	}
	last := time.Now()
	for _, other := range b.waits {
		if other.After(last) {
			last = other
		}
	}
	if last.Before(b.until) {
		b.stood -= b.until.Sub(last)
		b.until = last
	}
}

// spent returns how long the client has stood.
func (b *budget) spent() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stood
}

// late says whether the deadline comes before a time from now has passed.
func (b *budget) late(in time.Duration) bool {
	_, _, deadline := b.free()
	return !deadline.IsZero() && !time.Now().Add(in).Before(deadline)
}

// limit returns a context for an operation that ends at the deadline with an *Error
// as its cause.
func (b *budget) limit(ctx context.Context, op string) (context.Context, context.CancelFunc) {
	_, _, deadline := b.free()
	if deadline.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadlineCause(ctx, deadline, &Error{Origin: OriginClient, Op: op, Code: CodeDeadline})
}

// Reserve keeps back the last of what the client may spend, for what comes after the next
// call of Reserve(0): so many requests, half of MaxCalls at the most, and a tenth of MaxWait
// and of the time up to the Deadline.
func (c *Client) Reserve(calls int) { c.budget.reserve(calls) }
