package tenantsync

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"agc-export/export/config"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/report"
	"agc-export/fetch/wiki"
)

// The guards look at what a run was told before anything follows from it: a lost
// permission, a wrong connection or a broken answer looks just like a site from which
// people have deleted a lot, or from which a lot was taken away from the account. Where
// a guard objects the run still brings additions to the mirror; it marks nothing as gone
// and publishes nothing new, withdraws what has become restricted (withdraw.go), and ends
// with exit code 4. A person can approve the list of what is missing by its hash, or
// withhold it, which takes it out of the output and leaves all else open. What a build
// would publish is guarded in less.go.

// objection is what one guard has against a run.
type objection struct {
	text  string
	items []report.Item // what is missing; none: nothing that could be approved
}

// guard stops a run that would do harm.
type guard struct {
	*core
	absence    *absence
	accept     string              // account that may take the place of the mirror's
	approved   string              // hash of the list of deletions that a person found right
	withheld   string              // hash of the list of missing objects that shall leave the output
	same       bool                // the account is that of the last run
	stranger   string              // account that is not the mirror's, and not accepted
	objections []objection         // against this run
	oldSpaces  []mirror.Space      // of the mirror before this run
	spaceKeys  map[string][]string // keys that each space has had, by id
	visible    map[string]bool     // ids of the spaces that the account sees, selected or not
}

func (s *guard) object(text string, items ...report.Item) {
	s.objections = append(s.objections, objection{text, items})
}

// guardAccount objects to an account that is not the one whose lists the mirror
// remembers: what it does not see may be there. It returns the account to note.
func (s *guard) guardAccount(ctx context.Context, old mirror.Identity, user wiki.User) (string, error) {
	if old.AccountID == "" || old.AccountID == user.AccountID {
		s.same = old.AccountID != ""
		return user.AccountID, nil
	}
	if s.accept == user.AccountID {
		rows, err := s.absence.readAbsences(ctx)
		if err != nil {
			return "", err
		}
		rows.restart()
		return user.AccountID, s.absence.keepAbsences(ctx, rows)
	}
	s.stranger = user.AccountID
	s.object(fmt.Sprintf("the connection's account is now %s; the mirror was made by %s. Another account may see "+
		"less, so nothing is concluded from what it does not see.\nIf the change is meant, run once with "+
		"--accept-account %s", names.Plain(user.AccountID), old.AccountID, names.Plain(user.AccountID)))
	return old.AccountID, nil
}

// guardSpaces looks at the list of spaces. None at all ends the run; one that is
// missing is an objection, and the others are still read.
func (s *guard) guardSpaces(ctx context.Context, all []wiki.Space) error {
	old, err := s.mirror.Spaces(ctx)
	if err != nil {
		return err
	}
	if len(s.spaces) == 0 {
		return &exit.GuardError{Text: fmt.Sprintf("of the %d spaces that the account sees, [export] spaces and "+
			"exclude_spaces select none: nothing was touched.\nVisible: %s",
			len(all), strings.Join(SpaceKeys(all), ", "))}
	}
	listed := map[string]bool{}
	for _, sp := range all {
		listed[sp.ID] = true
	}
	missing, held := map[string]string{}, 0
	for _, sp := range old {
		if mirror.IsPresent(sp.Gone) && s.cfg.Export.WantsSpace(sp.Space, s.spaceKeys[sp.ID]) {
			if held++; !listed[sp.ID] {
				missing[sp.ID] = mirror.GoneUnseen
			}
		}
	}
	s.absence.completed(complete{mirror.KindSpace, held, func(id string) bool { return listed[id] }, missing, nil})
	s.oldSpaces = old
	s.guardNames(all)
	return s.noteSpaces(ctx, listed)
}

// guardNames objects to a space that the configuration names and nobody has ever
// seen, and notes one that is known to have been deleted.
func (s *guard) guardNames(all []wiki.Space) {
	for _, want := range s.cfg.Export.Named() {
		named := func(sp wiki.Space) bool { return strings.EqualFold(sp.Key, want) }
		if slices.ContainsFunc(all, named) {
			continue
		}
		i := slices.IndexFunc(s.oldSpaces, func(sp mirror.Space) bool { return named(sp.Space) })
		switch {
		case i < 0:
			s.object(fmt.Sprintf("[export] spaces names %s, and the account does not see it. Visible: %s", want,
				strings.Join(SpaceKeys(all), ", ")))
		case !mirror.IsPresent(s.oldSpaces[i].Gone):
			s.report.Lack("space " + want + ", which [export] spaces names, is no longer in Confluence")
		}
	}
}

// SpaceKeys are the keys of spaces, in order.
func SpaceKeys(spaces []wiki.Space) []string {
	var keys []string
	for _, s := range spaces {
		keys = append(keys, s.Key)
	}
	slices.Sort(keys)
	return keys
}

// guardAbsences are the objections to a space that is missing or empty, and to more
// missing objects of a kind than the configuration allows. What a person has approved or
// withheld before, and what has left already, does not count.
func (s *guard) guardAbsences(rows absences) (all []objection) {
	for _, c := range s.absence.completes {
		open := s.unjudged(c, rows)
		most := s.cfg.Guard
		switch {
		case c.kind == mirror.KindSpace:
			for _, item := range open {
				all = append(all, objection{fmt.Sprintf("the account does not see the space %s any more. Either it "+
					"was deleted, or the account of the connection has lost its permission", item.Space),
					[]report.Item{item}})
			}
		case most.Exceeded(len(open), c.held):
			all = append(all, objection{fmt.Sprintf("%d of %d %ss that the mirror holds are in no list any more; "+
				"[guard] allows %d of them, or %d %%", len(open), c.held, c.kind, most.MaxGoneObjects,
				most.MaxGonePercent), open})
		case c.kind == mirror.KindContent:
			all = append(all, s.guardEmpty(open)...)
		}
	}
	return all
}

