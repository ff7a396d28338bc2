// Package tenantsync brings the mirror to the present state of the tenant. It is the one
// room of export that speaks to a site; it publishes nothing.
//
// sync.go has the steps in their order and core.go what all of them share. Contents:
// space.go lists the spaces, sweep.go and stray.go the contents, content.go puts them
// into the mirror; task.go and the packages mark and history bring what stands beside them, and their
// older versions. comment.go and reply.go are comments, attachment.go and
// download.go files, newest.go (and the package newest) the lists of both that begin with the
// newest; the package owed has those of single contents that did not come, and apart counts what
// stands on what is not exported. The packages reference and livedoc look up whom and what all of
// these name, and the last texts of empty live docs. access.go, parent.go and restriction.go ask who
// may read what, last of all. gone.go, absent.go and taken.go say what vanished, by the mirror's own
// clock (the package clock); guard.go stops a run that would do harm. complete.go
// counts at the end, ended.go notes how it ended.
//
// Two rules hold it together: nothing is concluded from a list that was not read to its
// end, and what decides who may read counts as unknown until it was told whole.
package tenantsync

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"agc-export/export/apart"
	"agc-export/export/clock"
	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/history"
	"agc-export/export/livedoc"
	"agc-export/export/mark"
	"agc-export/export/mirror"
	"agc-export/export/owed"
	"agc-export/export/parallel"
	"agc-export/export/permit"
	"agc-export/export/place"
	"agc-export/export/progress"
	"agc-export/export/reference"
	"agc-export/export/report"
	"agc-export/export/titles"
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

// syncer brings the mirror to the present state of the tenant, step by step. What it has
// written stays written: a run that is cut goes on from there, since the next one asks
// only for bodies and files that the mirror lacks. Each part of it keeps what it alone
// knows; what all of them share is the core.
type syncer struct {
	*core
	contents *contents
	comments *comments
	files    *files
	refs     *reference.References
	history  history.Histories
	marks    mark.Marks
	readers  *readers
	absence  *absence
	guard    *guard
}

// Options is what a sync is given.
type Options struct {
	Config config.Config
	Client *fetch.Client
	Mirror *mirror.Mirror
	Report *report.Report
	Now    func() time.Time // to tell how long ago earlier runs were, and when the mirror changed

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
	s := newSyncer(o)
	err = s.run(ctx)
	if s.spaces != nil { // else it did not come so far as to list anything
		s.report.Count(func(c *report.Synced) {
			c.Contents, c.Bodies, c.Spaces = len(s.seen), len(s.bodies), len(s.spaces)
		})
	}
	takeCalls(s.report, s.client.Stats())
	return s.told, err
}

// newSyncer joins the parts.
func newSyncer(o Options) *syncer {
	c := &core{cfg: o.Config, client: o.Client, mirror: o.Mirror, report: o.Report, now: o.Now,
		ground: cmp.Or(o.Ground, knownGround), damaged: o.Damaged,
		seen: map[string]wiki.Content{}, known: map[string]mirror.Entry{}, bodies: map[string]bool{}}
	refs := reference.New(reference.Options{Client: o.Client, Mirror: o.Mirror, Report: o.Report,
		Jira: o.Config.Export.Jira, Optional: c.optional, Stops: Stops})
	who := &readers{core: c, metadata: map[string]bool{}, places: place.New(), disputed: map[string]bool{}}
	pages := &contents{core: c, refs: refs, readers: who, stale: map[string]wiki.Content{}}
	old := history.Histories{Options: history.Options{Config: o.Config, Client: o.Client, Mirror: o.Mirror,
		Report: o.Report, Refs: refs, Suspect: who.suspect, Optional: c.optional, Stops: Stops}}
	gone := &absence{core: c, contents: pages}
	gone.guard = &guard{core: c, absence: gone, accept: o.AcceptAccount, approved: o.ApproveDeletions,
		withheld: o.Withhold}
	marks := mark.Marks{Options: mark.Options{Config: o.Config, Client: o.Client, Mirror: o.Mirror, Now: o.Now,
		Alone: c.alone, Optional: c.optional, Due: c.fullSweepDue, Suspect: who.suspect}}
	return &syncer{core: c, contents: pages, refs: refs, history: old, marks: marks, readers: who,
		absence: gone, guard: gone.guard,
		files: &files{core: c, absence: gone, readers: who, refs: refs, history: old},
		comments: &comments{core: c, absence: gone, readers: who, refs: refs, fresh: map[string]wiki.Comment{},
			found: map[string]bool{}, whole: map[string]bool{}, written: map[string]bool{}}}
}

