package status

import (
	"time"

	"agc-export/export/report"
)

// How long Atlassian's refresh tokens live without use, and after their owner became inactive, which nobody tells.
const (
	Unused   = 365 * 24 * time.Hour
	Inactive = 90 * 24 * time.Hour
	day      = 24 * time.Hour
	token    = time.Hour // the life of an access token
)

// Authorization is how long the connection lasts after a run. Nango tells when it was given and renewed; both are
// zero where it does not. A run that Confluence answered had a token that was no older than an hour.
func Authorization(given, renewed, started time.Time, answered bool) *report.Authorization {
	a := &report.Authorization{Authorized: given, Renewed: renewed}
	if used := started.Add(-token); answered && used.After(a.Renewed) {
		a.Renewed = used
	}
	if a.Renewed.IsZero() {
		return nil
	}
	a.Authorized, a.Renewed = a.Authorized.UTC().Round(time.Second), a.Renewed.UTC().Round(time.Second)
	a.Ends = a.Renewed.Add(Unused)
	a.DaysLeft = Days(a.Ends, started)
	return a
}

// Days are the whole days until a time, 0 where it has passed.
func Days(until, now time.Time) int { return max(int(until.Sub(now)/day), 0) }

// Short tells whether the authorization was about to end when a run began, and after how many days. What Nango calls
// renewed need not be that: where it is longer ago than any token lives, nothing is known.
func Short(renewed, now time.Time) (days int, short bool) {
	ends := renewed.Add(Unused)
	days = Days(ends, now)
	return days, !renewed.IsZero() && ends.After(now) && days <= report.WarnDays
}
