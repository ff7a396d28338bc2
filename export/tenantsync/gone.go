package tenantsync

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"agc-export/export/access"
	"agc-export/export/clock"
	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// Absence is not deletion. What a complete list does not hold is noted in the mirror. It
// is marked as gone when there is proof, that is, when Confluence itself lists it as
// trashed or deleted, or when a second complete list, at least absenceWait after the
// first and by the same account, does not hold it either; and only as far as the guard
// (guard.go) lets it. The rule stands in this file alone: whoever reads a list to its end
// tells it by completed. What time is, the package clock says. A content that the account does not
// see any more leaves the output before that, see taken.go.

// absenceWait is the least time between the two complete lists.
const absenceWait = 20 * time.Hour

// complete is a list that was read to its end.
type complete struct {
	kind mirror.Kind
	held int               // objects of the mirror that it should have held
	seen func(string) bool // whether it held an id, whatever the mirror knows of it
	// ids that it should have held and did not -> what is known: mirror.GoneUnseen, GoneTrashed or GoneDeleted
	missing map[string]string
	// ids that it should have held and did not, and that were not answered for: nothing is known
	doubt map[string]error
}

// absence is what complete lists do not hold any more, and what is proved of it.
type absence struct {
	*core
	mu        sync.Mutex // of completes
	contents  *contents
	guard     *guard
	completes []complete         // lists that were read to their end
	began     clock.Reading      // of the clocks, before the first list
	odds      map[fetch.Odd]bool // objects of lists that could not be used, as reported
	moved     map[string]bool    // files that stand on a content now that is not exported
}

// completed notes a list that was read to its end, in which of the held objects of a
// kind that the mirror has those in missing were not. Nothing is marked before conclude.
func (s *absence) completed(c complete) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.completes = append(s.completes, c)
}

// proveGone asks about contents that the mirror knows and the complete listings did
// not hold. What moved to another space is listed again by id.
func (s *absence) proveGone(ctx context.Context) error {
	absent := map[string][]string{} // type -> ids
	held := 0
	for _, id := range slices.SortedFunc(maps.Keys(s.known), mirror.CompareIDs) {
		e := s.known[id]
		if !mirror.IsPresent(e.Gone) || !s.selected(e.SpaceID) {
			continue
		}
		held++
		if _, seen := s.seen[id]; !seen {
			absent[e.Type] = append(absent[e.Type], id)
		}
	}
	missing, doubt := map[string]string{}, map[string]error{}
	for _, typ := range slices.Sorted(maps.Keys(absent)) {
		if !wiki.HasBody(typ) {
			if err := s.proveNodes(ctx, typ, absent[typ], missing, doubt); err != nil {
				return err
			}
			continue
		}
		for ids := range slices.Chunk(absent[typ], IDsPerCall) {
			if err := s.proveContents(ctx, typ, ids, missing, doubt); err != nil {
				return err
			}
		}
	}
	seen := slices.Sorted(maps.Keys(s.seen)) // as it is now, for as long as the run lasts
	listed := func(id string) bool { _, ok := slices.BinarySearch(seen, id); return ok }
	s.completed(complete{mirror.KindContent, held, listed, missing, doubt})
	return s.takeEarly(ctx)
}

func (s *core) selected(spaceID string) bool {
	return slices.ContainsFunc(s.spaces, func(sp wiki.Space) bool { return sp.ID == spaceID })
}

