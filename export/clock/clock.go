// Package clock keeps the mirror's own clock, and notes when the mirror changed (changed.go).
//
// No wait ends because this machine's clock is wrong. The mirror has a clock of its own,
// which complete runs alone move on, and by no more than two clocks that are not each
// other's agree on: this machine's and that of the servers, by the Date of their answers.
// It falls behind where one of them goes back, where answers bear no Date and where a
// mirror is new to it; it never runs ahead, and one bad night never holds it up for more
// than itself. Where Nango runs on this machine both clocks are one.
package clock

import (
	"context"
	"time"

	"agc-export/export/mirror"
)

// Reading is what the two clocks tell at one moment; Site is zero where it is not known.
type Reading struct{ Local, Site time.Time }

// Latest is the later of both.
func (r Reading) Latest() time.Time {
	if r.Site.After(r.Local) {
		return r.Site
	}
	return r.Local
}

// Passed is the time that has surely passed since an earlier reading.
func (r Reading) Passed(since Reading) time.Duration {
	if r.Site.IsZero() || since.Site.IsZero() {
		return 0
	}
	return max(0, min(r.Local.Sub(since.Local), r.Site.Sub(since.Site)))
}

// Span is the time on the mirror's clock from before a run's first list to after its
// last. What a run misses has been missing since its end at the latest, and still was
// at the beginning of another.
type Span struct{ Begin, End time.Time }

// Wind moves the mirror's clock on by a run, from what both clocks told when it began.
func Wind(ctx context.Context, notes mirror.Notes, began, ended Reading) (run Span, err error) {
	was, err := notes.Clock(ctx)
	if err != nil {
		return run, err
	}
	last := was.Listed
	if last.IsZero() {
		last = began.Local // the first run: the mirror's clock begins somewhere
	}
	run.Begin = last.Add(began.Passed(Reading{was.Local, was.Site}))
	run.End = run.Begin.Add(ended.Passed(began))
	return run, notes.SetClock(ctx, mirror.Clock{Listed: run.End, Local: ended.Local, Site: ended.Site})
}
