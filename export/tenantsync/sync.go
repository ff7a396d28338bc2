package tenantsync

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/parallel"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// The sizes of what is asked at once.
const (
	SpacesPerCall = 100 // space ids in one listing, the API's limit
	KeysPerCall   = 40  // space keys in one CQL query, to keep addresses short
	IDsPerCall    = 250 // content ids in one listing, the API's limit
	batchSize     = 250 // objects written in one transaction
)

// syncer brings the mirror to the present state of the tenant. What it has written
// stays written: a run that is cut goes on from there, since the next one asks only
// for bodies and files that the mirror lacks.
type syncer struct {
	cfg    config.Config
	client *fetch.Client
	mirror *mirror.Mirror
	report *report.Report
	now    func() time.Time // only to tell how long ago earlier runs were

	// What a person said for this run; see guard.go.
	accept   string // account that may take the place of the mirror's
	approved string // hash of the list of deletions that is right
	withheld string // hash of the list of missing objects that shall leave the output
	same     bool   // the account is that of the last run

	visible map[string]bool // ids of the spaces that the account sees, selected or not
	moved   map[string]bool // files that stand on a content now that is not exported

	completes  []complete             // lists that were read to their end
	began      reading                // of the clocks, before the first list
	objections []objection            // of the guards
	stranger   string                 // account that is not the mirror's, and not accepted
	oldSpaces  []mirror.Space         // of the mirror before this run
	told       bool                   // this run asked who may read what, and was answered at least in part
	ground     int                    // see knownGround
	damaged    map[mirror.Object]bool // what a repair found, and fetches again
	unchecked  map[string]bool        // contents of which nobody knows who may read what the mirror holds; see access.go

	spaces    []wiki.Space             // selected
	spaceKeys map[string][]string      // see stateKeys
	placed    map[string]wiki.Metadata // where the search, or its own answer, has a content, by id
	strayed   map[string]string        // contents of which the listing does not tell the space -> why
	unseen    map[string]bool          // parents that this account may not see
	odds      map[fetch.Odd]bool       // objects of lists that could not be used, as reported
	disputed  map[string]bool          // contents that two answers place differently
	known     map[string]mirror.Entry  // contents of the mirror before this run, by id

	mu         sync.Mutex
	seen       map[string]wiki.Content // listed in this run, without body and raw, by id
	bodies     map[string]bool         // contents whose body this run brought
	metadata   map[string]bool         // contents whose labels and restrictions this run brought
	stale      map[string]wiki.Content // listed contents whose body must be fetched, by id
	accounts   map[string]bool         // account ids that appear anywhere
	issues     map[string]bool         // keys of the Jira issues that bodies name
	noted      string                  // what the last run noted of references, see reference.go
	open       bool                    // this run has noted that they are unread
	unresolved bool                    // a look-up of accounts or issues failed

	due            bool                    // full lists of what stands around pages are due
	listed         []*around               // lists of comments that were read
	comments       map[string]wiki.Comment // new or changed, by id
	reply          bool                    // a site-wide list held a reply
	replies        int                     // see repliesNew
	written        map[string]bool         // comments of s.comments that are in the mirror already
	found          map[string]bool         // comments that this run saw, by id
	whole          map[string]bool         // kinds of comments that were listed to the end
	commentsKnown  time.Time               // up to when the last run knew comments
	commentsListed bool                    // commentsKnown is set
}

// Options is what a sync is given.
type Options struct {
	Config config.Config
	Client *fetch.Client
	Mirror *mirror.Mirror
	Report *report.Report
	Now    func() time.Time // only to tell how long ago earlier runs were

	// What a person said for this run.
	AcceptAccount    string // account that may take the place of the mirror's
	ApproveDeletions string // hash of the list of deletions that is right
	Withhold         string // hash of the list of missing objects that shall leave the output

	Damaged map[mirror.Object]bool // what a repair found, and fetches again
	Ground  int                    // see knownGround; 0: that
}

// Run brings the mirror to the present state of the tenant. told says that the site told,
// at least in part, who may read what: that takes effect although the run may have failed.
// An error means that a listing is not complete, so that nothing may be concluded from it
// and nothing is published. Single objects that fail are in the report.
func Run(ctx context.Context, o Options) (told bool, err error) {
	s := &syncer{cfg: o.Config, client: o.Client, mirror: o.Mirror, report: o.Report, now: o.Now, ground: cmp.Or(o.Ground, knownGround),
		accept: o.AcceptAccount, approved: o.ApproveDeletions, withheld: o.Withhold, damaged: o.Damaged}
	err = s.run(ctx)
	takeCalls(s.report, s.client.Stats())
	return s.told, err
}