// proveContents asks for pages or blog posts by id, in whatever state they are, and
// says in missing what became of those that are not there, and in doubt which of them
// were not answered for. An id that is merely unknown proves nothing.
func (s *absence) proveContents(ctx context.Context, typ string, ids []string, missing map[string]string,
	doubt map[string]error) error {
	q := fetch.ContentQuery{Type: typ, IDs: ids,
		Statuses: append(statuses(typ), wiki.StatusTrashed, wiki.StatusDeleted)}
	found := map[string]wiki.Content{}
	var failed error
	for c, err := range s.client.Contents(ctx, q) {
		if failed = err; err == nil {
			found[c.ID] = c
		}
	}
	if failed != nil && Stops(failed) {
		return listing("deleted "+typ+"s", failed)
	}
	for _, id := range ids {
		c, ok := found[id]
		switch {
		case !ok && failed != nil:
			doubt[id] = failed
		case !ok:
			missing[id] = mirror.GoneUnseen
		case wiki.IsTrash(c.Status):
			missing[id] = c.Status
		case !slices.Contains(statuses(typ), c.Status):
			doubt[id] = errors.New(access.OfStatus(c.Status))
		default:
			s.contents.remember(c, false)
		}
	}
	return nil
}

// proveNodes asks for folders and the like one by one: there is no list of them.
func (s *absence) proveNodes(ctx context.Context, typ string, ids []string, missing map[string]string,
	doubt map[string]error) error {
	for _, id := range ids {
		c, err := s.contents.node(ctx, wiki.Content{ID: id, Type: typ})
		switch {
		case fetch.IsNotFound(err):
			missing[id] = mirror.GoneUnseen
		case err != nil && Stops(err):
			return listing("folders and other nodes", err)
		case err != nil:
			doubt[id] = err
		case wiki.IsTrash(c.Status):
			missing[id] = c.Status
		case c.Status != wiki.StatusCurrent && c.Status != wiki.StatusArchived:
			doubt[id] = errors.New(access.OfStatus(c.Status))
		default:
			if err := s.contents.put(ctx, []wiki.Content{c}); err != nil {
				return err
			}
		}
	}
	return nil
}

// absences is what the mirror knows of what is in no list, by kind and id.
type absences map[absenceKey]*mirror.Absence

type absenceKey struct {
	kind mirror.Kind
	id   string
}

// conclude judges, at the end of all lists, what left the site. In a run by another
// account than the mirror's it notes nothing at all; where a guard objects it notes
// what is missing and marks nothing. What may not be published any longer is noted in
// any case.
func (s *absence) conclude(ctx context.Context) error {
	if s.guard.stranger != "" {
		return nil
	}
	rows, err := s.readAbsences(ctx)
	if err != nil {
		return err
	}
	run, err := clock.Wind(ctx, s.mirror.Notes, s.began, s.read())
	if err != nil {
		return err
	}
	s.takeOdds()
	if len(s.odds) > 0 {
		s.forgive()
	}
	for _, c := range s.completes {
		rows.take(c, run.End.Format(time.RFC3339))
	}
	s.guard.objections = append(s.guard.objections, s.guard.guardAbsences(rows)...)
	s.guard.approve(rows)
	s.guard.withhold(rows)
	if err := s.keepAbsences(ctx, rows); err != nil {
		return err
	}
	s.countUnseen(rows)
	s.undated(rows)
	if len(s.guard.objections) == 0 {
		if err := s.markDue(ctx, rows, run); err != nil {
			return err
		}
	}
	s.reportDoubt()
	return s.takeAway(ctx, rows, s.guard.objections)
}

func (s *absence) readAbsences(ctx context.Context) (absences, error) {
	all, err := s.mirror.Absences(ctx)
	rows := absences{}
	for i := range all {
		rows[absenceKey{all[i].Kind, all[i].ID}] = &all[i]
	}
	return rows, err
}

// restart lets all waits begin again with the next list.
func (rows absences) restart() {
	for _, r := range rows {
		if r.GoneAt == "" {
			r.Since = ""
		}
	}
}

// take brings the notes to the state of a complete list. What was once proved to be
// deleted stays so until it is listed again.
func (rows absences) take(c complete, since string) {
	for id, state := range c.missing {
		key := absenceKey{c.kind, id}
		r := rows[key]
		if r == nil {
			r = &mirror.Absence{Kind: c.kind, ID: id}
			rows[key] = r
		}
		if r.State == "" || state != mirror.GoneUnseen {
			r.State = state
		}
		r.Since = cmp.Or(r.Since, since)
	}
	for key, r := range rows {
		if _, missing := c.missing[key.id]; key.kind == c.kind && !missing && c.seen(key.id) {
			*r = mirror.Absence{Kind: key.kind, ID: key.id}
		}
	}
}

