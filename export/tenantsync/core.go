package tenantsync

import (
	"context"
	"sync"
	"time"

	"agc-export/export/apart"
	"agc-export/export/clock"
	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/owed"
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
	now     func() time.Time       // to tell how long ago earlier runs were, and when the mirror changed
	ground  int                    // see knownGround
	damaged map[mirror.Object]bool // what a repair found, and fetches again

	spaces []wiki.Space            // selected
	known  map[string]mirror.Entry // contents of the mirror before this run, by id
	titles *titles.Record          // what contents are called beside what their rows say
	owed   *owed.Lists             // lists of single contents that did not come yet
	due    bool                    // full lists of what stands around pages are due
	swept  bool                    // they were read
	apart  *apart.Counts           // what stands on what is not exported
	all    bool                    // all spaces that the account sees are exported
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

// alone judges the error of a question about one content, or about one comment or file: it is
// that one's failure, and the next run asks again, unless it holds for all.
func (s *core) alone(kind, id, what string, err error) error {
	if err == nil || !fetch.IsAlone(err) {
		return listing(what, err)
	}
	s.report.Fail(report.Failure{Kind: kind, ID: id, Reason: what + " could not be had, what is known of them stays, " +
		"and the next run asks again: " + err.Error()})
	return nil
}

// owe judges the error of a list of one content. Where that is refused alone, it is owed.
func (s *core) owe(ctx context.Context, list string, c wiki.Content, err error) error {
	if err := s.alone(c.Type, c.ID, "its "+list, err); err != nil {
		return err
	}
	return s.owed.Refuse(ctx, list, c.ID)
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

// read looks at both clocks.
func (s *core) read() clock.Reading {
	return clock.Reading{Local: s.now().UTC(), Site: s.client.Stats().Date}
}

// elsewhere counts an object of a list that stands on no exported content. What stands on a
// content of a space that is not exported is not meant to be.
func (s *core) elsewhere(list, id, page, custom, file string) {
	_, known := s.known[page]
	switch {
	case page == "" && custom != "":
		s.apart.Saw(list, apart.Custom, id)
	case page == "" && file != "":
		s.apart.Saw(list, apart.File, id)
	case s.all && !known:
		s.apart.Saw(list, apart.Unknown, id)
	}
}
