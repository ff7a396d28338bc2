package catalog

import (
	"cmp"
	"maps"
	"slices"

	"agc-export/export/access"
	"agc-export/export/mirror"
	"agc-export/export/output"
	"agc-export/export/report"
	"agc-export/fetch/wiki"
)

// Left is an object that a generation holds and a catalog does not publish; its State
// says why.
type Left struct {
	report.Item
	Passed bool // it left by a rule that the guards of a run let pass
	Shut   bool // it may not be shown, as far as the mirror knows
}

// Left lists the contents of a generation, and then the files, that this catalog does not
// publish. A file that leaves with its content counts as that.
func (c *Catalog) Left(old output.Holdings) (all []Left) {
	for id := range old.Contents {
		if c.ByID[id] == nil {
			why := cmp.Or(c.withheld[id], access.Missing)
			all = append(all, Left{report.Item{Kind: mirror.KindContent, ID: id, State: why, Space: old.SpaceOf[id]},
				c.passed(id, why), c.shut(id)})
		}
	}
	published := make(map[string]bool, len(c.Files))
	for _, a := range c.Files {
		published[a.ID] = true
	}
	for id := range old.Files {
		if !published[id] && !c.shutFile[id] {
			why := cmp.Or(c.fileWhy[id], access.Missing)
			counts := why == access.Missing || why == access.OfStatus(wiki.StatusTrashed) ||
				why == access.OfStatus(wiki.StatusDeleted)
			all = append(all, Left{report.Item{Kind: mirror.KindAttachment, ID: id, State: why}, !counts, false})
		}
	}
	return all
}

// passed reports whether a content left by a rule that the guards of a run let pass.
func (c *Catalog) passed(id, why string) bool {
	switch why {
	case access.Deleted, access.SpaceDeleted, access.SpaceTaken:
		return true
	case access.Taken, access.Doubt: // and not only what lies above it
		return c.Taken[mirror.Object{Kind: mirror.KindContent, ID: id}] != ""
	}
	return false
}

// Shut lists by kind what a generation holds and may not be shown any more, by
// whatever way it closed: contents, spaces, and files that stand on such a content now.
func (c *Catalog) Shut(h output.Holdings) (all []report.Change) {
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
func (c *Catalog) spaceShut(id string) bool {
	why := c.outside[id]
	return c.bySpace[id] == nil && why != access.SpaceDeleted && why != access.Guarded
}

// Withholds reports whether anything at all may not be shown.
func (c *Catalog) Withholds() bool {
	return len(c.closed) > 0 || slices.ContainsFunc(slices.Collect(maps.Keys(c.outside)), c.spaceShut)
}
