package tenantsync

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/report"
)

// What the account does not see any more leaves the output at once, and never the mirror.
// The commonest restriction takes a page away from the export account as well: it is then
// in no list, and its id is unknown. That is no proof that it was deleted (gone.go), and
// reason enough not to show it. It counts only where account and site are those of the
// last run, for pages, blog posts and what stands beside them in the tree, and for files
// that were moved to what is not exported; where the site gave no answer for the id of any of
// these, or none that can be read, nobody knows who may see it, and it stays away too. What is
// taken comes back when it is listed again.
//
// What a remaining objection of the guards names stays published, unless [guard] missing
// says otherwise; what a person has approved or withheld leaves.

// takeEarly takes what is known to be taken once all contents are listed, for a run that
// fails later. Nothing that a guard could object to is among it.
func (s *absence) takeEarly(ctx context.Context) error {
	if s.guard.stranger != "" {
		return nil
	}
	rows, err := s.readAbsences(ctx)
	if err != nil {
		return err
	}
	for _, c := range s.completes {
		rows.take(c, "")
	}
	return s.takeAway(ctx, rows, s.guard.guardAbsences(rows))
}

// takeAway notes what may not be published any longer: what was taken before and is not
// listed again, and what is missing now.
func (s *absence) takeAway(ctx context.Context, rows absences, objections []objection) error {
	old, err := s.mirror.Taken(ctx)
	if err != nil {
		return err
	}
	now := mirror.Taken{}
	for o, why := range old {
		if r := rows[absenceKey{o.Kind, o.ID}]; !s.isListed(o) && (r == nil || r.GoneAt == "") {
			now[o] = why
		}
	}
	named := map[mirror.Object]bool{}
	for _, item := range missingItems(objections) {
		named[mirror.Object{Kind: item.Kind, ID: item.ID}] = true
	}
	for _, c := range s.completes {
		for id := range c.missing {
			s.takeMissing(now, rows[absenceKey{c.kind, id}], named, mirror.TakenAway)
		}
		for id := range c.doubt {
			r := rows[absenceKey{c.kind, id}]
			if r == nil {
				r = &mirror.Absence{Kind: c.kind, ID: id, State: mirror.GoneUnseen}
			}
			s.takeMissing(now, r, named, mirror.TakenDoubt)
		}
	}
	if s.reportTaken(old, now) {
		s.told = true // so that it leaves although the run may fail
	}
	return s.mirror.SetTaken(ctx, now)
}

// takeMissing takes a missing object where it is to leave the output.
func (s *absence) takeMissing(now mirror.Taken, r *mirror.Absence, named map[mirror.Object]bool, why string) {
	o := mirror.Object{Kind: r.Kind, ID: r.ID}
	switch {
	case r.GoneAt != "":
	case named[o]:
		if s.cfg.Guard.Missing == config.MissingWithhold {
			now[o] = why
		}
	case r.Approved != "" || s.guard.same && s.isTaken(r, why):
		now[o] = why
	}
}

// isTaken reports whether what is missing leaves without a person's word. Of files only
// those do of which Confluence says that they stand elsewhere now, or gives no answer.
func (s *absence) isTaken(r *mirror.Absence, why string) bool {
	switch r.Kind {
	case mirror.KindContent:
		return why == mirror.TakenDoubt || r.State == mirror.GoneUnseen
	case mirror.KindAttachment:
		return why == mirror.TakenDoubt || s.moved[r.ID]
	}
	return false
}

// isListed reports whether a complete list of this run held an object.
func (s *absence) isListed(o mirror.Object) bool {
	return slices.ContainsFunc(s.completes, func(c complete) bool { return c.kind == o.Kind && c.seen(o.ID) })
}

// reportTaken counts what is taken, and tells what was not before; it reports whether
// anything was not.
func (s *absence) reportTaken(old, now mirror.Taken) bool {
	fresh := map[mirror.Kind][]string{}
	for o := range now {
		if old[o] == "" {
			fresh[o.Kind] = append(fresh[o.Kind], o.ID)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(fresh)) {
		slices.SortFunc(fresh[kind], mirror.CompareIDs)
		s.report.Note(report.Change{What: "taken", Kind: kind, Detail: "", Objects: fresh[kind]})
	}
	s.report.Count(func(c *report.Synced) { c.Taken = len(now) })
	return len(fresh) > 0
}

// reportDoubt tells of what was not answered for: it is missing in what is published.
func (s *absence) reportDoubt() {
	for _, c := range s.completes {
		for id, err := range c.doubt {
			s.report.Fail(report.Failure{Kind: cmp.Or(s.known[id].Type, string(c.kind)), ID: id,
				Reason: "in no list any more, and not answered for by its id, so nobody knows who may read it: " +
					err.Error()})
		}
	}
}