// unjudged are the objects that a complete list does not hold and nobody has judged, sorted.
func (s *guard) unjudged(c complete, rows absences) (open []report.Item) {
	for id := range c.missing {
		if r := rows[absenceKey{c.kind, id}]; r.Approved == "" && r.GoneAt == "" {
			open = append(open, s.item(r))
		}
	}
	for id := range c.doubt {
		if r := rows[absenceKey{c.kind, id}]; r == nil || r.Approved == "" && r.GoneAt == "" {
			open = append(open, s.item(&mirror.Absence{Kind: c.kind, ID: id, State: stateDoubt}))
		}
	}
	report.SortItems(open)
	return open
}

// stateDoubt is the state of what is in no list and was not answered for by its id.
const stateDoubt = "unanswered"

// guardEmpty are the objections to spaces that had contents and list none.
func (s *guard) guardEmpty(open []report.Item) (all []objection) {
	filled := map[string]bool{}
	for _, c := range s.seen {
		filled[c.SpaceID] = true
	}
	for _, sp := range s.spaces {
		var items []report.Item
		for _, item := range open {
			if !filled[sp.ID] && s.known[item.ID].SpaceID == sp.ID {
				items = append(items, item)
			}
		}
		if len(items) > 0 {
			all = append(all, objection{fmt.Sprintf("the space %s had contents and lists none", sp.Key), items})
		}
	}
	return all
}

// item is a missing object as the report shows it.
func (s *guard) item(r *mirror.Absence) report.Item {
	item := report.Item{Kind: r.Kind, ID: r.ID, State: r.State}
	spaceID := ""
	switch r.Kind {
	case mirror.KindContent:
		item.Title, spaceID = s.known[r.ID].Title, s.known[r.ID].SpaceID
	case mirror.KindSpace:
		spaceID = r.ID
	}
	for _, sp := range s.oldSpaces {
		if sp.ID == spaceID {
			item.Space = sp.Key
		}
	}
	return item
}

// missingItems is everything that the objections of a run name, each once, sorted.
func missingItems(objections []objection) []report.Item {
	var all []report.Item
	for _, o := range objections {
		all = append(all, o.items...)
	}
	report.SortItems(all)
	return slices.Compact(all)
}

// approve takes back the objections where a person has approved exactly the objects
// that they name, and remembers it, so that the next run does not ask again. What was
// withheld before can be approved by the same hash.
func (s *guard) approve(rows absences) {
	if s.approved == "" {
		return
	}
	if items := rows.withheld(s.approved); len(items) > 0 {
		for _, item := range items {
			rows[absenceKey{item.Kind, item.ID}].Approved = s.approved
		}
		s.report.Said("approved", s.approved, items)
		return
	}
	s.settle("--approve-deletions", "approved", s.approved, s.approved, rows)
}

// withheldMark stands before the hash of a list that a person has withheld.
const withheldMark = "withheld "

func isWithheld(r *mirror.Absence) bool { return strings.HasPrefix(r.Approved, withheldMark) }

// withheld are the objects that a person has withheld by a hash.
func (rows absences) withheld(hash string) (items []report.Item) {
	for key, r := range rows {
		if r.Approved == withheldMark+hash {
			items = append(items, report.Item{Kind: key.kind, ID: key.id})
		}
	}
	report.SortItems(items)
	return items
}

// withhold takes back the objections where a person wants exactly the objects that they
// name out of the output, and remembers it.
func (s *guard) withhold(rows absences) {
	if s.withheld != "" && len(rows.withheld(s.withheld)) == 0 {
		s.settle("--withhold", "withheld", s.withheld, withheldMark+s.withheld, rows)
	}
}

// settle takes back the objections whose objects a person named by their hash, and marks
// these. What was not even answered for gets a row by that.
func (s *guard) settle(flag, what, hash, mark string, rows absences) {
	if len(s.objections) == 0 {
		return
	}
	items := missingItems(s.objections)
	if report.ApprovalHash(items) != hash {
		s.object(flag + " " + names.Plain(hash) + " is for another list than this run's")
		return
	}
	s.objections = slices.DeleteFunc(s.objections, func(o objection) bool { return len(o.items) > 0 })
	for _, item := range items {
		key := absenceKey{item.Kind, item.ID}
		if rows[key] == nil {
			rows[key] = &mirror.Absence{Kind: item.Kind, ID: item.ID, State: mirror.GoneUnseen}
		}
		rows[key].Approved = mark
	}
	s.report.Said(what, hash, items)
}

// verdict is the error of a run to which a guard objected, or nil.
func (s *guard) verdict() error {
	if len(s.objections) == 0 {
		return nil
	}
	r := &report.Guard{Missing: missingItems(s.objections), Taken: s.cfg.Guard.Missing == config.MissingWithhold &&
		s.stranger == ""}
	for _, o := range s.objections {
		r.Reasons = append(r.Reasons, o.text)
	}
	if len(r.Missing) > 0 {
		r.Approve = report.ApprovalHash(r.Missing)
	}
	s.report.Guard = r
	return &exit.GuardError{Text: r.Text()}
}