func (s *absence) keepAbsences(ctx context.Context, rows absences) error {
	var all []mirror.Absence
	for _, r := range rows {
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b mirror.Absence) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), mirror.CompareIDs(a.ID, b.ID))
	})
	_, err := s.mirror.PutAbsences(ctx, all)
	return err
}

// isDue reports whether an object that lists do not hold may leave: there is proof, or
// a complete list of this run does not hold it, long enough after the first that did not.
// Of what a person has only withheld nobody has said that it was deleted.
func (s *absence) isDue(r *mirror.Absence, run clock.Span) bool {
	if isWithheld(r) {
		return false
	}
	if r.State == mirror.GoneTrashed || r.State == mirror.GoneDeleted {
		return true
	}
	again := slices.ContainsFunc(s.completes,
		func(c complete) bool { return c.kind == r.Kind && c.missing[r.ID] != "" })
	since, err := time.Parse(time.RFC3339, r.Since)
	return again && err == nil && run.Begin.Sub(since) >= absenceWait
}

// markDue marks what left: it is in no output that is built from then on. The day that
// prune counts from is by the later of the clocks, so that it comes too late, if at all.
func (s *absence) markDue(ctx context.Context, rows absences, run clock.Span) error {
	ids := map[absenceKey][]string{} // kind and state -> ids
	var marked []mirror.Absence
	at := s.read().Latest()
	for key, r := range rows {
		if r.State == "" || r.GoneAt != "" || !s.isDue(r, run) {
			continue
		}
		state := r.State
		if state == mirror.GoneUnseen {
			state = mirror.GoneAbsent
		}
		ids[absenceKey{key.kind, state}] = append(ids[absenceKey{key.kind, state}], key.id)
		r.GoneAt = at.Format(time.RFC3339)
		marked = append(marked, *r)
	}
	for key, list := range ids {
		slices.SortFunc(list, mirror.CompareIDs)
		if _, err := s.mirror.MarkGone(ctx, key.kind, list, key.id); err != nil {
			return err
		}
		s.report.Count(func(c *report.Synced) { c.Gone += len(list) })
		s.report.Left(key.kind, key.id, list)
	}
	_, err := s.mirror.PutAbsences(ctx, marked)
	return err
}

// countUnseen counts what is missing without proof.
func (s *absence) countUnseen(rows absences) {
	n := 0
	for _, r := range rows {
		if r.State == mirror.GoneUnseen && r.GoneAt == "" {
			n++
		}
	}
	s.report.Count(func(c *report.Synced) { c.Unseen = n })
}

// takeOdds reports the objects of lists that could not be used. They are failures of
// themselves: everything else goes on.
func (s *absence) takeOdds() {
	for _, odd := range s.client.Odds() {
		if s.odds[odd] {
			continue
		}
		if s.odds == nil {
			s.odds = map[fetch.Odd]bool{}
		}
		s.odds[odd] = true
		s.titles.Odd(odd.Op)
		s.report.Fail(report.Failure{Kind: odd.Op, ID: odd.ID,
			Reason: "an object of this list is not used: " + odd.Why})
	}
}

// forgive takes back what complete lists did not hold: with odd objects in some list they
// were not complete, and what was odd may be what seems to be missing. What Confluence
// lists as deleted stays so.
func (s *absence) forgive() {
	for i := range s.completes {
		maps.DeleteFunc(s.completes[i].missing, func(_, state string) bool { return state == mirror.GoneUnseen })
	}
}

// undated says that waits do not go on where something waits.
func (s *absence) undated(rows absences) {
	for _, r := range rows {
		if r.State == mirror.GoneUnseen && r.GoneAt == "" && s.read().Site.IsZero() {
			s.report.Lack("no answer told its date, so nothing counts as deleted because it is in no list any more; " +
				"only what is listed as deleted does")
			return
		}
	}
}