// run does the network half. An error means that a listing is not complete, so that
// nothing may be concluded from it and nothing is published. Single objects that
// fail are in the report. Who may read what is asked last of all that pages are made
// of, and also where something before it failed.
func (s *syncer) run(ctx context.Context) error {
	if err := s.steps(ctx, s.identify, s.readKnown); err != nil {
		return err
	}
	err := s.steps(ctx, s.askPolicy, s.listSpaces, s.begun, s.readers.reserve,
		s.sweep, s.listParents, s.absence.proveGone, s.fetchBodies, s.sweepTasks,
		s.sweepAround, s.markSpaces, s.endSweep, s.absence.conclude,
		s.markContents, s.fetchHistory, s.files.download, s.files.downloadIcons)
	more := func(ctx context.Context) error {
		return s.steps(ctx, s.crossCheck, s.readers.fillMetadata, s.askPlaces)
	}
	err = s.readers.askAccess(ctx, more, err)
	s.absence.takeOdds()
	if err != nil {
		return err
	}
	if err := s.steps(ctx, s.rereadReferences, s.refs.LookUpUsers, s.refs.FetchIssues, s.refs.Close, s.listAccess,
		s.countWhole, s.ended); err != nil {
		return err
	}
	return s.guard.verdict()
}

// steps takes steps one after the other, up to the first error.
func (s *core) steps(ctx context.Context, all ...func(context.Context) error) (err error) {
	for i := 0; i < len(all) && err == nil; i++ {
		err = all[i](ctx)
	}
	return err
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
	s.absence.began = s.read()
	s.report.Site, s.report.Account = site.URL, user.AccountID
	old, known, err := s.mirror.Site(ctx)
	if err != nil {
		return err
	}
	if known && old.CloudID != site.CloudID {
		return &exit.GuardError{Text: fmt.Sprintf("the mirror in %s belongs to %s (%s), and the connection leads to "+
			"%s (%s): nothing was touched.\nGive each site a mirror of its own with [output] mirror, or mend the "+
			"connection.",
			s.cfg.Output.Mirror, old.URL, old.CloudID, site.URL, site.CloudID)}
	}
	if err := clock.Begin(ctx, s.mirror, s.absence.began.Local); err != nil {
		return err
	}
	account, err := s.guard.guardAccount(ctx, old, user)
	if err != nil {
		return err
	}
	name := user.DisplayName
	if account != user.AccountID {
		name = old.AccountName
	}
	return s.mirror.SetSite(ctx, mirror.Identity{CloudID: site.CloudID, URL: site.URL,
		Name: cmp.Or(s.client.SiteName(ctx), old.Name, site.URL), AccountID: account, AccountName: name})
}

// askPolicy reports an app access rule that hides content: what it hides is absent from
// every list without a trace.
func (s *syncer) askPolicy(ctx context.Context) error {
	blocked, err := s.client.ContentBlocked(ctx)
	if err != nil {
		return s.optional("whether app access rules hide content", err)
	}
	if blocked {
		s.report.Lack("an app access rule of the site hides content from this connection; its administrator can " +
			"say which")
	}
	s.report.Count(func(c *report.Synced) { c.BlockedApps = blocked })
	return nil
}

// readKnown reads what the mirror holds already.
func (s *syncer) readKnown(ctx context.Context) error {
	texts, err := livedoc.Begin(ctx, s.client, s.mirror, s.report)
	if s.contents.texts = texts; err != nil {
		return err
	}
	for e, err := range s.mirror.WalkEntries(ctx) {
		if err != nil {
			return err
		}
		if s.isDamaged(mirror.KindContent, e.ID) || s.contents.texts.Lacks(e.Content) {
			e.HasBody = false // fetched again
		}
		s.known[e.ID] = e
	}
	last, err := s.mirror.FullSweep(ctx)
	if err != nil {
		return err
	}
	s.due = s.fullSweepDue(last)
	if s.owed, err = owed.Begin(ctx, s.mirror.Notes); err != nil {
		return err
	}
	if s.apart, err = apart.Begin(ctx, s.mirror.Notes); err != nil {
		return err
	}
	if s.titles, err = titles.Begin(ctx, s.mirror.Notes, s.report); err != nil {
		return err
	}
	if s.readers.unchecked, err = s.mirror.Unchecked(ctx); err != nil {
		return err
	}
	return s.refs.Begin(ctx)
}

