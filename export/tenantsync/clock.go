package tenantsync

import (
	"context"
	"time"

	"agc-export/export/mirror"
)

// No wait ends because this machine's clock is wrong. The mirror has a clock of its own,
// which complete runs alone move on, and by no more than two clocks that are not each
// other's agree on: this machine's and that of the servers, by the Date of their answers.
// It falls behind where one of them goes back, where answers bear no Date and where a
// mirror is new to it; it never runs ahead, and one bad night never holds it up for more
// than itself. Where Nango runs on this machine both clocks are one.

// reading is what the two clocks tell at one moment; site is zero where it is not known.
type reading struct{ local, site time.Time }

// read looks at both clocks.
func (s *core) read() reading { return reading{s.now().UTC(), s.client.Stats().Date} }

// latest is the later of both.
func (r reading) latest() time.Time {
	if r.site.After(r.local) {
		return r.site
	}
	return r.local
}

// passed is the time that has surely passed since an earlier reading.
func (r reading) passed(since reading) time.Duration {
	if r.site.IsZero() || since.site.IsZero() {
		return 0
	}
	return max(0, min(r.local.Sub(since.local), r.site.Sub(since.site)))
}

// span is the time on the mirror's clock from before a run's first list to after its
// last. What a run misses has been missing since its end at the latest, and still was
// at the beginning of another.
type span struct{ begin, end time.Time }

// wind moves the mirror's clock on.
func (s *absence) wind(ctx context.Context) (run span, err error) {
	clock, err := s.mirror.Clock(ctx)
	if err != nil {
		return run, err
	}
	end, last := s.read(), clock.Listed
	if last.IsZero() {
		last = s.began.local // the first run: the mirror's clock begins somewhere
	}
	run.begin = last.Add(s.began.passed(reading{clock.Local, clock.Site}))
	run.end = run.begin.Add(end.passed(s.began))
	return run, s.mirror.SetClock(ctx, mirror.Clock{Listed: run.end, Local: end.local, Site: end.site})
}

// undated says that waits do not go on where something waits.
func (s *absence) undated(rows absences) {
	for _, r := range rows {
		if r.State == mirror.GoneUnseen && r.GoneAt == "" && s.read().site.IsZero() {
			s.report.Lack("no answer told its date, so nothing counts as deleted because it is in no list any more; " +
				"only what is listed as deleted does")
			return
		}
	}
}
