package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"agc-export/export/access"
	"agc-export/export/exit"
	"agc-export/export/mirror"
	"agc-export/export/names"
	"agc-export/export/output"
	"agc-export/export/report"
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
func (p *publisher) unfit(ctx context.Context, m *mirror.Mirror) (withdraw bool, err error) {
	last, err := m.SyncEnd(ctx)
	switch {
	case err != nil || p.Unfinished:
		return false, err
	case last.Begun:
		return false, &exit.GuardError{Text: "the last sync did not come to its end, so nothing is published and the last output stays.\nRun agc-export export again. Where that can never be, build --unfinished publishes what has arrived"}
	case last.Guarded != "":
		return true, &exit.GuardError{Text: last.Guarded}
	}
	return true, p.uncovered(ctx, m)
}

// withdraw takes out of the output what may not be published any more, and nothing
// else. It is for runs that must not publish anything new.
func (p *publisher) withdraw(ctx context.Context, m *mirror.Mirror) error {
	out, err := os.OpenRoot(p.Config.Output.Dir)
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
	p.Report.Published.Generation = current
	old, ok := output.ReadHoldings(out, current)
	if !ok {
		return &exit.CorruptError{Text: "the manifest of " + filepath.Join(p.Config.Output.Dir, current) + " cannot be read, so what is restricted cannot be taken out of it"}
	}
	c, err := newCatalogOf(ctx, m, p.Config.Export, &old)
	if err != nil {
		return err
	}
	if err := p.checkOutput(c); err != nil {
		return err
	}
	held := c.heldShut(old)
	if len(held) == 0 {
		return p.purge(c, current)
	}
	for _, change := range held {
		p.Report.Note(change)
		if change.Kind == mirror.KindContent {
			p.Report.Withdrawn = len(change.Objects)
		}
	}
	return p.buildFrom(ctx, m, c, "")
}

// heldShut lists by kind what a generation holds and may not be shown any more, by
// whatever way it closed: contents, spaces, and files that stand on such a content now.
func (c *catalog) heldShut(h output.Holdings) (all []report.Change) {
	for _, k := range []struct {
		kind mirror.Kind
		held map[string]bool
		shut func(string) bool
	}{
		{mirror.KindContent, h.Contents, c.shut},
		{mirror.KindSpace, h.Spaces, c.spaceShut},
		{mirror.KindAttachment, h.Files, func(id string) bool { return c.shutFile[id] }},
	} {
		var ids []string
		for id := range k.held {
			if k.shut(id) {
				ids = append(ids, id)
			}
		}
		if slices.SortFunc(ids, mirror.CompareIDs); len(ids) > 0 {
			all = append(all, report.Change{What: "withdrawn", Kind: k.kind, Detail: "", Objects: ids})
		}
	}
	return all
}

// spaceShut reports whether a space may not be shown: the configuration leaves it out, the
// account does not see it, or nobody knows it. A deleted one may.
func (c *catalog) spaceShut(id string) bool {
	why := c.outside[id]
	return c.bySpace[id] == nil && why != access.SpaceDeleted && why != access.Guarded
}

// withholds reports whether anything at all may not be shown.
func (c *catalog) withholds() bool {
	return len(c.closed) > 0 || slices.ContainsFunc(slices.Collect(maps.Keys(c.outside)), c.spaceShut)
}

// purge removes the kept generations that hold what may not be shown any more, of whole
// contents or parts of them, or that do not say what they hold.
func (p *publisher) purge(c *catalog, current string) error {
	out, err := os.OpenRoot(p.Config.Output.Dir)
	if err != nil {
		return err
	}
	defer out.Close()
	held, _ := output.ReadHeld(out, current)
	all, err := output.Generations(out)
	if err != nil {
		return err
	}
	if err := out.RemoveAll(output.RemovingDir); err != nil { // a killed run's, which may have been withdrawing
		return err
	}
	for _, name := range all {
		h, ok := output.ReadHoldings(out, name)
		if name == current || ok && len(c.heldShut(h)) == 0 && !h.ShowsMore(out, name, held) || !ok && !c.withholds() && len(held) == 0 {
			continue
		}
		if err := output.Retire(out, name); err != nil {
			return err
		}
		p.Report.Note(report.Change{What: "purged", Kind: "generation", Detail: "", Objects: []string{name}})
	}
	return nil
}

// checkOutput refuses to put a site in the place of another site's.
func (p *publisher) checkOutput(c *catalog) error {
	out, err := os.OpenRoot(p.Config.Output.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer out.Close()
	if h, ok := output.ReadHoldings(out, output.CurrentLink); ok && h.Site != "" && h.Site != c.site.CloudID {
		return &exit.GuardError{Text: fmt.Sprintf("%s holds the output of another site (cloud id %s): nothing was published.\nGive each site a folder of its own with [output] dir", p.Config.Output.Dir, names.Plain(h.Site))}
	}
	return nil
}

// CheckRows refuses to publish from a mirror whose rows are not as they were written:
// the last output stays.
func CheckRows(ctx context.Context, m *mirror.Mirror) error {
	text, n := "", 0
	for p, err := range m.Rows(ctx) {
		if err != nil {
			return err
		}
		if n++; n <= report.ShownItems {
			text += fmt.Sprintf("\n  %s %s: %s", p.Kind, names.Plain(p.ID), p.What)
		}
	}
	if n == 0 {
		return nil
	}
	return &exit.CorruptError{Text: fmt.Sprintf("%d rows of the mirror are not as they were stored, so nothing is published and the last output stays:%s\nRun agc-export repair", n, text)}
}

// Freshness is by space: what became restricted in a space is known as of the last sync
// that covered it. Several configurations may share a mirror, each with its own choice of
// spaces, so build asks whether the last sync covered all that it would publish.

// uncovered is an error where the configuration asks for spaces of the mirror that the
// last sync did not cover.
func (p *publisher) uncovered(ctx context.Context, m *mirror.Mirror) error {
	covered, err := m.Covered(ctx)
	if covered == nil {
		return err
	}
	spaces, err := m.Spaces(ctx)
	if err != nil {
		return err
	}
	taken, err := m.Taken(ctx)
	if err != nil {
		return err
	}
	var stale []string
	for _, sp := range spaces {
		if mirror.IsPresent(sp.Gone) && p.Config.Export.Wants(sp.Space) && !covered[sp.ID] && taken[mirror.Object{Kind: mirror.KindSpace, ID: sp.ID}] == "" {
			stale = append(stale, names.Plain(sp.Key))
		}
	}
	if len(stale) == 0 {
		return nil
	}
	slices.Sort(stale)
	return &exit.GuardError{Text: fmt.Sprintf("the last sync did not cover %s, which [export] spaces asks for: what became restricted there since is not known, so nothing new is published.\nRun agc-export export with this configuration. Where that can never be, build --unfinished publishes these spaces as they were read last", strings.Join(stale, ", "))}
}
