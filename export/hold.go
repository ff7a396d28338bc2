package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"agc-export/export/exit"
	"agc-export/export/hold"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/report"
)

// HoldFile in the mirror's folder is a hold on everything, until HoldRelease takes it away.
const HoldFile = "HOLD"

// mostSpared is how many objects the report names of what a hold spared.
const mostSpared = 1000

// withHolds does something in a run that has the mirror, with its holds.
func (j *Job) withHolds(ctx context.Context, do func(r *run, all hold.Holds) error) error {
	if err := needMirror(j.Config.Output.Mirror); err != nil {
		return err
	}
	_, err := j.run(ctx, sealed, func(r *run) error {
		all, err := hold.Read(ctx, r.mirror.Notes)
		if err != nil {
			return err
		}
		return do(r, all)
	})
	return err
}

// HoldAdd lays a hold on what a scope covers now, and will cover.
func (j *Job) HoldAdd(ctx context.Context, h hold.Hold, w io.Writer) error {
	return j.withHolds(ctx, func(r *run, all hold.Holds) error {
		entries, err := r.holdable(ctx)
		if err != nil {
			return err
		}
		h.Date = r.Now().UTC().Format(time.RFC3339)
		laid := all.Add(h)
		covered := all.Cover(entries)
		n := coverage(laid, entries)
		if n == 0 && (h.Scope.Kind == hold.Page || h.Scope.Kind == hold.Tree || h.Scope.Kind == hold.Space) {
			return &exit.UsageError{Text: "the mirror has nothing that this names: " + names.Plain(h.Scope.String()),
				Hint: "Spaces go by their keys, pages and trees by the number in the page's address."}
		}
		if err := all.Write(ctx, r.mirror.Notes); err != nil {
			return err
		}
		r.noteHeld(all, covered, laid)
		if err := r.keep(ctx, all, entries); err != nil {
			return err
		}
		fmt.Fprintf(w, "held       hold %d on %s covers %s\n", laid.ID, names.Plain(h.Scope.String()),
			report.Number(n, "page"))
		if n == 0 {
			fmt.Fprintf(w, "           no page is under it so far: it will cover what a sync brings\n")
		}
		return nil
	})
}

// HoldRelease ends a hold by its number, or with number 0 the one of the file HOLD.
func (j *Job) HoldRelease(ctx context.Context, id int, end hold.Release, w io.Writer) error {
	return j.withHolds(ctx, func(r *run, all hold.Holds) error {
		end.Date = r.Now().UTC().Format(time.RFC3339)
		h := all.Find(id)
		if id == 0 {
			var err error
			if h, err = r.adopt(&all); err != nil {
				return err
			}
		}
		switch {
		case h == nil:
			return &exit.UsageError{Text: fmt.Sprintf("there is no hold %d", id),
				Hint: "`agc-export hold list` has all."}
		case h.Release != nil:
			return &exit.UsageError{Text: fmt.Sprintf("hold %d was released on %s", id, h.Release.Date), Hint: ""}
		}
		h.Release = &end
		if err := all.Write(ctx, r.mirror.Notes); err != nil {
			return err
		}
		r.report.Note(report.Change{What: "released", Objects: []string{fmt.Sprintf("hold/%d", h.ID)},
			Detail: fmt.Sprintf("hold %d on %s, by %s: %s", h.ID, h.Scope, end.Person, end.Reason)})
		if id == 0 {
			if err := errors.Join(r.audit.Tell(ctx, r.report), dropHoldFile(r.mirror.Dir())); err != nil {
				return err
			}
		}
		fmt.Fprintf(w, "released   hold %d on %s\n", h.ID, names.Plain(h.Scope.String()))
		return nil
	})
}

// adopt makes a hold of the file HOLD, so that what it said is not lost when the file goes.
func (r *run) adopt(all *hold.Holds) (*hold.Hold, error) {
	file, err := HoldFileOf(r.mirror.Dir())
	if err != nil {
		return nil, err
	}
	if len(file) == 0 {
		return nil, &exit.UsageError{Text: "there is no file " + HoldFile + " in the mirror's folder",
			Hint: "`agc-export hold list` has all holds."}
	}
	return all.Add(file[0]), nil
}

