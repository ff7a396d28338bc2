package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"agc-export/export/catalog"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/export/trace"
)

// Withdrawal is the one change of the output that no guard holds up: a page that not
// every reader of its space may see any more leaves the site at the next run, and the
// kept generations that hold it are removed whole. Where a guard objects, or where a
// run fails that has learned who may read something, the output is built anew from
// exactly the contents and files that are published already, as the mirror has them
// now, less the withdrawn: nothing else comes or goes.

// unfit is an error for a mirror that must not be published as it is, because of how
// its last sync ended or what it covered; withdraw says whether what became restricted is
// known, in all or in the spaces that it covered.
func (r *run) unfit(ctx context.Context) (withdraw bool, err error) {
	last, err := r.mirror.SyncEnd(ctx)
	switch {
	case err != nil || r.Unfinished:
		return false, err
	case last.Begun:
		return false, &exit.GuardError{Text: "the last sync did not come to its end, so nothing is published and the " +
			"last output stays.\nRun agc-export export again. Where that can never be, build --unfinished publishes " +
			"what has arrived"}
	case last.Guarded != "":
		return true, &exit.GuardError{Text: last.Guarded}
	}
	return true, r.uncovered(ctx)
}

// withdraw takes out of the output what may not be published any more, and nothing
// else. It is for runs that must not publish anything new.
func (r *run) withdraw(ctx context.Context) error {
	out, err := os.OpenRoot(r.Config.Output.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer out.Close()
	current, err := out.Readlink(output.CurrentLink)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	r.report.Published.Generation = current
	old, ok := r.holdings(out, current)
	if !ok {
		return &exit.CorruptError{Text: "the manifest of " + filepath.Join(r.Config.Output.Dir, current) +
			" cannot be read, so what is restricted cannot be taken out of it"}
	}
	base, err := r.base(ctx)
	if err != nil {
		return err
	}
	traces, err := r.traces(base)
	if err != nil {
		return err
	}
	defer traces.Close()
	c, err := catalog.Read(ctx, r.mirror, r.Config, &old, traces)
	if err != nil {
		return err
	}
	if err := r.checkOutput(c); err != nil {
		return err
	}
	held := c.Shut(old)
	if len(held) == 0 && !r.tooOld(old) {
		return r.purge(c, current, "")
	}
	for _, change := range held {
		r.report.Note(change)
		if change.Kind == mirror.KindContent {
			r.report.Withdrawn = len(change.Objects)
		}
	}
	return r.buildFrom(ctx, c, "", traces, nil)
}

// tooOld reports whether a generation holds older versions, which the configuration does not publish
// any more: who set that wants none of them to be left.
func (r *run) tooOld(h output.Holdings) bool { return h.Older && !r.Config.Export.HistoryPublished }

// purge removes the kept generations that hold what may not be shown any more, of whole
// contents or parts of them, or that do not say what they hold. harmless is one of which it is known that it holds no
// whole content that may not be shown, "" for none.
func (r *run) purge(c *catalog.Catalog, current, harmless string) error {
	out, err := os.OpenRoot(r.Config.Output.Dir)
	if err != nil {
		return err
	}
	defer out.Close()
	var held map[string]int
	if r.lost != nil {
		held = r.lost.Held()
	} else {
		held, _ = output.ReadHeld(out, current)
	}
	all, err := output.Generations(out)
	if err != nil {
		return err
	}
	if err := out.RemoveAll(output.RemovingDir); err != nil { // a killed run's, which may have been withdrawing
		return err
	}
	for _, name := range all {
		if name == current || name == harmless && len(held) == 0 {
			continue
		}
		h, ok := r.holdings(out, name)
		if ok && len(c.Shut(h)) == 0 && !h.ShowsMore(out, name, held) && !r.tooOld(h) ||
			!ok && !c.Withholds() && len(held) == 0 {
			continue
		}
		if err := output.Retire(out, name); err != nil {
			return err
		}
		r.report.Note(report.Change{What: "purged", Kind: "generation", Detail: "", Objects: []string{name}})
	}
	return nil
}

// checkOutput refuses to put a site in the place of another site's.
func (r *run) checkOutput(c *catalog.Catalog) error {
	site, err := output.SiteOf(r.Config.Output.Dir)
	if err != nil {
		return err
	}
	if site != "" && site != c.Site().CloudID {
		return &exit.GuardError{Text: fmt.Sprintf("%s holds the output of another site (cloud id %s): nothing was "+
			"published.\nGive each site a folder of its own with [output] dir", r.Config.Output.Dir,
			names.Plain(site))}
	}
	return nil
}

// checkRows refuses to publish from a mirror whose rows are not as they were written:
// the last output stays. Contents that the last build has seen are read again where they are used.
func checkRows(ctx context.Context, m *mirror.Mirror, traces *trace.Build) error {
	const key = "rows"
	var seen mirror.Seen
	if k, ok := traces.Last(key, trace.Sum{}); ok && !k.Read(&seen) {
		seen = mirror.Seen{}
	}
	text, n := "", 0
	for p, err := range m.RowsSince(ctx, &seen) {
		if err != nil {
			return err
		}
		if n++; n <= report.ShownItems {
			text += fmt.Sprintf("\n  %s %s: %s", p.Kind, names.Plain(p.ID), p.What)
		}
	}
	if n == 0 {
		traces.Put(key, &trace.Record{Result: trace.Append(nil, seen)})
		return nil
	}
	return &exit.CorruptError{Text: fmt.Sprintf("%d rows of the mirror are not as they were stored, so nothing is "+
		"published and the last output stays:%s\nRun agc-export repair", n, text)}
}

// Freshness is by space: what became restricted in a space is known as of the last sync
// that covered it. Several configurations may share a mirror, each with its own choice of
// spaces, so build asks whether the last sync covered all that it would publish.

// uncovered is an error where the configuration asks for spaces of the mirror that the
// last sync did not cover, or names one that the mirror never had.
func (r *run) uncovered(ctx context.Context) error {
	covered, err := r.mirror.Covered(ctx)
	if covered == nil {
		return err
	}
	spaces, err := r.mirror.Spaces(ctx)
	if err != nil {
		return err
	}
	taken, err := r.mirror.Taken(ctx)
	if err != nil {
		return err
	}
	var stale []string
	for _, sp := range spaces {
		if mirror.IsPresent(sp.Gone) && r.Config.Export.Wants(sp.Space) && !covered[sp.ID] &&
			taken[mirror.Object{Kind: mirror.KindSpace, ID: sp.ID}] == "" {
			stale = append(stale, names.Plain(sp.Key))
		}
	}
	for _, want := range r.Config.Export.Named() {
		named := func(sp mirror.Space) bool { return strings.EqualFold(sp.Key, want) }
		if !slices.ContainsFunc(spaces, named) {
			stale = append(stale, names.Plain(want))
		}
	}
	if len(stale) == 0 {
		return nil
	}
	slices.Sort(stale)
	return &exit.GuardError{Text: fmt.Sprintf("the last sync did not cover %s, which [export] spaces asks for: what "+
		"became restricted there since is not known, so nothing new is published.\nRun agc-export export with this "+
		"configuration. Where that can never be, build --unfinished publishes these spaces as they were read last",
		strings.Join(stale, ", "))}
}
