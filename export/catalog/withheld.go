package catalog

import (
	"cmp"
	"context"

	"agc-export/export/access"
	"agc-export/export/config"
	"agc-export/export/marking"
	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/export/titles"
	"agc-export/fetch/wiki"
)

// What is not published, and why. A reason is said in the report and, where an open page
// names the content, on the site; so it tells nothing of what is restricted.

// spaceWhy says why a space of the mirror is not published, or "".
func (c *Catalog) spaceWhy(s mirror.Space, cfg config.Export, had []string) string {
	switch {
	case !mirror.IsPresent(s.Gone):
		return access.SpaceDeleted
	case !cfg.WantsSpace(s.Space, had):
		return access.NotExported
	case c.Taken[mirror.Object{Kind: mirror.KindSpace, ID: s.ID}] != "":
		return access.SpaceTaken
	case c.only != nil && !c.only.Spaces[s.ID]:
		return cmp.Or(c.only.Why, access.Guarded)
	}
	return ""
}

// elsewhere says why what stands in a space that is not published is not either. A space
// that neither the mirror nor the last list of all spaces knows is none of them.
func (c *Catalog) elsewhere(spaceID string) string {
	switch {
	case c.outside[spaceID] != "":
		return c.outside[spaceID]
	case c.listed == nil || c.listed[spaceID]:
		return access.NotExported
	}
	return access.NoSpace
}

// placeOf is the published space that a content stands in, nil for none. What is
// published already, and tells no space that anybody knows, stays where it is.
func (c *Catalog) placeOf(e *mirror.Entry) *Space {
	if s := c.bySpace[e.SpaceID]; s != nil || c.only == nil || c.elsewhere(e.SpaceID) != access.NoSpace {
		return s
	}
	for _, s := range c.Spaces {
		if s.Key == c.only.SpaceOf[e.ID] {
			return s
		}
	}
	return nil
}

// why says why a content is withheld whatever its restrictions are, or "". Where only
// what is published already may be, of that only what was deleted or moved out leaves.
func (c *Catalog) why(e *mirror.Entry, cfg config.Export) string {
	switch {
	case c.placeOf(e) == nil && !mirror.IsPresent(e.Gone) && c.elsewhere(e.SpaceID) == access.NoSpace:
		return access.SpaceDeleted
	case c.placeOf(e) == nil:
		return c.elsewhere(e.SpaceID)
	case !mirror.IsPresent(e.Gone):
		return access.Deleted
	case c.only != nil && !c.only.Contents[e.ID]:
		return cmp.Or(c.only.Why, access.Guarded)
	case c.only != nil:
		return ""
	case e.Status == wiki.StatusArchived && !cfg.Archived:
		return access.Archived
	case e.Status != wiki.StatusCurrent && e.Status != wiki.StatusArchived:
		return access.OfStatus(e.Status)
	}
	return ""
}

// withhold notes why a content is not published. That nobody knows what became of it is
// a failure of the run, where it is not one of the reasons that have a name.
func (c *Catalog) withhold(e *mirror.Entry, why string) {
	c.withheld[e.ID] = why
	if unknown := why == access.NoSpace || marking.Unsure(why) ||
		why == access.OfStatus(e.Status); c.only == nil && unknown && mirror.IsPresent(e.Gone) {
		c.strange = append(c.strange, report.Failure{Kind: e.Type, ID: e.ID, Reason: access.Unpublished(why)})
	}
}

// shut reports whether a content that is not published may not be shown, as far as the
// mirror knows: what is only deleted, archived or new may. What merely vanished may have
// been restricted away from the account before it could be asked for.
func (c *Catalog) shut(id string) bool {
	if c.ByID[id] != nil {
		return false
	}
	switch c.withheld[id] {
	case access.NotExported, access.NoSpace, access.SpaceTaken, access.Taken, access.Doubt:
		return true
	}
	return c.closed[id] != "" || c.absent[id]
}

