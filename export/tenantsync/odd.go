package tenantsync

import (
	"maps"

	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/fetch"
)

// takeOdds reports the objects of lists that could not be used. They are failures of
// themselves: everything else goes on.
func (s *syncer) takeOdds() {
	for _, odd := range s.client.Odds() {
		if s.odds[odd] {
			continue
		}
		if s.odds == nil {
			s.odds = map[fetch.Odd]bool{}
		}
		s.odds[odd] = true
		s.report.Fail(report.Failure{Kind: odd.Op, ID: odd.ID, Reason: "an object of this list is not used: " + odd.Why})
	}
}

// forgive takes back what complete lists did not hold: with odd objects in some list they
// were not complete, and what was odd may be what seems to be missing. What Confluence
// lists as deleted stays so.
func (s *syncer) forgive() {
	for i := range s.completes {
		maps.DeleteFunc(s.completes[i].missing, func(_, state string) bool { return state == mirror.GoneUnseen })
	}
}