// HoldFileOf is the hold that the file HOLD in a mirror's folder is, of number 0; none where there is no such file.
func HoldFileOf(dir string) (hold.Holds, error) {
	text, there, err := readHoldFile(dir)
	if !there || err != nil {
		return nil, err
	}
	return hold.Holds{{Scope: hold.Scope{Kind: hold.All}, Reason: strings.TrimSpace(text),
		Authority: "the file " + HoldFile}}, nil
}

// readHoldFile reads the file HOLD of a mirror; one that cannot be read is there.
func readHoldFile(dir string) (text string, there bool, err error) {
	data, err := os.ReadFile(filepath.Join(dir, HoldFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	return string(data), true, err
}

// dropHoldFile removes the file HOLD, whose words are noted in the mirror by now.
func dropHoldFile(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	return errors.Join(root.Remove(HoldFile), root.Close())
}

// holdable is what scopes look at of all contents of the mirror.
func (r *run) holdable(ctx context.Context) ([]hold.Entry, error) {
	spaces, err := r.mirror.Spaces(ctx)
	if err != nil {
		return nil, err
	}
	keys := map[string]string{}
	for _, s := range spaces {
		keys[s.ID] = s.Key
	}
	var all []hold.Entry
	for e, err := range r.mirror.WalkEntries(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, hold.Entry{ID: e.ID, Parent: e.ParentID, Space: cmp.Or(keys[e.SpaceID], e.SpaceKey),
			Labels: slices.Clone(e.Labels)})
	}
	return all, nil
}

// coverage is how many contents a hold covers.
func coverage(h *hold.Hold, entries []hold.Entry) int {
	if h.Scope.Kind == hold.All {
		return len(entries)
	}
	return len(h.Covered)
}

// holds are the holds of the mirror, with the file HOLD as one more, of number 0.
func (r *run) holds(ctx context.Context) (hold.Holds, error) {
	all, err := hold.Read(ctx, r.mirror.Notes)
	if err != nil {
		return nil, err
	}
	file, err := HoldFileOf(r.mirror.Dir())
	return slices.Concat(all, file), err
}

// keepHeld brings the holds in force to what their scopes cover now, and keeps all of that as it is before anything
// overwrites it. A mirror without holds costs a look at a note and a folder.
func (r *run) keepHeld(ctx context.Context) error {
	stored, err := hold.Read(ctx, r.mirror.Notes)
	if err != nil {
		return err
	}
	all, err := r.holds(ctx)
	if err != nil {
		return err
	}
	any := false
	for range all.InForce() {
		any = true
	}
	if !any {
		return nil
	}
	entries, err := r.holdable(ctx)
	if err != nil {
		return err
	}
	if added := stored.Cover(entries); len(stored) > 0 {
		if err := stored.Write(ctx, r.mirror.Notes); err != nil {
			return err
		}
		r.noteHeld(stored, added, nil)
	}
	copy(all, stored)
	return r.keep(ctx, all, entries)
}

// keep keeps what holds in force cover, and tells of them in the report.
func (r *run) keep(ctx context.Context, all hold.Holds, entries []hold.Entry) error {
	before := map[int]int{}
	for _, h := range r.report.Holds {
		before[h.Hold] = h.Kept
	}
	r.report.Holds = nil
	for h := range all.InForce() {
		ids := h.Covered
		if h.Scope.Kind == hold.All {
			ids = nil
			for _, e := range entries {
				ids = append(ids, e.ID)
			}
		}
		n, err := r.mirror.Keep(ctx, ids)
		r.report.Holds = append(r.report.Holds, report.Held{Hold: h.ID, Scope: h.Scope.String(), Covers: len(ids),
			Kept: before[h.ID] + n})
		if err != nil {
			return err
		}
	}
	return nil
}

// noteHeld tells the audit log what holds cover that they did not before. laid is the one that is new.
func (r *run) noteHeld(all hold.Holds, covered map[int][]string, laid *hold.Hold) {
	if laid != nil {
		r.report.Note(report.Change{What: "held", Detail: fmt.Sprintf("hold %d on %s, by %s, authority %s: %s", laid.ID,
			laid.Scope, laid.Person, laid.Authority, laid.Reason), Objects: []string{fmt.Sprintf("hold/%d", laid.ID)}})
	}
	for _, h := range all {
		r.report.Note(report.Change{What: "held", Kind: mirror.KindContent, Detail: fmt.Sprintf("hold %d covers", h.ID),
			Objects: covered[h.ID]})
	}
}

// heldBack is an error while a hold on everything lies on the mirror.
func (r *run) heldBack(ctx context.Context) error {
	dir := r.mirror.Dir()
	if text, there, err := readHoldFile(dir); there {
		first, _, _ := strings.Cut(text, "\n")
		return errors.Join(&exit.GuardError{Text: "a hold lies on the mirror, so nothing is removed: " +
			filepath.Join(dir, HoldFile) + " says " + fmt.Sprintf("%q", names.Plain(first)) +
			".\n`agc-export hold release " + HoldFile + "` ends it"}, err)
	}
	all, err := hold.Read(ctx, r.mirror.Notes)
	for h := range all.InForce() {
		if h.Scope.Kind == hold.All {
			return &exit.GuardError{Text: fmt.Sprintf("hold %d lies on the whole mirror, so nothing is removed: %q.\n"+
				"`agc-export hold release %d --reason WHY --by NAME` ends it", h.ID, names.Plain(h.Reason), h.ID)}
		}
	}
	return err
}

// spared is what a prune must leave, and by which hold: the first that covers it.
type spared struct {
	by    map[mirror.Object]int
	held  []report.Held // by hold
	index map[int]int   // number of a hold -> where it stands in held
}

// spare finds what holds cover now: contents with all that goes with them, and the spaces that they lie in.
func (r *run) spare(ctx context.Context) (*spared, error) {
	s := &spared{by: map[mirror.Object]int{}, index: map[int]int{}}
	if err := r.keepHeld(ctx); err != nil {
		return nil, err
	}
	all, err := r.holds(ctx)
	if err != nil {
		return nil, err
	}
	for h := range all.InForce() {
		var objects []mirror.Object
		for _, id := range h.Covered {
			objects = append(objects, mirror.Object{Kind: mirror.KindContent, ID: id})
		}
		objects, err := r.mirror.Below(ctx, objects)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			if s.by[o] == 0 {
				s.by[o] = h.ID
			}
		}
		s.index[h.ID] = len(s.held)
		s.held = append(s.held, report.Held{Hold: h.ID, Scope: h.Scope.String(), Covers: len(h.Covered)})
	}
	if len(s.held) == 0 {
		return s, nil
	}
	for e, err := range r.mirror.WalkEntries(ctx) {
		if err != nil {
			return nil, err
		}
		space := mirror.Object{Kind: mirror.KindSpace, ID: e.SpaceID}
		if id := s.by[mirror.Object{Kind: mirror.KindContent, ID: e.ID}]; id != 0 && s.by[space] == 0 {
			s.by[space] = id
		}
	}
	return s, nil
}

