package catalog

import (
	"cmp"
	"context"

	"agc-export/export/access"
	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/names"
)

// What is in the mirror and not in Confluence any more, as far as the account sees. None of it is published.

// Gone is a content that went, in a space that the configuration exports.
type Gone struct {
	*Node        // without a place in any tree, and without files
	How   string // mirror.GoneTrashed and so on, or how it was taken away
	Why   string // it may not be shown to every reader; "": it may be, as far as the mirror knows
	Never bool   // nobody knows how to mark it, so it may be shown to none
}

// Gone lists, by id, the contents that were deleted, that lie in a space that was, or that the account does not see
// any more. What went without a proof that anybody deleted it may have been restricted.
func (c *Catalog) Gone(ctx context.Context, m *mirror.Mirror, cfg config.Export) (all []Gone, err error) {
	spaces, err := m.Spaces(ctx)
	if err != nil {
		return nil, err
	}
	byID := map[string]*Space{}
	for _, s := range spaces {
		if cfg.WantsSpace(s.Space, c.keys[s.ID]) {
			s.Name = names.Shown(s.Name, s.Key)
			byID[s.ID] = &Space{Space: s, Rank: c.Marking.OfSpace(s)}
		}
	}
	for e, err := range m.WalkEntries(ctx) {
		if err != nil {
			return nil, err
		}
		space, how := byID[e.SpaceID], c.went(&e)
		if space == nil || how == "" {
			continue
		}
		g := Gone{How: how, Why: c.closed[e.ID]}
		if g.Why == "" && (c.absent[e.ID] || how == mirror.GoneAbsent) {
			g.Why = access.Doubt
		}
		g.Node = &Node{Content: ContentOf(&e), Space: space, Marked: e.Title}
		var unsure string
		g.Own, unsure = c.Marking.Of(&e, space.Space)
		g.Rank, g.Never = g.Own, c.Marking.Withholds(unsure)
		g.Title = names.Shown(g.Title, untitled)
		all = append(all, g)
	}
	return all, nil
}

// went says how a content went, "" for one that did not.
func (c *Catalog) went(e *mirror.Entry) string {
	switch why := c.withheld[e.ID]; {
	case c.ByID[e.ID] != nil:
		return ""
	case !mirror.IsPresent(e.Gone):
		return e.Gone
	case why == access.SpaceDeleted:
		return why
	}
	return cmp.Or(c.Taken[mirror.Object{Kind: mirror.KindContent, ID: e.ID}],
		c.Taken[mirror.Object{Kind: mirror.KindSpace, ID: e.SpaceID}])
}

// WentFile says how a file of a content went, "" for one that did not, and why not every reader of the content may
// see it, "" where they may: one that is in no list may have been moved to another content.
func (c *Catalog) WentFile(a *mirror.Attachment) (how, why string) {
	how, why = c.wentFrom(mirror.Object{Kind: mirror.KindAttachment, ID: a.ID}, a.Gone)
	if how == mirror.GoneAbsent {
		why = access.Doubt
	}
	return how, why
}

// WentComment says the same of a comment, which never moves.
func (c *Catalog) WentComment(o *mirror.Comment) (how, why string) {
	return c.wentFrom(mirror.Object{Kind: mirror.KindComment, ID: o.ID}, o.Gone)
}

func (c *Catalog) wentFrom(o mirror.Object, gone string) (how, why string) {
	if how := c.Taken[o]; how != "" {
		return how, access.OfTaken[how]
	}
	if mirror.IsPresent(gone) {
		return "", ""
	}
	return gone, ""
}