// run does the network half. An error means that a listing is not complete, so that
// nothing may be concluded from it and nothing is published. Single objects that
// fail are in the report. Who may read what is asked last of all that pages are made
// of, and also where something before it failed.
func (s *syncer) run(ctx context.Context) error {
	if err := s.steps(ctx, s.identify, s.readKnown); err != nil {
		return err
	}
	err := s.steps(ctx, s.askPolicy, s.listSpaces, s.begun, s.reserve,
		s.sweep, s.listParents, s.proveGone, s.fetchBodies, s.sweepTasks,
		s.sweepAround, s.sweepLevels, s.endSweep,
		s.conclude,
		s.classify, s.fetchHistory, s.fetchFileVersions,
		s.download, s.downloadIcons)
	err = s.askAccess(ctx, err)
	s.takeOdds()
	if err != nil {
		return err
	}
	if err := s.steps(ctx, s.rereadReferences, s.lookUpUsers, s.fetchIssues, s.closeReferences, s.countWhole, s.ended); err != nil {
		return err
	}
	s.report.Count(func(c *report.Synced) { c.Contents = len(s.seen); c.Bodies = len(s.bodies); c.Spaces = len(s.spaces) })
	return s.verdict()
}

// steps takes steps one after the other, up to the first error.
func (s *syncer) steps(ctx context.Context, all ...func(context.Context) error) error {
	for _, step := range all {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// identify makes sure that the mirror belongs to the site of the connection.
func (s *syncer) identify(ctx context.Context) error {
	site, err := s.client.Site(ctx)
	if err != nil {
		return err
	}
	user, err := s.client.CurrentUser(ctx)
	if err != nil {
		return err
	}
	s.began = s.read()
	s.report.Site, s.report.Account = site.URL, user.AccountID
	old, known, err := s.mirror.Site(ctx)
	if err != nil {
		return err
	}
	if known && old.CloudID != site.CloudID {
		return &exit.GuardError{Text: fmt.Sprintf("the mirror in %s belongs to %s (%s), and the connection leads to %s (%s): nothing was touched.\nGive each site a mirror of its own with [output] mirror, or mend the connection.",
			s.cfg.Output.Mirror, old.URL, old.CloudID, site.URL, site.CloudID)}
	}
	account, err := s.guardAccount(ctx, old, user)
	if err != nil {
		return err
	}
	name := user.DisplayName
	if account != user.AccountID {
		name = old.AccountName
	}
	return s.mirror.SetSite(ctx, mirror.Identity{CloudID: site.CloudID, URL: site.URL, Name: cmp.Or(s.client.SiteName(ctx), old.Name, site.URL), AccountID: account, AccountName: name})
}

// askPolicy reports an app access rule that hides content: what it hides is absent from
// every list without a trace.
func (s *syncer) askPolicy(ctx context.Context) error {
	blocked, err := s.client.ContentBlocked(ctx)
	if err != nil {
		return s.optional("whether app access rules hide content", err)
	}
	if blocked {
		s.report.Lack("an app access rule of the site hides content from this connection; an administrator of the site can say which")
	}
	s.report.Count(func(c *report.Synced) { c.BlockedApps = blocked })
	return nil
}

// readKnown reads what the mirror holds already.
func (s *syncer) readKnown(ctx context.Context) error {
	s.known = map[string]mirror.Entry{}
	s.seen, s.stale = map[string]wiki.Content{}, map[string]wiki.Content{}
	s.bodies, s.metadata, s.accounts = map[string]bool{}, map[string]bool{}, map[string]bool{}
	s.found, s.whole, s.written = map[string]bool{}, map[string]bool{}, map[string]bool{}
	s.placed, s.strayed, s.unseen, s.disputed = map[string]wiki.Metadata{}, map[string]string{}, map[string]bool{}, map[string]bool{}
	s.issues, s.comments = map[string]bool{}, map[string]wiki.Comment{}
	for e, err := range s.mirror.Index(ctx) {
		if err != nil {
			return err
		}
		if s.isDamaged(mirror.KindContent, e.ID) {
			e.HasBody = false // fetched again
		}
		s.known[e.ID] = e
	}
	var err error
	last, err := s.mirror.FullSweep(ctx)
	if err != nil {
		return err
	}
	s.due = s.fullSweepDue(last)
	if s.unchecked, err = s.mirror.Unchecked(ctx); err != nil {
		return err
	}
	s.noted, err = s.mirror.References(ctx)
	return err
}

// note remembers a listed content and reports whether the mirror has it as it is.
func (s *syncer) note(c wiki.Content, withBody bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range []string{c.AuthorID, c.OwnerID, c.Version.AuthorID} {
		s.accounts[id] = true
	}
	old, known := s.known[c.ID]
	switch {
	case withBody:
		s.bodies[c.ID] = true
		delete(s.stale, c.ID)
		s.addReferences(c.Body)
	case wiki.HasBody(c.Type) && (!known || old.Gone != "" || !old.HasBody || !sameContent(old.Content, c)):
		s.stale[c.ID] = c
	}
	c.Body, c.Raw = "", nil
	s.seen[c.ID] = c
}

// sameContent compares what a listing without bodies tells. A move or a rename does
// not raise the version, so the fields themselves count.
func sameContent(a, b wiki.Content) bool {
	return a.Version.Number == b.Version.Number && a.Status == b.Status && a.Title == b.Title && a.SpaceID == b.SpaceID &&
		a.ParentID == b.ParentID && a.ParentType == b.ParentType && a.Position == b.Position && a.OwnerID == b.OwnerID && a.Subtype == b.Subtype
}

// put writes contents with their bodies to the mirror.
func (s *syncer) put(ctx context.Context, batch []wiki.Content) error {
	if slices.ContainsFunc(batch, func(c wiki.Content) bool { return c.HasBody }) {
		if err := s.openReferences(ctx); err != nil {
			return err
		}
	}
	fresh := slices.DeleteFunc(slices.Clone(batch), func(c wiki.Content) bool { return !c.HasBody && sameContent(s.known[c.ID].Content, c) })
	if err := s.suspect(ctx, ids(fresh, func(c wiki.Content) string { return c.ID })); err != nil {
		return err
	}
	if _, err := s.mirror.PutContents(ctx, batch); err != nil {
		return err
	}
	for _, c := range batch {
		s.note(c, c.HasBody)
	}
	return nil
}

// fetchBodies brings the bodies of what is new or has changed, by id. A page that was
// listed and now gives no body is a failure of that page alone.
func (s *syncer) fetchBodies(ctx context.Context) error {
	var queries []fetch.ContentQuery
	for _, typ := range []string{wiki.TypePage, wiki.TypeBlogPost} {
		var ids []string
		for _, id := range slices.SortedFunc(maps.Keys(s.stale), mirror.CompareIDs) {
			if s.stale[id].Type == typ {
				ids = append(ids, id)
			}
		}
		for part := range slices.Chunk(ids, IDsPerCall) {
			queries = append(queries, fetch.ContentQuery{Type: typ, IDs: part, Statuses: statuses(typ), Bodies: true})
		}
	}
	err := parallel.Each(ctx, s.cfg.Fetch.Workers, queries, s.sweepContents)
	for _, id := range slices.SortedFunc(maps.Keys(s.stale), mirror.CompareIDs) {
		s.report.Fail(report.Failure{Kind: s.stale[id].Type, ID: id, Reason: "listed, but its body could not be fetched; the next run tries again"})
	}
	return err
}

// statuses are the states in which contents of a type are exported.
func statuses(typ string) []string {
	if typ == wiki.TypeBlogPost {
		return []string{wiki.StatusCurrent}
	}
	return []string{wiki.StatusCurrent, wiki.StatusArchived}
}

// lookUpUsers brings the names of all accounts that appear anywhere. Without them the
// export is complete but for names.
func (s *syncer) lookUpUsers(ctx context.Context) error {
	known, err := s.mirror.Users(ctx)
	if err != nil {
		return err
	}
	for id := range known {
		s.accounts[id] = true
	}
	delete(s.accounts, "")
	users, err := s.client.Users(ctx, slices.Sorted(maps.Keys(s.accounts)))
	if err != nil {
		s.unresolved = true
		if len(known) > 0 && fetch.IsAbsent(err) && !Stops(err) { // they were told before
			s.report.Fail(report.Failure{Kind: "names of users", Reason: err.Error()})
			return nil
		}
		return s.optional("names of users", err)
	}
	s.report.Count(func(c *report.Synced) { c.Users = len(users) })
	_, err = s.mirror.PutUsers(ctx, append(users, s.nameless(known, users)...))
	return err
}

// nameless are the accounts that the site told nothing of, for good or because its answer
// was short: nobody can tell. The mirror keeps their ids, so that the next run asks again.
func (s *syncer) nameless(known map[string]wiki.User, users []wiki.User) []wiki.User {
	told := map[string]bool{}
	for _, u := range users {
		told[u.AccountID] = true
	}
	var none []wiki.User
	for _, id := range slices.Sorted(maps.Keys(s.accounts)) {
		if _, ok := known[id]; !ok && !told[id] {
			none = append(none, wiki.User{AccountID: id, Status: "unknown"})
		}
	}
	return none
}

// optional judges the error of a list that no page depends on: what the site does not
// offer to this connection is noted as missing; what it failed to give makes the
// export incomplete, and stops it only where everything would fail.
func (s *syncer) optional(what string, err error) error {
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

// listing says that a list could not be had whole.
func listing(what string, err error) error {
	return fmt.Errorf("the list of %s is not complete, so nothing is published and the last output stays: %w", what, err)
}

// takeCalls copies the client's counters.
func takeCalls(r *report.Report, s fetch.Stats) {
	r.Calls, r.Retries = s.Calls, s.Retries
	if s.RateLimited > 0 {
		r.Limited = &report.Limited{Nango: s.NangoLimit, Atlassian: s.RateLimited - s.NangoLimit}
	}
	if s.Waited > 0 {
		r.Waited = s.Waited.Round(time.Millisecond).String()
	}
}