// fetchBodies brings the bodies of what is new or has changed, by id. A page that was
// listed and now gives no body is a failure of that page alone.
func (s *syncer) fetchBodies(ctx context.Context) error {
	var queries []fetch.ContentQuery
	for _, typ := range []string{wiki.TypePage, wiki.TypeBlogPost} {
		var ids []string
		for _, id := range slices.SortedFunc(maps.Keys(s.contents.stale), mirror.CompareIDs) {
			if s.contents.stale[id].Type == typ {
				ids = append(ids, id)
			}
		}
		for part := range slices.Chunk(ids, IDsPerCall) {
			queries = append(queries, fetch.ContentQuery{Type: typ, IDs: part, Statuses: statuses(typ), Bodies: true})
		}
	}
	progress.Begin(ctx, "pages", len(s.contents.stale))
	why := map[string]string{}
	refuse := func(id string, err error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		why[id] = "its body could not be had, and the next run asks again: " + err.Error()
	}
	err := parallel.Each(ctx, s.cfg.Fetch.Workers, queries, func(ctx context.Context, q fetch.ContentQuery) error {
		return owed.Halves(ctx, q.IDs, func(ctx context.Context, ids []string, again bool) error {
			q.IDs, q.Hasty = ids, again
			return s.sweepContents(ctx, q)
		}, refuse)
	})
	for _, id := range slices.SortedFunc(maps.Keys(s.contents.stale), mirror.CompareIDs) {
		c := s.contents.stale[id]
		s.titles.Hear(id, c.SpaceID, c.Title)
		s.report.Fail(report.Failure{Kind: c.Type, ID: id, Reason: cmp.Or(s.contents.texts.Why(id), why[id],
			"listed, but its body could not be fetched; the next run tries again")})
	}
	if err != nil {
		return err
	}
	return s.contents.texts.Keep(ctx, s.seen)
}

// markSpaces and markContents bring what people marked spaces and contents with.
func (s *syncer) markSpaces(ctx context.Context) error { return s.marks.OfSpaces(ctx, s.spaces, s.due) }

func (s *syncer) markContents(ctx context.Context) error {
	of := mark.Contents{Listed: s.seen, Known: s.known, Brought: s.bodies}
	if err := s.marks.OfPages(ctx, s.spaces, of, s.due); err != nil {
		return err
	}
	return s.marks.OfContents(ctx, of)
}

// listAccess writes down who may use which space.
func (s *syncer) listAccess(ctx context.Context) error {
	return permit.List(ctx, permit.Options{Config: s.cfg, Client: s.client, Mirror: s.mirror, Alone: s.alone,
		Optional: s.optional}, s.spaces, s.due)
}

// fetchHistory brings the older versions of contents and files.
func (s *syncer) fetchHistory(ctx context.Context) error {
	progress.Begin(ctx, "older versions", 0)
	if err := s.history.OfContents(ctx, s.seen, s.bodies); err != nil {
		return err
	}
	return s.history.OfFiles(ctx, s.seen)
}

// statuses are the states in which contents of a type are exported.
func statuses(typ string) []string {
	if typ == wiki.TypeBlogPost {
		return []string{wiki.StatusCurrent}
	}
	return []string{wiki.StatusCurrent, wiki.StatusArchived}
}

// listing says that a list could not be had whole.
func listing(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the list of %s is not complete, so nothing is published and the last output stays: %w", what,
		err)
}

// rereadReferences reads again what the mirror names, where the last run did not come so far.
func (s *syncer) rereadReferences(ctx context.Context) error {
	var bodies []string
	for id, c := range s.seen {
		if wiki.HasBody(c.Type) && !s.bodies[id] {
			bodies = append(bodies, id)
		}
	}
	return s.refs.Reread(ctx, bodies)
}

// takeCalls copies the client's counters.
func takeCalls(r *report.Report, s fetch.Stats) {
	r.Calls, r.Retries = s.Calls, s.Retries
	if s.RateLimited > 0 {
		r.Limited = &report.Limited{Nango: s.NangoLimit, Atlassian: s.RateLimited - s.NangoLimit}
	}
	if s.Stood > 0 {
		r.Waited = s.Stood.Round(time.Millisecond).String()
	}
}
