package export

import (
	"fmt"
	"regexp"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/fetch/wiki"
)

// What is not published, and why. A reason is said in the report and, where an open page
// names the content, on the site; so it tells nothing of what is restricted.

// Why a content is not published. What has a status that nobody knows has a reason of its
// own, see statusWhy.
const (
	whyRestricted = "restricted"
	whyUnchecked  = "restrictions not known yet"
	whyTaken      = "not visible to the export account any more"
	whyDoubt      = "in no list, and not answered for"
	whyArchived   = "archived"
	whyGone       = "deleted"
	whySpace      = "not exported"
	whySpaceGone  = "its space was deleted"
	whySpaceTaken = "in a space that the export account does not see any more"
	whyNoSpace    = "in an unknown space"
	whyGuard      = "held back by a guard"
	whyPart       = "for some readers only" // of files
)

// takenWhy are the words for what was taken away.
var takenWhy = map[string]string{mirror.TakenAway: whyTaken, mirror.TakenDoubt: whyDoubt}

// knownWord matches words that are surely no text of a page.
var knownWord = regexp.MustCompile(`^[A-Za-z_]{1,20}$`)

// statusWhy says that a content has a status that no content that is exported has.
func statusWhy(status string) string {
	switch {
	case status == "":
		return "without a status"
	case knownWord.MatchString(status):
		return fmt.Sprintf("status %q", status)
	}
	return "of an unknown status"
}

// spaceWhy says why a space of the mirror is not published, or "".
func (c *catalog) spaceWhy(s mirror.Space, cfg config.Export, had []string) string {
	switch {
	case !mirror.IsPresent(s.Gone):
		return whySpaceGone
	case !cfg.WantsSpace(s.Space, had):
		return whySpace
	case c.taken[mirror.Object{Kind: mirror.KindSpace, ID: s.ID}] != "":
		return whySpaceTaken
	case c.only != nil && !c.only.Spaces[s.ID]:
		return whyGuard
	}
	return ""
}

// elsewhere says why what stands in a space that is not published is not either. A space
// that neither the mirror nor the last list of all spaces knows is none of them.
func (c *catalog) elsewhere(spaceID string) string {
	switch {
	case c.outside[spaceID] != "":
		return c.outside[spaceID]
	case c.listed == nil || c.listed[spaceID]:
		return whySpace
	}
	return whyNoSpace
}

// placeOf is the published space that a content stands in, nil for none. What is
// published already, and tells no space that anybody knows, stays where it is.
func (c *catalog) placeOf(e *mirror.Entry) *space {
	if s := c.bySpace[e.SpaceID]; s != nil || c.only == nil || c.elsewhere(e.SpaceID) != whyNoSpace {
		return s
	}
	for _, s := range c.spaces {
		if s.Key == c.only.SpaceOf[e.ID] {
			return s
		}
	}
	return nil
}

// why says why a content is withheld whatever its restrictions are, or "". Where only
// what is published already may be, of that only what was deleted or moved out leaves.
func (c *catalog) why(e *mirror.Entry, cfg config.Export) string {
	switch {
	case c.placeOf(e) == nil && !mirror.IsPresent(e.Gone) && c.elsewhere(e.SpaceID) == whyNoSpace:
		return whySpaceGone
	case c.placeOf(e) == nil:
		return c.elsewhere(e.SpaceID)
	case !mirror.IsPresent(e.Gone):
		return whyGone
	case c.only != nil && !c.only.Contents[e.ID]:
		return whyGuard
	case c.only != nil:
		return ""
	case e.Status == wiki.StatusArchived && !cfg.Archived:
		return whyArchived
	case e.Status != wiki.StatusCurrent && e.Status != wiki.StatusArchived:
		return statusWhy(e.Status)
	}
	return ""
}

// withhold notes why a content is not published. That nobody knows what became of it is
// a failure of the run, where it is not one of the reasons that have a name.
func (c *catalog) withhold(e *mirror.Entry, why string) {
	c.withheld[e.ID] = why
	if unknown := why == whyNoSpace || why == statusWhy(e.Status); c.only == nil && unknown && mirror.IsPresent(e.Gone) {
		c.strange = append(c.strange, report.Failure{Kind: e.Type, ID: e.ID, Reason: strangeReason(why)})
	}
}

func strangeReason(why string) string { return why + ", so it is not published" }

// shut reports whether a content that is not published may not be shown, as far as the
// mirror knows: what is only deleted, archived or new may. What merely vanished may have
// been restricted away from the account before it could be asked for.
func (c *catalog) shut(id string) bool {
	if c.byID[id] != nil {
		return false
	}
	switch c.withheld[id] {
	case whySpace, whyNoSpace, whySpaceTaken, whyTaken, whyDoubt:
		return true
	}
	return c.closed[id] != "" || c.absent[id]
}

// closedOf finds what not every reader may see, with all that lies below it.
func (c *catalog) closedOf(all []mirror.Entry, unchecked map[string]bool, at mirror.Places, cfg config.Export) map[string]string {
	return passDown(all, at, func(e *mirror.Entry) string {
		why := takenWhy[c.taken[mirror.Object{Kind: mirror.KindContent, ID: e.ID}]]
		if c.outside[e.SpaceID] == whySpaceTaken {
			why = whySpaceTaken
		}
		if why == "" && cfg.Restricted == config.RestrictedSkip {
			why = ownRestriction(e, unchecked)
			if why == "" && at.Unknown[e.ID] {
				why = whyUnchecked
			}
		}
		return why
	})
}

// whyFile says why a file that may be shown is not published, or "". That one is listed,
// and as deleted, is a failure of the run.
func (c *catalog) whyFile(a *mirror.Attachment) string {
	switch {
	case !mirror.IsPresent(a.Gone):
		return whyGone
	case c.byID[a.PageID] == nil:
		return c.withheld[a.PageID]
	case c.only != nil && !c.only.Files[a.ID]:
		return whyGuard
	case c.only == nil && isTrash(a.Status):
		why := statusWhy(a.Status)
		c.strange = append(c.strange, report.Failure{Kind: "attachment", ID: a.ID, Reason: strangeReason(why)})
		return why
	}
	return ""
}

// fileShut reports whether a file may not be shown: it was taken away, or stands on a
// content that may not be shown, or that nobody knows.
func (c *catalog) fileShut(a *mirror.Attachment) bool {
	if c.taken[mirror.Object{Kind: mirror.KindAttachment, ID: a.ID}] != "" || c.shut(a.PageID) {
		return true
	}
	return c.byID[a.PageID] == nil && c.withheld[a.PageID] == ""
}

// tally counts what is withheld within the published spaces, by reason.
func (c *catalog) tally() map[string]int {
	t := map[string]int{}
	for _, why := range c.withheld {
		if why != whySpace && why != whySpaceGone {
			t[why]++
		}
	}
	return t
}