// without returns the objects that no hold covers, and says which one does cover the others.
func (s *spared) without(objects []mirror.Object, w io.Writer) []mirror.Object {
	return slices.DeleteFunc(objects, func(o mirror.Object) bool {
		id := s.by[o]
		if id == 0 {
			return false
		}
		fmt.Fprintf(w, "spared     %s %s: hold %d\n", o.Kind, names.Plain(o.ID), id)
		h := &s.held[s.index[id]]
		if h.Spared++; len(h.Objects) < mostSpared {
			h.Objects = append(h.Objects, string(o.Kind)+"/"+o.ID)
		}
		return true
	})
}

// told says what each hold spared, and returns it for the report.
func (s *spared) told(versions bool, w io.Writer) []report.Held {
	for _, h := range s.held {
		also := ""
		if versions {
			also = " and the older versions"
		}
		fmt.Fprintf(w, "held       hold %d on %s covers %s%s; %s spared that had gone\n", h.Hold, names.Plain(h.Scope),
			report.Number(h.Covers, "page"), also, report.Number(h.Spared, "object"))
	}
	return s.held
}

// ids are those of what is spared.
func (s *spared) ids() []string {
	var all []string
	for o := range s.by {
		all = append(all, o.ID)
	}
	slices.SortFunc(all, mirror.CompareIDs)
	return all
}
