package tenantsync

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/parallel"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// fetchHistory brings the older versions of pages and blog posts, where the
// configuration asks for them: a call for each content that has any the mirror does
// not know. The newest version is kept without its body, which the content has.
func (s *syncer) fetchHistory(ctx context.Context) error {
	if s.cfg.Export.History == config.HistoryNone {
		return nil
	}
	have, err := s.mirror.Histories(ctx)
	if err != nil {
		return err
	}
	var asked []wiki.Content
	for _, id := range slices.SortedFunc(maps.Keys(s.seen), mirror.CompareIDs) {
		c, h := s.seen[id], have[id]
		lacks := s.cfg.Export.History == config.HistoryBodies && h.Bodiless > 1 // beside the newest
		known := h.Newest >= c.Version.Number && !lacks
		if !wiki.HasBody(c.Type) || known && !s.bodies[id] {
			continue
		}
		if known || c.Version.Number == 1 { // it was renamed, say; or its only version is what the list told
			if err := s.putVersions(ctx, c, []wiki.ContentVersion{{Version: c.Version, Title: c.Title}}); err != nil {
				return err
			}
			continue
		}
		asked = append(asked, c)
	}
	return s.optional("older versions of pages", parallel.Each(ctx, s.cfg.Fetch.Workers, asked, s.fetchVersions))
}

// fetchVersions brings the versions of one content. The newest is written last, and only
// where all others came, so that a run that is cut or was told nonsense asks again.
func (s *syncer) fetchVersions(ctx context.Context, c wiki.Content) error {
	bodies := s.cfg.Export.History == config.HistoryBodies
	var batch []wiki.ContentVersion
	var failed error
	for v, err := range s.client.ContentVersions(ctx, c.Type, c.ID, bodies) {
		if err == nil && v.Number < c.Version.Number && bodies && !v.HasBody {
			v, err = s.versionAt(ctx, c, v)
		}
		if failed = cmp.Or(failed, err); Stops(failed) {
			return failed
		}
		if err != nil || v.Number >= c.Version.Number {
			continue
		}
		if batch = append(batch, v); len(batch) == versionsAtOnce {
			if err := s.putVersions(ctx, c, batch); err != nil {
				return err
			}
			batch = nil
		}
	}
	if failed == nil {
		batch = append(batch, wiki.ContentVersion{Version: c.Version, Title: c.Title})
	}
	return cmp.Or(s.putVersions(ctx, c, batch), s.single(c.Type, c.ID, failed))
}

// single judges an error about the older versions of one object: that one alone lacks them,
// and the next run asks again, unless it is the same for all.
func (s *core) single(kind, id string, err error) error {
	one := fetch.IsNotFound(err) || fetch.IsForbidden(err) || !fetch.IsAbsent(err)
	if err == nil || Stops(err) || !one {
		return err
	}
	s.report.Fail(report.Failure{Kind: kind, ID: id, Reason: "its older versions: " + err.Error()})
	return nil
}

// versionsAtOnce bounds the bodies that are kept in memory for one content: what one
// answer of the API holds.
const versionsAtOnce = 50

// versionAt brings the body of a version that was listed without it; one that is not
// there any more is kept as it was listed.
func (s *syncer) versionAt(ctx context.Context, c wiki.Content, v wiki.ContentVersion) (wiki.ContentVersion, error) {
	old, err := s.client.ContentAt(ctx, c.Type, c.ID, v.Number)
	if fetch.IsNone(err) || fetch.IsForbidden(err) {
		return v, nil
	}
	v.Title, v.Body, v.HasBody, v.Raw = old.Title, old.Body, old.HasBody, old.Raw
	return v, err
}

// putVersions writes versions of a content. Their authors may appear nowhere else, so a
// run that is cut must leave word that it did not look them up.
func (s *syncer) putVersions(ctx context.Context, c wiki.Content, all []wiki.ContentVersion) error {
	if err := s.refs.Open(ctx); err != nil {
		return err
	}
	if err := s.readers.suspect(ctx, []string{c.ID}); err != nil {
		return err
	}
	s.refs.Names(ids(all, func(v wiki.ContentVersion) string { return v.AuthorID })...)
	_, err := s.mirror.PutVersions(ctx, c.ID, all)
	return err
}

// fetchFileVersions brings what older versions attachments have, where the
// configuration asks for them. Their bytes are downloaded with the others.
func (s *files) fetchFileVersions(ctx context.Context) error {
	if s.cfg.Export.AttachmentVersions != config.VersionsAll {
		return nil
	}
	var asked []wiki.Attachment
	for a, err := range s.mirror.Attachments(ctx) {
		if err != nil {
			return err
		}
		if _, ours := s.seen[a.PageID]; !ours || a.Gone != "" || a.Version.Number < 2 {
			continue
		}
		known, err := s.mirror.AttachmentVersions(ctx, a.ID)
		if err != nil {
			return err
		}
		switch {
		case len(known) == 0 || known[0].Version.Number < a.Version.Number:
			asked = append(asked, a.Attachment)
		case known[0].Title != a.Title || known[0].MediaType != a.MediaType: // which makes no version
			if _, err := s.mirror.PutAttachmentVersions(ctx, []wiki.Attachment{a.Attachment}); err != nil {
				return err
			}
		}
	}
	return s.optional("older versions of attachments",
		parallel.Each(ctx, s.cfg.Fetch.Workers, asked, s.fetchFileVersion))
}

// fetchFileVersion brings the versions of one attachment, the newest last.
func (s *files) fetchFileVersion(ctx context.Context, a wiki.Attachment) error {
	known, err := s.mirror.AttachmentVersions(ctx, a.ID)
	if err != nil {
		return err
	}
	have := map[int]bool{}
	for _, v := range known {
		have[v.Version.Number] = true
	}
	var found []wiki.Attachment
	var failed error
	for v, err := range s.client.AttachmentVersions(ctx, a.ID) {
		if err != nil || have[v.Number] || v.Number >= a.Version.Number {
			failed = cmp.Or(failed, err)
			continue
		}
		old, err := s.client.AttachmentAt(ctx, a.ID, v.Number)
		switch {
		case err == nil:
			found = append(found, old)
		case Stops(err):
			return err
		case !fetch.IsNone(err): // else it was purged meanwhile
			failed = cmp.Or(failed, err)
		}
	}
	if failed == nil {
		found = append(found, a)
	}
	if err := s.refs.Open(ctx); err != nil {
		return err
	}
	s.refs.Names(ids(found, func(v wiki.Attachment) string { return v.Version.AuthorID })...)
	_, err = s.mirror.PutAttachmentVersions(ctx, found)
	return cmp.Or(err, s.single("attachment", a.ID, failed))
}

// oldFiles lists the older versions of an attachment whose bytes the mirror lacks.
func (s *files) oldFiles(ctx context.Context, a mirror.Attachment) ([]wiki.Attachment, error) {
	if s.cfg.Export.AttachmentVersions != config.VersionsAll || a.Version.Number < 2 {
		return nil, nil
	}
	all, err := s.mirror.AttachmentVersions(ctx, a.ID)
	var wanted []wiki.Attachment
	for _, v := range all {
		if v.Blob.Sum == "" && v.Version.Number < a.Version.Number {
			v.Attachment.PageID = a.PageID
			wanted = append(wanted, v.Attachment)
		}
	}
	return wanted, err
}
