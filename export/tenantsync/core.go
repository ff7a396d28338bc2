package tenantsync

import (
	"sync"
	"time"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/export/titles"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// core is what all parts of a sync share: what the run was given, and what it knows of
// the contents of the tenant.
type core struct {
	cfg     config.Config
	client  *fetch.Client
	mirror  *mirror.Mirror
	report  *report.Report
	now     func() time.Time       // only to tell how long ago earlier runs were
	ground  int                    // see knownGround
	damaged map[mirror.Object]bool // what a repair found, and fetches again

	spaces []wiki.Space            // selected
	known  map[string]mirror.Entry // contents of the mirror before this run, by id
	titles *titles.Record          // what contents are called beside what their rows say
	due    bool                    // full lists of what stands around pages are due
	told   bool                    // this run asked who may read what, and was answered at least in part

	mu     sync.Mutex              // of the following
	seen   map[string]wiki.Content // listed in this run, without body and raw, by id
	bodies map[string]bool         // contents whose body this run brought
}

// asListed is a content as this run listed it, the zero value where it did not.
func (s *core) asListed(id string) wiki.Content {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen[id]
}

// isDamaged tells whether a repair found an object damaged. Like all that is damaged
// it counts as one that the mirror does not have.
func (s *core) isDamaged(kind mirror.Kind, id string) bool {
	return s.damaged[mirror.Object{Kind: kind, ID: id}]
}

// optional judges the error of a list that no page depends on: what the site does not
// offer to this connection is noted as missing; what it failed to give makes the
// export incomplete, and stops it only where everything would fail.
func (s *core) optional(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case fetch.IsAbsent(err):
		s.report.Lack(what + ": " + err.Error())
		return nil
	case Stops(err):
		return listing(what, err)
	}
	s.report.Fail(report.Failure{Kind: what, Reason: err.Error()})
	return nil
}
