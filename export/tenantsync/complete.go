package tenantsync

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"agc-export/export/access"
	"agc-export/export/mirror"
	"agc-export/export/report"
	"agc-export/fetch/wiki"
)

// countWhole compares, at the end of the network half, what was listed with what the
// mirror holds now. It trusts none of the steps before: whatever is not there at its
// listed version is a failure of the run, and exit code 0 says that there is none.
func (s *syncer) countWhole(ctx context.Context) error {
	failed := s.report.Failed()
	fail := func(kind, id, why string) {
		if !failed[kind+" "+id] {
			s.report.Fail(report.Failure{Kind: kind, ID: id, Reason: why + "; the next run tries again"})
		}
	}
	var tally report.Tally
	tally.Contents = len(s.seen)
	held := map[string]bool{}
	for e, err := range s.mirror.WalkEntries(ctx) {
		if err != nil {
			return err
		}
		if old := s.known[e.ID]; old.Sum != e.Sum || old.MetadataSum != e.MetadataSum {
			s.report.Store(mirror.KindContent, e.ID, e.Version.Number)
		}
		c, listed := s.seen[e.ID]
		if !listed {
			continue
		}
		held[e.ID] = true
		if c.Type == wiki.TypeFolder {
			s.report.Lack("restrictions of folders, which Confluence's API does not tell: folders count as open")
		}
		if why := s.lacking(c, e); why != "" {
			fail(c.Type, e.ID, why)
		} else {
			tally.Whole++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.seen)) {
		if !held[id] {
			fail(s.seen[id].Type, id, "listed, and not in the mirror")
		}
	}
	if err := s.countFiles(ctx, &tally, fail); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(s.comments.fresh)) {
		s.report.Store(mirror.KindComment, id, s.comments.fresh[id].Version.Number)
	}
	s.report.Count(func(c *report.Synced) { c.Complete = tally })
	return nil
}

// lacking says what the mirror lacks of a content as it was listed, "" for nothing.
func (s *syncer) lacking(c wiki.Content, e mirror.Entry) string {
	switch {
	case e.Gone != "":
		return "listed, and marked as gone"
	case e.Version.Number < c.Version.Number:
		return fmt.Sprintf("listed at version %d; the mirror has %d", c.Version.Number, e.Version.Number)
	case wiki.HasBody(c.Type) && (!e.HasBody || e.BodyVersion < c.Version.Number):
		return fmt.Sprintf("the mirror lacks the body of version %d", c.Version.Number)
	case wiki.HasBody(c.Type) && !e.HasMetadata:
		return "its restrictions are not known, so it is not published"
	case c.Status != wiki.StatusCurrent && c.Status != wiki.StatusArchived:
		return access.Unpublished(access.OfStatus(c.Status))
	case s.guard.visible != nil && !s.guard.visible[c.SpaceID]:
		return access.Unpublished(access.NoSpace)
	}
	return ""
}

// countFiles counts the attachments of listed contents, and those that have all bytes.
func (s *syncer) countFiles(ctx context.Context, tally *report.Tally, fail func(kind, id, why string)) error {
	for a, err := range s.mirror.Attachments(ctx) {
		if err != nil {
			return err
		}
		if _, ours := s.seen[a.PageID]; !ours || !mirror.IsPresent(a.Gone) {
			continue
		}
		tally.Attachments++
		switch {
		case a.Blob == "" || !s.mirror.HasBlob(a.Blob, a.BlobSize):
			fail("attachment", a.ID, fmt.Sprintf("the mirror lacks the bytes of version %d", a.Version.Number))
		case a.FileSize > 0 && a.BlobSize != a.FileSize:
			fail("attachment", a.ID, fmt.Sprintf("it has %d bytes and is listed with %d", a.BlobSize, a.FileSize))
		default:
			tally.WholeFiles++
		}
	}
	return nil
}
