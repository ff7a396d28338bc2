package tenantsync

import (
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

// fetchVersions brings the versions of one content. The newest is written last, so
// that a run that is cut asks again.
func (s *syncer) fetchVersions(ctx context.Context, c wiki.Content) error {
	bodies := s.cfg.Export.History == config.HistoryBodies
	var batch []wiki.ContentVersion
	newest := wiki.ContentVersion{Version: c.Version, Title: c.Title}
	for v, err := range s.client.ContentVersions(ctx, c.Type, c.ID, bodies) {
		if fetch.IsNotFound(err) || fetch.IsForbidden(err) {
			s.report.Fail(report.Failure{Kind: c.Type, ID: c.ID, Reason: "its older versions: " + err.Error()})
			return nil
		}
		if err != nil {
			return err
		}
		if v.Number >= c.Version.Number {
			continue
		}
		if bodies && !v.HasBody {
			if v, err = s.versionAt(ctx, c, v); err != nil {
				return err
			}
		}
		if batch = append(batch, v); len(batch) == versionsAtOnce {
			if err := s.putVersions(ctx, c, batch); err != nil {
				return err
			}
			batch = nil
		}
	}
	return s.putVersions(ctx, c, append(batch, newest))
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
	for v, err := range s.client.AttachmentVersions(ctx, a.ID) {
		if err != nil {
			return err
		}
		if have[v.Number] || v.Number >= a.Version.Number {
			continue
		}
		old, err := s.client.AttachmentAt(ctx, a.ID, v.Number)
		if fetch.IsNone(err) {
			continue // purged meanwhile
		}
		if err != nil {
			return err
		}
		found = append(found, old)
	}
	if err := s.refs.Open(ctx); err != nil {
		return err
	}
	s.refs.Names(ids(found, func(v wiki.Attachment) string { return v.Version.AuthorID })...)
	_, err = s.mirror.PutAttachmentVersions(ctx, append(found, a))
	return err
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
