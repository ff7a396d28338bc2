// Package history brings the older versions of contents and files, where the configuration asks
// for them. A run that was told nonsense of one keeps what was right of it, and the next one
// asks again.
package history

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"agc-export/export/config"
	"agc-export/export/mirror"
	"agc-export/export/owed"
	"agc-export/export/reference"
	"agc-export/export/report"
	"agc-export/fetch"
	"agc-export/fetch/wiki"
)

// Options is what a run is given.
type Options struct {
	Config config.Config
	Client *fetch.Client
	Mirror *mirror.Mirror
	Report *report.Report
	Refs   *reference.References

	// Suspect notes contents of which the mirror is about to take new bytes. Optional judges
	// the error of a list that no page depends on, and Stops errors after which asking for
	// anything else is of no use.
	Suspect  func(ctx context.Context, ids []string) error
	Optional func(what string, err error) error
	Stops    func(error) bool
}

// Histories are the older versions of one run.
type Histories struct{ Options }

// OfContents brings the older versions of the pages and blog posts among what was listed: a
// call for each that has any the mirror does not know. The newest version is kept without
// its body, which the content has. brought are the contents whose body this run brought.
func (s Histories) OfContents(ctx context.Context, listed map[string]wiki.Content, brought map[string]bool) error {
	if s.Config.Export.History == config.HistoryNone {
		return nil
	}
	have, err := s.Mirror.Histories(ctx)
	if err != nil {
		return err
	}
	var asked []wiki.Content
	for _, id := range slices.SortedFunc(maps.Keys(listed), mirror.CompareIDs) {
		c, h := listed[id], have[id]
		lacks := s.Config.Export.History == config.HistoryBodies && h.Bodiless > 1 // beside the newest
		known := h.Newest >= c.Version.Number && !lacks
		if !wiki.HasBody(c.Type) || known && !brought[id] {
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
	return s.Optional("older versions of pages", owed.Each(ctx, s.Config.Fetch.Workers, asked,
		owed.NotOffered, s.fetchVersions,
		func(c wiki.Content, err error) { s.fail(c.Type, c.ID, err) }))
}

// fetchVersions brings the versions of one content. The newest is written last, and only
// where all others came, so that a run that is cut or was told nonsense asks again.
func (s Histories) fetchVersions(ctx context.Context, c wiki.Content) error {
	bodies := s.Config.Export.History == config.HistoryBodies
	var batch []wiki.ContentVersion
	var failed error
	for v, err := range s.Client.ContentVersions(ctx, c.Type, c.ID, bodies) {
		if err == nil && v.Number < c.Version.Number && bodies && !v.HasBody {
			v, err = s.versionAt(ctx, c, v)
		}
		if failed = cmp.Or(failed, err); s.Stops(failed) {
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
	return cmp.Or(s.putVersions(ctx, c, batch), failed)
}

// fail says that one object lacks its older versions. The next run asks again.
func (s Histories) fail(kind, id string, err error) {
	s.Report.Fail(report.Failure{Kind: kind, ID: id, Reason: "its older versions: " + err.Error()})
}

// versionsAtOnce bounds the bodies that are kept in memory for one content: what one
// answer of the API holds.
const versionsAtOnce = 50

// versionAt brings the body of a version that was listed without it; one that is not
// there any more is kept as it was listed.
func (s Histories) versionAt(ctx context.Context, c wiki.Content, v wiki.ContentVersion) (wiki.ContentVersion, error) {
	old, err := s.Client.ContentAt(ctx, c.Type, c.ID, v.Number)
	if fetch.IsNone(err) || fetch.IsForbidden(err) {
		return v, nil
	}
	v.Title, v.Body, v.HasBody, v.Raw = old.Title, old.Body, old.HasBody, old.Raw
	return v, err
}

// putVersions writes versions of a content. Their authors may appear nowhere else, so a
// run that is cut must leave word that it did not look them up.
func (s Histories) putVersions(ctx context.Context, c wiki.Content, all []wiki.ContentVersion) error {
	if err := s.Refs.Open(ctx); err != nil {
		return err
	}
	if err := s.Suspect(ctx, []string{c.ID}); err != nil {
		return err
	}
	for _, v := range all {
		s.Refs.Names(v.AuthorID)
	}
	_, err := s.Mirror.PutVersions(ctx, c.ID, all)
	return err
}

// OfFiles brings what older versions the attachments of listed contents have. Their bytes are
// downloaded with the others, see Files.
func (s Histories) OfFiles(ctx context.Context, listed map[string]wiki.Content) error {
	if s.Config.Export.AttachmentVersions != config.VersionsAll {
		return nil
	}
	var asked []wiki.Attachment
	for a, err := range s.Mirror.Attachments(ctx) {
		if err != nil {
			return err
		}
		if _, ours := listed[a.PageID]; !ours || a.Gone != "" || a.Version.Number < 2 {
			continue
		}
		known, err := s.Mirror.AttachmentVersions(ctx, a.ID)
		if err != nil {
			return err
		}
		switch {
		case len(known) == 0 || known[0].Version.Number < a.Version.Number:
			asked = append(asked, a.Attachment)
		case known[0].Title != a.Title || known[0].MediaType != a.MediaType: // which makes no version
			if _, err := s.Mirror.PutAttachmentVersions(ctx, []wiki.Attachment{a.Attachment}); err != nil {
				return err
			}
		}
	}
	return s.Optional("older versions of attachments",
		owed.Each(ctx, s.Config.Fetch.Workers, asked, owed.NotOffered, s.fetchFileVersion,
			func(a wiki.Attachment, err error) { s.fail("attachment", a.ID, err) }))
}

// fetchFileVersion brings the versions of one attachment, the newest last.
func (s Histories) fetchFileVersion(ctx context.Context, a wiki.Attachment) error {
	known, err := s.Mirror.AttachmentVersions(ctx, a.ID)
	if err != nil {
		return err
	}
	have := map[int]bool{}
	for _, v := range known {
		have[v.Version.Number] = true
	}
	var found []wiki.Attachment
	var failed error
	for v, err := range s.Client.AttachmentVersions(ctx, a.ID) {
		if err != nil || have[v.Number] || v.Number >= a.Version.Number {
			failed = cmp.Or(failed, err)
			continue
		}
		old, err := s.Client.AttachmentAt(ctx, a.ID, v.Number)
		switch {
		case err == nil:
			found = append(found, old)
		case s.Stops(err):
			return err
		case !fetch.IsNone(err): // else it was purged meanwhile
			failed = cmp.Or(failed, err)
		}
	}
	if failed == nil {
		found = append(found, a)
	}
	if err := s.Refs.Open(ctx); err != nil {
		return err
	}
	for _, v := range found {
		s.Refs.Names(v.Version.AuthorID)
	}
	_, err = s.Mirror.PutAttachmentVersions(ctx, found)
	return cmp.Or(err, failed)
}

// Files lists the older versions of an attachment whose bytes the mirror lacks.
func (s Histories) Files(ctx context.Context, a mirror.Attachment) ([]wiki.Attachment, error) {
	if s.Config.Export.AttachmentVersions != config.VersionsAll || a.Version.Number < 2 {
		return nil, nil
	}
	all, err := s.Mirror.AttachmentVersions(ctx, a.ID)
	var wanted []wiki.Attachment
	for _, v := range all {
		if v.Blob.Sum == "" && v.Version.Number < a.Version.Number {
			v.Attachment.PageID = a.PageID
			wanted = append(wanted, v.Attachment)
		}
	}
	return wanted, err
}