// WasOpen reports whether a content is not published because it was deleted, and for no other reason.
func (c *Catalog) WasOpen(id string) bool {
	return c.withheld[id] == access.Deleted && c.closed[id] == "" && !c.absent[id]
}

// closedOf finds what not every reader may see, with all that lies below it.
func (c *Catalog) closedOf(all []mirror.Entry, unchecked map[string]bool, at mirror.Places,
	cfg config.Export) map[string]string {
	return access.PassDown(all, at, func(e *mirror.Entry) string {
		why := access.OfTaken[c.Taken[mirror.Object{Kind: mirror.KindContent, ID: e.ID}]]
		if c.outside[e.SpaceID] == access.SpaceTaken {
			why = access.SpaceTaken
		}
		if why == "" && cfg.Restricted == config.RestrictedSkip {
			why = access.Own(e, unchecked)
			if why == "" && at.Unknown[e.ID] {
				why = access.Unchecked
			}
		}
		return why
	})
}

// AstrayMarkings are the numbers of the rules for markings that name what is not there.
func (c *Catalog) AstrayMarkings() []int {
	return c.Marking.Astray(func(id string) bool { return c.ByID[id] != nil || c.withheld[id] != "" })
}

// closeUnmarked closes what may have a marking that nobody knows, and nothing below it: that has its own.
func (c *Catalog) closeUnmarked(all []mirror.Entry) {
	for i := range all {
		e := &all[i]
		s := c.placeOf(e)
		if s == nil || c.closed[e.ID] != "" || !mirror.IsPresent(e.Gone) {
			continue
		}
		if _, why := c.Marking.Of(e, s.Space); c.Marking.Withholds(why) {
			c.closed[e.ID] = why
		}
	}
}

// hide finds the titles that links may not show. What is gone without a proof may have been
// taken away.
func (c *Catalog) hide(ctx context.Context, m *mirror.Mirror, known titles.Mirrored, cfg config.Export) (err error) {
	last, err := m.SyncEnd(ctx)
	if err != nil {
		return err
	}
	known.Keys, known.Strict, known.Broken = c.keys, cfg.Restricted == config.RestrictedSkip, last.Begun
	known.Names, err = m.Names(ctx)
	c.Secret = titles.NewSecret(known, func(e *mirror.Entry) titles.Of {
		switch {
		case c.ByID[e.ID] != nil:
			return titles.Nothing
		case c.closed[e.ID] != "":
			return titles.Restricted
		case c.absent[e.ID]:
			return titles.Doubtful
		}
		return titles.Nothing
	})
	return err
}

// whyFile says why a file that may be shown is not published, or "". That one is listed,
// and as deleted, is a failure of the run.
func (c *Catalog) whyFile(a *mirror.Attachment) string {
	switch {
	case !mirror.IsPresent(a.Gone):
		return access.Deleted
	case c.ByID[a.PageID] == nil:
		return c.withheld[a.PageID]
	case c.only != nil && !c.only.Files[a.ID]:
		return cmp.Or(c.only.Why, access.Guarded)
	case c.only == nil && wiki.IsTrash(a.Status):
		why := access.OfStatus(a.Status)
		c.strange = append(c.strange, report.Failure{Kind: "attachment", ID: a.ID, Reason: access.Unpublished(why)})
		return why
	}
	return ""
}

// fileShut reports whether a file may not be shown: it was taken away, or stands on a
// content that may not be shown, or that nobody knows.
func (c *Catalog) fileShut(a *mirror.Attachment) bool {
	if c.Taken[mirror.Object{Kind: mirror.KindAttachment, ID: a.ID}] != "" || c.shut(a.PageID) {
		return true
	}
	return c.ByID[a.PageID] == nil && c.withheld[a.PageID] == ""
}

// Tally counts what is withheld within the published spaces, by reason.
func (c *Catalog) Tally() map[string]int {
	t := map[string]int{}
	for _, why := range c.withheld {
		if why != access.NotExported && why != access.SpaceDeleted {
			t[why]++
		}
	}
	return t
}
