package fetch

import (
	"context"
	"sync"
	"time"
)

// budget is the time that a client may take: a moment beyond which nothing goes on,
// and how long it may stand and wait. Waits of several workers at a time count once.
type budget struct {
	most     time.Duration // of waits; 0: no limit
	deadline time.Time     // zero: none

	mu      sync.Mutex
	stood   time.Duration // counted so far
	waiting int           // waits under way
	until   time.Time     // when the last of them ends
}

// begin takes a wait from the budget, to be followed by end. It returns the code of
// the error, CodeWait or CodeDeadline, where there is no room for the wait, which
// then must not begin.
func (b *budget) begin(wait time.Duration) (code string) {
	if b.late(wait) {
		return CodeDeadline
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	from := time.Now()
	to := from.Add(wait)
	if b.waiting > 0 && b.until.After(from) {
		from = b.until
	}
	more := max(to.Sub(from), 0)
	if b.most > 0 && b.stood+more > b.most {
		return CodeWait
	}
	b.stood += more
	if b.waiting == 0 || to.After(b.until) {
		b.until = to
	}
	b.waiting++
	return ""
}

// end ends a wait.
func (b *budget) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting--
}

// spent returns how long the client has stood.
func (b *budget) spent() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stood
}

// late says whether the deadline comes before a time from now has passed.
func (b *budget) late(in time.Duration) bool {
	return !b.deadline.IsZero() && !time.Now().Add(in).Before(b.deadline)
}

// limit returns a context for an operation that ends at the deadline with an *Error
// as its cause.
func (b *budget) limit(ctx context.Context, op string) (context.Context, context.CancelFunc) {
	if b.deadline.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadlineCause(ctx, b.deadline, &Error{Origin: OriginClient, Op: op, Code: CodeDeadline})
}
