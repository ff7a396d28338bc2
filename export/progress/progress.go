// Package progress tells people how far a run is, while it is under way. The run says what it does (Begin), and
// how much of it is done (Count), to the meter that its context carries; a context without one costs nothing. show.go
// shows the meter: on a terminal as one line that is drawn anew, else as a line a minute; line.go writes the line.
package progress

import (
	"context"
	"sync"
	"time"
)

// Meter is how far a run is. It is safe for use by many goroutines.
type Meter struct {
	mu      sync.Mutex
	phase   phase
	traffic func() Traffic // nil: none so far

	// Told hears of each phase when it is over: what it went through, how many of how many (0: nobody knew) and
	// how long it took. nil: nobody listens.
	Told func(what string, done, total int, took time.Duration)
}

// phase is a part of a run: what it goes through, and how many of it.
type phase struct {
	what        string // "pages"
	done, total int    // total 0: nobody knows
	begun       time.Time
	bytes       int64 // that had come when it began
}

// Traffic is what has gone over the network so far, and the wait that is under way.
type Traffic struct {
	Calls int
	Bytes int64
	Until time.Time // when the wait ends; a moment of the past: there is none
	Why   string    // "Confluence asks for a pause"
}

// key finds the meter in a context.
type key struct{}

// With gives a run a meter.
func With(ctx context.Context, m *Meter) context.Context { return context.WithValue(ctx, key{}, m) }

// of is the meter of a context, nil for none.
func of(ctx context.Context) *Meter {
	m, _ := ctx.Value(key{}).(*Meter)
	return m
}

// Begin begins a phase: what it goes through, in the plural, and how many, 0 where nobody knows.
func Begin(ctx context.Context, what string, total int) {
	m := of(ctx)
	if m == nil {
		return
	}
	m.End()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.phase = phase{what: what, total: total, begun: time.Now()}
	if m.traffic != nil {
		m.phase.bytes = m.traffic().Bytes
	}
}

// End ends the phase that is under way, if one is.
func (m *Meter) End() {
	m.mu.Lock()
	p := m.phase
	m.phase = phase{}
	m.mu.Unlock()
	if p.what != "" && m.Told != nil {
		m.Told(p.what, p.done, p.total, time.Since(p.begun))
	}
}

// Count counts so many as done of the phase that is under way.
func Count(ctx context.Context, n int) {
	if m := of(ctx); m != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.phase.done += n
	}
}

// Watch lets the meter ask what goes over the network.
func Watch(ctx context.Context, traffic func() Traffic) {
	if m := of(ctx); m != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.traffic = traffic
	}
}

// read is the state of the meter at a moment.
func (m *Meter) read() (p phase, t Traffic) {
	m.mu.Lock()
	p, traffic := m.phase, m.traffic
	m.mu.Unlock()
	if traffic != nil {
		t = traffic()
	}
	return p, t
}
